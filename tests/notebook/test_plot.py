from __future__ import annotations

import altair as alt
import numpy as np
import pytest

import tula as tl
from tula.equilibrium import Solution
from tula.notebook.plot import UnplottableError, _rings

DUTY = tl.Tariff(importer="USA", exporter="CHN", sectors="goods", add=0.25)
ANSWER = tl.Tariff(importer="CHN", exporter="USA", sectors="goods", add=0.25)


@pytest.fixture(scope="module")
def solution() -> Solution:
    return tl.solve("icio-2024", [DUTY, ANSWER])


@pytest.fixture(scope="module")
def charts(solution: Solution) -> dict[str, alt.TopLevelMixin]:
    change = tl.compare({"alone": tl.solve("icio-2024", [DUTY]), "answered": solution})
    return {
        "bars": tl.plot.bars(solution),
        "batch": tl.plot.bars(tl.solve_batch("icio-2024", {"a": [DUTY], "b": [ANSWER]})),
        "map": tl.plot.map(tl.metrics.ev(solution)),
        "decomposition": tl.plot.decomposition(solution),
        "flows": tl.plot.flows(solution, sectors="goods"),
        "tornado": tl.plot.tornado(change, "India"),
    }


def test_every_chart_has_a_title_units_and_a_description(charts) -> None:  # type: ignore[no-untyped-def]
    for name, chart in charts.items():
        spec = chart.to_dict()
        assert spec["title"]["text"], name
        assert any(unit in str(spec) for unit in ("(%)", "million USD", "points of")), name
        assert "From lowest to highest" in spec["description"], name
        assert "nan" not in str(spec).lower().replace("finance", ""), name


def test_charts_draw(charts) -> None:  # type: ignore[no-untyped-def]
    import vl_convert

    for chart in charts.values():
        assert vl_convert.vegalite_to_svg(chart.to_dict()).startswith("<svg")


def test_bars_show_the_numbers_of_the_metric(solution: Solution) -> None:
    spec = tl.plot.bars(solution, "ev", regions=["India", "USA"]).to_dict()
    rows = next(iter(spec["datasets"].values())) if "datasets" in spec else spec["data"]["values"]
    assert {row["name"]: row["value"] for row in rows} == {
        name: tl.metrics.ev(solution).sel(region_name=name).item()
        for name in ("India", "United States")
    }


def test_the_map_colours_countries_by_their_region(solution: Solution) -> None:
    layers = tl.plot.map(solution).to_dict()["layer"]
    values = layers[0].get("data", tl.plot.map(solution).to_dict().get("data"))["values"]
    found = {one["country"]: one["value"] for one in values}
    income = tl.metrics.real_income(solution)
    assert found["Spain"] == found["Sweden"] == income.sel(region="REU").item()
    assert found["Singapore"] == income.sel(region="SGP").item()


def test_flows_leave_out_sales_at_home(solution: Solution) -> None:
    rows = tl.plot.flows(solution, regions=["IND", "USA", "CHN"]).to_dict()["data"]["values"]
    assert len(rows) == 6
    moved = tl.metrics.trade_value(solution).sel(state="change").sum("sector")
    for row in rows:
        cell = moved.sel(importer=row["importer"], exporter=row["exporter"]).item()
        assert row["value"] == pytest.approx(cell)


def test_outlines_are_closed_rings() -> None:
    assert _rings("M1 2l3,0 0,4-3-1zM10 10l1,0-1,1z") == [
        [[1, 2], [4, 2], [4, 6], [1, 5], [1, 2]],
        [[10, 10], [11, 10], [10, 11], [10, 10]],
    ]


def test_figures_with_other_axes_and_unknown_regions_are_refused(solution: Solution) -> None:
    with pytest.raises(UnplottableError, match="exports has axes region, sector, state"):
        tl.plot.bars(solution, "exports")
    with pytest.raises(UnplottableError, match="no region 'Inda'"):
        tl.plot.bars(solution, regions=["Inda"])
    with pytest.raises(UnplottableError, match="a solution, a batch or a metric of one, not int"):
        tl.plot.bars(3)
    flat = tl.metrics.real_income(solution) * np.nan
    flat.attrs = {}
    assert tl.plot.map(flat).to_dict()
