"""Worlds from arrays and from shares."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

import tula as tl
from tula.equilibrium import Calibration
from tula.world.arrays import SharesError
from tula.world.economy import AXES, Economy

SHARES = ("trade_share", "value_added_share", "input_share", "final_share")
LEVELS = ("expenditure", "output", "value_added", "imbalance", "final_spending")


@pytest.fixture(scope="module")
def taxed() -> Economy:
    import factories

    return factories.make_economy(4, 3, 7, export_taxes=True)


@pytest.fixture(scope="module")
def base(taxed: Economy) -> Calibration:
    return tl.calibrate(taxed)


def from_shares(base: Calibration, **changes: object) -> Economy:
    names = (*SHARES, "final_spending", "tariff", "export_tax", "trade_elasticity")
    given = {name: getattr(base, name) for name in names} | changes
    codes = {"regions": base.labels.regions, "sectors": base.labels.sectors}
    return tl.world_from_shares(**given, **codes)


def test_a_world_from_shares_has_these_shares_and_clears(base: Calibration) -> None:
    again = tl.calibrate(from_shares(base))
    for name in (*SHARES, *LEVELS):
        assert getattr(again, name) == pytest.approx(getattr(base, name), rel=1e-9, abs=1e-6)
    assert not tl.check_economy(from_shares(base), strict=True)


def test_two_regions_without_inputs_are_what_they_are_by_hand() -> None:
    world = tl.world_from_shares(
        trade_share=np.array([[[0.8, 0.2], [0.1, 0.9]]]),
        value_added_share=np.ones((2, 1)),
        final_share=np.ones((2, 1)),
        final_spending=[100.0, 200.0],
        regions={"A": "Home", "B": "Abroad"},
        sectors=["ALL1"],
    )
    assert world.output[:, 0] == pytest.approx([80.0 + 20.0, 20.0 + 180.0])
    assert world.labels.region_names["B"] == "Abroad"
    assert world.trade_elasticity.tolist() == [4.0]


def test_labelled_arrays_are_put_in_order_by_name(taxed: Economy) -> None:
    data = taxed.to_dataset()
    turned = {name: data[name].transpose(*reversed(AXES[name])) for name in AXES}
    turned["final"] = turned["final"].isel(importer=[2, 0, 3, 1], sector=[1, 2, 0])
    turned["tariff"] = turned["tariff"].isel(exporter=[3, 2, 1, 0])
    world = tl.world_from_arrays(**turned, regions=taxed.regions, sectors=taxed.sectors)
    for name in AXES:
        assert np.array_equal(getattr(world, name), getattr(taxed, name)), name


def test_one_rate_for_all_spares_sales_at_home(taxed: Economy) -> None:
    world = tl.world_from_arrays(
        taxed.intermediate, taxed.final, tariff=0.1, regions=taxed.regions, sectors=taxed.sectors
    )
    assert (world.tariff[:, ~np.eye(4, dtype=bool)] == 0.1).all()
    assert (world.tariff[:, np.eye(4, dtype=bool)] == 0.0).all()


@pytest.mark.parametrize(
    ("field", "spoil", "told"),
    [
        ("intermediate", lambda a: a.values[0], "exporter 4, sector 3, importer 4, user 3"),
        ("final", lambda a: a.rename(sector="goods"), "has axes exporter, goods, importer"),
        ("final", lambda a: a.isel(importer=[0, 1, 2, 2]), "needs every importer once"),
        ("final", lambda a: a.isel(importer=[0, 1]), "needs every importer once, has 2"),
        ("tariff", lambda a: a.assign_coords(sector=["S00", "S01", "X"]), "unknown sector 'X'"),
    ],
)
def test_what_does_not_fit_is_told_with_the_axes(field, spoil, told, taxed: Economy) -> None:  # type: ignore[no-untyped-def]
    data = taxed.to_dataset()
    given = {"intermediate": data["intermediate"], "final": data["final"]}
    given[field] = spoil(data[field])
    with pytest.raises(tl.TulaError, match=told):
        tl.world_from_arrays(**given, regions=taxed.regions, sectors=taxed.sectors)


def test_shares_that_do_not_add_up_are_told_with_their_places(base: Calibration) -> None:
    trade = np.array(base.trade_share)
    trade[1, 2] *= 1.1
    with pytest.raises(SharesError, match=r"trade_share over exporters of R02 S01 is 1\.1"):
        from_shares(base, trade_share=trade)
    with pytest.raises(SharesError, match="input_share over inputs of R00 S00"):
        from_shares(base, input_share=0.0)
    final = np.array(base.final_share)
    final[0, :2] = final[0, 0] + 2.0, final[0, 1] - 2.0
    with pytest.raises(SharesError, match="negative"):
        from_shares(base, final_share=final)


def test_a_share_may_be_labelled(base: Calibration) -> None:
    labels = base.labels
    coords = {"region": list(labels.regions), "sector": list(labels.sectors)}
    final = xr.DataArray(base.final_share, coords, ["region", "sector"])[::-1].T
    again = tl.calibrate(from_shares(base, final_share=final))
    assert again.final_share == pytest.approx(base.final_share, rel=1e-9)
