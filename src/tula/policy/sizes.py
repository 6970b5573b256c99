"""Sizes out of all proportion: told of, not refused, wherever an instrument comes from."""

from __future__ import annotations

import numpy as np

from tula.policy.caps import CapInstrument
from tula.policy.cells import Placed
from tula.policy.describe import musd, plain
from tula.policy.effects import Scene
from tula.policy.instruments import Payment, Productivity, TradeCost
from tula.policy.labour import Labour, Migration
from tula.policy.rates import RateInstrument
from tula.policy.retaliation import Retaliation

#: Rates above this (1,000 per cent), and larger factors on a rate, are told of.
LARGEST_RATE, LARGEST_FACTOR = 10.0, 100.0
#: Costs, productivity, labour and ceilings that move by more than this factor are told of.
LARGEST_CHANGE = 10.0
#: So are payments above this part of all that a region buys in a year, inputs included: some half
#: of what it earns.
LARGEST_PART = 0.25


def oddity(p: Placed, scene: Scene) -> str:
    """What is out of all proportion in an instrument; empty where nothing is."""
    item = p.instrument
    match item:
        case RateInstrument():
            found = _rate(item, float(scene.rates(p).max()))
        case Retaliation():
            found = _high(float(scene.shock.tariff[p.cells].max()))
        case TradeCost() | Labour():
            found = _change(item.ratio)
        case Productivity():
            found = _change(item.factor)
        case CapInstrument():
            found = _change(max(1.0, item.ceiling))
        case Payment():
            payer, receiver = np.abs(scene.shock.transfer[np.argwhere(p.cells)[0]])
            found = _flow(p, scene, payer, receiver)
        case Migration():
            found = _flow(p, scene, item.home_value, item.host_value)
        case _:
            found = ""
    return f"{found}, out of all proportion: check the unit" if found else ""


def _rate(item: RateInstrument, highest: float) -> str:
    if item.operator == "multiply" and item.value > LARGEST_FACTOR:
        return f"a rate times {plain(item.value)}"
    return _high(highest)


def _high(rate: float) -> str:
    return f"a rate of {100.0 * rate:,.0f}%" if rate > LARGEST_RATE else ""


def _change(ratio: float) -> str:
    usual = 1.0 / LARGEST_CHANGE <= ratio <= LARGEST_CHANGE
    return "" if usual else f"a change by a factor of {plain(ratio)}"


def _flow(p: Placed, scene: Scene, first: float, second: float) -> str:
    """The larger of two amounts, in million USD, as a part of what that region buys."""
    if scene.spending is None:
        return ""
    places, amounts = np.argwhere(p.cells)[0], np.array([first, second])
    bought = scene.spending.sum(axis=(0, 2))[places]
    parts = np.divide(amounts, bought, out=np.zeros(2), where=bought > 0.0)
    worst = int(np.argmax(parts))
    if parts[worst] <= LARGEST_PART:
        return ""
    region = scene.shock.labels.regions[places[worst]]
    part = f"{100.0 * parts[worst]:,.0f}% of all that {region} buys"
    return f"{musd(float(amounts[worst]))} a year, {part}"
