from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from icio_csv import icio_frame, write_icio
from tula.errors import TulaError
from tula.world import codes
from tula.world.checks import UnsoundEconomyError
from tula.world.economy import Economy
from tula.world.importers import TableError, import_world
from tula.world.importers.oecd import icio_labels

REGIONS = ("CHN", "IND", "MEX", "ROW")
SECTORS = ("A01", "C17_18", "C302T309", "J62_63")


@pytest.fixture
def truth(make_economy: Callable[..., Economy]) -> Economy:
    return make_economy(4, 4, 9, regions=REGIONS, sectors=SECTORS)


@pytest.mark.parametrize("extended", [False, True])
def test_the_importer_finds_the_flows_behind_the_file(
    truth: Economy, tmp_path: Path, extended: bool
) -> None:
    path = write_icio(icio_frame(truth, extended=extended), tmp_path / "2022_SML.csv")
    world = import_world(path, "oecd-icio", vintage="2022")
    assert (world.regions, world.sectors) == (REGIONS, SECTORS)
    np.testing.assert_allclose(world.intermediate, truth.intermediate, rtol=1e-12)
    np.testing.assert_allclose(world.final, truth.final, rtol=1e-12)
    merged = "merged parts CN1, CN2, MX1, MX2 into CHN and MEX" in world.provenance.steps
    assert merged == extended


def test_goods_and_services_are_groups_of_the_imported_table(
    truth: Economy, tmp_path: Path
) -> None:
    world = import_world(write_icio(icio_frame(truth), tmp_path / "t.csv"), "oecd-icio")
    assert world.labels.resolve_sectors("goods") == SECTORS[:3]


def test_rows_and_columns_in_any_order_give_the_same_bits(truth: Economy, tmp_path: Path) -> None:
    frame = icio_frame(truth, extended=True)
    turned = frame.sample(frac=1, random_state=1).sample(frac=1, axis=1, random_state=2)
    worlds = [
        import_world(write_icio(f, tmp_path / f"{k}.csv"), "oecd-icio")
        for k, f in enumerate((frame, turned))
    ]
    assert np.array_equal(worlds[0].intermediate, worlds[1].intermediate)
    assert np.array_equal(worlds[0].final, worlds[1].final)


def test_negative_final_sales_are_set_to_zero_and_reported(truth: Economy, tmp_path: Path) -> None:
    frame = icio_frame(truth)
    sold = frame.loc["IND_A01", [f"CHN_{k}" for k in ("HFCE", "NPISH", "GGFC", "GFCF", "DPABR")]]
    fall = float(sold.sum()) + 10.0
    change = fall + frame.loc["IND_A01", "CHN_INVNT"]
    frame.loc["IND_A01", "CHN_INVNT"] = -fall
    frame.loc["IND_A01", "OUT"] -= change
    frame.loc["OUT", "IND_A01"] -= change
    frame.loc["VA", "IND_A01"] -= change
    path = write_icio(frame, tmp_path / "t.csv")
    world = import_world(path, "oecd-icio")
    assert world.final[1, 0, 0] == 0.0
    steps = " ".join(world.provenance.steps)
    assert "1 negative final flows set to zero: 10 million USD" in steps
    with pytest.raises(UnsoundEconomyError, match="negative-flow"):
        import_world(path, "oecd-icio", negatives="refuse")


def test_published_elasticities_and_duties_join_by_code(truth: Economy, tmp_path: Path) -> None:
    rows = [
        (importer, exporter, sector, 0.1 if importer != exporter else 0.0)
        for importer in REGIONS
        for exporter in REGIONS
        for sector in SECTORS
    ]
    duties = tmp_path / "tariffs.csv"
    pd.DataFrame(rows, columns=["importer", "exporter", "sector", "rate"]).to_csv(
        duties, index=False
    )
    path = write_icio(icio_frame(truth), tmp_path / "t.csv")
    world = import_world(path, "oecd-icio", elasticities="CP", tariffs=duties)
    assert world.trade_elasticity[0] == 9.11
    assert world.tariff[0, 0, 1] == 0.1
    assert world.elasticity_source.startswith("CP: Caliendo & Parro (2015)")


def test_cells_that_are_no_numbers_are_named_by_line_and_column(
    truth: Economy, tmp_path: Path
) -> None:
    path = write_icio(icio_frame(truth), tmp_path / "t.csv")
    lines = path.read_text().splitlines()
    cells = lines[3].split(",")
    cells[2], cells[5] = "n.a.", ""
    path.write_text("\n".join([*lines[:3], ",".join(cells), *lines[4:]]))
    with pytest.raises(
        TableError, match=r"line 4, column CHN_C17_18 \(n\.a\.\), line 4, column IND_A01 \(nan\)"
    ):
        import_world(path, "oecd-icio")


def test_missing_surplus_and_doubled_labels_are_listed_together(
    truth: Economy, tmp_path: Path
) -> None:
    frame = icio_frame(truth).drop(index="IND_A01").rename(columns={"MEX_A01": "MEX_A1"})
    frame = pd.concat([frame, frame.loc[["ROW_A01"]]])
    with pytest.raises(TableError) as caught:
        import_world(write_icio(frame, tmp_path / "t.csv"), "oecd-icio")
    message = str(caught.value)
    assert "row labels stand more than once: ROW_A01" in message
    assert "rows are missing: IND_A01" in message
    assert "columns are missing: MEX_A01" in message
    assert "columns have no counterpart: MEX_A1" in message


def test_totals_that_disagree_with_their_cells_are_refused(truth: Economy, tmp_path: Path) -> None:
    frame = icio_frame(truth)
    frame.loc["IND_A01", "OUT"] *= 3
    with pytest.raises(TableError, match=r"row sums differ from OUT by .* most in IND_A01"):
        import_world(write_icio(frame, tmp_path / "t.csv"), "oecd-icio")


@pytest.mark.parametrize("content", [b"", b"\x89HDF\r\n", b"a,b\n1,2\n", b"V1\n", b'"open'])
def test_a_file_of_another_kind_raises_an_error_of_ours(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    with pytest.raises(TulaError):
        import_world(path, "oecd-icio")


def test_unions_whose_members_are_all_in_the_table_are_groups_of_it() -> None:
    economies = [code for code in codes.economies() if code != "ISL"]
    labels = icio_labels(economies, ("A01",))
    assert len(labels.resolve_regions("EU")) == 27
    assert "HKG" not in labels.resolve_regions("BRICS")
    assert "COALITION" not in labels.region_groups
    assert icio_labels(("CHN", "ROW"), ("A01",)).region_groups == {}


ODD: dict[str, Callable[[list[str]], list[str]]] = {
    "an empty corner below final demand": lambda lines: [
        *lines[:-3], *(_emptied(line, behind=17) for line in lines[-3:])
    ],
    "no value added": lambda lines: [*lines[:-3], *(_emptied(x) for x in lines[-3:-1]), lines[-1]],
    "no rows below": lambda lines: lines[:-3],
    "a footnote": lambda lines: [*lines, '"Source: OECD, 2025"' + "," * lines[0].count(",")],
    "empty rows and columns": lambda lines: [*(f"{x}," for x in lines), "," * lines[0].count(",")],
    "words for numbers": lambda lines: [*lines[:-3], _emptied(lines[-3], "n.a."), *lines[-2:]],
    "lines above": lambda lines: ["ICIO 2022", "Unit: Mill USD", *lines],
}  # fmt: skip


def _emptied(line: str, word: str = "", behind: int = 0) -> str:
    cells = line.split(",")
    return ",".join([*cells[: behind + 1], *[word] * (len(cells) - behind - 1)])


@pytest.mark.parametrize("name", ODD)
def test_cells_that_are_never_read_refuse_nothing(
    truth: Economy, tmp_path: Path, name: str
) -> None:
    path = write_icio(icio_frame(truth), tmp_path / "odd.csv")
    path.write_text("\n".join(ODD[name](path.read_text().splitlines())) + "\n")
    world = import_world(path, "oecd-icio", unit="million USD")
    np.testing.assert_allclose(world.intermediate, truth.intermediate, rtol=1e-12)
    np.testing.assert_allclose(world.final, truth.final, rtol=1e-12)


def test_an_empty_cell_that_is_read_is_refused_with_its_place(
    truth: Economy, tmp_path: Path
) -> None:
    path = write_icio(icio_frame(truth), tmp_path / "hole.csv")
    lines = path.read_text().splitlines()
    cells = lines[2].split(",")
    lines[2] = ",".join([*cells[:3], "", *cells[4:]])
    path.write_text("\n".join(["Unit: million USD", *lines]) + "\n")
    with pytest.raises(TableError, match=r"line 4, column CHN_C302T309 \(nan\)"):
        import_world(path, "oecd-icio")
