from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

import tula as tl
from tula.equilibrium import batch as batches
from tula.notebook.sweep import SweepError
from tula.world.economy import Economy

DUTY = tl.Tariff(importer="USA", exporter="IND", sectors="goods", add=0.1)
COST = tl.TradeCost(importer="RUS", exporter="ROW", sectors="all", factor=1.1, name="route")


def alone(world: Economy, *policy: object, region: str = "IND") -> float:
    return float(tl.metrics.real_income(tl.solve(world, list(policy))).sel(region=region))


def test_every_point_of_a_grid_is_the_solve_of_its_policy(toy_economy: Economy) -> None:
    over = {"add": ["5 pp", 0.25], "importer": ["USA", ["RUS", "USA"]]}
    grid = tl.sweep(toy_economy, DUTY, over)
    assert grid.real_income.dims == ("add", "importer", "region")
    assert grid.importer.values.tolist() == ["USA", "RUS + USA"]
    for i, add in enumerate(over["add"]):
        for j, importer in enumerate(over["importer"]):
            duty = tl.Tariff(importer=importer, exporter="IND", sectors="goods", add=add)
            one = alone(toy_economy, duty)
            assert grid.real_income[i, j].sel(region="IND") == pytest.approx(one, abs=1e-9)
    assert grid.real_income.attrs["units"] == "%"
    assert (grid.failure == "").all()


def test_fields_of_a_list_are_named_by_place_or_name(toy_economy: Economy) -> None:
    grid = tl.sweep(toy_economy, [DUTY, COST], {"0.add": [0.2], "route.factor": [1.3]})
    duty = tl.Tariff(importer="USA", exporter="IND", sectors="goods", add=0.2)
    cost = tl.TradeCost(importer="RUS", exporter="ROW", sectors="all", factor=1.3)
    one = alone(toy_economy, duty, cost)
    assert grid.real_income.sel(region="IND").item() == pytest.approx(one, abs=1e-9)


def test_a_function_may_make_the_policy(toy_economy: Economy) -> None:
    grid = tl.sweep(toy_economy, lambda worse: [DUTY] if worse else [], {"worse": [False, True]})
    assert grid.real_income.sel(region="IND", worse=False) == pytest.approx(0.0, abs=1e-9)
    one = alone(toy_economy, DUTY)
    assert grid.real_income.sel(region="IND", worse=True) == pytest.approx(one, abs=1e-9)


def test_chunks_do_not_show(toy_economy: Economy, monkeypatch: pytest.MonkeyPatch) -> None:
    over = {"add": [0.0, 0.1, 0.2, 0.3, 0.4]}
    whole = tl.sweep(toy_economy, DUTY, over)
    monkeypatch.setattr("tula.notebook.sweep.CHUNK", 2)
    assert batches.CHUNK > 5
    xr.testing.assert_allclose(whole, tl.sweep(toy_economy, DUTY, over), rtol=0.0, atol=1e-9)


def test_what_has_no_solution_is_not_a_number_and_says_why(toy_economy: Economy) -> None:
    shut = [tl.Embargo(importer="IND", exporter="all", sectors="all")]
    home = np.array(toy_economy.final)
    home[0, :, 0] = 0.0
    world = tl.world_from_arrays(
        np.zeros_like(toy_economy.intermediate), home,
        regions=toy_economy.regions, sectors=toy_economy.sectors,
    )  # fmt: skip
    grid = tl.sweep(world, lambda on: shut if on else [], {"on": [False, True]})
    assert np.isnan(grid.real_income.sel(on=True)).all()
    assert np.isfinite(grid.real_income.sel(on=False)).all()
    assert "IND" in grid.failure.sel(on=True).item()


@pytest.mark.parametrize(
    ("template", "over", "told"),
    [
        (DUTY, {}, "over needs axes"),
        (DUTY, {"add": []}, "over needs axes"),
        ([DUTY, COST], {"rout.factor": [1.0]}, "did you mean 'route'"),
        (DUTY, {"ad": [0.1]}, "did you mean 'add'"),
        (DUTY, {"region": [0.1]}, "axis region of its own"),
    ],
)
def test_what_cannot_be_swept_is_refused(template, over, told: str, toy_economy: Economy) -> None:  # type: ignore[no-untyped-def]
    kind = SweepError if "axis" in told or "axes" in told else tl.TulaError
    with pytest.raises(kind, match=told):
        tl.sweep(toy_economy, template, over)
