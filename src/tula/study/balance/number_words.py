"""Plain words for the numbers of ties that a balance draws, in the place of the keys they have."""

from __future__ import annotations

from collections.abc import Mapping

#: Numbers of an oil tie by the last step of their key.
OIL = {
    "alternative": "what the next best crude costs above the world price",
    "benchmark": "world price",
    "coalition_services": "share carried or insured by firms bound to the price cap",
    "demand_elasticity": "elasticity of world demand",
    "elasticity": "answer of buyers to the price",
    "flat_above": "port price from which on all is sold",
    "fob_discount": "discount at the port",
    "freight": "freight, insurance and dealers",
    "import_sensitivity": "what a dollar on a barrel costs a year",
    "intermediation": "added cost of a listed seller's barrel",
    "loss": "loss if cut off",
    "need": "crude needed",
    "premium": "risk premium",
    "probability": "chance of being cut off",
    "redirectable": "share of dropped barrels that reach other buyers",
    "spillover": "share of other sellers' barrels shunned too",
    "supply_elasticity": "elasticity of world supply",
    "volume": "world consumption",
    "zero_below": "port price at which nothing is sold",
}
#: Lines of accounts.
LINES = {
    "worst_coverage": "share of payments still carried after the worst closure",
    "worst_loss": "cost of the worst closure while it lasts",
}
#: Steps of a key whose next step names a buyer.
BUYERS, REFINERS = "buyers", "refiners"


def oil_number(key: str, regions: Mapping[str, str]) -> str:
    """A number of an oil tie by its key, such as ``market.buyers.IND.need``, with its buyer."""
    steps = key.split(".")
    told = OIL.get(steps[-1], _plain(steps[-1]))
    if REFINERS in steps:
        return f"{told}, {steps[steps.index(REFINERS) + 1]}"
    if BUYERS in steps:
        region = steps[steps.index(BUYERS) + 1]
        return f"{told}, {regions.get(region, region)}"
    return told


def account_line(line: str) -> str:
    """A line of a tie's account by its name."""
    return LINES.get(line, _plain(line))


def _plain(name: str) -> str:
    return name.replace("_", " ")
