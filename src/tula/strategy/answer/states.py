"""The world solved in every situation, at four ages of the shock, in every draw.

Where there are many of them, some are composed of others (``composed``).

Elasticities below one are reached by lowering them from high ones in the first situation at the
medians; the draws begin where that ends, and their other situations where their first does. Each
solution is certified by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import NamedTuple

import numpy as np

from tula.equilibrium.anderson import Anderson
from tula.equilibrium.approach import Found, Problem, base_blocks, find, iterate, nearby
from tula.equilibrium.calibration import Calibration, calibrate
from tula.equilibrium.closures import CLOSURES, Closure
from tula.equilibrium.errors import unwarned
from tula.equilibrium.finish import build_solution
from tula.equilibrium.solution import Solution
from tula.equilibrium.solve import conclude, pose
from tula.equilibrium.steps import Blocks, coupled_blocks
from tula.equilibrium.system import System, start
from tula.equilibrium.variants import MOVED, Sectors, buyers_hit
from tula.errors import TulaError
from tula.market.commodity import technology_of
from tula.policy.notices import unnotified
from tula.policy.shock import Shock
from tula.shapes import Float
from tula.strategy.answer.beliefs import Beliefs, Values
from tula.strategy.answer.composed import Plan, State, filled, plan
from tula.strategy.answer.inputs import SHORT_RUNS, AnswerInputs
from tula.strategy.answer.policies import Duties, Situation, rents, shock_of, weight
from tula.strategy.answer.readings import Readings
from tula.strategy.answer.scenarios import Scenario
from tula.strategy.answer.shared import begun
from tula.strategy.answer.worlds import Sigmas, ages_of, sigmas, world_at
from tula.world.economy import Economy

Array = np.ndarray
#: Largest residual of an equation: what is told has some three digits.
TOLERANCE = 1e-8


@dataclass(frozen=True)
class Task:
    """What all draws share: what is asked, of which world, and how it is solved.

    ``hit`` are buyers whose duties move; ``slow`` names the short-run world; ``free`` unties all
    supply; ``ages`` are those solved, years; ``chances`` of situations, over draws and months;
    ``medians`` are those of the beliefs.
    """

    inputs: AnswerInputs
    economy: Economy
    scenarios: Mapping[str, Scenario]
    duties: Duties
    situations: tuple[Situation, ...]
    hit: Sectors
    slow: str
    ages: tuple[float, ...]
    free: bool = False
    chances: Mapping[Situation, float] = field(default_factory=dict)
    medians: Values = field(default_factory=dict)

    @property
    def base(self) -> Calibration:
        """The world as it came."""
        return calibrate(self.economy)

    @property
    def months(self) -> Float[Array, " M"]:
        """Ages of the months, years."""
        inputs = self.inputs
        return ages_of(inputs.since, inputs.announced, inputs.months)

    @property
    def closure(self) -> Closure:
        """The study's closure in its own short-run world, any other world's own."""
        own = self.slow == self.inputs.elasticity.slow
        return CLOSURES[self.inputs.closure] if own else SHORT_RUNS[self.slow].closure

    def shock(self, situation: Situation, values: Values) -> Shock:
        """Return the policy of a situation, which is that at any elasticities."""
        with unnotified():
            return shock_of(self.inputs, self.scenarios, self.duties, situation, values, self.base)

    @cached_property
    def begun(self) -> Begun | None:
        """Where draws begin: the first situation at the medians; None without an equilibrium."""
        if not self.medians:
            return None
        path = Path(self.closure)
        path.enter(self.world(sigmas(self.inputs, self.medians, self.ages[0]), self.medians))
        try:
            known = path.solved(self.shock(self.situations[0], self.medians))
        except TulaError:
            return None
        return None if path.blocks is None else Begun(path.blocks, known.found.vector)

    def world(self, at: Sigmas, values: Values) -> Calibration:
        """Calibrate the world of a draw at an age."""
        tied = () if self.free else self.inputs.commodities
        technology = technology_of(tied, self.base, values)
        return world_at(self.economy, at, self.hit, self.slow, technology)


class Solved(NamedTuple):
    """One draw: ``read`` by age, situation and reading; what failed, what stays open.

    Readings are the ties, as ratios to the base year, then incomes, bn USD a year over the base
    year, then what forecasts watch. A situation without a solution is NaN. ``off`` (R,): by how
    much what would be composed is off at most, where all was solved.
    """

    read: Float[Array, "*A S R"]
    solves: int
    failures: tuple[str, ...]
    said: tuple[str, ...]
    off: Float[Array, " R"] | None = None


def solve_draws(
    task: Task, beliefs: Beliefs, executor: Executor | None = None
) -> Callable[[], list[Solved]]:
    """Begin to solve every draw as planned, and return how to wait for them.

    They are shared among workers; the numbers do not depend on them.
    """
    planned = planned_states(task, beliefs.at(0))
    items = [(beliefs.at(row), planned.of(row)) for row in range(len(beliefs.drawn))]
    under_way = begun(_solve_some, task, items, executor)

    def solved() -> list[Solved]:
        found = under_way()
        if not planned.composed:
            return found
        every = np.stack([one.read for one in found])
        read, off = filled(planned, every, len(task.inputs.critical))
        return [one._replace(read=read[n], off=off[n]) for n, one in enumerate(found)]

    return solved


def planned_states(task: Task, values: Values) -> Plan:
    """Say which states every draw solves."""
    keys = [sigmas(task.inputs, values, age).key for age in task.ages]
    return plan(task.situations, task.chances, [keys.index(key) for key in keys])


def _solve_some(task: Task, item: tuple[Values, frozenset[State] | None]) -> Solved:
    return solve_draw(task, *item)


def solve_draw(task: Task, values: Values, states: frozenset[State] | None = None) -> Solved:
    """Solve the situations of one draw at every age; equal worlds and policies are solved once.

    ``states``: those that are solved, by age and situation, all if None; others are NaN.
    """
    policies = [partial(_Policy.of, task, situation, values) for situation in task.situations]
    made: dict[int, _Policy] = {}
    known: dict[tuple[float, ...], Array] = {}
    path, found, failures = Path(task.closure, task.begun), list[Array](), list[str]()
    for number, age in enumerate(task.ages):
        at = sigmas(task.inputs, values, age)
        if at.key not in known:
            world = task.world(at, values)
            path.enter(world)
            readings = Readings(task.inputs, world)
            rows = np.full((len(policies), readings.size), np.nan)
            for n, policy in enumerate(policies):
                if states is None or (number, n) in states:
                    if n not in made:
                        made[n] = policy()
                    rows[n] = _row(path, readings, made[n], failures)
            known[at.key] = rows
        found.append(known[at.key])
    told = tuple(dict.fromkeys(failures)), tuple(dict.fromkeys(path.said))
    return Solved(np.stack(found), path.solves, *told)


class _Part(NamedTuple):
    """A policy that is part of a situation: its weight, what tells it from others, itself."""

    weight: float
    key: tuple[int, ...]
    shock: Shock


class _Policy(NamedTuple):
    """A situation with its policies, several where rents are lost in part."""

    name: str
    parts: tuple[_Part, ...]

    @classmethod
    def of(cls, task: Task, situation: Situation, values: Values) -> _Policy:
        """Return the policies of a situation in a draw."""
        parts = []
        for one in rents(task.inputs, situation):
            if part := weight(task.inputs, one, values):
                shock = task.shock(one, values)
                parts.append(_Part(part, digest(shock), shock))
        return cls(told(task.inputs, situation), tuple(parts))


def _row(path: Path, readings: Readings, policy: _Policy, failures: list[str]) -> Array:
    """Return the readings of a situation, NaN with an entry in ``failures`` without a solution."""
    row = np.zeros(readings.size)
    for part in policy.parts:
        try:
            row += part.weight * path.read(part, readings)
        except TulaError as failure:
            failures.append(f"{policy.name}: {failure}")
            return np.full(readings.size, np.nan)
    return row


class Known(NamedTuple):
    """A policy's equilibrium: what was asked, where the iteration stopped, what came of it."""

    problem: Problem
    found: Found
    solution: Solution


class Begun(NamedTuple):
    """An equilibrium near by, and the steps measured there."""

    blocks: Blocks
    vector: Array


class Path:
    """Equilibria of one draw, one world after another, each begun where the first ended.

    All go by the steps measured at the first. ``begun``: where that one begins.
    """

    def __init__(self, closure: Closure, begun: Begun | None = None) -> None:
        self.closure, self.solver = closure, Anderson(tolerance=TOLERANCE)
        self.begun = begun
        self.blocks: Blocks | None = None
        self.first: dict[int, Array] = {}
        self.known: dict[tuple[int, ...], Array] = {}
        self.solves, self.said = 0, list[str]()

    def enter(self, world: Calibration) -> None:
        """Go on in another world."""
        self.world, self.known = world, {}

    def read(self, part: _Part, readings: Readings) -> Array:
        """Return the readings under a policy; raises as ``solve``."""
        if part.key not in self.known:
            self.known[part.key] = readings.of(self.solved(part.shock).solution)
        return self.known[part.key]

    def solved(self, shock: Shock) -> Known:
        """Return the certified equilibrium under a policy; raises as ``solve``."""
        problem = pose(self.world, shock, self.closure, self.solver)
        found = self._first(problem) if self.blocks is None else self._near(problem, self.blocks)
        lent = self.begun.blocks if found and self.begun else None
        if found is None:
            with unwarned():
                problem, found = find(problem, self.solver)
        self.said += [text for text in found.said if "Another equilibrium" in text]
        proven = conclude(problem, found, self.solver, with_cells=True)
        self.first.setdefault(len(found.vector), found.vector)
        if self.blocks is None:
            own = lent or base_blocks(problem.calibration)
            self.blocks = coupled_blocks(own, problem.system, found.vector)
        self.solves += 1
        return Known(problem, found, build_solution(problem, proven).holding(proven.cells))

    def _first(self, problem: Problem) -> Found | None:
        """Iterate from where the path begins; None where that is nowhere or does not arrive."""
        if self.begun is None or len(self.begun.vector) != len(start(problem.system)):
            return None
        return nearby(problem, self.solver, *self.begun)

    def _near(self, problem: Problem, blocks: Blocks) -> Found | None:
        """Iterate from the first equilibrium with as many wedges, or from the first of all.

        None where that does not arrive.
        """
        vector = np.array(start(problem.system))
        first = self.first.get(len(vector))
        if first is None:
            first = next(iter(self.first.values()))[: _core(problem.system)]
        vector[: len(first)] = first
        found = iterate(problem.system, self.solver, blocks, vector)
        return found if found.met and found.positive else None


def _core(system: System) -> int:
    """Unknowns before the wedges of limits."""
    regions, each = system.size
    return regions * each


def digest(shock: Shock) -> tuple[int, ...]:
    """Return what tells two policies apart, within one process."""
    arrays = [one for one in vars(shock).values() if isinstance(one, np.ndarray)]
    beside = [
        value.tobytes() if isinstance(value, np.ndarray) else value
        for one in (*shock.limits, *shock.corridors)
        for name, value in vars(one).items()
        if name != "instrument"
    ]
    return (*(hash(one.tobytes()) for one in arrays), hash(tuple(beside)))


def told(inputs: AnswerInputs, situation: Situation) -> str:
    """Return a situation in words."""
    parts = [*sorted(situation.on), *sorted(situation.fired), *situation.moves]
    parts += ["offer kept"] if situation.offer else []
    return f"{situation.course} with {', '.join(parts) or 'nothing else'}"


def buyers_moved(task: Task, values: Values) -> Sectors:
    """Return buyers whose duties move in any situation, with the sectors in which they do.

    Their mean duty on imports moves, or that on what the pivot sells.
    """
    base, labels = task.base, task.economy.labels
    pivot = labels.region_index(task.inputs.pivot)
    hit = np.zeros((len(labels.sectors), len(labels.regions)), dtype=bool)
    for situation in task.situations:
        shock = task.shock(situation, values)
        hit |= np.abs(shock.tariff - base.tariff)[:, :, pivot] > MOVED
        for region, sectors in buyers_hit(base, shock).items():
            rows = [labels.sector_index(code) for code in sectors]
            hit[rows, labels.region_index(region)] = True
    codes = np.array(labels.sectors)
    each = {region: tuple(codes[hit[:, n]].tolist()) for n, region in enumerate(labels.regions)}
    return {region: moved for region, moved in each.items() if moved}


def interpolated(
    read: Float[Array, "D A *rest"], at: Sequence[float], months: Float[Array, " M"]
) -> Float[Array, "D M *rest"]:
    """Return readings by month, between the ages solved; before the first and after the last, its.

    Axes of the result: draw, month, and the rest.
    """
    share = np.stack([np.interp(months, at, row) for row in np.eye(len(at))], axis=1)
    return np.asarray(np.einsum("ma,da...->dm...", share, read))
