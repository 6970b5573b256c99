"""NAFTA: published figures, two independent codes, and what the published sum leaves out."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from tula.equilibrium import FixedBalance, calibrate
from tula.replicate import ReplicationReport
from tula.replicate.cp2015_data import settle, spending_from_shares
from tula.world.economy import Economy


@pytest.mark.reference
def test_every_published_figure_is_reproduced_to_its_last_digit(
    cp2015: ReplicationReport,
) -> None:
    assert [row for row in cp2015.rows if not row.agrees] == []
    assert len(cp2015.rows) == 18


@pytest.mark.reference
def test_every_comparison_with_another_code_holds(cp2015: ReplicationReport) -> None:
    assert [item for item in cp2015.comparisons if not item.agrees] == []
    assert {item.figures for item in cp2015.comparisons} == {31, 15, 12, 6}


@pytest.mark.reference
def test_mexicos_exact_gain_is_near_zero_where_the_published_sum_is_large(
    cp2015: ReplicationReport,
) -> None:
    mexico = next(r for r in cp2015.rows if (r.quantity, r.place) == ("welfare", "Mexico"))
    assert mexico.reproduced == pytest.approx(1.3121, abs=1e-4)
    assert mexico.exact == pytest.approx(0.0073, abs=1e-4)


def test_spending_follows_from_shares_and_income(make_economy: Callable[..., Economy]) -> None:
    base = calibrate(make_economy(5, 4, 11))
    spending = spending_from_shares(
        base.trade_share / (1 + base.tariff),
        base.tariff,
        base.input_share,
        base.final_share,
        base.value_added + base.imbalance,
    )
    np.testing.assert_allclose(spending, base.expenditure, rtol=1e-10)


def test_a_world_in_equilibrium_settles_to_itself(make_economy: Callable[..., Economy]) -> None:
    base = calibrate(make_economy(4, 3, 5))
    settled = settle(base, FixedBalance())
    np.testing.assert_allclose(settled.trade_share, base.trade_share, rtol=1e-8)
    np.testing.assert_allclose(settled.value_added, base.value_added, rtol=1e-8)
