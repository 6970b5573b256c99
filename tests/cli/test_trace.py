from pathlib import Path

import pytest

from command_line import plain, tula
from toy_study import write_study


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a study and, in ``out``, its run."""
    folder = tmp_path_factory.mktemp("traced")
    assert tula("run", write_study(folder), "--out", folder / "out", "--quick").exit_code == 0
    return folder


def test_a_figure_of_a_run_is_told_with_proof_and_facts(place: Path) -> None:
    result = tula("trace", place / "out", "scenarios.S1.real_income.IND")
    assert result.exit_code == 0
    said = plain(result)
    for words in ("Real income: Exact change", "closure fixed", "largest residual", "F01 ("):
        assert words in said


def test_a_study_is_solved_for_the_same_figure(place: Path) -> None:
    address = "scenarios.S2.ev.USA"
    ran, solved = (tula("trace", place / one, address) for one in ("out", "study.yaml"))
    assert plain(ran) == plain(solved)


def test_an_unknown_step_ends_with_2_and_the_nearest_name(place: Path) -> None:
    result = tula("trace", place / "out", "scenarios.S1.real_incom.IND")
    assert result.exit_code == 2
    assert "did you mean 'real_income'" in plain(result)


def test_without_an_address_the_kinds_of_figures_are_told(place: Path) -> None:
    result = tula("trace", place / "out")
    assert result.exit_code == 2
    assert "an address starts with: scenarios" in plain(result)
