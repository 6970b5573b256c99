"""The game on one draw of everything uncertain, by backward induction.

Order of moves: hedges exist; rivals threaten; the government picks a course for the year;
events happen, and firms decide what they buy; a rival whose demand is met lifts its threat, or
does not. The government weighs money alone: no worth is put on autonomy. Every node is a solve of
the world economy with the oil tie's market cleared beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from math import prod
from typing import NamedTuple

from tula.policy import Embargo
from tula.strategy.balance.engine_side import Elasticity, EngineSide, Moves
from tula.strategy.balance.inputs import (
    BalanceInputs,
    Course,
    CriticalTie,
    Line,
    Power,
    Rule,
    Situation,
    power_of,
)
from tula.strategy.balance.oil_side import OilSide
from tula.strategy.balance.states import ROUNDING, Standing, Verdict, judge

Ids = frozenset[str]
NONE: Ids = frozenset()


@dataclass(frozen=True)
class Draw:
    """Values of everything uncertain: thetas, and others by id of threat or event, or by rival.

    ``power`` is the size of what a rival can do in law; ``lasts`` years an event lasts. ``lines``
    are lines of ties' accounts by ``Line.name``: bn USD a year, and the share of payments carried
    once channels are closed.
    """

    scale: float
    grades: float
    lost: float
    size: Mapping[str, float]
    persistence: Mapping[str, float]
    honoured: Mapping[str, float]
    chance: Mapping[str, float]
    lasts: Mapping[str, float]
    power: Mapping[str, float]
    oil: OilSide | None
    lines: Mapping[str, float] = field(default_factory=dict)


class Node(NamedTuple):
    """A state of things: course, threats and events in force, and what a situation adds."""

    course: Course
    threats: Ids = NONE
    events: Ids = NONE
    scenarios: tuple[str, ...] = ()
    adds: tuple[Line, ...] = ()
    standing: bool = True


class Play(NamedTuple):
    """What the game comes to on one draw; money bn USD a year.

    * ``worth``: expected income of the pivot by course, relative to a year without pressure;
    * ``price``: of autonomy: the best aligned course's worth less that of the first course;
    * ``best``: the course worth most; ``access``: probability, by rule and critical tie;
    * ``losses``: share of GDP that each rival can take away, by measure;
    * ``threat_cost``: what its threat costs the rival while it stands, by threat;
    """

    worth: Mapping[str, float]
    price: float
    best: str
    access: Mapping[str, Mapping[str, float]]
    losses: Mapping[str, Mapping[str, float]]
    threat_cost: Mapping[str, float]


class Judged(NamedTuple):
    """A situation: income of the pivot relative to no pressure and price of autonomy, bn USD a
    year; share of each critical tie that is kept; losses by measure and rival, share of GDP; and
    the verdict by name of the rule."""

    income: float
    price: float
    kept: Mapping[str, float]
    losses: Mapping[str, Mapping[str, float]]
    verdicts: Mapping[str, Verdict]


@dataclass(eq=False)
class Game:
    """The game of a study on one draw."""

    inputs: BalanceInputs
    engine: EngineSide
    draw: Draw

    def play(self) -> Play:
        """Solve every node and walk back from the last move to the first."""
        worth = {course.id: self.worth(course) for course in self.inputs.courses}
        keep = self.inputs.courses[0]
        return Play(
            worth=worth,
            price=self.price(worth, keep.id),
            best=max(worth, key=lambda name: worth[name]),
            access=self.access(keep),
            losses=self.losses(Node(keep, self.threats)),
            threat_cost={threat: self.threat_cost(threat) for threat in self.threats},
        )

    @property
    def threats(self) -> Ids:
        """Every threat of the study."""
        return frozenset(threat.id for threat in self.inputs.threats)

    @cached_property
    def gdp(self) -> float:
        """Of the pivot, bn USD."""
        return self.engine.gdp(self.inputs.pivot)

    def price(self, worth: Mapping[str, float], kept: str) -> float:
        """Worth of the best aligned course less that of the one kept."""
        aligned = [worth[one.id] for one in self.inputs.courses if one.aligned_with]
        return max(aligned) - worth[kept]

    def worth(self, course: Course) -> float:
        """Expected income of the pivot over events and over what rivals do in answer."""
        return sum(weight * self.answered(course, events) for events, weight in self.events())

    def events(self) -> Iterator[tuple[Ids, float]]:
        """Every combination of events with its probability."""
        return _combinations({one.id: self.draw.chance[one.id] for one in self.inputs.events})

    def answered(self, course: Course, events: Ids) -> float:
        """Expected income over which threats stand: for part of the year, or not honoured."""
        return sum(
            weight * self.income(Node(course, threats, events))
            for threats, weight in self.standing(course, events)
        )

    def standing(self, course: Course, events: Ids) -> Iterator[tuple[Ids, float]]:
        """Which threats stand, with the share of the year, in expectation, that they do."""
        calm = Node(course, NONE, events)
        return _combinations(
            {
                one.id: self.draw.persistence[one.id]
                * (1.0 - self.draw.honoured[one.id] if self.meets(calm, one.demand) else 1.0)
                for one in self.inputs.threats
            }
        )

    def income(self, node: Node) -> float:
        """Income of the pivot at a node, bn USD a year, relative to no pressure at all."""
        moves = self.moves(node)
        reading = self.engine.read(self.elasticity, moves)
        found = reading.income[self.inputs.pivot]
        if self.draw.oil is not None:
            unlimited = self.engine.read(self.elasticity, moves._replace(bought=1.0))
            pressed = self.pressed(node)
            found += self.draw.oil.worth(node.course.ceiling, pressed, reading, unlimited)
        lines = (*node.course.adds, *node.adds)
        found += sum(line.factor * self.draw.lines[line.name] for line in lines)
        return found - self.closed_out(node)

    def closed_out(self, node: Node) -> float:
        """What closed channels cost the pivot at a node, bn USD a year.

        All of the event's loss where as much oil is bought as before, nothing where what is bought
        can pass through what stays open, in proportion between.
        """
        carried = min((self.kept(tie, node) for tie in self.inputs.critical
                       if tie.flow == "channels"), default=1.0)  # fmt: skip
        if carried >= 1.0:
            return 0.0
        strain = min(1.0, max(0.0, (self.bought(node) - carried) / (1.0 - carried)))
        losses = [event.loss for event in self.inputs.events
                  if event.loss and event.id in node.events]  # fmt: skip
        return strain * sum(line.factor * self.draw.lines[line.name] for line in losses)

    def rival_income(self, node: Node, rival: str) -> float:
        """Income of a rival at a node, by the engine alone, bn USD a year."""
        return self.engine.read(self.elasticity, self.moves(node)).income[rival]

    @property
    def elasticity(self) -> Elasticity:
        """Trade elasticities where buyers choose."""
        return Elasticity(self.draw.scale, self.draw.grades)

    @property
    def lost(self) -> Elasticity:
        """Trade elasticities where a seller withdraws."""
        return Elasticity(self.draw.scale, self.draw.lost)

    def pressed(self, node: Node) -> bool:
        """Whether an event at the node puts the oil tie's pressure in force."""
        return any(event.oil and event.id in node.events for event in self.inputs.events)

    def bought(self, node: Node) -> float:
        """Share of the base volume of oil that is bought at a node."""
        if self.draw.oil is None:
            return 1.0
        return self.draw.oil.bought(node.course.ceiling, self.pressed(node))

    def moves(self, node: Node) -> Moves:
        """What a node comes to in the engine."""
        happening = [event for event in self.inputs.events if event.id in node.events]
        scenarios = dict.fromkeys(
            (
                *(self.inputs.standing if node.standing else ()),
                *node.course.scenarios,
                *(name for event in happening for name in event.scenarios),
                *node.scenarios,
            )
        )
        threats = tuple((name, self.draw.size[name]) for name in sorted(node.threats))
        return Moves(tuple(scenarios), threats, self.bought(node))

    def meets(self, node: Node, demand: str) -> bool:
        """Whether a demand is met at a node."""
        asked = next(one for one in self.inputs.demands if one.id == demand)
        tie = next(one for one in self.inputs.critical if one.id == asked.tie)
        return self.kept(tie, node) <= asked.most + ROUNDING

    def kept(self, tie: CriticalTie, node: Node) -> float:
        """Share of its reference flow that a critical tie keeps at a node."""
        if tie.flow == "oil":
            return self.bought(node)
        if tie.flow == "channels":
            closed = any(e.channels and e.id in node.events for e in self.inputs.events)
            return min(1.0, self.draw.lines[tie.coverage.name]) if closed else 1.0
        return self.engine.read(self.elasticity, self.moves(node)).flows[tie.id]

    def access(self, course: Course) -> dict[str, dict[str, float]]:
        """Probability that every critical tie keeps its share, by name of the rule."""
        states = [
            (Node(course, threats, events), chance * share)
            for events, chance in self.events()
            for threats, share in self.standing(course, events)
        ]
        kept = {tie.id: [(self.kept(tie, node), weight) for node, weight in states]
                for tie in self.inputs.critical}  # fmt: skip
        return {
            rule.name: {
                tie: sum(weight for share, weight in rows if keeps(share, rule))
                for tie, rows in kept.items()
            }
            for rule in self.inputs.rules
        }

    def losses(self, node: Node) -> dict[str, dict[str, float]]:
        """Share of GDP that each rival can take away at a node, by measure and rival.

        From the node without anything the rival has already done of it: a threat carried out
        takes away no less than one that is not.
        """
        found: dict[str, dict[str, float]] = {"law": {}, "full": {}}
        for power in self.inputs.powers:
            calm = self._without(self.moves(node), power)
            size = (power_of(power.rival), self.draw.power[power.rival])
            used = calm._replace(threats=(*calm.threats, size)) if power.scenarios else calm
            stops = self._no_sales(power.rival, power.stops_sales_of)
            found["law"][power.rival] = self._lost(calm, used, stops)
            found["full"][power.rival] = self._lost(calm, calm, self._nothing(power.rival))
        return found

    def _without(self, moves: Moves, power: Power) -> Moves:
        own = {one.id for one in self.inputs.threats if one.rival == power.rival}
        return moves._replace(
            scenarios=tuple(name for name in moves.scenarios if name not in power.scenarios),
            threats=tuple((name, size) for name, size in moves.threats if name not in own),
        )

    def _lost(self, before: Moves, after: Moves, stopped: tuple[Embargo, ...]) -> float:
        had = self.engine.read(self.lost, before).income[self.inputs.pivot]
        left = self.engine.read(self.lost, after, stopped).income[self.inputs.pivot]
        return (had - left) / self.gdp

    def situation(self, asked: Situation) -> Judged:
        """Judge a situation in which threats stand all year and events have happened."""
        node = self.node(asked)
        price = self._best_aligned(node) - self.income(node)
        losses, rules = self.losses(node), self.inputs.rules
        kept = {tie.id: self.kept(tie, node) for tie in self.inputs.critical}
        verdicts = {}
        for rule in rules:
            open_ = {tie: float(keeps(share, rule)) for tie, share in kept.items()}
            standing = Standing(losses[rule.measure], self.met(node), open_, price)
            verdicts[rule.name] = judge(standing, rule.loss, self.inputs.confidence)
        return Judged(self.income(node), price, kept, losses, verdicts)

    def node(self, asked: Situation) -> Node:
        """The node at which a situation stands."""
        course = next(one for one in self.inputs.courses if one.id == asked.course)
        threats, events = frozenset(asked.threats), frozenset(asked.events)
        return Node(course, threats, events, asked.scenarios, asked.adds, asked.standing)

    def _best_aligned(self, node: Node) -> float:
        """Income of the best aligned course at a node, threats lifted whose demand it meets."""
        return max(
            self.income(self._lifted(node._replace(course=course)))
            for course in self.inputs.courses
            if course.aligned_with
        )

    def _lifted(self, node: Node) -> Node:
        return node._replace(threats=self.standing_threats(node))

    def standing_threats(self, node: Node) -> Ids:
        """The threats at a node whose demand it does not meet."""
        calm = node._replace(threats=NONE)
        left = [one.id for one in self.inputs.threats if not self.meets(calm, one.demand)]
        return node.threats & frozenset(left)

    def met(self, node: Node) -> dict[str, bool]:
        """Whether all enforced demands of a rival are met, for rivals that have some."""
        found: dict[str, bool] = {}
        for one in self.inputs.demands:
            if one.enforced:
                found[one.rival] = found.get(one.rival, True) and self.meets(node, one.id)
        return found

    def _no_sales(self, rival: str, sectors: tuple[str, ...]) -> tuple[Embargo, ...]:
        places = {"importer": self.inputs.pivot, "exporter": rival}
        return (Embargo(name="sales stop", sectors=sectors, **places),) if sectors else ()

    def _nothing(self, rival: str) -> tuple[Embargo, ...]:
        places = {"importer": self.inputs.pivot, "exporter": rival, "sectors": "all"}
        return (Embargo(name="all trade stops", both_ways=True, **places),)

    def threat_cost(self, threat: str) -> float:
        """What a threat costs the rival who carries it out, bn USD a year, plus = a cost."""
        keep = self.inputs.courses[0]
        rival = next(one.rival for one in self.inputs.threats if one.id == threat)
        calm = self.rival_income(Node(keep), rival)
        return calm - self.rival_income(Node(keep, frozenset((threat,))), rival)


def keeps(share: float, rule: Rule) -> bool:
    """Whether a share of its reference flow is as much as the rule asks of a critical tie."""
    return share >= rule.access - ROUNDING


def _combinations(chances: Mapping[str, float]) -> Iterator[tuple[Ids, float]]:
    """Which of several things are so, each by itself, where that has a probability above zero."""
    for so in product((False, True), repeat=len(chances)):
        weight = prod(
            chance if true else 1.0 - chance
            for chance, true in zip(chances.values(), so, strict=True)
        )
        if weight > 0.0:
            yield frozenset(name for name, true in zip(chances, so, strict=True) if true), weight
