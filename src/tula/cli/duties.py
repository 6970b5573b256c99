"""``tula world duties``: what the duty on a pair is made of, on a day and over time."""

from __future__ import annotations

import csv
from datetime import date
from io import StringIO
from typing import TYPE_CHECKING, Annotated

import typer

from tula.cli.guard import guarded, out, say, working

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rich.table import Table

    from tula.policy.duties import DutiesOfDay, DutyTable, Layer
    from tula.policy.duties.tell import PairDuties, SectorDuty
    from tula.world.economy import Provenance

#: Longest bar of the timeline, in characters, and the points one stands for.
LONGEST, POINTS = 60, 2.0


def day(text: str) -> date:
    """Read a day; raises ``DutyDayError``."""
    from tula.policy.duties import read_day

    return read_day(text)


def table(path: str) -> DutyTable:
    """Return the layers of a file, or the embedded ones."""
    from tula.policy.duties import embedded_duties, read_duties

    return read_duties(path) if path else embedded_duties()


def of_day(text: str, path: str, without: Sequence[str]) -> DutiesOfDay:
    """Return the duties of a day as the options say; errors as ``DutyTable.refuse``."""
    from tula.policy.duties import DutiesOfDay

    layers, asked = table(path), day(text)
    layers.refuse(asked, without)
    return DutiesOfDay(asked, layers, tuple(without))


def beside(duties: DutiesOfDay, asked: bool, origin: Provenance) -> str:
    """Say what an answer as of a day compares."""
    from tula.policy.duties.stack import base_day

    now = f"the duties as of {duties.day}"
    if not (asked or duties.without):
        own = duties.base_day or base_day(origin)
        return f"Before: the duties as of {own}, the world's own. After: {now}."
    laid = f"the same without {', '.join(duties.without)}" if duties.without else "the same"
    return f"Before: {now}. After: {laid}{' and what was asked' if asked else ''}."


@guarded
def duties(
    pair: Annotated[
        str, typer.Argument(metavar="IMPORTER:EXPORTER", help="Who charges whom, such as USA:CHN.")
    ],
    as_of: Annotated[
        str, typer.Option(metavar="DAY", help="The layers in force on a day, 2026-03-01.")
    ] = "",
    between: Annotated[
        tuple[str, str] | None, typer.Option(metavar="DAY DAY", help="What changed between two.")
    ] = None,
    timeline: Annotated[
        bool, typer.Option("--timeline", help="Every day on which the duty changes.")
    ] = False,
    without: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="A layer or authority laid off, such as S232-steel."),
    ] = None,
    file: Annotated[
        str, typer.Option("--duties", metavar="FILE", help="Layers of your own (docs/duties.md).")
    ] = "",
    world: Annotated[
        str, typer.Option(metavar="WORLD", help="The world whose trade weights the average.")
    ] = "icio-2024",
    to_csv: Annotated[
        str, typer.Option("--csv", metavar="FILE", help="Write what is shown to a CSV file.")
    ] = "",
    svg: Annotated[
        str, typer.Option(metavar="FILE", help="Draw the timeline to an SVG file, layer by layer.")
    ] = "",
    html: Annotated[
        str,
        typer.Option(
            metavar="FILE", help="The same on an HTML page, with the law behind each layer."
        ),
    ] = "",
) -> None:
    """Show what the duty of one importer on another's goods is made of.

    By sector with its layers, their law, source and grade (A law or official figure, B compiled
    lists, C estimate); between two days; or over time. Points are percentage points of border
    value; averages are weighted with the world's base trade. Unsaid, the day is the last that the
    table knows.
    """
    importer, _, exporter = pair.partition(":")
    if not (importer and exporter):
        raise typer.BadParameter(f"{pair!r}: name two places, such as USA:CHN")
    if bool(as_of) + bool(between) + timeline > 1 or (timeline and without):
        raise typer.BadParameter(
            "--as-of, --between and --timeline are three views, one at a time; --without goes with "
            "the first two"
        )
    for path, kind in ((svg, "svg"), (html, "html")):
        if path and not timeline:
            raise typer.BadParameter(f"--{kind} draws the timeline: say --timeline too")
        if path and not path.casefold().endswith(f".{kind}"):
            raise typer.BadParameter(f"{path}: the name of such a file ends in .{kind}")
    with working("reading the duties"):
        from tula.policy.duties.tell import PairDuties
        from tula.world.store import load_world

        found = PairDuties(table(file), load_world(world), importer, exporter)
    off = tuple(without or ())
    if timeline:
        shown = _timeline(found, pair)
    elif between:
        shown = _between(found, pair, day(between[0]), day(between[1]), off)
    else:
        shown = _stack(
            found, pair, day(as_of) if as_of else found.table.known_to or found.table.last_act, off
        )
    if to_csv:
        _write(to_csv, shown)
    if svg or html:
        _draw(found, pair, svg, html, shown)


#: A table: numbers are written where they are shown, and go into files as they are.
Rows = list[list[str | float]]
LAWS = ["Layer", "Since", "Law", "Source", "Grade"]


def _stack(found: PairDuties, pair: str, on: date, without: tuple[str, ...]) -> Rows:
    """By sector: trade, sum and layers; then what the layers are."""
    _warn_late(found.table, on)
    average = found.average(on, without)
    laid = f" without {', '.join(without)}" if without else ""
    say(f"{pair} on {on}{laid}: {_one(average)} per cent of border value on average.", "bold")
    rows: Rows = [["Sector", "bn USD", "Duty", "Made up of"]]
    seen: dict[str, Layer] = {}
    for row in found.on(on, without):
        parts = [
            f"{name} {_one(points)}" for name, points in _named(row).items() if abs(points) >= 0.05
        ]
        rows.append([row.sector, row.trade / 1000.0, row.points, ", ".join(parts)])
        seen.update({one.layer: one for one, points in row.parts if abs(points) >= 0.05})
    out().print(_shown(rows, right=2))
    out().print(_shown([[*LAWS], *_laws(found, seen)]))
    return rows


def _named(row: SectorDuty) -> dict[str, float]:
    """Return points by name of layer: a layer may stand in several rows, one a partner."""
    points: dict[str, float] = {}
    for one, added in row.parts:
        points[one.layer] = points.get(one.layer, 0.0) + added
    return points


def _laws(found: PairDuties, seen: dict[str, Layer]) -> Rows:
    cite = found.table.sources
    return [
        [
            name,
            str(one.start),
            one.law,
            "; ".join(cite.get(source, source) for source in one.source.split("+") if source),
            one.grade,
        ]
        for name, one in seen.items()
    ]


def _between(
    found: PairDuties, pair: str, first: date, last: date, without: tuple[str, ...]
) -> Rows:
    """By sector: the duty on two days and what came and went."""
    _warn_late(found.table, last)
    before, after = found.average(first), found.average(last, without)
    say(
        f"{pair}: {_one(before)} per cent of border value on {first}, {_one(after)} on {last} "
        f"({_one(after - before, signed=True)} points).",
        "bold",
    )
    rows: Rows = [["Sector", "bn USD", str(first), str(last), "Change", "Came and went"]]
    for old, new in zip(found.on(first), found.on(last, without), strict=True):
        was, now = _named(old), _named(new)
        moved = {name: now.get(name, 0.0) - was.get(name, 0.0) for name in (*was, *now)}
        told = [
            f"{name} {_one(change, signed=True)}"
            for name, change in moved.items()
            if abs(change) >= 0.05
        ]
        change = new.points - old.points
        rows.append(
            [new.sector, new.trade / 1000.0, old.points, new.points, change, ", ".join(told)]
        )
    out().print(_shown(rows, right=4))
    return rows


def _timeline(found: PairDuties, pair: str) -> Rows:
    """Every turn with the average from then on."""
    say(f"{pair}: average duty from each day on, per cent of border value.", "bold")
    rows: Rows = [["From", "Duty", "", "Begins", "Ends"]]
    mark = "█" if out().encoding.startswith("utf") else "#"
    for turn in found.turns():
        bar = mark * min(LONGEST, round(turn.points / POINTS))
        rows.append([str(turn.day), turn.points, bar, ", ".join(turn.begun), ", ".join(turn.ended)])
    out().print(_shown(rows))
    if found.table.known_to:
        say(f"The table ends with {found.table.known_to:%B %Y}.")
    return [[first, duty, begun, ended] for first, duty, _, begun, ended in rows]


def _warn_late(layers: DutyTable, on: date) -> None:
    if said := layers.late(on):
        say(f"{said[0].upper()}{said[1:]}.", "yellow")


def _shown(rows: Rows, right: int = 0) -> Table:
    from rich.table import Table

    shown = Table()
    for position, title in enumerate(rows[0]):
        shown.add_column(str(title), justify="right" if 0 < position <= right else "left")
    for row in _written(rows)[1:]:
        shown.add_row(*row)
    return shown


def _written(rows: Rows) -> list[list[str]]:
    """A table with its numbers written."""
    signed = [title == "Change" for title in rows[0]]
    return [
        [
            one if isinstance(one, str) else _one(one, signed=change)
            for one, change in zip(row, signed, strict=True)
        ]
        for row in rows
    ]


def _one(value: float, *, signed: bool = False) -> str:
    from tula.numbers.write import fixed

    return fixed(value, 1, signed=signed)


def _draw(found: PairDuties, pair: str, svg: str, html: str, rows: Rows) -> None:
    """Draw every turn of the duty, layer upon layer."""
    from tula.report.duty_timeline import Moment, timeline, timeline_page
    from tula.world.files import write_whole

    moments = [Moment(turn.day, found.parts(turn.day)) for turn in found.turns()]
    until = max(found.table.known_to or found.table.last_act, moments[-1].day)
    origin = found.table.origin[:1].upper() + found.table.origin[1:]
    note = f"{origin}; weights: the world's base trade; until {until}"
    title = f"Duty of {pair}"
    drawn = timeline(title, note, moments, until)
    laws = _written([[*LAWS], *_laws(found, {one.layer: one for one in found.layers})])
    texts = {svg: drawn, html: timeline_page(title, drawn, _written(rows), laws) if html else ""}
    for path in filter(None, (svg, html)):
        write_whole(path, texts[path])
        say(f"Drawn: {path}")


def _write(path: str, rows: Rows) -> Path:
    from tula.world.files import write_whole

    text = StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return write_whole(path, text.getvalue())
