"""A value of another kind than is needed is refused at its place, never read as what it is not."""

import shutil
from pathlib import Path

import pytest

import toy_answer
from toy_study import EVIDENCE, STUDY, write_study
from tula.evidence import InvalidFileError
from tula.study.load import built_in_studies, check_study, load_study


def told(path: Path) -> list[str]:
    """What is wrong, places without their folder."""
    return [str(problem).replace(f"{path.parent}/", "") for problem in check_study(path)]


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "designated: [one]",
            "designated: [one], waiver: 'off'",
            "'waiver': must be true or false, not 'off'; write false",
        ),
        ("exposed: true", "exposed: 1", "'exposed': must be true or false, not 1; write true"),
        (
            "architecture: true",
            "architecture: 'no'",
            "'architecture': must be true or false, not 'no'; write false",
        ),
        (
            "announced: 2025-12-12",
            "announced: 86400",
            "must be a day such as 2025-12-12, not 86400",
        ),
        ("announced: 2025-12-12", "announced: 2025/12/12", "must be a day such as 2025-12-12"),
        ("since: 2025-10-12", "since: 2026-10-12", "lies after the announced day 2025-12-12"),
        ("months: 2", "months: 2.5", "'months': must be a whole number, not 2.5"),
        ("duties: base", "duties: none", "'duties'"),
        ("hazard: {value: 0.5", "hazard: {value: '0.5'", "write 0.5, without quotes"),
        ("spillover: 0.9", "spillover: true", "'spillover': must be a number, not true"),
        ("gdp: {value: 4000", "gdp: {value: true", "'gdp': must be a number, not true"),
        ("closures: {value: 1,", "closures: {value: 1.5,", "must be a whole number, not 1.5"),
        ("duties: base", "kept: '0.9'", "'kept': must be a number, not '0.9'; write 0.9"),
        ("duties: base", "kept: 90", "'kept'"),
        ("honoured: {value: 0.5", "honoured: {value: 50", "is a share between 0 and 1"),
        ("value: 4000", "value: 1e308", "1e308 is larger than any quantity of an economy"),
        (
            "      partner: RUS\n      hazard",
            "      partner: west\n      hazard",
            "unknown region 'west'; it is a group: name one region",
        ),
        (
            "region: ROW, need",
            "region: west, need",
            "unknown region 'west'; it is a group: name one region",
        ),
        ("pivot: IND", "pivot: west", "unknown region 'west'; it is a group"),
        ("by: USA", "by: west", "unknown region 'west'; it is a group"),
    ],
)
def test_nothing_in_a_study_is_made_into_what_it_is_not(
    tmp_path: Path, old: str, new: str, expected: str
) -> None:
    path = toy_answer.write(tmp_path)
    text = path.read_text(encoding="utf-8")
    assert text.count(old) >= 1, old
    changed = text.replace(old, new, 1)
    path.write_text(changed, encoding="utf-8")
    first = line_of(changed, new)
    places = range(first, first + new.count("\n") + 1)
    found = [one for one in told(path) if expected in one]
    assert any(one.startswith(f"study.yaml:{place}:") for one in found for place in places), found


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("add: 25 pp", "add: 1000000 pp", "out of all proportion"),
        ("add: 25 pp", "add: 1e308", "larger than any quantity"),
        (
            "add: 25 pp",
            "add: 25 pp\n          start: 86400",
            "must be a day such as 2025-12-12, not 86400",
        ),
        ("add: 25 pp", "add: 25 pp\n          start: 27 August 2025", "write 2025-08-27"),
        (
            "add: 25 pp",
            "add: 25 pp\n          override: 'yes'",
            "must be true or false, not 'yes'; write true",
        ),
        ("value: 40%, low: 20%, high: 60%", "value: 4000%", "a share lies between 0 and 1"),
        (
            "horizon: long run",
            "horizon: long run\non: 86400",
            "'on': must be a day such as 2025-12-12, not 86400",
        ),
        (
            "horizon: long run",
            "horizon: long run\nseed: '1'",
            "'seed': must be a whole number, not '1'; write 1",
        ),
        (
            "add: 25 pp",
            "add: 35 pp",
            "warning: add is '35 pp', and of what it cites F01 says 25 pp",
        ),
        ("add: 25 pp", "set: 25%\n          at_most: 5%", "set"),
    ],
)
def test_nothing_in_an_instrument_is_read_in_silence(
    tmp_path: Path, old: str, new: str, expected: str
) -> None:
    found = told(write_study(tmp_path, STUDY.replace(old, new, 1)))
    assert any(expected in one for one in found), found


@pytest.mark.parametrize("said", ["add: 25 pp", "add: 0.25", "add: -25 pp", "set: 30%"])
def test_a_duty_that_a_fact_says_or_says_in_another_unit_is_not_told(
    tmp_path: Path, said: str
) -> None:
    assert told(write_study(tmp_path, STUDY.replace("add: 25 pp", said))) == []


def test_a_sum_of_facts_and_a_number_in_their_words_are_what_they_say(tmp_path: Path) -> None:
    evidence = EVIDENCE.replace("A toy fact.", "First 10%, then 25%.", 1)
    both = STUDY.replace("evidence: [F01]", "evidence: [F01, F02]", 1)
    for add in ("50 pp", "10 pp"):
        assert told(write_study(tmp_path, both.replace("25 pp", add), evidence)) == []
    assert len(told(write_study(tmp_path, both.replace("25 pp", "40 pp"), evidence))) == 1


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("January 2027", "write '2027-01'"),
        ("2027/01/05", "write '2027-01-05'"),
        ("5 January 2027", "write '2027-01-05'"),
        ("2027-1-5", "must be a date such as"),
        ("2025-13", "is not in the calendar"),
        ("2027-01-05 or later", "must be a date such as"),
        ("FY2027", "must be a date such as"),
        ("soon", "must be a date such as"),
    ],
)
def test_a_date_that_no_guard_can_read_is_refused(tmp_path: Path, date: str, expected: str) -> None:
    (found,) = told(
        write_study(tmp_path, STUDY, EVIDENCE.replace("date: '2024'", f"date: '{date}'", 1))
    )
    assert found.startswith("evidence.yaml:4:")
    assert expected in found


@pytest.mark.parametrize("date", ["2027", "2027-01", "2027-01-05", "FY27"])
def test_a_number_may_rest_on_no_later_fact_however_its_date_is_written(
    tmp_path: Path, date: str
) -> None:
    study = STUDY.replace("horizon: long run", "horizon: long run\non: 2025-12-12")
    found = told(write_study(tmp_path, study, EVIDENCE.replace("'2024'", f"'{date}'")))
    assert any(f"fact 'F01' is dated {date}, after 2025-12-12" in one for one in found)


def test_a_fact_of_the_days_own_year_must_say_when(tmp_path: Path) -> None:
    study = STUDY.replace("horizon: long run", "horizon: long run\non: 2025-12-12")
    (found,) = told(write_study(tmp_path, study, EVIDENCE.replace("'2024'", "'2025'")))
    assert "fact 'F01' is dated 2025, which may be after 2025-12-12: say when" in found


@pytest.mark.parametrize("date", ["FY25", "law"])
def test_earlier_facts_and_law_may_be_cited(tmp_path: Path, date: str) -> None:
    study = STUDY.replace("horizon: long run", "horizon: long run\non: 2025-12-12")
    assert told(write_study(tmp_path, study, EVIDENCE.replace("'2024'", f"'{date}'"))) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("first: 2026-01-15", "first: 2026/01/15", "write 2026-01-15"),
        ("times: {value: 100,", "times: {value: '100',", "'100'"),
        ("balanced: true", "balanced: yes please", "balanced"),
        ("came: {value: 0,", "came: {value: false,", "must be a number, not false"),
        ("low: 30, high: 40", "low: 30, high: '40'", "must be a number, not '40'; write 40"),
        ("low: 30, high: 40", "low: 30", "state value, or low and high"),
        ("low: 30, high: 40", "low: 40, high: 30", "swap them"),
    ],
)
def test_nothing_in_a_backtest_is_made_into_what_it_is_not(
    tmp_path: Path, old: str, new: str, expected: str
) -> None:
    assert toy_answer.SINCE.count(old) >= 1
    text, evidence = toy_answer.SINCE, toy_answer.EVIDENCE + toy_answer.LATER
    with pytest.raises(InvalidFileError) as caught:
        load_study(str(toy_answer.write(tmp_path, text.replace(old, new, 1), evidence)))
    assert expected in str(caught.value)


def test_thousands_of_unknown_keys_are_told_as_a_count(tmp_path: Path) -> None:
    keys = "".join(f"key{number}: 1\n" for number in range(4000))
    with pytest.raises(InvalidFileError) as caught:
        raise InvalidFileError(check_study(write_study(tmp_path, STUDY + keys)))
    lines = str(caught.value).splitlines()
    assert (lines[0], lines[-1], len(lines)) == ("4000 problems", "... and 3,980 more", 22)


def test_a_name_too_long_for_a_file_is_told_in_its_line(tmp_path: Path) -> None:
    for key, name in (("evidence", "evidence.yaml"), ("world", "toy.nc")):
        spoilt = STUDY.replace(f"{key}: {name}", f"{key}: {'x' * 5000}")
        (found,) = [
            one for one in told(write_study(tmp_path, spoilt)) if f"{key}" in one or "xxx" in one
        ]
        assert found.startswith("study.yaml:")
        assert len(found) < 400


@pytest.mark.parametrize("value", [".inf", "'2'", "[2]"])
def test_a_tie_that_cannot_be_read_costs_no_look_at_its_balance(tmp_path: Path, value: str) -> None:
    path = built_in_studies()["turkey-2025"]
    shutil.copytree(path.parent, tmp_path / "study")
    text = path.read_text(encoding="utf-8")
    freight = "freight: {value: 2, low: 1, high: 3}"
    assert freight in text
    spoilt = tmp_path / "study" / path.name
    spoilt.write_text(text.replace(freight, f"freight: {value}", 1), encoding="utf-8")
    (found,) = told(spoilt)
    assert found.startswith(f"{path.name}:{line_of(text, freight)}")
    assert "freight" in found or "not a finite number" in found
