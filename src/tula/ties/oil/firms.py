"""Firms that stop buying from the partner as a whole: thresholds, exits, what exits reveal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tula.errors import did_you_mean
from tula.ties.oil.errors import OilMarketError
from tula.ties.oil.parts import BILLION_BARRELS, Refiner


def firm_premium(probability: float, loss: float, volume: float) -> float:
    """Discount a firm needs to stay, USD a barrel: kappa_f = p_f x Loss_f / q_f.

    ``probability`` a year of being cut off, ``loss`` in billion USD a year if it is, ``volume``
    in mb/d. The risk is run by buying at all, not by the barrel, so it decides whether a firm
    buys, not how much; a firm with nothing left to lose has a premium of 0.
    """
    return probability * loss / (BILLION_BARRELS * volume)


def refiner_premium(refiner: Refiner) -> float:
    """Premium of a refiner at central values, USD a barrel, given or by its loss."""
    if refiner.premium is not None:
        return refiner.premium.value
    if refiner.loss is None or refiner.probability is None:
        raise OilMarketError(refiner.name, ["give premium, or both loss and probability"])
    return firm_premium(refiner.probability.value, refiner.loss.value, refiner.volume)


def exit_share(
    volumes: Mapping[str, float], premiums: Mapping[str, float], discount: float
) -> float:
    """Share of volume bought by firms whose premium exceeds the delivered discount."""
    leaving = sum(volumes[name] for name in volumes if premiums[name] > discount)
    return leaving / sum(volumes.values())


def exit_curve(
    volumes: Mapping[str, float], premiums: Mapping[str, float]
) -> list[tuple[str, float, float]]:
    """List firms from the lowest premium up: (name, premium, volume that stays at that discount).

    q(d) = sum of the volumes of firms with kappa_f <= d: the supply of buyers, as a staircase.
    """
    stays, curve = 0.0, []
    for name in sorted(volumes, key=lambda firm: (premiums[firm], firm)):
        stays += volumes[name]
        curve.append((name, premiums[name], stays))
    return curve


@dataclass(frozen=True)
class RevealedPremiums:
    """What exits at an observed discount say about premia, USD a barrel.

    ``exit_share`` of volume has a premium above ``above`` (at least), the rest one of ``below``
    at most: one point of the distribution of premia, not its shape.
    """

    exit_share: float
    above: float
    below: float


def revealed_premiums(
    volumes: Mapping[str, float],
    left: Sequence[str],
    total: float,
    discount: tuple[float, float],
) -> RevealedPremiums:
    """Read off who left, at a delivered discount between two values, what premia must have been.

    ``total`` is the volume the shares are taken of, mb/d. Raises ``OilMarketError`` on unknown
    names or a total below the listed volumes.
    """
    problems = [
        f"unknown firm {name!r}{did_you_mean(name, volumes)}"
        for name in left
        if name not in volumes
    ]
    if total < sum(volumes.values()) * (1.0 - 1e-9):
        problems.append(f"firms' volumes exceed the total of {total:g} mb/d")
    if problems:
        raise OilMarketError("the record of exits", problems)
    low, high = sorted(discount)
    return RevealedPremiums(sum(volumes[name] for name in left) / total, low, high)


def implied_premium(
    share_before: float,
    share_after: float,
    discount_before: float,
    discount_after: float,
    benchmark: float,
    elasticity: float,
) -> float:
    """Premium in USD a barrel that explains a fall in share in spite of a wider discount.

    Inverts CES odds for an average buyer: the delivered cost with the premium, relative to the
    alternative at ``benchmark``, must have risen by the fall in log odds over the elasticity.
    """
    odds = share_before / (1.0 - share_before) * (1.0 - share_after) / share_after
    cost = (benchmark - discount_before) * odds ** (1.0 / elasticity)
    return float(cost - (benchmark - discount_after))
