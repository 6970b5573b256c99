"""What the answer says in words, whatever it is."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from tula.strategy.answer.result import Answer, MoveTold, PriceTold, Spread, Word
from tula.study.load import Study
from tula.study.verdict import verdict

NAMES = {"IND": "India", "USA": "the United States", "RUS": "Russia"}
BANKS = MoveTold(
    moves=("banks",), titles=("other banks",), cost=0.2, fails=0.1, decides=0.1, next=None,
    bound=False,
)  # fmt: skip
NOTHING = BANKS.model_copy(update={"moves": (), "titles": (), "cost": 0.0, "fails": 0.6})


def said(found: Answer, titles: dict[str, str] | None = None, **changes: Any) -> str:
    return " ".join(verdict(found.model_copy(update=changes), NAMES.__getitem__, titles))


def priced(found: Answer, sign: int, median: float = 1.5) -> PriceTold:
    assert found.price is not None
    price = Spread(median=median, low=median - 1.0, high=median + 1.0)
    return found.price.model_copy(update={"sign": sign, "price": price})


@pytest.mark.parametrize("label", get_args(Word))
def test_every_label_comes_first_with_its_odds(found: Answer, label: str) -> None:
    text = said(found, label=label, odds=0.42)
    assert text.startswith(f"{label[0].upper()}{label[1:]}: 42 in 100")


def test_ties_and_the_condition_that_decides_are_named(found: Answer) -> None:
    text = said(found)
    deciding = next(one for one in found.conditions if one.id == found.decides)
    assert deciding.kind == "hollow"
    for words in ("India keeps", "crude of Russia", "75%", "decide"):
        assert words in text


def test_where_nothing_comes_near_failing_no_condition_decides(found: Answer) -> None:
    calm = tuple(one.model_copy(update={"fails": 0.0}) for one in found.conditions)
    text = said(found, conditions=calm)
    assert "Nothing comes near failing." in text
    assert "decides" not in text


@pytest.mark.parametrize(
    ("sign", "words"), [(1, "balance costs"), (-1, "giving in costs"), (0, "no sign")]
)
def test_a_sign_is_told_where_there_is_one(found: Answer, sign: int, words: str) -> None:
    text = said(found, price=priced(found, sign))
    told = [one for one in ("balance costs", "giving in costs", "no sign") if one in text]
    assert told == [words]


@pytest.mark.parametrize(("median", "word"), [(1.5, "more"), (-1.5, "less")])
def test_the_side_of_a_price_is_told_in_words(found: Answer, median: float, word: str) -> None:
    text = said(found, price=priced(found, 0, median))
    sentence = text[text.index("Giving the oil up") :].split(":")[0]
    assert f"{word} " in sentence.split("(")[0] + " "


def test_without_a_price_none_is_told(found: Answer) -> None:
    assert "is worth" in said(found)
    text = said(found, price=None)
    assert "is worth" not in text
    assert "no sign" not in text


def test_a_power_that_never_pays_is_told_apart(found: Answer) -> None:
    def needed(chance: float) -> dict[str, Any]:
        spread = Spread(median=chance, low=chance, high=chance)
        return {"powers": tuple(one.model_copy(update={"needed": spread}) for one in found.powers)}

    assert said(found, **needed(0.3)) != said(found, **needed(1.0))
    assert "30%" in said(found, price=None, **needed(0.3))
    assert "100%" not in said(found, price=None, **needed(1.0))


def test_what_turns_the_label_goes_by_its_title(found: Answer) -> None:
    turning = next(one for one in found.turning if one.turns_at is not None)
    text = said(found, {turning.belief: "a well-known number"})
    assert "a well-known number at" in text
    still = tuple(one.model_copy(update={"turns_at": None}) for one in found.turning)
    assert "No single belief" in said(found, turning=still)


def test_the_best_move_is_named_with_what_it_brings(found: Answer) -> None:
    text = said(found, frontier=(NOTHING, BANKS))
    assert "other banks" in text
    assert "60% to 10%" in text


@pytest.mark.parametrize("frontier", [(), (NOTHING,)])
def test_where_no_move_helps_none_is_named(found: Answer, frontier: tuple[MoveTold, ...]) -> None:
    assert "other banks" not in said(found, frontier=frontier)


def test_words_hold_no_code_of_a_region(asking: Study, found: Answer) -> None:
    text = said(found)
    assert not [code for code in asking.economy.labels.regions if code in text]
