"""The page on the Liberation Day tariffs shows what the code computes."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import pytest

from replicate.tables import comparison_line
from tula.replicate import ReplicationReport, ReplicationRow

DOCS = Path(__file__).resolve().parents[2] / "docs" / "replication"
PAGE, TABLE = DOCS / "liberation_day.md", DOCS / "liberation_day.csv"


def cells(row: ReplicationRow) -> list[str]:
    """Return one figure as a line of the table: published, reproduced, difference, exact."""
    digits = max(0, round(-math.log10(2.0 * row.tolerance)))
    place = row.source.removeprefix("Ignatenko et al. (2025), ").split(",")[0]
    exact = "" if row.exact is None else f"{row.exact:.3f}"
    numbers = [f"{row.published:.{digits}f}", f"{row.reproduced:.3f}", f"{row.difference:+.3f}"]
    return [place, row.quantity, row.place, *numbers, exact]


@pytest.mark.slow
@pytest.mark.reference
def test_the_table_shows_every_figure_and_no_other(liberation_day: ReplicationReport) -> None:
    with TABLE.open(encoding="utf-8", newline="") as file:
        shown = list(csv.reader(file))[1:]
    assert sorted(shown) == sorted(cells(row) for row in liberation_day.rows)


@pytest.mark.slow
@pytest.mark.reference
def test_the_page_shows_every_comparison(liberation_day: ReplicationReport) -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert [c for c in liberation_day.comparisons if comparison_line(c) not in page] == []


@pytest.mark.slow
@pytest.mark.reference
def test_the_page_repeats_what_the_command_remarks(liberation_day: ReplicationReport) -> None:
    page = " ".join(PAGE.read_text(encoding="utf-8").split())
    assert [remark for remark in liberation_day.remarks if remark not in page] == []
