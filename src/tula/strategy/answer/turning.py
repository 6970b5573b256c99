"""What would turn the answer: beliefs one at a time, two together, and the smallest joint move."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from functools import partial
from typing import Any, Literal, TypeVar

import numpy as np
from scipy.special import ndtr, ndtri

from tula.shapes import Float
from tula.strategy.answer.beliefs import quantile
from tula.strategy.answer.flows import PATHS
from tula.strategy.answer.label import BROKEN, HOLDS, LIKELY, UNLIKELY, word
from tula.strategy.answer.response import Look, Response
from tula.strategy.answer.result import JointTold, PlaneTold, TurnTold, Word
from tula.strategy.answer.shared import begun

Array = np.ndarray
What = Literal["label", "price"]
T = TypeVar("T")
#: Deviates of the 5th and 95th percentile, and the farthest joint move.
END, FARTHEST = 1.645, 3.0
#: Steps of a plane, and halvings on the way to where something turns.
STEPS, HALVINGS = 5, 7
#: Odds moved from which a belief is said to matter.
MATTERS = 0.1
#: Odds at which the label changes.
EDGES = (BROKEN, UNLIKELY, LIKELY, HOLDS)


def one_by_one(
    response: Response, executor: Executor | None = None
) -> Callable[[], tuple[TurnTold, ...]]:
    """Begin to look at what every belief does alone, and return how to wait for it.

    Those that move the odds most come first.
    """
    told = begun(_alone, response, response.beliefs.names, executor)
    return lambda: tuple(sorted(told(), key=lambda one: (-_moves(one), one.belief)))


def _moves(turn: TurnTold) -> float:
    return max(turn.odds) - min(turn.odds)


def _alone(response: Response, name: str) -> TurnTold:
    at = values_at(response, name, np.array([-END, 0.0, END]))
    looks = [response.look(response.beliefs.held(name, value)) for value in at]
    odds = [look.odds for look in looks]
    known = [price for look in looks if (price := _median(look)) is not None]
    return TurnTold(
        belief=name,
        at=_three(at),
        odds=_three(odds),
        price=_three(known) if known else None,
        words=_words(odds),
        turns_at=_turns(response, name, looks, lambda look: word(look.odds)),
        price_turns_at=_turns(response, name, looks, _above),
    )


def values_at(response: Response, name: str, score: Array) -> list[float]:
    """Return the values of a belief at deviates of its prior."""
    values = quantile(response.beliefs.priors[name], ndtr(score))
    return [float(value) for value in values]


def _three(values: Sequence[float]) -> tuple[float, float, float]:
    first, second, third = values
    return first, second, third


def _median(look: Look) -> float | None:
    return None if look.price is None else float(np.median(look.price))


def _words(odds: Sequence[float]) -> tuple[Word, ...]:
    """Labels met between the odds, from the lowest up."""
    edges = [edge for edge in EDGES if min(odds) < edge <= max(odds)]
    return tuple(dict.fromkeys(word(one) for one in (min(odds), *edges)))


def _turns(
    response: Response, name: str, looks: Sequence[Look], say: Callable[[Look], object]
) -> float | None:
    """Return the value nearest the median from which something else is said."""
    stands = say(looks[1])

    def at(score: float) -> float:
        return values_at(response, name, np.array([score]))[0]

    def told(score: float) -> object:
        return say(response.look(response.beliefs.held(name, at(score))))

    ends = ((-END, say(looks[0])), (END, say(looks[2])))
    found = [_halved(told, stands, far, to)[0] for far, to in ends if to != stands]
    return at(min(found, key=abs)) if found else None


def _halved(
    say: Callable[[Any], T], stands: T, far: float, to: T, way: Float[Array, " B"] | float = 1.0
) -> tuple[float, T]:
    """Return how far along a way something else than what stands is said, and what, by halving.

    ``to`` is said at ``far``.
    """
    near = 0.0
    for _ in range(HALVINGS):
        middle = 0.5 * (near + far)
        said = say(middle * way)
        near, far, to = (middle, far, to) if said == stands else (near, middle, said)
    return far, to


def _above(look: Look) -> bool:
    return (_median(look) or 0.0) > 0.0


def plane(
    response: Response, turns: Sequence[TurnTold], executor: Executor | None = None
) -> Callable[[], PlaneTold | None]:
    """Begin to look at the odds over the two beliefs that matter most, and return how to wait.

    None where fewer matter.
    """
    if len(turns) < 2 or _moves(turns[1]) == 0.0:
        return lambda: None
    first, second = turns[0].belief, turns[1].belief
    score = np.linspace(-END, END, STEPS)
    rows, columns = values_at(response, first, score), values_at(response, second, score)
    told, between = (rows, columns), (_between(np.array(rows)), _between(np.array(columns)))
    held = [{first: x, second: y} for grid in (told, between) for x in grid[0] for y in grid[1]]
    for name, at, middles in zip((first, second), told, between, strict=True):
        held += [{name: x} for x in (*at, *middles)]
    under_way = begun(_odds, response, held, executor)

    def found() -> PlaneTold:
        each = iter(under_way())

        def table(*shape: int) -> Array:
            return np.array([next(each) for _ in range(math.prod(shape))]).reshape(shape)

        odds, inner = table(STEPS, STEPS), table(STEPS - 1, STEPS - 1)
        alone = [(table(STEPS), table(STEPS - 1)) for _ in range(2)]
        apart = [inner - _between(_between(odds).T).T, *(one - _between(at) for at, one in alone)]
        return PlaneTold(
            beliefs=(first, second),
            values=(tuple(rows), tuple(columns)),
            odds=tuple(map(tuple, odds.tolist())),
            words=tuple(tuple(word(one) for one in row) for row in odds),
            alone=(tuple(alone[0][0].tolist()), tuple(alone[1][0].tolist())),
            error=float(max(np.abs(one).max() for one in apart)),
        )

    return found


def _odds(response: Response, held: Mapping[str, float]) -> float:
    """Return the odds with some beliefs held in all draws."""
    beliefs = response.beliefs
    for name, value in held.items():
        beliefs = beliefs.held(name, value)
    return response.look(beliefs).odds


def _between(values: Array) -> Array:
    return np.asarray(0.5 * (values[1:] + values[:-1]))


def joint(
    response: Response, turns: Sequence[TurnTold], executor: Executor | None = None
) -> Callable[[], tuple[JointTold, ...]]:
    """Begin to look for the smallest joint moves of all priors, and return how to wait for them.

    One turns the label, the other the price's sign. Its direction is that in which the odds (as
    normal deviates), or the median price, change most; how far is found by halving along it.
    """
    by_name = {one.belief: one for one in turns}
    order = [by_name[name] for name in response.beliefs.names]
    slope = [ndtri(_inside(one.odds[2])) - ndtri(_inside(one.odds[0])) for one in order]
    asked: list[tuple[What, Array]] = [("label", np.array(slope))]
    if response.best is not None:
        each = [one.price[2] - one.price[0] if one.price else 0.0 for one in order]
        asked.append(("price", np.array(each)))
    under_way = begun(_joint, response, asked, executor)
    return lambda: tuple(under_way())


def _said(response: Response, what: What, step: Float[Array, " B"]) -> str:
    """Return the label, or the sign of the price, where all priors have moved."""
    look = response.look(response.beliefs.shifted(step), paths=PATHS)
    if what == "label":
        return word(look.odds)
    return "above zero" if _above(look) else "zero or below"


def _inside(odds: float) -> float:
    return min(max(odds, 0.002), 0.998)


def _joint(response: Response, asked: tuple[What, Float[Array, " B"]]) -> JointTold:
    what, slope = asked
    length, say = float(np.linalg.norm(slope)), partial(_said, response, what)
    nowhere = JointTold(what=what, to="", distance=None, steps={})
    if length == 0.0:
        return nowhere
    stands = say(np.zeros_like(slope))
    best: tuple[float, str, Array] | None = None
    for way in (slope / length, -slope / length):
        far = FARTHEST if best is None else best[0]
        to = say(far * way)
        if to == stands:
            continue
        far, to = _halved(say, stands, far, to, way)
        best = far, to, far * way
    if best is None:
        return nowhere
    distance, to, steps = best
    listed = sorted(zip(response.beliefs.names, steps, strict=True), key=lambda one: -abs(one[1]))
    return JointTold(
        what=what, to=to, distance=distance, steps={name: float(step) for name, step in listed}
    )
