import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import balance_sample as sample
from tula.study.balance import terms, words
from tula.study.balance.records import BalanceRecord, RuleOdds

NAMES = {"IND": "India", "USA": "the United States", "RUS": "Russia"}
STATES = ("captured", "aligned", "hollow", "costly", "free")


def name(code: str) -> str:
    return NAMES[code]


@pytest.fixture(scope="module")
def record() -> BalanceRecord:
    return sample.balance_record()


def with_odds(**shares: float) -> BalanceRecord:
    """A record in which the first rule gives these states."""
    told = sample.odds(tuple(shares.get(state, 0.0) for state in STATES))
    first, *rest = sample.balance_record().odds
    return sample.balance_record(odds=(RuleOdds(rule=first.rule, kept=told, best=told), *rest))


def sentences(text: str) -> list[str]:
    return re.split(r"(?<=\.) (?=[A-Z])", text)


def test_the_answer_opens_with_exactly_two_sentences(record: BalanceRecord) -> None:
    assert len(sentences(words.answer(record, name)[0])) == 2


@pytest.mark.parametrize(
    ("state", "head"),
    [
        ("captured", "No: India is most likely captured"),
        ("aligned", "No: India is most likely aligned"),
        ("hollow", "No, only in name: India's balance is most likely hollow"),
        ("costly", "Yes, at a price: India's balance most likely holds but costs"),
        ("free", "Yes: India's balance most likely holds and pays for itself"),
    ],
)
def test_the_answer_says_yes_or_no_by_the_state(state: str, head: str) -> None:
    assert words.opening(with_odds(**{state: 1.0}), name)[0].startswith(head)


def test_a_balance_broken_in_most_draws_is_never_called_kept() -> None:
    found = with_odds(captured=0.3, hollow=0.25, free=0.45)
    assert words.opening(found, name)[0].startswith("No: India is most likely captured (30%")


def test_a_hollow_balance_names_the_ties_that_lose_their_flow_the_worst_first(
    record: BalanceRecord,
) -> None:
    said = words.opening(record, name)[0]
    assert "75% of the flow is only 40% for goods sold to the US and 50% for Russian crude" in said
    assert "where balance needs 90%" in said
    assert "services" not in said


def test_a_capture_names_who_could_take_how_much() -> None:
    found = with_odds(captured=1.0).model_copy(update={"losses": sample.losses(0.033, 0.01)})
    said = words.opening(found, name)[0]
    assert "the United States could take away 3.3% of GDP, where 2% is the limit" in said
    assert "Russia" not in said


def test_an_aligned_state_names_the_enforced_demand_only() -> None:
    said = words.opening(with_odds(aligned=1.0), name)[0]
    assert "what the United States asks (no Russian crude, direct or indirect)" in said
    assert "arms" not in said


@pytest.mark.parametrize(
    ("price", "said"),
    [
        (
            -4.41,
            "India is 4.4 bn USD a year (0.12% of GDP) better off than if it gives in and buys",
        ),
        (4.41, "India is 4.4 bn USD a year (0.12% of GDP) worse off than if it gives in and buys"),
        (0.01, "India is as well off as if it gives in and buys no Russian crude"),
    ],
)
def test_the_second_sentence_tells_the_price_with_its_sign(price: float, said: str) -> None:
    changed = sample.balance_record(price=sample.span(price, -9.0, 9.0))
    assert said in words.opening(changed, name)[1]


def test_the_course_worth_more_than_the_one_kept_is_told(record: BalanceRecord) -> None:
    said = words.opening(record, name)[1]
    assert "but 0.9 bn USD worse off than if it buys a third less Russian crude." in said


def test_no_gain_by_deviating_is_told_where_the_course_kept_is_worth_most(
    record: BalanceRecord,
) -> None:
    changed = record.model_copy(update={"courses": (record.courses[0], *record.courses[2:])})
    assert words.opening(changed, name)[1].endswith(", and no other course is worth more.")


def test_giving_in_that_is_worth_most_is_not_told_twice(record: BalanceRecord) -> None:
    rich = record.courses[2].model_copy(update={"worth": sample.span(5.0, 4.0, 6.0)})
    courses = (*record.courses[:2], rich, *record.courses[3:])
    changed = record.model_copy(update={"courses": courses, "price": sample.span(11.5, 9.0, 13.0)})
    said = words.opening(changed, name)[1]
    assert said.endswith("gives in and buys no Russian crude, the course worth most.")


def test_no_sentence_of_the_opening_quotes_a_title(record: BalanceRecord) -> None:
    assert not any("('" in said or said.count(":") > 1 for said in words.opening(record, name))


def test_another_state_by_the_end_of_all_trade_is_a_caveat(record: BalanceRecord) -> None:
    said = words.caveat(record, name)
    assert "\n" not in said
    assert "India is captured, as the United States could take away 3.2% of GDP" in said
    assert said in words.answer(record, name)


def test_the_same_state_by_the_end_of_all_trade_is_no_caveat() -> None:
    assert words.caveat(with_odds(captured=1.0), name) == ""


def test_the_odds_tell_every_state_that_occurs_and_how_often_balance_holds(
    record: BalanceRecord,
) -> None:
    said = words.odds(record)
    assert "hollow 71%, free 18%, costly 6% and captured 5%" in said
    assert "Balance holds in 24% of draws" in said
    assert "hold in 91% if ties need keep only 50%, 2% if ties must keep 90%" in said
    assert "0% if rivals may end all trade" in said
    assert "aligned" not in said
    assert "'" not in said


def test_the_price_says_that_no_weight_on_autonomy_was_put_in(record: BalanceRecord) -> None:
    said = words.price(record, name)
    assert "−4.4 (−11.2 to 1.9) bn USD a year" in said
    assert "No weight on autonomy was put in" in said
    assert "up to 0.05% of GDP" in said


def test_a_price_of_next_to_nothing_asks_for_no_sacrifice() -> None:
    changed = sample.balance_record(required=sample.span(0.0, 0.0, 0.00002))
    assert "need not be willing to pay as much as 0.01% of GDP" in words.price(changed, name)


def test_a_price_that_nothing_turns_is_said_with_the_number_of_inputs(
    record: BalanceRecord,
) -> None:
    never = tuple(one for one in record.break_evens if one.found is None)
    said = words.breaks(record.model_copy(update={"break_evens": never}), name)
    assert said.startswith("Giving in would pay by none of the 1 inputs searched")


def test_a_frontier_tells_what_is_free_and_what_the_furthest_point_costs(
    record: BalanceRecord,
) -> None:
    first, *_, last = record.frontiers[0].points
    free = first.model_copy(update={"loss": 0.009, "cost": -1.0})
    points = (first, free, last)
    said = words.frontier(record.frontiers[0].model_copy(update={"points": points}), name)
    assert "exposure to Russia (1.7% of GDP) can be lowered to 0.90% without loss" in said
    assert "to 0.41% for 2.4 bn USD a year" in said


def test_a_frontier_of_one_point_lowers_nothing(record: BalanceRecord) -> None:
    point = record.frontiers[0].points[:1]
    said = words.frontier(record.frontiers[0].model_copy(update={"points": point}), name)
    assert said == "No charge tried lowers the exposure to Russia (1.7% of GDP)."


def test_survival_tells_the_end_and_the_month_in_which_odds_fall_below_even(
    record: BalanceRecord,
) -> None:
    assert "As defined, balance lasts 24 months with a probability of 15%" in words.survival(record)
    assert "below even in month 6" in words.survival(record)


def test_a_balance_broken_from_the_start_does_not_last(record: BalanceRecord) -> None:
    first = record.survival[0]
    nought = (0.0,) * len(first.months)
    lost = first.model_copy(update={"share": nought})
    said = words.survival(record.model_copy(update={"survival": (lost,)}))
    assert said == "Probability that it is broken from the start: as defined (100%)."


def test_sureness_counts_failures_and_assumptions(record: BalanceRecord) -> None:
    said = words.sureness(record)
    assert "512 draws in 6144 evaluations, 1 without an answer" in said
    assert "2 of 3 uncertain inputs are assumptions" in said


def test_what_a_record_leaves_empty_is_left_out() -> None:
    bare = sample.bare_record()
    assert words.breaks(bare, name) == words.holds(bare, name) == ""
    assert all(words.answer(bare, name))


def test_without_odds_nothing_is_claimed() -> None:
    said = words.answer(sample.balance_record(odds=()), name)
    assert "is not known" in said[0]
    assert not any("Odds if" in part for part in said)


@given(st.floats(0.0, 1.0))
def test_a_chance_is_told_as_none_or_all_only_if_it_is(share: float) -> None:
    told = terms.chance(share)
    assert (told == "0%") == (share == 0.0)
    assert (told == "100%") == (share == 1.0)


@settings(max_examples=40)
@given(st.lists(st.floats(0.0, 1.0), min_size=5, max_size=5).filter(lambda s: sum(s) > 0.1))
def test_the_state_told_is_on_the_side_that_most_draws_are_on(shares: list[float]) -> None:
    told = sample.odds(tuple(share / sum(shares) for share in shares))
    broken = sum(one.share for one in told[:3])
    assert (terms.leading(told).state in STATES[:3]) == (broken >= 0.5)


def test_an_input_is_said_to_move_the_price_only_if_the_draws_tell_its_share_from_nothing(
    record: BalanceRecord,
) -> None:
    sure, *rest = record.influence
    vague = [one.model_copy(update={"total": 0.9, "total_error": 1.7}) for one in rest]
    found = words.sureness(sample.balance_record(influence=(*vague, sure)))
    assert f"The price moves most with {sure.title} (" in found
    assert not any(one.title in found for one in vague)
    assert "so few draws" in words.sureness(sample.balance_record(influence=tuple(vague)))
