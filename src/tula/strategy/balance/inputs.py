"""What a balance is judged by and played with, as a study announces it.

Scenario ids stand for the instruments those scenarios state themselves; ties are named by the ids
the study gives them. Shares and chances are fractions, money billion USD a year.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from tula.errors import did_you_mean
from tula.numbers.quantity import Positive, Quantity, Share
from tula.numbers.record import Record
from tula.policy.units import Day
from tula.world.named import REGION, Region, SectorCode, Sectors, known

Fraction = Annotated[float, Field(gt=0.0, lt=1.0)]
#: What a rival's threat is measured by: what it can do in law, or the end of all its trade.
Measure = Literal["law", "full"]
#: A region that is one of the study's rivals.
Rival = Annotated[str, known("rival"), REGION]
ALWAYS = Quantity(value=1.0, low=1.0, high=1.0)


class Rule(Record):
    """One reading of the definition.

    * ``access``: share of its reference flow that every critical tie must keep;
    * ``loss``: most of GDP that a rival may be able to take away;
    * ``measure``: by what it can do in ``law``, or by the end of all trade (``full``).
    """

    name: str
    access: Fraction
    loss: Fraction
    measure: Measure = "law"


class Demand(Record):
    """What a rival has officially asked of the pivot, with the day it did.

    ``tie`` is the critical tie it is about; it is met where at most the share ``most`` of the
    reference flow is left. ``enforced``: a threat stands behind it on the day of the study; only
    such demands make an aligned state.
    """

    id: str
    rival: Rival
    title: str
    date: Day
    tie: str
    most: Annotated[float, Field(ge=0.0, le=1.0)] = 0.0
    enforced: bool


class CriticalTie(Record):
    """A tie with a rival that balance needs, and how its flow is read.

    * ``imports`` from the rival, or ``exports`` to it, of ``sectors``: from the world economy;
    * ``oil``: the volume of the oil tie; ``channels``: share of payments still carried, of the
      settlement tie; the two name the ``tie``.
    """

    id: str
    title: str
    rival: Rival
    flow: Literal["imports", "exports", "oil", "channels"]
    sectors: Sectors = ()
    tie: str = ""

    @model_validator(mode="after")
    def _complete(self) -> CriticalTie:
        if (self.flow in ("imports", "exports")) != bool(self.sectors):
            raise ValueError("give sectors for imports and exports, and for nothing else")
        if (self.flow in ("oil", "channels")) != bool(self.tie):
            raise ValueError("name the tie for oil and channels, and for nothing else")
        return self

    @property
    def coverage(self) -> Line:
        """The line of a settlement tie's account that tells the share of payments carried."""
        return Line(tie=self.tie, line="worst_coverage")


class Line(Record):
    """A line of a tie's account, bn USD a year, that a course or situation adds to income.

    ``factor`` turns its sign, or takes a part of it.
    """

    tie: str
    line: str
    factor: float = 1.0

    @property
    def name(self) -> str:
        """Name among the uncertain parameters."""
        return f"{self.tie}.{self.line}"


class Course(Record):
    """A way open to the pivot's government.

    ``ceiling`` is the share of the oil tie's base volume it lets in; ``scenarios`` are what else
    it does, and ``adds`` what that is worth beside the world economy. ``aligned_with`` marks a
    course that gives in to a rival, and ``hypothetical`` one that nobody has asked for.
    """

    id: str
    title: str
    ceiling: Annotated[float, Field(ge=0.0, lt=1.0)] | None = None
    scenarios: tuple[str, ...] = ()
    adds: tuple[Line, ...] = ()
    aligned_with: Rival = ""
    hypothetical: bool = False


class Threat(Record):
    """What a rival does as long as its demand is not met.

    ``scenarios`` state it; ``size`` multiplies its duties; ``persistence`` is the share of the
    year it stands; ``honoured`` the probability that it is lifted once the demand is met.
    """

    id: str
    title: str
    rival: Rival
    demand: str
    scenarios: tuple[str, ...]
    size: Positive = ALWAYS
    persistence: Share
    honoured: Share


class Event(Record):
    """What nature, and firms, may do; ``chance`` a year, each event by itself.

    ``oil``: the pressure that the oil tie names comes in force, and its firms decide;
    ``channels``: the settlement tie loses the channels that it says third countries close;
    ``loss``: the line of an account that says what that costs while it lasts, if the pivot pays
    for as much oil as before; less in proportion where it buys less;
    ``scenarios``: what else happens. ``lasts``: years until it ends, for the survival curve.
    """

    id: str
    title: str
    chance: Share
    oil: bool = False
    channels: bool = False
    loss: Line | None = None
    scenarios: tuple[str, ...] = ()
    lasts: Positive


class Power(Record):
    """What a rival can do to the pivot in law: moves of scenarios, or no more sales to it.

    ``size`` multiplies the duties of the scenarios.
    """

    rival: Rival
    title: str
    scenarios: tuple[str, ...] = ()
    size: Positive = ALWAYS
    stops_sales_of: Sectors = ()

    @model_validator(mode="after")
    def _something(self) -> Power:
        if not (self.scenarios or self.stops_sales_of):
            raise ValueError("give scenarios, stops_sales_of, or both")
        return self


class NextMove(Record):
    """What a player could do next; ``scenarios`` state it."""

    id: str
    title: str
    player: Region
    scenarios: tuple[str, ...]


class Hedge(Record):
    """A slow choice made before the others move; worth what its ``tie``'s account says."""

    id: str
    title: str
    tie: str


class Situation(Record):
    """A state of things to be judged: a course, and which threats and events are in force.

    ``scenarios`` are in force besides, ``adds`` what is added to income, and ``standing`` says
    whether what stands whatever the pivot does is in force too. An ``id`` of the study's scenarios
    takes its title and hook.
    """

    id: str
    title: str = ""
    hook: str = ""
    course: str
    threats: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    scenarios: tuple[str, ...] = ()
    adds: tuple[Line, ...] = ()
    standing: bool = True


class Elasticities(Record):
    """Trade elasticities (theta) of the game; those of the world it is played in are multiplied by
    ``scale``, but for ``sector``: ``grades`` among its sellers where buyers choose, ``lost`` where
    a seller withdraws and its barrels are not to be had elsewhere."""

    scale: Positive
    sector: SectorCode
    grades: Positive
    lost: Positive


def power_of(rival: str) -> str:
    """Key of a rival's power among threats; no threat can be called so."""
    return f"power of {rival}"


class BalanceInputs(Record):
    """Everything announced before any number is seen. The first rule, course and threat lead.

    * ``confidence``: access must hold with this probability at least;
    * ``reference``: what the flows are measured against;
    * ``standing``: scenarios in force whatever the pivot does;
    * ``oil``: id of the oil tie, whose sector in the world is ``elasticities.sector``.
    """

    pivot: str
    announced: Day
    confidence: Fraction
    reference: str
    rules: Annotated[tuple[Rule, ...], Field(min_length=1)]
    demands: tuple[Demand, ...]
    critical: Annotated[tuple[CriticalTie, ...], Field(min_length=1)]
    courses: Annotated[tuple[Course, ...], Field(min_length=2)]
    standing: tuple[str, ...] = ()
    threats: Annotated[tuple[Threat, ...], Field(min_length=1)]
    events: tuple[Event, ...] = ()
    powers: tuple[Power, ...]
    next_moves: tuple[NextMove, ...] = ()
    hedges: tuple[Hedge, ...] = ()
    situations: tuple[Situation, ...]
    elasticities: Elasticities
    oil: str = ""

    @property
    def sized(self) -> dict[str, tuple[str, ...]]:
        """Scenarios whose duties have a size: by id of the threat, by ``power_of`` a rival."""
        powers = {power_of(one.rival): one.scenarios for one in self.powers}
        return {one.id: one.scenarios for one in self.threats} | powers

    @model_validator(mode="after")
    def _consistent(self) -> BalanceInputs:
        problems = [*self._references(), *self._uses(), *self._repeated()]
        if problems:
            raise ValueError("\n  ".join(problems))
        return self

    def _references(self) -> list[str]:
        demands, ties = ([one.id for one in kind] for kind in (self.demands, self.critical))
        courses = [course.id for course in self.courses]
        named = [("demand", one.id, "tie", one.tie, ties) for one in self.demands]
        named += [("threat", one.id, "demand", one.demand, demands) for one in self.threats]
        for one in self.situations:
            named.append(("situation", one.id, "course", one.course, courses))
            threats, events = ([item.id for item in kind] for kind in (self.threats, self.events))
            named += [("situation", one.id, "threats", name, threats) for name in one.threats]
            named += [("situation", one.id, "events", name, events) for name in one.events]
        return [
            f"{kind} {owner}: {key} {name!r} is not listed{did_you_mean(name, valid)}"
            for kind, owner, key, name, valid in named
            if name not in valid
        ]

    def _uses(self) -> list[str]:
        wanting = [c.id for c in self.courses if c.ceiling is not None]
        wanting += [event.id for event in self.events if event.oil]
        missing = [f"{name} needs the oil tie: name it under oil" for name in wanting]
        problems = missing if not self.oil else []
        if not any(course.aligned_with for course in self.courses):
            problems.append("courses: none is aligned_with a rival, so balance has no price")
        if self.courses[0].aligned_with:
            problems.append("courses: the first keeps the balance; it cannot be aligned_with")
        return problems

    def _repeated(self) -> list[str]:
        lists = ("demands", "critical", "courses", "threats", "events", "next_moves", "hedges")
        problems = []
        for name in (*lists, "situations"):
            ids: list[str] = [one.id for one in getattr(self, name)]
            again = sorted({one for one in ids if ids.count(one) > 1})
            problems += [f"{name}: {one!r} stands twice" for one in again]
        return problems
