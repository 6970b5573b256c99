"""What the pivot can do: for every budget the set of moves that lowers the chance of failing most.

All sets are looked at. Moves that are scenarios were solved, alone and together, in every draw;
moves that change beliefs act through the calendar and the response of solved numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from functools import partial
from itertools import combinations
from typing import NamedTuple

import numpy as np

from tula.strategy.answer.errors import AnswerError
from tula.strategy.answer.flows import PATHS
from tula.strategy.answer.inputs import AnswerInputs
from tula.strategy.answer.label import Label
from tula.strategy.answer.response import Response
from tula.strategy.answer.result import MoveTold
from tula.strategy.answer.scenarios import Scenario, moves_terms
from tula.strategy.answer.shared import begun

#: Moves, and moves that are scenarios, of which all sets can be looked at.
MOST_MOVES, MOST_SOLVED = 6, 3
#: Chance of failing by which a set must lie below all cheaper ones.
BETTER = 0.002


class _Set(NamedTuple):
    cost: float
    fails: float
    decides: float
    next: float | None
    moves: tuple[str, ...]


def solved_sets(inputs: AnswerInputs) -> list[tuple[str, ...]]:
    """Return every set of moves that are scenarios, the empty one first.

    Raises ``AnswerError`` where there are too many moves to look at all sets.
    """
    listed = [one.id for one in inputs.moves if one.scenarios]
    wrong = []
    if len(inputs.moves) > MOST_MOVES:
        wrong.append(f"{len(inputs.moves)} moves: state at most {MOST_MOVES}")
    if len(listed) > MOST_SOLVED:
        wrong.append(f"{len(listed)} moves with scenarios: state at most {MOST_SOLVED}")
    if wrong:
        raise AnswerError(wrong)
    return [one for n in range(len(listed) + 1) for one in combinations(listed, n)]


def frontier(
    response: Response,
    label: Label,
    scenarios: Mapping[str, Scenario],
    executor: Executor | None = None,
) -> Callable[[], tuple[MoveTold, ...]]:
    """Begin to look at all sets of moves; return how to wait for those that no cheaper one beats.

    Cheapest first, and always the empty one, whose chances are those of the response too, so that
    all can be compared.
    """
    inputs = response.inputs
    names = [one.id for one in inputs.moves]
    sets = [one for n in range(len(names) + 1) for one in combinations(names, n)]
    decide = tuple(one.id for one in label.order[:2])
    looked = begun(partial(_looked, decide=decide), response, sets, executor)
    return lambda: _told(inputs, scenarios, sorted(looked()))


def _told(
    inputs: AnswerInputs, scenarios: Mapping[str, Scenario], looked: Sequence[_Set]
) -> tuple[MoveTold, ...]:
    """Tell of sets, cheapest first, those that no cheaper one beats."""
    found: list[_Set] = []
    for one in looked:
        least = min((other.fails for other in found), default=np.inf)
        if not one.moves or one.fails < least - BETTER:
            found.append(one)
    titles = {one.id: one.title for one in inputs.moves}
    bounds = {
        one.id for one in inputs.moves if any(moves_terms(scenarios[s]) for s in one.scenarios)
    }
    return tuple(
        MoveTold(
            **one._asdict(),
            titles=tuple(titles[name] for name in one.moves),
            bound=bool(bounds.intersection(one.moves)),
        )
        for one in found
    )


def _looked(response: Response, names: tuple[str, ...], decide: tuple[str, ...]) -> _Set:
    """Return what a set of moves costs and leaves; its income effects are counted.

    ``decide``: the condition that decides, and the next if there is one.
    """
    inputs, beliefs = response.inputs, response.beliefs
    chosen = [one for one in inputs.moves if one.id in names]
    changed = beliefs
    for one in chosen:
        for belief, to in one.beliefs.items():
            changed = changed.moved(belief, to)
    solved = tuple(one.id for one in chosen if one.scenarios)
    look = response.look(changed, solved, PATHS)
    before = response.look(beliefs).income(inputs.keep)
    lost = before - look.income(inputs.keep)
    stated = sum(one.cost.value for one in chosen) * inputs.months / 12.0
    fails = {one.id: one.fails for one in look.conditions}
    first, *rest = decide
    return _Set(
        cost=float(lost.mean()) + stated,
        fails=1.0 - look.odds,
        decides=fails[first],
        next=fails[rest[0]] if rest else None,
        moves=names,
    )
