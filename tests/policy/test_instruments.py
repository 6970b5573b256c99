"""Instruments take what is unambiguous and say what is wrong with the rest."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from typing import Any

import pytest

from tula.errors import TulaError
from tula.policy import (
    Embargo,
    ImportCut,
    InstrumentError,
    Labour,
    Productivity,
    Remittance,
    Tariff,
    TradeAgreement,
    TradeCost,
    Transfer,
    parse_instrument,
)

WHO: dict[str, Any] = {"importer": "USA", "exporter": "IND", "sectors": "goods"}


def problems(kind: str, **fields: object) -> dict[str, str]:
    with pytest.raises(InstrumentError) as caught:
        parse_instrument({kind: fields})
    assert isinstance(caught.value, TulaError)
    return {".".join(map(str, p.location[1:])): p.message for p in caught.value.problems}


@pytest.mark.parametrize(
    ("operator", "written", "value"),
    [
        ("set", 0.25, 0.25),
        ("set", "25%", 0.25),
        ("set", 0, 0.0),
        ("set", "600%", 6.0),
        ("add", "25 pp", 0.25),
        ("add", "+25pp", 0.25),
        ("add", "-2.5pp", -0.025),
        ("add", -0.05, -0.05),
        ("multiply", 1.5, 1.5),
        ("multiply", 0, 0.0),
    ],
)
def test_a_rate_is_read_in_its_unit(operator: str, written: object, value: float) -> None:
    tariff = Tariff(**WHO, **{operator: written})
    assert (tariff.operator, tariff.value) == (operator, pytest.approx(value, abs=1e-15))


@pytest.mark.parametrize(
    ("operator", "written", "hint"),
    [
        ("set", 25, "'25%'"),
        ("add", 25, "'25pp'"),
        ("add", "25%", "two ways"),
        ("set", "25 pp", "points are for add"),
        ("set", "0.25", "such as '25%'"),
        ("set", "2,5%", "such as '25%'"),
        ("set", -1.0, "above -1"),
        ("set", "-100%", "above -1"),
        ("set", True, "expected a number"),
        ("add", float("nan"), "finite"),
        ("add", float("inf"), "finite"),
        ("multiply", -0.5, "zero or more"),
        ("multiply", "1.5", "expected a number"),
        ("multiply", 10**400, "finite"),
        ("multiply", 1e9, "beyond any use"),
        ("coverage", 1.5, "between 0 and 1"),
    ],
)
def test_a_rate_that_reads_two_ways_or_is_out_of_range_is_refused(
    operator: str, written: object, hint: str
) -> None:
    assert hint in problems("tariff", **WHO, **{operator: written})[operator]


def test_exactly_one_operator_is_given() -> None:
    assert "got none" in problems("tariff", **WHO)[""]
    assert "set and add" in problems("tariff", **WHO, set=0.1, add=0.1)[""]
    assert "got none" in problems("trade_cost", **WHO)[""]
    assert "factor and change" in problems("labour", region="RUS", factor=1.1, change=0.1)[""]


def test_all_field_problems_come_at_once_with_the_nearest_valid_key() -> None:
    found = problems("tariff", importer=3, sectors=[], ad=0.1, start="27 August 2025")
    assert set(found) == {"importer", "exporter", "sectors", "ad", "start"}
    assert "did you mean 'add'" in found["ad"]
    assert "write 2025-08-27" in found["start"]
    assert "required" in found["exporter"]


def test_direct_construction_raises_the_same_error() -> None:
    with pytest.raises(InstrumentError, match="importer: is required"):
        Tariff(exporter="IND", sectors="goods", add=0.1)  # type: ignore[call-arg]


def test_an_instrument_cannot_be_changed_after_it_is_made() -> None:
    tariff = Tariff(**WHO, add=0.1)
    with pytest.raises(ValueError, match="frozen"):
        tariff.add = 0.2  # type: ignore[misc]


@pytest.mark.parametrize("collection", [list, tuple, set, frozenset])
def test_names_may_come_in_any_collection_and_order(collection: type) -> None:
    one = Embargo(importer="IND", exporter="RUS", sectors=collection(["OIL", "PHA"]))
    other = Embargo(importer=["IND"], exporter="RUS", sectors=("PHA", "OIL", "PHA"))
    assert one == other
    assert hash(one) == hash(other)


@pytest.mark.parametrize("bad", [None, 3, [], [""], ["OIL", 3], {"OIL": 1}, " "])
def test_names_must_be_text(bad: object) -> None:
    assert "sectors" in problems("embargo", importer="IND", exporter="RUS", sectors=bad)


def test_dates_are_days_in_order() -> None:
    assert (
        "comes before" in problems("tariff", **WHO, add=0, start="2025-02-01", end="2025-01-01")[""]
    )
    assert "calendar" in problems("tariff", **WHO, add=0, start="2025-02-30")["start"]
    assert (
        "a day such as 2025-12-12, not 2025"
        in problems("tariff", **WHO, add=0, start=2025)["start"]
    )


def test_first_and_last_day_are_in_force() -> None:
    tariff = Tariff(**WHO, add=0.1, start=date(2025, 8, 27), end=date(2026, 2, 6))
    days = [date(2025, 8, 26), date(2025, 8, 27), date(2026, 2, 6), date(2026, 2, 7)]
    assert [tariff.in_force(day) for day in days] == [False, True, True, False]


def test_a_trade_cost_takes_a_factor_or_a_relative_change() -> None:
    assert TradeCost(**WHO, factor=1.1).ratio == TradeCost(**WHO, add="10%").ratio == 1.1
    assert "0" in problems("trade_cost", **WHO, factor=0)["factor"]
    assert "10%" in problems("trade_cost", **WHO, add="10 pp")["add"]


def test_a_cut_is_a_share() -> None:
    assert ImportCut(**WHO, cut="35%").cut == 0.35
    assert "between 0 and 1" in problems("import_cut", **WHO, cut=1.01)["cut"]
    assert "'35%'" in problems("import_cut", **WHO, cut=35)["cut"]


def test_an_agreement_needs_two_sides() -> None:
    assert "two or more sides" in problems("trade_agreement", members="EAEU")["members"]
    assert "two or more sides" in problems("trade_agreement", members=["IND"])["members"]
    assert TradeAgreement(members=["IND", ["RUS", "KAZ"]]).members == (("IND",), ("KAZ", "RUS"))


def test_a_phase_in_says_how_far_it_has_come() -> None:
    sides = ["IND", "RUS"]
    assert "year" in problems("trade_agreement", members=sides, phase_in=10)[""]
    assert "phase_in" in problems("trade_agreement", members=sides, year=3)[""]
    agreement = TradeAgreement(members=sides, coverage=0.8, phase_in=10, year=3)
    assert agreement.cut(None) == pytest.approx(0.8 * 0.3)
    assert TradeAgreement(members=sides, phase_in=10, year=12).phase(None) == 1.0
    dated = TradeAgreement(members=sides, phase_in=10, start="2025-01-01")
    assert dated.phase(date(2030, 1, 1)) == pytest.approx(0.5, abs=1e-3)


def test_productivity_and_labour_ratios_are_positive() -> None:
    assert "above 0" in problems("productivity", region="IND", sectors="TEX", factor=0)["factor"]
    assert "above -1" in problems("labour", region="IND", change="-100%")["change"]
    assert Labour(region="RUS", change="2%").ratio == Labour(region="RUS", factor=1.02).ratio
    assert Productivity(region="IND", sectors="TEX", factor=1.05).factor == 1.05


def test_nobody_pays_himself_or_a_negative_amount() -> None:
    assert "itself" in problems("transfer", payer="IND", receiver="IND", amount_musd=5)[""]
    assert (
        "swap" in problems("transfer", payer="IND", receiver="RUS", amount_musd=-5)["amount_musd"]
    )
    too_much = problems("transfer", payer="IND", receiver="RUS", amount_musd=5e9)
    assert "million USD" in too_much["amount_musd"]


def test_a_remittance_reads_from_as_a_key() -> None:
    parsed = parse_instrument({"remittance": {"from": "RUS", "to": "IND", "amount_musd": 300}})
    assert parsed == Remittance(from_="RUS", to="IND", amount_musd=300)
    assert problems("remittance", to="IND", amount_musd=300)["from"] == "is required and not given"


def test_both_spellings_of_a_kind_are_read() -> None:
    fields = {"payer": "USA", "receiver": "IND", "amount_musd": 500}
    wanted = Transfer(payer="USA", receiver="IND", amount_musd=500)
    assert parse_instrument({"transfer": fields}) == wanted
    assert parse_instrument({"kind": "transfer", **fields}) == wanted
    assert parse_instrument(wanted) is wanted


@pytest.mark.parametrize(
    ("content", "hint"),
    [
        ({"tarif": {}}, "did you mean 'tariff'"),
        ({}, "one key"),
        ({"tariff": {}, "embargo": {}}, "one key"),
        ({"tariff": None}, "mapping"),
        ({"kind": ["tariff"]}, "unknown instrument"),
        ({"tariff": {"kind": "embargo"}}, "twice"),
        ("tariff", "expected one instrument"),
        (None, "expected one instrument"),
    ],
)
def test_what_is_no_instrument_is_refused_with_a_remedy(content: object, hint: str) -> None:
    with pytest.raises(InstrumentError, match=hint):
        parse_instrument(content)


def test_importing_the_room_does_not_load_the_solver() -> None:
    code = "import sys, tula.policy; sys.exit('jax' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
