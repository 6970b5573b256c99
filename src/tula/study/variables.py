"""The variables of a study's results: name, dimensions, unit and what the number is."""

from __future__ import annotations

from dataclasses import dataclass

ALL = ("scenario", "closure", "elasticity", "region")
BY_REGION = ("scenario", "region")
BY_SECTOR = ("scenario", "region", "sector")
PERCENT = "%"
MONEY = "million USD"


@dataclass(frozen=True)
class Variable:
    """Contract of one data variable. ``base`` says what a change is measured against."""

    dims: tuple[str, ...]
    units: str
    long_name: str
    base: str

    @property
    def attrs(self) -> dict[str, str]:
        """The attributes the variable carries in the dataset."""
        return {"units": self.units, "long_name": self.long_name, "base": self.base}


#: Where the headline closure removes imbalances first, the level after that.
_BEFORE = "level before the shock, in the world the headline solves depart from"
_NUMERAIRE = "base price, in units of world value added"
_AFTER = "level after the shock, base world value added as numeraire"

#: Every data variable a results file holds; nothing else is accepted.
VARIABLES: dict[str, Variable] = {
    "real_income": Variable(ALL, PERCENT, "change in real income", "base final spending"),
    "ev": Variable(
        ALL, MONEY, "equivalent variation: money worth of the change at base prices", "base prices"
    ),
    "price_index": Variable(
        BY_REGION, PERCENT, "change in the price of the final basket", _NUMERAIRE
    ),
    "wage": Variable(BY_REGION, PERCENT, "change in factor price", _NUMERAIRE),
    "exports": Variable(BY_REGION, PERCENT, "change in value of exports", "base exports"),
    "exports_value": Variable(BY_REGION, MONEY, "change in value of exports", "base exports"),
    "imports": Variable(
        BY_REGION, PERCENT, "change in value of imports before duty", "base imports"
    ),
    "imports_value": Variable(
        BY_REGION, MONEY, "change in value of imports before duty", "base imports"
    ),
    "trade_balance": Variable(
        BY_REGION, MONEY, "change in exports less imports, goods and services", "base balance"
    ),
    "tariff_revenue": Variable(
        BY_REGION, MONEY, "change in import duty collected", "base tariff revenue"
    ),
    "output": Variable(BY_SECTOR, PERCENT, "change in value of gross output", "base output"),
    "output_volume": Variable(
        BY_SECTOR, PERCENT, "change in volume of gross output", "base output"
    ),
    "trade_value": Variable(
        ("scenario", "exporter", "importer"),
        MONEY,
        "trade before import duty, all sectors, own sales 0",
        _AFTER,
    ),
    "pivot_exports": Variable(
        BY_SECTOR, MONEY, "exports of the pivot to each partner before import duty", _AFTER
    ),
    "pivot_imports": Variable(
        BY_SECTOR, MONEY, "imports of the pivot from each partner before import duty", _AFTER
    ),
    "pivot_duty": Variable(
        BY_REGION,
        PERCENT,
        "average duty each partner puts on the pivot's goods",
        "border value, weighted with base trade",
    ),
    "decomposition": Variable(
        ("scenario", "region", "term"),
        PERCENT,
        "sources of the change in real income: all terms but the last add up to 'exact'",
        "base final spending",
    ),
    "incidence": Variable(
        ("scenario", "payer"),
        MONEY,
        "what buyers and sellers bear of all changed duties",
        "quantities before the shock",
    ),
    "trade_base": Variable(
        ("exporter", "importer", "sector"), MONEY, "trade before import duty, own sales 0", _BEFORE
    ),
    "spending_base": Variable(("region",), MONEY, "final spending", _BEFORE),
    "value_added_base": Variable(("region",), MONEY, "value added", _BEFORE),
    "output_base": Variable(("region", "sector"), MONEY, "gross output", _BEFORE),
    "tariff_revenue_base": Variable(("region",), MONEY, "import duty collected", _BEFORE),
    "pivot_duty_base": Variable(
        ("region",),
        PERCENT,
        "average duty each partner puts on the pivot's goods",
        "border value, weighted with base trade",
    ),
}

#: Labels that ride along the axes: name -> dimension.
NAMES = {"region_name": "region", "sector_name": "sector", "sector_is_goods": "sector"}
