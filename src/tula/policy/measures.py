"""Amounts with a unit of their own, such as money per barrel, read as parts of a stated one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import BeforeValidator

from tula.policy.units import NUMBER, QUANTITY, Fraction, refusal

_MEASURE = re.compile(rf"\s*({NUMBER})\s*([^\W\d_][^\d@:]*|[$€£][^\d@:]*)", re.ASCII)


@dataclass(frozen=True)
class Measure:
    """An amount and its unit as written: 68.5 and ``"USD/bbl"``."""

    amount: float
    unit: str

    def __str__(self) -> str:
        return f"{self.amount:,.10g} {self.unit}"

    def part(self, fraction: float) -> str:
        """Say how much a fraction of this is, and of how much."""
        return f"{fraction * self.amount:,.6g} {self.unit} of {self}"

    def alike(self, other: Measure) -> bool:
        """Whether both are in one unit, however it is spelled."""
        return _plain(self.unit) == _plain(other.unit)


def _plain(unit: str) -> str:
    return re.sub(r"\s+(?:per|a)\s+|\s*/\s*", "/", unit.strip().casefold())


def read_measure(text: str) -> Measure | None:
    """Read ``"68.5 USD/bbl"``; None where it is no amount with a unit."""
    match = _MEASURE.fullmatch(text)
    return None if match is None else Measure(float(match[1]), match[2].strip())


def measured(value: object) -> Measure:
    """An amount above zero with its unit, as text such as ``"68.5 USD/bbl"`` or in two parts."""
    if isinstance(value, Mapping) and set(value) == {"amount", "unit"}:
        value = f"{value['amount']} {value['unit']}"
    found = value if isinstance(value, Measure) else None
    if isinstance(value, str):
        found = read_measure(value)
    if found is None:
        raise refusal(f"expected an amount with its unit, such as '68.5 USD/bbl', got {value!r}")
    if not 0.0 < found.amount < float("inf"):
        raise refusal(f"must be above zero and finite, got {found}")
    return found


def as_part(value: object, key: str, beside: Mapping[str, object]) -> object:
    """Return an amount with a unit as the fraction it is of the one stated under ``key``.

    ``beside`` are the fields that are read already. Anything else is returned as it came.
    """
    if not isinstance(value, str) or QUANTITY.fullmatch(value):
        return value
    amount = read_measure(value)
    return value if amount is None else _part(amount, key, beside)


def _part(amount: Measure, key: str, beside: Mapping[str, object]) -> Fraction:
    if key not in beside:
        raise refusal(f"cannot be read while {key} is wrong")
    whole = beside[key]
    if not isinstance(whole, Measure):
        example = Measure(100.0, amount.unit)
        raise refusal(f"{amount} is a part of what? say it in {key}, such as '{example}'")
    if not amount.alike(whole):
        raise refusal(f"{amount} and {key} {whole} have different units: state both in one")
    return Fraction(amount.amount / whole.amount)


def refuse_idle_measure(key: str, given: Measure | None, beside: str) -> None:
    """Refuse an amount that nothing is a part of."""
    if given is not None:
        raise refusal(f"{key} says nothing beside {beside}: drop it")


Measured = Annotated[Measure, BeforeValidator(measured)]
