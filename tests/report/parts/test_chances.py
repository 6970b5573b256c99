from collections.abc import Callable

from made_answer import answer, power
from tula.report.page import render
from tula.report.parts.chances.part import Chances
from tula.report.view import View
from tula.strategy.answer.proofs import SecondTold

Answered = Callable[..., View]


def test_every_condition_stands_with_its_chance_the_likeliest_first(answered: Answered) -> None:
    rows = Chances(answered()).conditions.rows
    assert [(row.label, row.cells[0]) for row in rows][:2] == [
        ("Fuel sold", "42%"),
        ("A break-off by the United States", "6%"),
    ]
    assert len(rows) == len(answer().conditions)
    assert [row.strong for row in rows] == [True] + [False] * 5


def test_each_condition_is_told_in_its_own_unit(answered: Answered) -> None:
    told = {row.label: row.cells[1] for row in Chances(answered()).conditions.rows}
    assert told["Fuel sold"] == "79% (57 to 100) kept"
    assert told["A break-off by the United States"] == (
        "believed with 10% (5 to 20); giving up Russia pays from 25% (20 to 35)"
    )
    assert told["A break-off by Russia"].endswith("makes giving up the United States pay")
    assert told["No fuel"] == (
        "0% met by the government, 20% (0 to 40) by anybody; obeying begins at 25%"
    )


def test_a_demand_about_no_tie_is_held_against_its_own_line(answered: Answered) -> None:
    alone = answer().demands[0].model_copy(update={"anybody": None})
    told = Chances(answered(demands=(alone,))).conditions.rows[-1].cells[1]
    assert told == "0% met by the government; obeying begins at 90%"


def test_a_break_off_that_pays_is_told_by_the_belief_it_needs(answered: Answered) -> None:
    powers = (power("USA", 0.25), power("RUS", 0.5))
    told = [row.cells[1] for row in Chances(answered(powers=powers)).conditions.rows]
    assert any("pays from 50%" in one for one in told)


def test_the_chart_draws_the_line_and_is_read_out(answered: Answered) -> None:
    chart = Chances(answered()).chart
    assert "stroke-dasharray" in chart.wide
    assert "line at 75%" in chart.wide
    assert "Fuel sold: 79%, 57 to 100" in chart.narrow


def test_both_readings_of_a_second_equilibrium_are_told(answered: Answered) -> None:
    read = {"fuel": 0.6, "IND": -3.6}, {"fuel": 0.4, "IND": -5.1}
    second = SecondTold(situation="keep", first_year=0.65, first=read[0], other=read[1])
    proof = answer().proof.model_copy(
        update={"seconds": (second,), "second_starts": 3, "failed": 1}
    )
    (told,) = Chances(answered(proof=proof)).seconds
    assert told == (
        "keep, sigma 0.65: fuel sold 60% or 40%; real income of India −3.6 or −5.1 bn USD a year"
    )
    text = render(answered(proof=proof).results)
    assert told in text
    assert "led to another equilibrium in 1" in text
    assert "Without an equilibrium, and left out: 1 more." in text


def test_only_traded_ties_name_what_they_are_ratios_to(answered: Answered) -> None:
    assert Chances(answered()).references == ["2024, the base year of a world"]
