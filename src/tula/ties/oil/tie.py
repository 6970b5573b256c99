"""The oil tie in the lines common to all ties."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Annotated

from pydantic import model_validator

from tula.equilibrium import Calibration
from tula.market.agreement import AGREE, require_agreement
from tula.numbers.quantity import NotNegative, Positive, Share
from tula.numbers.record import Record, Unit, refuse
from tula.ties.account import TieAccount, account_of
from tula.ties.inputs import estimates
from tula.ties.oil.equilibrium import OilEquilibrium, clear
from tula.ties.oil.market import OilMarket, regime_faults
from tula.ties.oil.parts import ALL, BILLION_BARRELS, NO_PRESSURE, NONE, Regime
from tula.ties.oil.routes import SupplySet
from tula.ties.oil.worth import InWorld, closure_loss
from tula.ties.quantity import DRAWS
from tula.world.named import Fault, SectorCode

MONEY = "bn USD a year"
BARREL = "USD a barrel"
GDP = "share of GDP"


class OilTie(Record):
    """What a pivot's purchases of the partner's crude rest on."""

    sector: SectorCode
    """Sector of the world that crude is; its market clears what firms decide."""
    market: OilMarket
    """The market for the partner's crude."""
    rent_lost: Annotated[Share, Unit("share", 0.7)]
    """Part of the price gap on shunned barrels that is a cost of risk: nobody keeps it."""
    regime: Regime = NO_PRESSURE
    """What is in force when the tie is valued."""
    pressure: Regime
    """What third powers might put in force."""
    hazard: Annotated[Share, Unit("probability a year", 0.5)]
    """Chance that it comes into force."""
    gdp: Annotated[Positive, Unit("bn USD a year", 3784.5)]
    """The pivot's gross domestic product."""
    replacement_time: Annotated[NotNegative, Unit("years", 0.25)]
    """Time until other sources cover half of the partner's barrels."""
    penalty: Annotated[Share, Unit("share of GDP", 0.003)] = NONE
    """What a third power's duty for keeping the tie costs the pivot in a full year."""
    persistence: Annotated[Share, Unit("share of the year", 0.5)] = ALL
    """How long the duty is in force."""
    supply_set: SupplySet | None = None
    """All of the pivot's crude, the partner among its sources; for its chokepoints."""

    @model_validator(mode="after")
    def _consistent(self) -> OilTie:
        pivot, partner = self.market.pivot, self.market.partner
        found: list[Fault] = []
        for name in ("regime", "pressure"):
            wrong = regime_faults(self.market, getattr(self, name))
            found += [((name, *at), why) for at, why in wrong]
        if self.regime.ceilings.get(pivot, 1.0) <= 0.0:
            why = "the tie is already cut; put it in pressure"
            found.append((("regime", "ceilings", pivot), why))
        if self.supply_set and partner not in (one.name for one in self.supply_set.sources):
            found.append((("supply_set", "sources"), f"{partner} is not among them"))
        refuse(found)
        return self


def ended(tie: OilTie) -> Regime:
    """The regime in force with the pivot's purchases brought to nothing."""
    ceilings = {**tie.regime.ceilings, tie.market.pivot: 0.0}
    return tie.regime.model_copy(update={"ceilings": ceilings})


def read_tie(tie: OilTie, world: Calibration) -> dict[str, float]:
    """Read every line of the account at central values."""
    base, held = clear(tie.market), clear(tie.market, tie.regime)
    gone, pressed = clear(tie.market, ended(tie)), clear(tie.market, tie.pressure)
    inside = InWorld(world, tie.sector, base, tie.rent_lost.value)
    return {
        **_worth(tie, inside, held, gone, pressed),
        **_market(tie, inside, held, gone),
        **_under_pressure(tie, held, pressed),
        **_routes(tie, inside, held, gone),
    }


def _worth(
    tie: OilTie,
    inside: InWorld,
    held: OilEquilibrium,
    gone: OilEquilibrium,
    pressed: OilEquilibrium,
) -> dict[str, float]:
    here, there = (inside.world.labels.region_index(one) for one in tie.market.ends)
    with_it = inside.money(held)
    lost = with_it - inside.money(gone)
    value, gain = float(lost[here]), float(inside.money(pressed)[here] - with_it[here])
    fined = tie.penalty.value * tie.persistence.value * tie.gdp.value
    return {
        "value_to_pivot": value,
        "value_to_partner": float(lost[there]),
        "dependence": held.volume(tie.market.pivot) / tie.market.pivot_buyer.need.value,
        "replacement_time": tie.replacement_time.value,
        "exposure": fined + tie.hazard.value * max(0.0, -gain),
        "penalty": fined,
        "required_autonomy": (fined - value) / tie.gdp.value,
        "value_of_gdp": value / tie.gdp.value,
        "pressure_gain": gain,
    }


def _market(
    tie: OilTie, inside: InWorld, held: OilEquilibrium, gone: OilEquilibrium
) -> dict[str, float]:
    pivot, partner = tie.market.ends
    with_it, without_it = (
        inside.cleared(one, "importer").world_price((partner,)) for one in (held, gone)
    )
    here = inside.world.labels.region_index(pivot)
    lost = float((inside.money(inside.base) - inside.money(gone))[here])
    return {
        "loss_a_barrel": lost / (BILLION_BARRELS * inside.base.volume(pivot)),
        "discount": held.discount(pivot),
        "discount_saving": held.saving(pivot),
        "price_rise_on_leaving": held.benchmark * (without_it / with_it - 1.0),
        "redirected_on_leaving": gone.redirected,
        "fob_price": held.fob_price,
    }


def _under_pressure(tie: OilTie, held: OilEquilibrium, pressed: OilEquilibrium) -> dict[str, float]:
    pivot = tie.market.pivot
    return {
        "gross_exit_under_pressure": pressed.gross_exit(pivot),
        "change_under_pressure": pressed.volume(pivot) / held.volume(pivot) - 1.0,
        "discount_under_pressure": pressed.discount(pivot),
        "fob_price_under_pressure": pressed.fob_price,
        "world_price_under_pressure": pressed.world_price_hat / held.world_price_hat - 1.0,
        "partner_loss_under_pressure": held.partner_revenue - pressed.partner_revenue,
        "risk_under_pressure": pressed.risk_borne(pivot),
    }


def _routes(
    tie: OilTie, inside: InWorld, held: OilEquilibrium, gone: OilEquilibrium
) -> dict[str, float]:
    if tie.supply_set is None:
        return {}
    pivot = inside.world.labels.region_index(tie.market.pivot)

    def expected(outcome: OilEquilibrium) -> float:
        points = tie.supply_set.chokepoints if tie.supply_set else ()
        each = (one.hazard.value * closure_loss(inside, outcome, one)[pivot] for one in points)
        return float(sum(each))

    with_tie = expected(held)
    return {
        "chokepoint_loss": with_tie,
        "chokepoint_loss_added_on_leaving": expected(gone) - with_tie,
    }


#: Unit and meaning of every line.
MEANINGS: Mapping[str, tuple[str, str]] = {
    "value_to_pivot": (MONEY, "what doing without the partner costs, its market cleared anew"),
    "value_to_partner": (MONEY, "what losing the pivot costs the partner, in the same market"),
    "dependence": ("share", "share of the pivot's crude that the partner supplies"),
    "replacement_time": ("years", "until others cover half of the partner's barrels"),
    "exposure": (MONEY, "expected loss through pressure on the tie, zero or more"),
    "value_of_gdp": (GDP, "value to the pivot: the largest penalty that keeping the tie is worth"),
    "penalty": (MONEY, "expected cost of the duty put on the pivot for keeping the tie"),
    "required_autonomy": (GDP, "penalty less value: what keeping the tie reveals, if above zero"),
    "pressure_gain": (MONEY, "to the pivot from pressure on firms: rents kept less dearer crude"),
    "loss_a_barrel": (BARREL, "what doing without costs, on every barrel bought"),
    "discount": (BARREL, "delivered, against the next best crude, formed by the market"),
    "discount_saving": (MONEY, "delivered discount times volume, and rent of a price cap"),
    "price_rise_on_leaving": (BARREL, "others' prices, if the pivot buys nothing"),
    "redirected_on_leaving": ("share", "of displaced barrels that find another buyer"),
    "fob_price": (BARREL, "at the partner's port"),
    "gross_exit_under_pressure": ("share", "of the pivot's volume dropped by firms that leave"),
    "change_under_pressure": ("relative change", "of the pivot's volume, other buyers netted"),
    "discount_under_pressure": (BARREL, "delivered, formed by the market"),
    "fob_price_under_pressure": (BARREL, "at the partner's port"),
    "world_price_under_pressure": ("relative change", "of the world price"),
    "partner_loss_under_pressure": (MONEY, "revenue at the port lost, + = loss"),
    "risk_under_pressure": (MONEY, "expected loss that the pivot's firms bear"),
    "chokepoint_loss": (MONEY, "expected, passages closed in the same market"),
    "chokepoint_loss_added_on_leaving": (MONEY, "expected, once the partner is given up"),
}


def account(tie: OilTie, world: Calibration, *, draws: int = DRAWS, seed: int = 0) -> TieAccount:
    """Return the account of an oil tie, every line with its range over the inputs' ranges.

    ``world`` holds the market, at the tie's elasticities. Raises ``TieNameError`` where it does not
    hold what the tie names, ``OilClearingError`` and the errors of ``tula.market``, among them
    ``MarketDisagreementError`` where the world itself answers the tie's end, or the pressure on it,
    otherwise.
    """
    inside = InWorld(world, tie.sector, clear(tie.market), tie.rent_lost.value)
    ends = {"the tie ended": clear(tie.market, ended(tie))}
    ends["the pressure on it"] = clear(tie.market, tie.pressure)
    require_agreement(inside.compared(ends), AGREE)
    lines = estimates(tie, partial(read_tie, world=world), MEANINGS, draws=draws, seed=seed)
    notes = (
        "Worth is cleared in the market that the world holds; do not add the world's own loss.",
        "Savings count the delivered discount; the gap to the one at the port pays freight, "
        "insurers and dealers.",
    )
    return account_of("oil", tie.market.pivot, tie.market.partner, lines, notes)
