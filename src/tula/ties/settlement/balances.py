"""Balances in one partner's currency: how fast they pile up, and how much trade they can carry.

Two countries settle a share of their trade in local currency. The one that sells more piles up
the other's currency; the pile B (billion USD) follows

    dB/dt = inflow - outlet - rate B,    0 <= B <= ceiling,

where ``inflow`` is the local-currency share of the imbalance, ``outlet`` what the holder can
spend or invest a year whatever the pile, and ``rate`` the share of the pile it can place a year.
The solution is exact between the two bounds, and exact at them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from tula.errors import TulaError


class BalanceError(TulaError):
    """A flow, rate or ceiling cannot be used.

    Flows, rates and trade are zero or more; the opening balance lies between zero and the ceiling.
    """


@dataclass(frozen=True)
class Balances:
    """Balances held by the country in surplus; billion USD and years.

    ``inflow`` and ``outlet`` a year, ``rate`` per year, ``ceiling`` and ``opening`` levels.
    """

    inflow: float
    outlet: float
    ceiling: float
    rate: float = 0.0
    opening: float = 0.0

    def __post_init__(self) -> None:
        names = ("inflow", "outlet", "ceiling", "rate", "opening")
        wrong = [name for name in names if not getattr(self, name) >= 0.0]
        if self.opening > self.ceiling:
            wrong.append("opening")
        if wrong or not math.isfinite(self.inflow + self.outlet + self.rate + self.opening):
            raise BalanceError(f"cannot use {self}: see {', '.join(wrong) or 'infinite entries'}")

    @property
    def net(self) -> float:
        """Inflow less the constant outlet, billion USD a year."""
        return self.inflow - self.outlet

    @property
    def resting_level(self) -> float:
        """Level the pile tends to, billion USD."""
        if self.net == self.rate == 0.0:
            return self.opening
        if self.net <= 0.0:
            return 0.0
        return min(self.ceiling, self.net / self.rate if self.rate > 0.0 else math.inf)

    @property
    def time_to_ceiling(self) -> float:
        """Years until the ceiling binds; infinite if it never does."""
        return self._time_to(self.ceiling) if self._pull(self.ceiling) > 0.0 else math.inf

    @property
    def time_to_empty(self) -> float:
        """Years until the pile is used up; infinite if it never is."""
        return self._time_to(0.0) if self.net < 0.0 else math.inf

    @property
    def refused(self) -> float:
        """Inflow that finds no place at the ceiling, billion USD a year; 0 if it never binds."""
        return max(0.0, self._pull(self.ceiling)) if math.isfinite(self.ceiling) else 0.0

    def room(self, years: float) -> float:
        """Return the largest inflow whose pile meets its ceiling no sooner, billion USD a year.

        What is spent or placed meanwhile, and what there is still room for; after many years
        outlet + rate ceiling.
        """
        if self.rate == 0.0:
            return self.outlet + (self.ceiling - self.opening) / years
        left = math.exp(-self.rate * years)
        return self.outlet + self.rate * (self.ceiling - self.opening * left) / (1.0 - left)

    def level(self, years: float) -> float:
        """Return the pile after some years, billion USD."""
        if years >= min(self.time_to_ceiling, self.time_to_empty):
            return self.ceiling if self.time_to_ceiling <= years else 0.0
        return self._free(years)

    def cumulated_refusal(self, years: float) -> float:
        """Return what has found no place by then, billion USD."""
        return self.refused * max(0.0, years - self.time_to_ceiling) if self.refused else 0.0

    def cumulated_outlets(self, years: float) -> float:
        """Return what the holder has spent or placed by then, billion USD.

        Integrated piece by piece, so that it can be held against the change of the pile. An empty
        pile lets out no more than comes in.
        """
        bound = min(self.time_to_ceiling, self.time_to_empty)
        free = min(years, bound)
        placed = self.outlet * free + self.rate * self._area(free)
        if years > bound:
            full = self.time_to_ceiling <= self.time_to_empty
            at_bound = self.outlet + self.rate * self.ceiling if full else self.inflow
            placed += at_bound * (years - bound)
        return placed

    def _pull(self, level: float) -> float:
        return self.net - (self.rate * level if self.rate > 0.0 else 0.0)

    def _free(self, years: float) -> float:
        if self.rate == 0.0:
            return self.opening + self.net * years
        return self.opening + self._pull(self.opening) * -math.expm1(-self.rate * years) / self.rate

    def _area(self, years: float) -> float:
        """Integral of the free path, billion USD times years."""
        if self.rate == 0.0:
            return self.opening * years + self.net * years**2 / 2.0
        goal = self.net / self.rate
        return goal * years - (goal - self.opening) * -math.expm1(-self.rate * years) / self.rate

    def _time_to(self, level: float) -> float:
        if level == self.opening:
            return 0.0
        if self.rate == 0.0:
            return (level - self.opening) / self.net
        return math.log(self._pull(self.opening) / self._pull(level)) / self.rate


def balanced_share(exports: float, imports: float) -> float:
    """Return the largest share of two-way trade whose two legs pay for each other.

    2 min(X, M) / (X + M): beyond it one side is left with the other's currency.
    """
    _require_trade(exports, imports)
    return 2.0 * min(exports, imports) / (exports + imports)


def unmatched(exports: float, imports: float, local_share: float) -> float:
    """Return the least local-currency settlement that no trade the other way pays for.

    max(0, s (X + M) - 2 min(X, M)), in the unit of the trade: the part that needs an outlet, a
    rising pile, or a purchase of the currency from third parties.
    """
    _require_trade(exports, imports)
    if not 0.0 <= local_share <= 1.0:
        raise BalanceError(f"local_share is a share between 0 and 1; got {local_share}")
    return max(0.0, local_share * (exports + imports) - 2.0 * min(exports, imports))


def sustainable_share(outlet: float, exports: float, imports: float) -> float:
    """Return the local-currency share that keeps the pile still: outlet / |M - X|, at most 1."""
    _require_trade(exports, imports)
    if not outlet >= 0.0:
        raise BalanceError(f"outlet must be zero or more; got {outlet}")
    gap = abs(imports - exports)
    return 1.0 if outlet >= gap else outlet / gap


def _require_trade(exports: float, imports: float) -> None:
    if not (exports >= 0.0 and imports >= 0.0 and exports + imports > 0.0):
        raise BalanceError(
            f"trade must be zero or more both ways and not zero in all; got {exports}, {imports}"
        )
