"""Ceilings on quantities and prices: from instruments to the limits the engine reads.

Of several ceilings on the same cells the lowest counts. A quota over many cells and caps on single
ones hold side by side. The price of one producer takes one ceiling, whoever sets it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import inf

import numpy as np

from tula.policy.caps import CapInstrument, ImportCut, PriceCap, QuantityCap, TariffQuota
from tula.policy.cells import Placed, PolicyProblem, cells_text
from tula.policy.describe import percent, title
from tula.policy.shock import Limit
from tula.policy.stacking import embargoes, is_embargo
from tula.shapes import Bool, Float
from tula.world.labels import Labels

Array = np.ndarray
Cell = tuple[int, int, int]


@dataclass(frozen=True, eq=False)
class Ceiling:
    """A limit with the instruments that set it; ``rents`` are all recipients they name.

    ``quota``: it is the quantity of a tariff quota, beyond which another rate is due.
    """

    measure: str
    cells: frozenset[Cell]
    value: float
    rents: frozenset[str]
    sources: tuple[Placed, ...]
    quota: bool = False

    def limit(self, rise: Float[Array, "S N I"] | None) -> Limit:
        """The limit as the engine reads it; ``rise`` as in ``limits``."""
        (rent,) = self.rents
        named = sorted({title(source.instrument) for source in self.sources})
        cells = np.array(sorted(self.cells), dtype=np.int64)
        beyond = inf
        if self.quota and rise is not None:
            beyond = float(rise[tuple(cells.T)].min())
        return Limit("; ".join(named), cells, self.measure, self.value, rent, beyond)


def limits(
    placed: Sequence[Placed],
    shut: Bool[Array, "S N I"],
    rise: Float[Array, "S N I"] | None = None,
) -> tuple[Limit, ...]:
    """Limits of the instruments; ``shut`` are the embargoed cells.

    ``rise`` is by how much the rate beyond a tariff quota lifts the price; a quota beyond which
    nothing more is due, other measures being in its place, is no limit.
    """
    found = [one.limit(rise) for one in _stacked(placed, shut)]
    return tuple(one for one in found if one.beyond > 1.0)


def limit_clashes(placed: Sequence[Placed], labels: Labels) -> list[PolicyProblem]:
    """Ceilings that are equal and leave it open who keeps the rent."""
    shape = (len(labels.sectors), len(labels.regions), len(labels.regions))
    shut = embargoes(np.zeros(shape, dtype=bool), placed)
    open_rents = [one for one in _stacked(placed, shut) if len(one.rents) > 1]
    told: dict[tuple[int, ...], PolicyProblem] = {}
    for one in open_rents:
        positions = tuple(sorted({source.position for source in one.sources}))
        told.setdefault(positions, PolicyProblem(positions, _clash(one, labels)))
    return list(told.values())


def _clash(one: Ceiling, labels: Labels) -> str:
    tags = " and ".join(s.tag for s in sorted(one.sources, key=lambda s: s.position))
    cells = np.zeros((len(labels.sectors), *[len(labels.regions)] * 2), dtype=bool)
    cells[tuple(np.array(sorted(one.cells)).T)] = True
    return (
        f"{tags} set the same ceiling ({percent(one.value)}% of base) and give the rent to "
        f"different sides ({', '.join(sorted(one.rents))}): {cells_text(cells, labels)}; "
        "state one recipient"
    )


def _stacked(placed: Sequence[Placed], shut: Bool[Array, "S N I"]) -> list[Ceiling]:
    """Ceilings after stacking, in an order that does not depend on that of the instruments."""
    asked = [one for p in placed for one in _asked(p, shut)]
    quotas = [one for one in asked if one.quota]
    quantities = _lowest([one for one in asked if one.measure == "quantity" and not one.quota])
    prices = _producer_prices([one for one in asked if one.measure == "price"])
    found = [*_needed(quantities), *_reached(quotas, quantities), *prices]
    return sorted(found, key=lambda one: (one.measure, sorted(one.cells), one.value))


def _asked(p: Placed, shut: Bool[Array, "S N I"]) -> list[Ceiling]:
    """Ceilings one instrument asks for: over all its cells together, or on each that is open."""
    item = p.instrument
    if is_embargo(p) or not isinstance(item, CapInstrument | ImportCut):
        return []
    measure = "price" if isinstance(item, PriceCap) else "quantity"
    rents = frozenset({item.rent_to if isinstance(item, CapInstrument) else "importer"})
    quota = isinstance(item, TariffQuota)
    if isinstance(item, QuantityCap) and item.together:
        whole = [_cells(p.cells)] if (p.cells & ~shut).any() else []
        return [
            Ceiling(measure, frozenset(cells), item.ceiling, rents, (p,), quota) for cells in whole
        ]
    return [
        Ceiling(measure, frozenset((cell,)), item.ceiling, rents, (p,), quota)
        for cell in _cells(p.cells & ~shut)
    ]


def _cells(mask: Bool[Array, "S N I"]) -> list[Cell]:
    places = np.unravel_index(np.flatnonzero(mask), mask.shape)
    return list(zip(*(axis.tolist() for axis in places), strict=True))


def _lowest(asked: Iterable[Ceiling]) -> list[Ceiling]:
    """The lowest of the ceilings on each set of cells; equal ones are merged."""
    by_cells: dict[frozenset[Cell], list[Ceiling]] = defaultdict(list)
    for one in asked:
        by_cells[one.cells].append(one)
    return [_merged(group) for group in by_cells.values()]


def _merged(group: Sequence[Ceiling]) -> Ceiling:
    if len(group) == 1:
        return group[0]
    least = min(one.value for one in group)
    binding = [one for one in group if one.value == least]
    return replace(
        binding[0],
        cells=frozenset().union(*(one.cells for one in binding)),
        rents=frozenset().union(*(one.rents for one in binding)),
        sources=_sources(binding),
    )


def _sources(group: Iterable[Ceiling]) -> tuple[Placed, ...]:
    by_position = {source.position: source for one in group for source in one.sources}
    return tuple(by_position[position] for position in sorted(by_position))


def _needed(quantities: Sequence[Ceiling]) -> list[Ceiling]:
    """Drop every quota that the caps on its single cells keep by themselves."""
    single = {cell: one for one in quantities if len(one.cells) == 1 for cell in one.cells}
    kept = []
    for one in quantities:
        inner = [single[cell] for cell in one.cells if cell in single]
        held = len(inner) == len(one.cells) > 1 and all(c.value <= one.value for c in inner)
        if not held:
            kept.append(one)
        elif all(c.value == one.value and c.rents != one.rents for c in inner):
            kept.append(_merged([one, *inner]))
    return kept


def _reached(quotas: Sequence[Ceiling], quantities: Sequence[Ceiling]) -> list[Ceiling]:
    """Drop every tariff quota beyond which a ceiling on the same cells lets nothing be bought."""
    held = {one.cells: one.value for one in quantities}
    return [one for one in quotas if held.get(one.cells, inf) > one.value]


def _producer_prices(asked: Sequence[Ceiling]) -> list[Ceiling]:
    """One ceiling for each producer and level: cells of one price share one scarcity."""
    by_price: dict[tuple[int, int, float], list[Ceiling]] = defaultdict(list)
    for one in _lowest(asked):
        ((sector, _, exporter),) = one.cells
        by_price[sector, exporter, one.value].append(one)
    return [_merged(group) for group in by_price.values()]
