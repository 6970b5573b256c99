"""Made worlds and studies: a pivot, two rivals and the rest trade gas, goods and services."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

import tula as tl
from tula.numbers.quantity import Quantity
from tula.strategy.answer.inputs import AnswerInputs
from tula.world.economy import Economy, Provenance
from tula.world.labels import Labels

REGIONS, SECTORS = ("PIV", "ONE", "TWO", "RES"), ("GAS", "GDS", "SRV")
#: Size of regions, million USD, and how their trade divides among sectors.
SIZE = np.array([3.0, 30.0, 30.0, 60.0]) * 1e6
TRADED, HOME = (0.2, 0.6, 0.2), (0.02, 0.38, 0.6)
#: The course that goes on, and one that gives in.
KEEP = {"id": "keep", "title": "It goes on"}
STOP = {
    "id": "stop",
    "title": "It gives the gas up",
    "scenarios": ["stop"],
    "meets": {"no_gas": 1.0},
}


def world(
    one: float = 0.006,
    two: float = 0.006,
    *,
    rest: float = 0.1,
    regions: Sequence[str] = REGIONS,
    sectors: Sequence[str] = SECTORS,
    unit: float = 1.0,
    weight: float = 1.0,
) -> Economy:
    """Return a world in which the pivot buys shares of its size from others and sells them as much.

    ``regions`` and ``sectors`` name those of this page in their own order, ``unit`` scales money,
    ``weight`` the gas in it.
    """
    flow = np.zeros((4, 4))
    for other, share in ((1, one), (2, two), (3, rest)):
        flow[0, other] = flow[other, 0] = share * SIZE[0]
    flow[1, 2] = flow[2, 1] = 0.03 * SIZE[1]
    for one_of in (1, 2):
        flow[one_of, 3] = flow[3, one_of] = 0.08 * SIZE[1]
    final = np.zeros((4, 3, 4))
    for buyer in range(4):
        for seller in range(4):
            at_home = buyer == seller
            size = SIZE[buyer] - flow[buyer].sum() if at_home else flow[buyer, seller]
            final[seller, :, buyer] = np.array(HOME if at_home else TRADED) * size
    final[:, 0] *= weight
    order = [regions.index(name) if name in regions else n for n, name in enumerate(REGIONS)]
    places = np.argsort(order)
    rows = np.argsort([list(sectors).index(name) for name in SECTORS])
    nothing = np.zeros((3, 4, 4))
    return Economy(
        labels=Labels(tuple(regions), tuple(sectors)),
        intermediate=np.zeros((4, 3, 4, 3)),
        final=unit * final[np.ix_(places, rows, places)],
        tariff=nothing,
        export_tax=nothing.copy(),
        trade_elasticity=np.full(3, 1.0),
        elasticity_source="made",
        provenance=Provenance("made", "2024", ("made for tests",), ("made",)),
    )


def believed(name: str, value: float, low: float, high: float) -> Quantity:
    """Return a belief."""
    return Quantity(value=value, low=low, high=high, belief=name)


def block(**changes: Any) -> AnswerInputs:
    """Return what is asked of the pivot, without any pressure unless changes bring it."""
    base: dict[str, Any] = {
        "pivot": "PIV",
        "announced": "2025-01-01",
        "since": "2024-10-01",
        "duties": "base",
        "elasticity": {"first_year": believed("first", 1.4, 1.2, 1.6), "long_run": 3, "speed": 3.5},
        "replace": believed("replace", 2.0, 1.6, 3.0),
        "critical": [
            {"id": "goods", "title": "Goods to One", "sold_to": "ONE", "sectors": "GDS"},
            {"id": "gas", "title": "Gas of Two", "bought_from": "TWO", "sectors": "GAS",
             "by": "volume"},
        ],
        "demands": [{"id": "no_gas", "title": "No gas of Two", "by": "ONE", "tie": "gas",
                     "meeting": ["stop"]}],
        "options": [KEEP],
        "break_offs": {"ONE": {"chance": 0.0}, "TWO": {"chance": 0.0}},
    }  # fmt: skip
    return AnswerInputs.model_validate({**base, **changes})


def scenarios() -> dict[str, list[tl.policy.Instrument]]:
    """Return what can be done."""
    gas = {"importer": "PIV", "exporter": "TWO", "sectors": "GAS"}
    return {
        "stop": [tl.Embargo(**gas)],
        "half": [tl.ImportCap(**gas, at=0.5, rent_to="importer")],
        "shunned": [tl.ImportCap(**gas, at=0.3, rent_to="importer")],
        "duty": [tl.Tariff(importer="ONE", exporter="PIV", sectors="GDS", add=0.1)],
        "gift": [tl.Tariff(importer="ONE", exporter="PIV", sectors="GDS", add=-0.1)],
    }


#: A threat behind the demand, and an event in which firms turn from the gas.
THREAT = {
    "id": "duty", "title": "A duty", "demand": "no_gas", "scenarios": ["duty"], "now": 1.0,
    "months": 10.0, "honoured": 0.5,
}  # fmt: skip
SHUNNED = {
    "id": "shunned", "title": "Firms turn from it", "scenarios": ["shunned"], "now": 1.0,
    "months": 1000.0, "rent_lost": 1.0,
}  # fmt: skip
