from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tula.errors import TulaError, UnknownNameError
from tula.world.checks import UnsoundEconomyError
from tula.world.economy import Economy, array_fields
from tula.world.importers import (
    ImportSettings,
    TableError,
    UnknownSettingError,
    import_world,
    write_long,
)
from tula.world.importers.long import IncompleteFolderError


@pytest.fixture
def folder(toy_economy: Economy, tmp_path: Path) -> Path:
    write_long(toy_economy, tmp_path)
    return tmp_path


def edit(path: Path, line: int, text: str) -> None:
    lines = path.read_text().splitlines()
    lines[line - 1] = text
    path.write_text("\n".join(lines) + "\n")


def same_figures(first: Economy, second: Economy) -> bool:
    return all(np.array_equal(getattr(first, f), getattr(second, f)) for f in array_fields())


@pytest.mark.parametrize("suffix", [".csv", ".csv.gz", ".parquet"])
def test_writing_and_reading_back_changes_nothing(
    toy_economy: Economy, tmp_path: Path, suffix: str
) -> None:
    write_long(toy_economy, tmp_path, suffix)
    back = import_world(tmp_path, "long")
    assert same_figures(back, toy_economy)
    assert back.labels == toy_economy.labels
    assert back.elasticity_source == toy_economy.elasticity_source


def test_the_provenance_says_what_was_read_and_what_was_absent(folder: Path) -> None:
    (folder / "export_taxes.csv").unlink()
    world = import_world(folder, "long", name="mine", vintage="2023", sources=("Own table",))
    assert world.provenance.name == "mine"
    assert world.provenance.steps == (
        "read from long-format flows.csv, million USD",
        "import duties: tariffs.csv, fractions",
        "export taxes: none given, all zero",
    )


def test_units_are_converted_to_million_usd(folder: Path, toy_economy: Economy) -> None:
    world = import_world(folder, "long", unit="billion USD")
    np.testing.assert_allclose(world.final, toy_economy.final * 1e3)
    with pytest.raises(TableError, match="cannot read the unit 'millions': write a scale and a cu"):
        import_world(folder, "long", unit="millions")


def test_a_published_set_can_replace_the_table_of_elasticities(folder: Path) -> None:
    world = import_world(folder, "long", elasticities="U4")
    assert set(world.trade_elasticity) == {4.0}
    assert world.elasticity_source.startswith("U4: Simonovska & Waugh")


def test_all_problems_of_a_table_come_at_once_with_their_lines(folder: Path) -> None:
    flows = folder / "flows.csv"
    rows = flows.read_text().splitlines()
    edit(flows, 3, rows[2].replace("IND,OIL", "INN,OIL", 1))
    edit(flows, 4, rows[3].rsplit(",", 1)[0] + ",1.2.3")
    edit(flows, 6, rows[4])
    edit(flows, 7, rows[6].rsplit(",", 1)[0] + ",")
    with pytest.raises(TableError) as caught:
        import_world(folder, "long")
    message = str(caught.value)
    assert "exporter 'INN' is unknown; did you mean 'IND' (Region IND)?: line 3" in message
    assert "value is not a number: line 4 (1.2.3), line 7 ()" in message
    assert "the cell stands twice: line 6" in message
    assert (
        "(if they are zero, say so: --sparse, or sparse=True in Python): IND/OIL/IND/MAN" in message
    )


def test_long_lists_of_problems_are_cut_and_counted(folder: Path) -> None:
    flows = folder / "flows.csv"
    flows.write_text(flows.read_text().replace("RUS,", "RUX,"))
    with pytest.raises(TableError, match=r"'RUX' is unknown.*: line 50, .* and \d+ more"):
        import_world(folder, "long")


def test_absent_rows_are_zero_only_on_request_and_are_counted(
    folder: Path, toy_economy: Economy
) -> None:
    flows = folder / "flows.csv"
    lines = flows.read_text().splitlines()
    flows.write_text("\n".join(lines[:1] + lines[2:]) + "\n")
    with pytest.raises(TableError, match="rows are missing"):
        import_world(folder, "long")
    world = import_world(folder, "long", sparse=True)
    assert world.intermediate[0, 0, 0, 0] == 0.0
    assert "1 absent flows read as zero" in world.provenance.steps


def test_missing_and_foreign_columns_are_named(folder: Path) -> None:
    flows = folder / "flows.csv"
    flows.write_text(flows.read_text().replace("exporter,", "seller,", 1))
    with pytest.raises(TableError, match=r"(?s)'exporter' is missing.*'seller' is not part"):
        import_world(folder, "long")


def test_rows_longer_than_the_header_are_refused(folder: Path) -> None:
    flows = folder / "flows.csv"
    edit(flows, 5, "IND,OIL,IND,SER,1,2")
    with pytest.raises(TableError, match="the row has more fields than the heading: line 5"):
        import_world(folder, "long")
    rows = (folder / "sectors.csv").read_text().splitlines()
    (folder / "sectors.csv").write_text("\n".join([rows[0], *(f"{row},x" for row in rows[1:])]))
    with pytest.raises(TulaError):
        import_world(folder, "long")


def test_duties_in_percent_are_refused(folder: Path, toy_economy: Economy) -> None:
    tariffs = pd.read_csv(folder / "tariffs.csv")
    tariffs.assign(rate=tariffs["rate"] * 100).to_csv(folder / "tariffs.csv", index=False)
    with pytest.raises(UnsoundEconomyError, match="duty-in-percent"):
        import_world(folder, "long")


def test_negative_flows_are_refused_or_set_to_zero_and_reported(folder: Path) -> None:
    flows = folder / "flows.csv"
    edit(flows, 5, "IND,OIL,IND,FINAL,-12.5")
    with pytest.raises(UnsoundEconomyError, match="negative-flow"):
        import_world(folder, "long")
    world = import_world(folder, "long", negatives="zero")
    assert world.final[0, 0, 0] == 0.0
    assert "1 negative final flows set to zero: 12.5 million USD" in " ".join(
        world.provenance.steps
    )


def test_codes_that_look_like_missing_values_stay_codes(
    toy_economy: Economy, tmp_path: Path
) -> None:
    from tula.world.aggregation import aggregate

    renamed = aggregate(toy_economy, {"NA": "IND", "NaN": "RUS", "null": "USA", "1e3": "ROW"})
    write_long(renamed, tmp_path)
    assert import_world(tmp_path, "long").regions == ("NA", "NaN", "null", "1e3")


def test_an_incomplete_folder_names_the_files_it_lacks(tmp_path: Path) -> None:
    with pytest.raises(IncompleteFolderError, match=r"flows is missing; regions is missing"):
        import_world(tmp_path, "long")


def test_settings_may_come_as_an_object_and_keywords_replace_its_fields(folder: Path) -> None:
    world = import_world(folder, "long", ImportSettings(name="a", vintage="2001"), name="b")
    assert (world.provenance.name, world.provenance.vintage) == ("b", "2001")


def test_unknown_kinds_and_settings_are_answered_with_the_nearest(folder: Path) -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'oecd-icio'"):
        import_world(folder, "oecd_icio")
    with pytest.raises(UnknownSettingError, match="'tarifs'; did you mean 'tariffs'"):
        import_world(folder, "long", tarifs="x.csv")


def test_empty_and_odd_cells_that_are_never_read_refuse_nothing(
    folder: Path, toy_economy: Economy
) -> None:
    flows = folder / "flows.csv"
    rows = flows.read_text().splitlines()
    odd = {
        "commas behind every row": [f"{row},," for row in rows],
        "commas behind all but the heading": [rows[0], *(f"{row}," for row in rows[1:])],
        "empty rows": [rows[0], "", *rows[1:], ",,,,", "  ", ""],
        "a remark beside the table": [f"{rows[0]},", f"{rows[1]},checked", *rows[2:]],
        "a title above the table": ["Flows of the toy,,,,", "", *rows],
        "a heading in capitals": [" Exporter,SECTOR,Importer , use,VALUE", *rows[1:]],
    }
    for name, lines in odd.items():
        flows.write_text("\n".join(lines) + "\n")
        assert same_figures(import_world(folder, "long", unit="million USD"), toy_economy), name


def test_a_cell_without_end_is_refused_as_any_other_text(folder: Path) -> None:
    (folder / "flows.csv").write_text("x" * 200_000 + "\n1\n")
    with pytest.raises(TableError, match="column 'exporter' is missing"):
        import_world(folder, "long")


def test_a_columnar_file_may_have_an_index(folder: Path, toy_economy: Economy) -> None:
    flows = pd.read_csv(folder / "flows.csv").sample(frac=1.0, random_state=1)
    flows.to_parquet(folder / "flows.parquet")
    (folder / "flows.csv").unlink()
    assert same_figures(import_world(folder, "long", unit="million USD"), toy_economy)


def test_codes_may_be_written_by_any_name_of_the_region_or_sector(
    folder: Path, toy_economy: Economy
) -> None:
    for name in ("flows", "tariffs"):
        path = folder / f"{name}.csv"
        path.write_text(path.read_text().replace("USA,", "Region USA,").replace("OIL,", "oil,"))
    (folder / "groups.csv").write_text("kind,group,code\nregion,two,usa\nregion,two,Region ROW\n")
    world = import_world(folder, "long", unit="million USD")
    assert same_figures(world, toy_economy)
    assert world.labels.region_groups["two"] == ("USA", "ROW")
    (folder / "groups.csv").write_text("kind,group,code\nregion,two,us\nregion,two,Narnia\n")
    with pytest.raises(TableError, match=r"(?s)unknown member; did you mean 'USA'.*: us.*Narnia"):
        import_world(folder, "long")


def test_trade_without_home_sales_is_refused_before_anything_is_said_to_be_zero(
    folder: Path,
) -> None:
    flows = pd.read_csv(folder / "flows.csv")
    flows[flows.exporter != flows.importer].to_csv(folder / "flows.csv", index=False)
    with pytest.raises(TableError, match=r"no region sells anything to itself: give output less"):
        import_world(folder, "long")
    with pytest.raises(UnsoundEconomyError, match="no-home-sales"):
        import_world(folder, "long", sparse=True)
