"""Medians with their middle four fifths, as cells of tables and rows of charts."""

from __future__ import annotations

from tula.numbers import write
from tula.report import figures
from tula.report.figures import Marks, Row, Rows, Spec
from tula.strategy.answer.found import Spread
from tula.study.verdict import NEVER

#: Digits of what is told beside its range.
DIGITS = 2


def share(one: Spread) -> str:
    """A share in percent with its range: 98% (75 to 100)."""
    low, median, high = (_level(100.0 * value) for value in (one.low, one.median, one.high))
    return f"{median}%" if low == high else f"{median}% ({low} to {high})"


def money(one: Spread) -> str:
    """Billion USD with their range: −0.43 (−0.61 to −0.25)."""
    low, median, high = map(_level, (one.low, one.median, one.high))
    return median if low == high else f"{median} ({low} to {high})"


def needed(one: Spread) -> str:
    """A chance that must be believed; never, where none suffices."""
    return share(one) if one.median < NEVER else "never"


def short(one: Spread) -> str:
    """The median of a share alone."""
    return f"{_level(100.0 * one.median)}%"


def row(
    name: str, one: Spread, *, factor: float = 1.0, told: str = "", colour: str = "actor0",
    shape: str = "circle",
) -> Row:  # fmt: skip
    """A row of a chart: the spread times ``factor``, told in its label as its median, or so."""
    median, low, high = (factor * value for value in (one.median, one.low, one.high))
    label = f"{name}: {told or _level(median)}"
    text = f"{label}, {_level(low)} to {_level(high)}"
    return Row(label, label, colour, shape, median, low, high, text)


def against(*lines: float) -> Marks:
    """Return marks of rows with dashed lines across, where something turns."""

    def draw(rows: Rows, y: Spec) -> tuple[Spec, ...]:
        across = [{"value": line} for line in lines]
        look = {"color": "var(--loss)", "strokeDash": [6, 3], "strokeWidth": 1.6}
        rules = figures.layer(across, "rule", **look)(x=figures.quantity("value"))
        return rules, *figures.marks(rows, y)

    return draw


def _level(value: float) -> str:
    return write.level(value, DIGITS)
