"""Units of the flows in a table: Tula counts in million USD a year."""

from __future__ import annotations

from tula.errors import UnknownNameError

#: Unit -> million USD.
UNITS: dict[str, float] = {
    "USD": 1e-6,
    "thousand USD": 1e-3,
    "million USD": 1.0,
    "billion USD": 1e3,
}


def million_usd(unit: str) -> float:
    """Return how many million USD a unit is; ``UnknownNameError`` names the nearest unit."""
    if unit not in UNITS:
        raise UnknownNameError("unit", unit, UNITS)
    return UNITS[unit]
