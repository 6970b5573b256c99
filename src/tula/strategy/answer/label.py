"""The label: how likely balance is, with its error, and which condition decides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

import numpy as np

from tula.shapes import Bool
from tula.strategy.answer.inputs import AnswerInputs
from tula.strategy.answer.margins import Condition
from tula.strategy.answer.result import Kind, Word

Array = np.ndarray
#: Odds from which balance holds, likely holds, and below which it is likely broken, and broken.
HOLDS, LIKELY, UNLIKELY, BROKEN = 0.9, 2.0 / 3.0, 1.0 / 3.0, 0.1


class Lines(NamedTuple):
    """Shares to be kept at which the label turns: the largest for which balance holds and likely
    holds, the smallest for which it is likely broken and broken."""

    holds_from: float | None
    likely_from: float | None
    unlikely_from: float | None
    broken_from: float | None


class Label(NamedTuple):
    """What is said of the balance.

    ``odds``: chance over draws and paths that every condition is met; ``error``: one standard
    error, of draws, each counted with all its paths; ``order``: conditions by their chance of
    failing, the one that decides first; ``reason``: its kind, where balance is broken.
    """

    word: Word
    odds: float
    error: float
    order: tuple[Condition, ...]
    reason: Kind | None

    @property
    def told(self) -> dict[str, Any]:
        """The fields of an answer that it is."""
        first, *rest = (one.id for one in self.order)
        return {
            "label": self.word,
            "odds": self.odds,
            "error": self.error,
            "decides": first,
            "next": next(iter(rest), None),
            "reason": self.reason,
        }


def word(odds: float) -> Word:
    """Return what is said at some odds."""
    if odds >= HOLDS:
        return "holds"
    if odds >= LIKELY:
        return "likely holds"
    if odds >= UNLIKELY:
        return "open"
    return "likely broken" if odds >= BROKEN else "broken"


def words(odds: float, error: float) -> tuple[Word, ...]:
    """Return what is said at some odds, then what two standard errors do not tell apart from it."""
    return tuple(dict.fromkeys(word(odds + n * error) for n in (0, -2, 2)))


def balanced(conditions: Sequence[Condition]) -> Bool[Array, "D P"]:
    """Return in which draws and paths every margin is above zero."""
    shape = np.broadcast_shapes(*(one.margin.shape for one in conditions))
    each = [np.broadcast_to(one.margin > 0.0, shape) for one in conditions]
    return np.asarray(np.stack(each).all(axis=0))


def label(conditions: Sequence[Condition]) -> Label:
    """Return the label that the odds give."""
    held = balanced(conditions)
    by_draw = held.mean(axis=1)
    odds = float(by_draw.mean())
    error = float(by_draw.std(ddof=1) / np.sqrt(len(by_draw)))
    order = tuple(sorted(conditions, key=lambda one: -one.fails))
    said = word(odds)
    return Label(said, odds, error, order, order[0].kind if odds < UNLIKELY else None)


def ends_of_kept(inputs: AnswerInputs, found: Sequence[Condition]) -> Lines:
    """Return the shares ``kept`` at which the label turns.

    None where no share between 0 and 1 does it: other conditions decide.
    """
    r = inputs.kept
    shape = np.broadcast_shapes(*(one.margin.shape for one in found))
    least = np.ones(shape)
    tied_to = {demand.id for demand in inputs.enforced if demand.tie}
    for one in found:
        if one.kind == "hollow" or one.id in tied_to:
            least = np.minimum(least, r + one.margin * (1.0 - r))
        else:
            least = np.where(one.margin > 0.0, least, -1.0)

    def at(odds: float, method: Literal["lower", "higher"]) -> float | None:
        share = float(np.quantile(least, 1.0 - odds, method=method))
        return share if share > 0.0 and (method == "lower" or share < 1.0) else None

    return Lines(
        at(HOLDS, "lower"), at(LIKELY, "lower"), at(UNLIKELY, "higher"), at(BROKEN, "higher")
    )
