"""What a tie is worth, to whom, and how hard it is to lose: the same five lines for every tie."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tula.numbers.estimate import Estimate

#: Unit of money in what a tie's model is given and finds, and in accounts as in all results; how
#: many of the second are one of the first.
WITHIN, TOLD, RATIO = "bn USD", "million USD", 1000.0


@dataclass(frozen=True)
class TieAccount:
    """One tie between a middle power (``pivot``) and a ``partner``, region codes.

    * ``value_to_pivot``, ``value_to_partner``: million USD a year, plus = the tie benefits it;
    * ``dependence``: share of the pivot's need that the partner covers, 0 to 1;
    * ``replacement_time``: years until other sources could cover half of what the partner supplies;
    * ``exposure``: million USD a year the pivot stands to lose, in expectation, through pressure
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


#: Between a part of a tie and what is told of it, in names of details.
PART = ": "
#: The five lines that every account has; what else a tie tells is a detail.
HEAD = ("value_to_pivot", "value_to_partner", "dependence", "replacement_time", "exposure")


def line(numbers: tuple[float, float, float], unit: str, meaning: str) -> Estimate:
    """Return what a tie's model found as an account tells it: bn USD as million USD."""
    if unit.split(" per ")[0].split(" a ")[0] != WITHIN:
        return Estimate(*numbers, unit, meaning)
    central, low, high = (RATIO * one for one in numbers)
    return Estimate(central, low, high, unit.replace(WITHIN, TOLD, 1), meaning)


def lines_of(
    found: Mapping[str, tuple[float, float, float]], meanings: Mapping[str, tuple[str, str]]
) -> dict[str, Estimate]:
    """Return every number of a model as an account tells it, by unit and meaning.

    A number of a part of the tie is named after both, as in ``order: price``, and has the meaning
    of the last.
    """
    return {
        name: line(numbers, *(meanings.get(name) or meanings[name.rpartition(PART)[2]]))
        for name, numbers in found.items()
    }


def account_of(
    tie: str, pivot: str, partner: str, lines: dict[str, Estimate], notes: tuple[str, ...] = ()
) -> TieAccount:
    """Sort a tie's estimates by name into the five lines of its account and its details."""
    details = {name: line for name, line in lines.items() if name not in HEAD}
    head = {name: lines[name] for name in HEAD}
    return TieAccount(tie, pivot, partner, **head, details=details, notes=notes)
