"""The account of a compiled shock: one line per instrument, and how it stacks with the others."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np

from tula.policy.answering import Answer, answers
from tula.policy.caps import CapInstrument, ImportCut, PriceCap, QuantityCap, TariffQuota
from tula.policy.cells import Placed, count
from tula.policy.describe import musd, percent, plain, title
from tula.policy.effects import SAME_RATE, Scene
from tula.policy.instruments import Embargo, Instrument, Productivity, TradeAgreement, TradeCost
from tula.policy.labour import Labour, Migration
from tula.policy.rate_stacking import gives_way
from tula.policy.rates import ExportTax, RateInstrument, Tariff
from tula.policy.retaliation import Retaliation
from tula.policy.shock import LedgerEntry
from tula.policy.sizes import oddity
from tula.policy.stacking import is_embargo
from tula.shapes import Bool, Float

Array = np.ndarray

_RULES = {
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
    ("ban", "ban"): "each takes its part of what the other leaves",
    ("ban", "embargo"): "the embargo makes the ban on a part moot",
    ("embargo", "set"): "the embargo makes the rate moot",
    ("agreement", "embargo"): "the embargo makes the agreement moot",
    ("embargo", "multiply"): "the embargo makes the rate moot",
    ("add", "embargo"): "the embargo makes the rate moot",
    ("cost", "embargo"): "the embargo makes the cost moot",
    ("productivity", "productivity"): "the productivity factors multiply",
    ("labour", "labour"): "the labour factors multiply",
    ("migration", "migration"): "the quotas add up",
    ("at_least", "at_least"): "the higher bound counts",
    ("at_most", "at_most"): "the lower bound counts",
    ("at_least", "at_most"): "both bounds hold",
    ("at_least", "embargo"): "the embargo makes the rate moot",
    ("at_most", "embargo"): "the embargo makes the rate moot",
}
_BOUNDED = {
    (min(bound, other), max(bound, other)): "the bound holds for the total of all the rest"
    for bound in ("at_least", "at_most")
    for other in ("set", "agreement", "multiply", "add")
}
#: What happens where two instruments meet, by their roles in alphabetical order.
RULES: Mapping[tuple[str, str], str] = _RULES | _BOUNDED
#: What happens where one of the two overrides the other.
OVERRIDE = "the one marked override counts alone"
#: Operators of which the account tells where they raise a rate and where they lower it.
BOTH_WAYS = ("set", "at_least", "at_most")


def entries(scene: Scene) -> dict[int, LedgerEntry]:
    """Account of the instruments in force, by position in the list as given."""
    return {p.position: _entry(p, scene) for p in scene.placed}


def absent_entry(instrument: Instrument, on: date) -> LedgerEntry:
    """Account of an instrument that is not in force on this day."""
    note = f"not in force on {on}: left out"
    why = "not in force on the day asked about"
    return LedgerEntry(title(instrument), 0, note, idle=why, in_force=False)


def _entry(p: Placed, scene: Scene) -> LedgerEntry:
    up, down = _moves(p, scene)
    idle, odd = scene.idle(p), oddity(p, scene)
    still = f"{idle}: it changes nothing" if idle else ""
    notes = [*_facts(p, scene), *_moved(scene, up, down), *_reach(p, scene), still, odd]
    return LedgerEntry(
        instrument=title(p.instrument),
        cells=int(p.cells.sum()),
        note="; ".join(filter(None, [*notes, *_overlaps(p, scene)])),
        raises=int(up.sum()),
        lowers=int(down.sum()),
        idle=idle,
        odd=odd,
    )


def _moves(p: Placed, scene: Scene) -> tuple[Bool[Array, "*axes"], Bool[Array, "*axes"]]:
    """Cells whose rate an instrument raises, and those whose rate it lowers."""
    up, down = np.zeros_like(p.cells), np.zeros_like(p.cells)
    item = p.instrument
    if isinstance(item, RateInstrument) and (item.operator in BOTH_WAYS or item.override):
        change = scene.moved(p)
        up[p.cells], down[p.cells] = change > SAME_RATE, change < -SAME_RATE
    return up, down


def _moved(scene: Scene, up: Bool[Array, "*axes"], down: Bool[Array, "*axes"]) -> list[str]:
    moves = [
        f"{verb} the rate on {count(cells)}{_worth(cells, scene)}"
        for verb, cells in (("raises", up), ("lowers", down))
        if cells.any()
    ]
    return [" and ".join(moves)] if moves else []


def _worth(cells: Bool[Array, "*axes"], scene: Scene) -> str:
    if scene.spending is None:
        return ""
    return f" ({musd(float(scene.spending[cells].sum()))} of base spending)"


def _reach(p: Placed, scene: Scene) -> list[str]:
    """The trade in an instrument's cells, where it is known and there is any."""
    if scene.spending is None or p.cells.ndim != 3:
        return []
    reached = float(scene.spending[p.cells].sum())
    return [f"base spending in these cells: {musd(reached)}"] if reached else []


def _overlaps(one: Placed, scene: Scene) -> list[str]:
    notes = []
    for other in scene.placed:
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
    if target == aim and (gives_way(one, other) or gives_way(other, one)):
        return OVERRIDE
    first, second = sorted((role, part))
    return RULES.get((first, second))


def _role(placed: Placed) -> tuple[str, str]:
    """Which array an instrument works on, and as what."""
    match placed.instrument:
        case Tariff(operator=operator):
            return "tariff", operator
        case TariffQuota():
            return "tariff", "set"
        case Retaliation():
            return "tariff", "add"
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
        case Embargo():
            return "variety", "ban"
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


def _facts(p: Placed, scene: Scene) -> list[str]:
    item = p.instrument
    if isinstance(item, TradeAgreement) and item.phase_in > 0.0:
        phase = f"phased in to {_rounded(item.phase(scene.on))}% by then"
        return [phase, _rates_after(scene.rates(p))]
    if isinstance(item, RateInstrument | TradeAgreement):
        return [_rates_after(scene.rates(p))]
    if isinstance(item, Retaliation):
        return [_answer(item, one, scene) for one in _answers(p, scene)]
    if isinstance(item, Labour):
        return [_labour_after(scene.shock.labour_hat[p.cells.any(axis=1)])]
    return [_earned(item)] if isinstance(item, Migration) else []


def _answers(p: Placed, scene: Scene) -> list[Answer]:
    return list(answers(p, scene.base.tariff, scene.without_answers, scene.spending))


def _answer(item: Retaliation, one: Answer, scene: Scene) -> str:
    """What is levied on whom, beside what it answers."""
    labels, points = scene.shock.labels, one.points[one.points > 0.0]
    if not points.size:
        return f"answers {labels.regions[one.exporter]} with nothing: it buys none of these goods"
    low, high = _rounded(float(points.min())), _rounded(float(points.max()))
    span = f"{low} pp" if low == high else f"{low} to {high} pp"
    part = "" if one.coverage == 1.0 else f" on {_rounded(one.coverage)}% of trade"
    hit = ""
    if np.isfinite(one.hit_duty):
        hit = f", where {musd(one.hit_duty)} of duty on {musd(one.hit_trade)} of base trade is due"
    short = ""
    if item.trade is not None and one.listed < item.trade * one.hit_trade:
        short = f"; all goods listed are worth {musd(one.listed)}, less than asked"
    return f"answers {labels.regions[one.exporter]} with {span}{part}{hit}{short}"


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
