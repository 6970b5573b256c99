"""One order under a threat: break-even hazard, break-even surcharge, and the option to wait."""

from __future__ import annotations

from dataclasses import dataclass

from tula.ties.arms.stock import require


def annuity(years: float, discount: float) -> float:
    """Return the present value of 1 at the end of each year: (1 - (1+r)^-years) / r."""
    return years if discount == 0.0 else (1.0 - (1.0 + discount) ** -years) / discount


def break_even_hazard(
    price: float, surcharge: float, loss: float, *, years: float = 1.0, discount: float = 0.0
) -> float:
    """Return the yearly hazard at which the threatened order costs as much as the dearer one.

    price * surcharge = hazard * loss * annuity(years): ``price`` in billion USD, ``surcharge`` of
    the unthreatened supplier as a fraction, ``loss`` in billion USD for each year in which the
    penalty falls due, ``years`` of exposure. Above 1 no hazard justifies the surcharge.
    """
    require(
        (loss > 0.0, f"loss {loss} is not above 0"),
        (years > 0.0, f"years {years} is not above 0"),
    )
    return price * surcharge / (loss * annuity(years, discount))


def break_even_surcharge(
    price: float, hazard: float, loss: float, *, years: float = 1.0, discount: float = 0.0
) -> float:
    """Return the surcharge, as a fraction of the price, that a yearly hazard justifies."""
    require((price > 0.0, f"price {price} is not above 0"), (years > 0.0, "years is not above 0"))
    return hazard * loss * annuity(years, discount) / price


@dataclass(frozen=True)
class OptionToWait:
    """Order now, or wait until the threat is resolved; billion USD.

    * now: ``value`` - ``cost`` - p ``loss``;
    * later, in calm: ``later_value`` - ``later_cost``, if that is above 0;
    * later, with the sanction in force: the same less ``later_loss``, if that is above 0;
    * ``wait_discount``: what 1 later is worth now, at most 1.
    """

    value: float
    cost: float
    loss: float
    later_value: float
    later_cost: float
    later_loss: float
    wait_discount: float

    def __post_init__(self) -> None:
        require(
            (self.loss >= 0.0 and self.later_loss >= 0.0, "a loss is negative"),
            (0.0 < self.wait_discount <= 1.0, "wait_discount is not in (0, 1]"),
        )

    def order_now(self, hazard: float) -> float:
        """Value of ordering now: v - K - p Loss."""
        return self.value - self.cost - hazard * self.loss

    def wait(self, hazard: float) -> float:
        """Value of waiting: wait_discount * E[max(v' - K', 0)] over the two states."""
        return self.wait_discount * ((1.0 - hazard) * self._calm + hazard * self._hit)

    def worth(self, hazard: float) -> float:
        """V = max(order now, wait)."""
        return max(self.order_now(hazard), self.wait(hazard))

    @property
    def _calm(self) -> float:
        return max(self.later_value - self.later_cost, 0.0)

    @property
    def _hit(self) -> float:
        return max(self.later_value - self.later_cost - self.later_loss, 0.0)

    @property
    def break_even_hazard(self) -> float | None:
        """Hazard at which ordering now and waiting are worth the same; None if never in 0 to 1."""
        ahead = self.order_now(0.0) - self.wait(0.0)
        slope = self.loss - self.wait_discount * (self._calm - self._hit)
        if slope == 0.0:
            return None
        hazard = ahead / slope
        return hazard if 0.0 <= hazard <= 1.0 else None
