import json
from io import BytesIO
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import made_answer
from toy_study import STUDY, write_study
from tula.errors import UnknownNameError
from tula.strategy.answer.payers import WhoTold
from tula.study.compare import compare
from tula.study.export import (
    IAMC,
    PACKAGE,
    csv_files,
    exported,
    long_form,
    standings,
    tables,
    who_pays,
)
from tula.study.load import load_study
from tula.study.results import StudyResults
from tula.study.run import run_study


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[StudyResults, StudyResults]:
    """A study, and the same with another duty."""
    found = []
    for duty in ("25 pp", "35 pp"):
        study = write_study(
            tmp_path_factory.mktemp("run"), STUDY.replace("add: 25 pp", f"add: {duty}")
        )
        found.append(run_study(load_study(str(study)), quick=True))
    return found[0], found[1]


def test_csv_has_every_number_of_every_variable(runs: tuple[StudyResults, ...]) -> None:
    files = csv_files(runs[0])
    for name, array in runs[0].data.data_vars.items():
        table = pd.read_csv(BytesIO(files[f"{name}.csv"]))
        assert len(table) == int(np.isfinite(array).sum())
        assert table["value"].sum() == pytest.approx(float(array.sum()), rel=1e-9, abs=1e-9)


def test_the_package_describes_every_file_and_column(runs: tuple[StudyResults, ...]) -> None:
    files = csv_files(runs[0])
    package = json.loads(files.pop(PACKAGE))
    assert {one["path"] for one in package["resources"]} == set(files)
    for resource in package["resources"]:
        columns = [field["name"] for field in resource["schema"]["fields"]]
        head = files[resource["path"]].decode().partition("\n")[0]
        assert head.split(",") == columns
        name = resource["path"].removesuffix(".csv")
        if name in runs[0].data:
            value = resource["schema"]["fields"][-1]
            assert value["unit"] == runs[0].data[name].attrs["units"]
            assert value["base"] == runs[0].data[name].attrs["base"]


def test_the_long_form_names_every_number_once(runs: tuple[StudyResults, ...]) -> None:
    table = long_form(runs[0])
    assert list(table.columns[: len(IAMC)]) == list(IAMC)
    keys = [name for name in table.columns if name != "value"]
    assert not table.duplicated(keys).any()
    assert len(table) == sum(int(np.isfinite(a).sum()) for a in runs[0].data.data_vars.values())
    assert not table.isna().any().any()


@pytest.mark.parametrize(("form", "read"), [("stata", pd.read_stata), ("parquet", pd.read_parquet)])
def test_other_formats_hold_the_long_form(
    form: str, read: object, runs: tuple[StudyResults, ...]
) -> None:
    if form == "parquet":
        pytest.importorskip("pyarrow")
    (image,) = exported(runs[0], form).values()
    table = read(BytesIO(image))  # type: ignore[operator]
    assert table["value"].tolist() == long_form(runs[0])["value"].tolist()
    assert exported(runs[0], form) == exported(runs[0], form)


def test_an_unknown_format_is_answered_with_the_known(runs: tuple[StudyResults, ...]) -> None:
    with pytest.raises(UnknownNameError, match="stata"):
        exported(runs[0], "stat")


def test_a_comparison_names_the_input_and_what_it_moved(runs: tuple[StudyResults, ...]) -> None:
    found = compare(*runs)
    assert [one.name for one in found.inputs] == ["scenarios.S1", "scenarios.J"]
    assert all("25.0" in one.first and "35.0" in one.second for one in found.inputs)
    moved = {one.name: one.difference for one in found.moved}
    assert moved["S1: real income of IND"] < 0.0
    assert moved["S2: real income of IND"] == 0.0
    there = runs[1].data["real_income"].sel(scenario="S1", region="IND").item()
    here = runs[0].data["real_income"].sel(scenario="S1", region="IND").item()
    assert moved["S1: real income of IND"] == pytest.approx(there - here)


def test_a_run_differs_from_itself_in_nothing(runs: tuple[StudyResults, ...]) -> None:
    found = compare(runs[0], runs[0])
    assert found.inputs == ()
    assert all(one.difference == 0.0 for one in found.moved)


def test_what_is_exported_is_the_same_from_disk(
    runs: tuple[StudyResults, ...], tmp_path: Path
) -> None:
    again = StudyResults.load(runs[0].save(tmp_path / "run"))
    assert csv_files(again) == csv_files(runs[0])


def test_who_pays_is_written_cell_by_cell() -> None:
    def case(name: str, cloth: float) -> WhoTold:
        return made_answer.case(name, f"case of {name}", cloth, -1.0)

    found = made_answer.answer(who=(case("one", -2.0), case("two", 1.0)))
    written = who_pays(found)
    assert set(written) == {"who_sectors", "who_jobs", "who_households"}
    sectors = written["who_sectors"]
    assert sectors.groupby("case")["change"].sum().to_dict() == {"one": -1.5, "two": 1.5}
    assert len(written["who_households"]) == 8
    assert who_pays(made_answer.answer(who=())) == {}


def test_a_workbook_holds_every_table(runs: tuple[StudyResults, ...]) -> None:
    pytest.importorskip("openpyxl")
    (image,) = exported(runs[0], "xlsx").values()
    found = pd.read_excel(BytesIO(image), sheet_name=None)
    assert {*found} == {"variables", "about", *tables(runs[0])}
    for name, table in tables(runs[0]).items():
        assert len(found[name]) == len(table)
        assert found[name]["value"].tolist() == pytest.approx(table["value"].tolist())
    assert runs[0].run_hash in found["about"]["value"].tolist()


def test_standings_have_a_row_for_each_rival_of_each_region() -> None:
    table = standings(made_answer.OTHERS)
    assert len(table) == 2 * len(made_answer.OTHERS.regions)
    row = table[(table["region"] == "IND") & (table["rival"] == "RUS")].iloc[0]
    assert (row["needed value"], row["yields_to"]) == (0.6, "RUS")
    assert row["needed low"] == pytest.approx(0.55)
