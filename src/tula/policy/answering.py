"""From retaliation to layers on the duties of those who answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from tula.errors import TulaError
from tula.policy.cells import Placed
from tula.policy.describe import title
from tula.policy.rate_stacking import Layer, overrides
from tula.policy.retaliation import Retaliation
from tula.shapes import Bool, Float

Array = np.ndarray


class BaseTradeError(TulaError):
    """A retaliation by value needs base trade. Pass ``spending``, as ``tula.solve`` does."""


class Answer(NamedTuple):
    """What one region answers another: positions; the duty taken on its base trade, the trade hit
    and that in the goods it answers on, million USD (NaN where trade is not known); and the points
    it adds by sector, with the part of each sector's trade that they reach."""

    importer: int
    exporter: int
    hit_duty: float
    hit_trade: float
    listed: float
    points: Float[Array, " S"]
    coverage: float


def answers(
    p: Placed,
    base: Float[Array, "S N I"],
    raised: Float[Array, "S N I"],
    spending: Float[Array, "S N I"] | None,
) -> Iterator[Answer]:
    """Yield the answers of a retaliation to every exporter that raised its duties.

    ``base`` are the base year's duties, ``raised`` those without any retaliation, ``spending`` base
    spending in million USD. Raises ``BaseTradeError``.
    """
    item = p.instrument
    assert isinstance(item, Retaliation)
    if item.reads_base and spending is None:
        raise BaseTradeError(f"{title(item)}: its size depends on base trade; pass spending")
    trade = np.full(base.shape, np.nan) if spending is None else spending / (1.0 + base)
    rise = np.maximum(raised - base, 0.0)
    for importer, exporter in np.argwhere(p.cells.any(axis=0)).tolist():
        hit, sold = rise[:, exporter, importer], trade[:, exporter, importer]
        there = p.cells[:, importer, exporter] & ((hit > 0.0) | (not item.where_hit))
        if (hit > 0.0).any() and there.any():
            duty, reached = float((hit * sold).sum()), float(sold[hit > 0.0].sum())
            bought = float(trade[there, importer, exporter].sum())
            points, coverage = _sized(item, hit, there, duty, reached, bought)
            yield Answer(importer, exporter, duty, reached, bought, points, coverage)


def _sized(
    item: Retaliation,
    hit: Float[Array, " S"],
    there: Bool[Array, " S"],
    duty: float,
    reached: float,
    bought: float,
) -> tuple[Float[Array, " S"], float]:
    """Return points by sector and the part of trade that they reach."""
    if item.in_kind is not None:
        return np.where(there, item.in_kind * hit, 0.0), 1.0
    if item.duty is not None:
        rate = item.duty * duty / bought if bought > 0.0 else 0.0
        return np.where(there, rate, 0.0), 1.0
    points, coverage = np.where(there, item.add or 0.0, 0.0), 1.0
    if item.trade is not None:
        coverage = min(1.0, item.trade * reached / bought) if bought > 0.0 else 0.0
    return points, coverage


def answer_layers(
    placed: Sequence[Placed],
    base: Float[Array, "S N I"],
    raised: Float[Array, "S N I"],
    spending: Float[Array, "S N I"] | None,
) -> tuple[Layer, ...]:
    """Return the layers of all retaliation, none on cells that another measure overrides."""
    found = []
    for p in placed:
        if not isinstance(p.instrument, Retaliation):
            continue
        for one in answers(p, base, raised, spending):
            for points in np.unique(one.points[one.points > 0.0]):
                cells = np.zeros(base.shape, dtype=bool)
                cells[one.points == points, one.importer, one.exporter] = True
                for other in placed:
                    if overrides(other):
                        cells &= ~other.cells
                found.append(Layer(p, "add", float(points), one.coverage, cells))
    return tuple(found)
