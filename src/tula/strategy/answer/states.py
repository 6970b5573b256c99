"""The world solved once in every situation, at four ages of the shock, in every draw.

Elasticities below one are reached by lowering them from high ones in the first situation of every
world; the others begin where it ends. Each solution is certified by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple, TypeVar

import numpy as np

from tula.equilibrium.anderson import Anderson
from tula.equilibrium.approach import Found, Problem, base_blocks, find, iterate
from tula.equilibrium.calibration import Calibration, calibrate
from tula.equilibrium.closures import CLOSURES, Closure
from tula.equilibrium.errors import unwarned
from tula.equilibrium.finish import build_solution
from tula.equilibrium.solution import Solution
from tula.equilibrium.solve import conclude, pose
from tula.equilibrium.system import System, start
from tula.equilibrium.technology import Technology
from tula.equilibrium.variants import MOVED, Sectors, buyers_hit
from tula.errors import TulaError
from tula.market.commodity import technology_of
from tula.policy.notices import unnotified
from tula.policy.shock import Shock
from tula.shapes import Float
from tula.strategy.answer.beliefs import Beliefs, Values
from tula.strategy.answer.inputs import SHORT_RUNS, AnswerInputs
from tula.strategy.answer.policies import Duties, Situation, rents, shock_of, weight
from tula.strategy.answer.readings import Readings
from tula.strategy.answer.scenarios import Scenario
from tula.strategy.answer.worlds import Sigmas, ages_of, sigmas, world_at
from tula.world.economy import Economy

Array = np.ndarray
T = TypeVar("T")
V = TypeVar("V")


@dataclass(frozen=True)
class Task:
    """What all draws share: what is asked, of which world, and how it is solved.

    ``hit`` are buyers whose duties move; ``slow`` names the short-run world; ``free`` unties all
    supply; ``ages`` are those solved, years.
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

    def world(self, at: Sigmas, values: Values) -> Calibration:
        """Calibrate the world of a draw at an age."""
        technology = (
            Technology() if self.free else technology_of(self.inputs.commodities, self.base, values)
        )
        return world_at(self.economy, at, self.hit, self.slow, technology)


class Solved(NamedTuple):
    """One draw: ``read`` by age, situation and reading; what failed, what stays open.

    Readings are the ties, as ratios to the base year, then incomes, bn USD a year over the base
    year. A situation without a solution is NaN.
    """

    read: Float[Array, "*A S R"]
    solves: int
    failures: tuple[str, ...]
    said: tuple[str, ...]


def solve_draws(task: Task, beliefs: Beliefs, executor: Executor | None = None) -> list[Solved]:
    """Solve every draw, shared among workers; the numbers do not depend on them."""
    values = [beliefs.at(row) for row in range(len(beliefs.drawn))]
    return shared(partial(solve_draw, task), values, executor)


def shared(work: Callable[[T], V], items: Sequence[T], executor: Executor | None) -> list[V]:
    """Do the same to every item, in order, by workers if there are any."""
    if executor is None:
        return [work(one) for one in items]
    chunk = max(1, -(-len(items) // (4 * getattr(executor, "_max_workers", 1))))
    return list(executor.map(work, items, chunksize=chunk))


def solve_draw(task: Task, values: Values) -> Solved:
    """Solve every situation of one draw at every age; equal worlds and policies are solved once."""
    policies = [_Policy.of(task, situation, values) for situation in task.situations]
    known: dict[tuple[float, ...], Array] = {}
    path, found, failures = _Path(task.closure), list[Array](), list[str]()
    for age in task.ages:
        at = sigmas(task.inputs, values, age)
        if at.key not in known:
            world = task.world(at, values)
            path.enter(world)
            readings = Readings(task.inputs, world)
            known[at.key] = np.stack([_row(path, readings, one, failures) for one in policies])
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


def _row(path: _Path, readings: Readings, policy: _Policy, failures: list[str]) -> Array:
    """Return the readings of a situation, NaN with an entry in ``failures`` without a solution."""
    row = np.zeros(readings.size)
    for part in policy.parts:
        try:
            row += part.weight * path.read(part, readings)
        except TulaError as failure:
            failures.append(f"{policy.name}: {failure}")
            return np.full(readings.size, np.nan)
    return row


class _Path:
    """Equilibria of one draw, one world after another, each begun where the first ended."""

    def __init__(self, closure: Closure) -> None:
        self.closure, self.solver = closure, Anderson()
        self.first: Array | None = None
        self.known: dict[tuple[int, ...], Array] = {}
        self.solves, self.said = 0, list[str]()

    def enter(self, world: Calibration) -> None:
        """Go on in another world."""
        self.world, self.known = world, {}

    def read(self, part: _Part, readings: Readings) -> Array:
        """Return the readings under a policy; raises as ``solve``."""
        if part.key not in self.known:
            self.known[part.key] = readings.of(self._solution(part.shock))
        return self.known[part.key]

    def _solution(self, shock: Shock) -> Solution:
        """Return the certified equilibrium under a policy; raises as ``solve``."""
        problem = pose(self.world, shock, self.closure, self.solver)
        found = None if self.first is None else self._near(problem, self.first)
        if found is None:
            with unwarned():
                problem, found = find(problem, self.solver)
            self.said += [text for text in found.said if "Another equilibrium" in text]
        state, certificate = conclude(problem, found, self.solver)
        if not self.known:
            self.first = found.vector[: _core(problem.system)]
        self.solves += 1
        return build_solution(problem, state, certificate)

    def _near(self, problem: Problem, first: Array) -> Found | None:
        """Iterate from the first equilibrium; None where that does not arrive."""
        vector = np.array(start(problem.system))
        vector[: len(first)] = first
        blocks = base_blocks(problem.calibration)
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
