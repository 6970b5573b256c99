"""Charts of solutions: Altair charts with titles, units and a description for who hears them.

Each returns an ``altair`` chart, to show, change or save.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from tula.equilibrium import Batch, Solution
from tula.errors import TulaError
from tula.metrics.registry import Solved, find_metric

if TYPE_CHECKING:
    import altair as alt
    import xarray as xr

    from tula.notebook.compare import Comparison

__all__ = ["bars", "decomposition", "flows", "map", "tornado"]

#: Bars, rows and columns that are shown unless others are asked for.
MOST = 12
#: Losses and gains; apart in lightness too.
LOSS, GAIN, NONE = "#b2562b", "#2166ac", "#d9d9d9"
#: An input with other numbers is told on two lines.
TWO_LINES = "split(replace(datum.label, ' instead of', '|instead of'), '|')"
Rows = list[dict[str, Any]]


class UnplottableError(TulaError):
    """The figures have other axes than this chart shows. Select the others first (``sel``)."""


def bars(
    figures: Solved | xr.DataArray, metric: str = "real_income", *, regions: Iterable[str] = ()
) -> Any:
    """Draw a metric by region as bars, longest first; a batch side by side.

    ``figures`` is a solution, a batch or a labelled metric by region. ``regions`` are codes or
    names; without them, the twelve that move most.
    """
    import altair as alt

    array = _read(figures, metric, {"region"}, {"scenario"})
    rows = _rows(_chosen(array, regions))
    order = [*dict.fromkeys(row["name"] for row in sorted(rows, key=lambda one: -one["value"]))]
    axis = alt.X("value:Q", title=_axis(array))
    chart = alt.Chart(alt.Data(values=rows)).mark_bar().encode(
        x=axis, y=alt.Y("name:N", sort=order, title=None), tooltip=_tips(rows), color=_signs(alt)
    )  # fmt: skip
    if "scenario" in array.dims:
        chart = chart.encode(column=alt.Column("scenario:N", sort=None, title=None))
    return _dressed(chart, array, f"{_title(array)} by region", rows)


def map(figures: Solved | xr.DataArray, metric: str = "real_income") -> Any:
    """Draw a metric by region on the world map; grey where a country has no region of its own."""
    import altair as alt

    from tula.report.parts.map.world import place, world_map

    array = _read(figures, metric, {"region"}, set())
    rows = _rows(array)
    found = {row["region"]: row for row in rows}
    owners = place({code: row["name"] for code, row in found.items()}).countries
    prepared, features = world_map(), []
    nowhere = {"region": "", "name": "none", "value": None}
    for code, shape in (prepared["countries"] | prepared["points"]).items():
        if "path" in shape or code in owners:
            features.append(_feature(shape, found.get(owners.get(code, ""), nowhere)))
    largest = max((abs(row["value"]) for row in rows if row["value"] is not None), default=1.0)
    scale = alt.Scale(domain=[-largest, 0, largest], range=[LOSS, "#f7f7f7", GAIN])
    tips = [alt.Tooltip("country:N"), *_tips(rows)]
    land = alt.Chart(alt.Data(values=features)).project(type="identity", pointRadius=3)
    chart = alt.layer(
        land.mark_geoshape(fill=NONE, stroke="white", strokeWidth=0.4),
        land.transform_filter("isValid(datum.value)")
        .mark_geoshape(stroke="white", strokeWidth=0.4)
        .encode(color=alt.Color("value:Q", scale=scale, title=_axis(array)), tooltip=tips),
    ).properties(width=720, height=340)
    return _dressed(chart, array, f"{_title(array)} by region", rows, prepared["note"])


def decomposition(solution: Solved, *, regions: Iterable[str] = ()) -> Any:
    """Draw where the change in real income comes from, part by part, and its exact size (tick)."""
    import altair as alt

    array = _read(solution, "decomposition", {"component", "region"}, set())
    exact = _chosen(array.sel(component="exact"), regions)
    array = array.sel(region=exact["region"].values)
    parts = [
        {**row, "part": row["component"].replace("_", " ")}
        for row in _rows(array)
        if row["component"] not in ("first_order", "exact")
    ]
    y = alt.Y("name:N", sort=exact["region_name"].values.tolist(), title=None)
    chart = alt.layer(
        alt.Chart(alt.Data(values=parts))
        .mark_bar()
        .encode(
            x=alt.X("value:Q", title=_axis(array)),
            y=y,
            color=alt.Color("part:N", sort=None, scale=alt.Scale(scheme="tableau10")),
            tooltip=_tips(parts),
        ),
        alt.Chart(alt.Data(values=_rows(exact)))
        .mark_tick(color="black", thickness=2)
        .encode(x="value:Q", y=y, tooltip=[alt.Tooltip("value:Q", title="exact", format="+.3g")]),
    )
    return _dressed(chart, array, _title(array), _rows(exact))


def flows(
    solution: Solved, *, sectors: str | Iterable[str] = "all", regions: Iterable[str] = ()
) -> Any:
    """Draw what moved of trade between regions: buyers down, sellers across, million USD a year.

    ``sectors`` are codes, names or groups; ``regions`` those shown, by default the twelve whose
    trade moves most.
    """
    import altair as alt

    array = _read(solution, "trade_value", {"sector", "importer", "exporter", "state"}, set())
    chosen = [*solution.labels.resolve_sectors(sectors)]
    moved = array.sel(state="change", sector=chosen).sum("sector", keep_attrs=True)
    same = moved["importer"].values[:, None] == moved["exporter"].values[None, :]
    moved = moved.where(~same)
    gross = np.abs(moved.fillna(0.0).values)
    size = gross.sum(axis=0) + gross.sum(axis=1)
    codes = moved["importer"].values[np.argsort(-size)][:MOST].tolist()
    codes = [*solution.labels.resolve_regions(regions)] if regions else codes
    rows = _rows(moved.sel(importer=codes, exporter=codes))
    rows = [row for row in rows if row["value"] is not None]
    largest = max((abs(row["value"]) for row in rows), default=1.0)
    scale = alt.Scale(domain=[-largest, 0, largest], range=[LOSS, "#f7f7f7", GAIN])
    chart = alt.Chart(alt.Data(values=rows)).mark_rect().encode(
        x=alt.X("exporter_name:N", title="seller"),
        y=alt.Y("importer_name:N", title="buyer"),
        color=alt.Color("value:Q", scale=scale, title="million USD"),
        tooltip=_tips(rows),
    )  # fmt: skip
    named = [{**row, "name": f"{row['importer_name']} from {row['exporter_name']}"} for row in rows]
    return _dressed(chart, moved, "Change in trade at the border", named)


def tornado(comparison: Comparison, region: str, solution: str = "") -> Any:
    """Draw the part of every input in what a region gains or loses, the largest on top.

    ``solution`` names one of those compared with the first; without it, the last.
    """
    import altair as alt

    data = comparison.data
    known = data["region"].values.tolist(), data["region_name"].values.tolist()
    code = known[0][known[1].index(region)] if region in known[1] else region
    if code not in known[0]:
        raise UnplottableError(f"the comparison has no region {region!r}")
    name = solution or data["solution"].values.tolist()[-1]
    part = data["part"].sel(region=code, solution=name).dropna("input")
    rows = [{**row, "name": row["input"]} for row in _rows(part)]
    order = [row["name"] for row in sorted(rows, key=lambda one: -abs(one["value"]))]
    y = alt.Y("name:N", sort=order, title=None, axis=alt.Axis(labelLimit=420, labelExpr=TWO_LINES))
    two = any(" instead of" in name for name in order)
    x = alt.X("value:Q", title="points of base final spending")
    chart = alt.Chart(alt.Data(values=rows)).mark_bar().encode(
        x=x, y=y, color=_signs(alt), tooltip=_tips(rows)
    ).properties(height=alt.Step(36 if two else 20))  # fmt: skip
    where = part["region_name"].item()
    return _dressed(chart, part, f"Real income of {where}: {name} against {data.first}", rows)


def _read(
    figures: Solved | xr.DataArray, metric: str, needed: set[str], allowed: set[str]
) -> xr.DataArray:
    if isinstance(figures, Solution | Batch):
        return _read(find_metric(metric)(figures), metric, needed, allowed)
    if not hasattr(figures, "dims"):
        given = type(figures).__name__
        raise UnplottableError(f"draw a solution, a batch or a metric of one, not {given}")
    array = figures
    extra = {*array.dims} - needed - allowed
    if extra or needed - {*array.dims}:
        has, wants = ", ".join(str(dim) for dim in array.dims), ", ".join(sorted(needed))
        raise UnplottableError(f"{array.name} has axes {has}; this chart shows {wants}")
    return array


def _chosen(array: xr.DataArray, regions: Iterable[str]) -> xr.DataArray:
    """Return the regions asked for, by code or name, or those that move most, largest first."""
    asked = [regions] if isinstance(regions, str) else [*regions]
    if asked:
        return array.isel(region=[_place(array, one) for one in asked])
    others = [dim for dim in array.dims if dim != "region"]
    size = abs(array.fillna(0.0)).max(others)
    found = array.isel(region=np.argsort(-size.values, kind="stable")[:MOST])
    mean = found.mean(others)
    return found.isel(region=np.argsort(-mean.values, kind="stable"))


def _place(array: xr.DataArray, region: str) -> int:
    for coordinate in ("region", "region_name"):
        ticks = array[coordinate].values.tolist() if coordinate in array.coords else []
        if region in ticks:
            return int(ticks.index(region))
    raise UnplottableError(f"{array.name} has no region {region!r}")


def _rows(array: xr.DataArray) -> Rows:
    """Return a row for every number, with codes, names and, of a region, ``name``."""
    ticks = {
        str(name): np.broadcast_to(
            coordinate.broadcast_like(array).transpose(*array.dims).values, array.shape
        ).ravel().tolist()
        for name, coordinate in array.coords.items()
    }  # fmt: skip
    values = [value if np.isfinite(value) else None for value in array.values.ravel().tolist()]
    rows = [dict(zip(ticks, row, strict=True)) for row in zip(*ticks.values(), strict=True)]
    named = [{"name": row.get("region_name", row.get("region", "")), **row} for row in rows]
    return [{**row, "value": value} for row, value in zip(named, values, strict=True)]


def _tips(rows: Rows) -> list[alt.Tooltip]:
    import altair as alt

    names = [key for key in (rows[0] if rows else {}) if key not in ("value", "name")]
    return [*(alt.Tooltip(f"{key}:N") for key in names), alt.Tooltip("value:Q", format="+.4~g")]


def _signs(alt: Any) -> Any:
    return alt.condition("datum.value < 0", alt.value(LOSS), alt.value(GAIN))


def _axis(array: xr.DataArray) -> str:
    return f"{_title(array)} ({array.attrs.get('units', '')})"


def _title(array: xr.DataArray) -> str:
    return str(array.attrs.get("long_name", array.name))


def _dressed(chart: Any, array: xr.DataArray, title: str, rows: Rows, note: str = "") -> Any:
    """Give a chart its title, what it is measured against, and words for who hears it."""
    import altair as alt

    told = array.attrs
    base = [str(told.get("base", "")), str(told.get("sign", ""))]
    base[0] = base[0] if base[0].startswith("level") or not base[0] else f"against {base[0]}"
    ground = [
        f"world {told['world']}, closure {told['closure']}" if told.get("world") else "",
        note,
    ]
    lines = ["; ".join(filter(None, base)), *filter(None, ground)]
    seen = sorted((row["value"], row["name"]) for row in rows if row["value"] is not None)
    ends = [f"{name} {value:+.3g}" for value, name in dict.fromkeys((*seen[:2], *seen[-2:]))]
    unit = told.get("units", "")
    return chart.properties(
        title=alt.TitleParams(title, subtitle=lines, anchor="start", subtitleColor="#595959"),
        description=f"{title} ({unit}). From lowest to highest: {', '.join(ends)}.",
    )


def _feature(shape: Mapping[str, Any], row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a country as GeoJSON on the prepared plane, with its region's row."""
    outline = {"type": "Polygon", "coordinates": _rings(shape.get("path", ""))}
    point = {"type": "Point", "coordinates": [shape.get("x"), shape.get("y")]}
    place = outline if "path" in shape else point
    return {"type": "Feature", "geometry": place, "country": shape["name"], **row}


def _rings(path: str) -> list[list[list[int]]]:
    """Return the rings of a prepared shape: absolute moves, relative lines, each ring closed."""
    rings = []
    for part in path.split("z"):
        numbers = [int(number) for number in re.findall(r"-?\d+", part)]
        points = np.reshape(numbers, (-1, 2)).cumsum(axis=0).tolist()
        if points:
            rings.append([*points, points[0]])
    return rings


def __dir__() -> Sequence[str]:
    return __all__
