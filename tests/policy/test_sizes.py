"""Sizes out of all proportion are told of, usual ones are not, and neither is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tula.policy import (
    ExportTax,
    ImportCap,
    Instrument,
    InstrumentError,
    Labour,
    Migration,
    OddSizeWarning,
    PriceCap,
    Productivity,
    Remittance,
    Shock,
    Tariff,
    TradeCost,
    Transfer,
    compile_shock,
    parse_instrument,
)
from tula.world.labels import Labels

OIL: dict[str, Any] = {"importer": "IND", "exporter": "RUS", "sectors": "OIL"}
PAID: dict[str, Any] = {"payer": "IND", "receiver": "RUS"}
ACCORD: dict[str, Any] = {"from_": "IND", "to": "RUS", "home_earnings_usd": 1000}


def compiled(labels: Labels, *policy: Instrument) -> Shock:
    """Every region buys 16,000 million USD a year; duties are zero."""
    spending = np.full((4, 4, 4), 1000.0)
    none = np.zeros((4, 4, 4))
    return compile_shock(labels, none, none, policy, spending=spending)


@pytest.mark.parametrize(
    ("measure", "said"),
    [
        (Tariff(**OIL, add="1000000 pp"), "a rate of 1,000,000%"),
        (Tariff(**OIL, set="1500%"), "a rate of 1,500%"),
        (Tariff(**OIL, at_least="1500%"), "a rate of 1,500%"),
        (Tariff(**OIL, set="52 USD/kg", unit_value="2.6 USD/kg"), "a rate of 2,000%"),
        (ExportTax(**OIL, add="1e7 pp"), "a rate of 10,000,000%"),
        (Tariff(**OIL, multiply=1000), "a rate times 1000"),
        (TradeCost(**OIL, factor=1e5), "a change by a factor of 100000"),
        (TradeCost(**OIL, add="-99.9%"), "a change by a factor of 0.001"),
        (Productivity(region="IND", sectors="OIL", factor=50), "a change by a factor of 50"),
        (Labour(region="IND", factor=0.01), "a change by a factor of 0.01"),
        (ImportCap(**OIL, at="6500%"), "a change by a factor of 65"),
        (PriceCap(**OIL, at="6850 USD/bbl", base="68.5 USD/bbl"), "a change by a factor of 100"),
        (Transfer(**PAID, amount_musd=8000), "8,000 million USD a year, 50% of all that IND buys"),
        (Remittance(from_="IND", to="RUS", amount_musd=4001), "25% of all that"),
        (
            Migration(**ACCORD, workers_thousand=2000, host_earnings_usd=9000),
            "18,000 million USD a year, 112% of all that RUS buys",
        ),
    ],
)
def test_a_size_out_of_all_proportion_is_told_of(
    labels: Labels, measure: Instrument, said: str
) -> None:
    with pytest.warns(OddSizeWarning, match="out of all proportion: check the unit"):
        (entry,) = compiled(labels, measure).ledger
    assert entry.odd.startswith(said) or said in entry.odd
    assert entry.odd in entry.note


@pytest.mark.parametrize(
    "measure",
    [
        Tariff(**OIL, set="900%"),
        Tariff(**OIL, multiply=5),
        ExportTax(**OIL, add="-50 pp"),
        TradeCost(**OIL, factor=8),
        Labour(region="IND", factor=0.2),
        ImportCap(**OIL, at="200%"),
        ImportCap(**OIL, at="1%"),
        Transfer(**PAID, amount_musd=3999),
        Migration(**ACCORD, workers_thousand=200, host_earnings_usd=9000),
    ],
)
def test_usual_sizes_are_not(
    labels: Labels, measure: Instrument, recwarn: pytest.WarningsRecorder
) -> None:
    assert compiled(labels, measure).ledger[0].odd == ""
    assert OddSizeWarning not in [one.category for one in recwarn.list]


def test_payments_of_one_payer_are_judged_together(labels: Labels) -> None:
    parts = [
        Transfer(**PAID, amount_musd=2500),
        Remittance(from_="IND", to="USA", amount_musd=2500),
    ]
    with pytest.warns(OddSizeWarning):
        ledger = compiled(labels, *parts).ledger
    assert all("31% of all that IND buys" in entry.odd for entry in ledger)


def test_points_that_add_up_to_too_much_are_told_of(labels: Labels) -> None:
    layers = [Tariff(**OIL, add="600 pp", name=name) for name in "ab"]
    with pytest.warns(OddSizeWarning, match="1,200%"):
        compiled(labels, *layers)


@pytest.mark.parametrize(
    "value", [1e308, "1e308%", "1e300%", -1e308, float("inf"), "9" * 400 + "%"]
)
def test_a_size_beyond_any_use_is_refused_without_a_remedy_that_fails(value: Any) -> None:
    with pytest.raises(InstrumentError) as caught:
        parse_instrument({"tariff": {**OIL, "set": value}})
    assert "write" not in str(caught.value)
