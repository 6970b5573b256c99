from collections.abc import Callable

from tula.report import render
from tula.report.view import View
from tula.study.results import StudyResults


def test_a_page_is_cited_by_version_study_and_day(answered: Callable[..., View]) -> None:
    view = answered()
    assert view.citation == (
        "India between two powers. Tula 0.1.0, study test-study-01234567, seed 7, 16 draws, "
        "as of 12 December 2025."
    )
    assert f'id="cite">How to cite: {view.citation}' in render(view.results)


def test_a_study_that_asks_nothing_is_cited_without_a_day(results: StudyResults) -> None:
    view = View(results)
    assert (
        view.citation == "India between two powers. Tula 0.1.0, study test-study-01234567, seed 7."
    )
    assert view.verdict == []


def test_a_page_tells_its_answer_where_it_is_linked_to(answered: Callable[..., View]) -> None:
    text = render(answered().results)
    assert '<meta property="og:description" content="Open: with 52 in 100 (±6), India' in text
    assert '<meta property="og:title" content="Can India keep its balance' in text
