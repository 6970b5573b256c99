"""What a study file holds. Every key is explained in docs/study-files.md."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import Field

from tula.evidence import Record

Text = Annotated[str, Field(min_length=1)]
Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$")]
Theta = Annotated[float, Field(gt=0, le=100)]
Url = Annotated[str, Field(pattern=r"^https?://\S+$")]


class Assumption(Record):
    """Why a number without a source is used, and between which values it may lie.

    ``number`` names the key of the instrument whose value is assumed; it may be left out where
    the instrument has one number or none.
    """

    range: tuple[float | str, float | str]
    reason: Text
    number: str | None = None


class Cap(Record):
    """Largest trade elasticities (theta) of goods and of services."""

    goods: Theta | None = None
    services: Theta | None = None


class SectorTheta(Record):
    """The trade elasticity (theta) of one sector, and what it rests on."""

    theta: Theta
    assumption: Assumption | None = None
    evidence: tuple[str, ...] = ()


class ElasticitySet(Record):
    """A published set of trade elasticities by name, capped where asked, some sectors set.

    ``set: world`` keeps the elasticities the world came with. ``sectors`` overrides single
    sectors after the cap. A cap or a sector's value is an assumption unless facts back it.
    ``words`` say what the set stands for, to be read after "variants in which".
    """

    set: Text
    words: str = ""
    cap: Cap = Cap()
    sectors: dict[Code, SectorTheta] = Field(default_factory=dict)
    assumption: Assumption | None = None
    evidence: tuple[str, ...] = ()


class Groups(Record):
    """Names the study gives to groups of regions and of sectors."""

    regions: dict[Code, tuple[str, ...]] = Field(default_factory=dict)
    sectors: dict[Code, tuple[str, ...]] = Field(default_factory=dict)


class Headline(Record):
    """The closure and the elasticity set whose numbers are told first."""

    closure: Text
    elasticity: Text


class Scenario(Record):
    """One question put to the world.

    ``hook`` paraphrases the news it answers; ``instruments`` are read by the policy room, each
    with ``evidence`` or an ``assumption`` beside its fields; ``combine`` adds the instruments of
    other scenarios; ``evidence`` cites facts that set the scene.
    """

    id: Code
    title: Text
    hook: Text
    notes: tuple[Text, ...] = ()
    evidence: tuple[str, ...] = ()
    instruments: tuple[dict[str, Any], ...] = ()
    combine: tuple[str, ...] = ()


class Weigh(Record):
    """The two ways open to the pivot: the scenario that keeps the balance, and the one that gives
    way. The study's answer is the difference between the two.

    ``keep_words`` and ``give_way_words`` say what the pivot then does, to be read after its name.
    """

    keep: Text
    give_way: Text
    keep_words: str = ""
    give_way_words: str = ""


class Published(Record):
    """Somebody else's estimate of a scenario: shown beside ours, never aimed at."""

    scenario: Text
    source: Text
    region: Text
    metric: Text
    units: Text = "%"
    low: float
    high: float
    note: str = ""
    url: Url


class StudyFile(Record):
    """The content of a study file.

    ``on`` is the day whose policy is asked about: instruments not in force then do nothing, and no
    number may rest on a fact of a later day. ``not_counted`` lists what the numbers leave out.
    """

    id: Code
    title: Text
    question: Text
    pivot: Text
    rivals: tuple[Text, ...] = Field(min_length=1)
    world: Text
    horizon: Text
    on: date | None = None
    not_counted: str = ""
    seed: int = Field(default=0, ge=0)
    evidence: Text
    groups: Groups = Groups()
    headline: Headline
    closures: tuple[Text, ...] = Field(min_length=1)
    elasticities: dict[Code, ElasticitySet] = Field(min_length=1)
    scenarios: tuple[Scenario, ...] = Field(min_length=1)
    weigh: Weigh | None = None
    published: tuple[Published, ...] = ()
