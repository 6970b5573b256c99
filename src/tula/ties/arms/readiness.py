"""What a supplier's failure does to a fleet, what stocks of spares buy, what transfer is worth."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from tula.ties.arms.stock import require


@dataclass(frozen=True)
class Fleet:
    """The part of a fleet that one supplier keeps running.

    * ``share`` of the whole stock; ``hazard``: failures of supply a year;
    * ``substitutability``: part of its spares that others, or the owner, can make, 0 to 1;
    * ``spares_years``: stock of spares, in years of normal use;
    * ``failure_years``: mean length of a failure (exponential), above 0.
    """

    share: float
    hazard: float
    substitutability: float
    spares_years: float
    failure_years: float

    def __post_init__(self) -> None:
        require(
            (0.0 <= self.share <= 1.0, f"share {self.share} is not in 0 to 1"),
            (self.hazard >= 0.0, f"hazard {self.hazard} is negative"),
            (0.0 <= self.substitutability <= 1.0, "substitutability is not in 0 to 1"),
            (self.spares_years >= 0.0, f"spares_years {self.spares_years} is negative"),
            (self.failure_years > 0.0, f"failure_years {self.failure_years} is not above 0"),
        )

    @property
    def outlasted(self) -> float:
        """Chance that a failure outlasts the stock of spares: exp(-spares / failure years)."""
        return math.exp(-self.spares_years / self.failure_years)

    @property
    def loss(self) -> float:
        """Expected share of the whole fleet that loses its spares, per year of hazard."""
        return self.share * self.hazard * (1.0 - self.substitutability) * self.outlasted

    @property
    def loss_rate(self) -> float:
        """The same if the supplier kept the whole fleet running."""
        return self.hazard * (1.0 - self.substitutability) * self.outlasted


def readiness_loss(fleets: Mapping[str, Fleet]) -> float:
    """Return R = sum k h (1 - substitutability) exp(-spares/failure): share of the fleet, a year.

    Expected share of the fleet hit by a failure that begins within a year and outlasts the
    spares; without stocks of spares the plain sum of k h (1 - substitutability).
    """
    return sum(fleet.loss for fleet in fleets.values())


def unready_time(fleets: Mapping[str, Fleet]) -> float:
    """Return fleet-years out of action expected per year: sum of loss times failure years.

    A failure of mean length D with m years of spares leaves E[max(T - m, 0)] = D exp(-m/D).
    """
    return sum(fleet.loss * fleet.failure_years for fleet in fleets.values())


def spares_for(fleet: Fleet, target: float) -> float:
    """Return the years of spares that bring a fleet's loss down to ``target`` (0 if below)."""
    require((target > 0.0, f"target {target} is not above 0"))
    bare = replace(fleet, spares_years=0.0).loss
    return max(0.0, fleet.failure_years * math.log(bare / target)) if bare > 0.0 else 0.0


@dataclass(frozen=True)
class Transfer:
    """Technology transfer: what it does to one supplier's fleet once it works.

    ``substitutability`` and ``hazard`` are the values after transfer; ``premium`` its price in
    billion USD, paid now; ``delay`` the years until it works.
    """

    substitutability: float
    hazard: float
    premium: float
    delay: float


@dataclass(frozen=True)
class TransferWorth:
    """What a transfer buys.

    * ``fall``: fall in fleet-years out of action, per year, once it works;
    * ``worth``: present value less premium, billion USD;
    * ``break_even_readiness``: billion USD a year of full readiness at which it just pays,
      infinite where it buys no readiness.
    """

    fall: float
    worth: float
    break_even_readiness: float


def value_transfer(
    fleet: Fleet, transfer: Transfer, *, readiness_value: float, discount: float, retirement: float
) -> TransferWorth:
    """Value a transfer as the fall in unreadiness it buys while the fleet lasts.

    ``readiness_value``: billion USD for a whole fleet ready for one year. The benefit begins
    after the delay and fades with the fleet: annuity exp(-(rho+delta) delay) / (rho+delta).
    """
    after = replace(fleet, substitutability=transfer.substitutability, hazard=transfer.hazard)
    fall = unready_time({"before": fleet}) - unready_time({"after": after})
    decay = discount + retirement
    require((decay > 0.0, "discount + retirement is not above 0"))
    years = math.exp(-decay * transfer.delay) / decay * fall
    needed = transfer.premium / years if years > 0.0 else math.inf
    return TransferWorth(fall, readiness_value * years - transfer.premium, needed)
