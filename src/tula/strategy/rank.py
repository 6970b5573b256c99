"""How every region of a world stands between two rivals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from dataclasses import replace as change
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from tula.equilibrium.calibration import calibrate
from tula.equilibrium.closures import Closure, FixedBalance
from tula.equilibrium.day import duties_shock
from tula.equilibrium.errors import unwarned
from tula.equilibrium.solve import solve
from tula.equilibrium.technology import Technology
from tula.equilibrium.variants import SHORT_RUN, Variant, buyers_hit
from tula.metrics.arrays import ratio
from tula.policy.duties import DutiesOfDay
from tula.shapes import Float
from tula.strategy.errors import LeverageError
from tula.strategy.leverage import (
    BreakOffs,
    add,
    broken_off,
    chances,
    departure,
    labelled,
    sides_of,
)
from tula.strategy.replace import ENDS, Replace
from tula.world.economy import Economy
from tula.world.labels import Labels

if TYPE_CHECKING:
    import xarray as xr

Array = np.ndarray
#: Directions of a flow with a rival, seen from the region.
WAYS = ("sold", "bought")


def rank(
    world: Economy,
    first: str,
    second: str,
    *,
    replace: Replace | None = None,
    ends: Sequence[str] = ENDS,
    duties: DutiesOfDay | date | None = None,
    keeps_word: Mapping[str, float] | None = None,
    short_run: Variant = SHORT_RUN[0],
    own: Mapping[str, float] | None = None,
    goods: str | Sequence[str] | None = None,
    technology: Technology | None = None,
    closure: Closure | None = None,
    executor: Executor | None = None,
) -> xr.Dataset:
    """Return the leverage of two rivals over every other region, the most even first.

    ``loss``, ``cost`` (%, of own final spending), their money, and ``needed``, the chance of a
    break-off that must be believed, by region, rival and end of ``replace`` (``ends``, the median
    first), as ``leverage`` has them. With ``duties``, ``kept`` (ratio) is what they leave of each
    flow with a rival since the world's base year, in value at the border, in the short-run world
    ``short_run`` with ``own`` sigmas of commodities, and ``weight`` the flow's size in the base
    year, % of the region's final spending. Flows are those of ``goods`` and of the rest, each sold
    and bought; of everything where the world has no group of that name.

    Regions are ordered by the smaller chance at the median. There is no verdict, as nobody's
    threat is stated. Attribute ``failures`` names break-offs without an equilibrium, whose figures
    are not numbers, and ``kept_suppliers`` buyers that trade on for want of another seller.
    ``executor`` shares the solves, as in ``solve_batch``; the numbers do not depend on it. Raises
    ``LeverageError``, ``InelasticDemandError``, ``UnknownNameError``, ``ConvergenceError``.
    """
    return ranked(
        world,
        (first, second),
        replace or Replace(),
        closure or FixedBalance(),
        ends=ends,
        duties=duties,
        keeps_word=keeps_word,
        short_run=short_run,
        own=own,
        goods=goods,
        technology=technology,
        executor=executor,
    ).data


@dataclass(frozen=True, eq=False)
class Ranked:
    """What ``rank`` tells, as solved: no xarray is loaded before it is labelled.

    ``tables`` by end; ``pivots`` with their places, ``word`` by rival; ``flows`` what duties leave
    of each, and its size, (P, R) each.
    """

    labels: Labels
    rivals: Sequence[str]
    pivots: Mapping[str, tuple[int, ...]]
    word: Float[Array, " R"]
    ends: Sequence[str]
    tables: Sequence[BreakOffs]
    flows: Mapping[str, tuple[Array, Array]]
    told: Mapping[str, str]

    @property
    def data(self) -> xr.Dataset:
        """Everything by region, rival, end and flow, the most even first."""
        found = labelled(self.tables, self.rivals, self.pivots, self.word, self.ends)
        called = [
            [self.labels.region_names.get(code, code) for code in some]
            for some in (self.pivots, self.rivals)
        ]
        found = found.assign_coords(name=("region", called[0]), rival_name=("rival", called[1]))
        if self.flows:
            found = _with_flows(found, self.flows)
        kept = dict.fromkeys(one for table in self.tables for one in table.kept)
        told = {
            **self.told,
            "failures": "; ".join(one for table in self.tables for one in table.failures),
            "kept_suppliers": "; ".join(kept),
        }
        return _ordered(found).assign_attrs(told)


def ranked(
    world: Economy,
    rivals: tuple[str, str],
    belief: Replace,
    closure: Closure,
    *,
    ends: Sequence[str] = ENDS,
    duties: DutiesOfDay | date | None = None,
    keeps_word: Mapping[str, float] | None = None,
    short_run: Variant = SHORT_RUN[0],
    own: Mapping[str, float] | None = None,
    goods: str | Sequence[str] | None = None,
    technology: Technology | None = None,
    executor: Executor | None = None,
) -> Ranked:
    """Solve what ``rank`` tells; arguments and errors as there."""
    labels = world.labels
    names = [labels.region_vocabulary.find(name) for name in rivals]
    sides = sides_of(labels, names)
    pivots = _others(labels, sides)
    word = chances(names, "keeps_word", keeps_word, 1.0)
    groups = _groups(labels, goods)
    belief.check(labels)
    tables, flows = [], dict[str, tuple[Array, Array]]()
    for end in ends:
        base, _ = departure(belief.world(world, end, technology), duties, closure)
        tables.append(
            broken_off(base, pivots, sides, closure, keep_last_supplier=True, executor=executor)
        )
    if duties is not None:
        asked = duties if isinstance(duties, DutiesOfDay) else DutiesOfDay(duties)
        variant = change(short_run, closure=closure, technology=technology or short_run.technology)
        flows = _flows(world, asked, variant, own or {}, groups, pivots, sides)
    told = {
        "closure": closure.name,
        "elasticities": belief.told(labels.sector_names),
        "replace": "; ".join(belief.options),
    }
    return Ranked(labels, names, pivots, word, ends, tables, flows, told)


def _others(labels: Labels, sides: Mapping[str, tuple[int, ...]]) -> dict[str, tuple[int, ...]]:
    """Return every region that belongs to neither rival."""
    inside = {place for members in sides.values() for place in members}
    found: dict[str, tuple[int, ...]] = {
        r: (n,) for n, r in enumerate(labels.regions) if n not in inside
    }
    if not found:
        raise LeverageError([f"the world has no region beside {' and '.join(sides)}"])
    return found


def _groups(labels: Labels, goods: str | Sequence[str] | None) -> dict[str, list[int]]:
    """Return positions of goods and of the other sectors; of all where goods are not known."""
    if goods is None and "goods" not in labels.sector_groups:
        return {"all": list(range(len(labels.sectors)))}
    made = labels.resolve_sectors("goods" if goods is None else goods)
    places = {
        "goods": [n for n, code in enumerate(labels.sectors) if code in made],
        "services": [n for n, code in enumerate(labels.sectors) if code not in made],
    }
    return {name: rows for name, rows in places.items() if rows}


def _flows(
    world: Economy,
    duties: DutiesOfDay,
    variant: Variant,
    own: Mapping[str, float],
    groups: Mapping[str, list[int]],
    pivots: Mapping[str, tuple[int, ...]],
    sides: Mapping[str, tuple[int, ...]],
) -> dict[str, tuple[Array, Array]]:
    """Return what duties leave of each flow, and its size in % of final spending, (P, R) each."""
    plain = calibrate(world)
    shock = duties_shock(plain, duties)
    base = variant.world(world, buyers_hit(plain, shock), own)
    with unwarned():
        found = solve(base, shock, closure=variant.closure)
    base = found.calibration
    spending = base.final_spending[[place for (place,) in pivots.values()]]
    told = {}
    for name, rows in groups.items():
        trade = [flow[rows].sum(axis=0) for flow in (base.border_trade, found.border_trade)]
        for way in WAYS:
            old, new = (_between(t if way == "bought" else t.T, pivots, sides) for t in trade)
            weight = 100.0 * old / spending[:, None]
            told[f"{name} {way}"] = (ratio(new, old), weight)
    return told


def _with_flows(found: xr.Dataset, flows: Mapping[str, tuple[Array, Array]]) -> xr.Dataset:
    found = found.assign_coords(flow=list(flows))
    for place, variable in enumerate(("kept", "weight")):
        values = np.stack([flow[place] for flow in flows.values()], axis=-1)
        add(found, variable, ("region", "rival", "flow"), values)
    return found


def _between(
    bought: Float[Array, "N I"],
    pivots: Mapping[str, tuple[int, ...]],
    sides: Mapping[str, tuple[int, ...]],
) -> Float[Array, "P R"]:
    """Return what pivots buy of rivals."""
    rows = bought[[place for (place,) in pivots.values()]]
    return np.stack([rows[:, list(members)].sum(axis=1) for members in sides.values()], axis=1)


def _ordered(found: xr.Dataset) -> xr.Dataset:
    """Put regions in the order of the smaller chance at the median, unknown ones last."""
    least = found["needed"].sel(end=ENDS[0]).min("rival", skipna=False).values
    return found.isel(region=np.argsort(-least, kind="stable"))
