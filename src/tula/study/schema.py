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


class Grounds(Record):
    """What a number rests on: facts, or an assumption with a range."""

    assumption: Assumption | None = None
    evidence: tuple[str, ...] = ()


class Horizon(Grounds):
    """Years after the change: how far elasticities have come from the short to the long run.

    ``sigma_short`` and ``long_run`` are tariff-exclusive sigmas (theta + 1); left out, they are
    those of ``tula.world.horizon``: the published short run, and the set's own long run.
    """

    years: Annotated[float, Field(ge=0)]
    sigma_short: Annotated[float, Field(gt=0)] | None = None
    long_run: Annotated[float, Field(gt=0)] | None = None
    adjustment_years: Annotated[float, Field(gt=0)] | None = None


class Elasticity(Grounds):
    """One elasticity of a technology."""

    value: Annotated[float, Field(ge=0, le=100)]


Names = Text | tuple[Text, ...]


class SpecificShare(Grounds):
    """Part of value added that stays in its sector."""

    sectors: Names
    share: Annotated[float, Field(ge=0, le=1)]
    regions: Names = "all"


class Floor(Grounds):
    """Wages of regions do not fall below a ratio of their base."""

    regions: Names
    ratio: Annotated[float, Field(gt=0)] = 1.0
    indexation: Annotated[float, Field(ge=0, le=1)] = 0.0


class Buyer(Grounds):
    """The trade elasticity (theta) of some importers for some sectors."""

    importer: Names
    sectors: Names
    theta: Theta


class TechnologyBlock(Record):
    """How easily producers, buyers and workers adjust; the fields of ``tula.Technology``."""

    value_added_and_inputs: Elasticity | None = None
    among_inputs: Elasticity | None = None
    among_energy: Elasticity | None = None
    energy: Names = "energy"
    among_final: Elasticity | None = None
    home_and_imports: Elasticity | None = None
    transformation: Elasticity | None = None
    labour_mobility: Elasticity | None = None
    specific_factors: tuple[SpecificShare, ...] = ()
    wage_floors: tuple[Floor, ...] = ()
    buyers: tuple[Buyer, ...] = ()


class ElasticitySet(Record):
    """A published set of trade elasticities by name, capped where asked, some sectors set.

    ``set: world`` keeps the elasticities the world came with. ``sectors`` overrides single
    sectors after the cap. A cap or a sector's value is an assumption unless facts back it.
    ``horizon`` then takes all of them some years after the change, and ``technology`` says how
    easily producers, buyers and workers adjust.
    ``words`` say what the set stands for, to be read after "variants in which".
    """

    set: Text
    words: str = ""
    cap: Cap = Cap()
    sectors: dict[Code, SectorTheta] = Field(default_factory=dict)
    horizon: Horizon | None = None
    technology: TechnologyBlock | None = None
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


class TieHead(Record):
    """What the study says of a tie beside the fields of its models.

    ``partner`` is the other country; ``notes`` are for readers. ``evidence`` and ``assumptions``
    stand there too: ``tula.study.tie_numbers`` reads them.
    """

    id: Code
    title: Text
    partner: Text
    notes: tuple[Text, ...] = ()


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
    ``ties`` are blocks by kind, read by ``tula.study.ties``; ``balance`` is one block, read by
    ``tula.study.balance.block``.
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
    ties: tuple[dict[str, Any], ...] = ()
    balance: dict[str, Any] | None = None
    published: tuple[Published, ...] = ()
