import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tula.numbers import write
from tula.numbers.estimate import Estimate


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (-0.0004, "0"),
        (0.0006, "+0.001"),
        (-0.0312, "−0.031"),
        (0.0999, "+0.10"),
        (-0.2341, "−0.23"),
        (9.996, "+10.0"),
        (-12.34, "−12.3"),
        (99.96, "+100"),
        (1234.5, "+1\u202f234"),
        (float("nan"), "n/a"),
    ],
)
def test_a_change_is_signed_and_its_decimals_follow_its_size(value: float, text: str) -> None:
    assert write.change(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0004, "<0.001%"), (-4e-5, "<0.001%"), (0.0, "0%"), (1e-9, "0%"), (-0.0006, "−0.001%")],
)
def test_a_percentage_that_rounds_to_zero_is_told_from_none(value: float, text: str) -> None:
    assert write.change_percent(value) == text


def test_money_held_in_millions_is_written_in_billions() -> None:
    assert write.billions(-8123.0) == "−8.12 bn USD"
    assert write.billions(45.0, signed=True) == "+0.045 bn USD"
    assert write.billions(0.4) == "0.0004 bn USD"


def test_a_level_carries_no_plus() -> None:
    assert write.number(3.2) == "3.20"


def test_numbers_of_a_column_line_up_at_the_decimal_point() -> None:
    texts = write.aligned(["+100", "−12.3", "+0.10\n+0.05 to 1", "−0.031", "n/a"])
    tails = [re.sub(r"^[+−0-9]*", "", text.split("\n")[0]) for text in texts[:4]]
    assert [len(tail) for tail in tails] == [4, 4, 4, 4]
    assert texts[0] == "+100\u2008\u2007\u2007\u2007"
    assert texts[4] == "n/a"


def test_small_residuals_are_written_as_powers_of_ten() -> None:
    assert write.scientific(6.4e-11) == "6.4\u00a0×\u00a010⁻¹¹"
    assert write.scientific(0.0) == "0"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0004, "0.0004"),
        (-0.00061, "−0.0006"),
        (0.0, "0"),
        (0.02, "0.020"),
        (-3.2, "−3.20"),
        (-9e-11, "0"),
    ],
)
def test_a_fine_level_is_rounded_to_zero_only_where_it_is_noise(value: float, text: str) -> None:
    assert write.fine(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.234, "0.23%"),
        (0.96, "0.96%"),
        (-0.996, "−1.0%"),
        (4.06, "4.1%"),
        (38.4, "38%"),
        (-0.001, "<0.01%"),
        (0.0, "0%"),
    ],
)
def test_a_percentage_in_a_sentence_shows_the_digits_that_matter(value: float, text: str) -> None:
    assert write.percent(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3.2, "3 million USD"),
        (370.0, "0.37 bn USD"),
        (8123.0, "8.1 bn USD"),
        (-250_000.0, "−250 bn USD"),
    ],
)
def test_money_in_a_sentence_is_told_in_a_unit_of_its_size(value: float, text: str) -> None:
    assert write.money(value) == text


@given(st.floats(-1e7, 1e7))
def test_no_zero_carries_a_sign(value: float) -> None:
    told = (write.fixed(value, 1, signed=True), write.change(value), write.money(value))
    for text in told:
        digits = re.sub(r"[^0-9.]", "", text)
        assert float(digits) != 0.0 or text[0] not in "+−-"


@given(st.floats(-1e9, 1e9).filter(lambda value: abs(value) > 0.01))
def test_what_is_written_reads_back_to_two_digits(value: float) -> None:
    text = write.fine(value).replace("−", "-").replace(write.THIN, "")
    assert float(text) == pytest.approx(value, rel=0.06)


def test_a_range_stands_behind_its_central_value_and_before_the_unit() -> None:
    told = Estimate(2.0, 1.0, 3.5)
    assert write.ranged(told, write.number, " bn USD") == "2.00 (1.00 to 3.50) bn USD"
    assert write.ranged(Estimate(2.0, 2.0, 2.0), write.number, " years") == "2.00 years"
    outside = Estimate(0.5, 1.0, 3.5)
    assert write.ranged(outside, write.number, beyond="!") == "0.50 (1.00 to 3.50!)"


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.155, "share", "16%"),
        (99.7, "days", "100 days"),
        (1234.0, "", "1234"),
        (-0.5, "x", "−0.5 x"),
    ],
)
def test_a_quantity_has_two_digits_and_its_unit(value: float, unit: str, text: str) -> None:
    assert write.quantity(value, unit) == text
