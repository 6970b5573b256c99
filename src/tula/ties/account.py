"""What a tie is worth, to whom, and how hard it is to lose: the same five lines for every tie."""

from __future__ import annotations

from dataclasses import dataclass

from tula.numbers.estimate import Estimate


@dataclass(frozen=True)
class TieAccount:
    """One tie between a middle power (``pivot``) and a ``partner``, region codes.

    * ``value_to_pivot``, ``value_to_partner``: billion USD a year, plus = the tie benefits it;
    * ``dependence``: share of the pivot's need that the partner covers, 0 to 1;
    * ``replacement_time``: years until other sources could cover half of what the partner supplies;
    * ``exposure``: billion USD a year the pivot stands to lose, in expectation, through pressure
      of third parties on the tie, zero or more;
    * ``details``: further numbers by name, in the order to be shown.
    """

    tie: str
    pivot: str
    partner: str
    value_to_pivot: Estimate
    value_to_partner: Estimate
    dependence: Estimate
    replacement_time: Estimate
    exposure: Estimate
    details: dict[str, Estimate]
    notes: tuple[str, ...] = ()


#: The five lines that every account has; what else a tie tells is a detail.
HEAD = ("value_to_pivot", "value_to_partner", "dependence", "replacement_time", "exposure")


def account_of(
    tie: str, pivot: str, partner: str, lines: dict[str, Estimate], notes: tuple[str, ...] = ()
) -> TieAccount:
    """Sort a tie's estimates by name into the five lines of its account and its details."""
    return TieAccount(
        tie=tie,
        pivot=pivot,
        partner=partner,
        **{name: lines[name] for name in HEAD},
        details={name: line for name, line in lines.items() if name not in HEAD},
        notes=notes,
    )
