"""Tables of statistical offices: the OECD's zip, FIGARO, the ADB's workbooks, GTAP; made files."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from factories import make_economy
from icio_csv import icio_frame, write_icio
from tula.errors import UnknownNameError
from tula.world.economy import Economy
from tula.world.importers import ArchiveError, TableError, UnreadableTableError, import_world
from tula.world.importers.units import UnitError

ISO2 = {"IND": "IN", "GRC": "EL", "USA": "US", "ROW": "FIGW1"}
USES = ("P3_S13", "P3_S14", "P3_S15", "P51G", "P5M")
EUR = "million EUR at 1.25"
pytestmark = pytest.mark.filterwarnings("ignore::tula.world.importers.UncertainUnitWarning")


@pytest.fixture
def truth() -> Economy:
    return make_economy(4, 3, 7, regions=("GRC", "IND", "USA", "ROW"), sectors=("A01", "B", "C24"))


def figaro(economy: Economy) -> pd.DataFrame:
    """The economy in euros at 1.25, laid out as Eurostat does."""
    n, s = economy.final.shape[:2]
    nodes = [f"{ISO2[region]}_{sector}" for region in economy.regions for sector in economy.sectors]
    flows = pd.DataFrame(economy.intermediate.reshape(n * s, n * s), nodes, nodes)
    final = economy.final.reshape(n * s, n, 1) * np.array([0.3, 0.5, 0.1, 0.15, -0.05])
    columns = [f"{ISO2[region]}_{use}" for region in economy.regions for use in USES]
    table = pd.concat([flows, pd.DataFrame(final.reshape(n * s, -1), nodes, columns)], axis=1)
    below = pd.DataFrame(1.0, ["W2_D21X31", "W2_B2A3G"], table.columns)
    return pd.concat([table, below]) / 1.25


def matrix(economy: Economy, folder: Path) -> Path:
    path = folder / "matrix_eu-ic-io_ind-by-ind_25ed_2023.csv"
    figaro(economy).to_csv(path, index_label="rowLabels")
    return path


def flat(economy: Economy, folder: Path) -> Path:
    rows = figaro(economy).rename_axis("icioiRow").reset_index()
    long = rows.melt("icioiRow", var_name="icioiCol", value_name="obsValue")
    for side, area, code in (
        ("icioiRow", "refArea", "rowIi"),
        ("icioiCol", "counterpartArea", "colIi"),
    ):
        long[[area, code]] = long[side].str.split("_", n=1, expand=True)
    path = folder / "flatfile_eu-ic-io_ind-by-ind_25ed_2023.csv"
    long.to_csv(path, index=False)
    return path


def same(world: Economy, truth: Economy) -> None:
    regions = [world.regions.index(code) for code in truth.regions]
    sectors = [world.sectors.index(code) for code in truth.sectors]
    where = np.ix_(regions, sectors, regions, sectors)
    np.testing.assert_allclose(world.intermediate[where], truth.intermediate, rtol=1e-9)
    np.testing.assert_allclose(
        world.final[np.ix_(regions, sectors, regions)], truth.final, rtol=1e-9
    )


@pytest.mark.parametrize("layout", [matrix, flat])
def test_both_layouts_of_figaro_hold_the_same_table(
    truth: Economy, tmp_path: Path, layout: Any
) -> None:
    same(import_world(layout(truth, tmp_path), "figaro", unit=EUR), truth)


def test_figaro_needs_the_worth_of_a_euro(truth: Economy, tmp_path: Path) -> None:
    path = matrix(truth, tmp_path)
    with pytest.raises(UnitError, match=r"--unit 'million EUR at 1\.08'"):
        import_world(path, "figaro")
    with pytest.raises(TableError, match=r"needs the worth of its currency"):
        import_world(path, "figaro", unit="million EUR")


def test_a_flat_table_with_holes_is_refused_unless_they_are_zero(
    truth: Economy, tmp_path: Path
) -> None:
    path = flat(truth, tmp_path)
    lines = path.read_text().splitlines()
    path.write_text("\n".join(lines[:3] + lines[5:]))
    with pytest.raises(TableError, match=r"2 cells have no row.*--sparse"):
        import_world(path, "figaro", unit=EUR)
    world = import_world(path, "figaro", unit=EUR, sparse=True)
    assert "2 absent flows read as zero" in world.provenance.steps
    wrong = lines[4].replace(lines[4].split(",")[2], "z")
    path.write_text("\n".join([*lines, lines[3], wrong]))
    with pytest.raises(TableError, match=r"(?s)not a number: line \d+ \(z\).*stands twice: line"):
        import_world(path, "figaro", unit=EUR)


def test_a_table_can_be_brought_to_the_embedded_codes(truth: Economy, tmp_path: Path) -> None:
    world = import_world(matrix(truth, tmp_path), "figaro", unit=EUR, to="icio-2024")
    assert world.regions == ("IND", "USA", "REU", "ROW") and world.sectors == ("AGR", "MIN", "ISM")
    assert world.labels.region_members["REU"] == ("GRC",)
    assert "MIN holds COA, OIL too: the table has B whole" in world.provenance.steps
    assert "COA" in world.labels.sector_names["MIN"]
    np.testing.assert_allclose(world.final.sum(), truth.final.sum())
    assert world.labels.sector_groups["goods"] == ("AGR", "MIN", "ISM")
    published = import_world(
        matrix(truth, tmp_path), "figaro", unit=EUR, to="icio-2024", elasticities="FGO"
    )
    assert published.elasticity_source.startswith("FGO")


def test_a_file_can_say_where_every_code_goes(truth: Economy, tmp_path: Path) -> None:
    path, places = matrix(truth, tmp_path), tmp_path / "places.csv"
    places.write_text(
        "kind,code,to\nregion,Greece,EUROPE\nregion,IND,ASIA\nregion,USA,USA\nregion,ROW,ASIA\n"
    )
    world = import_world(path, "figaro", unit=EUR, to=places)
    assert world.regions == ("USA", "EUROPE", "ASIA") and world.sectors == truth.sectors
    old = [truth.regions.index(code) for code in ("IND", "ROW")]
    asia = world.final[2, :, 2]
    np.testing.assert_allclose(asia, truth.final[old][:, :, old].sum(axis=(0, 2)))
    places.write_text("kind,code,to\nregion,GRC,A\nregion,GRC,A\nregion,XYZ,A\nplace,IND,A\n")
    with pytest.raises(TableError) as refused:
        import_world(path, "figaro", unit=EUR, to=places)
    for told in ("'GRC' stands twice", "'XYZ' is not in the table", "neither region nor sector"):
        assert told in str(refused.value)
    assert "regions without a row: IND, USA, ROW" in str(refused.value)


def test_codes_without_a_place_are_refused_with_a_remedy(tmp_path: Path) -> None:
    odd = make_economy(2, 2, 1, regions=("USA", "NARNIA"), sectors=("A01", "Q9"))
    path = write_icio(icio_frame(odd), tmp_path / "t.csv")
    with pytest.raises(TableError, match=r"(?s)regions without a place.*kind, code, to.*NARNIA"):
        import_world(path, "oecd-icio", to="icio-2024")
    with pytest.raises(UnknownNameError, match="did you mean 'icio-2024'"):
        import_world(path, "oecd-icio", to="icio-2025")


def test_the_oecds_zip_is_read_by_year(truth: Economy, tmp_path: Path) -> None:
    archive = tmp_path / "2016-2022_SML.zip"
    one = write_icio(icio_frame(truth), tmp_path / "2022_SML.csv")
    with zipfile.ZipFile(archive, "w") as packed:
        packed.write(one, one.name)
    assert import_world(archive, "oecd-icio").regions == ("GRC", "IND", "USA", "ROW")
    with zipfile.ZipFile(archive, "a") as packed:
        packed.write(one, "2021_SML.csv")
    with pytest.raises(ArchiveError, match=r"holds 2 tables; say which year.*2021_SML.csv, 2022"):
        import_world(archive, "oecd-icio")
    world = import_world(archive, "oecd-icio", vintage="2021")
    assert "OECD ICIO file 2021_SML.csv" in world.provenance.steps[0]
    archive.write_bytes(archive.read_bytes()[:200])
    with pytest.raises(ArchiveError, match="cannot be unpacked"):
        import_world(archive, "oecd-icio")
    with zipfile.ZipFile(tmp_path / "empty.zip", "w") as packed:
        packed.writestr("readme.txt", "nothing")
    with pytest.raises(ArchiveError, match="holds no table"):
        import_world(tmp_path / "empty.zip", "oecd-icio")


def test_what_is_wrong_inside_a_zip_is_told_by_its_own_name(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
        packed.writestr("2022.csv", "V1,USA_A01,USA_HFCE,OUT\nUSA_A01,x,1,2\n")
    with pytest.raises(TableError, match=r"a.zip/2022.csv:\n  cells are not numbers: line 2"):
        import_world(tmp_path / "a.zip", "oecd-icio")


def adb(economy: Economy, folder: Path) -> Path:
    """A workbook as the ADB lays it out, with titles above and totals below and beside."""
    own = {"IND": "IND", "GRC": "GRC", "USA": "USA", "ROW": "RoW"}
    n, s = economy.final.shape[:2]
    flows = economy.intermediate.reshape(n * s, n * s)
    final = (economy.final[..., None] * np.array([0.5, 0.1, 0.2, 0.25, -0.05])).reshape(n * s, -1)
    block = np.concatenate([flows, final], axis=1)
    codes = [f"c{k + 1}" for k in range(s)]
    heads = [
        [own[r] for r in economy.regions for _ in codes]
        + [own[r] for r in economy.regions for _ in range(5)]
    ]
    heads += [
        [c for _ in economy.regions for c in codes]
        + [f"F{k + 1}" for _ in economy.regions for k in range(5)]
    ]
    rows: list[list[Any]] = [["ADB MRIO, million USD"], [], [], [], []]
    rows += [["", "", "", "", *heads[0], "ToT"], ["", "", "", "", *heads[1], ""]]
    for k, line in enumerate(block):
        region, code = economy.regions[k // s], codes[k % s]
        rows.append([region, f"industry {code}", own[region], code, *line, line.sum()])
    rows.append(["", "Total", "ToT", "r60", *block.sum(axis=0), block.sum()])
    rows.append(["", "Value added", "ToT", "r64", *[1.0] * block.shape[1], " "])
    path = folder / "ADB-MRIO-2022.xlsx"
    rows = [[*row, *[None] * (max(map(len, rows)) - len(row))] for row in rows]
    pd.DataFrame(rows).to_excel(path, header=False, index=False)
    return path


def test_a_workbook_of_the_adb_is_read(truth: Economy, tmp_path: Path) -> None:
    world = import_world(adb(truth, tmp_path), "adb-mrio")
    assert set(world.regions) == {"GRC", "IND", "USA", "ROW"} and world.sectors == (
        "c1",
        "c2",
        "c3",
    )
    where = [world.regions.index(code) for code in truth.regions]
    np.testing.assert_allclose(world.final[where][:, :, where], truth.final, rtol=1e-9)
    brought = import_world(adb(truth, tmp_path), "adb-mrio", to="icio-2024")
    assert brought.sectors == ("AGR", "MIN", "FOO")
    assert "row sums agree with OUT" in " ".join(world.provenance.steps)


def test_another_workbook_is_no_adb_table(tmp_path: Path) -> None:
    pd.DataFrame([["a", "b"], [1, 2]]).to_excel(tmp_path / "x.xlsx", index=False)
    with pytest.raises(UnreadableTableError, match="this is no ADB MRIO table"):
        import_world(tmp_path / "x.xlsx", "adb-mrio")


def gtap(folder: Path, version: int = 11) -> Path:
    """A data base of two regions and three commodities, balanced by hand."""
    harpy = pytest.importorskip("harpy", reason="needs harpy3")
    goods, lands, margins = ["wht", "i_s", "otp"], ["usa", "xtw"], ["otp"]
    draw = np.random.default_rng(3)
    fob_over, cif_over, duty = 1.02, 1.05, 1.10
    exports = draw.uniform(5.0, 10.0, (3, 2, 2)) * (1.0 - np.eye(2))
    exports[2] = 0.0
    fob = exports * fob_over
    cif = fob * cif_over
    imports = cif * duty
    bought = imports.sum(axis=1)
    share = draw.dirichlet(np.ones(5), (3, 2)).transpose(0, 2, 1)
    abroad = bought[:, None, :] * share
    home = draw.uniform(10.0, 30.0, (3, 5, 2))
    home[:, :3] *= 0.2
    carried = np.array([[0.6, 0.4]]) * (cif - fob).sum()
    arrays: dict[str, tuple[np.ndarray, list[list[str]]]] = {}
    new = version >= 10
    names = iter(
        (
            "VDFB VMFB VDPB VMPB VDGB VMGB VDIB VMIB" if new else "VDFM VIFM VDPM VIPM VDGM VIGM"
        ).split()
    )
    firms = [home[:, :3], abroad[:, :3]]
    rest = [home[:, 3], abroad[:, 3], 0.5 * home[:, 4], 0.5 * abroad[:, 4]]
    extra = [0.5 * home[:, 4], 0.5 * abroad[:, 4]]
    if not new:
        firms = [np.concatenate([f, e[:, None]], axis=1) for f, e in zip(firms, extra, strict=True)]
        extra = []
    acts = goods if new else [*goods, "CGDS"]
    for values in firms:
        arrays[next(names)] = values, [goods, acts, lands]
    for values in (*rest, *extra):
        arrays[next(names)] = values, [goods, lands]
    trade = ("VXSB", "VFOB", "VCIF", "VMSB") if new else ("VXMD", "VXWD", "VIWS", "VIMS")
    for name, values in zip(trade, (exports, fob, cif, imports), strict=True):
        arrays[name] = values, [goods, lands, lands]
    arrays["VST"] = carried, [margins, lands]
    file = harpy.HarFileObj()
    for name, (values, sets) in arrays.items():
        sides = [
            {"name": f"SET{k}", "dim_type": "Set", "dim_desc": side} for k, side in enumerate(sets)
        ]
        file.addHeaderArrayObj(
            harpy.HeaderArrayObj.HeaderArrayFromData(name, values.astype("float32"), sets=sides)
        )
    path = folder / "basedata.har"
    file.writeToDisk(str(path))
    return path


@pytest.mark.parametrize("version", [11, 9])
def test_a_gtap_data_base_keeps_trade_duties_and_transport(tmp_path: Path, version: int) -> None:
    world = import_world(gtap(tmp_path, version), "gtap")
    assert world.regions == ("USA", "ROW") and world.sectors == ("wht", "i_s", "otp")
    away = ~np.eye(2, dtype=bool)
    np.testing.assert_allclose(world.tariff[:2, away], 1.05 * 0.10, rtol=1e-5)
    np.testing.assert_allclose(world.export_tax[:2, away], 0.02, rtol=1e-5)
    assert not world.tariff[2].any()
    # what buyers pay for imports is what the data say, transport included
    trade = world.trade[:2][:, away]
    paid = trade * 1.02 * (1.0 + 0.05 + 1.05 * 0.10)
    again = import_world(gtap(tmp_path, version), "gtap", to="icio-2024")
    assert again.sectors == ("AGR", "ISM", "TRT")
    np.testing.assert_allclose(again.trade[:2][:, away] * 1.02 * 1.155, paid, rtol=1e-6)
    assert world.trade[2][away].sum() > 0.0


def test_what_is_no_har_file_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("harpy", reason="needs harpy3")
    (tmp_path / "x.har").write_bytes(b"no such thing at all")
    with pytest.raises(UnreadableTableError, match="no header-array file"):
        import_world(tmp_path / "x.har", "gtap")
