"""Estimates by others set beside ours: drawn to compare, never aimed at."""

from __future__ import annotations

from tula.numbers import write
from tula.report.figures import SHAPES, Group
from tula.report.figures import Row as Mark
from tula.report.parts.sizes.nearest import meets, ours, would_meet
from tula.report.table import Row, Table
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
            Row(
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
    """How many estimates our ranges meet, over variants and over draws; empty without any."""
    told = []
    for kind, over in (("real income", "variants"), ("cost", "draws")):
        asked = [band for band in _known(view) if band.beside == kind]
        found = sum(meets(band, ours(view, band)) for band in asked)
        told += [f"Our range over the {over} meets {found} of {len(asked)}."] if asked else []
    return " ".join(told)


def _beside(view: View, band: Published) -> tuple[str, str, str]:
    """Our figure with its range, whether that meets the estimate, and where it would."""
    if band.beside == "nothing":
        return "another measure", "", ""
    span = ours(view, band)
    value, low, high = map(write.change, span.numbers)
    if band.beside == "worth":
        return f"worth {value} ({low} to {high}) bn USD", "", ""
    if band.beside == "cost":
        told = f"costs {value} ({low} to {high}) bn USD"
    else:
        told = f"{write.change_percent(span.central)} ({low} to {high})"
    return (told, "yes", "") if meets(band, span) else (told, "no", would_meet(view, band))


def _known(view: View) -> list[Published]:
    scenarios = {record.id for record in view.manifest.scenarios}
    return [
        band
        for band in view.manifest.published
        if band.scenario in scenarios and band.region in view.regions
    ]


def _drawn(view: View, band: Published) -> bool:
    return band.region == view.pivot and band.beside == "real income"


def _ours(view: View, scenario: str) -> Mark:
    span = view.span("real_income", scenario, view.pivot)
    label = f"This study, real income {write.change_percent(span.central)}"
    short = f"This study {write.change_percent(span.central)}"
    return Mark(label, short, "actor0", SHAPES[0], span.central, span.low, span.high, label)


def _theirs(band: Published) -> Mark:
    label = f"{band.source}, {band.metric} {_measured(band)}"
    middle = band.low if band.low == band.high else float("nan")
    short = f"{band.source} {_measured(band)}"
    return Mark(label, short, "other", SHAPES[1], middle, band.low, band.high, label)


def _measured(band: Published) -> str:
    low, high = write.change(band.low), write.change(band.high)
    numbers = low if band.low == band.high else f"{low} to {high}"
    return f"{numbers}{'' if band.units.startswith(PERCENT) else ' '}{band.units}"
