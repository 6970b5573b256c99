from collections.abc import Callable

import pytest

from made_answer import PRICE, TITLES
from tula.report import render
from tula.report.parts.price.part import Price
from tula.report.view import View

Answered = Callable[..., View]


def test_every_course_has_its_worth_and_its_gain(answered: Answered) -> None:
    rows = Price(answered()).table.rows
    assert [row.label for row in rows] == ["Keeping on", "A deal"]
    assert rows[0].cells == ("−3 (−4 to −2)", "keeps", "")
    assert rows[1].cells == ("−11 (−14 to −8)", "−7.7 (−11 to −4.2)", "−2 (−3 to −1)")


def test_the_common_part_is_told_as_a_range_over_draws_and_short_run_worlds(
    answered: Answered,
) -> None:
    view = answered()
    assert Price(view).common == "−2 (−6 to −1)"
    text = render(view.results)
    assert "−2 (−6 to −1) bn USD are common to taxed and untaxed goods" in text


def test_short_run_worlds_stand_in_their_order_and_without_those_that_failed(
    answered: Answered,
) -> None:
    worlds = {"first-year": 8.0, "buyers-hit-elastic": None, "buyers-hit": -7.5}
    chart = Price(answered(price=PRICE.model_copy(update={"by_world": worlds}))).chart
    label = chart.wide[: chart.wide.index(">")]
    assert label.index("only buyers".capitalize()) < label.index("Everybody is slow")
    assert "all others quick" not in label


@pytest.mark.parametrize(
    ("sign", "words"),
    [(0, "No sign is established: it is "), (1, "Balance costs."), (-1, "Giving in costs.")],
)
def test_the_sign_is_said_with_its_rule(answered: Answered, sign: int, words: str) -> None:
    text = render(answered(price=PRICE.model_copy(update={"sign": sign})).results)
    assert f"above zero in 5% of the draws. {words}" in text.replace("It is above", "above")
    assert "only where 80% of the draws agree" in text


def test_the_world_with_the_other_sign_is_named(answered: Answered) -> None:
    worlds = {"first-year": 8.0, "buyers-hit": -7.5}
    part = Price(answered(price=PRICE.model_copy(update={"by_world": worlds})))
    assert part.other == "8 bn USD where everybody is slow to turn"
    alike = PRICE.model_copy(update={"by_world": {"first-year": -8.0}})
    assert Price(answered(price=alike)).other == ""


def test_the_belief_that_moves_the_price_most_stands_beside_it(answered: Answered) -> None:
    plain = answered().results.answer
    assert plain is not None
    prices = ((-8.0, -7.7, -7.0), (-12.0, -7.7, -2.0), None)
    turning = [
        one.model_copy(update={"price": price})
        for one, price in zip(plain.turning, prices, strict=True)
    ]
    view = answered(turning=tuple(turning))
    found = Price(view).rests
    assert found is not None
    assert found[0].belief == turning[1].belief
    text = render(view.results)
    assert f"Most of it rests on <em>{TITLES[turning[1].belief]}</em>: −12 bn USD at " in text
    still = [one.model_copy(update={"price": None}) for one in turning]
    assert Price(answered(turning=tuple(still))).rests is None
    proof = plain.proof.model_copy(update={"fit": -1.0})
    sketched = answered(turning=tuple(turning), proof=proof)
    assert Price(sketched).rests is None
    assert "foretells some numbers worse than their mean" in render(sketched.results)


def test_a_study_in_which_nothing_gives_in_has_no_price(answered: Answered) -> None:
    view = answered(price=None)
    assert not Price(view).shown
    assert 'id="price"' not in render(view.results)
