"""What is told of a world: its origin, and what is odd in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tula.cli.guard import complain, say

if TYPE_CHECKING:
    from tula.world.economy import Economy
    from tula.world.summary import WorldSummary


def print_origin(summary: WorldSummary) -> None:
    """Size, sources and steps of a world."""
    told = summary.provenance
    say(f"{told.name}, {told.vintage}", "bold")
    say(
        f"{summary.regions} regions, {summary.sectors} sectors; output "
        f"{summary.output / 1e6:,.1f} tn USD, trade between regions "
        f"{summary.trade_between_regions / 1e6:,.1f} tn USD, mean duty {summary.mean_duty:.2%}."
    )
    low, mean, high = summary.elasticity_range
    say(f"Trade elasticities {low:.2f} to {high:.2f}, mean {mean:.2f}: {summary.elasticity_source}")
    for kind, lines in (("Source", told.sources), ("Step", told.steps)):
        for line in lines:
            say(f"{kind}: {line}")
    say(f"Hash: {told.content_hash or 'none'}")


def print_findings(economy: Economy) -> None:
    """Warnings and failures of the checks; docs/checks.md explains them."""
    from tula.world.checks import check_economy

    for finding in check_economy(economy):
        complain(str(finding), "yellow" if finding.level == "warning" else "red")
