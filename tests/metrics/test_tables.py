"""Metrics as tables."""

from __future__ import annotations

import pytest

from tula import metrics
from tula.equilibrium import Solution


def test_the_long_table_keeps_every_number_with_its_unit(moved: Solution) -> None:
    income, balance = metrics.real_income(moved), metrics.trade_balance(moved)
    table = metrics.tidy(income, balance)
    assert len(table) == income.size + balance.size
    row = table[
        (table.metric == "trade_balance") & (table.region == "R01") & (table.state == "new")
    ]
    assert row.value.item() == balance.sel(region="R01", state="new").item()
    assert row.unit.item() == "million USD"


def test_the_table_by_region_titles_its_columns_with_units(moved: Solution) -> None:
    table = metrics.region_table(moved)
    assert list(table.index) == list(moved.labels.regions)
    assert table["Real income (%)"].tolist() == metrics.real_income(moved).values.tolist()


def test_a_metric_with_more_axes_is_refused_in_a_table_by_region(moved: Solution) -> None:
    with pytest.raises(metrics.TableShapeError, match="trade_value"):
        metrics.region_table(moved, ["real_income", "trade_value"])
