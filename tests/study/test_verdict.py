from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from made_answer import CLOTH, FRONTIER, FUEL, PRICE, TITLES, answer, power, spread, tie
from tula.strategy.answer.result import Answer
from tula.study.verdict import turned, verdict, weakest

NAMES = {"IND": "India", "USA": "the United States", "RUS": "Russia"}


def said(found: Answer) -> str:
    return "\n".join(verdict(found, NAMES.__getitem__, TITLES)).replace("\u202f", " ")


def test_the_first_paragraph_is_the_label_with_its_odds_and_their_error() -> None:
    of = "India keeps 75% of every tie and yields to neither rival over 3 months from"
    first = verdict(answer(), NAMES.__getitem__)[0]
    assert first == f"Open: with 52 in 100 (±6), {of} 12 December 2025."
    exact = verdict(answer(error=0.0), NAMES.__getitem__)[0]
    assert exact == f"Open: with 52 in 100, {of} 12 December 2025."


def test_labels_that_the_error_does_not_tell_apart_are_both_told() -> None:
    near = said(answer(odds=0.92, label="holds", error=0.03))
    assert near.startswith("Holds or likely holds: with 92 in 100 (±3), ")
    assert said(answer(odds=0.92, label="holds", error=0.005)).startswith("Holds: ")
    assert said(answer(odds=0.3, label="likely broken", error=0.02)).startswith(
        "Likely broken or open: "
    )


def test_flows_are_told_with_their_ranges() -> None:
    assert (
        "Weakest: fuel sold, 79% kept (57 to 100), and cloth sold, 87% kept (83 to 91); "
        "the first falls short with 42%."
    ) in said(answer())


@given(
    st.permutations([tie("a", FUEL, 0.4), tie("b", CLOTH, 0.1), tie("c", spread(0.8, 0.7, 1), 0)])
)
def test_ties_told_do_not_depend_on_their_order(ties: list[Any]) -> None:
    assert [one.id for one in weakest(answer(ties=tuple(ties)))] == ["a", "c"]


def test_the_next_condition_is_told_where_it_comes_near() -> None:
    assert "next," not in said(answer())
    first, second, *rest = answer().conditions
    near = (first, second.model_copy(update={"fails": 0.2}), *rest)
    assert "; next, a break-off by the United States, 20%." in said(answer(conditions=near))


def test_where_nothing_fails_it_is_said() -> None:
    sound = tuple(one.model_copy(update={"fails": 0.0}) for one in answer().conditions)
    assert "nothing comes near failing." in said(answer(conditions=sound))


@pytest.mark.parametrize(
    ("sign", "words"), [(0, "no sign claimed"), (1, "balance costs"), (-1, "giving in costs")]
)
def test_a_sign_is_told_only_where_it_is_established(sign: int, words: str) -> None:
    told = said(answer(price=PRICE.model_copy(update={"sign": sign})))
    assert f"(11 less to 8 more over variants): {words}." in told


def test_the_price_has_the_range_of_draws_and_worlds() -> None:
    assert "Giving in (a deal) is worth 7.7 bn USD less (11 less to 8 more" in said(answer())
    missing = PRICE.model_copy(update={"by_world": {"buyers-hit": None}})
    assert "(11 less to 4.2 less): " in said(answer(price=missing))
    assert "worth" not in said(answer(price=None))


def test_leverage_says_what_must_be_believed_and_what_never_pays() -> None:
    assert (
        "Dropping Russia pays from 25% belief in a break-off by the United States (held: 10%)"
    ) in said(answer())
    neither = answer(powers=(power("USA", 1.0), power("RUS", 1.0)))
    assert "Dropping either rival never pays." in said(neither)
    both = said(answer(powers=(power("USA", 0.4), power("RUS", 0.3))))
    assert "Dropping Russia pays from 40% belief in a break-off by the United States (hel" in both
    assert "; dropping the United States pays from 30% belief in a break-off by Russia (hel" in both


def test_what_must_be_believed_before_a_demand_is_met_is_told_as_well() -> None:
    """Less than dropping a rival is asked for at less, and by a rival that nobody drops for."""
    less, sure = spread(0.04, 0.02, 0.08), spread(0.0, 0.0, 0.0)
    told = said(answer(powers=(power("USA", 0.4, less), power("RUS", 1.0, sure))))
    assert "by the United States (held: 10%), meeting its demand from 4%;" in told
    assert "; meeting the demand of Russia pays by itself." in told
    told = said(answer(powers=(power("USA", 1.0, less), power("RUS", 0.3))))
    assert "meeting the demand of the United States pays from 4% belief in its break-off (h" in told


def test_the_belief_that_turns_it_is_told_with_where_it_stands() -> None:
    assert "Would make it likely holds: “part still bought” at 0.69, not 0.62." in said(answer())
    assert "No single belief turns it." in said(answer(turning=answer().turning[1:]))


def test_the_belief_on_which_most_rests_is_told_with_who_says_so_and_what_would_turn_it() -> None:
    says = {"heeded": ["a newspaper"], "lasting": ["a judgement"]}

    def told(found: Answer) -> str:
        return "\n".join(verdict(found, NAMES.__getitem__, TITLES, says))

    whole = told(answer())
    assert (
        "Most rests on “part still bought”, 0.62 (a newspaper); 0.69 would make it: likely holds."
        in whole
    )
    assert "Would make it likely" not in whole
    other = told(answer(turning=answer().turning[1:]))
    assert "Most rests on “months that it lasts”, 12 (a judgement)." in other
    assert "No single belief turns it." in other
    still = answer().turning[2:]
    assert "Most rests" not in told(answer(turning=still))


@pytest.mark.parametrize(
    ("odds", "at", "to"),
    [
        ((0.4, 0.5, 0.95), 0.7, "likely holds"),
        ((0.2, 0.5, 0.6), 0.5, "likely broken"),
        ((0.05, 0.2, 0.25), 0.5, "broken"),
        ((0.95, 0.7, 0.6), 0.55, "holds"),
        ((0.5, 0.5, 0.5), None, None),
    ],
)
def test_a_belief_turns_the_label_to_the_next_on_its_way(
    odds: tuple[float, float, float], at: float | None, to: str | None
) -> None:
    turn = answer().turning[0].model_copy(update={"odds": odds, "turns_at": at})
    assert turned(turn) == to


def test_a_turn_close_to_the_median_is_told_apart_from_it() -> None:
    near = answer().turning[0].model_copy(update={"turns_at": 0.624})
    told = verdict(answer(turning=(near,)), NAMES.__getitem__, TITLES, {"heeded": ["a judgement"]})
    assert "0.62 (a judgement); 0.624 would make it" in told[-1]


def test_the_cheapest_moves_that_do_most_of_what_can_be_done_are_told() -> None:
    assert "To do: term contracts (12 points safer as judged)." in said(answer())
    weak = FRONTIER[1].model_copy(update={"fails": 0.45})
    assert "To do: term contracts and stocks (15 points safer as judged)." in said(
        answer(frontier=(FRONTIER[0], weak, FRONTIER[2]))
    )
    assert "No move stated in the study helps." in said(answer(frontier=FRONTIER[:1]))


def test_an_answer_longer_than_a_first_screen_tells_one_tie() -> None:
    long = answer().turning[0].model_copy(update={"belief": "a " * 60})
    assert "Weakest: fuel sold, 79% kept (57 to 100); it falls short" in said(
        answer(turning=(long,))
    )


def test_an_answer_longer_than_a_first_screen_names_one_source_and_then_no_day() -> None:
    def told(source: str) -> list[str]:
        return verdict(answer(), NAMES.__getitem__, TITLES, {"heeded": [source, "another paper"]})

    assert "(a paper and another paper)" in told("a paper")[-1]
    longer = told("a paper " * 10)
    assert "another paper" not in longer[-1]
    assert "12 December" in longer[0]
    longest = told("a paper " * 11)
    assert "12 December" not in longest[0]
    assert len(" ".join(longest).split()) <= 120
