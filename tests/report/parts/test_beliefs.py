import re
from collections.abc import Callable

from tula.report import render
from tula.report.parts.beliefs.part import Beliefs
from tula.report.view import View
from tula.study.results import StudyResults

Answered = Callable[..., View]


def test_every_belief_stands_with_its_ground(answered: Answered) -> None:
    text = render(answered().results)
    row = re.findall(r'<tr id="belief-heeded">.*?</tr>', text, re.S)[0]
    assert "Part still bought" in row
    assert 'href="#fact-F01"' in row
    assert "0.2 to 0.8" in row
    assert "A judgement." in re.findall(r'<tr id="belief-lasting">.*?</tr>', text, re.S)[0]


def test_a_fact_links_to_the_belief_that_rests_on_it(answered: Answered) -> None:
    text = render(answered().results)
    assert 'href="#belief-heeded"' in re.findall(r'<tr id="fact-F01">.*?</tr>', text, re.S)[0]


def test_what_no_value_reaches_is_said(answered: Answered) -> None:
    part = Beliefs(answered())
    assert part.excluding == ["No value of “part still bought” makes the label “broken”."]
    assert part.judged == 2


def test_what_was_fitted_is_said(answered: Answered) -> None:
    view = answered()
    told = [
        one.model_copy(update={"fitted": one.field == "heeded"}) for one in view.manifest.beliefs
    ]
    manifest = view.manifest.model_copy(update={"beliefs": tuple(told), "hashes": {}})
    text = render(StudyResults(manifest, view.data, answer=view.results.answer))
    assert "fitted to figures of the day: part still bought." in text
