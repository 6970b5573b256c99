import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tula.study.wording import (
    billions,
    bounds,
    changes,
    gain_or_loss,
    joined,
    named,
    percent,
    possessive,
    signed,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.234, "0.23%"), (-0.996, "−1.0%"), (4.06, "4.1%"), (38.4, "38%"), (-0.001, "0.00%")],
)
def test_a_percentage_shows_the_digits_that_matter(value: float, text: str) -> None:
    assert percent(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(3.2, "3 million USD"), (8123.0, "8.1 bn USD"), (-250_000.0, "−250 bn USD")],
)
def test_money_is_told_in_a_unit_of_its_size(value: float, text: str) -> None:
    assert billions(value) == text


@given(st.floats(-50, 50))
def test_the_verb_has_the_sign_of_the_change(change: float) -> None:
    text = gain_or_loss("India", change, 1000.0 * change)
    assert text.startswith("India gains ") == (change >= 0.005)
    assert text.startswith("India loses ") == (change <= -0.005)
    assert "−" not in text


@given(st.floats(-50, 50))
def test_no_zero_carries_a_sign(value: float) -> None:
    for text in (signed(value), changes(value), billions(value)):
        digits = re.sub(r"[^0-9.]", "", text)
        assert float(digits) != 0.0 or text[0] not in "+−-"


def test_a_range_of_one_value_is_told_as_that_value() -> None:
    assert bounds(-0.012, -0.011) == "at −0.01%"
    assert bounds(-0.2, 0.1) == "between −0.20% and +0.10%"


def test_names_take_their_article_and_genitive() -> None:
    assert named("United States") == "the United States"
    assert named("Rest of the world") == "the rest of the world"
    assert possessive("the United States") == "the United States'"
    assert possessive("India") == "India's"


def test_parts_are_joined_with_commas_and_one_and() -> None:
    assert joined(["a", "b", "c"]) == "a, b and c"
    assert joined(["a"]) == "a"
