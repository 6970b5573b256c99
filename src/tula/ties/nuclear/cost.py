"""What a plant's electricity costs: interest during construction, levelised cost, vendor credit."""

from __future__ import annotations

import math
from dataclasses import dataclass

from tula.errors import TulaError
from tula.ties.arms.orders import annuity

HOURS_A_YEAR = 8766.0
#: Electricity of one gigawatt running all year, TWh; billions per TWh are 1000 per MWh.
TWH_PER_GW = HOURS_A_YEAR / 1000.0


class PlantError(TulaError):
    """A plant's or loan's data leave their domain. The message lists every fault."""


def _require(*conditions: tuple[bool, str]) -> None:
    faults = [message for met, message in conditions if not met]
    if faults:
        raise PlantError("; ".join(faults))


def capital_recovery(years: float, rate: float) -> float:
    """Return the yearly payment that repays 1: rate / (1 - (1+rate)^-years)."""
    return 1.0 / annuity(years, rate)


@dataclass(frozen=True)
class Plant:
    """One design; money in one currency, billions.

    * ``overnight``: per GW, without interest; ``construction``: years of even spending;
    * ``slip``: further years in which all of it stands idle; ``life``: years of operation;
    * ``capacity_factor``: 0 to 1; ``fixed``: operation per GW a year; ``fuel``: per TWh;
    * ``decommissioning``: per GW, at the end of life; ``discount``: a year.
    """

    overnight: float
    construction: float
    slip: float
    life: float
    capacity_factor: float
    fixed: float
    fuel: float
    decommissioning: float
    discount: float

    def __post_init__(self) -> None:
        _require(
            (self.overnight > 0.0, f"overnight {self.overnight} is not above 0"),
            (self.construction > 0.0, f"construction {self.construction} is not above 0"),
            (self.slip >= 0.0, f"slip {self.slip} is negative"),
            (self.life > 0.0, f"life {self.life} is not above 0"),
            (0.0 < self.capacity_factor <= 1.0, "capacity_factor is not in (0, 1]"),
            (self.discount > -1.0, f"discount {self.discount} is not above -1"),
        )

    @property
    def energy(self) -> float:
        """Electricity per GW a year, TWh."""
        return TWH_PER_GW * self.capacity_factor

    @property
    def interest_factor(self) -> float:
        """Capital at start of operation over overnight cost: (e^(rT)-1)/(rT) e^(rs), r = ln(1+d).

        Even spending over T years, then s years of standstill.
        """
        force = math.log1p(self.discount)
        even = math.expm1(force * self.construction) / (force * self.construction) if force else 1.0
        return even * math.exp(force * self.slip)

    @property
    def capital(self) -> float:
        """Billions per GW at the start of operation, interest during construction included."""
        return self.overnight * self.interest_factor

    @property
    def levelised_cost(self) -> float:
        """Billions per TWh: (capital * recovery + fixed + decommissioning fund)/energy + fuel."""
        recovery = capital_recovery(self.life, self.discount)
        fund = self.decommissioning * (1.0 + self.discount) ** -self.life * recovery
        return float((self.capital * recovery + self.fixed + fund) / self.energy + self.fuel)


@dataclass(frozen=True)
class Credit:
    """A vendor's loan of ``amount`` billions at ``rate`` a year.

    Interest alone is paid for ``grace`` years, then a level annuity for ``years``.
    """

    amount: float
    rate: float
    grace: float
    years: float

    def __post_init__(self) -> None:
        _require(
            (self.amount >= 0.0, f"amount {self.amount} is negative"),
            (self.grace >= 0.0, f"grace {self.grace} is negative"),
            (self.years > 0.0, f"years {self.years} is not above 0"),
        )

    def worth(self, market: float) -> float:
        """Return the gift in the loan: amount less its payments discounted at the market rate."""
        waiting = self.amount * self.rate * annuity(self.grace, market)
        payment = self.amount * capital_recovery(self.years, self.rate)
        repaid = payment * annuity(self.years, market) * (1.0 + market) ** -self.grace
        return float(self.amount - waiting - repaid)
