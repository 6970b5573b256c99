"""Every metric reads a batch, and solutions are taken along as datasets and tables."""

from __future__ import annotations

import numpy as np
import pytest

import tula as tl
from tula.equilibrium import Batch, Calibration, CalibrationError, Solution
from tula.metrics import METRICS
from tula.metrics.tables import OVERVIEW
from tula.world.economy import Economy

DUTY = tl.Tariff(importer="USA", exporter="IND", sectors="goods", add=0.1)
SHUT = tl.Embargo(importer="IND", exporter="all", sectors="all")


@pytest.fixture(scope="module")
def cut_off() -> Economy:
    """A world whose first region makes no goods of the first sector itself."""
    import factories

    world = factories.toy_economy()
    final, inputs = np.array(world.final), np.array(world.intermediate)
    final[0, 0, 0] = inputs[0, 0, 0] = 0.0
    return tl.world_from_arrays(
        inputs, final, regions=world.regions, sectors={s: f"Sector {s}" for s in world.sectors}
    )


@pytest.fixture(scope="module")
def batch(cut_off: Economy) -> Batch:
    goods = tl.Tariff(importer="USA", exporter="IND", sectors=["OIL", "MAN"], add=0.1)
    return tl.solve_batch(cut_off, {"quiet": [], "shut": [SHUT], "duty": [goods]})


@pytest.mark.parametrize("name", METRICS)
def test_a_metric_of_a_batch_is_that_of_each_scenario(name: str, batch: Batch) -> None:
    metric = METRICS[name]
    found = metric(batch)
    assert found.dims == ("scenario", *metric.dims)
    for scenario in ("quiet", "duty"):
        alone = metric(batch[scenario])
        assert found.sel(scenario=scenario, drop=True).identical(alone)
    assert np.isnan(found.sel(scenario="shut")).all()


def test_a_batch_is_a_sequence_of_solutions(batch: Batch) -> None:
    first, last = batch[0], batch[-1]
    assert first.real_income_hat == pytest.approx(1.0)
    assert np.array_equal(last.income, batch["duty"].income)
    assert [one.closure.name for one in batch[::2]] == ["fixed", "fixed"]
    assert len(batch) == 3
    with pytest.raises(tl.TulaError, match="IND"):
        batch["shut"]
    with pytest.raises(tl.TulaError, match="did you mean 'duty'"):
        batch["duti"]
    with pytest.raises(IndexError):
        batch[3]


def test_a_batch_without_names_is_numbered_and_iterates(toy_economy: Economy) -> None:
    batch = tl.solve_batch(toy_economy, [[DUTY], []])
    assert [one.shock.ledger != () for one in batch] == [True, False]
    assert tl.metrics.real_income(batch).scenario.values.tolist() == [0, 1]
    assert tl.metrics.region_table(batch).index.names == ["scenario", "region"]


def test_a_batch_of_readings_has_no_solutions(toy_economy: Economy) -> None:
    read = tl.solve_batch(toy_economy, [[DUTY]], reading=tl.readings.real_income("IND"))
    with pytest.raises(CalibrationError, match="did not keep"):
        tl.metrics.real_income(read)


def test_a_dataset_holds_every_metric_with_its_meaning_and_proof(
    taxed_calibration: Calibration, moved: Solution
) -> None:
    data = moved.to_dataset()
    assert set(data.data_vars) == set(METRICS)
    for name, array in data.data_vars.items():
        assert np.array_equal(array, METRICS[str(name)].values(moved), equal_nan=True)
        assert {"units", "base", "sign", "long_name"} <= set(array.attrs)
    assert data.attrs["proof"] == str(moved.certificate)
    assert data.attrs["steps"] == list(taxed_calibration.provenance.steps)
    assert data["region_name"].values[0] == "Region R00"
    assert data["real_income"].sel(region_name="Region R01") == data["real_income"][1]
    assert data["cost"].sel(region="R01", sector_name="Sector S02") == data["cost"][1, 2]


def test_a_dataset_is_written_and_read_by_others(moved: Solution, tmp_path) -> None:  # type: ignore[no-untyped-def]
    import xarray as xr

    moved.to_dataset().to_netcdf(tmp_path / "all.nc", engine="h5netcdf")
    with xr.open_dataset(tmp_path / "all.nc", engine="h5netcdf") as again:
        assert again["real_income"].attrs["base"] == "base final spending"
        assert np.array_equal(again["ev"], moved.to_dataset()["ev"])


def test_arrays_with_names_join_with_arrays_without(moved: Solution) -> None:
    income = tl.metrics.real_income(moved)
    bare = income.drop_vars("region_name")
    assert ((income + bare) == 2.0 * bare).all()


def test_a_frame_has_a_row_for_every_number(moved: Solution) -> None:
    frame = moved.to_frame(["real_income", "exports"])
    assert list(frame.columns) == ["metric", "unit", "region", "sector", "state", "value"]
    assert len(frame) == 4 + 4 * 3 * 3
    assert len(tl.metrics.tidy(moved)) == 4 * len(OVERVIEW)
    with pytest.raises(tl.TulaError, match="did you mean 'exports'"):
        moved.to_frame(["export"])


def test_the_list_of_metrics_says_what_each_is() -> None:
    listed = tl.metrics.list()
    assert [*listed.index] == [*METRICS]
    assert listed.loc["ev", "unit"] == "million USD"
    assert (listed[["title", "unit", "base", "sign", "description"]] != "").all(axis=None)
    assert listed.loc["exports", "dims"] == ("region", "sector", "state")


@pytest.mark.parametrize(
    ("said", "meant"),
    [("welfare", "real_income"), ("Equivalent variation", "ev"), ("imprts", "imports")],
)
def test_a_metric_by_another_name_is_told_by_its_own(said: str, meant: str) -> None:
    with pytest.raises(tl.TulaError, match=f"did you mean '{meant}'"):
        tl.metrics.find_metric(said)


@pytest.mark.parametrize("module", [tl, tl.metrics, tl.plot])
def test_only_public_names_are_offered(module) -> None:  # type: ignore[no-untyped-def]
    assert sorted(dir(module)) == sorted(module.__all__)
    for name in dir(module):
        assert getattr(module, name) is not None
