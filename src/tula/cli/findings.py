"""What is told of a world: its origin, and what is odd in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tula.cli.guard import complain, say

if TYPE_CHECKING:
    from tula.world.economy import Economy
    from tula.world.summary import WorldSummary


def print_origin(summary: WorldSummary) -> None:
    """Size, sources and steps of a world."""
    from tula.numbers import write

    told, duty = summary.provenance, 100.0 * summary.mean_duty
    say(f"{told.name}, {told.vintage}", "bold")
    say(
        f"{summary.regions} regions, {summary.sectors} sectors; output "
        f"{write.money(summary.output)}, trade between regions "
        f"{write.money(summary.trade_between_regions)}, mean duty {write.percent(duty)}."
    )
    low, mean, high = map(write.number, summary.elasticity_range)
    say(f"Trade elasticities {low} to {high}, mean {mean}: {summary.elasticity_source}")
    for kind, lines in (("Source", told.sources), ("Step", told.steps)):
        for line in lines:
            say(f"{kind}: {line}")
    say(f"Hash: {told.content_hash or 'none'}")


def print_findings(economy: Economy) -> None:
    """Warnings and failures of the checks; docs/checks.md explains them."""
    from tula.world.checks import check_economy

    for finding in check_economy(economy):
        complain(str(finding), "yellow" if finding.level == "warning" else "red")
