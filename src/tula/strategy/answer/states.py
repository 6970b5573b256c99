"""The world solved in every situation, at four ages of the shock, in every draw.

Where there are many of them, some are composed of others (``composed``).

Elasticities below one are reached by lowering them from high ones in the first situation at the
medians; all else begins where something near by has ended (``walk``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import groupby
from typing import NamedTuple

import numpy as np

from tula.equilibrium.calibration import Calibration, calibrate
from tula.equilibrium.closures import CLOSURES, Closure
from tula.equilibrium.variants import MOVED, Sectors, buyers_hit
from tula.errors import TulaError
from tula.market.commodity import technology_of
from tula.policy.notices import unnotified
from tula.policy.shock import Shock
from tula.shapes import Float
from tula.strategy.answer.beliefs import Beliefs, Values
from tula.strategy.answer.composed import Case, Plan, State, filled, plan
from tula.strategy.answer.inputs import SHORT_RUNS, AnswerInputs
from tula.strategy.answer.policies import Duties, Situation, rents, shock_of, weight
from tula.strategy.answer.readings import Readings
from tula.strategy.answer.scenarios import Scenario
from tula.strategy.answer.shared import begun
from tula.strategy.answer.walk import ROUGH, TOLERANCE, Begun, Known, Path, Policy, digest
from tula.strategy.answer.worlds import Sigmas, ages_of, sigmas, world_at
from tula.world.economy import Economy

Array = np.ndarray


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
    def parts(self) -> tuple[Situation, ...]:
        """Situations with the rents of every set of their switches lost, where these can be."""
        return tuple(
            part
            for one in self.situations
            for part in rents(self.inputs, one)
            if weight(self.inputs, part, self.medians)
        )

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

    def alike(self, values: Values) -> list[int]:
        """Return for every age the first with its sigmas."""
        keys = [sigmas(self.inputs, values, age).key for age in self.ages]
        return [keys.index(key) for key in keys]

    def world(self, at: Sigmas, values: Values) -> Calibration:
        """Calibrate the world of a draw at an age."""
        tied = () if self.free else self.inputs.commodities
        technology = technology_of(tied, self.base, values)
        return world_at(self.economy, at, self.hit, self.slow, technology)


class Solved(NamedTuple):
    """One draw: ``read`` by age, situation and reading; what failed, what stays open.

    Readings are the ties, as ratios to the base year, then incomes, bn USD a year over the base
    year, then what forecasts watch. A situation without a solution is NaN. ``off`` (R,): by how
    much what is composed is off at most, where it was solved as well.
    """

    read: Float[Array, "*A S R"]
    solves: int
    failures: tuple[str, ...]
    said: tuple[str, ...]
    off: Float[Array, " R"] | None = None


class Draws(NamedTuple):
    """Every draw, and how it was planned."""

    solved: list[Solved]
    plan: Plan


def solve_draws(
    task: Task, beliefs: Beliefs, executor: Executor | None = None
) -> Callable[[], Draws]:
    """Solve the first draw, at the medians; begin to solve every other as planned from it, and
    return how to wait for them.

    They are shared among workers; the numbers do not depend on them.
    """
    first, ties = beliefs.at(0), len(task.inputs.critical)
    path, policies = Path(task.closure, task.begun, ROUGH), _Policies(task, first)
    medians = _solve(policies, _every(task, first), path)
    planned = plan(_cases(policies), task.alike(first), medians.read, ties)
    rows = range(1, len(beliefs.drawn))
    items = [(beliefs.at(row), sorted(planned.of(row), key=_age)) for row in rows]
    begins = path.handed(sorted(planned.solved, key=_age), planned)
    under_way = begun(_solve_some, (task, begins), items, executor)

    def solved() -> Draws:
        found = [medians, *under_way()]
        every = np.stack([one.read for one in found])
        off = np.zeros((len(found), every.shape[-1]))
        if planned.composed:
            every, off = filled(planned, every, ties)
        mixed = [_mixed(task, beliefs.at(row), read) for row, read in enumerate(every)]
        each = [one._replace(read=mixed[n], off=off[n]) for n, one in enumerate(found)]
        return Draws(each, planned)

    return solved


def _age(state: State) -> int:
    return state[0]


def _every(task: Task, values: Values) -> list[State]:
    return [(age, n) for age in sorted(set(task.alike(values))) for n in range(len(task.parts))]


class _Policies(dict[int, Policy]):
    """Policies of the parts of situations in one draw, by number, made as they are asked for."""

    def __init__(self, task: Task, values: Values) -> None:
        super().__init__()
        self.task, self.believed = task, values

    def __missing__(self, number: int) -> Policy:
        shock = self.task.shock(self.task.parts[number], self.believed)
        return self.setdefault(number, Policy(digest(shock, self.task.base), shock))


def _cases(policies: _Policies) -> list[Case]:
    """Return the parts of situations as one plans which are solved."""
    task, whole = policies.task, frozenset[str]()
    return [
        Case(
            one,
            weight(task.inputs, one, policies.believed)
            * task.chances.get(one._replace(lost=whole), 1.0),
            digest(policies[n].shock, task.base, "tariff"),
        )
        for n, one in enumerate(task.parts)
    ]


def _solve_some(common: tuple[Task, Begun | None], item: tuple[Values, Sequence[State]]) -> Solved:
    (task, begins), (values, states) = common, item
    return _solve(_Policies(task, values), states, Path(task.closure, begins, ROUGH))


def solve_draw(
    task: Task, values: Values, tolerance: float = TOLERANCE, begins: Begun | None = None
) -> Solved:
    """Solve the situations of one draw at every age; equal worlds and policies are solved once.

    ``begins``: where it begins, if not where draws do.
    """
    path = Path(task.closure, begins or task.begun, tolerance)
    found = _solve(_Policies(task, values), _every(task, values), path)
    return found._replace(read=_mixed(task, values, found.read))


def _solve(policies: _Policies, states: Sequence[State], path: Path) -> Solved:
    """Solve some states of one draw, by age and part, age by age; others are NaN."""
    task, values = policies.task, policies.believed
    rows, failures = dict[State, Array](), list[str]()

    def refuse(state: State, failure: TulaError) -> None:
        failures.append(f"{told(task.inputs, task.parts[state[1]])}: {failure}")

    for age, group in groupby(states, key=_age):
        world = task.world(sigmas(task.inputs, values, task.ages[age]), values)
        readings = Readings(task.inputs, world)
        path.enter(world)
        asked = dict[State, Policy]()
        for state in group:
            try:
                asked[state] = policies[state[1]]
            except TulaError as failure:
                refuse(state, failure)
        rows |= path.read(asked, partial(_read, readings), refuse)
    read = np.full((len(task.ages), len(task.parts), readings.size), np.nan)
    for state, row in rows.items():
        read[state] = row
    said = tuple(dict.fromkeys(failures)), tuple(dict.fromkeys(path.said))
    return Solved(read[task.alike(values)], path.solves, *said)


def _read(readings: Readings, known: Known) -> Float[Array, " R"]:
    return readings.of(known.solution)


def _mixed(task: Task, values: Values, read: Float[Array, "A P R"]) -> Float[Array, "A S R"]:
    """Return readings by situation, whose rents are kept in part and lost in part."""
    number = {one: n for n, one in enumerate(task.parts)}
    mixed = np.zeros((len(read), len(task.situations), read.shape[-1]))
    for n, situation in enumerate(task.situations):
        for one in rents(task.inputs, situation):
            if part := weight(task.inputs, one, values):
                mixed[:, n] += part * read[:, number[one]]
    return mixed


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
    each = share @ read.reshape(*read.shape[:2], -1)
    return np.asarray(each.reshape(len(read), len(months), *read.shape[2:]))
