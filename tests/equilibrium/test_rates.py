"""Import duties as an array."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

import tula as tl
from tula.policy.compile import BaseRateError
from tula.world.economy import Economy


def test_an_array_of_rates_is_the_instrument_that_sets_them(toy_economy: Economy) -> None:
    duty = tl.Tariff(importer="USA", exporter=["IND", "RUS"], sectors="all", set=0.25)
    rates = xr.DataArray(
        [0.25, 0.25], dims="exporter", coords={"exporter": ["Region RUS", "IND"], "importer": "USA"}
    )
    shock = tl.tariff_array(toy_economy, rates)
    assert np.array_equal(shock.tariff, tl.solve(toy_economy, duty).shock.tariff)
    assert shock.ledger[0].cells == 6
    assert "raises the rate on 6 cells" in shock.ledger[0].note


def test_a_full_array_in_any_order_and_a_plain_one_agree(toy_economy: Economy) -> None:
    rates = np.random.default_rng(1).uniform(0.0, 0.5, toy_economy.tariff.shape)
    base = toy_economy.to_dataset()["tariff"]
    labelled = base.copy(data=rates).isel(sector=[2, 0, 1], importer=[3, 1, 0, 2]).T
    plain = tl.tariff_array(toy_economy, rates)
    assert np.array_equal(tl.tariff_array(toy_economy, labelled).tariff, plain.tariff)
    assert np.array_equal(tl.tariff_array(toy_economy, labelled * 1.0).tariff, plain.tariff)
    home = np.eye(4, dtype=bool)
    assert np.array_equal(plain.tariff[:, home], toy_economy.tariff[:, home])
    assert np.array_equal(plain.tariff[:, ~home], rates[:, ~home])


def test_percent_is_read_where_the_array_says_so(toy_economy: Economy) -> None:
    rates = xr.DataArray(25.0, coords={"importer": "USA", "exporter": "IND"}, attrs={"units": "%"})
    moved = tl.tariff_array(toy_economy, rates).tariff != toy_economy.tariff
    assert (tl.tariff_array(toy_economy, rates).tariff[moved] == 0.25).all()
    assert moved.sum() == 3


def test_instruments_act_on_top_of_an_array(toy_economy: Economy) -> None:
    top = tl.Tariff(importer="USA", exporter="IND", sectors="OIL", add=0.1)
    shock = tl.tariff_array(toy_economy, 0.2, [top])
    oil, usa, ind = 0, toy_economy.regions.index("USA"), toy_economy.regions.index("IND")
    assert shock.tariff[oil, usa, ind] == pytest.approx(0.3)
    assert shock.tariff[oil, ind, usa] == 0.2
    solution = tl.solve(toy_economy, shock, closure="balanced")
    assert solution.certificate.holds
    assert len(solution.shock.ledger) == 2


@pytest.mark.parametrize(
    ("rates", "told"),
    [
        (np.zeros((3, 4)), "sector 3, importer 4, exporter 4"),
        (25.0, "finite fractions above -1 and up to 5"),
        (np.nan, "finite fractions"),
        (xr.DataArray([0.1], dims="partner"), "has axes partner"),
        (xr.DataArray([0.1], dims="exporter"), "each with labels"),
        (xr.DataArray([0.1], coords={"exporter": ["IRD"]}), "did you mean 'IND'"),
        (xr.DataArray([0.1, 0.2], coords={"exporter": ["IND", "ind"]}), "more than once"),
    ],
)
def test_what_is_no_array_of_rates_is_refused(rates, told: str, toy_economy: Economy) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(tl.TulaError, match=told) as caught:
        tl.tariff_array(toy_economy, rates)
    assert isinstance(caught.value, BaseRateError) == ("finite" in told)
