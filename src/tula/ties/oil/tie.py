"""The oil tie in the lines common to all ties."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import model_validator

from tula.numbers.quantity import NotNegative, Positive, Share
from tula.numbers.record import Record, Unit, refuse
from tula.ties.account import TieAccount, account_of
from tula.ties.inputs import estimates
from tula.ties.oil.choice import replacement_cost
from tula.ties.oil.equilibrium import OilEquilibrium, clear
from tula.ties.oil.market import OilMarket, regime_faults
from tula.ties.oil.parts import ALL, NO_PRESSURE, NONE, Regime
from tula.ties.oil.routes import SupplySet, expected_loss, without
from tula.ties.quantity import DRAWS
from tula.world.named import Fault

MONEY = "bn USD a year"
BARREL = "USD a barrel"
GDP = "share of GDP"


class OilTie(Record):
    """What a pivot's purchases of the partner's crude rest on."""

    market: OilMarket
    """The market for the partner's crude."""
    regime: Regime = NO_PRESSURE
    """What is in force when the tie is valued."""
    pressure: Regime
    """What third powers might put in force."""
    hazard: Annotated[Share, Unit("probability a year", 0.5)]
    """That they do."""
    import_sensitivity: Annotated[NotNegative, Unit("bn USD a year for one USD a barrel", 1.25)]
    """What a dearer world oil price costs the pivot."""
    gdp: Annotated[Positive, Unit("bn USD a year", 3784.5)]
    """The pivot's."""
    replacement_time: Annotated[NotNegative, Unit("years", 0.25)]
    """Until other sources cover half of the partner's barrels."""
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


def pivot_value(tie: OilTie, held: OilEquilibrium, other: OilEquilibrium) -> float:
    """What the pivot has in one equilibrium over another, bn USD a year.

    Discount and cap rent on what it buys, less the risk its firms bear, less what a dearer world
    price costs it. The price effect is the oil market's own; the engine's must not be added.
    """
    pivot = tie.market.pivot
    saved = held.saving(pivot) - held.risk_borne(pivot)
    saved -= other.saving(pivot) - other.risk_borne(pivot)
    dearer = other.benchmark - held.benchmark
    return saved + tie.import_sensitivity.value * dearer


def read_tie(tie: OilTie) -> dict[str, float]:
    """Read every line of the account at central values."""
    held, gone = clear(tie.market, tie.regime), clear(tie.market, ended(tie))
    pressed = clear(tie.market, tie.pressure)
    return {
        **_worth(tie, held, gone, pressed),
        **_market(tie, held, gone),
        **_under_pressure(tie, held, pressed),
        **_routes(tie, held, gone),
    }


def _worth(
    tie: OilTie, held: OilEquilibrium, gone: OilEquilibrium, pressed: OilEquilibrium
) -> dict[str, float]:
    value = pivot_value(tie, held, gone)
    gain = pivot_value(tie, pressed, held)
    fined = tie.penalty.value * tie.persistence.value * tie.gdp.value
    need = tie.market.pivot_buyer.need.value
    return {
        "value_to_pivot": value,
        "value_to_partner": held.partner_revenue - gone.partner_revenue,
        "dependence": held.volume(tie.market.pivot) / need,
        "replacement_time": tie.replacement_time.value,
        "exposure": fined + tie.hazard.value * max(0.0, -gain),
        "penalty": fined,
        "required_autonomy": (fined - value) / tie.gdp.value,
        "value_of_gdp": value / tie.gdp.value,
        "pressure_gain": gain,
    }


def _market(tie: OilTie, held: OilEquilibrium, gone: OilEquilibrium) -> dict[str, float]:
    buyer = tie.market.pivot_buyer
    need, alternative = buyer.need.value, held.benchmark + buyer.alternative.value
    bought = held.volume(buyer.region) / need
    return {
        "replacement_cost": replacement_cost(
            bought, need, alternative, tie.market.elasticity.value
        ),
        "discount": held.discount(buyer.region),
        "discount_saving": held.saving(buyer.region),
        "price_rise_on_leaving": gone.benchmark - held.benchmark,
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


def _routes(tie: OilTie, held: OilEquilibrium, without_tie: OilEquilibrium) -> dict[str, float]:
    if tie.supply_set is None:
        return {}
    pivot, partner = tie.market.pivot, tie.market.partner
    need = tie.market.pivot_buyer.need.value
    with_tie, alone = (
        expected_loss(without(tie.supply_set, partner, one.volume(pivot) / need))
        for one in (held, without_tie)
    )
    return {"chokepoint_loss": with_tie, "chokepoint_loss_added_on_leaving": alone - with_tie}


#: Unit and meaning of every line.
MEANINGS: Mapping[str, tuple[str, str]] = {
    "value_to_pivot": (MONEY, "discount kept and dearer world price avoided, + = tie benefits"),
    "value_to_partner": (MONEY, "revenue at the port over that from the next buyers"),
    "dependence": ("share", "share of the pivot's crude that the partner supplies"),
    "replacement_time": ("years", "until others cover half of the partner's barrels"),
    "exposure": (MONEY, "expected loss through pressure on the tie, zero or more"),
    "value_of_gdp": (GDP, "value to the pivot: the largest penalty that keeping the tie is worth"),
    "penalty": (MONEY, "expected cost of the duty put on the pivot for keeping the tie"),
    "required_autonomy": (GDP, "penalty less value: what keeping the tie reveals, if above zero"),
    "replacement_cost": (MONEY, "of doing without, fit of grades counted; overlaps with engine"),
    "pressure_gain": (MONEY, "to the pivot from pressure on firms: wider discount less risk"),
    "discount": (BARREL, "delivered, against the next best crude, formed by the market"),
    "discount_saving": (MONEY, "delivered discount times volume, and rent of a price cap"),
    "price_rise_on_leaving": (BARREL, "world price, if the pivot buys nothing"),
    "redirected_on_leaving": ("share", "of displaced barrels that find another buyer"),
    "fob_price": (BARREL, "at the partner's port"),
    "gross_exit_under_pressure": ("share", "of the pivot's volume dropped by firms that leave"),
    "change_under_pressure": ("relative change", "of the pivot's volume, other buyers netted"),
    "discount_under_pressure": (BARREL, "delivered, formed by the market"),
    "fob_price_under_pressure": (BARREL, "at the partner's port"),
    "world_price_under_pressure": ("relative change", "of the world price"),
    "partner_loss_under_pressure": (MONEY, "revenue at the port lost, + = loss"),
    "risk_under_pressure": (MONEY, "expected loss that the pivot's firms bear"),
    "chokepoint_loss": (MONEY, "expected, whole supply set with the tie"),
    "chokepoint_loss_added_on_leaving": (MONEY, "expected, if others fill in pro rata"),
}


def account(tie: OilTie, *, draws: int = DRAWS, seed: int = 0) -> TieAccount:
    """Return the account of an oil tie, every line with its range over the inputs' ranges."""
    lines = estimates(tie, read_tie, MEANINGS, draws=draws, seed=seed)
    notes = (
        "The world price effect is the oil market's; do not add that of the engine.",
        "Savings count the delivered discount; the gap to the one at the port pays freight, "
        "insurers and dealers.",
    )
    return account_of("oil", tie.market.pivot, tie.market.partner, lines, notes)
