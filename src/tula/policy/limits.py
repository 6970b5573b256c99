"""Ceilings on quantities and prices: from instruments to the limits the engine reads.

Of several ceilings on the same cells the lowest counts. A quota over many cells and caps on single
ones hold side by side. The price of one producer takes one ceiling, whoever sets it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Bool, Float

from tula.policy.caps import CapInstrument, ImportCut, PriceCap, QuantityCap
from tula.policy.cells import Placed, PolicyProblem, cells_text
from tula.policy.describe import percent, title
from tula.policy.shock import Limit
from tula.policy.stacking import embargoes, is_embargo
from tula.world.labels import Labels

Array = np.ndarray
Cell = tuple[int, int, int]

#: Whether import cuts go into the array ``quantity_cap``; otherwise they are limits like all caps.
CUTS_APART = True


@dataclass(frozen=True, eq=False)
class Ceiling:
    """A limit with the instruments that set it; ``rents`` are all recipients they name."""

    measure: str
    cells: frozenset[Cell]
    value: float
    rents: frozenset[str]
    sources: tuple[Placed, ...]

    def limit(self) -> Limit:
        """The limit as the engine reads it."""
        (rent,) = self.rents
        named = sorted({title(source.instrument) for source in self.sources})
        cells = np.array(sorted(self.cells), dtype=np.int64)
        return Limit("; ".join(named), cells, self.measure, self.value, rent)


def limits(placed: Sequence[Placed], shut: Bool[Array, "S N I"]) -> tuple[Limit, ...]:
    """Limits of the instruments; ``shut`` are the embargoed cells."""
    kept = [one for one in _stacked(placed, shut) if not _by_cuts(one)]
    return tuple(one.limit() for one in kept)


def import_cuts(
    free: Float[Array, "S N I"], placed: Sequence[Placed], shut: Bool[Array, "S N I"]
) -> Float[Array, "S N I"]:
    """Largest ratios of new to old quantity where an import cut is the ceiling that counts.

    Where no other ceiling reaches, the lowest cut counts by itself.
    """
    cap, capped = free.copy(), _capped(placed)
    for p in placed:
        if isinstance(p.instrument, ImportCut) and not is_embargo(p):
            alone = p.cells & ~capped & ~shut
            cap[alone] = np.minimum(cap[alone], p.instrument.ceiling)
    for one in filter(_by_cuts, _stacked(placed, shut)):
        cap[tuple(np.array(sorted(one.cells)).T)] = one.value
    return cap


def _capped(placed: Sequence[Placed]) -> Bool[Array, "..."]:
    """Cells that any cap reaches; False where there is none."""
    kinds = CapInstrument if CUTS_APART else CapInstrument | ImportCut
    caps = [p.cells for p in placed if isinstance(p.instrument, kinds)]
    return np.any(caps, axis=0) if caps else np.array(False)


def _by_cuts(one: Ceiling) -> bool:
    return CUTS_APART and all(isinstance(source.instrument, ImportCut) for source in one.sources)


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
    capped = _capped(placed)
    asked = [one for p in placed for one in _asked(p, shut, capped)]
    quantities = _lowest([one for one in asked if one.measure == "quantity"])
    prices = _producer_prices([one for one in asked if one.measure == "price"])
    found = [*_needed(quantities), *prices]
    return sorted(found, key=lambda one: (one.measure, sorted(one.cells), one.value))


def _asked(p: Placed, shut: Bool[Array, "S N I"], capped: Bool[Array, "..."]) -> list[Ceiling]:
    """Ceilings one instrument asks for: over all its cells together, or on each that is open.

    Import cuts are looked at where a cap reaches too.
    """
    item = p.instrument
    if is_embargo(p) or not isinstance(item, CapInstrument | ImportCut):
        return []
    held = p.cells if isinstance(item, CapInstrument) else p.cells & capped
    measure = "price" if isinstance(item, PriceCap) else "quantity"
    rents = frozenset({item.rent_to if isinstance(item, CapInstrument) else "importer"})
    if isinstance(item, QuantityCap) and item.together:
        whole = [_cells(held)] if (held & ~shut).any() else []
        return [Ceiling(measure, frozenset(cells), item.ceiling, rents, (p,)) for cells in whole]
    return [
        Ceiling(measure, frozenset((cell,)), item.ceiling, rents, (p,))
        for cell in _cells(held & ~shut)
    ]


def _cells(mask: Bool[Array, "S N I"]) -> list[Cell]:
    return [(s, n, i) for s, n, i in np.argwhere(mask).tolist()]


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


def _producer_prices(asked: Sequence[Ceiling]) -> list[Ceiling]:
    """One ceiling for each producer and level: cells of one price share one scarcity."""
    by_price: dict[tuple[int, int, float], list[Ceiling]] = defaultdict(list)
    for one in _lowest(asked):
        ((sector, _, exporter),) = one.cells
        by_price[sector, exporter, one.value].append(one)
    return [_merged(group) for group in by_price.values()]
