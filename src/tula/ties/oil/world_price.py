"""What barrels lost to the world do to the world price, under published elasticities."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from pydantic import model_validator

from tula.errors import UnknownNameError
from tula.numbers.quantity import Quantity
from tula.numbers.record import Record


@dataclass(frozen=True)
class OilElasticities:
    """Short-run elasticities of world oil supply (plus) and demand (minus), with their source."""

    supply: float
    demand: float
    source: str


#: Published pairs by name.
ELASTICITY_SETS: Mapping[str, OilElasticities] = MappingProxyType(
    {
        "KM14": OilElasticities(
            0.015,
            -0.26,
            "Kilian and Murphy (2014), The role of inventories and speculative trading in the "
            "global market for crude oil, Journal of Applied Econometrics 29",
        ),
        "BH17": OilElasticities(
            0.15,
            -0.35,
            "Baumeister and Hamilton (2017 working paper; 2019), Structural interpretation of "
            "vector autoregressions with incomplete identification, American Economic Review 109",
        ),
        "CCI17": OilElasticities(
            0.11,
            -0.13,
            "Caldara, Cavallo and Iacoviello (2017 working paper; 2019), Oil price elasticities "
            "and oil price fluctuations, Journal of Monetary Economics 103",
        ),
    }
)


class WorldOil(Record):
    """The world market: ``volume`` in mb/d and the elasticities of supply and demand.

    ``elasticities`` names a published set, in the place of the two numbers.
    """

    volume: Quantity
    supply_elasticity: Quantity
    demand_elasticity: Quantity

    @model_validator(mode="before")
    @classmethod
    def _named(cls, given: Any) -> Any:
        if not isinstance(given, Mapping) or "elasticities" not in given:
            return given
        rest = {key: value for key, value in given.items() if key != "elasticities"}
        name = str(given["elasticities"])
        try:
            found = elasticity_set(name)
        except UnknownNameError as error:
            raise ValueError(str(error)) from None
        return {"supply_elasticity": found.supply, "demand_elasticity": found.demand, **rest}


def elasticity_set(name: str) -> OilElasticities:
    """Return a published pair; ``UnknownNameError`` names the nearest."""
    if name not in ELASTICITY_SETS:
        raise UnknownNameError("oil elasticity set", name, ELASTICITY_SETS)
    return ELASTICITY_SETS[name]


def world_price_hat(
    displaced: float,
    redirected: float,
    world_volume: float,
    supply_elasticity: float,
    demand_elasticity: float,
) -> float:
    """Ratio of new to old world price: (1 - (1 - f) q / Q) ^ (-1 / (eps_S + |eps_D|)).

    ``displaced`` is q, the barrels that lose their buyer (mb/d), ``redirected`` is f, the share
    of them that finds another, ``world_volume`` is Q (mb/d). Constant elasticities on both sides.
    """
    lost = (1.0 - redirected) * displaced / world_volume
    return float((1.0 - lost) ** (-1.0 / (supply_elasticity + abs(demand_elasticity))))
