"""The page on the Liberation Day tariffs shows what the code computes."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from replicate.tables import comparison_line
from tula.replicate import ReplicationReport, ReplicationRow

PAGE = Path(__file__).resolve().parents[2] / "docs" / "replication" / "liberation_day.md"


def line(row: ReplicationRow) -> str:
    """Return one figure as a line of a Markdown table: published, reproduced, difference."""
    digits = max(0, round(-math.log10(2.0 * row.tolerance)))
    exact = "" if row.exact is None else f"{row.exact:.3f}"
    numbers = f"{row.published:.{digits}f} | {row.reproduced:.3f} | {row.difference:+.3f} | {exact}"
    return f"| {row.quantity} | {row.place} | {numbers} |"


def heading(row: ReplicationRow) -> str:
    """Return the heading of the table a figure is printed in."""
    return "### " + row.source.removeprefix("Ignatenko et al. (2025), ").split(",")[0]


def sections(page: str) -> dict[str, str]:
    """Return the page cut at its headings."""
    parts = page.split("\n### ")
    return {"### " + part.split("\n", 1)[0]: part for part in parts[1:]}


@pytest.mark.slow
@pytest.mark.reference
def test_the_page_shows_every_figure_under_its_table(liberation_day: ReplicationReport) -> None:
    cut = sections(PAGE.read_text(encoding="utf-8"))
    missing = [
        (heading(row), line(row))
        for row in liberation_day.rows
        if line(row) not in cut.get(heading(row), "")
    ]
    assert missing == []


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
