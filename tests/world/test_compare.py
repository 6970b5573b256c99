from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from tula.world.compare import LabelMismatchError, compare
from tula.world.economy import Economy


def test_an_economy_does_not_differ_from_itself(toy_economy: Economy) -> None:
    found = compare(toy_economy, toy_economy)
    errors = (found.bilateral, found.bilateral_by_sector, found.output, found.tariff)
    assert errors == (0.0, 0.0, 0.0, 0.0)


def test_one_changed_flow_is_the_whole_error_and_the_largest_difference(
    toy_economy: Economy,
) -> None:
    final = toy_economy.final.copy()
    final[1, 0, 0] += 7.0
    found = compare(replace(toy_economy, final=final), toy_economy)
    trade = toy_economy.trade * (np.eye(4) == 0)
    assert found.bilateral == pytest.approx(7.0 / trade.sum())
    first = found.largest[0]
    assert (first.exporter, first.importer, first.sector) == ("RUS", "IND", "OIL")
    assert first.difference == pytest.approx(7.0)


def test_sales_to_oneself_do_not_count_as_trade(toy_economy: Economy) -> None:
    final = toy_economy.final.copy()
    final[0, 0, 0] += 7.0
    found = compare(replace(toy_economy, final=final), toy_economy)
    assert found.bilateral == 0.0
    assert found.output > 0.0


def test_errors_that_cancel_between_sectors_show_only_by_sector(toy_economy: Economy) -> None:
    final = toy_economy.final.copy()
    shift = 0.5 * min(final[1, 0, 0], final[1, 1, 0])
    final[1, 0, 0] += shift
    final[1, 1, 0] -= shift
    found = compare(replace(toy_economy, final=final), toy_economy)
    assert found.bilateral == pytest.approx(0.0, abs=1e-12)
    assert found.bilateral_by_sector > 0.0


def test_a_region_left_out_takes_its_errors_along(toy_economy: Economy) -> None:
    final = toy_economy.final.copy()
    final[1, 0, 0] += 7.0
    found = compare(replace(toy_economy, final=final), toy_economy, without=("RUS",))
    assert found.bilateral == 0.0


def test_other_labels_are_refused(
    toy_economy: Economy, make_economy: Callable[..., Economy]
) -> None:
    with pytest.raises(LabelMismatchError, match="regions differ"):
        compare(make_economy(3, 3, 0), toy_economy)
