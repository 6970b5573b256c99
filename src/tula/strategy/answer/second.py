"""Other equilibria of the situations in which some elasticity lies below one."""

from __future__ import annotations

from concurrent.futures import Executor
from functools import partial
from typing import NamedTuple

import numpy as np

from tula.equilibrium.errors import unwarned
from tula.equilibrium.second_start import equilibria
from tula.strategy.answer.beliefs import Beliefs, Values
from tula.strategy.answer.policies import Situation
from tula.strategy.answer.result import SecondTold
from tula.strategy.answer.states import Readings, Task, digest, shared, told
from tula.strategy.answer.worlds import sigmas

Array = np.ndarray


class Seconds(NamedTuple):
    """How many policies were tried, and those with another equilibrium."""

    tried: int
    found: tuple[SecondTold, ...]


def seconds(task: Task, beliefs: Beliefs, executor: Executor | None = None) -> Seconds:
    """Try other starts in every situation, at the median and at the low end of the first year.

    Nothing is tried where all elasticities are above one.
    """
    number = task.inputs.elasticity.first_year
    each: dict[tuple[float, bytes], tuple[Situation, dict[str, float]]] = {}
    for first in dict.fromkeys((number.value, number.low)):
        values = {**beliefs.at(0), number.belief: first}
        for one in task.situations:
            each.setdefault((first, digest(task.shock(one, values))), (one, values))
    found = shared(partial(_tried, task), list(each.values()), executor)
    return Seconds(
        sum(one is not None for one in found), tuple(two for one in found for two in one or ())
    )


def _tried(task: Task, case: tuple[Situation, Values]) -> list[SecondTold] | None:
    """Return other equilibria of one situation; None where elasticities are above one."""
    situation, values = case
    at = sigmas(task.inputs, values, task.ages[0])
    world = task.world(at, values)
    if world.placed.trade_elasticity.min() >= 0.0:
        return None
    readings = Readings(task, world)
    with unwarned():
        solved = equilibria(world, task.shock(situation, values), closure=task.closure).solutions
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
