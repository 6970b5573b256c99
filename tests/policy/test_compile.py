"""Instruments compile to arrays by one stacking rule, with an account of each."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import jaxtyping
import numpy as np
import pytest

from tula.policy import (
    BaseRateError,
    Embargo,
    ExportTax,
    ImportCut,
    Labour,
    LabourShareError,
    NotAnInstrumentError,
    Productivity,
    Remittance,
    SelectionError,
    Shock,
    Tariff,
    TradeAgreement,
    TradeCost,
    Transfer,
    UndatedError,
    compile_shock,
    no_shock,
)
from tula.policy.effects import Scene
from tula.policy.ledger import entries
from tula.policy.shock import LedgerEntry
from tula.world.economy import ShapeError
from tula.world.labels import Labels

Compiled = Callable[..., Shock]
Cell = Callable[[str, str, str], tuple[int, int, int]]
OIL: dict[str, Any] = {"importer": "IND", "exporter": "RUS", "sectors": "OIL"}


@pytest.fixture
def _no_annotation_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave wrong input to the function's own checks, as outside the tests."""
    monkeypatch.setattr(jaxtyping.config, "jaxtyping_disable", True)


def changed(before: np.ndarray, after: np.ndarray) -> int:
    return int((before != after).sum())


def test_nothing_compiles_to_no_shock(compiled: Compiled, labels: Labels, base: np.ndarray) -> None:
    shock, nothing = compiled([]), no_shock(labels, base, np.zeros_like(base))
    for name in ("tariff", "export_tax", "trade_cost_hat", "embargo"):
        assert np.array_equal(getattr(shock, name), getattr(nothing, name))
    for name in ("productivity_hat", "labour_hat", "transfer"):
        assert np.array_equal(getattr(shock, name), getattr(nothing, name))
    assert shock.ledger == ()


def test_points_are_added_on_the_named_cells_only(
    compiled: Compiled, base: np.ndarray, cell: Cell
) -> None:
    shock = compiled([Tariff(importer="USA", exporter="IND", sectors="TEX", add=0.25)])
    assert shock.tariff[cell("TEX", "USA", "IND")] == pytest.approx(0.35)
    assert changed(base, shock.tariff) == 1


def test_exceptions_take_out_sectors_and_partners(compiled: Compiled, base: np.ndarray) -> None:
    spared = Tariff(
        importer="USA",
        exporter="all",
        sectors="goods",
        except_sectors={"PHA"},
        except_partners="EAEU",
        add=0.25,
    )
    shock = compiled([spared])
    assert changed(base, shock.tariff) == shock.ledger[0].cells == 2


def test_partners_excepted_from_an_export_tax_are_importers(compiled: Compiled, cell: Cell) -> None:
    tax = ExportTax(exporter="RUS", importer="all", sectors="OIL", except_partners="IND", set="5%")
    shock = compiled([tax])
    assert shock.export_tax[cell("OIL", "USA", "RUS")] == 0.05
    assert shock.export_tax[cell("OIL", "IND", "RUS")] == 0.0
    assert np.count_nonzero(shock.export_tax) == 2


def test_own_sales_are_never_touched(compiled: Compiled, base: np.ndarray) -> None:
    everyone: dict[str, Any] = {"importer": "all", "exporter": "all", "sectors": "all"}
    shock = compiled(
        [Tariff(**everyone, set=0.5), Embargo(**everyone), TradeCost(**everyone, factor=2)]
    )
    own = np.arange(4)
    assert np.array_equal(shock.tariff[:, own, own], base[:, own, own])
    assert not shock.embargo[:, own, own].any()
    assert (shock.trade_cost_hat[:, own, own] == 1.0).all()
    assert shock.embargo.sum() == 4 * 4 * 3


def test_rates_are_set_then_cut_then_multiplied_then_added_to(
    compiled: Compiled, cell: Cell
) -> None:
    layers = [
        Tariff(importer="IND", exporter="RUS", sectors="OIL", add="5 pp"),
        Tariff(importer="IND", exporter="all", sectors="goods", multiply=1.5),
        TradeAgreement(members=["IND", "EAEU"], coverage=0.8, phase_in=10, year=5),
        Tariff(importer="IND", exporter="all", sectors="goods", set="20%"),
    ]
    shock = compiled(layers)
    assert shock.tariff[cell("OIL", "IND", "RUS")] == pytest.approx(0.23)
    assert shock.tariff[cell("PHA", "IND", "KAZ")] == pytest.approx(0.18)
    assert shock.tariff[cell("PHA", "IND", "USA")] == pytest.approx(0.30)


def test_coverage_moves_the_rate_by_its_share(compiled: Compiled, cell: Cell) -> None:
    def rate(**operation: float) -> float:
        return float(
            compiled([Tariff(**OIL, coverage=0.4, **operation)]).tariff[cell("OIL", "IND", "RUS")]
        )

    assert rate(set=0.5) == pytest.approx(0.6 * 0.1 + 0.4 * 0.5)
    assert rate(add=0.5) == pytest.approx(0.1 + 0.4 * 0.5)
    assert rate(multiply=2.0) == pytest.approx(0.1 * 1.4)


def test_the_same_set_rate_twice_is_the_set_rate(compiled: Compiled) -> None:
    once = compiled([Tariff(**OIL, set=0.3, coverage=0.5)])
    twice = compiled([Tariff(**OIL, set=0.3, coverage=0.5, name=name) for name in "ab"])
    assert np.array_equal(once.tariff, twice.tariff)


def test_an_agreement_leaves_duties_inside_a_side_alone(
    compiled: Compiled, base: np.ndarray, cell: Cell
) -> None:
    shock = compiled([TradeAgreement(members=[["IND"], "EAEU"], sectors="goods")])
    assert shock.tariff[cell("OIL", "RUS", "KAZ")] == 0.1
    for pair in (("IND", "RUS"), ("RUS", "IND"), ("IND", "KAZ"), ("KAZ", "IND")):
        assert shock.tariff[cell("OIL", *pair)] == 0.0
    assert changed(base, shock.tariff) == 3 * 4


def test_the_deeper_of_two_agreements_counts(compiled: Compiled, cell: Cell) -> None:
    shock = compiled(
        [
            TradeAgreement(members=["IND", "RUS"], coverage=0.5),
            TradeAgreement(members=["IND", "EAEU"], coverage=0.8),
        ]
    )
    assert shock.tariff[cell("OIL", "IND", "RUS")] == pytest.approx(0.02)


def test_a_side_cannot_share_a_region_with_another(compiled: Compiled) -> None:
    with pytest.raises(SelectionError, match="RUS stands on more than one side"):
        compiled([TradeAgreement(members=["RUS", "EAEU"])])


def test_trade_cost_factors_multiply(compiled: Compiled, cell: Cell) -> None:
    shock = compiled([TradeCost(**OIL, factor=1.2), TradeCost(**OIL, add="-50%")])
    assert shock.trade_cost_hat[cell("OIL", "IND", "RUS")] == pytest.approx(0.6)


def test_an_embargo_is_exact_and_comes_before_caps(compiled: Compiled, cell: Cell) -> None:
    shock = compiled([ImportCut(**OIL, cut=0.3), Embargo(**OIL)])
    assert shock.embargo[cell("OIL", "IND", "RUS")]
    assert shock.embargo.sum() == 1
    assert shock.limits == ()


def test_an_embargo_both_ways_stops_the_reverse_too(compiled: Compiled, cell: Cell) -> None:
    shock = compiled([Embargo(**OIL, both_ways=True)])
    assert shock.embargo[cell("OIL", "RUS", "IND")]
    assert shock.embargo.sum() == 2


def test_the_lowest_cap_counts(compiled: Compiled, cell: Cell) -> None:
    shock = compiled([ImportCut(**OIL, cut=0.35), ImportCut(**OIL, cut="10%")])
    (limit,) = shock.limits
    assert limit.ceiling == pytest.approx(0.65)
    assert limit.cells.tolist() == [list(cell("OIL", "IND", "RUS"))]


def test_a_cut_of_everything_is_an_embargo(compiled: Compiled) -> None:
    cut, embargo = compiled([ImportCut(**OIL, cut=1)]), compiled([Embargo(**OIL)])
    assert np.array_equal(cut.embargo, embargo.embargo)
    assert cut.limits == embargo.limits == ()


def test_productivity_factors_multiply(compiled: Compiled) -> None:
    both = [
        Productivity(region="IND", sectors="TEX", factor=1.1),
        Productivity(region=["IND", "RUS"], sectors="goods", factor=1.2),
    ]
    hat = compiled(both).productivity_hat
    assert hat[0].tolist() == pytest.approx([1.2, 1.2, 1.32, 1.0])
    assert hat[1].tolist() == pytest.approx([1.2, 1.2, 1.2, 1.0])


def test_labour_in_a_sector_counts_by_its_share_of_the_wage_bill(compiled: Compiled) -> None:
    share = np.tile([0.1, 0.2, 0.3, 0.4], (4, 1))
    shock = compiled([Labour(region="RUS", sectors="PHA", change="10%")], labour_share=share)
    assert shock.labour_hat.tolist() == pytest.approx([1.0, 1.02, 1.0, 1.0])


def test_labour_without_sectors_needs_no_wage_bill(compiled: Compiled) -> None:
    shock = compiled([Labour(region="RUS", change="2%"), Labour(region="EAEU", factor=0.5)])
    assert shock.labour_hat.tolist() == pytest.approx([1.0, 0.51, 1.0, 0.5])


@pytest.mark.usefixtures("_no_annotation_checks")
@pytest.mark.parametrize("share", [None, np.ones((4, 4)), np.full((4, 3), 1 / 3), -np.eye(4)])
def test_labour_in_sectors_refuses_a_missing_or_malformed_wage_bill(
    compiled: Compiled, share: np.ndarray | None
) -> None:
    with pytest.raises(LabourShareError, match="labour_share"):
        compiled([Labour(region="RUS", sectors="PHA", change=0.1)], labour_share=share)


def test_payments_add_up_to_zero(compiled: Compiled) -> None:
    shock = compiled(
        [
            Transfer(payer="USA", receiver="IND", amount_musd=500),
            Remittance(from_="RUS", to="IND", amount_musd=300),
        ]
    )
    assert shock.transfer.tolist() == [800.0, -300.0, -500.0, 0.0]


def test_a_payment_has_one_payer_and_one_receiver(compiled: Compiled) -> None:
    with pytest.raises(SelectionError, match="2 regions: name one"):
        compiled([Transfer(payer="EAEU", receiver="IND", amount_musd=5)])


def test_unknown_names_and_empty_selections_come_all_at_once(compiled: Compiled) -> None:
    with pytest.raises(SelectionError) as caught:
        compiled(
            [
                Tariff(importer="IDN", exporter="RUS", sectors=["OIL", "TXE"], add=0.1),
                Embargo(importer="IND", exporter="IND", sectors="all"),
                Embargo(importer="IND", exporter="RUS", sectors="OIL", except_sectors="OIL"),
            ]
        )
    found = [(p.instruments, p.field) for p in caught.value.problems]
    assert found == [((0,), "importer"), ((0,), "sectors"), ((1,), ""), ((2,), "")]
    assert "did you mean 'IND'" in str(caught.value)
    assert "did you mean 'TEX'" in str(caught.value)
    assert "own sales" in str(caught.value)


def test_what_is_not_in_force_is_left_out_and_noted(compiled: Compiled, base: np.ndarray) -> None:
    dated = Tariff(**OIL, add=0.1, start="2025-08-27", end="2026-02-06")
    assert changed(base, compiled([dated], date(2025, 12, 4)).tariff) == 1
    assert changed(base, compiled([dated], datetime(2026, 2, 6, 23, 59)).tariff) == 1
    after = compiled([dated], date(2026, 2, 7))
    assert changed(base, after.tariff) == 0
    assert after.ledger[0].note == "not in force on 2026-02-07: left out"


def test_dated_instruments_need_a_day(compiled: Compiled) -> None:
    with pytest.raises(UndatedError, match="on=date"):
        compiled([Tariff(**OIL, add=0.1, end="2026-02-06")])


def test_one_instrument_may_come_without_a_list(compiled: Compiled) -> None:
    assert compiled(Embargo(**OIL)).embargo.sum() == 1


@pytest.mark.usefixtures("_no_annotation_checks")
def test_what_is_not_an_instrument_is_refused(compiled: Compiled) -> None:
    with pytest.raises(NotAnInstrumentError, match="#2"):
        compiled([Embargo(**OIL), {"embargo": OIL}])


@pytest.mark.usefixtures("_no_annotation_checks")
def test_base_rates_must_fit_the_labels_and_be_rates(labels: Labels, base: np.ndarray) -> None:
    with pytest.raises(ShapeError, match="tariff"):
        compile_shock(labels, base[:2], base, [])
    with pytest.raises(ShapeError, match="spending"):
        compile_shock(labels, base, base, [], spending=base[:2])
    with pytest.raises(BaseRateError, match="export_tax"):
        compile_shock(labels, base, np.full_like(base, np.nan), [])


def test_the_base_arrays_are_left_as_they_were(labels: Labels, base: np.ndarray) -> None:
    before = base.copy()
    compile_shock(labels, base, base, [Tariff(**OIL, set=0.5), ExportTax(**OIL, add=0.5)])
    assert np.array_equal(base, before)


def test_the_ledger_has_one_line_per_instrument_in_the_order_given(compiled: Compiled) -> None:
    layers = [
        Tariff(**OIL, add="5 pp", name="penalty"),
        Embargo(**OIL),
        Tariff(importer="IND", exporter="all", sectors="OIL", set="20%"),
        Labour(region="RUS", change="2%"),
    ]
    first, second, third, fourth = compiled(layers).ledger
    assert first.instrument == "penalty: IND: +5.0 pp import duty on OIL from RUS"
    assert (first.cells, second.cells, third.cells) == (1, 1, 3)
    assert "meets #3 on 1 cell: the rate is set first, then points are added" in first.note
    assert "meets #1 on 1 cell: the embargo makes the rate moot" in second.note
    assert "rates after all layers: 20.0% to 25.0%" in third.note
    assert "x1.02" in fourth.note


@pytest.mark.usefixtures("_no_annotation_checks")  # they look into what is returned
def test_the_ledger_is_written_when_it_is_read_and_travels_as_it_reads(
    labels: Labels, base: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[Scene] = []

    def noted(scene: Scene) -> dict[int, LedgerEntry]:
        read.append(scene)
        return entries(scene)

    monkeypatch.setattr("tula.policy.compile.entries", noted)
    measures = [Tariff(**OIL, add="15 pp"), Tariff(**OIL, multiply=2.0)]
    shock = compile_shock(labels, base, np.zeros_like(base), measures)
    assert read == []
    sent = pickle.loads(pickle.dumps(shock.replace(tariff=shock.tariff + 0.01)))
    assert sent.ledger == shock.ledger == tuple(shock.ledger)
    assert [entry.cells for entry in sent.ledger[:2]] == [1, 1]
    assert len(read) == 1
    with pytest.raises(ValueError, match="read-only"):
        shock.tariff[0, 0, 1] = 0.5


def test_the_ledger_states_the_trade_reached_where_spending_is_given(compiled: Compiled) -> None:
    spending = np.zeros((4, 4, 4))
    spending[0, 0, 1] = 48_200.0
    oil, rest = compiled(
        [Embargo(**OIL), Embargo(importer="USA", exporter="RUS", sectors="OIL")], spending=spending
    ).ledger
    assert "48,200 million USD" in oil.note
    assert "it changes nothing" in rest.note


def test_a_rate_below_zero_is_called_a_subsidy(compiled: Compiled) -> None:
    (entry,) = compiled([Tariff(**OIL, add="-15 pp")]).ledger
    assert "-5.0% (below zero: a subsidy)" in entry.note
