"""A trade agreement with product coverage and use rates, and what it does in the engine."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated

import numpy as np

from tula.equilibrium import Calibration, Solution, solve
from tula.equilibrium.approach import go_by
from tula.errors import TulaError
from tula.frozen import kept_with
from tula.numbers.quantity import Positive, Share
from tula.numbers.record import Record, Unit
from tula.policy import Instrument, TradeAgreement, TradeCost
from tula.ties.inputs import require_names
from tula.world.named import Region, Regions, Sectors


class NoTradeError(TulaError):
    """The world holds no trade of the kind a tie builds on, so that no change of it is defined.

    Name other sectors or regions, or use a world that holds the trade.
    """


class TradeDeal(Record):
    """A trade agreement of ``pivot`` with a bloc; the duty falls by ``coverage`` times ``use``."""

    pivot: Region
    """The middle power; filled in by the study."""
    partner: Region
    """The member of the bloc whose trade is told."""
    bloc: Regions
    """Regions or groups on the other side, the partner among them."""
    coverage: Annotated[Share, Unit("share", 0.9)]
    """Share of the dutiable trade whose duty goes."""
    use: Annotated[Share, Unit("share", 0.7)]
    """Share of that trade which claims the preference, for rules of origin and paperwork."""
    sectors: Sectors
    """Sectors or groups whose duties are in question."""
    reform: Annotated[Share, Unit("share of value", 0.02)]
    """Fall of other costs of trade between pivot and partner, both ways."""
    elasticity_scale: Annotated[Positive, Unit("ratio", 1.0)]
    """Factor on the world's trade elasticities."""
    replacement_time: Annotated[Positive, Unit("years", 3.0)]
    """Time until other markets take half of what the deal adds."""
    hazard: Annotated[Share, Unit("probability a year", 0.05)]
    """Chance that pressure of third countries suspends the deal."""

    @property
    def cut(self) -> float:
        """Share of the duty removed, at central values."""
        return self.coverage.value * self.use.value


@dataclass(frozen=True)
class DealEffect:
    """What a deal does: ratios of new to old, and billion USD a year at base prices.

    * ``exports``, ``imports``: pivot's sales to and purchases from the partner, new over old;
    * ``fuels``: the part of the purchases in the sectors set apart as fuels;
    * ``gain_pivot``, ``gain_partner``: equivalent variation;
    * ``diverted_partner``: change in what the partner buys from all others but the pivot,
      ``diverted_pivot`` in what the pivot buys from all outside the bloc; minus = diverted;
    * ``duties_pivot``: change in the pivot's duty revenue.
    """

    exports: float
    imports: float
    fuels: float
    gain_pivot: float
    gain_partner: float
    diverted_partner: float
    diverted_pivot: float
    duties_pivot: float


def require_deal(deal: TradeDeal, calibration: Calibration, **sectors: tuple[str, ...]) -> None:
    """Raise one ``TieNameError`` for all names of a deal that the world lacks."""
    labels = calibration.labels
    require_names(
        labels,
        {"pivot": deal.pivot, "partner": deal.partner, "bloc": deal.bloc},
        {"sectors": deal.sectors, **sectors},
    )
    members = labels.resolve_regions(deal.bloc)
    if deal.partner not in members or deal.pivot in members:
        raise NoTradeError(
            f"the bloc {', '.join(members)} must hold partner {deal.partner} and not {deal.pivot}"
        )


def instruments(deal: TradeDeal, *, cut: float, reform: float) -> list[Instrument]:
    """Return the agreement, and the reform of other costs, as moves of the engine."""
    moves: list[Instrument] = [
        TradeAgreement(members=[[deal.pivot], deal.bloc], sectors=deal.sectors, coverage=cut)
    ]
    if reform > 0.0:
        moves += [
            TradeCost(importer=one, exporter=other, sectors=deal.sectors, factor=1.0 - reform)
            for one, other in ((deal.pivot, deal.partner), (deal.partner, deal.pivot))
        ]
    return moves


def effect(
    deal: TradeDeal,
    calibration: Calibration,
    *,
    counted: tuple[str, ...],
    fuels: tuple[str, ...] = (),
    cut: float | None = None,
    reform: float | None = None,
    scale: float | None = None,
) -> DealEffect:
    """Solve the world with the deal and read off trade in ``counted`` sectors.

    ``cut``, ``reform`` and ``scale`` default to the deal's central values.
    """
    factor = deal.elasticity_scale.value if scale is None else scale
    moves = instruments(
        deal,
        cut=deal.cut if cut is None else cut,
        reform=deal.reform.value if reform is None else reform,
    )
    return _read(deal, solve(_scaled(calibration, factor), moves), counted, fuels)


@kept_with
def _scaled(calibration: Calibration, factor: float) -> Calibration:
    """Return the world with all trade elasticities multiplied."""
    found = replace(calibration, trade_elasticity=factor * calibration.trade_elasticity)
    return go_by(found, calibration)


def _read(
    deal: TradeDeal, solution: Solution, counted: tuple[str, ...], fuels: tuple[str, ...]
) -> DealEffect:
    base, labels = solution.calibration, solution.labels
    pivot, partner = labels.region_index(deal.pivot), labels.region_index(deal.partner)
    burnt = labels.resolve_sectors(fuels)
    places = [labels.sector_index(code) for code in labels.resolve_sectors(counted)]
    fuel = [labels.sector_index(code) for code in burnt]
    other = [place for place in places if place not in fuel]
    gain = (solution.real_income_hat - 1.0) * base.final_spending / 1000.0
    change = (solution.border_trade - base.border_trade)[places].sum(axis=0) / 1000.0
    bloc = [labels.region_index(code) for code in labels.resolve_regions(deal.bloc)]
    outside_pair = np.ones(len(labels.regions), dtype=bool)
    outside_pair[[pivot, partner]] = False
    outside_bloc = np.ones(len(labels.regions), dtype=bool)
    outside_bloc[[pivot, *bloc]] = False
    duties = (base.tariff * base.border_trade).sum(axis=(0, 2))[pivot]
    return DealEffect(
        exports=_ratio(solution, places, partner, pivot),
        imports=_ratio(solution, other, pivot, partner),
        fuels=_ratio(solution, fuel, pivot, partner) if fuel else 1.0,
        gain_pivot=float(gain[pivot]),
        gain_partner=float(gain[partner]),
        diverted_partner=float(change[partner][outside_pair].sum()),
        diverted_pivot=float(change[pivot][outside_bloc].sum()),
        duties_pivot=float(solution.tariff_revenue[pivot] - duties) / 1000.0,
    )


def _ratio(solution: Solution, sectors: list[int], importer: int, exporter: int) -> float:
    old = float(solution.calibration.border_trade[sectors, importer, exporter].sum())
    if old <= 0.0:
        codes, names = solution.labels.regions, solution.labels.sectors
        listed = ", ".join(names[place] for place in sectors) or "no sector"
        raise NoTradeError(f"{codes[importer]} buys nothing from {codes[exporter]} in {listed}")
    return float(solution.border_trade[sectors, importer, exporter].sum()) / old
