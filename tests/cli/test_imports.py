from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import factories
from command_line import plain, tula
from icio_csv import CATEGORIES, icio_frame, write_icio
from small_disk import room_for
from tula.world.importers import write_long
from tula.world.store import load_world


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "table"
    place.mkdir()
    write_long(factories.toy_economy(), place)
    return place


def with_fall_in_stocks(frame: pd.DataFrame) -> pd.DataFrame:
    """The file with one final sale of minus three, all totals kept right."""
    frame, seller = frame.copy(), "IND_OIL"
    final = [f"USA_{kind}" for kind in CATEGORIES]
    frame.loc[seller, "USA_INVNT"] -= frame.loc[seller, final].sum() + 3.0
    output = frame.loc[seller].drop("OUT").sum()
    frame.loc["VA", seller] += output - frame.loc[seller, "OUT"]
    frame.loc[seller, "OUT"] = frame.loc["OUT", seller] = output
    return frame


def test_a_long_table_becomes_the_world_it_was_written_from(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "mine.nc"
    cited = ("--name", "mine", "--vintage", "2024", "--citation", "somebody")
    result = tula("world", "import", "long", folder, target, *cited)
    assert result.exit_code == 0, plain(result)
    told = load_world(target).provenance
    assert (told.name, told.vintage, told.sources) == ("mine", "2024", ("somebody",))
    assert told.content_hash in plain(result)
    toy = factories.toy_economy()
    np.testing.assert_array_equal(load_world(target).intermediate, toy.intermediate)


def test_a_unit_is_converted(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "mine.nc"
    assert tula("world", "import", "long", folder, target, "--unit", "thousand USD").exit_code == 0
    expected = factories.toy_economy().output.sum() / 1000.0
    assert load_world(target).output.sum() == pytest.approx(expected, rel=1e-12)


def test_a_world_far_too_large_is_imported_only_if_its_unit_is_stated(
    folder: Path, tmp_path: Path
) -> None:
    flows = pd.read_csv(folder / "flows.csv")
    flows.assign(value=flows.value * 1e6).to_csv(folder / "flows.csv", index=False)
    words = ("world", "import", "long", folder, tmp_path / "mine.nc")
    result = tula(*words)
    assert result.exit_code == 2
    assert "[unit-mismatch]" in plain(result)
    result = tula(*words, "--unit", "million USD")
    assert result.exit_code == 0
    assert plain(result).count("[unit-suspicion]") == 1
    assert "[unit-suspicion]" not in plain(tula(*words, "--unit", "USD 1,000"))


def test_duties_in_percent_are_imported_only_if_their_unit_is_stated(
    folder: Path, tmp_path: Path
) -> None:
    tariffs = pd.read_csv(folder / "tariffs.csv")
    tariffs.assign(rate=tariffs.rate * 100).to_csv(folder / "tariffs.csv", index=False)
    words = ("world", "import", "long", folder, tmp_path / "mine.nc")
    result = tula(*words)
    assert result.exit_code == 2
    assert "--duty-unit percent" in plain(result)
    assert tula(*words, "--duty-unit", "percent").exit_code == 0
    rates = load_world(tmp_path / "mine.nc").tariff
    np.testing.assert_allclose(rates, factories.toy_economy().tariff, rtol=1e-14)


def test_an_official_file_with_falling_stocks_is_imported_and_says_so(tmp_path: Path) -> None:
    source = write_icio(
        with_fall_in_stocks(icio_frame(factories.toy_economy())), tmp_path / "f.csv"
    )
    result = tula("world", "import", "oecd-icio", source, tmp_path / "mine.nc")
    assert result.exit_code == 0, plain(result)
    assert "1 negative final flows set to zero: 3 million USD" in plain(result)
    assert load_world(tmp_path / "mine.nc").final.min() == 0.0


def test_falling_stocks_are_refused_on_request(tmp_path: Path) -> None:
    source = write_icio(
        with_fall_in_stocks(icio_frame(factories.toy_economy())), tmp_path / "f.csv"
    )
    target = tmp_path / "mine.nc"
    result = tula("world", "import", "oecd-icio", source, target, "--negatives", "refuse")
    assert result.exit_code == 2
    assert f"{source}: 1 strict check failed" in plain(result)
    assert "--negatives zero" in plain(result)
    assert not target.exists()


def test_a_long_table_refuses_negatives_unless_told(folder: Path, tmp_path: Path) -> None:
    flows = pd.read_csv(folder / "flows.csv")
    flows.loc[0, "value"] = -5.0
    flows.to_csv(folder / "flows.csv", index=False)
    words = ("world", "import", "long", folder, tmp_path / "mine.nc")
    assert tula(*words).exit_code == 2
    result = tula(*words, "--negatives", "zero")
    assert result.exit_code == 0
    assert "1 negative intermediate flows set to zero: 5 million USD" in plain(result)


def test_absent_rows_are_zero_only_on_request(folder: Path, tmp_path: Path) -> None:
    tariffs = pd.read_csv(folder / "tariffs.csv")
    tariffs.iloc[:-3].to_csv(folder / "tariffs.csv", index=False)
    words = ("world", "import", "long", folder, tmp_path / "mine.nc")
    result = tula(*words)
    assert result.exit_code == 2
    assert "--sparse" in plain(result)
    assert "3 absent rows read as zero" in plain(tula(*words, "--sparse"))


Edit = Callable[[str], str | bytes]


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (lambda text: text.replace(",", ";"), "flows.csv:1: the columns are divided by semicolons"),
        (lambda text: text.replace(",", "\t"), "flows.csv:1: the columns are divided by tabs"),
        (lambda text: "", "flows.csv:1: the file is empty"),
        (lambda text: text.encode("utf-16"), "not UTF-8 text"),
        (lambda text: bytes(range(256)), "not UTF-8 text"),
        (lambda text: text.replace("exporter", "seller", 1), "column 'exporter' is missing"),
        (lambda text: text.replace("IND,OIL,IND,OIL,", 'IND,OIL,IND,OIL,"1,5"#', 1), "line 2"),
        (lambda text: text + text.splitlines()[1] + "\n", "the cell stands twice: line 194"),
        (lambda text: text.replace("RUS", "RU"), "unknown; did you mean 'RUS'"),
    ],
)
def test_a_broken_table_is_refused_with_its_place_and_nothing_is_written(
    folder: Path, tmp_path: Path, edit: Edit, told: str
) -> None:
    changed = edit((folder / "flows.csv").read_text())
    content = changed if isinstance(changed, bytes) else changed.encode()
    (folder / "flows.csv").write_bytes(content)
    result = tula("world", "import", "long", folder, tmp_path / "mine.nc")
    assert result.exit_code == 2
    assert told in plain(result)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["table"]


def test_a_byte_order_mark_is_no_part_of_the_table(folder: Path, tmp_path: Path) -> None:
    flows = folder / "flows.csv"
    flows.write_bytes(b"\xef\xbb\xbf" + flows.read_bytes())
    assert tula("world", "import", "long", folder, tmp_path / "mine.nc").exit_code == 0


@pytest.mark.parametrize(
    ("target", "told"),
    [
        ("mine.csv", "ends in .nc"),
        ("none/mine.nc", "there is no folder"),
        ("folder.nc", "is a folder"),
    ],
)
def test_a_target_that_cannot_be_written_is_refused_first(
    tmp_path: Path, target: str, told: str
) -> None:
    (tmp_path / "folder.nc").mkdir()
    result = tula("world", "import", "long", "nowhere", tmp_path / target)
    assert result.exit_code == 2
    assert told in plain(result)


def test_a_full_disk_is_a_failure_that_leaves_the_older_world(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "mine.nc"
    target.write_text("older")
    with room_for(1000):
        result = tula("world", "import", "long", folder, target)
    assert result.exit_code == 1
    assert f"cannot write {target}: File too large" in plain(result)
    assert target.read_text() == "older"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine.nc", "table"]


@pytest.mark.parametrize(
    ("kind", "source", "told"),
    [
        ("exiobase", ".", "unknown kind of source 'exiobase'; valid: adb-mrio, figaro, gtap, long"),
        ("long", "nowhere", "no such folder"),
        ("oecd-icio", "nowhere.csv", "no such file"),
        ("oecd-icio", ".", "a folder, not a file"),
    ],
)
def test_a_source_that_is_not_there_is_told(
    tmp_path: Path, kind: str, source: str, told: str
) -> None:
    result = tula("world", "import", kind, source, tmp_path / "mine.nc")
    assert result.exit_code == 2
    assert told in plain(result)


def test_a_table_is_brought_to_the_embedded_codes(tmp_path: Path) -> None:
    table, target = tmp_path / "figaro.csv", tmp_path / "eu.nc"
    uses = ("A01", "P3_S14")
    heads = [f"{land}_{use}" for use in uses for land in ("DE", "FIGW1")]
    rows = [["rowLabels", *heads], ["DE_A01", 5, 1, 9, 2], ["FIGW1_A01", 1, 5, 3, 90]]
    table.write_text("\n".join(",".join(map(str, row)) for row in rows))
    words = ["world", "import", "figaro", table, target, "--to", "icio-2024"]
    refused = tula(*words)
    assert refused.exit_code == 2 and "--unit 'million EUR at 1.08'" in plain(refused)
    told = plain(tula(*words, "--unit", "million EUR at 1.08"))
    assert "put together as icio-2024: 2 regions in 2, 1 sectors in 1" in told


def test_published_tables_are_listed_and_explained() -> None:
    assert "oecd-icio-2016-2022: OECD ICIO, 2025 edition" in plain(tula("world", "fetch"))
    told = plain(tula("world", "fetch", "oecd-icio-2016-2022", "--show"))
    assert "SHA-256: 46db55c4" in told and "webfs-sti.oecd.org" in told
    assert tula("world", "fetch", "adb-mrio").exit_code == 2
