"""One title stands for one world, in a study, in its answer and in what a run leaves behind."""

from __future__ import annotations

from pathlib import Path

import pytest

import toy_answer
from tula.file.problems import InvalidFileError
from tula.numbers.quantity import Quantity
from tula.numbers.record import quantities
from tula.policy import describe
from tula.strategy.answer.policies import Situation, instruments
from tula.strategy.answer.scenarios import Scenario
from tula.study.effort import Effort
from tula.study.load import Study, load_study
from tula.study.remade import remade
from tula.study.results import StudyResults
from tula.study.run import run_study
from tula.study.trace import trace

STUDIES = ("india-2025", "turkey-2025", "canada-2026")


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> StudyResults:
    study = load_study(str(toy_answer.write(Path(tmp_path_factory.mktemp("titles")))))
    return run_study(study, quick=True, effort=Effort(draws=8))


def asked_of(study: Study) -> dict[str, Scenario]:
    """Scenarios of the answer, their numbers beliefs."""
    assert study.file.answer is not None
    named = {name: study.instruments[name] for name in study.file.answer.scenarios}
    return remade(named, study.grounds)


@pytest.mark.parametrize("name", STUDIES)
def test_the_answer_does_what_the_scenario_of_that_name_does(name: str) -> None:
    """At the values of its beliefs: S2-35 was a cap here, and a cap and a listing there."""
    study = load_study(name)
    values = {belief: quantity.value for belief, quantity in _beliefs(study).items()}
    for code, scenario in asked_of(study).items():
        told = [one.instrument for one in study.instruments[code]]
        assert [describe(one) for one in scenario.at(values)] == [describe(one) for one in told]


@pytest.mark.parametrize("name", STUDIES)
def test_a_threat_or_an_event_is_its_scenarios_and_nothing_else(name: str) -> None:
    study = load_study(name)
    asked, scenarios = study.file.answer, asked_of(study)
    assert asked is not None
    values = {belief: quantity.value for belief, quantity in _beliefs(study).items()}
    keep = asked.options[0].id
    quiet = instruments(asked, scenarios, Situation(keep, frozenset(), frozenset()), values)
    for switch in asked.switches:
        on = Situation(keep, frozenset({switch.id}), frozenset())
        does = instruments(asked, scenarios, on, values)[len(quiet) :]
        assert does == [one for code in switch.scenarios for one in scenarios[code].at(values)]


@pytest.mark.slow
def test_what_a_run_tells_of_a_title_is_what_it_solved_for_it(results: StudyResults) -> None:
    """In the manifest, in the numbers and in the sentence: one record a title."""
    records = results.manifest.scenarios
    titles = [one.title.casefold() for one in records]
    assert len(set(titles)) == len(titles) == len(results.data.scenario)
    income = results.data["real_income"].sel(closure="fixed", elasticity="own")
    for one in records:
        told = trace(results, f"scenarios.{one.id}.real_income.IND").figure.central
        assert told == pytest.approx(float(income.sel(scenario=one.id, region="IND")))
    found = results.answer
    assert found is not None
    called = [one.title.casefold() for one in found.courses]
    called += [title.casefold() for title in found.switches.values()]
    assert len({*called, *titles}) == len(called) + len(titles)


@pytest.mark.parametrize(
    ("old", "new", "first"),
    [
        ("title: A duty for it", "title: no oil from russia", "scenario STOP"),
        ("title: a duty for the oil", "title: a duty for it", "scenario PENALTY"),
        ("title: giving the oil up", "title: No oil from Russia", "scenario STOP"),
        ("title: firms heed the listing", "title: FIRMS shun the sellers", "scenario SHUNNED"),
        ("title: other banks", "title: giving the oil up", "stop under options"),
    ],
)
def test_a_title_for_two_worlds_is_refused(tmp_path: Path, old: str, new: str, first: str) -> None:
    assert old in toy_answer.ASKING
    text = toy_answer.ASKING.replace(old, new, 1)
    with pytest.raises(InvalidFileError, match=f"is what {first} is called: two worlds"):
        load_study(str(toy_answer.write(tmp_path, text)))


def _beliefs(study: Study) -> dict[str, Quantity]:
    assert study.file.answer is not None
    found = {one.belief: one for one in quantities(study.file.answer).values() if one.belief}
    for scenario in asked_of(study).values():
        found |= {leaf.number.belief: leaf.number for leaf in scenario.leaves}
    return found
