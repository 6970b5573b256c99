"""Commodities by themselves beside the world, as the page has them."""

from __future__ import annotations

from collections.abc import Callable

from tula.report import render
from tula.report.parts.markets.part import Markets
from tula.report.view import View

Answered = Callable[..., View]


def test_account_and_world_stand_side_by_side_with_how_far_they_are_apart(
    answered: Answered,
) -> None:
    part = Markets(answered())
    (row,) = part.table.rows
    assert row.cells == ("6.0", "−8.20", "−9.30", "10%", "+10.5", "+10.6")
    text = render(part.view.results)
    assert "They lie at most 10% apart" in text
    assert "beyond 25% there would be no answer" in text


def test_without_a_commodity_there_is_no_such_part(answered: Answered) -> None:
    view = answered(markets=())
    assert not Markets(view).shown
    assert 'id="markets"' not in render(view.results)
