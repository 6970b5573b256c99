"""Retaliation as layers: what an answer to the duties of a day would add to the table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import numpy as np

from tula.policy.answering import Answer, answers
from tula.policy.cells import place
from tula.policy.describe import describe, musd
from tula.policy.duties.stack import base_day, duties_of_day
from tula.policy.duties.table import DutyDayError, DutyTable, Layer
from tula.policy.retaliation import Retaliation
from tula.world.economy import Economy

#: The authority of layers that answer, in the embedded table too.
RETALIATION = "retaliation"


def answered(table: DutyTable, economy: Economy, item: Retaliation, day: date) -> DutyTable:
    """Return the table with the layers by which duties of a day would be answered from that day on.

    What is answered is how far the duties of the day lie above the world's own; trade is the
    world's. Layers go by the instrument's ``name``, or by who answers whom. Raises
    ``DutyDayError`` where nothing is raised that could be answered, and the errors of
    ``duties_of_day`` and ``place``.
    """
    labels, base = economy.labels, economy.tariff
    (placed,) = place([(0, item)], labels)
    raised = duties_of_day(table, labels, base, day, base_day(economy.provenance))
    border = economy.trade * (1.0 + economy.export_tax)
    found = [
        layer
        for one in answers(placed, base, raised, border * (1.0 + base))
        for layer in _layers(one, economy, item, day)
    ]
    if not found:
        raise DutyDayError(f"{describe(item)}: no duty on its goods is raised on {day}")
    return replace(table, layers=(*table.layers, *found))


def _layers(one: Answer, economy: Economy, item: Retaliation, day: date) -> Iterator[Layer]:
    labels = economy.labels
    importer, exporter = labels.regions[one.importer], labels.regions[one.exporter]
    for sector in np.flatnonzero(one.points).tolist():
        points = 100.0 * float(one.points[sector])
        yield Layer(
            item.name or f"answer-{importer}-{exporter}",
            importer,
            exporter,
            labels.sectors[sector],
            round(points * one.coverage, 4),
            day,
            authority=RETALIATION,
            rate_points=round(points, 4),
            coverage=round(one.coverage, 6),
            coverage_basis="base trade",
            grade="C",
            note=f"{describe(item)}; {musd(one.hit_duty)} of duty answered",
        )
