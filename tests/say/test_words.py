from hypothesis import given
from hypothesis import strategies as st

from tula.say.words import (
    bounds,
    gain_or_loss,
    joined,
    named,
    possessive,
)


@given(st.floats(-50, 50))
def test_the_verb_has_the_sign_of_the_change(change: float) -> None:
    text = gain_or_loss("India", change, 1000.0 * change)
    assert text.startswith("India gains ") == (change >= 0.005)
    assert text.startswith("India loses ") == (change <= -0.005)
    assert "−" not in text


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
