"""The account says which cells a measure raises and lowers, and what changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pytest

from tula.policy import (
    Embargo,
    ExportCap,
    ExportTax,
    ImportCut,
    Instrument,
    Labour,
    LedgerEntry,
    Migration,
    PriceCap,
    Productivity,
    Remittance,
    Shock,
    Tariff,
    TradeAgreement,
    TradeCost,
    Transfer,
    compile_shock,
)
from tula.world.labels import Labels

Compiled = Callable[..., Shock]
OIL: dict[str, Any] = {"importer": "IND", "exporter": "RUS", "sectors": "OIL"}
EVERYBODY: dict[str, Any] = {"importer": "IND", "exporter": "all", "sectors": "goods"}


def uneven(labels: Labels, policy: list[Instrument], **more: Any) -> tuple[LedgerEntry, ...]:
    """The account on a base of 5% from Russia, 10% from the United States, 20% from Kazakhstan."""
    rates = np.zeros((4, 4, 4))
    rates[:3, 0, 1:] = [0.05, 0.10, 0.20]
    spending = np.zeros((4, 4, 4))
    spending[:3, 0, 1:] = [1.0, 20.0, 300.0]
    return compile_shock(
        labels, rates, np.zeros_like(rates), policy, spending=spending, **more
    ).ledger


def test_a_set_says_how_many_cells_and_how_much_trade_it_raises_and_lowers(labels: Labels) -> None:
    (entry,) = uneven(labels, [Tariff(**EVERYBODY, set="10%")])
    assert (entry.cells, entry.raises, entry.lowers, entry.idle) == (9, 3, 3, "")
    assert (
        "raises the rate on 3 cells (3 million USD of base spending) and lowers the rate on "
        "3 cells (900 million USD of base spending)"
    ) in entry.note


def test_a_set_on_part_of_trade_moves_the_same_cells(labels: Labels) -> None:
    (entry,) = uneven(labels, [Tariff(**EVERYBODY, set="10%", coverage=0.3)])
    assert (entry.raises, entry.lowers) == (3, 3)


def test_a_set_is_judged_with_all_else_standing(labels: Labels) -> None:
    policy = [Tariff(**EVERYBODY, set="10%"), Tariff(**EVERYBODY, add="50 pp")]
    assert [(one.raises, one.lowers) for one in uneven(labels, policy)] == [(3, 3), (0, 0)]


def test_an_export_tax_that_is_set_raises_and_lowers_too(labels: Labels) -> None:
    taxes = np.zeros((4, 4, 4))
    taxes[0, 0, 1] = 0.3
    tax = ExportTax(importer="all", exporter="RUS", sectors="OIL", set=0.1)
    (entry,) = compile_shock(labels, np.zeros_like(taxes), taxes, [tax]).ledger
    assert (entry.raises, entry.lowers) == (2, 1)
    assert "raises the rate on 2 cells and lowers the rate on 1 cell" in entry.note


@pytest.mark.parametrize(
    ("bound", "raises", "lowers"), [({"at_least": "10%"}, 3, 0), ({"at_most": "10%"}, 0, 3)]
)
def test_a_bound_moves_rates_one_way(
    labels: Labels, bound: dict[str, Any], raises: int, lowers: int
) -> None:
    (entry,) = uneven(labels, [Tariff(**EVERYBODY, **bound)])
    assert (entry.raises, entry.lowers) == (raises, lowers)


KAZAKH: dict[str, Any] = {"importer": "IND", "exporter": "KAZ", "sectors": "goods"}


@pytest.mark.parametrize(
    "measure",
    [
        Tariff(**KAZAKH, set="20%"),
        Tariff(**KAZAKH, set="20%", coverage=0.7),
        Tariff(**KAZAKH, at_least="15%"),
        Tariff(**KAZAKH, at_most="25%"),
        Tariff(importer="KAZ", exporter="IND", sectors="goods", multiply=3),
        ExportTax(**OIL, set=0),
        TradeAgreement(members=["RUS", "USA"]),
    ],
)
def test_rates_that_stand_already_are_no_change(compiled: Compiled, measure: Instrument) -> None:
    rates = np.zeros((4, 4, 4))
    rates[:3, 0, 3] = 0.20
    labels = compiled([]).labels
    with pytest.warns(UserWarning, match="nothing changes"):
        (entry,) = compile_shock(labels, rates, np.zeros_like(rates), [measure]).ledger
    assert entry.idle == "the rates in these cells are so already"


@pytest.mark.parametrize(
    "measure",
    [
        Embargo(importer="USA", exporter="RUS", sectors="OIL"),
        ImportCut(importer="USA", exporter="RUS", sectors="OIL", cut=0.5),
        ExportCap(importer="USA", exporter="RUS", sectors="OIL", at=0.5),
        PriceCap(importer="USA", exporter="RUS", sectors="OIL", at=0.5),
        TradeCost(importer="USA", exporter="RUS", sectors="OIL", factor=1.5),
        Tariff(importer="USA", exporter="RUS", sectors="OIL", add=0.5),
        ExportTax(importer="USA", exporter="RUS", sectors="OIL", set=0.5),
        TradeAgreement(members=["USA", "RUS"], sectors="OIL"),
    ],
)
def test_a_measure_on_cells_without_trade_changes_nothing(
    labels: Labels, measure: Instrument
) -> None:
    with pytest.warns(UserWarning, match="no base trade in these cells"):
        (entry,) = uneven(labels, [measure])
    assert entry.idle == "no base trade in these cells"
    assert "it changes nothing" in entry.note


@pytest.mark.parametrize(
    "measure",
    [
        Tariff(**OIL, add=0),
        Tariff(**OIL, multiply=1),
        Tariff(**OIL, set=0.5, coverage=0),
        TradeAgreement(members=["IND", "RUS"], phase_in=10, year=0),
        TradeCost(**OIL, add=0),
        Productivity(region="IND", sectors="OIL", factor=1),
        Labour(region="IND", factor=1),
        Transfer(payer="IND", receiver="RUS", amount_musd=0),
        Remittance(from_="IND", to="RUS", amount_musd=0),
    ],
)
def test_no_change_asked_for_is_told_and_not_warned_of(
    labels: Labels, measure: Instrument, recwarn: pytest.WarningsRecorder
) -> None:
    (entry,) = uneven(labels, [measure])
    assert entry.idle == "no change is asked for"
    assert not recwarn.list


@pytest.mark.parametrize(
    "measure",
    [
        Tariff(**OIL, add="1 pp"),
        TradeAgreement(members=["IND", "RUS"]),
        ImportCut(**OIL, cut=0.5),
        Labour(region="IND", change="2%"),
        Productivity(region="IND", sectors="OIL", factor=1.1),
        Transfer(payer="IND", receiver="RUS", amount_musd=1),
        Migration(
            from_="IND", to="RUS", workers_thousand=1, home_earnings_usd=99, host_earnings_usd=99
        ),
    ],
)
def test_what_acts_is_not_idle(labels: Labels, measure: Instrument) -> None:
    assert uneven(labels, [measure])[0].idle == ""


def test_what_acts_only_beside_others_is_not_idle(labels: Labels) -> None:
    policy = [
        Tariff(importer="USA", exporter="IND", sectors="goods", set="10%"),
        Tariff(importer="USA", exporter="IND", sectors="goods", multiply=2),
    ]
    spending = np.ones((4, 4, 4))
    shock = compile_shock(
        labels, np.zeros((4, 4, 4)), np.zeros((4, 4, 4)), policy, spending=spending
    )
    assert [one.idle for one in shock.ledger] == ["", ""]


def test_twice_the_same_set_is_not_idle(labels: Labels) -> None:
    policy = [Tariff(**KAZAKH, set="30%", name=name) for name in "ab"]
    assert [one.idle for one in uneven(labels, policy)] == ["", ""]


def test_what_is_not_in_force_is_idle_and_says_so(labels: Labels) -> None:
    policy = [Tariff(**KAZAKH, add=0.1, end="2025-01-01"), Tariff(**KAZAKH, add=0.1)]
    late, acting = uneven(labels, policy, on=date(2025, 6, 1))
    assert not late.in_force
    assert late.idle
    assert acting.in_force
    assert not acting.idle
