"""What a scenario's instruments do not do, or do unexpectedly, is said where they stand."""

from __future__ import annotations

from pathlib import Path

import pytest

from command_line import tula
from toy_study import STUDY, write_study
from tula.evidence import Problem, errors_in
from tula.study.load import check_study, load_study
from tula.study.run import run_study

DUTY = "          add: 25 pp\n          evidence: [F01]\n"
DAY = STUDY.replace("horizon: long run\n", "horizon: long run\non: 2025-12-12\n")


def dated(lines: str, study: str = DAY) -> str:
    """The toy study with more lines in the duty of S1."""
    return study.replace(DUTY, "          add: 25 pp\n" + lines + "          evidence: [F01]\n", 1)


def found(folder: Path, study: str) -> tuple[list[Problem], list[Problem]]:
    """Errors and warnings of a study."""
    problems = check_study(write_study(folder, study))
    return list(errors_in(problems)), [one for one in problems if one.warning]


def line_of(study: str, text: str) -> int:
    return study[: study.index(text)].count("\n") + 1


@pytest.mark.parametrize(
    "lines",
    [
        "          start: '2026-08-01'\n",
        "          end: '2025-12-11'\n",
        "          start: '2024-01-01'\n          end: '2024-12-31'\n",
    ],
)
def test_a_scenario_of_another_day_is_refused(tmp_path: Path, lines: str) -> None:
    study = dated(lines)
    (error,), (warning,) = found(tmp_path, study)
    assert "scenario 'S1': nothing is in force on the day" in error.message
    assert "not in force on 2025-12-12: left out" in warning.message
    assert warning.place.line == line_of(study, "- tariff:")


def test_a_scenario_of_another_day_is_not_run(tmp_path: Path) -> None:
    path = write_study(tmp_path, dated("          start: '2026-08-01'\n"))
    out = tmp_path / "report"
    result = tula("run", str(path), "--out", str(out))
    assert result.exit_code == 2
    assert "nothing is in force" in result.output
    assert not (out / "results.nc").exists()


def test_the_last_day_in_force_is_in_force(tmp_path: Path) -> None:
    assert found(tmp_path, dated("          end: '2025-12-12'\n")) == ([], [])


MORE = """\
      - tariff: {importer: USA, exporter: IND, sectors: SER, add: 25 pp, start: 2027-01-01,
          evidence: [F01]}
"""


def test_a_part_of_another_day_is_warned_of_once_and_told_in_the_answer(tmp_path: Path) -> None:
    study = DAY.replace(DUTY, DUTY + MORE)
    errors, (warning,) = found(tmp_path, study)
    assert errors == []
    assert warning.place.line == line_of(study, "sectors: SER, add")
    results = run_study(load_study(str(tmp_path / "study.yaml")), quick=True)
    told = "Not in force on the day asked about, and left out: USA: +25.0 pp import duty on SER"
    assert told in results.manifest.scenario("S1").answer
    assert told in results.manifest.scenario("J").answer
    assert told not in results.manifest.scenario("S2").answer
    assert f"Of 'Duty': {told}" in results.manifest.answer


def test_a_scenario_that_asks_for_what_is_there_is_refused(tmp_path: Path) -> None:
    study = STUDY.replace("add: 25 pp", "at_most: 200%")
    (error,), (warning,) = found(tmp_path, study)
    assert "scenario 'S1': nothing changes" in error.message
    assert "the rates in these cells are so already" in warning.message


def test_a_scenario_that_asks_for_no_change_may_stand(tmp_path: Path) -> None:
    errors, (warning, unsaid) = found(tmp_path, STUDY.replace("add: 25 pp", "add: 0 pp"))
    assert errors == []
    assert "no change is asked for" in warning.message
    assert "F01" in unsaid.message


def test_a_set_that_lowers_is_warned_of_unless_it_frees(tmp_path: Path) -> None:
    errors, (warning,) = found(tmp_path, STUDY.replace("add: 25 pp", "set: 0.001%"))
    assert errors == []
    assert "and lowers it on" in warning.message
    assert found(tmp_path, STUDY.replace("add: 25 pp", "set: 0")) == ([], [])
    assert found(tmp_path, STUDY.replace("add: 25 pp", "at_least: 25%")) == ([], [])


def test_a_size_out_of_all_proportion_is_warned_of(tmp_path: Path) -> None:
    errors, (warning, unsaid) = found(tmp_path, STUDY.replace("add: 25 pp", "add: 1000000 pp"))
    assert errors == []
    assert "out of all proportion" in warning.message
    assert "F01" in unsaid.message


@pytest.mark.parametrize(
    "written",
    [
        "at_least: 15%",
        "at_most: 1%",
        "set: 0.52 USD/kg\n          unit_value: 2.6 USD/kg",
        "add: 25 pp\n          coverage: 80%\n          override: true",
        "add: 25 pp\n          except_exporters: [RUS]\n          except_importers: ROW",
    ],
)
def test_everyday_duties_may_stand_in_a_study(tmp_path: Path, written: str) -> None:
    assert found(tmp_path, STUDY.replace("add: 25 pp", written))[0] == []


@pytest.mark.parametrize(
    ("written", "said", "at"),
    [
        ("set: 0.52 USD/kg", "say it in unit_value", "set: 0.52"),
        ("at_lest: 15%", "did you mean 'at_least' or 'at_most'?", "at_lest"),
        ("add: 25 pp\n          override: 'yes'", "override", "override: 'yes'"),
        (
            "add: 25 pp\n          except_importers: USB",
            "did you mean 'USA' (Region USA) or 'RUS' (Region RUS)?",
            "except_importers",
        ),
    ],
)
def test_what_is_wrong_with_them_is_told_at_its_line(
    tmp_path: Path, written: str, said: str, at: str
) -> None:
    study = STUDY.replace("add: 25 pp", written)
    errors = found(tmp_path, study)[0]
    assert [line_of(study, at)] == list({one.place.line for one in errors if said in one.message})


def test_a_clash_in_a_study_names_both_and_the_remedy(tmp_path: Path) -> None:
    more = (
        "      - tariff: {importer: USA, exporter: all, sectors: goods, set: 5%, evidence: [F01]}\n"
    )
    study = STUDY.replace("add: 25 pp", "set: 30%").replace("  - id: S2", more + "  - id: S2")
    errors = found(tmp_path, study)[0]
    assert "let the exception override the other" in errors[0].message
    remedied = study.replace("set: 30%", "set: 30%\n          override: true")
    assert found(tmp_path, remedied)[0] == []
