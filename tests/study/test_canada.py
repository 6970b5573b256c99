"""The study of Canada that comes with the package."""

import pytest

from tula.policy.duties import embedded_duties
from tula.strategy.answer.answer import prepared
from tula.strategy.answer.moving import moving
from tula.strategy.answer.stand import Asked
from tula.study.asked import stand_of
from tula.study.citations import is_later
from tula.study.effort import Effort
from tula.study.load import Study, load_study
from tula.study.remade import remade
from tula.study.results import StudyResults
from tula.study.run import run_study
from tula.study.trace import trace


@pytest.fixture(scope="module")
def study() -> Study:
    return load_study("canada-2026")


@pytest.fixture(scope="module")
def results(study: Study) -> StudyResults:
    return run_study(study, quick=True, effort=Effort(draws=8))


def income(results: StudyResults, scenario: str) -> float:
    return trace(results, f"scenarios.{scenario}.real_income.CAN").figure.central


def test_what_was_published_after_the_day_of_the_deal_is_later_whatever_it_is_about(
    study: Study,
) -> None:
    later = {name for name in study.evidence if is_later(study.evidence[name], study.file.on)}
    assert {"C12", "C30", "C34", "C49", "C63"} <= later
    assert {"C32", "C56", "C58", "C61", "C74"}.isdisjoint(later)


def test_the_duty_on_american_cars_is_the_studys_and_not_in_the_table_too(study: Study) -> None:
    table = embedded_duties()
    rows = [
        one
        for one in table.on(study.file.on)
        if (one.importer, one.partner, one.sector) == ("CAN", "USA", "MOT")
    ]
    assert rows == []
    (duty,) = study.instruments["CARS-US"]
    assert (duty.instrument.add, duty.instrument.coverage) == (0.25, 0.1)
    belief = study.file.beliefs["cars-charged"]
    assert {"C86", "C87"} <= set(belief.evidence)


def test_what_farms_harvest_answers_prices_as_its_sources_say(study: Study) -> None:
    """Ethanol's part of the crops that does not come back, over the rise in prices: both sides."""
    belief = study.file.beliefs["harvest"]
    assert belief.value == study.evidence["X04"].value
    rise = study.evidence["X05"].value
    assert rise is not None
    both = 0.05 * 2.0 / 3.0 / (rise / 100.0)
    demand = both - float(belief.value)
    assert demand == pytest.approx(0.067, abs=0.001)
    fewest, most = (0.05 * 2.0 / 3.0 / one - demand for one in (0.35, 0.14))
    assert float(belief.low or 0.0) == pytest.approx(fewest, abs=0.002)
    assert most < float(belief.high or 0.0)


def test_what_china_and_canada_charged_is_the_same_wherever_it_stands(study: Study) -> None:
    """In the answer, as a scenario with everything else, and beside full alignment."""
    given = {name: [one.instrument for one in made] for name, made in study.instruments.items()}
    for within, parts in {"STATUS": ("CANOLA", "CARS-CHINA"), "ALIGN": ("CANOLA",)}.items():
        assert all(one in given[within] for part in parts for one in given[part])


@pytest.mark.long
def test_every_scenario_is_solved_and_the_deal_pays_until_washington_answers(
    results: StudyResults,
) -> None:
    assert not any(one.failures for one in results.manifest.scenarios)
    assert income(results, "STATUS") < income(results, "DEAL") < 0.0
    assert income(results, "DEAL-35") < income(results, "USMCA-ENDS") < income(results, "DEAL")


@pytest.mark.long
def test_the_duty_on_canadian_goods_comes_near_the_published_averages(
    results: StudyResults,
) -> None:
    """5.8% by the Bank of Canada (C34), about 7% by BMO (C74)."""
    duty = trace(results, "scenarios.US-DAY.pair_goods_tariff.USA.CAN.new").figure.central
    assert 5.0 < duty < 8.0


@pytest.mark.long
def test_what_it_sells_to_china_decides_its_balance(results: StudyResults) -> None:
    assert results.answer is not None
    assert results.answer.decides == "farms"
    assert {one.id for one in results.answer.ties} >= {"us-goods", "us-crude", "farms"}


def test_the_quota_and_the_share_that_claims_origin_move_what_they_are_about(
    study: Study,
) -> None:
    asked = study.file.answer
    assert asked is not None
    known = remade({name: study.instruments[name] for name in asked.scenarios}, study.grounds)
    task, drawn, number = prepared(asked, study.economy, known, 8, 0, study.table)
    found = moving(asked, task.scenarios, drawn, number)
    for situation, names in zip(number, found.situations, strict=True):
        assert ("cars-quota" in names) == (situation.course == "deal" and situation.acted)
        assert ("unclaimed" in names) == ("border" in situation.on)


@pytest.mark.long
def test_more_goods_without_a_claim_of_origin_pay_more(study: Study) -> None:
    kept = [
        stand_of(study, Asked(beliefs={"unclaimed": ratio})).kept["us-goods"]
        for ratio in (0.9, 1.5, 3.0)
    ]
    assert kept[0] > kept[1] > kept[2]


@pytest.mark.long
def test_a_smaller_quota_counts_as_a_gain_and_one_that_is_not_filled_as_nothing(
    study: Study,
) -> None:
    """As every duty does while buyers are slow to turn: its scenario's notes say so."""
    incomes = [
        stand_of(study, Asked(beliefs={"cars-quota": part})).income["CAN"]
        for part in (0.8, 0.95, 1.1, 1.2)
    ]
    assert incomes[0] > incomes[1] > incomes[2]
    assert incomes[3] == pytest.approx(incomes[2], abs=1e-6)
    (scenario,) = (one for one in study.file.scenarios if one.id == "CARS-QUOTA")
    assert "a smaller quota counts as a gain" in " ".join(scenario.notes)
