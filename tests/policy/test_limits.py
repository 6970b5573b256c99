"""Ceilings compile to the limits that count, cell by cell or together."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tula.policy import (
    ContradictionError,
    Embargo,
    ExportCap,
    ImportCap,
    ImportCut,
    Limit,
    PriceCap,
    Shock,
)

Compiled = Callable[..., Shock]
OIL: dict[str, Any] = {"importer": "IND", "exporter": "RUS", "sectors": "OIL"}
FROM_TWO: dict[str, Any] = {"importer": "IND", "exporter": ["RUS", "KAZ"], "sectors": "OIL"}
RUS, KAZ = (0, 0, 1), (0, 0, 3)  # oil bought by India


def stated(shock: Shock) -> list[tuple[list[tuple[int, ...]], str, float, str]]:
    """Cells, measure, ceiling and recipient of every limit."""
    return [(cells_of(one), one.measure, one.ceiling, one.rent_to) for one in shock.limits]


def cells_of(limit: Limit) -> list[tuple[int, ...]]:
    return [tuple(cell) for cell in limit.cells.tolist()]


def test_a_cap_limits_each_cell_by_itself(compiled: Compiled) -> None:
    assert stated(compiled([ImportCap(**FROM_TWO, at="65%")])) == [
        ([RUS], "quantity", 0.65, "importer"),
        ([KAZ], "quantity", 0.65, "importer"),
    ]


def test_a_quota_limits_its_cells_together(compiled: Compiled) -> None:
    quota = ImportCap(**FROM_TWO, cut=0.25, together=True, rent_to="nobody")
    assert stated(compiled([quota])) == [([RUS, KAZ], "quantity", 0.75, "nobody")]


def test_a_cap_on_sales_is_one_quota_whose_rent_the_seller_keeps(compiled: Compiled) -> None:
    cap = ExportCap(exporter="RUS", importer="all", except_partners="IND", sectors="OIL", at=0.8)
    assert stated(compiled([cap])) == [([(0, 2, 1), (0, 3, 1)], "quantity", 0.8, "exporter")]


def test_a_price_cap_limits_the_price_of_each_producer(compiled: Compiled) -> None:
    cap = PriceCap(importer=["IND", "USA"], exporter=["RUS", "KAZ"], sectors="OIL", at=0.8)
    assert stated(compiled([cap])) == [
        ([RUS, (0, 2, 1)], "price", 0.8, "importer"),
        ([KAZ, (0, 2, 3)], "price", 0.8, "importer"),
    ]


def test_the_lowest_ceiling_on_a_cell_counts_with_its_recipient(compiled: Compiled) -> None:
    caps = [
        ImportCap(**OIL, at=0.8),
        ImportCap(**OIL, at=0.7, rent_to="nobody"),
        ExportCap(**OIL, at=0.9),
    ]
    assert stated(compiled(caps)) == [([RUS], "quantity", 0.7, "nobody")]


def test_the_lower_price_cap_counts_where_two_meet(compiled: Compiled) -> None:
    wide = PriceCap(importer=["IND", "USA"], exporter="RUS", sectors="OIL", at=0.9)
    found = stated(compiled([wide, PriceCap(**OIL, at=0.8)]))
    assert found == [
        ([RUS], "price", 0.8, "importer"),
        ([(0, 2, 1)], "price", 0.9, "importer"),
    ]


def test_equal_price_caps_of_two_buyers_are_one_limit(compiled: Compiled) -> None:
    other = PriceCap(importer="USA", exporter="RUS", sectors="OIL", at=0.8)
    (limit,) = compiled([PriceCap(**OIL, at=0.8), other]).limits
    assert cells_of(limit) == [RUS, (0, 2, 1)]
    assert limit.instrument.count("price paid to RUS") == 2


def test_a_quota_kept_by_the_caps_on_its_cells_is_left_out(compiled: Compiled) -> None:
    quota = ImportCap(**FROM_TWO, at=0.8, together=True)
    caps = ImportCap(**FROM_TWO, at=0.7)
    assert [one.ceiling for one in compiled([quota, caps]).limits] == [0.7, 0.7]
    assert len(compiled([quota, ImportCap(**OIL, at=0.7)]).limits) == 2


def test_a_looser_cap_on_one_cell_leaves_the_quota(compiled: Compiled) -> None:
    caps = [ImportCap(**FROM_TWO, at=0.8, together=True), ImportCap(**FROM_TWO, at=0.9)]
    assert len(compiled(caps).limits) == 3


@pytest.mark.parametrize(
    "caps",
    [
        [ImportCap(**OIL, at=0.7), ImportCap(**OIL, at=0.7, rent_to="exporter")],
        [ImportCut(**OIL, cut=0.5), ExportCap(**OIL, at=0.5)],
        [
            PriceCap(**OIL, at=0.7),
            PriceCap(importer="USA", exporter="RUS", sectors="OIL", at=0.7, rent_to="nobody"),
        ],
        [ImportCap(**FROM_TWO, at=0.7), ExportCap(**FROM_TWO, at=0.7)],
    ],
)
def test_equal_ceilings_with_different_recipients_are_refused(
    compiled: Compiled, caps: list[Any]
) -> None:
    with pytest.raises(ContradictionError, match="state one recipient") as caught:
        compiled(caps)
    assert [problem.instruments for problem in caught.value.problems] == [(0, 1)]


def test_equal_ceilings_with_one_recipient_are_one(compiled: Compiled) -> None:
    assert len(compiled([ImportCap(**OIL, at=0.7), ImportCap(**OIL, cut="30%")]).limits) == 1


def test_an_embargo_makes_a_limit_moot(compiled: Compiled) -> None:
    shock = compiled([Embargo(**OIL), ImportCap(**OIL, at=0.7), PriceCap(**OIL, at=0.7)])
    assert shock.limits == ()
    clash = [ImportCap(**OIL, at=0.7), ImportCap(**OIL, at=0.7, rent_to="nobody")]
    assert compiled([Embargo(**OIL), *clash]).limits == ()


def test_embargoed_cells_stay_in_the_base_of_a_quota(compiled: Compiled) -> None:
    shock = compiled([Embargo(**OIL), ImportCap(**FROM_TWO, at=0.7, together=True)])
    assert stated(shock) == [([RUS, KAZ], "quantity", 0.7, "importer")]
    assert "these cells buy nothing, the others may fill the quota" in shock.ledger[1].note


@pytest.mark.parametrize("kind", [ImportCap, ExportCap])
def test_a_quantity_ceiling_of_nothing_is_an_embargo(compiled: Compiled, kind: Any) -> None:
    for nothing in ({"at": 0}, {"cut": "100%"}):
        shock = compiled([kind(**OIL, **nothing)])
        assert shock.embargo[RUS]
        assert shock.limits == ()


def test_an_import_cut_gives_way_to_a_lower_cap(compiled: Compiled) -> None:
    shock = compiled([ImportCut(**OIL, cut=0.2), ImportCap(**OIL, at=0.7)])
    assert [one.ceiling for one in shock.limits] == [0.7]
    kept = compiled([ImportCut(**OIL, cut=0.4), ImportCap(**OIL, at=0.7)])
    assert [one.ceiling for one in kept.limits] == pytest.approx([0.6])


def test_the_ledger_says_how_ceilings_meet(compiled: Compiled) -> None:
    shock = compiled(
        [
            ImportCap(**OIL, at=0.7),
            ExportCap(**FROM_TWO, at=0.9),
            PriceCap(**OIL, at=0.8),
            PriceCap(**OIL, at=0.9),
        ]
    )
    assert shock.ledger[0].note.count("both ceilings hold: the tighter one binds") == 3
    assert shock.ledger[1].note.count("both ceilings hold: the tighter one binds") == 3
    assert "meets #4 on 1 cell: the lower price cap counts" in shock.ledger[2].note


def test_partners_excepted_from_a_cap_on_sales_are_importers(compiled: Compiled) -> None:
    cap = ExportCap(exporter="RUS", importer="all", except_partners="KAZ", sectors="OIL", at=0.8)
    (limit,) = compiled([cap]).limits
    assert cells_of(limit) == [RUS, (0, 2, 1)]


def test_import_cuts_are_limits_like_all_caps(compiled: Compiled) -> None:
    shock = compiled([ImportCut(**FROM_TWO, cut=0.4), ImportCut(**OIL, cut=1.0)])
    assert shock.embargo[RUS]
    assert stated(shock) == [([KAZ], "quantity", 0.6, "importer")]
