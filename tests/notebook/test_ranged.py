"""A result with its range, and which input is to blame for it."""

from __future__ import annotations

import json
from datetime import date

import numpy as np
import pytest

import factories
import tula as tl
from command_line import tula
from tula.notebook.ranged import RangeError
from tula.policy.duties import DutiesOfDay
from tula.uncertainty.inputs import ELASTICITIES, TABLE
from tula.world.economy import Economy

DUTY = [tl.Tariff(importer="USA", exporter="IND", sectors="goods", add="25 pp")]


@pytest.fixture
def toy() -> Economy:
    return factories.toy_economy()


def error(toy: Economy, size: float) -> dict[str, float]:
    return dict.fromkeys(toy.sectors, size)


def test_the_centre_is_the_result_and_lies_within_its_range(toy: Economy) -> None:
    found = tl.with_range(toy, DUTY, table_error=error(toy, 0.1), draws=16)
    alone = tl.metrics.real_income(tl.solve(toy, DUTY))
    np.testing.assert_allclose(found.real_income.sel(what="central"), alone)
    low, middle, high = (found.real_income.sel(what=name) for name in ("p10", "p50", "p90"))
    assert bool(((low < middle) & (middle < high)).all())
    assert found.attrs["failed"] == 0
    assert found.attrs["solves"] == 64


def test_the_larger_error_is_to_blame(toy: Economy) -> None:
    def blame(size: float) -> dict[str, float]:
        told = tl.with_range(toy, DUTY, table_error=error(toy, size), draws=32)
        shares = told.real_income_blame.sel(region="IND")
        return dict(zip(shares["factor"].values.tolist(), shares.values.tolist(), strict=True))

    little, much = blame(0.005), blame(0.8)
    assert little[TABLE] < 0.2 < little[ELASTICITIES]
    assert much[TABLE] > little[TABLE] + 0.3


def test_an_exact_table_leaves_all_blame_to_elasticities(toy: Economy) -> None:
    found = tl.with_range(toy, DUTY, draws=8)
    assert found["factor"].values.tolist() == [ELASTICITIES]
    assert found.attrs["base_table"] == "taken as exact"


def test_the_same_seed_gives_the_same_range(toy: Economy) -> None:
    first, again, other = (tl.with_range(toy, DUTY, draws=8, seed=seed) for seed in (3, 3, 4))
    assert first.identical(again)
    assert not first.identical(other)


def test_a_metric_with_more_than_one_number_a_region_is_refused(toy: Economy) -> None:
    with pytest.raises(RangeError, match="more than one number a region"):
        tl.with_range(toy, DUTY, metrics=["output_volume"], draws=8)


@pytest.mark.slow
def test_the_duties_of_a_day_are_laid_on_every_draw() -> None:
    day = DutiesOfDay(date(2025, 11, 17))
    found = tl.with_range("icio-2024", DUTY, duties=day, draws=8)
    usa = found.real_income.sel(region="USA")
    assert float(usa.sel(what="central")) < 0.0
    assert float(usa.sel(what="p10")) < float(usa.sel(what="p90"))


@pytest.mark.long
def test_the_command_tells_range_and_blame() -> None:
    words = ["solve", "--tariff", "USA:IND:goods:+25pp", "--range", "--focus", "IND"]
    told = tula(*words)
    assert "10% to 90%" in told.output
    assert "base table drawn by its measured error" in " ".join(told.output.split())
    read = json.loads(tula(*words, "--json").stdout)["range"]
    india = read["real_income"]["IND"]
    assert india["p10"] < india["central"] < india["p90"]
    assert set(india["blame"]) == {ELASTICITIES, TABLE}
