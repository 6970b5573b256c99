"""The world of the answer in one situation, one month and at one value of every belief."""

from __future__ import annotations

import warnings
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from tula.errors import UnknownNameError
from tula.policy.duties import DutyTable
from tula.strategy.answer.answer import Scenarios, prepared
from tula.strategy.answer.beliefs import FEWEST, Values, value_of
from tula.strategy.answer.errors import AnswerError
from tula.strategy.answer.inputs import LIKELY, AnswerInputs
from tula.strategy.answer.policies import Situation
from tula.strategy.answer.proofs import StandTold
from tula.strategy.answer.states import Task, solve_draw
from tula.world.economy import Economy


class BeyondBeliefWarning(UserWarning):
    """A belief is asked about at a value that its range leaves out."""


@dataclass(frozen=True)
class Asked:
    """One situation that is asked about."""

    on: Collection[str] | None = None
    """Threats and events that stand; unsaid, those likely in the first month."""
    happened: Collection[str] = ()
    """Causes that have happened."""
    course: str = ""
    """What the pivot does; unsaid, what keeps the balance."""
    offer: bool = False
    """Whether what the course is done for is honoured."""
    month: int = 1
    """Month from the announced day."""
    beliefs: Mapping[str, float] = field(default_factory=dict)
    """Values in the place of medians."""


def stand(
    inputs: AnswerInputs,
    economy: Economy,
    scenarios: Scenarios,
    asked: Asked,
    duties: DutyTable | None = None,
) -> StandTold:
    """Return what arrives of every tie, and incomes, where one situation stands for certain.

    It says nothing of chances: ``answer`` does. Raises ``UnknownNameError``, ``AnswerError`` where
    there is no equilibrium, and the errors of ``answer``.
    """
    task, drawn, _ = prepared(inputs, economy, scenarios, FEWEST, 0, duties)
    known, first = drawn.at(0), as_it_stands(inputs)
    situation = Situation(
        asked.course or first.course,
        first.on if asked.on is None else frozenset(asked.on),
        frozenset(asked.happened),
        offer=asked.offer,
    )
    _require_known(inputs, situation, asked.month)
    for name, value in asked.beliefs.items():
        if name not in known:
            raise UnknownNameError("belief with a range", name, known)
        if not np.isfinite(value):
            raise AnswerError([f"belief {name}: {value} is no number"])
        low, high = drawn.priors[name].low, drawn.priors[name].high
        if not low <= value <= high:
            said = f"{name} at {value:g} lies outside {low:g} to {high:g}, which are held plausible"
            warnings.warn(said, BeyondBeliefWarning, stacklevel=1)
    return stood(task, situation, asked.month, {**known, **asked.beliefs})


def as_it_stands(inputs: AnswerInputs) -> Situation:
    """Return the first month's likeliest: the course that keeps, threats and events by chance."""
    likely = frozenset(one.id for one in inputs.switches if one.now.value >= LIKELY)
    return Situation(inputs.keep.id, likely, frozenset())


def stood(task: Task, asked: Situation, month: int, values: Values) -> StandTold:
    """Return the readings of a situation, begun where the answer begins; errors as ``stand``."""
    inputs = task.inputs
    first, age = as_it_stands(inputs), float(task.months[month - 1])
    pair = replace(task, situations=(_moving(inputs, first), _moving(inputs, asked)),
                   ages=(task.ages[0], age))  # fmt: skip
    solved = solve_draw(pair, values)
    read = solved.read[-1, -1]
    if not np.isfinite(read).all():
        raise AnswerError([f"no equilibrium: {one}" for one in solved.failures])
    carried = dict.fromkeys((tie.id for tie in inputs.critical), 1.0)
    for switch in inputs.switches:
        if switch.id in asked.on:
            for name, left in switch.carried.items():
                carried[name] *= value_of(left, values)
    ties = len(inputs.critical)
    names = (inputs.pivot, *inputs.rivals)
    return StandTold(
        course=asked.course,
        on=tuple(sorted(asked.on)),
        happened=tuple(sorted(asked.fired)),
        offer=asked.offer,
        month=month,
        kept={
            name: float(flow) * carried[name]
            for name, flow in zip(carried, read[:ties], strict=True)
        },
        income=dict(zip(names, read[ties : ties + len(names)].tolist(), strict=True)),
    )


def _moving(inputs: AnswerInputs, asked: Situation) -> Situation:
    """The situation with what moves the world alone, as the answer has it."""
    on = frozenset(one.id for one in inputs.switches if one.id in asked.on and one.moves_world)
    fired = frozenset(one.id for one in inputs.causes if one.id in asked.fired and one.layers)
    course = inputs.course(asked.course)
    given = asked.offer and bool(course.offer and course.offer.gives)
    return asked._replace(on=on, fired=fired, offer=given)


def _require_known(inputs: AnswerInputs, asked: Situation, month: int) -> None:
    switches, causes = [s.id for s in inputs.switches], [c.id for c in inputs.causes]
    courses = [one.id for one in inputs.options]
    for kind, names, valid in (
        ("threat or event", asked.on, switches),
        ("cause", asked.fired, causes),
        ("course", {asked.course}, courses),
    ):
        for name in sorted(names - set(valid)):
            raise UnknownNameError(kind, name, valid)
    if not 1 <= month <= inputs.months:
        raise AnswerError([f"month {month}: expected 1 to {inputs.months}"])
    if asked.offer and inputs.course(asked.course).offer is None:
        raise AnswerError([f"course {asked.course} is done for no offer: ask without it"])
