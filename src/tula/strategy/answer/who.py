"""Who pays: the pivot's sectors, its jobs, and households of every region of the world.

Two situations of the answer are set beside each other, each solved at the medians and at the age
in the middle of the months: a threat that stands beside one that does not, and the best course
that gives in beside the one that keeps the balance.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np

from tula.equilibrium.anderson import Anderson
from tula.equilibrium.calibration import Calibration
from tula.equilibrium.solution import Solution
from tula.errors import TulaError
from tula.metrics.arrays import ratio
from tula.shapes import Float
from tula.strategy.answer.beliefs import Values, value_of
from tula.strategy.answer.inputs import LIKELY, AnswerInputs, Course
from tula.strategy.answer.payers import HouseholdTold, JobsTold, SectorTold, WhoTold
from tula.strategy.answer.policies import Situation, rents, weight
from tula.strategy.answer.states import Task
from tula.strategy.answer.walk import Path
from tula.strategy.answer.worlds import sigmas

Array = np.ndarray
NOTHING: frozenset[str] = frozenset()


class Who(NamedTuple):
    """What each pair of situations came to, and why others have no answer."""

    found: tuple[WhoTold, ...]
    failures: tuple[str, ...]


class Pair(NamedTuple):
    """What is set beside what."""

    id: str
    title: str
    beside: str
    after: Situation
    before: Situation


class Paid(NamedTuple):
    """What one situation leaves, over the base year.

    ``value_added`` (S,) of the pivot at its base prices of the final basket, million USD;
    ``volume`` (S,) of the factors at work; ``income`` (N,) real income of the regions.
    """

    value_added: Float[Array, " S"]
    volume: Float[Array, " S"]
    income: Float[Array, " N"]


def who_pays(task: Task, values: Values, course: Course | None) -> Who:
    """Return who pays under every threat, and for giving in by ``course`` if there is one.

    A pair of which one situation has no equilibrium is told in ``failures``.
    """
    middle = float(np.median(task.months))
    age = min(task.ages, key=lambda one: abs(one - middle))
    world = task.world(sigmas(task.inputs, values, age), values)
    path = Path(task.closure, task.begun, Anderson().tolerance)
    path.enter(world)
    known: dict[Situation, Paid] = {}
    found, failures = [], []
    for pair in pairs(task.inputs, values, course):
        try:
            for one in (pair.before, pair.after):
                if one not in known:
                    known[one] = _paid(task, one, values, path)
        except TulaError as failure:
            failures.append(f"{pair.title}: {failure}")
            continue
        found.append(_told(task.inputs, pair, known[pair.before], known[pair.after], world))
    return Who(tuple(found), tuple(failures))


def pairs(inputs: AnswerInputs, values: Values, course: Course | None) -> Iterator[Pair]:
    """Yield what is set beside what; nothing else stands in any of them.

    The course that keeps bears the threats that giving in ends and that stand on the day.
    """
    keep = inputs.keep
    plain = Situation(keep.id, NOTHING, NOTHING)
    for one in inputs.threats:
        if one.moves_world:
            on = plain._replace(on=frozenset({one.id}))
            yield Pair(one.id, one.title, f"{keep.title}, without it", on, plain)
    if course is None:
        return
    lifted = course.offer.lifts if course.offer else ()
    borne = [
        one
        for one in inputs.threats
        if one.moves_world
        and value_of(one.now, values) >= LIKELY
        and (one.id in lifted or one.demand in course.meets)
    ]
    offered = bool(course.offer and course.offer.gives)
    yield Pair(
        course.id,
        course.title,
        ", with ".join([keep.title, *(one.title for one in borne)]),
        Situation(course.id, NOTHING, NOTHING, offered),
        plain._replace(on=frozenset(one.id for one in borne)),
    )


def _paid(task: Task, situation: Situation, values: Values, path: Path) -> Paid:
    """Solve a situation; where rents are lost in part, the mean over its policies."""
    whole: list[Array] = []
    for one in rents(task.inputs, situation):
        if part := weight(task.inputs, one, values):
            read = read_off(path.solved(task.shock(one, values)).solution, task.inputs.pivot)
            terms = [part * array for array in read]
            whole = [a + b for a, b in zip(whole, terms, strict=True)] if whole else terms
    return Paid(*whole)


def read_off(solution: Solution, pivot: str) -> Paid:
    """Return what a solution leaves, the metrics ``real_value_added`` and ``real_income``."""
    at = solution.labels.region_index(pivot)
    value = solution.sector_value_added[at]
    return Paid(
        value / solution.final_price_hat[at],
        value / solution.factor_price_hat[at],
        solution.real_income_hat,
    )


def _told(
    inputs: AnswerInputs, pair: Pair, before: Paid, after: Paid, world: Calibration
) -> WhoTold:
    labels, spending = world.labels, world.final_spending / 1e3
    sectors = tuple(
        SectorTold(
            id=code,
            title=labels.sector_names.get(code, code),
            before=float(old) / 1e3,
            change=float(new - old) / 1e3,
            percent=_percent(new, old),
            volume=_percent(filled, empty),
        )
        for code, old, new, empty, filled in zip(
            labels.sectors, before.value_added, after.value_added, before.volume, after.volume,
            strict=True,
        )
    )  # fmt: skip
    old, new = float(before.value_added.sum()), float(after.value_added.sum())
    return WhoTold(
        id=pair.id,
        title=pair.title,
        beside=pair.beside,
        before=old / 1e3,
        change=(new - old) / 1e3,
        percent=_percent(new, old),
        sectors=sectors,
        jobs=tuple(_jobs(inputs, {one.id: one for one in sectors}, world, before.volume)),
        households=tuple(
            HouseholdTold(
                id=code,
                title=labels.region_names.get(code, code),
                change=float(size * (then - now)),
                percent=100.0 * float(then / now - 1.0),
            )
            for code, size, now, then in zip(
                labels.regions, spending, before.income, after.income, strict=True
            )
        ),
    )


def _jobs(
    inputs: AnswerInputs,
    sectors: Mapping[str, SectorTold],
    world: Calibration,
    volume: Float[Array, " S"],
) -> Iterator[JobsTold]:
    """Yield jobs that sources count, moving with the volume of value added where they are."""
    for one in inputs.employment:
        codes = sorted(world.labels.resolve_sectors(one.sectors))
        sizes = np.array([volume[world.labels.sector_index(code)] for code in codes])
        moved = np.array([sectors[code].volume or 0.0 for code in codes])
        percent = float(sizes @ moved / sizes.sum())
        yield JobsTold(
            id=one.id, title=one.title, jobs=one.jobs.value,
            change=one.jobs.value * percent / 100.0, percent=percent,
        )  # fmt: skip


def _percent(new: float, old: float) -> float | None:
    """Return a change in percent, None where there was nothing."""
    found = 100.0 * float(ratio(np.asarray(new - old), np.asarray(old)))
    return found if np.isfinite(found) else None
