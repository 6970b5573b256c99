"""Amounts with a unit are read as parts of one that is stated beside them."""

from __future__ import annotations

from typing import Any

import pytest

from tula.policy import (
    ExportCap,
    ExportTax,
    ImportCap,
    InstrumentError,
    PriceCap,
    Tariff,
    describe,
    parse_instrument,
)

OIL: dict[str, Any] = {"importer": "IND", "exporter": "RUS", "sectors": "OIL"}


@pytest.mark.parametrize("operator", ["set", "add", "at_least", "at_most"])
@pytest.mark.parametrize("kind", [Tariff, ExportTax])
def test_a_specific_rate_is_a_fraction_of_the_unit_value(kind: Any, operator: str) -> None:
    measure = kind(**OIL, unit_value="2.6 USD/kg", **{operator: "0.52 USD/kg"})
    assert measure.operator == operator
    assert measure.value == pytest.approx(0.2, rel=1e-15)


@pytest.mark.parametrize(
    ("amount", "whole", "part"),
    [
        ("0.52USD/kg", "2.6 usd / kg", 0.2),
        ("60 USD per barrel", "75 USD/barrel", 0.8),
        ("60 USD a barrel", "75 usd/barrel", 0.8),
        ("1e3 EUR/t", "4000 eur/t", 0.25),
        ("1200 USD/t", "150 USD/t", 8.0),
        ("5 €/t", "10 €/t", 0.5),
    ],
)
def test_one_unit_in_any_spelling(amount: str, whole: str, part: float) -> None:
    assert Tariff(**OIL, set=amount, unit_value=whole).value == pytest.approx(part, rel=1e-15)


def test_points_may_be_taken_off_by_the_unit() -> None:
    assert Tariff(**OIL, add="-0.26 USD/kg", unit_value="2.6 USD/kg").add == pytest.approx(-0.1)


@pytest.mark.parametrize("kind", [PriceCap, ImportCap, ExportCap])
def test_a_ceiling_may_be_an_amount_of_a_stated_base(kind: Any) -> None:
    assert kind(**OIL, at="60 USD/bbl", base="75 USD/bbl").ceiling == pytest.approx(0.8)


def test_the_amounts_are_told() -> None:
    duty = Tariff(**OIL, set="0.52 USD/kg", unit_value="2.6 USD/kg", coverage=0.5)
    assert describe(duty) == (
        "IND: 20.0% (0.52 USD/kg of 2.6 USD/kg, on 50.0% of trade) import duty on OIL from RUS"
    )
    cap = PriceCap(**OIL, at="60 USD/bbl", base="68.5 USD/bbl")
    assert "capped at 87.5912% of base (60 USD/bbl of 68.5 USD/bbl)" in describe(cap)


@pytest.mark.parametrize(
    ("kind", "fields", "said"),
    [
        ("tariff", {"set": "0.52 USD/kg"}, "part of what? say it in unit_value, such as '100 USD"),
        ("tariff", {"set": "0.52 USD/kg", "unit_value": "2.6 EUR/kg"}, "have different units"),
        ("tariff", {"set": "0.52 USD/kg", "unit_value": "2600 USD/t"}, "have different units"),
        ("tariff", {"set": "0.52 USD/kg", "unit_value": 2.6}, "an amount with its unit, such as"),
        ("tariff", {"set": "0.52 USD/kg", "unit_value": "-2 USD/kg"}, "must be above zero"),
        ("tariff", {"set": "0.52 USD/kg", "unit_value": "1e999 USD/kg"}, "above zero and finite"),
        ("tariff", {"set": "1e9 USD/kg", "unit_value": "1 USD/kg"}, "beyond any use"),
        ("tariff", {"multiply": 2, "unit_value": "2.6 USD/kg"}, "says nothing beside multiply"),
        ("tariff", {"set": "1,5 USD/kg", "unit_value": "2.6 USD/kg"}, "cannot read '1,5 USD/kg'"),
        ("price_cap", {"at": "60 USD/bbl"}, "part of what? say it in base, such as '100 USD/bbl'"),
        ("price_cap", {"at": "60 USD/bbl", "base": "68.5 USD"}, "have different units"),
        ("price_cap", {"cut": "10%", "base": "68.5 USD/bbl"}, "says nothing beside cut"),
        ("price_cap", {"at": "0 USD/bbl", "base": "68.5 USD/bbl"}, "use an embargo"),
    ],
)
def test_what_is_no_part_of_anything_is_refused(
    kind: str, fields: dict[str, Any], said: str
) -> None:
    with pytest.raises(InstrumentError) as caught:
        parse_instrument({kind: {**OIL, **fields}})
    assert said in str(caught.value)


def test_what_the_refusal_asks_for_can_be_written() -> None:
    with pytest.raises(InstrumentError) as caught:
        PriceCap(**OIL, at="60 USD/bbl")
    example = str(caught.value).split("such as '")[1].split("'")[0]
    assert PriceCap(**OIL, at="60 USD/bbl", base=example).ceiling == pytest.approx(0.6)
