"""India on 12 December 2025, with the beliefs of a prototype, keeps the order of its magnitudes."""

from __future__ import annotations

import pytest

from strategy.answer.india import india


@pytest.mark.long
def test_the_order_of_magnitude_of_the_prototype_is_found_again() -> None:
    """It found odds of 0.53, crude kept at 0.80 (0.57 to 1.02), goods at 0.90, p of 0.24."""
    found = india(draws=8)
    assert found.label in ("open", "likely holds")
    assert found.decides == "crude"
    assert 0.35 < found.odds < 0.75
    ties = {one.id: one.kept for one in found.ties}
    assert 0.7 < ties["crude"].median < 0.9
    assert ties["crude"].low < 0.65
    assert 0.8 < ties["us_goods"].low <= ties["us_goods"].high < 1.0
    first, second = found.powers
    assert 0.15 < first.needed.median < 0.4
    assert second.needed.median == 1.0
    assert found.price is not None
    assert found.price.sign == 0
    assert found.proof.failed == 0
    assert found.proof.interpolation < 0.001
    assert found.proof.second_starts > 0
    assert {one.hand for one in found.hands} >= {"buys goods", "sells OIL", "all"}
