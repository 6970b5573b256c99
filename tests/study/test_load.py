from dataclasses import replace
from pathlib import Path

import pytest

import factories
from toy_study import EVIDENCE, FACT, STUDY, write_study
from tula.errors import UnknownNameError
from tula.evidence import InvalidFileError
from tula.study.load import NoStudyError, built_in_studies, check_study, find_study, load_study
from tula.world.store import save_world

WHY = "reason: nobody knows"


def problems(folder: Path, old: str, new: str) -> list[str]:
    """What is wrong once one piece of the sound study is replaced; places without folder."""
    assert old in STUDY
    found = check_study(write_study(folder, STUDY.replace(old, new, 1)))
    return [str(problem).replace(f"{folder}/", "") for problem in found]


def test_the_toy_study_is_sound(tmp_path: Path) -> None:
    assert check_study(write_study(tmp_path)) == []


def test_a_combined_scenario_has_the_instruments_of_its_parts(tmp_path: Path) -> None:
    study = load_study(str(write_study(tmp_path)))
    parts = study.instruments["S1"] + study.instruments["S2"]
    assert study.instruments["J"] == parts
    assert study.instruments["S0"] == ()


def test_the_hash_changes_with_study_evidence_and_world_and_with_nothing_else(
    tmp_path: Path,
) -> None:
    folders = [tmp_path / name for name in "abcd"]
    for folder in folders:
        folder.mkdir()
    first = load_study(str(write_study(folders[0]))).content_hash
    assert load_study(str(write_study(folders[1]))).content_hash == first
    changed_study = write_study(folders[2], STUDY.replace("25 pp", "26 pp"))
    changed_facts = write_study(folders[3], evidence=EVIDENCE.replace("toy fact", "fact"))
    hashes = {load_study(str(path)).content_hash for path in (changed_study, changed_facts)}
    assert len(hashes | {first}) == 3


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "title: A toy",
            "titel: A toy",
            "study.yaml:3:1: unknown key 'titel'; did you mean 'title'",
        ),
        ("pivot: IND", "pivt: IND", "study.yaml:1:1: key 'pivot' is missing"),
        ("id: toy", "id: toy\nid: toy", "study.yaml:3:1: key 'id' stands twice (first on line 2)"),
        (
            "pivot: IND",
            "pivot: INDO",
            "study.yaml:5:8: 'pivot': unknown region 'INDO'; did you mean",
        ),
        ("[USA, RUS]", "[USA, RUSS]", "study.yaml:6:15: unknown region 'RUSS'"),
        ("world: toy.nc", "world: toys", "study.yaml:7:8: unknown world 'toys'"),
        ("horizon: long run", "horizon: x\non: soon", "study.yaml:9:5: 'on': "),
        ("add: 25 pp", "add: 25 pp\n          start: '2025-08-27'", "say for which day"),
        (
            "[fixed, balanced]",
            "[fixd]",
            "study.yaml:11:12: unknown closure 'fixd'; did you mean 'fixed'",
        ),
        (
            "closure: fixed,",
            "closure: proportional,",
            "unknown closure of the study 'proportional'",
        ),
        ("elasticity: own", "elasticity: owl", "unknown elasticity 'owl'; did you mean 'own'"),
        ("set: world", "set: FGOO", "unknown elasticity set 'FGOO'; did you mean 'FGO'"),
        ("west: [USA", "west: [USB", "unknown region 'USB'"),
        ("importer: USA", "importer: USD", "study.yaml:26:21: 'importer': unknown region 'USD'"),
        ("sectors: goods", "sectors: gods", "study.yaml:28:20: 'sectors': unknown sector 'gods'"),
        ("add: 25 pp", "add: 25%", "study.yaml:29:16: 'add': cannot read '25%'"),
        ("add: 25 pp", "add: 25", "2500 pp"),
        ("add: 25 pp", "add: .nan", "study.yaml:29:16: .nan is not a finite number"),
        ("add: 25 pp", "ad: 25 pp", "unknown key 'ad'; did you mean 'add'"),
        ("value: 40%, low: 20%, high: 60%", "value: 140%", "a share lies between 0 and 1"),
        ("value: 40%", "value: 80%", "the value 80% lies outside its own range"),
        ("low: 20%, high: 60%", "low: 60%, high: 20%", "the range runs from high to low"),
        ("low: 20%", "low: few", "41:16: 40% (few to 60%) is a number: so must its range be"),
        ("low: 20%", "low: 20 pp", "a number and its range have one unit"),
        ("low: 20%, ", "", "key 'low' is missing: a range has two ends"),
        ("value: 40%, ", "", "key 'value' is missing: only a drawn number may be a range alone"),
        ("reason: nobody", "reson: nobody", "41:50: unknown key 'reson'; did you mean 'reason'"),
        ("value: 40%", "value: .4%", "the value .4% lies outside its own range"),
        ("- tariff:", "- tarif:", "unknown instrument 'tarif'; did you mean 'tariff'"),
        ("evidence: [F01]", "note: none", "tariff rests on nothing"),
        ("evidence: [F01]", "evidence: [F011]", "unknown fact 'F011'; did you mean 'F01'"),
        ("evidence: [F01]", "evidence: {F01: 1}", "evidence must be a list of fact ids"),
        (
            "evidence: evidence.yaml",
            "evidence: e.yaml",
            "the file under evidence, 'e.yaml': no such file",
        ),
        ("combine: [S1, S2]", "combine: [S1, S9]", "unknown scenario 'S9'"),
        ("combine: [S1, S2]", "combine: [J]", "scenario 'J' combines itself"),
        ("id: S2", "id: S1", "scenario 'S1' stands twice (first on line 21)"),
        ("give_way: S2", "give_way: S7", "unknown scenario 'S7'"),
        ("scenario: S1", "scenario: X", "unknown scenario 'X'"),
        (
            "low: -0.4",
            "low: '-0.4'",
            "'low': must be a number, not '-0.4'; write -0.4, without quotes",
        ),
        ("low: -0.4", "low: true", "'low': must be a number, not true"),
    ],
)
def test_a_mistake_is_told_with_its_place_and_the_nearest_name(
    tmp_path: Path, old: str, new: str, expected: str
) -> None:
    found = problems(tmp_path, old, new)
    assert any(expected in problem for problem in found), found


def test_all_mistakes_are_told_at_once_and_in_the_order_of_the_file(tmp_path: Path) -> None:
    broken = (
        STUDY.replace("title: A toy", "titel: A toy")
        .replace("pivot: IND", "pivot: INDO")
        .replace("importer: USA", "importer: USD")
        .replace("value: 40%", "value: 140%")
        .replace("[S1, S2]", "[S1, S9]")
        .replace("scenario: S1", "scenario: X")
    )
    found = check_study(write_study(tmp_path, broken))
    lines = [problem.place.line for problem in found]
    assert lines == sorted(lines)
    marks = ("titel: A toy", "INDO", "USD", "140%", "S9", "scenario: X")
    expected = [broken[: broken.index(mark)].count("\n") + 1 for mark in marks]
    assert set(expected) <= set(lines)


def test_contradicting_instruments_are_told_at_the_scenario(tmp_path: Path) -> None:
    tariff = STUDY[STUDY.index("      - tariff:") : STUDY.index("  - id: S2")]
    twice = tariff.replace("add: 25 pp", "set: 10%") + tariff.replace("add: 25 pp", "set: 20%")
    found = problems(tmp_path, tariff, twice)
    assert any("scenario 'S1'" in problem and "study.yaml:" in problem for problem in found), found


def test_an_embargo_that_leaves_a_buyer_without_supplier_is_told(tmp_path: Path) -> None:
    cut = STUDY[STUDY.index("      - import_cap:") : STUDY.index("  - id: J")]
    embargo = cut.replace("import_cap", "embargo").replace("exporter: RUS", "exporter: all")
    embargo = embargo.replace("          rent_to: importer\n", "")
    embargo = embargo.replace("cut: {value: 40%, low: 20%, high: 60%, reason: nobody knows}", WHY)
    path = write_study(tmp_path, STUDY.replace(cut, embargo))
    toy = factories.toy_economy()
    intermediate, final = toy.intermediate.copy(), toy.final.copy()
    intermediate[0, 0, 0], final[0, 0, 0] = 0.0, 0.0
    save_world(replace(toy, intermediate=intermediate, final=final), tmp_path / "toy.nc")
    found = [str(problem) for problem in check_study(path)]
    assert any("scenario 'S2': IND loses its last supplier of OIL" in text for text in found), found


def test_a_fact_that_nobody_cites_is_a_warning_only(tmp_path: Path) -> None:
    path = write_study(tmp_path, evidence=EVIDENCE + FACT.format(name="F03"))
    (found,) = check_study(path)
    assert found.warning
    assert "fact 'F03' is cited nowhere" in str(found)
    assert load_study(str(path)).warnings == (found,)


def test_an_unsound_study_is_not_loaded(tmp_path: Path) -> None:
    path = write_study(tmp_path, STUDY.replace("pivot: IND", "pivot: INDO"))
    with pytest.raises(InvalidFileError, match="1 problem"):
        load_study(str(path))


def test_an_unknown_study_gets_the_nearest_name() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'india-2025'"):
        find_study("india-2024")


def test_a_folder_stands_for_the_study_file_in_it(tmp_path: Path) -> None:
    assert find_study(str(write_study(tmp_path).parent)) == tmp_path / "study.yaml"


def test_a_folder_without_a_study_gets_the_names_of_studies(tmp_path: Path) -> None:
    with pytest.raises(NoStudyError, match="studies that come with Tula: canada-2026, india-2025"):
        find_study(str(tmp_path))
    (tmp_path / "manifest.json").touch()
    with pytest.raises(NoStudyError, match="the folder holds a run, not a study"):
        find_study(str(tmp_path))


def test_a_study_beside_the_path_is_among_the_near_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "brazil").mkdir()
    write_study(tmp_path / "brazil")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UnknownNameError, match="did you mean 'brazil'"):
        find_study("brasil")


@pytest.mark.parametrize("name", sorted(built_in_studies()))
def test_a_built_in_study_cites_only_facts_it_has_and_has_only_facts_it_cites(name: str) -> None:
    found = [str(problem) for problem in check_study(built_in_studies()[name])]
    assert found == []


def test_no_number_rests_on_a_fact_of_a_later_day_but_a_scene_may(tmp_path: Path) -> None:
    found = problems(tmp_path, "horizon: long run", "horizon: long run\non: 2023-12-31")
    assert len(found) == 1
    assert "fact 'F01' is dated 2024, after 2023-12-31" in found[0]


def test_a_fact_published_after_the_day_is_a_later_fact_whatever_it_is_about(
    tmp_path: Path,
) -> None:
    evidence = EVIDENCE.replace("date: '2024'", "date: '2024'\n    published: '2025-08-24'", 1)
    study = STUDY.replace("horizon: long run", "horizon: long run\non: 2025-08-23", 1)
    found = [str(one) for one in check_study(write_study(tmp_path, study, evidence))]
    assert len(found) == 1
    assert "fact 'F01' was published 2025-08-24, after 2025-08-23" in found[0]
    study = study.replace("2025-08-23", "2025-08-24")
    assert check_study(write_study(tmp_path, study, evidence)) == []
