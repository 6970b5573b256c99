"""What the answer is asked: definitions, beliefs and what may happen, announced before a number.

Every uncertain number is a belief with an id, drawn once wherever it stands; its value is the
median of its prior. Whatever moves the world is a scenario of the study, by its id.
"""

from __future__ import annotations

from itertools import chain
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from tula.equilibrium.closures import CLOSURES
from tula.equilibrium.variants import SHORT_RUN
from tula.errors import did_you_mean
from tula.market.agreement import AGREE
from tula.market.commodity import Commodity, Replace, Sigma
from tula.numbers.quantity import NotNegative, Positive, Quantity, Share, exact
from tula.numbers.record import Record, Unit, refuse
from tula.policy.units import Day
from tula.strategy.answer.faults import faults
from tula.strategy.answer.forecast import Flow, Forecast
from tula.ties.kinds import Code, Text
from tula.world.named import Fault, Region, ScenarioId, Sectors, known

#: Short-run worlds by name: who is slow to turn to other sellers, and which wages are held.
SHORT_RUNS = {variant.name: variant for variant in SHORT_RUN}
#: Chance from which a threat or event is taken to stand on the day.
LIKELY = 0.5
#: Closures by name under which the world of the base year is the one that is asked about.
CLOSED: dict[str, object] = {name: one for name, one in CLOSURES.items() if not one.purge_first}


def _a_month(quantity: Quantity) -> Quantity:
    if quantity.low < 1.0:
        raise ValueError(f"is a mean length of a month or more; low is {quantity.low:g}")
    return quantity


def _one_of(name: str, valid: dict[str, object]) -> str:
    if name not in valid:
        raise ValueError(f"unknown {name!r}{did_you_mean(name, valid)}")
    return name


LayerName = Annotated[str, known("layer")]
Chance = Annotated[Share, Unit("chance", 0.1)]
Months = Annotated[Quantity, AfterValidator(_a_month), Unit("months", 10.0)]
ONE, NONE = exact(1.0), exact(0.0)


class ElasticityPath(Record):
    """Sigma, tariff-exclusive, between sellers by the age of the shock.

    Flat at the first year's value up to month 12, for the estimate is a yearly one, and then
    ``long_run - (long_run - first_year) exp(-(years - 1) / speed)``.
    """

    first_year: Sigma
    """Over the first twelve months."""
    long_run: Sigma
    """In the end."""
    speed: Annotated[Positive, Unit("years", 3.5)]
    """Years after the first in which all but 1/e of the way is gone."""
    slow: Annotated[str, AfterValidator(lambda name: _one_of(name, dict(SHORT_RUNS)))] = SHORT_RUN[
        0
    ].name
    """Short-run world: who is slow to turn, by default only buyers whose duties move."""


class CriticalTie(Flow):
    """A flow that the pivot must keep, or a service of which events leave a share."""

    id: Code
    """Name by which the study refers to it."""
    title: Text
    """What readers see it called."""

    @property
    def carried(self) -> bool:
        """Whether nothing but events move it, by the share that they leave."""
        return self.partnerless


class Demand(Record):
    """What a rival asks of the pivot."""

    id: Code
    """Name by which the study refers to it."""
    title: Text
    """What readers see it called."""
    by: Region
    """Which rival."""
    tie: Code | None = None
    """The critical tie that it is about, if it is about one."""
    meeting: tuple[ScenarioId, ...] = ()
    """What meeting it in full does to the world: its loss stands beside that of a break-off."""


class Offer(Record):
    """What a rival gives for a course, from the second month on if it keeps its word."""

    by: Region
    """Which rival."""
    gives: tuple[ScenarioId, ...] = ()
    """Scenarios that then hold."""
    lifts: tuple[Code, ...] = ()
    """Threats that then end."""
    honoured: Chance
    """Chance that it is kept."""


class Course(Record):
    """What the pivot's government may do."""

    id: Code
    """Name by which the study refers to it."""
    title: Text
    """What readers see it called, as doing something: giving up Russian crude."""
    scenarios: tuple[ScenarioId, ...] = ()
    """What it does to the world."""
    meets: dict[Code, Share] = Field(default_factory=dict)
    """Share of each demand that it meets."""
    offer: Offer | None = None
    """What it is done for."""


class Switch(Record):
    """Something that stands or does not, month by month.

    What it does to the world: layers of the duties of the day that are in force only while it
    stands, and scenarios; what it leaves of carried ties.
    """

    id: Code
    """Name by which the study refers to it."""
    title: Text
    """What readers see it called."""
    layers: tuple[LayerName, ...] = ()
    """Layers of duty, or authorities, that it consists of."""
    size: Annotated[NotNegative, Unit("ratio", 1.0)] = ONE
    """Ratio of those duties to the layers."""
    scenarios: tuple[ScenarioId, ...] = ()
    """Scenarios that hold while it stands."""
    rent_lost: Annotated[Share, Unit("share", 0.75)] | None = None
    """Part of the scarcity rents of its ceilings that nobody keeps; the rest goes where the
    scenarios say."""
    carried: dict[Code, Share] = Field(default_factory=dict)
    """Share of ties that is left while it stands."""
    now: Chance
    """Chance that it stands in the first month."""
    months: Months
    """Mean length once it stands."""
    back: Chance = NONE
    """Chance a year that it comes, or comes back."""

    @property
    def moves_world(self) -> bool:
        """Whether it changes more than what is carried."""
        return bool(self.layers or self.scenarios)


class Threat(Switch):
    """A switch that a rival holds over a demand."""

    demand: Code
    """The demand that it stands behind."""
    honoured: Chance
    """Chance that it ends, for the year, a month after its demand is met."""
    again: Chance = NONE
    """Chance a year that it comes back even so."""


class Event(Switch):
    """A switch that stands behind no demand."""


class Cause(Record):
    """What changes several threats and events at once: a ruling, a ceasefire that may break.

    It happens once and for good, or, where it has a length, comes, ends and comes back.
    """

    id: Code
    """Name by which the study refers to it."""
    title: Text
    """What readers see it called."""
    chance: Chance
    """Chance a year that it happens, or comes back."""
    now: Chance = NONE
    """Chance that it stands in the first month."""
    months: Months | None = None
    """Mean length once it stands; left out, it stands for good."""
    ends: tuple[Code, ...] = ()
    """Threats and events that are off while it stands."""
    brings: dict[Code, Chance] = Field(default_factory=dict)
    """Chances that threats and events come as it happens, at once."""
    returns: dict[Code, Chance] = Field(default_factory=dict)
    """Chances that they come, or come back, as it ends, at once."""
    layers: tuple[LayerName, ...] = ()
    """Layers of duty, or authorities, that it scales, on everybody, while it stands."""
    left: Annotated[NotNegative, Unit("ratio", 0.7)] = NONE
    """What is left of them."""

    @model_validator(mode="after")
    def _sound(self) -> Cause:
        found: list[Fault] = []
        if self.returns and self.months is None:
            found.append((("returns",), "nothing returns from what stands for good: state months"))
        both = [name for name in self.brings if name in self.ends]
        found += [(("brings", name), f"{name!r} is ended by it as well") for name in both]
        refuse(found)
        return self

    @property
    def turns(self) -> bool:
        """Whether it changes something as it comes or goes, and not only while it stands."""
        return bool(self.brings or self.returns)


class BreakOff(Record):
    """How a rival's full break-off is believed in."""

    chance: Chance
    """Chance within the year that it breaks off if refused."""
    keeps_word: Annotated[Positive, Unit("chance", 1.0)] = ONE
    """Chance that it keeps its word once obeyed."""


class Move(Record):
    """What the pivot can do about the odds: scenarios, or beliefs that change."""

    id: Code
    """Name by which the study refers to it."""
    title: Text
    """What readers see it called."""
    cost: Annotated[NotNegative, Unit("bn USD a year", 0.2)]
    """What it costs beside what it does to the world."""
    scenarios: tuple[ScenarioId, ...] = ()
    """What it does to the world."""
    beliefs: dict[Code, float] = Field(default_factory=dict)
    """New medians of beliefs, which move their draws in proportion."""

    @model_validator(mode="after")
    def _does_something(self) -> Move:
        if not (self.scenarios or self.beliefs):
            refuse([((), "a move changes something: state scenarios or beliefs")])
        return self


class Employment(Record):
    """Jobs of the pivot that a source counts."""

    id: Code
    """Name by which the study refers to it."""
    title: Text
    """What readers see it called."""
    sectors: Sectors
    """Sectors of the world that they are in."""
    jobs: Annotated[Positive, Unit("thousand jobs", 4700.0)]
    """How many there are."""


class AnswerInputs(Record):
    """Definitions and beliefs behind the answer, announced before any number."""

    pivot: Region
    """The country whose balance is asked about."""
    announced: Day
    """The day of the study: the first month begins, and the duties of the day stand on
    everybody."""
    since: Day
    """The day from which the age of a month is counted: one clock for everything."""
    months: Annotated[int, Field(ge=1, le=60)] = 12
    """Months looked ahead."""
    kept: Annotated[float, Field(gt=0.0, lt=1.0)] = 0.75
    """Part of a critical tie that must be kept."""
    met: Annotated[float, Field(gt=0.0, le=1.0)] = 0.9
    """Part of a demand from which it counts as met."""
    duties: Literal["day", "base"] = "day"
    """Duties that stand: those of the announced day, or the world's own."""
    closure: Annotated[str, AfterValidator(lambda name: _one_of(name, CLOSED))] = "fixed"
    """What happens to trade imbalances; a closure that first rebalances the world is none, for what
    is kept counts from the base year."""
    elasticity: ElasticityPath
    """How fast buyers turn to other sellers."""
    replace: Replace
    """Sigma among those who replace a partner that breaks off, of all but the commodities."""
    commodities: tuple[Commodity, ...] = ()
    """Goods with a market of their own."""
    agree: Annotated[float, Field(gt=0.0, lt=1.0)] = AGREE
    """Most that the account of a market by itself and the world with it in may lie apart, as a part
    of all sums that go into the account; beyond it there is no answer."""
    critical: Annotated[tuple[CriticalTie, ...], Field(min_length=1)]
    """Ties that must be kept."""
    demands: tuple[Demand, ...] = ()
    """What the rivals ask."""
    options: Annotated[tuple[Course, ...], Field(min_length=1)]
    """Courses; the first keeps the balance, the others give something up."""
    threats: tuple[Threat, ...] = ()
    """What stands behind demands."""
    events: tuple[Event, ...] = ()
    """What else may come and go."""
    causes: tuple[Cause, ...] = ()
    """What may change several of them at once."""
    break_offs: dict[Region, BreakOff]
    """The two rivals, and how their full break-off is believed in."""
    moves: tuple[Move, ...] = ()
    """What the pivot can do about the odds."""
    employment: tuple[Employment, ...] = ()
    """Jobs by sector, told beside who pays; a sector left out is told as not known."""
    forecasts: tuple[Forecast, ...] = ()
    """What is read off the months ahead, to be scored once it came."""

    @property
    def watching(self) -> tuple[Forecast, ...]:
        """Forecasts that read the world beside the ties."""
        return tuple(one for one in self.forecasts if one.watched)

    @property
    def core(self) -> int:
        """Readings of the world that the answer counts, ties and then money; others follow."""
        return len(self.critical) + 2 + len(self.rivals)

    @property
    def rivals(self) -> tuple[str, str]:
        """The two rivals."""
        first, second = self.break_offs
        return first, second

    @property
    def switches(self) -> tuple[Switch, ...]:
        """Threats and events, in order."""
        return (*self.threats, *self.events)

    @property
    def happenings(self) -> tuple[Switch | Cause, ...]:
        """Threats, events and causes, in order."""
        return (*self.switches, *self.causes)

    @property
    def scenarios(self) -> tuple[str, ...]:
        """Every scenario that is named, once."""
        offers = [one.offer for one in self.options if one.offer]
        acting: list[Course | Switch | Move] = [*self.options, *self.switches, *self.moves]
        named = [*(one.scenarios for one in acting), *(one.gives for one in offers)]
        named += [one.meeting for one in self.demands]
        return tuple(dict.fromkeys(chain.from_iterable(named)))

    def course(self, name: str) -> Course:
        """The course of a name that is known."""
        return next(one for one in self.options if one.id == name)

    @property
    def keep(self) -> Course:
        """The course that keeps the balance."""
        return self.options[0]

    @property
    def enforced(self) -> tuple[Demand, ...]:
        """Demands behind which a threat stands."""
        behind = {threat.demand for threat in self.threats}
        return tuple(one for one in self.demands if one.id in behind)

    @model_validator(mode="after")
    def _sound(self) -> AnswerInputs:
        refuse(faults(self))
        return self
