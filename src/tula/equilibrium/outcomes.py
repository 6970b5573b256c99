"""What limits and corridors do in an equilibrium: which bind, their price, and who is paid."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from math import inf
from typing import NamedTuple

import numpy as np

from tula.equilibrium.cells import Cells
from tula.equilibrium.limits import ActiveLimit, kept_wedge, over_quota
from tula.equilibrium.system import State
from tula.policy.shock import Limit, Shock
from tula.shapes import Float
from tula.world.labels import Labels

Array = np.ndarray


@dataclass(frozen=True)
class LimitOutcome:
    """What a limit on quantities or prices does in an equilibrium.

    ``shadow_price`` is the ratio of the price buyers would pay to what they pay without the limit's
    wedge: 1 where it is slack, infinite where the seller of a price ceiling has better buyers, so
    that nothing is bought under it. ``rent`` is the wedge's proceeds, million USD, kept by
    ``rent_to`` (used up if ``"nobody"``). Of a tariff quota, ``beyond`` is the shadow price at
    which more is bought (infinite for other limits) and ``used`` what is bought, over the quota:
    1 until then, more beyond it; licences keep ``rent`` on the quota alone, and what is paid on the
    rest is duty. ``sector``, ``importer`` and ``exporter`` name the first
    cell, ``cells`` their number.
    """

    instrument: str
    measure: str
    sector: str
    importer: str
    exporter: str
    cells: int
    ceiling: float
    rent_to: str
    shadow_price: float
    rent: float
    beyond: float = inf
    used: float = 1.0

    @property
    def binds(self) -> bool:
        """Whether the limit holds anything back."""
        return self.shadow_price > 1.0

    @property
    def ends_trade(self) -> bool:
        """Whether nothing is bought under it."""
        return self.shadow_price == inf


@dataclass(frozen=True)
class CorridorOutcome:
    """How far the quota of a labour corridor is used, and what its permits are worth.

    ``used`` is a share of the quota; ``permit_value`` is the share of a host's wage that those who
    want to go would pay for a permit (0 where the quota is slack or always filled by assumption);
    ``earned`` and ``remitted`` are million USD a year.
    """

    instrument: str
    source: str
    host: str
    used: float
    permit_value: float
    earned: float
    remitted: float


class KeptWedges(NamedTuple):
    """Ratios on the full array of cells, by who keeps the limits' proceeds (1 = none).

    The importer's hold what is paid beyond tariff quotas; ``duty`` is the ratio of the duty-paid
    price to what it would be at the rate inside.
    """

    importer: Float[Array, "S N I"]
    exporter: Float[Array, "S N I"]
    nobody: Float[Array, "S N I"]
    duty: Float[Array, "S N I"]


class _Split(NamedTuple):
    """One limit's log wedge; what its licences keep of it, in logs, and the part of its quantity
    that they cover."""

    whole: float
    kept: float
    covered: float

    @property
    def to_importer(self) -> float:
        """What of the wedge is paid to the importer as duty, in logs."""
        return self.whole - self.kept


def _split(limit: Limit, wedge: float) -> _Split:
    bound, unknown = np.array([np.log(limit.beyond)]), np.array([wedge])
    whole, kept = kept_wedge(bound, unknown)
    return _Split(float(whole[0]), float(kept[0]), float(np.exp(-over_quota(bound, unknown)[0])))


def kept_wedges(
    limits: Sequence[ActiveLimit], log_wedge: Float[Array, " G"], shape: tuple[int, ...]
) -> KeptWedges:
    """Multiply the limits' wedges cell by cell."""
    kept = defaultdict[str, Array](partial(np.ones, shape))
    for (limit, cells, _), wedge in zip(limits, log_wedge, strict=True):
        places, split = tuple(cells.T), _split(limit, wedge)
        if split.kept != 0.0:
            kept[limit.rent_to][places] *= np.exp(split.kept)
        if split.covered < 1.0:
            kept["importer"][places] *= np.exp(split.to_importer)
            mine = limit.rent_to == "importer"
            paid = np.exp(split.whole if mine else split.to_importer)
            kept["duty"][places] *= 1.0 + (1.0 - split.covered if mine else 1.0) * (paid - 1.0)
    none = np.broadcast_to(1.0, shape)
    return KeptWedges(*(kept.get(name, none) for name in KeptWedges._fields))


def limit_outcomes(
    labels: Labels,
    limits: Sequence[ActiveLimit],
    log_wedge: Float[Array, " G"],
    kept: KeptWedges,
    cells: Cells,
) -> tuple[LimitOutcome, ...]:
    """Return what each limit does; where several share a cell, rents follow log wedges."""
    outcomes = []
    for (limit, members, _), wedge in zip(limits, log_wedge, strict=True):
        places, split = tuple(members.T), _split(limit, wedge)
        ratio = getattr(kept, limit.rent_to)[places]
        mine = limit.rent_to == "importer"
        paid = (cells.spent if mine else cells.at_border)[places]
        if limit.rent_to == "nobody":
            paid = paid / kept.exporter[places]
        share, covered = (split.whole, split.covered) if mine else (split.kept, 1.0)
        part = np.divide(share, np.log(ratio), out=np.zeros_like(ratio), where=ratio > 1.0)
        rent = float((paid * (1.0 - 1.0 / ratio) * part).sum()) * covered
        sector, importer, exporter = members[0]
        outcomes.append(
            LimitOutcome(
                instrument=limit.instrument,
                measure=limit.measure,
                sector=labels.sectors[sector],
                importer=labels.regions[importer],
                exporter=labels.regions[exporter],
                cells=len(members),
                ceiling=limit.ceiling,
                rent_to=limit.rent_to,
                shadow_price=float(np.exp(split.whole)),
                rent=rent,
                beyond=limit.beyond,
                used=1.0 / split.covered,
            )
        )
    return tuple(outcomes)


def ended_outcome(labels: Labels, limit: Limit) -> LimitOutcome:
    """Return what a price ceiling does that the seller does not take: nothing is bought."""
    sector, importer, exporter = limit.cells[0]
    return LimitOutcome(
        instrument=limit.instrument,
        measure=limit.measure,
        sector=labels.sectors[sector],
        importer=labels.regions[importer],
        exporter=labels.regions[exporter],
        cells=len(limit.cells),
        ceiling=limit.ceiling,
        rent_to=limit.rent_to,
        shadow_price=inf,
        rent=0.0,
    )


def corridor_outcomes(labels: Labels, shock: Shock, state: State) -> tuple[CorridorOutcome, ...]:
    """Return the use of each corridor's quota and the value of its permits."""
    earning = np.asarray(state.wage_hat * state.employment_hat)
    real = earning / np.asarray(state.final_price_hat)
    outcomes = []
    for one, used in zip(shock.corridors, np.asarray(state.corridor_use), strict=False):
        earned = float(used * one.host_value * earning[one.host])
        wanted = one.wanted * (real[one.host] / real[one.source]) ** one.elasticity
        modelled = np.isfinite(one.wanted) and one.elasticity > 0.0
        value = 1.0 - max(1.0, wanted) ** (-1.0 / one.elasticity) if modelled else np.nan
        outcomes.append(
            CorridorOutcome(
                instrument=one.instrument,
                source=labels.regions[one.source],
                host=labels.regions[one.host],
                used=float(used),
                permit_value=float(value),
                earned=earned,
                remitted=earned * one.remitted,
            )
        )
    return tuple(outcomes)
