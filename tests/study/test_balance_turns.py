from hypothesis import given
from hypothesis import strategies as st

import balance_sample as sample
from tula.study.balance import turns
from tula.study.balance.records import BalanceRecord

NAMES = {"IND": "India", "USA": "the United States", "RUS": "Russia"}


def name(code: str) -> str:
    return NAMES[code]


def searched(**changes: object) -> BalanceRecord:
    """A record with one search: the first of the sample, changed."""
    one = sample.balance_record().break_evens[0].model_copy(update=changes)
    return sample.balance_record(break_evens=(one,))


def told(record: BalanceRecord) -> tuple[str, ...]:
    """Every sentence on turns."""
    return tuple(line for one in turns.turns(record, name) for line in (*one.found, *one.never))


def test_what_makes_giving_in_pay_leads_then_ties_then_payments() -> None:
    found = [one.heading for one in turns.turns(sample.balance_record(), name)]
    assert found == [
        "When giving in would pay",
        "Goods sold to the US",
        "Services sold to the US",
        "Payments once channels close",
    ]


def test_a_turn_of_the_price_tells_its_place_beside_the_study() -> None:
    (said,) = told(searched())
    assert said == "Giving in would pay once the extra duty exceeds 41 points (25 in the study)."


def test_a_turn_below_the_study_is_told_as_a_fall() -> None:
    assert "falls below 12 points (25 in the study)" in told(searched(found=12.0))[0]


def test_a_turn_tells_how_far_it_holds_where_it_turns_back() -> None:
    meaning = "at least 75% is left of crude"
    rising = searched(found=41.0, until=62.0, meaning=meaning)
    assert told(rising)[0].endswith("exceeds 41 and up to 62 points (25 in the study).")
    falling = searched(found=12.0, until=5.0)
    assert told(falling)[0].endswith("falls below 12 and down to 5 points (25 in the study).")
    shares = searched(unit="share", found=0.7, until=0.9, central=0.6)
    assert told(shares)[0].endswith("exceeds 70% and up to 90% (60% in the study).")


def test_a_turn_against_expectation_tells_why() -> None:
    (said,) = told(searched(meaning="less is left of crude", why="beyond that RUS sells less"))
    assert said.endswith("(25 in the study); beyond that Russia sells less.")


def test_where_giving_in_pays_already_a_turn_makes_the_balance_pay() -> None:
    record = searched().model_copy(update={"price": sample.span(2.0, 1.0, 3.0)})
    assert told(record)[0].startswith("Keeping the course would pay once")


def test_a_turn_of_access_tells_what_holds_above_it_even_below_the_study() -> None:
    (said,) = turns.turns(sample.balance_record(), name)[1].found
    assert said == (
        "Less than 75% is left of goods sold to the US once the extra duty exceeds 18 points "
        "(25 in the study)."
    )


def test_a_share_turns_at_percent() -> None:
    (said,) = told(searched(unit="share", found=0.1, central=0.6))
    assert "falls below 10% (60% in the study)" in said


def test_a_turn_where_the_study_stands_is_told_as_such() -> None:
    assert told(searched(found=25.001))[0].endswith("exceeds 25 points (where the study stands).")


def test_a_chance_that_is_all_that_access_allows_is_told_as_such() -> None:
    access = "access is not sure enough for crude"
    record = searched(
        name="chance.x:crude", unit="probability", found=0.1, central=0.1, meaning=access
    )
    (said,) = told(record)
    assert said.endswith("10% (where the study stands, 100% less the 90% asked of access).")


def test_a_turn_is_told_to_two_digits() -> None:
    assert "exceeds 27 points" in told(searched(found=27.31))[0]
    assert "exceeds 131 points" in told(searched(found=131.2))[0]
    assert "falls below 0.069 points" in told(searched(found=0.0689))[0]


def test_all_that_never_turns_the_price_stands_in_one_sentence() -> None:
    (price, *_) = turns.turns(sample.balance_record(), name)
    assert price.never == (
        "None of these does within the range searched: the share of the year with it (0% to 100%).",
    )


def test_what_holds_whatever_an_input_is_tells_the_range_searched() -> None:
    (said,) = turns.turns(sample.balance_record(), name)[2].never
    assert said == (
        "At least 75% is left of services sold to the US whatever the extra duty (0 to 100 points)."
    )


def test_codes_of_regions_become_names() -> None:
    said = " ".join(told(sample.balance_record()))
    assert "the discount on crude from Russia falls below −2.6 USD a barrel" in said
    assert "RUS" not in said


def test_a_search_without_a_turn_tells_what_holds_all_over_the_range() -> None:
    record = sample.balance_record()
    found = {one.name: turns.beyond(record, one) for one in record.break_evens}
    assert found["persistence.penalty"] == "keeping the course pays"
    assert found["size.penalty"] == "giving in would pay"


def test_the_test_of_access_is_told_only_where_ties_were_searched() -> None:
    assert "at least 75% of a tie is left with a probability of 90%" in turns.asked(
        sample.balance_record()
    )
    assert turns.asked(searched()) == ""


@given(st.floats(-1e4, 1e4), st.sampled_from(["points", "share", "USD a barrel", ""]))
def test_every_turn_is_one_sentence_without_a_colon(found: float, unit: str) -> None:
    (said,) = told(searched(found=found, unit=unit))
    assert said.endswith(").")
    assert ":" not in said
