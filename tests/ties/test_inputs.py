"""Inputs of ties: ranges found by path, fixed for a draw, and errors told at once."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from tula.numbers.quantity import Growth, NotNegative, Positive, Quantity, Share
from tula.numbers.record import Record, fixed, quantities
from tula.ties.inputs import TieNameError, estimates, require_names
from tula.world.economy import Economy


class Part(Record):
    """A part of the inputs below."""

    weight: NotNegative
    length: Positive


class Whole(Record):
    """Inputs with parts, a table, and something that is no quantity."""

    name: str
    share: Share
    growth: Growth
    parts: tuple[Part, ...]
    table: dict[str, Quantity]


GIVEN = {
    "name": "whole",
    "share": {"value": 0.5, "low": 0.2, "high": 0.9},
    "growth": -0.1,
    "parts": [{"weight": 1.0, "length": 2.0}, {"weight": 0.0, "length": 4.0}],
    "table": {"one": 7.0},
}


def test_every_quantity_is_found_by_its_path() -> None:
    found = quantities(Whole.model_validate(GIVEN))
    assert list(found) == [
        "share",
        "growth",
        "parts.0.weight",
        "parts.0.length",
        "parts.1.weight",
        "parts.1.length",
        "table.one",
    ]


def test_fixing_replaces_quantities_and_nothing_else() -> None:
    whole = Whole.model_validate(GIVEN)
    values = {path: float(place) for place, path in enumerate(quantities(whole))}
    found = fixed(whole, values)
    assert {path: each.value for path, each in quantities(found).items()} == values
    assert found.name == "whole"
    assert whole == Whole.model_validate(GIVEN)


def test_an_estimate_covers_the_ranges_it_was_drawn_from() -> None:
    whole = Whole.model_validate(GIVEN)
    found = estimates(
        whole, lambda drawn: {"double": 2.0 * drawn.share.value}, {"double": ("share", "twice")}
    )["double"]
    assert found.central == 1.0
    assert 0.4 < found.low < 1.0 < found.high < 1.8
    assert (found.unit, found.meaning) == ("share", "twice")


def test_errors_of_nested_inputs_are_told_at_once_with_place_and_nearest_name() -> None:
    wrong = GIVEN | {
        "share": 50.0,
        "growth": -1.0,
        "parts": [{"weight": -1.0, "length": 0.0, "wieght": 1.0}],
        "tabel": {},
    }
    with pytest.raises(ValidationError) as caught:
        Whole.model_validate(wrong)
    told = str(caught.value)
    for part in (
        "5% is 0.05",
        "above -1 (-100%)",
        "parts.0.weight",
        "parts.0.length",
        "parts.0.wieght",
        "did you mean 'weight'",
        "did you mean 'table'",
    ):
        assert part in told
    assert caught.value.error_count() == 6


def test_inputs_do_not_change_once_made() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Whole.model_validate(GIVEN).name = "other"


def test_a_group_is_allowed_among_several_names_and_not_as_one(toy_economy: Economy) -> None:
    require_names(toy_economy.labels, {"bloc": ("first_two", "USA")}, {"goods": ("goods",)})
    with pytest.raises(TieNameError, match="pivot: unknown region 'first_two'"):
        require_names(toy_economy.labels, {"pivot": "first_two"})
