"""Other equilibria of the situations in which some elasticity lies below one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from typing import NamedTuple

import numpy as np

from tula.equilibrium.second_start import beside
from tula.errors import TulaError
from tula.strategy.answer.beliefs import Beliefs, Values
from tula.strategy.answer.composed import State
from tula.strategy.answer.policies import Situation
from tula.strategy.answer.proofs import SecondTold
from tula.strategy.answer.readings import Readings
from tula.strategy.answer.shared import begun
from tula.strategy.answer.states import Task, told
from tula.strategy.answer.walk import WINDOW, Path, Policy, digest
from tula.strategy.answer.worlds import sigmas

Array = np.ndarray
#: Situations of one world tried one after another.
TOGETHER = 64
#: Largest residual of an equation: a tenth of what sets two equilibria apart.
TOLERANCE = 1e-6


class Seconds(NamedTuple):
    """How many policies were tried, those with another equilibrium, and why some have none."""

    tried: int
    found: tuple[SecondTold, ...]
    failures: tuple[str, ...]


def seconds(
    task: Task, beliefs: Beliefs, executor: Executor | None = None
) -> Callable[[], Seconds]:
    """Begin to try other starts in every situation, and return how to wait for what they lead to.

    It is tried at the median and at the low end of the first year, and nothing where all
    elasticities are above one. Situations of one policy at the medians are tried once.
    """
    number = task.inputs.elasticity.first_year
    medians, each = beliefs.at(0), dict[tuple[int, ...], Situation]()
    for one in task.situations:
        each.setdefault(digest(task.shock(one, medians), task.base), one)
    every = list(each.values())
    cases = [
        ({**medians, **({number.belief: first} if number.ranged else {})}, every[n : n + TOGETHER])
        for first in dict.fromkeys((number.value, number.low))
        for n in range(0, len(every), TOGETHER)
    ]
    under_way = begun(_tried, task, cases, executor)

    def led() -> Seconds:
        found = [one for some in under_way() for one in some]
        tried = [one for one in found if isinstance(one, list)]
        failures = tuple(dict.fromkeys(one for one in found if isinstance(one, str)))
        return Seconds(len(tried), tuple(two for one in tried for two in one), failures)

    return led


def _tried(task: Task, case: tuple[Values, Sequence[Situation]]) -> list[list[SecondTold] | str]:
    """Return other equilibria of some situations of one world, or why one has none.

    Nothing where elasticities are above one.
    """
    values, some = case
    at = sigmas(task.inputs, values, task.ages[0])
    world = task.world(at, values)
    if world.placed.trade_elasticity.min() >= 0.0:
        return []
    readings, path = Readings(task.inputs, world), Path(task.closure, task.begun, TOLERANCE)
    found: list[list[SecondTold] | str] = []

    def refuse(state: State, failure: TulaError) -> None:
        name = told(task.inputs, some[state[1]])
        found.append(f"{name} at a sigma of {at.slow:g}: {failure}")

    for place in range(0, len(some), WINDOW):
        path.enter(world)
        asked = dict[State, Policy]()
        for n, one in enumerate(some[place : place + WINDOW], place):
            shock = task.shock(one, values)
            asked[0, n] = Policy(digest(shock, task.base), shock)
        known = path.read(asked, lambda known: known, refuse)
        each = beside(list(known.values()), path.solver, path.blocks)
        for (_, n), led in zip(known, each, strict=True):
            first, *others = (_named(task, readings.of(one)) for one in led.solutions)
            name = told(task.inputs, some[n])
            found.append([_second(name, at.slow, first, other) for other in others])
    return found


def _second(
    name: str, sigma: float, first: dict[str, float], other: dict[str, float]
) -> SecondTold:
    return SecondTold(situation=name, first_year=sigma, first=first, other=other)


def _named(task: Task, read: Array) -> dict[str, float]:
    names = [*(tie.id for tie in task.inputs.critical), task.inputs.pivot]
    return dict(zip(names, read.tolist(), strict=False))
