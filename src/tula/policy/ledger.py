"""The account of a compiled shock: one line per instrument, and how it stacks with the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
from jaxtyping import Float

from tula.policy.caps import CapInstrument, ImportCut, PriceCap, QuantityCap
from tula.policy.cells import Placed, count
from tula.policy.describe import percent, plain, title
from tula.policy.instruments import (
    ExportTax,
    Instrument,
    Productivity,
    RateInstrument,
    Tariff,
    TradeAgreement,
    TradeCost,
)
from tula.policy.labour import Labour, Migration
from tula.policy.shock import LedgerEntry, Shock
from tula.policy.stacking import is_embargo

Array = np.ndarray

#: What happens where two instruments meet, by their roles in alphabetical order.
RULES: Mapping[tuple[str, str], str] = {
    ("set", "set"): "both set the same rate",
    ("agreement", "set"): "the rate is set first, then the agreement cuts it",
    ("agreement", "agreement"): "the deeper cut counts",
    ("multiply", "set"): "the rate is set first, then multiplied",
    ("agreement", "multiply"): "the agreement cuts first, then the rate is multiplied",
    ("multiply", "multiply"): "the factors multiply",
    ("add", "set"): "the rate is set first, then points are added",
    ("add", "agreement"): "the agreement cuts first, then points are added",
    ("add", "multiply"): "the rate is multiplied first, then points are added",
    ("add", "add"): "the points add up",
    ("cost", "cost"): "the cost factors multiply",
    ("cap", "cap"): "the lower cap counts",
    ("cap", "embargo"): "the embargo makes the cap moot",
    ("cap", "quota"): "both ceilings hold: the tighter one binds",
    ("quota", "quota"): "both ceilings hold: the tighter one binds",
    ("cap", "price"): "both ceilings hold: the tighter one binds",
    ("price", "quota"): "both ceilings hold: the tighter one binds",
    ("price", "price"): "the lower price cap counts",
    ("embargo", "quota"): "these cells buy nothing, the others may fill the quota",
    ("embargo", "price"): "the embargo makes the price cap moot",
    ("embargo", "embargo"): "the cells are zero either way",
    ("embargo", "set"): "the embargo makes the rate moot",
    ("agreement", "embargo"): "the embargo makes the agreement moot",
    ("embargo", "multiply"): "the embargo makes the rate moot",
    ("add", "embargo"): "the embargo makes the rate moot",
    ("cost", "embargo"): "the embargo makes the cost moot",
    ("productivity", "productivity"): "the productivity factors multiply",
    ("labour", "labour"): "the labour factors multiply",
    ("migration", "migration"): "the quotas add up",
}


def entries(
    placed: Sequence[Placed], shock: Shock, on: date | None, spending: Array | None
) -> dict[int, LedgerEntry]:
    """Account of the instruments in force, by position in the list as given."""
    return {
        p.position: LedgerEntry(title(p.instrument), int(p.cells.sum()), note)
        for p in placed
        for note in ["; ".join([*_facts(p, shock, on, spending), *_overlaps(p, placed)])]
    }


def idle_entry(instrument: Instrument, on: date) -> LedgerEntry:
    """Account of an instrument that is not in force on this day."""
    return LedgerEntry(title(instrument), 0, f"not in force on {on}: left out")


def _overlaps(one: Placed, placed: Sequence[Placed]) -> list[str]:
    notes = []
    for other in placed:
        rule = None if other is one else _rule(one, other)
        if rule and one.cells.shape == other.cells.shape:
            shared = one.cells & other.cells
            if shared.any():
                notes.append(f"meets #{other.position + 1} on {count(shared)}: {rule}")
    return notes


def _rule(one: Placed, other: Placed) -> str | None:
    (target, role), (aim, part) = _role(one), _role(other)
    if target != aim and "embargo" not in (role, part):
        return None
    first, second = sorted((role, part))
    return RULES.get((first, second))


def _role(placed: Placed) -> tuple[str, str]:
    """Which array an instrument works on, and as what."""
    match placed.instrument:
        case Tariff(operator=operator):
            return "tariff", operator
        case ExportTax(operator=operator):
            return "export_tax", operator
        case TradeAgreement():
            return "tariff", "agreement"
        case TradeCost():
            return "trade_cost", "cost"
        case Productivity():
            return "productivity", "productivity"
        case Labour():
            return "labour", "labour"
        case _ if is_embargo(placed):
            return "quantity", "embargo"
        case PriceCap():
            return "quantity", "price"
        case QuantityCap(together=True):
            return "quantity", "quota"
        case ImportCut() | CapInstrument():
            return "quantity", "cap"
        case Migration():
            return "migration", "migration"
        case _:
            return "transfer", "payment"


def _facts(
    placed: Placed, shock: Shock, on: date | None, spending: Float[Array, "S N I"] | None
) -> list[str]:
    notes = []
    item = placed.instrument
    if isinstance(item, TradeAgreement) and item.phase_in > 0.0:
        notes.append(f"phased in to {_rounded(item.phase(on))}% by then")
    if isinstance(item, RateInstrument | TradeAgreement):
        rates = shock.export_tax if isinstance(item, ExportTax) else shock.tariff
        notes.append(_rates_after(rates[placed.cells]))
    if isinstance(item, Labour):
        notes.append(_labour_after(shock.labour_hat[placed.cells.any(axis=1)]))
    if isinstance(item, Migration):
        notes.append(_earned(item))
    if spending is not None and placed.cells.ndim == 3:
        notes.append(_reach(float(spending[placed.cells].sum())))
    return notes


def _rates_after(rates: Float[Array, " C"]) -> str:
    low, high = float(rates.min()), float(rates.max())
    span = f"{_rounded(low)}%" if low == high else f"{_rounded(low)}% to {_rounded(high)}%"
    subsidy = " (below zero: a subsidy)" if low < 0.0 else ""
    return f"rates after all layers: {span}{subsidy}"


def _labour_after(hats: Float[Array, " N"]) -> str:
    low, high = float(hats.min()), float(hats.max())
    span = f"x{plain(low)}" if low == high else f"x{plain(low)} to x{plain(high)}"
    return f"effective labour after all layers: {span}"


def _earned(item: Migration) -> str:
    home, host = f"{item.home_value:,.6g}", f"{item.host_value:,.6g}"
    return f"worth {home} million USD a year at home and {host} in the host, at base wages"


def _rounded(fraction: float) -> str:
    return percent(round(fraction, 4))


def _reach(value: float) -> str:
    if value == 0.0:
        return "no base trade in these cells: it changes nothing"
    return f"base spending in these cells: {value:,.6g} million USD"
