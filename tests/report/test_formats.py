import re

import pytest

from tula.report import formats


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
    assert formats.change(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0004, "<0.001%"), (-4e-5, "<0.001%"), (0.0, "0%"), (1e-9, "0%"), (-0.0006, "−0.001%")],
)
def test_a_percentage_that_rounds_to_zero_is_told_from_none(value: float, text: str) -> None:
    assert formats.percent(value) == text


def test_money_is_told_in_billions_with_the_sign_before_the_currency() -> None:
    assert formats.billions(-8123.0) == "−$8.12\u00a0bn"
    assert formats.billions(45.0) == "+$0.045\u00a0bn"


def test_a_level_carries_no_plus() -> None:
    assert formats.number(3.2) == "3.20"


def test_numbers_of_a_column_line_up_at_the_decimal_point() -> None:
    texts = formats.aligned(["+100", "−12.3", "+0.10\n+0.05 to 1", "−0.031", "n/a"])
    tails = [re.sub(r"^[+−0-9]*", "", text.split("\n")[0]) for text in texts[:4]]
    assert [len(tail) for tail in tails] == [4, 4, 4, 4]
    assert texts[0] == "+100\u2008\u2007\u2007\u2007"
    assert texts[4] == "n/a"


def test_small_residuals_are_written_as_powers_of_ten() -> None:
    assert formats.scientific(6.4e-11) == "6.4\u00a0×\u00a010⁻¹¹"
    assert formats.scientific(0.0) == "0"


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0004, "0.0004"), (-0.00061, "−0.0006"), (0.0, "0"), (0.02, "0.020"), (-3.2, "−3.20")],
)
def test_a_fine_level_is_never_rounded_to_zero(value: float, text: str) -> None:
    assert formats.fine(value) == text
