"""Other equilibria of the situations in which some elasticity lies below one."""

from __future__ import annotations

from concurrent.futures import Executor
from functools import partial
from typing import NamedTuple

import numpy as np

from tula.equilibrium.errors import unwarned
from tula.equilibrium.second_start import equilibria
from tula.errors import TulaError
from tula.strategy.answer.beliefs import Beliefs, Values
from tula.strategy.answer.policies import Situation
from tula.strategy.answer.readings import Readings
from tula.strategy.answer.result import SecondTold
from tula.strategy.answer.states import Task, digest, shared, told
from tula.strategy.answer.worlds import sigmas

Array = np.ndarray


class Seconds(NamedTuple):
    """How many policies were tried, those with another equilibrium, and why some have none."""

    tried: int
    found: tuple[SecondTold, ...]
    failures: tuple[str, ...]


def seconds(task: Task, beliefs: Beliefs, executor: Executor | None = None) -> Seconds:
    """Try other starts in every situation, at the median and at the low end of the first year.

    Nothing is tried where all elasticities are above one.
    """
    number = task.inputs.elasticity.first_year
    each: dict[tuple[float, ...], tuple[Situation, dict[str, float]]] = {}
    for first in dict.fromkeys((number.value, number.low)):
        values = {**beliefs.at(0), **({number.belief: first} if number.ranged else {})}
        for one in task.situations:
            each.setdefault((first, *digest(task.shock(one, values))), (one, values))
    found = shared(partial(_tried, task), list(each.values()), executor)
    tried = [one for one in found if isinstance(one, list)]
    failures = tuple(dict.fromkeys(one for one in found if isinstance(one, str)))
    return Seconds(len(tried), tuple(two for one in tried for two in one), failures)


def _tried(task: Task, case: tuple[Situation, Values]) -> list[SecondTold] | str | None:
    """Return other equilibria of one situation, or why it has none.

    None where elasticities are above one.
    """
    situation, values = case
    at = sigmas(task.inputs, values, task.ages[0])
    world = task.world(at, values)
    if world.placed.trade_elasticity.min() >= 0.0:
        return None
    readings = Readings(task.inputs, world)
    shock = task.shock(situation, values)
    try:
        with unwarned():
            solved = equilibria(world, shock, closure=task.closure).solutions
    except TulaError as failure:
        return f"{told(task.inputs, situation)} at a sigma of {at.slow:g}: {failure}"
    return [
        SecondTold(
            situation=told(task.inputs, situation),
            first_year=at.slow,
            first=_named(task, readings.of(solved[0])),
            other=_named(task, readings.of(other)),
        )
        for other in solved[1:]
    ]


def _named(task: Task, read: Array) -> dict[str, float]:
    names = [*(tie.id for tie in task.inputs.critical), task.inputs.pivot]
    return dict(zip(names, read.tolist(), strict=False))
