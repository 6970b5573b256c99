from pathlib import Path

import pytest

import factories
from command_line import plain, tula
from toy_study import EVIDENCE, FACT, STUDY, write_study
from tula import __version__
from tula.study.results import StudyResults
from tula.world.store import save_world


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("world") / "toy.nc"
    return save_world(factories.toy_economy(), path)


def test_the_version_is_told() -> None:
    assert tula("--version").stdout == f"tula {__version__}\n"


def test_help_lists_every_command() -> None:
    text = tula("--help").stdout
    for command in ("run", "check", "verify", "solve", "world", "replicate"):
        assert command in text


def test_a_sound_study_passes_the_check(tmp_path: Path) -> None:
    result = tula("check", write_study(tmp_path))
    assert result.exit_code == 0
    assert "is sound" in plain(result)


def test_a_check_lists_all_problems_and_exits_with_2(tmp_path: Path) -> None:
    broken = STUDY.replace("pivot: IND", "pivot: INDIA")
    broken = broken.replace("value: 40%, low: 20%, high: 60%", "value: 140%")
    result = tula("check", write_study(tmp_path, broken))
    assert result.exit_code == 2
    assert "unknown region 'INDIA'" in plain(result)
    assert "a share lies between 0 and 1" in plain(result)
    assert "2 problems in" in plain(result)


def test_a_warning_alone_does_not_fail_the_check(tmp_path: Path) -> None:
    result = tula("check", write_study(tmp_path, evidence=EVIDENCE + FACT.format(name="F03")))
    assert result.exit_code == 0
    assert "warning: fact 'F03' is cited nowhere" in plain(result)


def test_a_run_answers_in_words_and_leaves_results_and_report(tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = tula("run", write_study(tmp_path), "--out", out, "--quick")
    assert result.exit_code == 0, plain(result)
    assert "of real income" in plain(result)
    assert "Keeping its course" in plain(result)
    assert (out / "index.html").stat().st_size > 10_000
    assert StudyResults.load(out).manifest.id == "toy"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("run", "india-2024"), "unknown study 'india-2024'; did you mean 'india-2025'"),
        (("run", "nope.yaml"), "nope.yaml: there is no such file; studies that come with Tula: ca"),
        (("check", "nope.yaml"), "nope.yaml: there is no such file"),
        (("run", "tests"), "tests/study.yaml: there is no such file"),
        (("backtest", "india-2024"), "unknown study 'india-2024'; did you mean 'india-2025'"),
        (("solve", "--world", "nope", "--tariff", "USA:IND:all:+5pp"), "unknown world 'nope'"),
        (("solve",), "say what changes"),
        (
            ("solve", "--elasticity", "X", "--tariff", "USA:IND:all:+5pp"),
            "unknown elasticity set 'X'",
        ),
        (("optimal", "USA", "--elasticity", "X"), "unknown elasticity set 'X'"),
        (("exposure", "IND", "--elasticity", "X"), "unknown elasticity set 'X'"),
        (("world", "show", "nope"), "unknown world 'nope'"),
        (("replicate", "cp2016", "--data", "."), "unknown replication 'cp2016'"),
    ],
)
def test_bad_input_ends_with_a_message_and_code_2(words: tuple[str, ...], message: str) -> None:
    result = tula(*words)
    assert result.exit_code == 2
    assert message in plain(result)


def test_a_what_if_shows_its_ledger_its_proof_and_its_answer(world: Path) -> None:
    moves = ("--tariff", "USA:IND:goods:+25pp", "--embargo", "IND:RUS:OIL")
    result = tula("solve", "--world", world, *moves, "--focus", "IND,USA")
    text = plain(result)
    assert result.exit_code == 0, text
    assert "+25.0 pp import duty on goods from IND" in text
    assert "no purchases of OIL from RUS" in text
    assert "worst residual" in text
    assert "Region IND" in text
    assert "of real income" in text


def test_a_what_if_points_at_every_wrong_part(world: Path) -> None:
    result = tula("solve", "--world", world, "--tariff", "USA:INDIA:gods:+25")
    assert result.exit_code == 2
    assert "--tariff USA:INDIA:gods:+25" in plain(result)
    for part in ("unknown region 'INDIA'", "unknown sector 'gods'", "cannot read '+25'"):
        assert part in plain(result)


def test_all_what_ifs_that_cannot_be_read_are_told_at_once(world: Path) -> None:
    wrong = ("--tariff", "USAX:IND:goods:+25pp", "--tariff", "USA:IND:goods:25", "--embargo", "a")
    text = plain(tula("solve", "--world", world, *wrong))
    for part in ("unknown region 'USAX'", "cannot read '25'", "--embargo a"):
        assert part in text


def test_a_what_if_answers_before_table_ledger_and_proof(world: Path) -> None:
    said = tula("solve", "--world", world, "--tariff", "USA:IND:goods:+25pp").stdout
    marks = ("of real income", "Real income %", "import duty on goods", "worst residual")
    places = [said.index(mark) for mark in marks]
    assert places == sorted(places)


def test_a_what_if_without_equilibrium_fails_with_code_1(world: Path) -> None:
    result = tula("solve", "--world", world, "--embargo", "IND:all:all")
    assert result.exit_code == 1
    assert "try ProportionalBalance()" in plain(result)


@pytest.mark.parametrize("focus", [",", "IND, USA"])
def test_a_focus_is_forgiving_about_blanks(world: Path, focus: str) -> None:
    move = ("--tariff", "USA:IND:goods:+25pp")
    assert tula("solve", "--world", world, *move, "--focus", focus).exit_code == 0


@pytest.mark.parametrize(
    "command",
    ["run", "check", "solve", "replicate", "world show", "world compare", "world import"],
)
def test_every_help_page_has_an_example(command: str) -> None:
    text = tula(*command.split(), "--help").stdout
    assert f"  tula {command}" in text[text.index("Examples:") :]


def test_a_world_without_a_name_is_the_default_one() -> None:
    said = tula("world", "show", "--rows", "1").stdout
    assert said.startswith("icio-2024, 2024")
    assert "smaller regions are not shown" in said


def test_a_world_shows_what_is_odd_in_it() -> None:
    assert "[empty-node] SAU/COA" in plain(tula("world", "show"))


def test_an_unknown_closure_gets_the_nearest_name(world: Path) -> None:
    move = ("--tariff", "USA:IND:goods:+25pp")
    result = tula("solve", "--world", world, *move, "--closure", "fixd")
    assert result.exit_code == 2
    assert "did you mean 'fixed'" in plain(result)


def test_a_part_of_a_study_is_explained_key_by_key() -> None:
    said = plain(tula("explain", "answer.threats"))
    assert "months: Mean length once it stands." in said
    assert "keys:" not in said


def test_a_world_shows_its_size_its_source_and_its_regions(world: Path) -> None:
    text = plain(tula("world", "show", world, "--rows", "2"))
    assert "4 regions, 3 sectors" in text
    assert "Source: drawn for tests" in text
    assert "Hash: " in text


def test_a_world_compared_with_itself_does_not_differ(world: Path) -> None:
    result = tula("world", "compare", world, world)
    assert result.exit_code == 0, plain(result)
    assert "trade between pairs 0%, by sector 0%" in plain(result)


def test_an_unwritable_place_is_told_without_a_traceback(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    result = tula("run", write_study(tmp_path), "--quick", "--out", blocked / "out")
    assert result.exit_code == 2
    assert "file" in plain(result)


def test_a_what_if_leaves_a_workbook(world: Path, tmp_path: Path) -> None:
    book = tmp_path / "what-if.xlsx"
    asked = ("solve", "--world", world, "--tariff", "USA:IND:all:+5pp", "--xlsx", book)
    result = tula(*asked)
    assert result.exit_code == 0, plain(result)
    assert book.read_bytes()[:2] == b"PK"
