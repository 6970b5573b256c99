"""Text from outside is named where it is no text, and shown without what drives a terminal."""

import pytest

from tula.errors import TulaError, UnknownNameError, did_you_mean, first_only
from tula.evidence import InvalidFileError, Place, Problem
from tula.text import message, shown, unprintable
from tula.wanted import iso_date, wanted


@pytest.mark.parametrize(
    "given",
    [
        "a\x1b[31mb",
        "a\x1b]0;title\x07b",
        "a\x1bPq\x1b\\b",
        "a\x00b",
        "a\x9bb",
        "a\ud800b",
        "a\u202eb",
    ],
)
def test_what_drives_a_terminal_is_not_shown(given: str) -> None:
    assert shown(given) == "ab"
    assert unprintable(given)
    assert str(TulaError(given)) == "ab"
    assert str(Problem(Place("f", 1), given)) == "f:1:1: ab"


@pytest.mark.parametrize("given", ["Türkiye", "नमस्ते", "a\tb\nc", "e\u0301", "🇮🇳", "a\u200db"])
def test_every_script_is_text(given: str) -> None:
    assert unprintable(given) == ""
    assert shown(given) == message(given) == given


def test_a_long_value_is_shortened_wherever_it_is_quoted() -> None:
    long = "x" * 10_000
    assert len(str(UnknownNameError("region", long, ["IND"]))) < 200
    assert "(10,000 characters)" in str(UnknownNameError("region", long, ["IND"]))
    assert message(f"the ties' 'A' and a {long!r} of it's own").endswith("of it's own")
    assert len(message("it's " + "y z" * 5_000)) < 2_100
    assert message("'A' or " + "b " * 200 + "'C'") == "'A' or " + "b " * 200 + "'C'"


def test_many_problems_are_cut_with_a_count_and_errors_come_before_warnings() -> None:
    warnings = [Problem(Place("f", line), "odd", warning=True) for line in range(1, 100)]
    error = InvalidFileError([*warnings, Problem(Place("f", 500), "wrong")])
    lines = str(error).splitlines()
    assert lines[0] == "1 problem"
    assert lines[-2:] == ["f:500:1: wrong", "... and 80 more"]
    assert len(lines) == 22
    assert len(error.problems) == 100


def test_only_the_first_names_get_a_hint() -> None:
    hint = first_only(lambda name: did_you_mean(name, ["IND"]))
    hints = [hint("IDN") for _ in range(30)]
    assert hints == ["; did you mean 'IND'?"] * 20 + [""] * 10


@pytest.mark.parametrize(
    ("kind", "given", "expected"),
    [
        ("bool_type", "off", "must be true or false, not 'off'; write false"),
        ("bool_type", "yes", "must be true or false, not 'yes'; write true"),
        ("bool_type", "true", "must be true or false, not 'true'; write true, without quotes"),
        ("bool_type", 1, "must be true or false, not 1; write true"),
        ("bool_type", "maybe", "must be true or false, not 'maybe'"),
        ("float_type", "0.5", "must be a number, not '0.5'; write 0.5, without quotes"),
        ("float_type", "5%", "must be a number, not '5%'; write 0.05, without quotes"),
        ("float_type", True, "must be a number, not true"),
        ("int_type", 1.5, "must be a whole number, not 1.5"),
        ("float_type", [1], "must be a number, not a list"),
        ("date_type", 86400, "must be a day such as 2025-12-12, not 86400"),
        ("date_parsing", "27/8", "must be a day such as 2025-12-12, not '27/8'"),
        (
            "date_parsing",
            "2027/01/05",
            "must be a day such as 2025-12-12, not '2027/01/05'; write 2027-01-05",
        ),
        ("string_type", 3, ""),
    ],
)
def test_what_is_wanted_is_told_with_the_nearest_form(
    kind: str, given: object, expected: str
) -> None:
    assert wanted(kind, given) == expected


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("January 2027", "2027-01"),
        ("2027/01/05", "2027-01-05"),
        ("5 Jan 2027", "2027-01-05"),
        ("January 5, 2027", "2027-01-05"),
        ("2027-01-05T10:00:00", "2027-01-05"),
        ("05/01/2027", ""),
        ("soon", ""),
    ],
)
def test_a_date_that_can_mean_one_day_or_month_alone_is_written_as_such(
    text: str, meant: str
) -> None:
    assert iso_date(text) == meant
