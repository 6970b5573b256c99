"""The answer of a study: from announced definitions and beliefs to a label, its odds and a price.

beliefs -> calendar -> situations -> solved states -> flows along paths -> margins -> label
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple, TypeVar

import numpy as np

from tula.equilibrium.calibration import calibrate
from tula.errors import UnknownNameError
from tula.numbers.record import quantities
from tula.policy.duties import DutyTable
from tula.policy.instruments import Instrument
from tula.shapes import Float, Int
from tula.strategy.answer.alone import alone
from tula.strategy.answer.beliefs import Beliefs, draw
from tula.strategy.answer.calendar import calendar
from tula.strategy.answer.composed import Plan
from tula.strategy.answer.dated import dated_told
from tula.strategy.answer.errors import AnswerError
from tula.strategy.answer.flows import PATHS, Months, Way
from tula.strategy.answer.foretold import foretold
from tula.strategy.answer.inputs import AnswerInputs
from tula.strategy.answer.label import ends_of_kept, label
from tula.strategy.answer.margins import Powers, powers
from tula.strategy.answer.markets import markets_told
from tula.strategy.answer.moves import frontier, solved_sets
from tula.strategy.answer.moving import moving
from tula.strategy.answer.path import path
from tula.strategy.answer.policies import Duties, Situation, situations
from tula.strategy.answer.price import best, courses, price
from tula.strategy.answer.proofs import ProofTold
from tula.strategy.answer.response import Response
from tula.strategy.answer.result import Answer
from tula.strategy.answer.scenarios import Scenario, scenarios_of
from tula.strategy.answer.second import Seconds, seconds
from tula.strategy.answer.shared import begun
from tula.strategy.answer.states import (
    Draws,
    Solved,
    Task,
    buyers_moved,
    interpolated,
    solve_draw,
    solve_draws,
)
from tula.strategy.answer.tell import (
    beliefs_told,
    conditions_told,
    demands_told,
    draws_told,
    hands_told,
    powers_told,
    ties_told,
)
from tula.strategy.answer.turning import joint, one_by_one, plane
from tula.strategy.answer.walk import ROUGH
from tula.strategy.answer.who import Who, who_pays
from tula.strategy.answer.worlds import ages_of, nodes
from tula.world.economy import Economy

Array = np.ndarray
T = TypeVar("T")
Scenarios = Mapping[str, Scenario | Sequence[Instrument]]
#: Part of all draws that may be without an equilibrium.
MOST_FAILED = 0.02


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

    Arguments and errors as ``begin``, which looks for it beside other work.
    """
    every = inputs, economy, scenarios
    return begin(*every, draws=draws, seed=seed, duties=duties, executor=executor)()


def begin(
    inputs: AnswerInputs,
    economy: Economy,
    scenarios: Scenarios,
    *,
    draws: int = 64,
    seed: int = 0,
    duties: DutyTable | None = None,
    executor: Executor | None = None,
) -> Callable[[], Answer]:
    """Begin to look for the answer, and return how to wait for it.

    ``scenarios`` by id hold instruments, or a ``Scenario`` whose numbers may be beliefs;
    ``duties`` is the table of the duties of the day, the embedded one if None. ``executor`` shares
    draws among its workers; the numbers do not depend on it, and the same seed gives the same.

    Raises ``AnswerError`` where something is not given or not named, and where more than two per
    cent of the draws have no equilibrium; ``UnknownNameError``, ``DutyDayError`` and the errors of
    the policy room.
    """
    # What is believed, what may happen, and which situations of the world that makes.
    task, every, number = prepared(inputs, economy, scenarios, draws, seed, duties)

    # The world in all of them, what the rivals can take, and what does not wait for either.
    under_way = _UnderWay(
        powers(task, every, executor),
        solve_draws(task, every, executor),
        seconds(task, every, executor),
        begun(_aside, (task, every), (hands_told, markets_told), executor),
    )
    return partial(_concluded, task, every, number, seed, under_way, executor)


class _UnderWay(NamedTuple):
    """How to wait for what was begun: leverage, the draws, other starts, hands and markets."""

    powers: Callable[[], Powers]
    draws: Callable[[], Draws]
    seconds: Callable[[], Seconds]
    aside: Callable[[], list[Any]]


def _aside(common: tuple[Any, ...], told: Callable[..., T]) -> T:
    return told(*common)


def _concluded(
    task: Task,
    every: Beliefs,
    number: dict[Situation, int],
    seed: int,
    under_way: _UnderWay,
    executor: Executor | None,
) -> Answer:
    """Return the answer from what is under way."""
    inputs, known = task.inputs, task.scenarios
    (solved, planned), leverage = under_way.draws(), under_way.powers()
    counted = _counted(solved, leverage)
    read, beliefs = np.stack([solved[row].read for row in counted]), every.rows(counted)
    leverage = leverage.rows(counted)
    months = Months(inputs, read, task.ages, task.months, number)

    # What every course is worth, and what would turn the answer.
    money = {one.id: months.income(Way(one), beliefs) for one in inputs.options}
    giving = best(inputs, {name: one[:, 0] for name, one in money.items()})
    response = Response(
        replace(months, read=read[..., : inputs.core]), beliefs, leverage,
        moving(inputs, known, beliefs, number), giving, seed,
    )  # fmt: skip
    turning = one_by_one(response, executor)
    costs = price(task, every, money, solved[0].read, executor)
    pays = begun(_aside, (task, every.at(0), giving), (who_pays,), executor)
    between = begun(_interpolation, (task, every), ((solved[0].read, planned),), executor)
    dated = dated_told(response, executor)

    # What arrives, by how much each condition is met, and what is said of it.
    here = response.look(beliefs, paths=PATHS)
    (kept, others), found = here.followed, here.conditions
    said = label(found)
    ahead = path(inputs, kept, others, found)
    told = foretold(inputs, months, kept, beliefs, ahead)
    turns = turning()
    over, jointly = plane(response, turns, executor), joint(response, turns, executor)
    best_moves = frontier(response, said, known, executor)
    by_itself = {one.id: alone(response, one) for one in inputs.options}
    (who,), (hands, markets) = pays(), under_way.aside()
    return Answer(
        pivot=inputs.pivot,
        rivals=inputs.rivals,
        announced=inputs.announced,
        months=inputs.months,
        kept=inputs.kept,
        met=inputs.met,
        **said.told,
        **ends_of_kept(inputs, found)._asdict(),
        conditions=conditions_told(said),
        ties=ties_told(inputs, kept, task.economy),
        powers=powers_told(inputs, leverage, beliefs),
        hands=hands,
        demands=demands_told(inputs, kept, beliefs),
        courses=courses(inputs, money, by_itself),
        price=costs(),
        markets=markets,
        agree=inputs.agree,
        who=who.found,
        path=ahead,
        forecasts=told,
        switches={one.id: one.title for one in inputs.happenings},
        turning=turns,
        dated=dated(),
        plane=over(),
        joint=jointly(),
        frontier=best_moves(),
        beliefs=beliefs_told(beliefs, turns),
        clock=_clock(inputs),
        draws=draws_told(found, here.price, beliefs),
        proof=_proof(task, Draws(solved, planned), response, who, under_way.seconds(), *between()),
    )


def prepared(
    inputs: AnswerInputs,
    economy: Economy,
    scenarios: Scenarios,
    draws: int,
    seed: int,
    duties: DutyTable | None,
) -> tuple[Task, Beliefs, dict[Situation, int]]:
    """Return what all draws share, the draws, and the number of every situation.

    Raises ``AnswerError`` and ``UnknownNameError`` as ``answer``; nothing is solved.
    """
    known = scenarios_of(scenarios, inputs.scenarios)
    every = _drawn(inputs, known, draws, seed)
    chances = _chances(inputs, every)
    number = {one: n for n, one in enumerate(chances)}
    return _task(inputs, economy, known, duties, every, chances), every, number


def _drawn(
    inputs: AnswerInputs, scenarios: Mapping[str, Scenario], draws: int, seed: int
) -> Beliefs:
    """Draw all beliefs, of the block and of the scenarios; refuse moves of any other."""
    leaves = (leaf.number for one in scenarios.values() for leaf in one.leaves)
    every = draw([*quantities(inputs).values(), *leaves], draws, seed)
    for move in inputs.moves:
        for name in move.beliefs:
            if name not in every.priors:
                raise UnknownNameError("belief with a range", name, every.names)
    return every


def _chances(inputs: AnswerInputs, beliefs: Beliefs) -> dict[Situation, float]:
    """Return every situation that can arise, with its chance over draws and months."""
    found: dict[Situation, float] = {}
    for way in _ways(inputs):
        chain = calendar(inputs, way.course, beliefs, world=True)
        known, index = situations(inputs, way.course, chain, way.moves, way.acted)
        joint = chain.chances.mean(axis=(0, 1))
        for n in dict.fromkeys(index[joint > 0.0].tolist()):
            found.setdefault(known[n], float(joint[index == n].sum()))
    return found


def _ways(inputs: AnswerInputs) -> Iterator[Way]:
    """Yield every way whose situations are solved."""
    for moves in solved_sets(inputs):
        yield Way(inputs.keep, moves)
        if inputs.keep.scenarios:
            yield Way(inputs.keep, moves, acted=False)
    yield from (Way(one) for one in inputs.options[1:])


def _task(
    inputs: AnswerInputs,
    economy: Economy,
    scenarios: Mapping[str, Scenario],
    table: DutyTable | None,
    beliefs: Beliefs,
    chances: Mapping[Situation, float],
) -> Task:
    """Return what all draws share; who is slow to turn is seen at the medians."""
    duties = Duties(calibrate(economy), inputs, table)
    duties.require_force()
    months = ages_of(inputs.since, inputs.announced, inputs.months)
    slow = inputs.elasticity.slow
    ages = nodes(months)
    task = Task(
        inputs, economy, scenarios, duties, tuple(chances), {}, slow, ages,
        chances=chances, medians=beliefs.at(0),
    )  # fmt: skip
    return replace(task, hit=buyers_moved(task, beliefs.at(0)))


def _counted(solved: Sequence[Solved], leverage: Powers) -> Int[Array, " D"]:
    """Return the draws that have everything, the medians not among them.

    Raises ``AnswerError`` where more than ``MOST_FAILED`` of them have not, or the medians do not.
    """
    good = np.array([np.isfinite(one.read).all() for one in solved])
    good &= np.isfinite(leverage.needed).all(axis=1)
    lost = float(1.0 - good[1:].mean())
    if lost > MOST_FAILED or not good[0]:
        where = "at the medians" if not good[0] else f"in {lost:.0%} of the draws"
        hint = "what a course or a threat stops whole needs a path of its own, under commodities"
        raise AnswerError([f"no equilibrium {where}; {hint}", *_failures(solved, leverage)[:8]])
    return 1 + np.flatnonzero(good[1:])


def _failures(solved: Sequence[Solved], leverage: Powers) -> tuple[str, ...]:
    """Return why draws have no solution, each reason once."""
    states = (text for one in solved for text in one.failures)
    broken_off = (f"break-offs: {text}" for text in leverage.failures)
    return tuple(dict.fromkeys([*states, *broken_off]))


def _clock(inputs: AnswerInputs) -> str:
    since = f"{inputs.since.day} {inputs.since:%B} {inputs.since.year}"
    return (
        f"The age of every month counts from {since}; one elasticity serves a month, "
        "whatever the age of each duty in it."
    )


def _proof(
    task: Task,
    draws: Draws,
    response: Response,
    who: Who,
    second: Seconds,
    between: float,
) -> ProofTold:
    """Tell how the numbers came about."""
    solved, ties, counted = draws.solved, len(task.inputs.critical), len(response.beliefs.drawn)
    off = np.max([one.off for one in solved if one.off is not None] or [np.zeros(1)], axis=0)
    return ProofTold(
        draws=counted,
        failed=len(solved) - 1 - counted,
        why=(*_failures(solved, response.powers), *second.failures, *who.failures),
        paths=PATHS,
        solves=sum(one.solves for one in solved),
        interpolation=between,
        composed=len(draws.plan.composed),
        composed_flow=float(off[:ties].max(initial=0.0)),
        composed_income=float(off[ties : task.inputs.core].max(initial=0.0)),
        second_starts=second.tried,
        seconds=second.found,
        apart=sum(bool(one.said) for one in solved[1:]),
        fit=response.explained,
    )


def _interpolation(common: tuple[Task, Beliefs], item: tuple[Float[Array, "A S R"], Plan]) -> float:
    """Return the largest error of a flow between the ages solved, at the medians.

    In the situations that every draw solves under the course that keeps the balance, without moves.
    """
    (task, beliefs), (medians, planned) = common, item
    months = np.setdiff1d(task.months, task.ages)
    if not months.size:
        return 0.0
    between = interpolated(medians[None], task.ages, months)[0]
    solved = {task.parts[n]._replace(lost=frozenset()) for _, n in planned.solved}
    keep = [
        n
        for n, one in enumerate(task.situations)
        if one in solved and one.course == task.inputs.keep.id and not one.moves
    ]
    kept = tuple(task.situations[n] for n in keep)
    every = replace(task, situations=kept, ages=tuple(months.tolist()))
    apart = solve_draw(every, beliefs.at(0), ROUGH, task.begun).read - between[:, keep]
    return float(np.abs(apart)[..., : len(task.inputs.critical)].max(initial=0.0))
