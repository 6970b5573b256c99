"""Tables of a replication as the documentation shows them."""

from __future__ import annotations

import math

from tula.replicate import Comparison, ReplicationReport, ReplicationRow


def row_line(row: ReplicationRow, digits: int) -> str:
    """Return one published figure as a line of a Markdown table."""
    published = max(0, round(-math.log10(2.0 * row.tolerance)))
    exact = "" if row.exact is None else f"{row.exact:.{digits}f}"
    cells = (
        row.quantity,
        row.place,
        f"{row.published:.{published}f}",
        f"{row.reproduced:.{digits}f}",
        exact,
    )
    return "| " + " | ".join(cells) + " |"


def comparison_line(item: Comparison) -> str:
    """Return one comparison as a line of a Markdown table: its bound, not the machine's noise."""
    cells = (item.quantity, item.against, str(item.figures), f"{item.tolerance:.0e} {item.unit}")
    return "| " + " | ".join(cells) + " |"


def lines(report: ReplicationReport, digits: int) -> list[str]:
    """Return every line of both tables."""
    rows = [row_line(row, digits) for row in report.rows]
    return rows + [comparison_line(item) for item in report.comparisons]
