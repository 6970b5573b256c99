"""Price of autonomy over two inputs: classes of colour, and the border where it turns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import altair as alt
import numpy as np
import pandas as pd

from tula.numbers import write
from tula.report.figures import NARROW
from tula.report.plane import axis, framed
from tula.say.words import capital
from tula.shapes import Float
from tula.strategy.balance.found import Surface
from tula.study.balance.records import BalanceRecord

#: Upper ends of the classes of a price, as parts of the largest, with fill and ink of each.
CLASSES = (
    (-0.6, "g4", "paper"),
    (-0.3, "g3", "paper"),
    (-0.1, "g2", "ink"),
    (0.0, "g1", "ink"),
    (0.1, "l1", "ink"),
    (0.3, "l2", "ink"),
    (0.6, "l3", "ink"),
    (1.0, "l4", "paper"),
)
#: Least width in pixels of a cell that holds its number.
ROOMY = 36
Array = Float[np.ndarray, "..."]


class Point(NamedTuple):
    """A place on the surface."""

    x: float
    y: float


def surface_chart(surface: Surface, width: int, own: Point | None = None) -> dict[str, Any]:
    """Price of autonomy in classes of colour over two inputs, with the line where it is zero and a
    frame around the cell of ``own``, where the study stands."""
    factors = [100.0 if unit in write.SHARES else 1.0 for unit in (surface.x_unit, surface.y_unit)]
    x, y = np.array(surface.x) * factors[0], np.array(surface.y) * factors[1]
    cells = _cells(x, y, np.array(surface.price), width)
    height = 30 * len(y) if width > NARROW else 26 * len(y)
    words = [_titled(surface.x_title, surface.x_unit), _titled(surface.y_title, surface.y_unit)]
    ax, mx, zx = (axis(words[0], f"{name}:Q", _edges(x)) for name in ("x0", "x", "xa"))
    ay, my, zy = (axis(words[1], f"{name}:Q", _edges(y)) for name in ("y0", "y", "ya"))
    drawn = alt.Chart(cells)
    layers = [
        drawn.mark_rect().encode(
            x=ax,
            x2=alt.X2("x1:Q"),
            y=ay,
            y2=alt.Y2("y1:Q"),
            color=alt.Color("fill:N", scale=None),
            description=alt.Description("text:N"),
        ),
        drawn.mark_text(baseline="middle", fontSize=11.5).encode(
            x=mx, y=my, text=alt.Text("words:N"), color=alt.Color("ink:N", scale=None)
        ),
    ]
    pieces = list(zero_line(x, y, np.array(surface.price)))
    if pieces:
        zero = pd.DataFrame(pieces, columns=["xa", "ya", "xb", "yb"])
        line = alt.Chart(zero).mark_rule(strokeWidth=3, color="var(--ink)", strokeCap="round")
        layers.append(line.encode(x=zx, y=zy, x2=alt.X2("xb:Q"), y2=alt.Y2("yb:Q")))
    if own is not None:
        cell = alt.Chart(_cell(cells, own.x * factors[0], own.y * factors[1]))
        layers += [
            frame.encode(x=ax, x2=alt.X2("x1:Q"), y=ay, y2=alt.Y2("y1:Q"))
            for frame in _frames(cell)
        ]
    return framed(layers, width, height)


def _cell(cells: pd.DataFrame, x: float, y: float) -> pd.DataFrame:
    """Borders of the cell in which a place lies; none if it lies outside all."""
    inside = cells[cells["x0"].le(x) & cells["x1"].ge(x) & cells["y0"].le(y) & cells["y1"].ge(y)]
    return inside[["x0", "x1", "y0", "y1"]].head(1)


def _frames(cell: alt.Chart) -> Iterator[alt.Chart]:
    """A dark frame within a light one, to be seen on any cell."""
    for thick, colour in ((5.0, "var(--paper)"), (2.0, "var(--ink)")):
        yield cell.mark_rect(filled=False, strokeWidth=thick, stroke=colour)


def own(record: BalanceRecord) -> Point | None:
    """Where the study stands on the surface, in its units; None if that was not searched."""
    surface, known = record.surface, {one.name: one for one in record.break_evens}
    size = next((one for one in record.break_evens if one.name.startswith("size.")), None)
    if surface is None or size is None or size.title != surface.x_title:
        return None
    stands = known.get(size.name.replace("size.", "persistence.", 1))
    return Point(size.central, stands.central) if stands else None


def zero_line(x: Array, y: Array, price: Array) -> Iterator[tuple[float, float, float, float]]:
    """Borders between cells where balance pays and cells where it costs.

    ``price[i, j]`` stands at ``y[i]`` and ``x[j]``; a price of zero pays. Each border is x and y
    of its start, then of its end.
    """
    costs, across, up = price > 0.0, _edges(x), _edges(y)
    for i, j in np.argwhere(costs[:, 1:] != costs[:, :-1]):
        yield across[j + 1], up[i], across[j + 1], up[i + 1]
    for i, j in np.argwhere(costs[1:, :] != costs[:-1, :]):
        yield across[j], up[i + 1], across[j + 1], up[i + 1]


def _cells(x: Array, y: Array, price: Array, width: int) -> pd.DataFrame:
    across, up = _edges(x), _edges(y)
    most = float(np.abs(price).max()) or 1.0
    roomy = width / len(x) >= ROOMY
    rows = []
    for i, j in np.ndindex(*price.shape):
        value = float(price[i, j])
        _, fill, ink = next(c for c in CLASSES if value <= c[0] * most or c is CLASSES[-1])
        place = f"{write.number(float(x[j]))}, {write.number(float(y[i]))}"
        rows.append(
            {
                "x": x[j],
                "x0": across[j],
                "x1": across[j + 1],
                "y": y[i],
                "y0": up[i],
                "y1": up[i + 1],
                "fill": f"var(--{fill})",
                "ink": f"var(--{ink})",
                "text": f"{place}: {write.change(value)} bn USD a year",
                "words": write.fixed(value, 1, signed=True) if roomy else "",
            }
        )
    return pd.DataFrame(rows)


def _edges(at: Array) -> np.ndarray:
    """Borders of cells around points, half way between neighbours."""
    if len(at) < 2:
        return np.array([at[0] - 0.5, at[0] + 0.5])
    middle = (at[1:] + at[:-1]) / 2
    return np.array([2 * at[0] - middle[0], *middle, 2 * at[-1] - middle[-1]])


def _titled(title: str, unit: str) -> str:
    return f"{capital(title)}, {'%' if unit in write.SHARES else unit}"
