"""Whatever the market, it clears: what is bought, and what waits at sea, is what is sold."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tula.ties.oil.equilibrium import clear
from tula.ties.oil.market import OilMarket
from tula.ties.oil.parts import Regime


def market_of(premium: float, other: float, elasticity: float, redirectable: float) -> OilMarket:
    firms = [
        {"name": name, "volume": 0.4, "need": 0.7, "premium": premium * step}
        for step, name in enumerate(("first", "second", "third"))
    ]
    buyers = [
        {"region": "P", "need": 5.0, "volume": 1.5, "freight": 3.0, "refiners": firms},
        {"region": "Q", "need": 9.0, "volume": 2.5, "freight": 2.0, "premium": other},
    ]
    return OilMarket.model_validate(
        {
            "pivot": "P",
            "partner": "S",
            "benchmark": 65.0,
            "fob_discount": 5.0,
            "supply": {"flat_above": 40.0, "zero_below": 30.0},
            "elasticity": elasticity,
            "intermediation": 8.0,
            "redirectable": redirectable,
            "world": {"volume": 100.0, "elasticities": "CCI17"},
            "sellers": [{"name": "company", "share": 1.0}],
            "buyers": buyers,
        }
    )


@settings(max_examples=10, deadline=None)
@example(premium=6.0, other=14.0, elasticity=1.0, redirectable=0.0)
@given(st.floats(0.0, 20.0), st.floats(0.0, 20.0), st.floats(1.0, 40.0), st.floats(0.0, 1.0))
def test_every_market_clears(
    premium: float, other: float, elasticity: float, redirectable: float
) -> None:
    market = market_of(premium, other, elasticity, redirectable)
    found = clear(market, Regime(designated=("company",)))
    assert abs(found.supply_residual) < 1e-7
    assert (found.unit_volume >= 0.0).all()
    dropped = sum(max(0.0, found.volume_before(code) - found.volume(code)) for code in ("P", "Q"))
    assert found.afloat == pytest.approx((1.0 - redirectable) * dropped, abs=1e-5)


@settings(max_examples=25, deadline=None)
@given(st.floats(0.0, 20.0), st.floats(1.0, 40.0))
def test_a_firm_stays_exactly_if_the_discount_covers_its_premium(
    premium: float, elasticity: float
) -> None:
    found = clear(market_of(premium, 2.0, elasticity, 1.0), Regime(designated=("company",)))
    for firm in found.firms:
        gap = found.discount("P") - firm.premium
        assert firm.stays == (1.0 if gap > 0.0 else 0.0) or abs(gap) < 1e-5
