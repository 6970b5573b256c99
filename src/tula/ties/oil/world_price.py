"""What barrels lost to the world do to the world price, under published elasticities."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated, Any

from pydantic import Field, model_validator

from tula.errors import UnknownNameError
from tula.numbers.quantity import NotNegative, Positive, Quantity
from tula.numbers.record import Record, Unit, refuse
from tula.world.named import Fault


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
    """The world oil market."""

    volume: Annotated[Positive, Unit("mb/d", 103.0)]
    """Crude that the world uses."""
    elasticities: str = Field("", json_schema_extra={"enum": ["", *ELASTICITY_SETS]})
    """Name of a published pair, for whichever of the two elasticities is left out."""
    supply_elasticity: Annotated[NotNegative, Unit("per cent for one per cent", 0.1)]
    """Rise of world supply with the price, in the short run."""
    demand_elasticity: Annotated[Quantity, Unit("per cent for one per cent", -0.3)]
    """Change of world demand with the price, in the short run; zero or less."""

    @model_validator(mode="before")
    @classmethod
    def _named(cls, given: Any) -> Any:
        name = given.get("elasticities") if isinstance(given, dict) else None
        if not name or not isinstance(name, str):
            return given
        try:
            found = elasticity_set(name)
        except UnknownNameError as error:
            refuse([(("elasticities",), str(error))])
        return {"supply_elasticity": found.supply, "demand_elasticity": found.demand, **given}

    @model_validator(mode="after")
    def _answers(self) -> WorldOil:
        found: list[Fault] = []
        if self.demand_elasticity.high > 0.0:
            why = "expected zero or less over its whole range, as demand falls with the price"
            found.append((("demand_elasticity",), why))
        if self.supply_elasticity.low - self.demand_elasticity.high <= 0.0:
            found.append(((), "supply and demand cannot both be without any elasticity"))
        refuse(found)
        return self


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
