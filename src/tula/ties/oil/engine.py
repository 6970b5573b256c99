"""Hand the oil market's outcome to the world economy, its price effects once.

The oil market says who buys of the partner, at what price at the partner's port, and how far the
world price moves. The engine says what follows: incomes, other prices, where the barrels go that
nobody limits. Both move the price of oil, so only what is missing of the oil market's prices is
added to what the engine finds by itself:

1. regions whose purchases from the partner fall are limited to the oil market's volume. The
   limit's shadow price is the risk premium: the premium is not passed as a trade cost as well.
   Whoever still buys pays the seller's price and keeps the rest (``rent_to="importer"``), unless
   the fear is spent on detours and middlemen (``"nobody"``); the seller never gets it;
2. one export tax of all exporters brings the engine's world price to the oil market's; its
   revenue is the rent of scarce oil. The rate is found by solving the whole world again until
   the two prices meet, so it is the part that the engine lacks, above or below zero;
3. what buyers (and dealers) gain through the partner's lower price is passed as a transfer from
   the partner, less what the engine's own relative price already gave them.

``OilFeed`` tells how much of each the engine had found from the limits alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from tula.equilibrium import Calibration, Closure, Solution, calibrate, solve
from tula.policy import ExportTax, ImportCap, Instrument, Transfer
from tula.ties.inputs import require_names
from tula.ties.oil.engine_prices import partner_oil_price, quantities_sold, world_oil_price
from tula.ties.oil.equilibrium import OilEquilibrium
from tula.ties.oil.errors import OilFeedError, OilMarketError
from tula.ties.oil.parts import BILLION_BARRELS
from tula.world.economy import Economy

Array = np.ndarray
#: Who keeps the scarcity of a limit on purchases.
Keeper = Literal["importer", "nobody"]

#: Shortfalls under this share of volume are no limit.
SLACK = 1e-9
#: Million USD in a billion.
MILLION = 1000.0
#: World and market may differ in the value of the tie by this factor at most.
FACTOR = 2.0
#: Solves allowed to bring the engine's world price to the oil market's.
TRIES = 25


@dataclass(frozen=True)
class OilPrices:
    """Ratios of new to old: ``world`` price of oil and the ``partner``'s price at its port."""

    world: float
    partner: float


@dataclass(frozen=True, eq=False)
class OilFeed:
    """What was handed to the engine, and how far the two agree where they overlap.

    * ``instruments``: everything handed over; ``solution``: the engine's answer to it with the
      other policy in force; ``reference``: its answer to the other policy alone;
    * ``target``: prices by the oil market; ``engine``: by the engine from the limits alone;
      ``joint``: after everything (its world price equals the target's within tolerance);
    * ``rent_rate``: export tax that makes up for what the engine's world price lacks, fraction;
    * ``transfers``: bn USD a year from the partner by region (below zero: to the partner);
      ``used_up``: bn USD a year of intermediation that no region of the engine earns;
    * ``redirected``: share of the limited regions' fall that other importers take up in the
      engine; ``oil_redirected``: the same in the oil market;
    * ``coverage``: crude that the world has the pivot buy of the partner, in value, over what the
      oil market has; far from 1 the two describe different years.
    """

    instruments: tuple[Instrument, ...]
    reference: Solution
    solution: Solution
    target: OilPrices
    engine: OilPrices
    joint: OilPrices
    rent_rate: float
    transfers: Mapping[str, float]
    used_up: float
    redirected: float
    oil_redirected: float
    coverage: float


def oil_prices(before: OilEquilibrium, after: OilEquilibrium) -> OilPrices:
    """Price changes that the oil market owns: outside reasons for the world price left out."""
    world = after.own_price_hat / before.own_price_hat
    share_of_benchmark = [one.fob_price / one.benchmark for one in (before, after)]
    return OilPrices(world, world * share_of_benchmark[1] / share_of_benchmark[0])


def limits(
    before: OilEquilibrium,
    after: OilEquilibrium,
    sector: str,
    crude_share: float = 1.0,
    rent_to: Keeper = "importer",
) -> tuple[Instrument, ...]:
    """Limit every region whose purchases fall to the oil market's volume.

    ``crude_share`` is the share of crude in what the sector buys from the partner, by value.
    ``rent_to`` says who keeps the scarcity. Regions that buy more are left to the engine.
    """
    regions = [buyer.region for buyer in before.market.buyers]
    cuts = {
        region: crude_share * (1.0 - after.volume(region) / before.volume(region))
        for region in regions
        if before.volume(region) > 0.0
    }
    return tuple(
        ImportCap(
            name=f"crude no longer bought: {region}",
            importer=region,
            exporter=before.market.partner,
            sectors=sector,
            cut=min(1.0, cut),
            rent_to=rent_to if cut < 1.0 else "nobody",
        )
        for region, cut in cuts.items()
        if cut > SLACK
    )


def discount_transfers(
    before: OilEquilibrium,
    after: OilEquilibrium,
    engine_change: float = 0.0,
    dealers: Mapping[str, float] | None = None,
) -> dict[str, float]:
    """What the partner comes to pay others through lower prices, bn USD a year by region.

    Buyers get the change of their delivered discount, less ``engine_change`` (USD a barrel, what
    the engine's own prices gave them), times their new volume, and the rent of a price cap.
    ``dealers`` are the shares of regions in the rise of intermediation; the partner's own share
    stays at home, and what no dealer earns is used up on the way.
    """
    found = {
        buyer.region: BILLION_BARRELS * after.volume(buyer.region)
        * (after.discount(buyer.region) - before.discount(buyer.region) - engine_change)
        + after.cap_rent(buyer.region) - before.cap_rent(buyer.region)
        for buyer in before.market.buyers
    }  # fmt: skip
    for region, part in (dealers or {}).items():
        found[region] = found.get(region, 0.0) + part * intermediation(before, after)
    found.pop(before.market.partner, None)
    return found


def intermediation(before: OilEquilibrium, after: OilEquilibrium) -> float:
    """Rise of what freight and dealers take, bn USD a year."""
    cost = before.market.intermediation.value
    old, new = (one.clearing.shunned * cost * one.exports for one in (before, after))
    return BILLION_BARRELS * (new - old)


def feed_engine(
    world: Economy | Calibration,
    before: OilEquilibrium,
    after: OilEquilibrium,
    *,
    sector: str,
    policy: Sequence[Instrument] = (),
    crude_share: float = 1.0,
    dealers: Mapping[str, float] | None = None,
    rent_to: Keeper = "importer",
    closure: Closure | None = None,
    tolerance: float = 1e-8,
) -> OilFeed:
    """Solve the world with the oil market's outcome in it, price effects counted once.

    ``policy`` is what else is in force; it must leave the sector's export taxes alone. ``rent_to``
    says who keeps the scarcity of the limits: importers, who pay the seller's price, or nobody,
    where the risk premium is a cost paid out on every barrel. Raises
    ``TieNameError`` when the world does not hold the market's regions or the sector,
    ``OilMarketError`` when the two equilibria are of different markets, shares are no shares, or
    world and market differ in the size of the tie,
    ``OilFeedError`` when the prices cannot be brought together, and the errors of ``solve``.
    """
    _refuse(world, before, after, sector, crude_share, dealers or {})
    calibration = calibrate(world) if isinstance(world, Economy) else world
    link = _Link(calibration, before.market.partner, sector, tuple(policy), closure)
    coverage = _coverage(calibration, before, sector, crude_share)
    quantities = limits(before, after, sector, crude_share, rent_to)
    reference, limited = link.solve(()), link.solve(quantities)
    target, engine = oil_prices(before, after), link.prices(limited, reference)
    formed = before.benchmark * (engine.world - engine.partner)
    paid = discount_transfers(before, after, formed, dealers)
    handed = (*quantities, *link.transfers(paid))
    rate, solution = link.meet(handed, target.world, reference, tolerance)
    sold = [quantities_sold(one, sector, link.partner) for one in (reference, limited)]
    earned = sum((dealers or {}).values())
    return OilFeed(
        instruments=(*handed, link.rent(rate)),
        reference=reference,
        solution=solution,
        target=target,
        engine=engine,
        joint=link.prices(solution, reference),
        rent_rate=rate,
        transfers=paid,
        used_up=(1.0 - earned) * intermediation(before, after),
        redirected=_taken_up(*sold),
        oil_redirected=after.redirected,
        coverage=coverage,
    )


def _refuse(
    world: Economy | Calibration,
    before: OilEquilibrium,
    after: OilEquilibrium,
    sector: str,
    crude_share: float,
    dealers: Mapping[str, float],
) -> None:
    problems = []
    if any(part < 0.0 for part in dealers.values()) or sum(dealers.values()) > 1.0 + SLACK:
        problems.append(f"dealers: expected shares that add up to 1 at most; got {dict(dealers)}")
    if after.market != before.market:
        problems.append("before and after are equilibria of different markets")
    if not 0.0 < crude_share <= 1.0:
        problems.append(f"crude_share: expected above 0 to 1; got {crude_share}")
    if problems:
        raise OilMarketError("the oil feed", problems)
    market = before.market
    names = {f"buyers.{buyer.region}": buyer.region for buyer in market.buyers}
    names |= {f"dealers.{region}": region for region in dealers}
    require_names(world.labels, {"partner": market.partner, **names}, {"sector": (sector,)})


def _coverage(
    calibration: Calibration, before: OilEquilibrium, sector: str, crude_share: float
) -> float:
    """Value of the pivot's purchases in the world over that in the market; refused if far off."""
    labels, market = calibration.labels, before.market
    n, i = (labels.region_index(code) for code in (market.pivot, market.partner))
    held = calibration.border_trade[labels.sector_index(sector), n, i] * crude_share
    bought = MILLION * BILLION_BARRELS * before.fob_price * before.volume(market.pivot)
    if not bought / FACTOR <= held <= bought * FACTOR:
        raise OilMarketError(
            "the oil feed",
            [
                f"the world has {market.pivot} buy {held / MILLION:.3g} bn USD of {sector} from "
                f"{market.partner}, the oil market {bought / MILLION:.3g}: take a world and a "
                f"market of about the same year, or set crude_share"
            ],
        )
    return float(held / bought)


def _taken_up(old: Array, new: Array) -> float:
    """Share of the fall in some importers' purchases that others' rise makes up for."""
    change = new - old
    fall = -change[change < 0.0].sum()
    return float(min(1.0, change[change > 0.0].sum() / fall)) if fall > 0.0 else 1.0


@dataclass(frozen=True, eq=False)
class _Link:
    """One world, and the export taxes that move its two oil prices."""

    calibration: Calibration
    partner: str
    sector: str
    policy: tuple[Instrument, ...]
    closure: Closure | None

    def solve(self, handed: Sequence[Instrument]) -> Solution:
        return solve(self.calibration, [*self.policy, *handed], closure=self.closure)

    def prices(self, solution: Solution, reference: Solution) -> OilPrices:
        places = (self.sector, self.partner)
        world, partner = (
            read(solution, *places) / read(reference, *places)
            for read in (world_oil_price, partner_oil_price)
        )
        return OilPrices(world, partner)

    def rent(self, rate: float) -> Instrument:
        return ExportTax(
            name="rent of scarce oil", importer="all", exporter="all", sectors=self.sector, add=rate
        )

    def transfers(self, paid: Mapping[str, float]) -> tuple[Instrument, ...]:
        moved = {region: amount for region, amount in paid.items() if abs(amount) > SLACK}
        return tuple(
            Transfer(
                name=f"discount on {self.partner}'s crude",
                payer=self.partner if amount > 0.0 else region,
                receiver=region if amount > 0.0 else self.partner,
                amount_musd=abs(amount) * MILLION,
            )
            for region, amount in moved.items()
        )

    def meet(
        self, handed: Sequence[Instrument], target: float, reference: Solution, tolerance: float
    ) -> tuple[float, Solution]:
        """Move the rate by what is missing until the engine's world price meets the target."""
        rate, missing = 0.0, 1.0
        for _ in range(TRIES):
            solution = self.solve([*handed, self.rent(rate)])
            missing = target / self.prices(solution, reference).world
            if abs(missing - 1.0) <= tolerance:
                return rate, solution
            rate = (1.0 + rate) * missing - 1.0
        raise OilFeedError(
            f"after {TRIES} solves the engine's world price of {self.sector} is still "
            f"{missing - 1.0:+.1e} from the oil market's"
        )
