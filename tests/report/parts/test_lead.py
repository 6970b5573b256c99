from collections.abc import Callable

from tula.report import render
from tula.report.part import csv
from tula.report.parts.lead.part import Lead
from tula.report.view import View
from tula.study.results import StudyResults

Answered = Callable[..., View]


def test_the_first_screen_has_at_most_a_hundred_and_twenty_words(answered: Answered) -> None:
    assert len(" ".join(Lead(answered()).paragraphs).split()) <= 120


def test_the_picture_shows_the_months_the_weakest_ties_and_what_stands(answered: Answered) -> None:
    picture = Lead(answered()).picture
    assert picture is not None
    for drawn in picture.wide, picture.narrow:
        for told in ("Dec", "Jan", "Feb", "Fuel sold, % of 2024", "Firms heed the listing", "75%"):
            assert f">{told}</text>" in drawn
        assert "Paying" not in drawn


def test_the_picture_is_told_to_those_who_cannot_see_it(answered: Answered) -> None:
    picture = Lead(answered()).picture
    assert picture is not None
    assert 'role="img"' in picture.wide
    for told in ("fuel sold 79% (57 to 100)", "firms heed the listing 70%, then 23%"):
        assert told in picture.wide


def test_the_path_can_be_taken_away(answered: Answered) -> None:
    head, *rows = csv(Lead(answered()).taken["ahead"]).splitlines()
    assert "flows fuel median" in head.split(",")
    assert len(rows) == 3


def test_a_study_that_asks_nothing_has_a_head_without_a_picture(results: StudyResults) -> None:
    lead = Lead(View(results))
    assert (lead.picture, lead.taken) == (None, {})
    assert results.manifest.answer.split(".")[0] in render(results)
