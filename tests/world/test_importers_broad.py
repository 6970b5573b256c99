"""Rows of duties and elasticities that stand for many cells."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import factories
from tula.world.economy import Economy
from tula.world.importers import TableError, import_world, write_long

pytestmark = pytest.mark.filterwarnings("ignore::tula.world.importers.UncertainUnitWarning")
Import = Callable[..., Economy]
#: A region group of two and the two others.
INSIDE, OTHERS = ("IND", "RUS"), ("USA", "ROW")


@pytest.fixture
def imported(tmp_path: Path) -> Import:
    write_long(factories.toy_economy(), tmp_path)

    def run(*rows: str, head: str = "importer,exporter,sector,rate", **options: object) -> Economy:
        name = "tariffs" if head.startswith("importer") else "elasticities"
        (tmp_path / f"{name}.csv").write_text("\n".join([head, *rows]) + "\n")
        return import_world(tmp_path, "long", **options)

    return run


def rate(world: Economy, importer: str, exporter: str, sector: str = "OIL") -> float:
    labels = world.labels
    place = (
        labels.sector_index(sector),
        labels.region_index(importer),
        labels.region_index(exporter),
    )
    return float(world.tariff[place])


@pytest.mark.parametrize("everyone", ["all", "ALL", "MFN", "World", "WLD", "*", "000"])
def test_one_rate_for_every_partner_leaves_sales_at_home_alone(
    imported: Import, everyone: str
) -> None:
    rows = [f"{importer},{everyone},all,0.05" for importer in ("IND", "RUS", "USA", "ROW")]
    world = imported(*rows)
    expected = np.where(np.eye(4, dtype=bool), 0.0, 0.05)
    np.testing.assert_array_equal(world.tariff, np.broadcast_to(expected, (3, 4, 4)))


def test_the_narrower_row_holds_in_whatever_order(imported: Import) -> None:
    rows = [
        "all,all,all,0.05",
        "USA,all,goods,0.04",
        "USA,first_two,goods,0.03",
        "USA,IND,goods,0.02",
        "USA,IND,OIL,0.01",
    ]
    for turned in (rows, rows[::-1]):
        world = imported(*turned)
        assert rate(world, "USA", "IND", "OIL") == 0.01
        assert rate(world, "USA", "IND", "MAN") == 0.02
        assert rate(world, "USA", "RUS", "MAN") == 0.03
        assert rate(world, "USA", "ROW", "MAN") == 0.04
        assert rate(world, "USA", "IND", "SER") == rate(world, "IND", "USA", "OIL") == 0.05


def test_two_rows_of_equal_right_are_refused_unless_a_narrower_one_decides(
    imported: Import,
) -> None:
    rows = ("all,all,all,0.05", "USA,all,OIL,0.1", "USA,IND,all,0.2")
    with pytest.raises(TableError, match=r"neither the narrower, .* values: line 3, line 4"):
        imported(*rows)
    assert rate(imported(*rows, "USA,IND,OIL,0.3"), "USA", "IND", "OIL") == 0.3
    same = imported(rows[0], rows[1], "USA,IND,all,0.1")
    assert rate(same, "USA", "IND", "OIL") == 0.1


def test_what_a_group_takes_from_all_is_not_levied_inside_it(imported: Import) -> None:
    rows = ("first_two,all,all,0.1", "USA,all,all,0", "ROW,all,all,0")
    with pytest.raises(TableError, match=r"rows are missing .*: OIL/IND/RUS, OIL/RUS/IND"):
        imported(*rows)
    world = imported(*rows, "first_two,first_two,all,0.02")
    assert rate(world, "IND", "USA") == 0.1
    assert rate(world, "IND", "RUS") == 0.02
    assert rate(world, "IND", "IND") == 0.0
    assert rate(imported(*rows, sparse=True), "IND", "RUS") == 0.0


def test_rows_by_name_are_read_as_their_codes(imported: Import) -> None:
    world = imported("all,all,all,0.05", "usa,Region IND,Sector OIL,0.2")
    assert rate(world, "USA", "IND") == 0.2
    with pytest.raises(
        TableError, match=r"exporter 'Spain' is unknown; Spain has no region .*: li"
    ):
        imported("all,all,all,0.05", "USA,Spain,OIL,0.2")


def test_one_cell_named_twice_is_refused(imported: Import) -> None:
    with pytest.raises(TableError, match="the cell stands twice: line 4"):
        imported("all,all,all,0.05", "USA,IND,OIL,0.1", "usa,Region IND,oil,0.1")


def test_a_table_without_rows_is_refused_for_what_it_lacks(imported: Import) -> None:
    for head in ("importer,exporter,sector,rate", "sector,theta"):
        with pytest.raises(TableError, match="rows are missing"):
            imported(head=head)


def test_elasticities_of_goods_alone_are_refused_with_a_remedy_that_works(
    imported: Import,
) -> None:
    goods = ("OIL,3", "MAN,5")
    with pytest.raises(TableError, match=r"such as all,4\): SER"):
        imported(*goods, head="sector,theta")
    world = imported(*goods, "all,4", head="sector,theta")
    assert world.trade_elasticity.tolist() == [3.0, 5.0, 4.0]
    assert imported("goods,6", "services,4", head="sector,theta").trade_elasticity.tolist() == [
        6.0, 6.0, 4.0
    ]  # fmt: skip
