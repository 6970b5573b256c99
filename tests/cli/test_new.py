from dataclasses import replace
from pathlib import Path

import pytest

import factories
from command_line import plain, tula
from tula.study.load import built_in_studies
from tula.world.store import save_world

ASKED = ("--pivot", "IND", "--rivals", "USA,RUS")


@pytest.fixture
def world(tmp_path: Path) -> Path:
    return save_world(factories.toy_economy(), tmp_path / "toy.nc")


def test_a_new_study_is_sound_and_runs_at_once_without_a_label(world: Path, tmp_path: Path) -> None:
    new = tula("new", "mine", *ASKED, "--world", world, "--out", tmp_path)
    assert new.exit_code == 0
    assert "what you must decide" in plain(new)
    folder = tmp_path / "mine"
    assert tula("check", folder).exit_code == 0
    book = tmp_path / "book.xlsx"
    files = ("--out", tmp_path / "out", "--csv", tmp_path / "csv", "--xlsx", book)
    run = tula("run", folder, "--quick", "--brief", *files)
    assert run.exit_code == 0
    assert "No label and no odds are told yet: 14 numbers" in plain(run)
    page = (tmp_path / "out" / "index.html").read_text("utf-8")
    assert "No label and no odds are told yet" in page
    assert " in 100" not in plain(run) + page
    assert (tmp_path / "csv" / "real_income.csv").is_file()
    assert (tmp_path / "csv" / "datapackage.json").is_file()
    assert book.read_bytes()[:2] == b"PK"


@pytest.mark.parametrize("name", ["12", "null", "1e3"])
def test_a_name_that_yaml_reads_as_no_text_is_one(world: Path, tmp_path: Path, name: str) -> None:
    assert tula("new", name, *ASKED, "--world", world, "--out", tmp_path).exit_code == 0
    assert tula("check", tmp_path / name).exit_code == 0
    assert tula("new", name, "--from", tmp_path / name, "--out", tmp_path / "b").exit_code == 0
    assert tula("check", tmp_path / "b" / name).exit_code == 0


def test_quiet_tells_nothing_where_nothing_went_wrong(world: Path, tmp_path: Path) -> None:
    tula("new", "mine", *ASKED, "--world", world, "--out", tmp_path)
    run = tula("run", tmp_path / "mine", "--quick", "--quiet", "--out", tmp_path / "out")
    assert (run.exit_code, run.stdout) == (0, "")


def test_a_folder_that_holds_a_study_is_left_alone(world: Path, tmp_path: Path) -> None:
    asked = ("new", "mine", *ASKED, "--world", world, "--out", tmp_path)
    tula(*asked)
    before = (tmp_path / "mine" / "study.yaml").read_bytes()
    again = tula(*asked)
    assert again.exit_code == 2
    assert "there already" in plain(again)
    assert (tmp_path / "mine" / "study.yaml").read_bytes() == before


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("mine",), "--pivot and --rivals, or --from"),
        (("mine", *ASKED, "--from", "india-2025"), "or --from"),
        (("mine", "--pivot", "IND", "--rivals", "USA"), "two --rivals"),
        (("mine", "--pivot", "IND", "--rivals", "USA,IND"), "three"),
        (("a/b", *ASKED), "no name"),
        (("mine", "--pivot", "NGA", "--rivals", "USA,CHN"), "icio-2022-countries"),
        (("mine", *ASKED, "--on", "12.12.2025"), "write it as"),
        (("mine", "--from", "indian-2025"), "did you mean 'india-2025'"),
    ],
)
def test_what_cannot_be_begun_is_told_and_leaves_nothing_behind(
    words: tuple[str, ...], told: str, tmp_path: Path
) -> None:
    result = tula("new", *words, "--out", tmp_path)
    assert result.exit_code == 2
    assert told in plain(result)
    assert list(tmp_path.iterdir()) == []


def test_a_study_that_comes_with_tula_is_copied_with_its_evidence(tmp_path: Path) -> None:
    assert tula("new", "mine", "--from", "turkey-2025", "--out", tmp_path).exit_code == 0
    names = {path.name for path in (tmp_path / "mine").iterdir()}
    assert {"study.yaml", "evidence.yaml"} <= names
    assert "\nid: mine\n" in (tmp_path / "mine" / "study.yaml").read_text("utf-8")
    assert tula("check", tmp_path / "mine").exit_code == 0


def test_studies_are_listed_one_a_line() -> None:
    lines = tula("studies").stdout.strip().splitlines()
    assert [line.partition(":")[0] for line in lines] == sorted(built_in_studies())
    assert "india-2025: India between the United States and Russia, December 2025" in lines


def test_a_draft_is_written_and_not_over_another_file(tmp_path: Path) -> None:
    article = tmp_path / "a.txt"
    article.write_text("A duty of 50% stands.", "utf-8")
    target = tmp_path / "draft.yaml"
    assert tula("evidence", "draft", article, "--out", target).exit_code == 0
    again = tula("evidence", "draft", article, "--out", target)
    assert (again.exit_code, "there already" in plain(again)) == (2, True)


def test_a_ledger_is_held_against_texts(tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "a.txt").write_text("A duty of 50% stands.", "utf-8")
    tula("evidence", "draft", tmp_path / "texts" / "a.txt", "--out", tmp_path / "e.yaml")
    text = (tmp_path / "e.yaml").read_text("utf-8").replace("fact: ''", "fact: Mine.")
    text = text.replace("date: '?'", "date: '2025'").replace("'?'", "B")
    (tmp_path / "e.yaml").write_text(text, "utf-8")
    asked = ("evidence", "check", tmp_path / "e.yaml", "--documents", tmp_path / "texts")
    assert tula(*asked).exit_code == 0
    (tmp_path / "e.yaml").write_text(text.replace("value: 50", "value: 40"), "utf-8")
    missed = tula(*asked)
    assert (missed.exit_code, "40 %: in no text" in plain(missed)) == (1, True)


def test_a_world_without_a_group_of_goods_is_said_to_have_goods_alone(tmp_path: Path) -> None:
    economy = factories.make_economy(3, 2)
    economy = replace(economy, labels=replace(economy.labels, sector_groups={}))
    world = save_world(economy, tmp_path / "plain.nc")
    pivot, *rivals = economy.regions
    asked = ("--pivot", pivot, "--rivals", ",".join(rivals), "--world", world, "--out", tmp_path)
    assert "every sector counts as goods" in plain(tula("new", "mine", *asked))
