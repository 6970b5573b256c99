"""Named checks of an economy's figures: what is wrong, where, and what to do about it.

Each check has an id, a level and a section in ``docs/checks.md``. ``strict`` findings make results
meaningless and stop an import; a ``warning`` is shown and may be lived with.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from tula.errors import TulaError
from tula.world import home_sales, rules
from tula.world.economy import Economy, array_fields
from tula.world.store import world_of

Level = Literal["strict", "warning"]


class UnsoundEconomyError(TulaError):
    """Figures of an economy fail strict checks; the message lists them all with remedies."""


@dataclass(frozen=True)
class Finding:
    """One failed check: its id and level, the first or worst place, what is wrong, the remedy."""

    check: str
    level: Level
    place: str
    message: str
    remedy: str

    def __str__(self) -> str:
        return f"[{self.check}] {self.place}: {self.message}. {self.remedy}"


@dataclass(frozen=True)
class Check:
    """A named check; ``find`` yields (place, message) pairs and nothing when all is well."""

    name: str
    level: Level
    remedy: str
    find: Callable[[Economy], Iterator[tuple[str, str]]]
    needs_sums: bool = True


def check_economy(economy: Economy | str, strict: bool = False) -> tuple[Finding, ...]:
    """Return what the checks find, in the order of ``CHECKS``; ``strict`` leaves out warnings.

    While figures are missing or infinite, or duties are in percent, sums mean nothing, and checks
    that need them are not made.
    """
    economy = world_of(economy)
    with np.errstate(all="ignore"):
        finite = all(np.isfinite(getattr(economy, name)).all() for name in array_fields())
        usable = finite and not any(CHECKS["duty-in-percent"].find(economy))
        return tuple(
            Finding(check.name, check.level, place, message, check.remedy)
            for check in CHECKS.values()
            if (usable or not check.needs_sums) and not (strict and check.level == "warning")
            for place, message in check.find(economy)
        )


def require_sound(economy: Economy) -> None:
    """Raise ``UnsoundEconomyError`` with every strict finding, if there is one."""
    findings = check_economy(economy, strict=True)
    if findings:
        listed = "\n  ".join(str(finding) for finding in findings)
        count = f"{len(findings)} strict check{'' if len(findings) == 1 else 's'} failed"
        raise UnsoundEconomyError(f"{count}:\n  {listed}")


#: Warnings that a quantity may be in another unit than it is taken for.
UNIT_CHECKS = ("duty-suspicion", "elasticity-is-sigma", "unit-suspicion")

CHECKS: dict[str, Check] = {
    check.name: check
    for check in (
        Check(
            "not-a-number",
            "strict",
            "Fill or drop the cell at its source.",
            rules.not_finite,
            False,
        ),
        Check(
            "negative-flow",
            "strict",
            "Move falls in stocks out of final demand at the source, by a stated rule, or import "
            "with negatives='zero' (--negatives zero).",
            rules.negative_flow,
            False,
        ),
        Check(
            "duty-in-percent",
            "strict",
            "State the unit of the rates, --duty-unit percent (duty_unit='percent' in Python) or "
            "fraction if they are meant; where only some rows are in percent, convert these.",
            rules.duty_in_percent,
            False,
        ),
        Check(
            "duty-out-of-range",
            "strict",
            "Give a fraction above -1 and at most 30; for a ban use an embargo.",
            rules.duty_out_of_range,
        ),
        Check(
            "elasticity-not-positive",
            "strict",
            "Give theta = sigma - 1 as a positive number.",
            rules.elasticity_not_positive,
            False,
        ),
        Check(
            "region-without-income",
            "strict",
            "Merge the region with a neighbour or complete its figures.",
            rules.region_without_income,
        ),
        Check(
            "no-home-sales",
            "strict",
            "Add what each region sells to itself, by sector and use (exporter = importer): output "
            "less exports. A table of trade alone does not hold it.",
            home_sales.no_home_sales,
        ),
        Check(
            "accounting-identity",
            "strict",
            "Look for single cells many orders of magnitude larger than all others.",
            rules.accounting_identity,
        ),
        Check(
            "unit-mismatch",
            "strict",
            "State that unit with --unit (unit=... in Python), or --unit 'million USD' if that is "
            "what they are.",
            rules.unit_mismatch,
        ),
        Check(
            "value-added-below-floor",
            "warning",
            "Calibration lifts the share to 2%; check inputs and duties on them.",
            rules.value_added_below_floor,
        ),
        Check(
            "empty-node",
            "warning",
            "Correct where the sector does not exist; otherwise complete the rows.",
            rules.empty_node,
        ),
        Check(
            "sold-only-abroad",
            "warning",
            "Correct for a good that its maker has no use for; otherwise add sales at home.",
            home_sales.sold_only_abroad,
        ),
        Check(
            "buyer-without-supplier",
            "warning",
            "Correct where nobody uses the good; otherwise complete the columns.",
            rules.buyer_without_supplier,
        ),
        Check(
            "duty-negative",
            "warning",
            "Keep it only if a subsidy is meant.",
            rules.duty_negative,
            False,
        ),
        Check(
            "duty-suspicion",
            "warning",
            "State the unit of the rates as it is: --duty-unit fraction or --duty-unit percent.",
            rules.duty_suspicion,
            False,
        ),
        Check(
            "domestic-duty",
            "warning",
            "Expected where members of a merged region tax each other; otherwise set it to zero.",
            rules.domestic_duty,
            False,
        ),
        Check(
            "elasticity-is-sigma",
            "warning",
            "Theta is sigma - 1: head the column 'sigma', or name the published set.",
            rules.elasticity_is_sigma,
            False,
        ),
        Check(
            "elasticity-extreme",
            "warning",
            "Cap the set of elasticities, for example with cap_goods=8.",
            rules.elasticity_extreme,
            False,
        ),
        Check(
            "large-imbalance",
            "warning",
            "Check the region's final demand and exports.",
            rules.large_imbalance,
        ),
        Check(
            "unit-suspicion",
            "warning",
            "State the unit of the flows, such as --unit 'billion USD' or --unit 'million USD' "
            "(unit=... in Python).",
            rules.unit_suspicion,
        ),
    )
}
