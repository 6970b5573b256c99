"""What a tie is worth, to whom, and how hard it is to lose: the same five lines for every tie."""

from __future__ import annotations

from dataclasses import dataclass

from tula.ties.quantity import Estimate


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
