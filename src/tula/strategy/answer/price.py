"""The price: what the best course that gives in is worth less the one that keeps the balance."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from functools import partial
from typing import Literal

import numpy as np

from tula.policy.caps import CapInstrument, Recipient
from tula.shapes import Float
from tula.strategy.answer.beliefs import Beliefs, Values
from tula.strategy.answer.flows import Months, Way
from tula.strategy.answer.found import spread
from tula.strategy.answer.inputs import SHORT_RUNS, AnswerInputs, Course
from tula.strategy.answer.proofs import AloneTold
from tula.strategy.answer.result import CourseTold, PriceTold
from tula.strategy.answer.scenarios import Scenario, rents_to
from tula.strategy.answer.shared import begun
from tula.strategy.answer.states import (
    Task,
    solve_draw,
    solve_draws,
)
from tula.strategy.answer.walk import ROUGH

Array = np.ndarray
#: Share of draws that must agree on a sign, and draws in which its ends are solved.
AGREE, END_DRAWS = 0.8, 8
#: Worlds in which the rents of what a course itself limits go elsewhere than the study says.
RENTS: dict[str, Recipient] = {"rents-lost": "nobody", "rents-to-buyers": "importer"}


def giving(inputs: AnswerInputs) -> tuple[Course, ...]:
    """Return the courses that give in: those but the first that meet something of a demand."""
    return tuple(
        one for one in inputs.options[1:] if any(share.high > 0.0 for share in one.meets.values())
    )


def best(inputs: AnswerInputs, worth: Mapping[str, Float[Array, " D"]]) -> Course | None:
    """Return the best course that gives in, chosen once, on the mean over draws."""
    candidates = giving(inputs)
    return max(candidates, key=lambda one: worth[one.id].mean()) if candidates else None


def courses(
    inputs: AnswerInputs,
    money: Mapping[str, Float[Array, "D C"]],
    alone: Mapping[str, AloneTold | None],
) -> tuple[CourseTold, ...]:
    """Tell what every course is worth.

    ``money`` as ``Months.income`` has it; ``alone``: what its scenario is worth by itself.
    """
    keep = money[inputs.keep.id]
    return tuple(
        CourseTold(
            id=one.id,
            title=one.title,
            worth=spread(money[one.id][:, 0]),
            gain=spread(money[one.id][:, 0] - keep[:, 0]),
            common=spread(money[one.id][:, -1] - keep[:, -1]),
            alone=alone.get(one.id),
        )
        for one in inputs.options
    )


def price(
    task: Task,
    beliefs: Beliefs,
    money: Mapping[str, Float[Array, "D C"]],
    medians: Float[Array, "A S R"],
    executor: Executor | None = None,
) -> Callable[[], PriceTold | None]:
    """Begin to look for the price, and return how to wait for it; None where no course gives in.

    ``beliefs`` with the medians first; ``money`` of every course, as ``Months.income`` has it;
    ``medians``: what was read of all states at the medians. A sign needs four fifths of these
    draws, of those solved anew at both ends of sigma with supply as stated and free, and at the
    medians all short-run worlds, and the study's own with the rents of what the courses limit given
    elsewhere. Where the draws or the worlds do not agree, nothing is solved
    at the ends.
    """
    inputs = task.inputs
    course = best(inputs, {name: one[:, 0] for name, one in money.items()})
    if course is None:
        return lambda: None
    pair = {course.id, inputs.keep.id}
    needed = [
        n for n, s in enumerate(task.situations) if s.course in pair and s.acted and not s.moves
    ]
    task = replace(task, situations=tuple(task.situations[n] for n in needed))
    beside = money[course.id] - money[inputs.keep.id]
    prices = beside[:, 0]
    above = float((prices > 0.0).mean())
    by_world = _by_world(task, course, beliefs.rows(np.arange(1)), medians[:, needed], executor)

    def told() -> PriceTold:
        found = by_world()
        worlds = {name: one[0] for name, one in found.items()}
        common = {name: one[1] for name, one in found.items() if name not in RENTS}
        undecided = _split(above) or not _sign([above], list(worlds.values()))
        agreement = {} if undecided else _at_ends(task, course, beliefs, executor)
        return PriceTold(
            course=course.id,
            price=spread(prices),
            above=above,
            sign=_sign([above, *agreement.values()], list(worlds.values())),
            agreement=agreement,
            by_world=worlds,
            common=spread(beside[:, -1]),
            common_by_world=common,
        )

    return told


def _split(above: float) -> bool:
    return above < AGREE and 1.0 - above < AGREE


def _sign(shares: Sequence[float], worlds: Sequence[float | None]) -> Literal[-1, 0, 1]:
    money = [one for one in worlds if one is not None]
    if min(shares) >= AGREE and min(money) > 0.0:
        return 1
    return -1 if 1.0 - max(shares) >= AGREE and max(money) <= 0.0 else 0


def _at_ends(
    task: Task, course: Course, beliefs: Beliefs, executor: Executor | None
) -> dict[str, float]:
    """Return the share of draws above zero at both ends of sigma, supply as stated and free.

    The age in the middle of the months stands for all of them.
    """
    first, few = task.inputs.elasticity.first_year, np.arange(1, len(beliefs.drawn))[:END_DRAWS]
    middle = (float(np.median(task.months)),)
    found = {}
    for sigma in sorted({first.low, first.high}):
        held = beliefs.rows(few)
        held = held.held(first.belief, sigma) if first.ranged else held
        for free in (False, True):
            name = f"sigma {sigma:g}, supply {'free' if free else 'as stated'}"
            at = replace(task, free=free, ages=middle)
            found[name] = float((_prices(at, course, held, executor) > 0.0).mean())
    return found


def _by_world(
    task: Task,
    course: Course,
    median: Beliefs,
    read: Float[Array, "A S R"],
    executor: Executor | None,
) -> Callable[[], dict[str, tuple[float, float] | tuple[None, None]]]:
    """Begin to look for the price at the medians, and its part through wages, by short-run world.

    None without an equilibrium. ``read`` is what was read in the study's own.
    """
    values = median.at(0)
    others = [*(name for name in SHORT_RUNS if name != task.slow), *_elsewhere(task, values)]
    under_way = begun(partial(_in_world, values=values), task, others, executor)

    def told(one: Float[Array, "A S R"]) -> tuple[float, float] | tuple[None, None]:
        if not np.isfinite(one).all():
            return None, None
        whole, *_, common = _worth(task, course, median, one[None])[0].tolist()
        return whole, common

    def found() -> dict[str, tuple[float, float] | tuple[None, None]]:
        every = {task.slow: read, **dict(zip(others, under_way(), strict=True))}
        return {name: told(every[name]) for name in (*SHORT_RUNS, *RENTS) if name in every}

    return found


def _elsewhere(task: Task, values: Values) -> list[str]:
    """Return who else could keep the rents of what the courses limit; nobody where there are none.

    An embargo leaves no rent.
    """
    limits = [
        one.rent_to
        for scenario in _own(task).values()
        for one in scenario.at(values)
        if isinstance(one, CapInstrument) and one.ceiling > 0.0
    ]
    return [("rents-lost" if "importer" in limits else "rents-to-buyers")] if limits else []


def _own(task: Task) -> dict[str, Scenario]:
    """Return the scenarios that the courses themselves are."""
    courses = map(task.inputs.course, dict.fromkeys(one.course for one in task.situations))
    return {name: task.scenarios[name] for course in courses for name in course.scenarios}


def _in_world(task: Task, name: str, values: Values) -> Float[Array, "A S R"]:
    """Solve all states of a draw in a short-run world, or with rents that go elsewhere."""
    if name not in RENTS:
        return solve_draw(replace(task, slow=name), values, ROUGH).read
    moved = {
        own: replace(one, instruments=rents_to(RENTS[name], one.instruments))
        for own, one in _own(task).items()
    }
    return solve_draw(replace(task, scenarios={**task.scenarios, **moved}), values, ROUGH).read


def _prices(
    task: Task, course: Course, beliefs: Beliefs, executor: Executor | None = None
) -> Float[Array, " D"]:
    """Solve prices anew; those of draws in which all situations have an equilibrium."""
    found = solve_draws(task, beliefs, executor)().solved
    good = np.array([np.isfinite(one.read).all() for one in found])
    if not good.any():
        return np.zeros(0)
    read = np.stack([one.read for one in found])[good]
    return _worth(task, course, beliefs.rows(good), read)[:, 0]


def _worth(
    task: Task, course: Course, beliefs: Beliefs, read: Float[Array, "D A S R"]
) -> Float[Array, "D C"]:
    """Return the money of a course less that of the one that keeps the balance, bn USD."""
    number = {one: n for n, one in enumerate(task.situations)}
    months = Months(task.inputs, read, task.ages, task.months, number)
    ways = Way(course), Way(task.inputs.keep)
    return np.asarray(np.subtract(*(months.income(way, beliefs) for way in ways)))
