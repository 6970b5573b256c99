"""Other equilibria of the situations in which some elasticity lies below one."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from tula.equilibrium.second_start import equilibria
from tula.strategy.answer.beliefs import Beliefs, Values
from tula.strategy.answer.result import SecondTold
from tula.strategy.answer.states import Readings, Task, digest, told
from tula.strategy.answer.worlds import sigmas

Array = np.ndarray


class Seconds(NamedTuple):
    """How many policies were tried, and those with another equilibrium."""

    tried: int
    found: tuple[SecondTold, ...]


def seconds(task: Task, beliefs: Beliefs) -> Seconds:
    """Try other starts in every situation, at the median and at the low end of the first year.

    Nothing is tried where all elasticities are above one.
    """
    number = task.inputs.elasticity.first_year
    tried, found = 0, list[SecondTold]()
    for first in dict.fromkeys((number.value, number.low)):
        values = {**beliefs.at(0), number.belief: first}
        one = _tried(task, values)
        tried += one.tried
        found += one.found
    return Seconds(tried, tuple(found))


def _tried(task: Task, values: Values) -> Seconds:
    at = sigmas(task.inputs, values, float(task.ages[0]))
    world = task.world(at, values)
    if world.placed.trade_elasticity.min() >= 0.0:
        return Seconds(0, ())
    readings, known, found = Readings(task, world), set[bytes](), list[SecondTold]()
    for situation in task.situations:
        shock = task.shock(situation, values, world)
        if digest(shock) in known:
            continue
        known.add(digest(shock))
        first, *others = equilibria(world, shock, closure=task.closure).solutions
        found += [
            SecondTold(
                situation=told(task.inputs, situation),
                first_year=at.slow,
                first=_named(task, readings.of(first)),
                other=_named(task, readings.of(other)),
            )
            for other in others
        ]
    return Seconds(len(known), tuple(found))


def _named(task: Task, read: Array) -> dict[str, float]:
    names = [*(tie.id for tie in task.inputs.critical), task.inputs.pivot]
    return dict(zip(names, read.tolist(), strict=False))
