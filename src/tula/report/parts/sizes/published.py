"""Estimates by others set beside ours: drawn to compare, never aimed at."""

from __future__ import annotations

from tula.numbers import write
from tula.report.figures import SHAPES, Group, Row
from tula.report.table import Row as Line
from tula.report.table import Table
from tula.report.view import View
from tula.study.schema import Published

PERCENT = "%"


def comparisons(view: View) -> list[Group]:
    """Per scenario with published percentages for the pivot: our real income, then theirs."""
    groups = []
    for record in view.moves:
        bands = [band for band in _known(view) if band.scenario == record.id and _drawn(view, band)]
        if bands:
            rows = (_ours(view, record.id), *(_theirs(band) for band in bands))
            groups.append(Group(record.title, rows))
    return groups


def estimates(view: View) -> Table:
    """Every published estimate with its source, beside our figure of the same kind."""
    titles = {record.id: record.title for record in view.manifest.scenarios}
    return Table(
        tuple(
            Line(
                band.source,
                (
                    titles[band.scenario],
                    view.region_names[band.region],
                    ": ".join(filter(None, (band.metric, band.note))),
                    _measured(band),
                    *_beside(view, band),
                ),
            )
            for band in _known(view)
        )
    )


def met(view: View) -> str:
    """How many estimates of income our range over the variants meets; empty without any."""
    asked = [band for band in _known(view) if band.beside == "real income"]
    found = sum(_meets(view, band) for band in asked)
    return f"Our range over the variants meets {found} of {len(asked)}." if asked else ""


def _beside(view: View, band: Published) -> tuple[str, str]:
    """Our figure with its range over the variants, and whether that meets the estimate."""
    if band.beside == "nothing":
        return "another measure", ""
    if band.beside == "worth":
        span = view.span("ev", band.scenario, band.region).each(lambda x: x / 1000)
        value, low, high = map(write.change, span.numbers)
        return f"worth {value} ({low} to {high}) bn USD", ""
    span = view.span("real_income", band.scenario, band.region)
    low, high = write.change(span.low), write.change(span.high)
    told = f"{write.change_percent(span.central)} ({low} to {high})"
    return told, "yes" if _meets(view, band) else "no"


def _meets(view: View, band: Published) -> bool:
    span = view.span("real_income", band.scenario, band.region)
    return span.low <= band.high and band.low <= span.high


def _known(view: View) -> list[Published]:
    scenarios = {record.id for record in view.manifest.scenarios}
    return [
        band
        for band in view.manifest.published
        if band.scenario in scenarios and band.region in view.regions
    ]


def _drawn(view: View, band: Published) -> bool:
    return band.region == view.pivot and band.beside == "real income"


def _ours(view: View, scenario: str) -> Row:
    span = view.span("real_income", scenario, view.pivot)
    label = f"This study, real income {write.change_percent(span.central)}"
    short = f"This study {write.change_percent(span.central)}"
    return Row(label, short, "actor0", SHAPES[0], span.central, span.low, span.high, label)


def _theirs(band: Published) -> Row:
    label = f"{band.source}, {band.metric} {_measured(band)}"
    middle = band.low if band.low == band.high else float("nan")
    short = f"{band.source} {_measured(band)}"
    return Row(label, short, "other", SHAPES[1], middle, band.low, band.high, label)


def _measured(band: Published) -> str:
    low, high = write.change(band.low), write.change(band.high)
    numbers = low if band.low == band.high else f"{low} to {high}"
    return f"{numbers}{'' if band.units.startswith(PERCENT) else ' '}{band.units}"
