"""How far two economies on the same labels lie apart, flow by flow."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tula.errors import TulaError
from tula.shapes import Bool, Float
from tula.world.economy import Economy

Array = np.ndarray


class LabelMismatchError(TulaError):
    """Two economies do not have the same regions and sectors in the same order. Aggregate both
    to one classification first."""  # fmt: skip


@dataclass(frozen=True)
class FlowDifference:
    """One cross-border flow in both economies, million USD at basic prices."""

    exporter: str
    importer: str
    sector: str
    value: float
    reference: float

    @property
    def difference(self) -> float:
        """Value less reference, million USD."""
        return self.value - self.reference


@dataclass(frozen=True)
class Comparison:
    """Distances of an economy from a reference.

    Errors are weighted mean absolute errors: the sum of absolute differences over the sum of the
    reference, a fraction. ``bilateral`` runs over importer-exporter pairs of total trade,
    ``bilateral_by_sector`` over pairs and sectors, both without sales to oneself; ``sector``,
    ``exporter`` and ``importer`` hold the former for one sector and the pairs of one region;
    ``output``, ``value_added`` and ``final_spending`` run over producers and buyers. ``tariff``
    is the mean absolute difference of duties, weighted by the reference's cross-border trade.
    ``largest`` lists the flows that differ most, largest first.
    """

    names: tuple[str, str]
    bilateral: float
    bilateral_by_sector: float
    sector: dict[str, float]
    exporter: dict[str, float]
    importer: dict[str, float]
    output: float
    value_added: float
    final_spending: float
    tariff: float
    largest: tuple[FlowDifference, ...]


def compare(
    economy: Economy,
    reference: Economy,
    *,
    without: tuple[str, ...] = (),
    largest: int = 20,
) -> Comparison:
    """Measure how far ``economy`` lies from ``reference`` on the same labels.

    ``without`` leaves out regions (codes or groups), both as partners and as producers. Raises
    ``LabelMismatchError``, ``UnknownNameError``.
    """
    _check_labels(economy, reference)
    kept = _kept(reference, without)
    pairs = kept[:, None] & kept & ~np.eye(len(kept)).astype(bool)
    trade, base = economy.trade * pairs, reference.trade * pairs
    gap, total = trade.sum(axis=0) - base.sum(axis=0), base.sum(axis=0)
    return Comparison(
        names=(economy.provenance.name, reference.provenance.name),
        bilateral=_error(gap, total),
        bilateral_by_sector=_error(trade - base, base),
        sector=_each(reference.sectors, trade - base, base),
        exporter=_each(reference.regions, gap.T, total.T),
        importer=_each(reference.regions, gap, total),
        output=_error((economy.output - reference.output)[kept], reference.output[kept]),
        value_added=_error(
            (economy.value_added - reference.value_added)[kept], reference.value_added[kept]
        ),
        final_spending=_error(
            (economy.final.sum(axis=0) - reference.final.sum(axis=0))[:, kept],
            reference.final.sum(axis=0)[:, kept],
        ),
        tariff=float((np.abs(economy.tariff - reference.tariff) * base).sum() / base.sum()),
        largest=_largest(reference, trade, base, largest),
    )


def _check_labels(economy: Economy, reference: Economy) -> None:
    for kind in ("regions", "sectors"):
        ours, theirs = getattr(economy, kind), getattr(reference, kind)
        if ours != theirs:
            differing = sorted(set(ours) ^ set(theirs))
            place = f"only one has {', '.join(differing)}" if differing else "in another order"
            raise LabelMismatchError(f"{kind} differ: {place}")


def _kept(reference: Economy, without: tuple[str, ...]) -> Bool[Array, " N"]:
    left_out = reference.labels.resolve_regions(without)
    return np.array([code not in left_out for code in reference.regions])


def _error(gap: Float[Array, ...], base: Float[Array, ...]) -> float:
    """Sum of absolute gaps over the sum of the base; 0 where both are empty."""
    size = float(np.abs(base).sum())
    return float(np.abs(gap).sum()) / size if size > 0 else float(np.abs(gap).sum() > 0)


def _each(codes: tuple[str, ...], gap: Array, base: Array) -> dict[str, float]:
    return {code: _error(gap[i], base[i]) for i, code in enumerate(codes) if base[i].any()}


def _largest(
    reference: Economy, trade: Array, base: Array, count: int
) -> tuple[FlowDifference, ...]:
    distance = np.abs(trade - base)
    order = np.argsort(-distance, axis=None, kind="stable")[:count]
    places = zip(*np.unravel_index(order, distance.shape), strict=True)
    return tuple(
        FlowDifference(
            exporter=reference.regions[i],
            importer=reference.regions[n],
            sector=reference.sectors[s],
            value=float(trade[s, n, i]),
            reference=float(base[s, n, i]),
        )
        for s, n, i in places
    )
