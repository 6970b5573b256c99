"""The stacking rule of rates: how measures on one duty or export tax combine, in any order.

A measure that overrides puts the others on its cells aside. Then, cell by cell: set, agreements,
multiply, add, and last the bounds (at least, at most) on the total.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from jaxtyping import Bool, Float

from tula.policy.cells import Placed
from tula.policy.instruments import TradeAgreement
from tula.policy.rates import ExportTax, RateInstrument, Tariff

Array = np.ndarray


@dataclass(frozen=True, eq=False)
class Layer:
    """What one measure does to a rate.

    ``operator`` is that of a rate instrument, or ``"cut"``: an agreement takes the share ``value``
    off. ``coverage`` is the share of the full change that counts.
    """

    placed: Placed
    operator: str
    value: float
    coverage: float


def overrides(placed: Placed) -> bool:
    """Whether a measure puts the others on its cells aside."""
    item = placed.instrument
    return isinstance(item, RateInstrument | TradeAgreement) and item.override


def gives_way(one: Placed, other: Placed) -> bool:
    """Whether, of two measures on a rate, only the other counts where both reach.

    It overrides; where both do, it is the one whose cells all lie within those of the first.
    """
    if not overrides(other) or not overrides(one):
        return overrides(other)
    return beyond(one, other) and not beyond(other, one)


def beyond(one: Placed, other: Placed) -> bool:
    """Whether an instrument reaches cells that the other does not."""
    return bool((one.cells & ~other.cells).any())


def layers(
    placed: Sequence[Placed], kind: type[RateInstrument], on: date | None
) -> tuple[Layer, ...]:
    """Layers on import duties (``kind`` is ``Tariff``, agreements included) or export taxes."""
    found = []
    for p in placed:
        item = p.instrument
        if isinstance(item, Tariff | ExportTax) and isinstance(item, kind):
            found.append(Layer(p, item.operator, item.value, item.coverage))
        elif isinstance(item, TradeAgreement) and kind is Tariff:
            found.append(Layer(p, "cut", item.cut(on), 1.0))
    return tuple(found)


def stacked(base: Float[Array, "S N I"], on_rate: Sequence[Layer]) -> Float[Array, "S N I"]:
    """New rates: the base, and what the layers make of it where they reach."""
    rates = base.copy()
    reached = np.zeros(base.shape, dtype=bool)
    for layer in on_rate:
        reached |= layer.placed.cells
    rates[reached] = stack(base, on_rate, reached)
    return rates


def stack(
    base: Float[Array, "S N I"], on_rate: Sequence[Layer], where: Bool[Array, "S N I"]
) -> Float[Array, " C"]:
    """New rates on the C cells of ``where``; ``coverage`` c counts the share c of a full change."""
    old = base[where]
    rate = old.copy()
    for layer, cells in _counted(on_rate, where, "set"):
        rate[cells] = (1.0 - layer.coverage) * old[cells] + layer.coverage * layer.value
    preference = np.zeros_like(rate)
    for layer, cells in _counted(on_rate, where, "cut"):
        preference[cells] = np.maximum(preference[cells], layer.value)
    rate *= 1.0 - preference
    for layer, cells in _counted(on_rate, where, "multiply"):
        rate[cells] *= (1.0 - layer.coverage) + layer.coverage * layer.value
    for layer, cells in _counted(on_rate, where, "add"):
        rate[cells] += layer.coverage * layer.value
    return _bounded(rate, on_rate, where)


def _bounded(
    rate: Float[Array, " C"], on_rate: Sequence[Layer], where: Bool[Array, "S N I"]
) -> Float[Array, " C"]:
    """The highest floor or the lowest ceiling; no cell has a floor above its ceiling."""
    floor, ceiling = rate.copy(), rate.copy()
    for layer, cells in _counted(on_rate, where, "at_least"):
        lifted = _partly(layer.coverage, rate[cells], np.maximum(rate[cells], layer.value))
        floor[cells] = np.maximum(floor[cells], lifted)
    for layer, cells in _counted(on_rate, where, "at_most"):
        lowered = _partly(layer.coverage, rate[cells], np.minimum(rate[cells], layer.value))
        ceiling[cells] = np.minimum(ceiling[cells], lowered)
    return np.where(floor > rate, floor, ceiling)


def _partly(share: float, old: Float[Array, " C"], new: Float[Array, " C"]) -> Float[Array, " C"]:
    return new if share == 1.0 else old + share * (new - old)


def _counted(
    on_rate: Sequence[Layer], where: Bool[Array, "S N I"], operator: str
) -> list[tuple[Layer, Bool[Array, " C"]]]:
    """Layers with an operator, and those of the cells on which they count."""
    return [
        (layer, counted(layer, on_rate)[where]) for layer in on_rate if layer.operator == operator
    ]


def counted(layer: Layer, on_rate: Sequence[Layer]) -> Bool[Array, "S N I"]:
    """Cells of a layer on which no other one overrides it."""
    cells = layer.placed.cells.copy()
    for other in on_rate:
        if other is not layer and gives_way(layer.placed, other.placed):
            cells &= ~other.placed.cells
    return cells
