"""The stacking rule of rates: how measures on one duty or export tax combine, in any order.

A measure that overrides puts the others on its cells aside. Then, cell by cell: set, agreements,
multiply, add, and last the bounds (at least, at most) on the total.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from tula.policy.base import PolicyInstrument
from tula.policy.caps import TariffQuota
from tula.policy.cells import Placed
from tula.policy.instruments import TradeAgreement
from tula.policy.rates import RateInstrument, Tariff
from tula.shapes import Bool, Float

Array = np.ndarray


@dataclass(frozen=True, eq=False)
class Layer:
    """What one measure does to a rate.

    ``operator`` is that of a rate instrument, or ``"cut"``: an agreement takes the share ``value``
    off. ``coverage`` is the share of the full change that counts; ``cells`` (S, N, I) are those on
    which no other measure overrides it.
    """

    placed: Placed
    operator: str
    value: float
    coverage: float
    cells: Bool[Array, "S N I"]


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
    placed: Sequence[Placed],
    kind: type[RateInstrument],
    on: date | None,
    *,
    beyond_quota: bool = False,
) -> tuple[Layer, ...]:
    """Layers on import duties (``kind`` is ``Tariff``, agreements included) or export taxes.

    A tariff quota sets the rate inside, or with ``beyond_quota`` the one beyond.
    """
    moving = [p for p in placed if isinstance(p.instrument, _kinds(kind))]
    winners = [p for p in moving if overrides(p)]
    return tuple(_layer(p, winners, on, beyond_quota) for p in moving)


def rise_beyond(
    base: Float[Array, "S N I"],
    inside: Float[Array, "S N I"],
    placed: Sequence[Placed],
    on: date | None,
    answered: Sequence[Layer] = (),
) -> Float[Array, "S N I"] | None:
    """Return the ratio of the price with the rate beyond its quota to that with the rate inside.

    None where there is no tariff quota. What else stacks on the duty is in both rates, retaliation
    (``answered``) included.
    """
    if not any(isinstance(p.instrument, TariffQuota) for p in placed):
        return None
    over = stacked(base, (*layers(placed, Tariff, on, beyond_quota=True), *answered))
    return np.asarray((1.0 + over) / (1.0 + inside))


def _kinds(kind: type[RateInstrument]) -> tuple[type[PolicyInstrument], ...]:
    return (kind, TradeAgreement, TariffQuota) if kind is Tariff else (kind,)


def _layer(p: Placed, winners: Sequence[Placed], on: date | None, beyond_quota: bool) -> Layer:
    cells = p.cells
    for other in winners:
        if other is not p and gives_way(p, other):
            cells = cells & ~other.cells
    if isinstance(p.instrument, TradeAgreement):
        return Layer(p, "cut", p.instrument.cut(on), 1.0, cells)
    if isinstance(p.instrument, TariffQuota):
        rate = p.instrument.beyond if beyond_quota else p.instrument.inside
        return Layer(p, "set", rate, 1.0, cells)
    assert isinstance(p.instrument, RateInstrument)
    return Layer(p, p.instrument.operator, p.instrument.value, p.instrument.coverage, cells)


def stacked(base: Float[Array, "S N I"], on_rate: Sequence[Layer]) -> Float[Array, "S N I"]:
    """New rates: the base, and what the layers make of it where they reach."""
    if not on_rate:
        return base
    rates = base.copy()
    reached = np.zeros(base.shape, dtype=bool)
    for layer in on_rate:
        reached |= layer.cells
    rates[reached] = stack(base, on_rate, reached)
    return rates


def stack(
    base: Float[Array, "S N I"], on_rate: Sequence[Layer], where: Bool[Array, "S N I"]
) -> Float[Array, " C"]:
    """New rates on the C cells of ``where``; ``coverage`` c counts the share c of a full change."""
    places = np.flatnonzero(where)
    old = base.ravel()[places]
    rate = old.copy()
    here = [(layer, layer.cells.ravel()[places]) for layer in on_rate]
    for layer, cells in _by(here, "set"):
        rate[cells] = (1.0 - layer.coverage) * old[cells] + layer.coverage * layer.value
    preference = np.zeros_like(rate)
    for layer, cells in _by(here, "cut"):
        preference[cells] = np.maximum(preference[cells], layer.value)
    rate *= 1.0 - preference
    for layer, cells in _by(here, "multiply"):
        rate[cells] *= (1.0 - layer.coverage) + layer.coverage * layer.value
    for layer, cells in _by(here, "add"):
        rate[cells] += layer.coverage * layer.value
    return _bounded(rate, here)


Here = list[tuple[Layer, Bool[Array, " C"]]]


def _by(here: Here, operator: str) -> Here:
    return [(layer, cells) for layer, cells in here if layer.operator == operator and cells.any()]


def _bounded(rate: Float[Array, " C"], here: Here) -> Float[Array, " C"]:
    """The highest floor or the lowest ceiling; no cell has a floor above its ceiling."""
    floor, ceiling = rate.copy(), rate.copy()
    for layer, cells in _by(here, "at_least"):
        lifted = _partly(layer.coverage, rate[cells], np.maximum(rate[cells], layer.value))
        floor[cells] = np.maximum(floor[cells], lifted)
    for layer, cells in _by(here, "at_most"):
        lowered = _partly(layer.coverage, rate[cells], np.minimum(rate[cells], layer.value))
        ceiling[cells] = np.minimum(ceiling[cells], lowered)
    return np.where(floor > rate, floor, ceiling)


def _partly(share: float, old: Float[Array, " C"], new: Float[Array, " C"]) -> Float[Array, " C"]:
    return new if share == 1.0 else old + share * (new - old)
