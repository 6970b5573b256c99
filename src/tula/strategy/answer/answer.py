"""The answer of a study: from announced definitions and beliefs to a label, its odds and a price.

    beliefs -> calendar -> situations -> solved states -> flows along paths -> margins -> label
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace

import numpy as np

from tula.errors import TulaError
from tula.numbers.record import quantities
from tula.policy.duties import DutyTable
from tula.policy.instruments import Instrument
from tula.shapes import Float
from tula.strategy.answer.beliefs import Beliefs, draw
from tula.strategy.answer.calendar import calendar
from tula.strategy.answer.flows import PATHS, Months, Paths, Way
from tula.strategy.answer.inputs import SHORT_RUNS, AnswerInputs, Course
from tula.strategy.answer.label import Label, ends_of_kept, label
from tula.strategy.answer.margins import Powers, conditions, powers
from tula.strategy.answer.moves import frontier, solved_sets
from tula.strategy.answer.path import path
from tula.strategy.answer.policies import Situation, situations
from tula.strategy.answer.price import END_DRAWS, best, courses, price
from tula.strategy.answer.response import Response, moving
from tula.strategy.answer.result import Answer, PriceTold, ProofTold
from tula.strategy.answer.scenarios import Scenario, scenarios_of
from tula.strategy.answer.second import seconds
from tula.strategy.answer.states import (
    Solved,
    Task,
    buyers_moved,
    interpolated,
    solve_draws,
    usable,
)
from tula.strategy.answer.tell import (
    beliefs_told,
    conditions_told,
    demands_told,
    powers_told,
    ties_told,
)
from tula.strategy.answer.turning import joint, one_by_one, plane
from tula.world.economy import Economy

Array = np.ndarray
Scenarios = Mapping[str, Scenario | Sequence[Instrument]]


def answer(
    inputs: AnswerInputs,
    economy: Economy,
    scenarios: Scenarios,
    *,
    draws: int = 64,
    seed: int = 0,
    duties: DutyTable | None = None,
    executor: Executor | None = None,
) -> Answer:
    """Return the answer: can the pivot deal with both rivals without being ruled by either?

    ``scenarios`` by id hold instruments, or a ``Scenario`` whose numbers may be beliefs;
    ``duties`` is the table of the duties of the day, the embedded one if None. ``executor`` shares
    draws among its workers; the numbers do not depend on it, and the same seed gives the same.

    Raises ``AnswerError`` where something is not given or not named, and where more than two per
    cent of the draws have no equilibrium; ``UnknownNameError``, ``DutyDayError`` and the errors of
    the policy room.
    """
    # What is believed, what may happen, and which situations of the world that makes.
    known = scenarios_of(scenarios, _asked(inputs))
    leaves = (leaf.number for one in known.values() for leaf in one.leaves)
    every = draw([*quantities(inputs).values(), *leaves], draws, seed)
    _refuse_strangers(inputs, every)
    number = _numbered(inputs, every)
    task = Task(inputs, economy, known, duties, tuple(number), {}, inputs.elasticity.slow)
    task = replace(task, hit=buyers_moved(task, every.at(0)))

    # The world in all of them, and what the rivals can take.
    solved = solve_draws(task, every, executor)
    leverage = powers(inputs, economy, known, duties, every, executor)
    read, rows, why = usable(solved, leverage)
    counted = rows[rows > 0]
    beliefs, held = every.rows(counted), leverage.rows(counted)
    months = Months(inputs, interpolated(read[rows > 0], task.ages, task.months), number)

    # What arrives, by how much each condition is met, and what is said of it.
    keep = Way(inputs.keep)
    kept = months.follow(keep, beliefs, seed)
    others = _others(months, beliefs, seed) or kept
    found = conditions(inputs, kept, others, held, beliefs)
    said = label(found)
    holds_from, broken_from = ends_of_kept(inputs, found)

    # What the other courses are worth, and what would turn it.
    worth = {one.id: months.income(Way(one), beliefs)[:, 0] for one in inputs.options}
    rival = best(inputs, worth)
    moved = moving(inputs, known, beliefs)
    response = Response(
        inputs, beliefs, read[rows > 0], held, task.ages, task.months, number, moved, rival, seed
    )
    turns = one_by_one(response)
    return Answer(
        pivot=inputs.pivot,
        rivals=inputs.rivals,
        announced=inputs.announced,
        months=inputs.months,
        kept=inputs.kept,
        met=inputs.met,
        label=said.word,
        odds=said.odds,
        error=said.error,
        decides=said.order[0].id,
        next=said.order[1].id if len(said.order) > 1 else None,
        reason=said.reason,
        holds_from=holds_from,
        broken_from=broken_from,
        conditions=conditions_told(said),
        ties=ties_told(inputs, kept, economy),
        powers=powers_told(inputs, held, beliefs),
        demands=demands_told(inputs, kept, beliefs),
        courses=courses(inputs, worth),
        price=_price(task, every, number, worth, rival, executor),
        path=path(inputs, kept, others, found),
        turning=turns,
        plane=plane(response, turns),
        joint=joint(response, turns),
        frontier=frontier(response, said, known),
        beliefs=beliefs_told(beliefs, turns),
        clock=_clock(inputs),
        proof=_proof(task, every, solved, len(counted), why, read, response),
    )


def _asked(inputs: AnswerInputs) -> Iterator[str]:
    """Yield every scenario that is named."""
    for course in inputs.options:
        yield from course.scenarios
        yield from course.offer.gives if course.offer else ()
    for one in (*inputs.switches, *inputs.moves):
        yield from one.scenarios
    for demand in inputs.demands:
        yield from demand.meeting


def _refuse_strangers(inputs: AnswerInputs, beliefs: Beliefs) -> None:
    from tula.errors import UnknownNameError

    for move in inputs.moves:
        for name in move.beliefs:
            if name not in beliefs.priors:
                raise UnknownNameError("belief with a range", name, beliefs.names)


def _ways(inputs: AnswerInputs) -> Iterator[Way]:
    """Yield every way whose situations are solved."""
    for moves in solved_sets(inputs):
        yield Way(inputs.keep, moves)
        if inputs.keep.scenarios:
            yield Way(inputs.keep, moves, acted=False)
    yield from (Way(one) for one in inputs.options[1:])


def _numbered(inputs: AnswerInputs, beliefs: Beliefs) -> dict[Situation, int]:
    """Return every situation that can arise, with its number."""
    found: dict[Situation, int] = {}
    for way in _ways(inputs):
        chain = calendar(inputs, way.course, beliefs)
        for one in situations(inputs, way.course, chain, way.moves, way.acted)[0]:
            found.setdefault(one, len(found))
    return found


def _others(months: Months, beliefs: Beliefs, seed: int) -> Paths | None:
    """Return flows without what the pivot's government does itself; None where that is nothing."""
    keep = months.inputs.keep
    return months.follow(Way(keep, acted=False), beliefs, seed) if keep.scenarios else None


@dataclass(frozen=True)
class _Prices:
    """Prices of one course solved anew in other worlds and draws."""

    task: Task
    course: Course

    def of(self, beliefs: Beliefs, executor: Executor | None) -> Float[Array, " D"]:
        """Return prices by draw but the first, the medians', if there are others."""
        inputs = self.task.inputs
        read = usable(solve_draws(self.task, beliefs, executor))[0]
        number = {one: n for n, one in enumerate(self.task.situations)}
        months = Months(inputs, interpolated(read, self.task.ages, self.task.months), number)
        worth = [months.income(Way(one), beliefs)[:, 0] for one in (self.course, inputs.keep)]
        return np.asarray(worth[0] - worth[1])


def _price(
    task: Task,
    beliefs: Beliefs,
    number: Mapping[Situation, int],
    worth: Mapping[str, Float[Array, " D"]],
    course: Course | None,
    executor: Executor | None,
) -> PriceTold | None:
    """Return the price of the best course that gives in; None where there is none."""
    if course is None:
        return None
    inputs = task.inputs
    both = (course.id, inputs.keep.id)
    needed = tuple(one for one in number if one.course in both and not one.moves and one.acted)
    task = replace(task, situations=needed)

    def ends() -> dict[str, Float[Array, " E"]]:
        first, few = inputs.elasticity.first_year, beliefs.rows(np.arange(1 + END_DRAWS))
        found = {}
        for sigma in sorted({first.low, first.high}):
            held = few.held(first.belief, sigma) if first.ranged else few
            for free in (False, True):
                name = f"sigma {sigma:g}, supply {'free' if free else 'as stated'}"
                found[name] = _Prices(replace(task, free=free), course).of(held, executor)[1:]
        return found

    worlds = {}
    for name in SHORT_RUNS:
        try:
            one = _Prices(replace(task, slow=name), course).of(beliefs.rows(np.arange(1)), None)
        except TulaError:
            continue
        worlds[name] = float(one[0])
    return price(course, worth[course.id] - worth[inputs.keep.id], ends, worlds)


def _clock(inputs: AnswerInputs) -> str:
    return (
        f"The age of every month counts from {inputs.since}; one elasticity serves a month, whatever "
        "the age of each duty in it."
    )


def _proof(
    task: Task,
    beliefs: Beliefs,
    solved: Sequence[Solved],
    counted: int,
    why: Sequence[str],
    read: Float[Array, "D A S R"],
    response: Response,
) -> ProofTold:
    """Tell how the numbers came about."""
    second = seconds(task, beliefs)
    return ProofTold(
        draws=counted,
        failed=len(solved) - 1 - counted,
        why=tuple(why),
        paths=PATHS,
        solves=sum(one.solves for one in solved),
        interpolation=_interpolation(task, beliefs, read[:1]),
        second_starts=second.tried,
        seconds=second.found,
        apart=sum(bool(one.said) for one in solved[1:]),
        fit=response.explained,
    )


def _interpolation(task: Task, beliefs: Beliefs, read: Float[Array, "1 A S R"]) -> float:
    """Return the largest error of a flow between the ages solved, at the medians."""
    monthly = replace(task, every_month=True)
    exact = solve_draws(monthly, beliefs.rows(np.arange(1)))[0].read
    between = interpolated(read, task.ages, task.months)[0]
    ties = len(task.inputs.critical)
    return float(np.nanmax(np.abs(exact - between)[..., :ties]))
