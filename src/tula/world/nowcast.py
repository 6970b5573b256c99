"""Move a balanced table to newer published figures and keep it balanced.

Four operators, each exact: ``reprice`` passes new prices of some sectors on to all others
(Leontief's price model); ``resource`` gives importers new partner shares for a sector, the same for
every user; ``fit_partners`` gives one importer new purchases by partner and changes who uses what
as little as possible; ``meet_targets`` scales final spending to value added by region and flows to
published trade while every producer keeps its input coefficients and supplies what is demanded
(Leontief's quantity model; Miller & Blair 2009, chapter 2). Rows equal columns after the first and
the last.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tula.errors import TulaError
from tula.shapes import Bool, Float
from tula.world.balancing import gras
from tula.world.labels import Labels

Array = np.ndarray

#: Least value added in the price of a producer whose price is set, where the old price left as
#: much. Assumption, range 0.05 to 0.2: high-cost mines do not sell at the price of the cheapest.
LEAST_VALUE_ADDED = 0.1


class UnreachableTargetError(TulaError):
    """A published figure cannot be met: the cells behind it are empty, what narrower targets leave
    is negative, or no other supplier is left. Correct the target or drop it."""  # fmt: skip


class NowcastNotConvergedError(TulaError):
    """The targets were not met together. Look for two that contradict each other."""


@dataclass(frozen=True)
class Flows:
    """A balanced table, million USD at basic prices: sales to users and to final demand."""

    intermediate: Float[Array, "I S N K"]
    final: Float[Array, "I S N"]

    @property
    def output(self) -> Float[Array, "I S"]:
        """Gross output: the sum of a producer's sales."""
        return np.asarray(self.intermediate.sum(axis=(2, 3)) + self.final.sum(axis=2))

    @property
    def value_added(self) -> Float[Array, "N S"]:
        """Output less inputs, both at basic prices (duties on inputs included)."""
        return np.asarray(self.output - self.intermediate.sum(axis=(0, 1)))

    @property
    def trade(self) -> Float[Array, "I S N"]:
        """Sales by exporter, sector and importer."""
        return np.asarray(self.intermediate.sum(axis=3) + self.final)


@dataclass(frozen=True)
class Target:
    """A published flow: ``value`` million USD from exporter to importer in some sectors.

    Names are codes or groups; sales to oneself never count. ``both_ways`` adds the flow back.
    Where targets overlap, the narrower ones are met first and the wider ones on what is left.
    """

    exporter: str
    importer: str
    sectors: tuple[str, ...]
    value: float
    fact: str
    source: str
    both_ways: bool = False

    def cells(self, labels: Labels) -> Bool[Array, "I S N"]:
        """Cells (exporter, sector, importer) the target counts."""
        sellers, buyers = (
            np.isin(labels.regions, labels.resolve_regions(name))
            for name in (self.exporter, self.importer)
        )
        sectors = np.isin(labels.sectors, labels.resolve_sectors(self.sectors))
        pairs = sellers[:, None] & buyers
        pairs = (pairs | pairs.T) if self.both_ways else pairs
        pairs &= np.eye(len(sellers)) == 0
        return np.asarray(pairs[:, None, :] & sectors[None, :, None])


def reprice(flows: Flows, labels: Labels, prices: Mapping[str, Float[Array, " I"]]) -> Flows:
    """Change the prices of some sectors; all other prices follow their costs.

    ``prices`` maps a sector to new over old price by producing region. Quantities and, outside
    these sectors, value added stay; the value added of these sectors takes the difference. A
    producer whose costs would leave less than ``LEAST_VALUE_ADDED`` of the new price lowers its
    price only that far. Raises ``UnknownNameError``.
    """
    n, s = len(labels.regions), len(labels.sectors)
    set_price = np.zeros((n, s))
    for sector, ratio in prices.items():
        set_price[:, labels.sector_index(sector)] = ratio
    given = set_price.ravel() > 0
    output = flows.output.ravel()
    coefficients = flows.intermediate.reshape(n * s, n * s) / np.where(output > 0, output, 1.0)
    other = ~given
    least = coefficients.sum(axis=0) / (1.0 - LEAST_VALUE_ADDED)
    price = np.maximum(set_price.ravel(), np.minimum(least, 1.0))
    cost = 1.0 - coefficients[:, other].sum(axis=0)
    cost += price[given] @ coefficients[np.ix_(given, other)]
    system = np.eye(int(other.sum())) - coefficients[np.ix_(other, other)].T
    price[other] = np.linalg.solve(system, cost)
    factor = price.reshape(n, s)
    return Flows(
        intermediate=flows.intermediate * factor[:, :, None, None],
        final=flows.final * factor[:, :, None],
    )


def resource(
    flows: Flows, labels: Labels, sector: str, partner_share: Float[Array, "I N"]
) -> Flows:
    """Give importers new partner shares in their imports of a sector, the same for every user.

    ``partner_share`` (exporter, importer) sums to one over exporters, with zeros on the diagonal;
    an importer whose column is zero keeps its partners. Imports by user stay. Producers' sales
    change: follow with ``meet_targets`` to restore balance.
    """
    place = labels.sector_index(sector)
    intermediate, final = flows.intermediate.copy(), flows.final.copy()
    changed = partner_share.sum(axis=0) > 0
    foreign = np.eye(len(labels.regions)) == 0
    move = foreign & changed
    used = np.where(foreign[:, :, None], intermediate[:, place], 0.0).sum(axis=0)
    bought = np.where(foreign, final[:, place], 0.0).sum(axis=0)
    new_used = partner_share[:, :, None] * used
    intermediate[:, place] = np.where(move[:, :, None], new_used, intermediate[:, place])
    final[:, place] = np.where(move, partner_share * bought, final[:, place])
    return Flows(intermediate, final)


def fit_partners(
    flows: Flows, labels: Labels, sector: str, importer: str, wanted: Float[Array, " I"]
) -> Flows:
    """Give an importer new purchases of a sector by partner; what each user imports stays.

    ``wanted`` (million USD by exporter, the importer's own entry left aside) must sum to imports.
    Uses move as little as both allow, in relative entropy; a partner without sales before gets
    the users of all imports. Producers' sales change: follow with ``meet_targets``. Raises the
    errors of ``tula.world.balancing.gras``.
    """
    s, n = labels.sector_index(sector), labels.region_index(importer)
    sold = (wanted > 0) & (np.arange(len(wanted)) != n)
    before = np.column_stack([flows.intermediate[:, s, n], flows.final[:, s, n]])
    abroad = np.delete(before, n, axis=0).sum(axis=0)
    lacking = before[sold].sum(axis=1) == 0
    prior = before[sold] + np.outer(np.where(lacking, wanted[sold] / abroad.sum(), 0.0), abroad)
    after = np.zeros_like(before)
    after[n], after[sold] = before[n], gras(prior, wanted[sold], abroad)
    intermediate, final = flows.intermediate.copy(), flows.final.copy()
    intermediate[:, s, n], final[:, s, n] = after[:, :-1], after[:, -1]
    return Flows(intermediate, final)


def meet_targets(
    flows: Flows,
    base: Flows,
    labels: Labels,
    value_added: Float[Array, " N"],
    targets: Sequence[Target],
    tolerance: float = 1e-10,
    max_iterations: int = 500,
) -> Flows:
    """Meet value added by region and published trade; return a balanced table.

    Input coefficients are purchases in ``flows`` over outputs in ``base`` (the same table before
    partners were moved). A flow that must grow takes from all suppliers of the same good to the
    same user that no target names, and gives to them when it must shrink. Raises
    ``UnreachableTargetError``, ``NowcastNotConvergedError``.
    """
    output = base.output
    coefficients = flows.intermediate / np.where(output > 0, output, 1.0)
    final, groups = flows.final, _free_cells(targets, labels)
    named = np.any([cells for cells, _ in groups], axis=0) if groups else np.zeros(final.shape) > 0
    for _ in range(max_iterations):
        solved = _supply(coefficients, final, value_added)
        factor, gap = _factors(solved, targets, groups)
        if gap <= tolerance:
            return solved
        coefficients = _shift(coefficients, factor, named)
        final = _shift(final[:, :, :, None], factor, named)[:, :, :, 0]
    raise NowcastNotConvergedError(f"largest relative gap {gap:.1e} after {max_iterations} rounds")


def achieved(
    flows: Flows, labels: Labels, targets: Sequence[Target]
) -> list[dict[str, str | float]]:
    """Return each target beside what the table holds, million USD."""
    return [
        {
            "flow": f"{t.exporter} to {t.importer}{' and back' if t.both_ways else ''}",
            "sectors": " ".join(t.sectors),
            "target": t.value,
            "achieved": float(flows.trade[t.cells(labels)].sum()),
            "fact": t.fact,
            "source": t.source,
        }
        for t in targets
    ]


def _free_cells(targets: Sequence[Target], labels: Labels) -> list[tuple[Array, Array]]:
    """Cells of each target, and those among them that no narrower target counts."""
    cells = [target.cells(labels) for target in targets]
    sizes = [int(mask.sum()) for mask in cells]
    groups = []
    for mask, size in zip(cells, sizes, strict=True):
        narrower = [m for m, other in zip(cells, sizes, strict=True) if other < size]
        groups.append((mask, mask & ~np.any([np.zeros_like(mask), *narrower], axis=0)))
    return groups


def _factors(
    flows: Flows, targets: Sequence[Target], groups: list[tuple[Array, Array]]
) -> tuple[Array, float]:
    """Factor by which each cell must change, and the largest relative gap of a target.

    Narrower targets come first: wider ones find what those will leave.
    """
    trade, gap = flows.trade, 0.0
    factor = np.ones_like(trade)
    pairs = sorted(zip(targets, groups, strict=True), key=lambda pair: pair[1][0].sum())
    for target, (cells, free) in pairs:
        total, movable = trade[cells].sum(), trade[free].sum()
        narrower = cells & ~free
        wanted = target.value - (trade[narrower] * factor[narrower]).sum()
        if movable <= 0 or wanted <= 0:
            place = f"{target.exporter} to {target.importer} ({target.fact})"
            raise UnreachableTargetError(f"{place}: {wanted:.1f} left for cells of {movable:.1f}")
        factor[free] = wanted / movable
        gap = max(gap, abs(total / target.value - 1.0))
    return factor, gap


def _shift(purchases: Array, factor: Array, named: Array) -> Array:
    """Scale named cells; all other suppliers of the same good and user make up the sum."""
    moved = purchases * np.where(named, factor, 1.0)[:, :, :, None]
    taken = (moved - purchases).sum(axis=0)
    others = np.where(named[:, :, :, None], 0.0, purchases).sum(axis=0)
    if np.any(taken > others):
        raise UnreachableTargetError("the named suppliers would sell more than the user buys")
    if np.any((taken < 0) & (others == 0)):
        raise UnreachableTargetError("no other supplier is left to sell what a target takes away")
    scale = 1.0 - taken / np.where(others > 0, others, 1.0)
    return np.asarray(np.where(named[:, :, :, None], moved, moved * scale))


def _supply(coefficients: Array, final: Array, value_added: Array) -> Flows:
    """Scale final spending by region to the wanted value added; outputs follow demand."""
    n, s = final.shape[:2]
    square = coefficients.reshape(n * s, n * s)
    response = np.linalg.solve(np.eye(n * s) - square, final.reshape(n * s, n))
    share = (1.0 - square.sum(axis=0))[:, None]
    earned = (share * response).reshape(n, s, n).sum(axis=1)
    spending = np.linalg.solve(earned, value_added)
    if np.any(spending <= 0):
        raise UnreachableTargetError("value added by region needs negative spending somewhere")
    output = (response @ spending).reshape(n, s)
    return Flows(coefficients * output, final * spending)
