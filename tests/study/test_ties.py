"""Ties in study files: what is refused and where, what a run keeps, in which order."""

from pathlib import Path

import pytest

import toy_study
from tula.evidence import InvalidFileError
from tula.study.load import check_study, load_study
from tula.study.results import TIES_FILE, ResultsFormatError, StudyResults
from tula.study.run import Step, run_study

DEAL = """\
ties:
  - trade_agreement:
      id: deal
      title: An agreement with Russia
      partner: RUS
      bloc: [RUS]
      sectors: [goods]
      coverage: {value: 0.8, low: 0.6, high: 0.9, evidence: [F01]}
      use: {value: 0.6, low: 0.3, high: 0.9, reason: Nobody has counted.}
      reform: {value: 0, reason: None is planned.}
      elasticity_scale: {value: 1, evidence: [F01]}
      replacement_time: {value: 3, low: 1, high: 6, reason: A guess.}
      hazard: {value: 0.05, low: 0, high: 0.2, reason: A guess.}
"""

ARMS = """\
  - arms:
      id: arms
      title: Arms from Russia
      partner: RUS
      notes: [Toys.]
      suppliers:
        - region: RUS
          stock_share: 0.6
          delivery_share: 0.5
          hazard: 0.1
          substitutability: 0.3
          spares_years: 1
          failure_years: 2
          delivery_delay: 4
          price: 1
        - region: USA
          stock_share: 0.4
          delivery_share: 0.5
          hazard: 0.1
          substitutability: 0.3
          spares_years: 1
          failure_years: 2
          delivery_delay: 4
          price: 1.4
          evidence: [F02]
      stock: 3000
      imports: 150
      retirement: 0.04
      discount: 0.05
      switching_cost: 0.2
      margin: 0.1
      readiness_value: 1
      evidence: [F01]
"""

TIES = DEAL + ARMS


def written(folder: Path, ties: str = TIES, evidence: str = toy_study.EVIDENCE) -> Path:
    return toy_study.write_study(folder, toy_study.STUDY + ties, evidence)


def line_of(ties: str, text: str) -> int:
    """The line of the study file on which a text stands first among the ties."""
    before = (toy_study.STUDY + ties).split(text)[0]
    return before.count("\n") + 1


def problems_of(folder: Path, old: str, new: str) -> list[tuple[int, str]]:
    assert TIES.count(old) >= 1
    found = check_study(written(folder, TIES.replace(old, new, 1)))
    return [(problem.place.line, problem.message) for problem in found]


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> StudyResults:
    folder = tmp_path_factory.mktemp("study")
    return run_study(load_study(str(written(folder))), quick=True)


def test_a_sound_study_with_ties_has_no_problems(tmp_path: Path) -> None:
    assert check_study(written(tmp_path)) == []


def test_a_number_without_ground_is_named_at_its_line(tmp_path: Path) -> None:
    ((line, message),) = problems_of(tmp_path, "high: 0.9, evidence: [F01]}", "high: 0.9}")
    assert line == line_of(TIES, "      coverage:")
    assert message.startswith(
        "An agreement with Russia: share of the dutiable trade whose duty goes "
        "(ties.deal.coverage) rests on nothing"
    )


def test_an_assumed_number_without_range_is_refused(tmp_path: Path) -> None:
    ((line, message),) = problems_of(tmp_path, "value: 3, low: 1, high: 6", "value: 3")
    assert line == line_of(TIES, "      replacement_time:")
    assert message.endswith(
        " (ties.deal.replacement_time) is assumed: give its range, as {value, low, high}"
    )


def test_an_unknown_key_is_told_once_with_the_nearest(tmp_path: Path) -> None:
    found = problems_of(tmp_path, "      hazard: {value: 0.05", "      hazzard: {value: 0.05")
    told = [message for line, message in found if line == line_of(TIES, "      hazard:")]
    assert told == ["unknown key 'hazzard'; did you mean 'hazard'?"]


def test_an_unknown_fact_is_told_where_it_is_cited(tmp_path: Path) -> None:
    ((line, message),) = problems_of(tmp_path, "0.9, evidence: [F01]", "0.9, evidence: [F91]")
    assert line == line_of(TIES, "      coverage:")
    assert message == "unknown fact 'F91'; did you mean 'F01'?"


def test_a_key_of_a_number_that_is_none_is_told_with_the_nearest(tmp_path: Path) -> None:
    found = problems_of(tmp_path, "value: 1, evidence: [F01]", "value: 1, evidense: [F01]")
    assert (
        line_of(TIES, "      elasticity_scale:"),
        "unknown key 'evidense'; did you mean 'evidence'?",
    ) in found


def test_evidence_must_be_a_list_and_a_reason_a_text(tmp_path: Path) -> None:
    ties = TIES.replace("high: 0.9, evidence: [F01]", "high: 0.9, evidence: {a: F01}")
    ties = ties.replace("high: 0.2, reason: A guess.", "high: 0.2, reason: 3")
    told = [(one.place.line, one.message) for one in check_study(written(tmp_path, ties))]
    assert told == [
        (line_of(TIES, "      coverage:"), "evidence must be a list of fact ids such as [F01]"),
        (line_of(TIES, "      hazard:"), "'reason': must be text that is not empty"),
    ]


def test_a_tie_may_not_rest_on_a_fact_of_a_later_day(tmp_path: Path) -> None:
    study = toy_study.STUDY.replace("horizon: long run\n", "horizon: long run\non: 2025-06-01\n")
    evidence = toy_study.EVIDENCE.replace("date: '2024'", "date: '2025-07'", 1)
    path = toy_study.write_study(tmp_path, study + DEAL, evidence)
    late = {problem.place.line for problem in check_study(path) if "after" in problem.message}
    assert line_of(DEAL, "      coverage:") + 1 in late


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("  - arms:", "  - armes:", "unknown key 'armes'; did you mean 'arms'"),
        ("bloc: [RUS]", "bloc: [RUZ]", "unknown region 'RUZ'"),
        ("sectors: [goods]", "sectors: [gods]", "unknown sector 'gods'"),
        ("bloc: [RUS]", "bloc: [USA]", "must hold partner RUS"),
        ("      title: Arms from Russia\n", "", "key 'title' is missing"),
        ("id: arms", "id: deal", "tie 'deal' stands twice"),
        (
            "partner: RUS\n      bloc",
            "partner: IND\n      bloc",
            "'IND' is the pivot, not a partner",
        ),
        ("stock_share: 0.6", "stock_share: 0.7", "stock_share sums to 1.1"),
        ("stock: 3000", "stock: '3000'", "stock"),
        ("high: 0.9, evidence", "high: 9, evidence", "share between 0 and 1"),
        ("low: 0.6, high", "high", "key 'low' is missing"),
    ],
)
def test_what_a_tie_gets_wrong_is_told(tmp_path: Path, old: str, new: str, expected: str) -> None:
    found = problems_of(tmp_path, old, new)
    assert any(expected in message for _, message in found), found
    first = line_of(TIES, "ties:")
    assert all(line >= first for line, _ in found)


def test_all_problems_of_all_ties_are_told_at_once(tmp_path: Path) -> None:
    ties = TIES.replace("high: 0.9, evidence: [F01]}", "high: 0.9}")
    ties = ties.replace("stock_share: 0.6", "stock_share: 2")
    with pytest.raises(InvalidFileError) as caught:
        load_study(str(written(tmp_path, ties)))
    assert "coverage) rests on nothing" in str(caught.value)
    assert "stock_share" in str(caught.value)


def test_the_nearest_ground_above_is_what_a_number_rests_on(results: StudyResults) -> None:
    arms = next(record for record in results.manifest.ties if record.kind == "arms")
    numbers = {number.key: number for number in arms.numbers}
    assert numbers["ties.arms.suppliers.RUS.hazard"].evidence == ("F01",)
    assert numbers["ties.arms.suppliers.USA.hazard"].evidence == ("F02",)


def test_numbers_are_recorded_with_range_and_reason(results: StudyResults) -> None:
    deal = next(record for record in results.manifest.ties if record.kind == "trade_agreement")
    (use,) = [number for number in deal.numbers if number.key == "ties.deal.use"]
    assert (use.value, use.reason) == ("0.6 (0.3 to 0.9)", "Nobody has counted.")


def test_a_reason_that_no_number_needs_is_pointed_out(tmp_path: Path) -> None:
    own = "      hazard: {value: 0.05, low: 0, high: 0.2, reason: A guess.}\n"
    ((line, message),) = problems_of(tmp_path, own, f"{own}      reason: Nothing is known.\n")
    assert message == "nothing rests on this reason: every number beneath has its own"
    assert line == line_of(TIES, own.strip()) + 1


def test_accounts_stand_by_size_with_their_records(results: StudyResults) -> None:
    sizes = [abs(account.value_to_pivot.central) for account in results.ties]
    assert sizes == sorted(sizes, reverse=True)
    assert len(set(sizes)) == len(sizes) == 2
    kinds = {"trade agreement": "trade_agreement", "arms": "arms"}
    told = [record.kind for record in results.manifest.ties]
    assert told == [kinds[account.tie] for account in results.ties]


def test_the_answer_tells_ties_in_order_of_size(results: StudyResults) -> None:
    answer = results.manifest.answer
    names = [record.title for record in results.manifest.ties[: len(results.ties)]]
    assert "What each tie is worth to Region IND" in answer
    assert answer.index(names[0]) < answer.index(names[1])


def test_ties_are_loaded_as_saved_and_saved_to_the_same_bytes(
    results: StudyResults, tmp_path: Path
) -> None:
    first = results.save(tmp_path / "a")
    again = StudyResults.load(first)
    assert again.ties == results.ties
    second = again.save(tmp_path / "b")
    assert (first / TIES_FILE).read_bytes() == (second / TIES_FILE).read_bytes()


def test_a_second_run_gives_the_same_accounts(results: StudyResults, tmp_path: Path) -> None:
    again = run_study(load_study(str(written(tmp_path))), quick=True)
    assert again.ties == results.ties
    assert again.manifest.hashes == results.manifest.hashes


def test_accounts_of_another_run_are_refused(results: StudyResults, tmp_path: Path) -> None:
    place = results.save(tmp_path / "a") / TIES_FILE
    place.write_text(place.read_text(encoding="utf-8").replace("arms", "ships"), encoding="utf-8")
    with pytest.raises(ResultsFormatError, match=r"ties\.json: not what manifest\.json tells"):
        StudyResults.load(tmp_path / "a")


def test_accounts_out_of_order_are_refused(results: StudyResults) -> None:
    with pytest.raises(ResultsFormatError, match="not in order of size"):
        StudyResults(results.manifest, results.data, results.ties[::-1])


def test_progress_names_each_tie(tmp_path: Path) -> None:
    steps: list[Step] = []
    run_study(load_study(str(written(tmp_path, DEAL))), quick=True, progress=steps.append)
    assert [step.tie for step in steps if step.case is None] == ["deal"]
    assert steps[-1].done == steps[-1].total - 1


def test_a_tie_that_cannot_be_valued_is_recorded_and_the_run_goes_on(tmp_path: Path) -> None:
    ties = TIES.replace("sectors: [goods]", "sectors: []")
    results = run_study(load_study(str(written(tmp_path, ties))), quick=True)
    assert [account.tie for account in results.ties] == ["arms"]
    assert results.manifest.ties[-1].id == "deal"
    assert results.manifest.ties[-1].failure
