import re
from collections.abc import Callable

from made_answer import spread
from tula.report import render
from tula.report.parts.lead.part import Lead
from tula.report.parts.since.part import Since
from tula.report.view import View
from tula.strategy.answer.result import ForecastTold
from tula.study.backtest.outcomes import Outcome
from tula.study.backtest.score import Arrival, score
from tula.study.results import StudyResults

Answered = Callable[..., View]
CAME = Arrival(tie="fuel", month=1.5, share=0.875)
FORECASTS = (
    ForecastTold(id="fuel", title="fuel in May", unit="kb/d", number=spread(80.0, 60.0, 90.0),
                 values=(60.0, 80.0, 90.0)),
    ForecastTold(id="ruling", title="a ruling by June", unit="", chance=0.25),
)  # fmt: skip


def outcome(came: float, before: float) -> Outcome:
    """What came of a forecast, and what was known last."""
    told = {"value": before, "source": "April", "evidence": "F01"}
    return Outcome.model_validate(
        {"persistence": told, "came": {"value": came, "evidence": ["F02"]}}
    )


def since(answered: Answered, arrival: Arrival | None = None) -> View:
    """A page on which a forecast is won and another lost; what came of the latter's tie."""
    results = answered(forecasts=FORECASTS).results
    assert results.answer is not None
    outcomes = {"fuel": outcome(75.0, 100.0), "ruling": outcome(0.0, 0.0)}
    lost, won = score(results.answer, outcomes)
    told = lost.model_copy(update={"arrival": arrival}), won
    manifest = results.manifest.model_copy(update={"since": told, "hashes": {}})
    return View(StudyResults(manifest, results.data, results.ties, results.answer))


def test_one_line_tells_losses_first(answered: Answered) -> None:
    assert Since(since(answered)).line == (
        "Of 2 outcomes, what was known last foretold 1 better "
        "(a ruling by June) and the answer 1; 1 of 1 numbers lie in ranges meant to hold 1."
    )


def test_every_outcome_stands_below_it_losses_first(answered: Answered) -> None:
    rows = Since(since(answered)).table.rows
    assert [row.label for row in rows] == ["A ruling by June", "Fuel in May"]
    assert rows[0].cells[:2] == ("25%", "no")
    assert rows[1].cells[:2] == ("80.0 kb/d (60.0 to 90.0)", "75.0 kb/d")


def test_facts_link_to_what_came(answered: Answered) -> None:
    text = render(since(answered).results)
    assert '<section id="since">' in text
    assert 'href="#since"' in re.findall(r'<tr id="fact-F02">.*?</tr>', text, re.S)[0]


def test_what_came_of_a_weak_tie_is_a_dot_beside_its_path(answered: Answered) -> None:
    lead, without = Lead(since(answered, CAME)), Lead(since(answered))
    assert lead.picture is not None and without.picture is not None
    assert (lead.picture.wide.count("<circle"), without.picture.wide.count("<circle")) == (1, 0)
    assert re.search(r"fuel sold [^;]*, came 88%;", lead.picture.wide)
    assert "dots: what came" in lead.html({}) and "dots" not in without.html({})


def test_a_study_of_which_nothing_came_has_no_such_part(answered: Answered) -> None:
    assert not Since(answered()).shown
