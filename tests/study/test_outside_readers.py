"""What is exported is read by the tools it is meant for, where they are installed."""

from pathlib import Path

import numpy as np
import pytest

from toy_study import write_study
from tula.study.export import csv_files, long_files, long_form
from tula.study.load import load_study
from tula.study.results import StudyResults
from tula.study.run import run_study
from tula.world.files import write_together


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> StudyResults:
    return run_study(load_study(str(write_study(tmp_path_factory.mktemp("study")))))


def test_pyam_reads_every_number_of_the_long_form(results: StudyResults, tmp_path: Path) -> None:
    pyam = pytest.importorskip("pyam", reason="needs pyam: pip install pyam-iamc")
    write_together(tmp_path, long_files(results))
    read = pyam.IamDataFrame(tmp_path / "long.csv")
    whole = long_form(results)
    assert len(read.data) == len(whole)
    assert {*read.scenario} == {*whole["scenario"]}
    assert read.model == [whole["model"].iloc[0]]
    chosen = read.filter(
        variable="real_income", scenario="S1", region="IND", closure="fixed", elasticity="own"
    )
    there = results.data["real_income"].sel(
        scenario="S1", region="IND", closure="fixed", elasticity="own"
    )
    assert chosen.data["value"].tolist() == pytest.approx([float(there)])
    assert {*chosen.data["unit"]} == {"%"}
    moved = read.filter(variable="real_income").timeseries()
    assert np.isfinite(moved.to_numpy()).all()


def test_frictionless_finds_the_package_valid(results: StudyResults, tmp_path: Path) -> None:
    frictionless = pytest.importorskip("frictionless", reason="needs frictionless")
    write_together(tmp_path, csv_files(results))
    report = frictionless.validate(tmp_path / "datapackage.json")
    assert report.valid, report.flatten(["type", "message"])
    assert {task.name for task in report.tasks} == {
        path.stem.replace("_", "-") for path in tmp_path.glob("*.csv")
    }
