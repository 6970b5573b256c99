"""What a study file holds, typed to its leaves. Every key is explained where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from tula.equilibrium.closures import CLOSURES
from tula.errors import did_you_mean
from tula.numbers.quantity import NotNegative, Positive
from tula.numbers.record import Path_, Record, Unit, refuse
from tula.policy.union import WrittenInstrument
from tula.policy.units import Day
from tula.strategy.answer.inputs import AnswerInputs
from tula.study.backtest.outcomes import Outcome, unforeseen
from tula.study.technology_block import TechnologyBlock, Theta
from tula.ties.kinds import Code, Text, WrittenTie
from tula.world.elasticities import AS_GIVEN, elasticity_sets
from tula.world.named import (
    LISTED,
    REGIONS,
    Fault,
    Region,
    ScenarioId,
    SectorCode,
    known,
)

#: The layout of study files that this version reads.
FORMAT = 2


Url = Annotated[str, Field(pattern=r"^https?://\S+$")]
Years = Annotated[NotNegative, Unit("years", 1.0)]
Beside = Literal["real income", "worth", "cost", "nothing"]
ClosureName = Annotated[str, known("closure of the study")]


class Belief(Record):
    """An uncertain number, or a parameter without a range, stated once and used by its id.

    Anywhere a number may stand, ``{belief: id}`` stands for it, and ``{id}`` in a text is its
    value in words. ``value``, ``low``, ``high``, ``evidence`` and ``reason`` are those of any
    number of the file.
    """

    value: float | str
    """The central value, with its unit where the place it is used in wants one."""
    low: float | str | None = None
    """Lower end of its range."""
    high: float | str | None = None
    """Upper end of its range."""
    title: str = ""
    """What readers see it called."""
    evidence: Annotated[tuple[str, ...], LISTED] = ()
    """Ids of the facts it rests on."""
    reason: str = ""
    """Why it is assumed."""
    fitted: bool = False
    """Whether it was chosen so that the model gives a figure of the day: told beside the answer."""

    @model_validator(mode="before")
    @classmethod
    def _alone(cls, given: Any) -> Any:
        """A number alone is its value."""
        return {"value": given} if isinstance(given, float | int | str) else given


class Cap(Record):
    """Largest trade elasticities (theta) of goods and of services."""

    goods: Theta | None = None
    """Of every goods sector."""
    services: Theta | None = None
    """Of every services sector."""


class Horizon(Record):
    """Years after the change: how far elasticities have come from the short to the long run."""

    years: Years
    """After the change."""
    sigma_short: Annotated[Positive, Unit("sigma", 0.76)] | None = None
    """Tariff-exclusive elasticity (theta + 1) at once; left out, the published short run."""
    long_run: Annotated[Positive, Unit("sigma", 2.0)] | None = None
    """Tariff-exclusive elasticity (theta + 1) in the end; left out, the set's own."""
    adjustment_years: Annotated[Positive, Unit("years", 7.0)] | None = None
    """Years in which most of the way is gone."""


class ElasticitySet(Record):
    """A published set of trade elasticities by name, capped where asked, some sectors set.

    A cap or a sector's value needs a ground. ``horizon`` takes all of them some years after the
    change, after the cap and single sectors.
    """

    set: Annotated[str, known("elasticity set")]
    """Name of a published set; ``world`` keeps the elasticities the world came with."""
    words: str = ""
    """What the set stands for, to be read after "variants in which"."""
    cap: Cap = Cap()
    """Largest elasticities."""
    sectors: dict[SectorCode, Theta] = Field(default_factory=dict)
    """Elasticities of single sectors, after the cap."""
    horizon: Horizon | None = None
    """Years after the change."""
    technology: TechnologyBlock | None = None
    """How easily producers, buyers and workers adjust."""

    @model_validator(mode="after")
    def _cap_of_published(self) -> ElasticitySet:
        if self.set == AS_GIVEN and self.cap != Cap():
            message = f"a cap needs a published set; set: {AS_GIVEN} keeps the world's own values"
            refuse([(("cap",), message)])
        return self


class Groups(Record):
    """Names the study gives to groups of regions and of sectors."""

    regions: dict[Code, tuple[str, ...]] = Field(default_factory=dict)
    """Regions by the name of their group."""
    sectors: dict[Code, tuple[str, ...]] = Field(default_factory=dict)
    """Sectors by the name of their group."""


class Headline(Record):
    """The closure and the elasticity set whose numbers are told first."""

    closure: ClosureName = "fixed"
    """What happens to trade imbalances."""
    elasticity: Annotated[str, known("elasticity")] = ""
    """A set of ``elasticities``; left out, the first."""


def _twice(record: Record, key: str) -> Iterator[tuple[Path_, str]]:
    """Faults for names that a list of a record holds a second time."""
    names = getattr(record, key)
    for place, name in enumerate(names):
        if name in names[:place]:
            yield (key, place), f"{name!r} stands twice in {key}"


class AsOf(Record):
    """Import duties that stand before every scenario: those of a day, but for some layers.

    A day alone is the day.
    """

    day: Day
    """The day."""
    without: Annotated[tuple[Text, ...], LISTED] = ()
    """Layers or authorities laid off, everywhere (``IEEPA-reciprocal``) or between an importer and
    a partner (``IEEPA-reciprocal:USA:IND``); scenarios can lay them on again."""

    @model_validator(mode="before")
    @classmethod
    def _alone(cls, given: Any) -> Any:
        return given if isinstance(given, dict) else {"day": given}


class Scenario(Record):
    """One question put to the world."""

    id: Code
    """Name by which the study refers to the scenario."""
    title: Text
    """What readers see it called."""
    hook: str = ""
    """The news it answers, paraphrased."""
    notes: tuple[Text, ...] = ()
    """Remarks for readers."""
    facts: Annotated[tuple[str, ...], known("fact")] = ()
    """Ids of facts that set the scene and lie beneath no number."""
    instruments: tuple[WrittenInstrument, ...] = ()
    """What is done, as the policy page explains it; each with ``evidence`` or a ``reason``."""
    layers: Annotated[tuple[Text, ...], LISTED] = ()
    """Layers of duty that stand in this scenario, of those that ``as_of`` lays off; its instruments
    act upon them."""
    combine: tuple[ScenarioId, ...] = ()
    """Scenarios whose instruments and layers come in too."""

    @model_validator(mode="after")
    def _apart(self) -> Scenario:
        refuse(_twice(self, "combine"))
        return self


class Weigh(Record):
    """The two ways open to the pivot. The study's answer is the difference between the two."""

    keep: ScenarioId
    """The scenario that keeps the balance."""
    give_way: ScenarioId
    """The scenario that gives way."""
    keep_words: str = ""
    """What the pivot does in the first, to be read after its name."""
    give_way_words: str = ""
    """What the pivot does in the second, to be read after its name."""

    @model_validator(mode="after")
    def _two_ways(self) -> Weigh:
        if self.keep == self.give_way:
            message = f"keep and give_way are both {self.keep!r}: there is nothing to weigh"
            refuse([(("give_way",), message)])
        return self


class Published(Record):
    """Somebody else's estimate of a scenario: shown beside ours, never aimed at."""

    scenario: ScenarioId
    """The scenario it is an estimate of."""
    source: Text
    """Who says so, and when."""
    region: Annotated[str, REGIONS]
    """For whom."""
    metric: Text
    """What is measured."""
    units: Text = "%"
    """In which unit."""
    ours: Beside | None = None
    """Our figure that it stands beside; left out, real income if in percent, else worth. Cost is
    worth with its sign turned, over the months of the answer where a course does the scenario."""
    low: float
    """Lower end; equal to ``high`` for a point."""
    high: float
    """Upper end."""
    note: str = ""
    """How it was made."""
    url: Url | Literal[""] = ""
    """Where it stands."""

    @property
    def beside(self) -> Beside:
        """Our figure that it stands beside."""
        return self.ours or ("real income" if self.units.startswith("%") else "worth")

    @model_validator(mode="after")
    def _upright(self) -> Published:
        if self.low > self.high:
            message = f"high {self.high:g} is below low {self.low:g}; swap them"
            refuse([(("high",), message)])
        return self


class StudyFile(Record):
    """The content of a study file."""

    format: Literal[2] = 2
    """Layout of the file; ``tula upgrade`` brings older files to this one."""
    id: Code
    """Short name of the study."""
    title: str = ""
    """What readers see it called; left out, its id."""
    question: str = "What does each way of dealing with its rivals cost it?"
    """What is asked."""
    pivot: Region
    """The country whose options are weighed."""
    rivals: Annotated[tuple[Region, ...], Field(min_length=1)]
    """The powers it stands between."""
    world: Text = "icio-2024"
    """A world that comes with Tula, by name, or the path of a file."""
    horizon: str = "These are long-run figures, per year once trade has settled."
    """Over what time the numbers hold, in words."""
    on: Day | None = None
    """The day whose policy is asked about: what is not in force then does nothing, and no number
    may rest on a fact of a later day."""
    as_of: AsOf | None = None
    """Import duties before every scenario: those of a day, to which the world has adjusted; left
    out, those of the world's year."""
    duties: str = ""
    """A file of layers of duty beside the study, for ``as_of`` and for the answer; left out, the
    table that comes with Tula."""
    not_counted: str = ""
    """What the numbers leave out, in words."""
    seed: int = Field(default=0, ge=0)
    """Starts every draw: the same seed gives the same numbers."""
    evidence: str = ""
    """The file of facts beside the study; left out, there are none."""
    beliefs: dict[Code, Belief] = Field(default_factory=dict)
    """Uncertain numbers and parameters by id, to be used in many places."""
    overrides: dict[Code, dict[str, Any]] = Field(default_factory=dict)
    """Named sets of replacements, values by address, for ``tula run --override NAME``."""
    groups: Groups = Groups()
    """Groups of regions and sectors with names of the study's own."""
    headline: Headline = Headline()
    """What is told first."""
    closures: Annotated[tuple[Annotated[str, known("closure")], ...], Field(min_length=1)] = tuple(
        CLOSURES
    )
    """What may happen to trade imbalances: every scenario is solved under each."""
    elasticities: Annotated[dict[Code, ElasticitySet], Field(min_length=1)] = Field(
        default_factory=lambda: {AS_GIVEN: ElasticitySet(set=AS_GIVEN)}
    )
    """Trade elasticities: every scenario is solved under each set."""
    scenarios: Annotated[tuple[Scenario, ...], Field(min_length=1)]
    """The questions, in the order in which they are told."""
    weigh: Weigh | None = None
    """The two scenarios whose difference is the answer."""
    ties: tuple[WrittenTie, ...] = ()
    """What binds the pivot and a partner beside trade in the world."""
    answer: AnswerInputs | None = None
    """What balance means, what may happen, and what is believed of it."""
    published: tuple[Published, ...] = ()
    """Others' estimates."""
    backtest: dict[Code, Outcome] = Field(default_factory=dict)
    """What came of the forecasts of ``answer``, by their ids: no number rests on it."""

    @model_validator(mode="after")
    def _apart(self) -> StudyFile:
        faults = [*_twice(self, "rivals"), *_twice(self, "closures")]
        if self.pivot in self.rivals:
            place = self.rivals.index(self.pivot)
            faults.append(
                (("rivals", place), f"{self.pivot!r} is the pivot and cannot be its own rival")
            )
        for kind in ("regions", "sectors"):
            for name, listed in getattr(self.groups, kind).items():
                if not listed:
                    faults.append((("groups", kind, name), f"group {name!r} has no members"))
        faults += [*_called_alike(self), *_strayed(self)]
        refuse([*faults, *unforeseen(self.backtest, self.answer)])
        return self

    @property
    def called(self) -> str:
        """What readers see the study called."""
        return self.title or self.id

    @property
    def first_elasticity(self) -> str:
        """Name of the set told first."""
        return self.headline.elasticity or next(iter(self.elasticities))


def _called_alike(file: StudyFile) -> Iterator[Fault]:
    """Titles that stand for two worlds: of scenarios, of situations of the answer, or of one of
    each, where the answer tells the months to come and the scenario the long run."""
    told: dict[str, str] = {}
    places: list[tuple[Path_, str, Any]] = [
        (("scenarios", n), f"scenario {one.id}", one) for n, one in enumerate(file.scenarios)
    ]
    if asked := file.answer:
        for key in ("demands", "options", "threats", "events", "causes", "moves"):
            found = enumerate(getattr(asked, key))
            places += [(("answer", key, n), f"{one.id} under {key}", one) for n, one in found]
    for path, name, one in places:
        first = told.setdefault(one.title.casefold(), name)
        if first != name:
            why = "two worlds under one title cannot be told apart: give it another"
            yield (*path, "title"), f"{one.title!r} is what {first} is called: {why}"


def _strayed(file: StudyFile) -> Iterator[Fault]:
    """Where the answer is about other countries, or another day, than the study."""
    asked = file.answer
    if asked is None:
        return
    if asked.pivot != file.pivot:
        yield ("answer", "pivot"), f"{asked.pivot!r} is not the study's pivot, {file.pivot!r}"
    for rival in asked.break_offs:
        if rival not in file.rivals:
            near = did_you_mean(rival, file.rivals)
            yield ("answer", "break_offs", rival), f"{rival!r} is no rival of the study{near}"
    if file.on is not None and asked.announced > file.on:
        yield ("answer", "announced"), f"lies after the day of the study, {file.on}"
    if file.backtest and file.on != asked.announced:
        told = f"a backtest is frozen on the day of the answer: write on: {asked.announced}"
        yield ("on",) if file.on else ("backtest",), told


def names_of_sets() -> dict[str, object]:
    """Names of elasticity sets that a study may choose."""
    return {**elasticity_sets(), AS_GIVEN: ""}
