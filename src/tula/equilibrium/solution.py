"""What a solve returns: the new world, the old one, and the proof that it is an equilibrium."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import isnan

import numpy as np
from jaxtyping import Float

from tula.equilibrium.calibration import Calibration
from tula.policy.shock import Shock
from tula.world.labels import Labels

Array = np.ndarray


@dataclass(frozen=True)
class Residual:
    """The largest violation of one equation and where it stands.

    ``value`` is relative to the size of what the equation equates; ``region`` and ``sector`` are
    codes (``sector`` is empty for equations without one).
    """

    equation: str
    value: float
    region: str
    sector: str = ""


@dataclass(frozen=True)
class Certificate:
    """Proof of a solution: computed from the equations after the solve, not by the solver.

    ``walras`` is world excess supply over world value added: implied by the other equations,
    checked rather than assumed.
    """

    iterations: int
    tolerance: float
    residuals: tuple[Residual, ...]
    walras: float
    closure: str
    solver: str

    def __str__(self) -> str:
        place = " ".join(filter(None, (self.worst.region, self.worst.sector)))
        return (
            f"{self.iterations} evaluations, {self.closure} closure: worst residual "
            f"{self.worst.value:.1e} ({self.worst.equation}, {place}), Walras {self.walras:.1e}"
        )

    @property
    def worst(self) -> Residual:
        """The largest residual over all equations."""
        return max(self.residuals, key=lambda residual: (isnan(residual.value), residual.value))

    @property
    def holds(self) -> bool:
        """Whether every residual, and Walras' law, meets the tolerance."""
        return self.worst.value <= self.tolerance and self.walras <= self.tolerance


@dataclass(frozen=True, eq=False)
class Solution:
    """An equilibrium after a shock, beside the calibration it departs from.

    Hats are ratios of new to old (1 = unchanged); levels are million USD with base world value
    added as numeraire. S sectors, N importers, I = N exporters.

    * ``wage_hat`` (N,): factor price (between blocs that do not trade at all its level is not
      determined, real incomes are); ``cost_hat`` (N, S): producer cost;
    * ``price_hat`` (N, S): price index of s paid in n, duties included;
    * ``trade_share`` (S, N, I), ``expenditure`` (N, S), ``output`` (N, S): new values;
    * ``income`` (N,): new final spending; ``value_added`` (N,): new factor income;
    * ``tariff_revenue``, ``export_tax_revenue`` (N,): new revenues;
    * ``cap_wedge`` (S, N, I): shadow price ratio of binding quantity caps (1 = no cap or slack);
      ``cap_rent`` (N,): its proceeds, kept by the importer;
    * ``imbalance`` (N,): new spending less income, transfers included.
    """

    calibration: Calibration
    shock: Shock
    wage_hat: Float[Array, " N"]
    cost_hat: Float[Array, "N S"]
    price_hat: Float[Array, "N S"]
    trade_share: Float[Array, "S N I"]
    expenditure: Float[Array, "N S"]
    output: Float[Array, "N S"]
    income: Float[Array, " N"]
    value_added: Float[Array, " N"]
    tariff_revenue: Float[Array, " N"]
    export_tax_revenue: Float[Array, " N"]
    cap_wedge: Float[Array, "S N I"]
    cap_rent: Float[Array, " N"]
    imbalance: Float[Array, " N"]
    certificate: Certificate

    @property
    def labels(self) -> Labels:
        """Codes of the axes."""
        return self.calibration.labels

    @cached_property
    def border_trade(self) -> Float[Array, "S N I"]:
        """New purchases of n from i, million USD: export tax in, import duty and cap rent out."""
        spending = self.trade_share * self.expenditure.T[:, :, None]
        return np.asarray(spending / ((1.0 + self.shock.tariff) * self.cap_wedge))

    @cached_property
    def final_price_hat(self) -> Float[Array, " N"]:
        """Ratio of new to old price of the final basket."""
        return np.asarray(np.exp((self.calibration.final_share * np.log(self.price_hat)).sum(1)))

    @cached_property
    def real_income_hat(self) -> Float[Array, " N"]:
        """Ratio of new to old real income: final spending over the price of the final basket."""
        return np.asarray(self.income / self.calibration.final_spending / self.final_price_hat)
