"""What the partner exports at the price at its port."""

from __future__ import annotations


def supply_ratio(price: float, flat_above: float, zero_below: float) -> float:
    """Exports as a share of capacity at a price, USD a barrel at the partner's port.

    1 from ``flat_above`` upwards, 0 at ``zero_below`` and under, straight between the two.
    Johnson, Rachel and Wolfram (2023, NBER 31347) find the supply of a capped producer nearly
    inelastic, falling below about 40 USD and zero just under 30.
    """
    return max(0.0, min(1.0, (price - zero_below) / (flat_above - zero_below)))


def capped_supply_ratio(
    price: float, cap: float | None, covered: float, flat_above: float, zero_below: float
) -> tuple[float, float]:
    """Exports as a share of capacity under a price cap: (covered barrels, other barrels).

    ``covered`` is the share of exports that moves with the coalition's services and is paid the
    cap at most; the other barrels are paid the market price.
    """
    capped = price if cap is None else min(price, cap)
    return (
        covered * supply_ratio(capped, flat_above, zero_below),
        (1.0 - covered) * supply_ratio(price, flat_above, zero_below),
    )
