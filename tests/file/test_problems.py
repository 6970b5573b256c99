"""Problems are told together, in the order of the file, errors before warnings if many."""

from tula.file.problems import LISTED, InvalidFileError, Place, Problem, errors_in, listed


def problem(line: int, warning: bool = False) -> Problem:
    return Problem(Place("study.yaml", line), f"wrong on {line}", warning)


def test_problems_come_in_the_order_of_the_file_each_once() -> None:
    error = InvalidFileError([problem(9), problem(2), problem(9)])
    assert str(error).splitlines() == [
        "2 problems",
        "study.yaml:2:1: wrong on 2",
        "study.yaml:9:1: wrong on 9",
    ]


def test_a_warning_is_called_one_and_not_counted() -> None:
    error = InvalidFileError([problem(1, warning=True), problem(2)])
    assert str(error).splitlines()[:2] == ["1 problem", "study.yaml:1:1: warning: wrong on 1"]
    assert errors_in(error.problems) == (problem(2),)


def test_errors_are_told_before_warnings_where_there_are_too_many() -> None:
    many = [problem(line, warning=True) for line in range(1, LISTED + 1)]
    told, more = listed([*many, problem(99)])
    assert problem(99) in told
    assert (len(told), more) == (LISTED, ["... and 1 more"])
