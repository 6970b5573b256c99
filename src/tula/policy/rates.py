"""Duties and export taxes: ad-valorem rates, each moved by exactly one operator."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from tula.policy.flows import TradeInstrument, one_of
from tula.policy.measures import Measured, as_part, refuse_idle_measure
from tula.policy.units import Level, NotNegative, Points, Share

#: Ways to move a rate, as instruments call them.
OPERATORS = ("set", "add", "multiply", "at_least", "at_most")


class RateInstrument(TradeInstrument):
    """A change of an ad-valorem rate by exactly one operator.

    * ``set``: the new rate, above -1; a fraction or ``"25%"``;
    * ``add``: percentage points as a fraction or ``"25 pp"``;
    * ``multiply``: factor on the rate, zero or more;
    * ``at_least``, ``at_most``: a bound on the rate after everything else, as ``set``;
    * ``coverage``: share of the selected trade the measure hits (tariff lines not exempt): the
      average rate of the cell moves by that share of the full change;
    * ``override``: on its cells no other measure on the same rate counts, agreements included,
      but for overriding ones on the very same cells, or on fewer of them, which override it.

    Rates may be specific, ``"0.52 USD/kg"``, where ``unit_value`` says what a unit of the goods
    costs, ``"2.6 USD/kg"``: a fraction of it, here 20%.
    """

    unit_value: Measured | None = None
    """Worth of one unit, for a specific rate, such as 2.6 USD/kg."""
    set: Level | None = None
    """The rate from now on, such as 25%."""
    add: Points | None = None
    """Points added to what stands, such as 25 pp."""
    multiply: NotNegative | None = None
    """Factor on what stands."""
    at_least: Level | None = None
    """Lower rates are raised to this."""
    at_most: Level | None = None
    """Higher rates are lowered to this."""
    coverage: Share = 1.0
    """Share of the trade of a cell that bears it."""
    override: bool = Field(default=False, strict=True)
    """No other measure on the same trade counts."""

    @field_validator("set", "add", "at_least", "at_most", mode="before")
    @classmethod
    def _specific(cls, value: object, info: Any) -> object:
        return as_part(value, "unit_value", info.data)

    @model_validator(mode="after")
    def _one_operator(self) -> RateInstrument:
        if self.operator == "multiply":
            refuse_idle_measure("unit_value", self.unit_value, "multiply")
        return self

    @property
    def operator(self) -> str:
        """Which operator is used, one of ``OPERATORS``."""
        return one_of(**{name: getattr(self, name) for name in OPERATORS})

    @property
    def value(self) -> float:
        """The operand of the operator, a fraction or a factor."""
        return float(getattr(self, self.operator))


class Tariff(RateInstrument):
    """Import duty of the importer on goods of the exporter, a fraction of border value."""

    kind: Literal["tariff"] = "tariff"


class ExportTax(RateInstrument):
    """Tax of the exporter on sales to the importer, a fraction of the producer's price."""

    kind: Literal["export_tax"] = "export_tax"
