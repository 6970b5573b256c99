"""What instruments may not ask for together is refused, naming both and the cells."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from tula.policy import (
    ContradictionError,
    Embargo,
    EssentialSupplierError,
    ExportTax,
    NoSupplierError,
    RateRangeError,
    Shock,
    Tariff,
    TradeAgreement,
    refuse_impossible_embargo,
)
from tula.world.labels import Labels

Compiled = Callable[..., Shock]


def test_all_clashing_set_rates_are_named_at_once(compiled: Compiled) -> None:
    with pytest.raises(ContradictionError) as caught:
        compiled(
            [
                Tariff(importer="IND", exporter="all", sectors="goods", set=0.2, name="wall"),
                Tariff(importer="IND", exporter="RUS", sectors=["OIL", "SER"], set=0.3),
                ExportTax(importer="IND", exporter="RUS", sectors="OIL", set=0.1),
                ExportTax(importer="all", exporter="RUS", sectors="OIL", set=0.2),
            ]
        )
    assert [p.instruments for p in caught.value.problems] == [(0, 1), (2, 3)]
    message = str(caught.value)
    assert "#1 'wall: IND: 20.0% import duty" in message
    assert "set different rates on 1 cell: IND from RUS (OIL)" in message


def test_set_rates_on_different_cells_do_not_clash(compiled: Compiled) -> None:
    shock = compiled(
        [
            Tariff(importer="IND", exporter="RUS", sectors="OIL", set=0.2),
            Tariff(importer="IND", exporter="RUS", sectors="PHA", set=0.3),
            ExportTax(importer="IND", exporter="RUS", sectors="OIL", set=0.4),
        ]
    )
    assert shock.tariff[:2, 0, 1].tolist() == [0.2, 0.3]


def test_an_agreement_on_a_set_rate_is_allowed(compiled: Compiled) -> None:
    shock = compiled(
        [
            Tariff(importer="IND", exporter="RUS", sectors="OIL", set=0.2),
            TradeAgreement(members=["IND", "RUS"], coverage=0.5),
        ]
    )
    assert shock.tariff[0, 0, 1] == pytest.approx(0.1)


def test_points_that_add_up_to_a_rate_of_minus_one_are_refused(compiled: Compiled) -> None:
    cuts = [
        Tariff(importer="IND", exporter="RUS", sectors="OIL", add=-0.6, name=name) for name in "ab"
    ]
    taxes = [ExportTax(importer="IND", exporter="RUS", sectors="OIL", add=-1)]
    with pytest.raises(RateRangeError) as caught:
        compiled([*cuts, *taxes])
    assert [p.instruments for p in caught.value.problems] == [(0,), (1,), (2,)]
    assert "-110.0%" in str(caught.value)


def test_a_buyer_left_without_a_supplier_is_named_with_the_sectors(
    compiled: Compiled, labels: Labels
) -> None:
    share = np.zeros((4, 4, 4))
    share[0, :, 1] = 1.0
    share[1, :, [1, 2]] = 0.5
    share[2, :, 3] = 1.0
    shock = compiled([Embargo(importer=["IND", "USA"], exporter="EAEU", sectors="all")])
    with pytest.raises(NoSupplierError, match="IND loses its last supplier of OIL, TEX; USA"):
        refuse_impossible_embargo(shock, share, labels)


def test_an_embargo_that_leaves_a_supplier_is_possible(compiled: Compiled, labels: Labels) -> None:
    share = np.zeros((4, 4, 4))
    share[:3, :, [0, 1]] = 0.5
    shock = compiled([Embargo(importer=["IND", "USA"], exporter="RUS", sectors="all")])
    refuse_impossible_embargo(shock, share, labels)
    with pytest.raises(NoSupplierError, match=r"^USA loses"):
        refuse_impossible_embargo(
            compiled([Embargo(importer="USA", exporter=["IND", "RUS"], sectors="OIL")]),
            share,
            labels,
        )


def test_no_embargo_where_suppliers_cannot_be_replaced(compiled: Compiled, labels: Labels) -> None:
    shock = compiled([Embargo(importer="IND", exporter="RUS", sectors=["OIL", "PHA"])])
    theta = np.array([-0.2, 0.5, 1.0, 1.0])
    with pytest.raises(EssentialSupplierError, match=r"theta -0\.2.*IND from RUS \(OIL\); use"):
        refuse_impossible_embargo(shock, np.ones((4, 4, 4)), labels, theta)
    refuse_impossible_embargo(shock, np.ones((4, 4, 4)), labels, theta + 0.3)
    nothing_bought = np.ones((4, 4, 4))
    nothing_bought[0, 0, 1] = 0.0
    refuse_impossible_embargo(shock, nothing_bought, labels, theta)
