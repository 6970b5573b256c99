import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import balance_sample as sample
from tula.numbers import write
from tula.numbers.estimate import Estimate
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
    assert words.opening(found, name)[0].startswith(
        "No: India is most likely captured (in 154 of 512 draws)"
    )


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


def test_a_capture_tells_what_the_rival_can_do_in_law() -> None:
    lost = tuple(
        one.model_copy(update={"power": "duties on all goods"}) for one in sample.losses(0.033, 0.0)
    )
    found = with_odds(captured=1.0).model_copy(update={"losses": lost})
    said = words.opening(found, name)[0]
    assert "3.3% of GDP by what it can do in law (duties on all goods), where 2% is" in said
    assert "duties" not in words.captors(found, found.rules[-1], name)


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
    assert said.endswith(
        "central inputs it is 0.92 bn USD worse off than if it buys a third less Russian crude."
    )


def test_what_a_limit_on_purchases_gains_is_told_as_a_bound(record: BalanceRecord) -> None:
    keep, trim, *rest = record.courses
    limited = trim.model_copy(update={"limited": True})
    changed = record.model_copy(update={"courses": (keep, limited, *rest)})
    said = words.opening(changed, name)[1]
    assert said.endswith("less Russian crude (an upper bound: no seller answers in kind).")


def test_what_the_price_is_an_expectation_over_is_told_where_it_is_told(
    record: BalanceRecord,
) -> None:
    assert "over the next year, " in words.opening(record, name)[1]
    when = "over the next year, threats and events weighed by their chances,"
    assert when in words.price(record, name)


def test_draws_are_counted_and_failed_ones_left_out() -> None:
    drawn = Estimate(central=-4.4, low=-9.0, high=-1.0, median=-4.0, above=0.25)
    told = sample.odds((0.0, 0.0, 1.0, 0.0, 0.0))
    failed = tuple(one.model_copy(update={"least": 0.875 * one.share}) for one in told)
    rule = RuleOdds(rule="main", kept=failed, best=failed)
    changed = sample.balance_record(draws=64, price=drawn, odds=(rule,))
    first, second = words.opening(changed, name)
    assert "hollow (in all 56 draws)" in first
    assert "better off in 42 of 56 draws than if it gives in" in second


def test_no_gain_by_deviating_is_told_where_the_course_kept_is_worth_most(
    record: BalanceRecord,
) -> None:
    changed = record.model_copy(update={"courses": (record.courses[0], *record.courses[2:])})
    assert words.opening(changed, name)[1].endswith("; no other course is worth more.")


def test_giving_in_that_is_worth_most_is_not_told_twice(record: BalanceRecord) -> None:
    rich = record.courses[2].model_copy(update={"worth": sample.span(5.0, 4.0, 6.0)})
    courses = (*record.courses[:2], rich, *record.courses[3:])
    changed = record.model_copy(update={"courses": courses, "price": sample.span(11.5, 9.0, 13.0)})
    said = words.opening(changed, name)[1]
    assert said.endswith("; giving in is the course worth most.")


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
    assert said.endswith(", and in none with the others.")
    assert "rivals may end all trade" not in said
    assert "aligned" not in said
    assert "'" not in said


def test_the_price_says_that_no_weight_on_autonomy_was_put_in(record: BalanceRecord) -> None:
    said = words.price(record, name)
    assert "is −4.4 bn USD a year or −0.12% of GDP (10th to 90th percentile −11.2 to 1.9)" in said
    assert "above zero giving in pays" in said
    assert "No weight on autonomy was put in" in said
    assert "up to 0.05% of GDP" in said


def test_a_price_where_balance_is_broken_is_said_to_buy_the_course_alone(
    record: BalanceRecord,
) -> None:
    assert "the price of the course alone: balance does not hold" in words.price(record, name)
    assert "course alone" not in words.price(with_odds(free=1.0), name)


def test_a_central_price_outside_its_range_is_explained() -> None:
    outside = Estimate(central=0.32, low=0.36, high=1.2, median=0.78, above=1.0)
    said = words.price(sample.balance_record(price=outside), name)
    assert "0.36 to 1.2; median 0.78; the central figure lies outside, as it takes" in said


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
    told = "A charge on trade with Russia can lower the exposure to it (1.7% of GDP before threats"
    assert said.startswith(told)
    assert "to 0.90% without loss" in said
    assert "to 0.41% for 2.4 bn USD a year" in said


def test_a_frontier_of_one_point_lowers_nothing(record: BalanceRecord) -> None:
    point = record.frontiers[0].points[:1]
    said = words.frontier(record.frontiers[0].model_copy(update={"points": point}), name)
    assert said.startswith("No charge on trade with Russia that was tried lowers the exposure")


def test_a_frontier_that_stays_over_the_limit_says_so(record: BalanceRecord) -> None:
    russia, america = record.frontiers
    high = tuple(one.model_copy(update={"loss": one.loss + 0.03}) for one in america.points)
    over = america.model_copy(update={"points": high})
    said = words.lowering(record.model_copy(update={"frontiers": (russia, over)}), name)
    assert ["under the limit of 2%" in one for one in said] == [False, True]


def test_survival_tells_the_end_and_the_month_in_which_odds_fall_below_even(
    record: BalanceRecord,
) -> None:
    assert "As defined, balance lasts 24 months with a probability of 15%" in words.survival(record)
    assert "below even in month 6" in words.survival(record)
    assert "average the chances of all draws" in words.survival(record)


def test_a_balance_broken_from_the_start_does_not_last(record: BalanceRecord) -> None:
    first = record.survival[0]
    nought = (0.0,) * len(first.months)
    lost = first.model_copy(update={"share": nought})
    said = words.survival(record.model_copy(update={"survival": (lost,)}))
    assert said == "It is broken from the start as defined."
    rare = first.model_copy(update={"share": (0.25, *nought[1:])})
    said = words.survival(record.model_copy(update={"survival": (rare,)}))
    assert said == "It is broken from the start as defined (75%)."


def test_a_balance_broken_by_every_rule_says_so_once(record: BalanceRecord) -> None:
    lost = [one.model_copy(update={"share": (0.0,) * len(one.months)}) for one in record.survival]
    assert len(lost) > 1
    said = words.survival(record.model_copy(update={"survival": tuple(lost)}))
    assert said == "It is broken from the start by every reading."


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
    told = write.chance(share)
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
    first, second, *rest = record.influence
    found = words.sureness(record)
    assert f": {first.title}, 49% ± 6; {second.title}, 31% ± 5; {rest[0].title}, 19%" in found
    vague = second.model_copy(update={"total_error": 1.7})
    told = words.sureness(sample.balance_record(influence=(first, vague, *rest)))
    assert f": {first.title}, 49% ± 6." in told
    top = vague.model_copy(update={"total": 0.9})
    assert "so few draws" in words.sureness(sample.balance_record(influence=(top, first)))


def test_a_half_width_is_never_told_as_none(record: BalanceRecord) -> None:
    sharp = record.influence[0].model_copy(update={"total_error": 0.001})
    assert "49% ± under 1." in words.sureness(sample.balance_record(influence=(sharp,)))
