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


@dataclass(frozen=True)
class LimitOutcome:
    """What a limit on quantities or prices does in an equilibrium.

    ``shadow_price`` is the ratio of the price buyers would pay to what they pay without the limit's
    wedge: 1 where it is slack. ``rent`` is the wedge's proceeds, million USD, kept by ``rent_to``
    (used up if ``"nobody"``). ``sector``, ``importer`` and ``exporter`` name the first cell,
    ``cells`` their number.
    """

    instrument: str
    measure: str
    sector: str
    importer: str
    exporter: str
    cells: int
    ceiling: float
    rent_to: str
    shadow_price: float
    rent: float

    @property
    def binds(self) -> bool:
        """Whether the limit holds anything back."""
        return self.shadow_price > 1.0


@dataclass(frozen=True)
class CorridorOutcome:
    """How far the quota of a labour corridor is used, and what its permits are worth.

    ``used`` is a share of the quota; ``permit_value`` is the share of a host's wage that those who
    want to go would pay for a permit (0 where the quota is slack or always filled by assumption);
    ``earned`` and ``remitted`` are million USD a year.
    """

    instrument: str
    source: str
    host: str
    used: float
    permit_value: float
    earned: float
    remitted: float


@dataclass(frozen=True, eq=False)
class Solution:
    """An equilibrium after a shock, beside the calibration it departs from.

    Hats are ratios of new to old (1 = unchanged); levels are million USD with base world value
    added as numeraire. S sectors, N importers, I = N exporters.

    * ``wage_hat`` (N,): wage of those at work (between blocs that do not trade at all its level is
      not determined, real incomes are); ``employment_hat`` (N,): part of labour at work;
    * ``factor_price_hat`` (N, S): price of value added; ``cost_hat`` (N, S): producer cost;
    * ``price_hat`` (N, S): price index of s paid in n, duties included; ``final_price_hat`` (N,):
      price of the final basket;
    * ``trade_share`` (S, N, I), ``expenditure`` (N, S), ``output`` (N, S): new values;
    * ``border_trade`` (S, N, I): new purchases of n from i, million USD: export tax and exporters'
      rents in, import duty and importers' rents out;
    * ``income`` (N,): new final spending; ``value_added`` (N,): new factor income;
      ``sector_value_added`` (N, S): the same by sector;
    * ``tariff_revenue``, ``export_tax_revenue`` (N,): new revenues;
    * ``cap_wedge`` (S, N, I): ratio of buyer's to duty-paid price that importers keep under a
      binding limit (1 = none); ``cap_rent`` (N,): its proceeds; ``export_rent`` (N,): the rents
      that exporters keep;
    * ``seller_wedge`` (S, N, I): ratio of what the seller is paid to its cost, taxes aside:
      exporters' rents, and prices that differ by destination; ``trade_cost_hat`` (S, N, I): change
      in iceberg cost, the waste of limits whose rent nobody keeps included;
    * ``imbalance`` (N,): new spending less income, transfers and remittances included;
    * ``limits``, ``corridors``: what each does, in the order of the shock.
    """

    calibration: Calibration
    shock: Shock
    wage_hat: Float[Array, " N"]
    employment_hat: Float[Array, " N"]
    factor_price_hat: Float[Array, "N S"]
    cost_hat: Float[Array, "N S"]
    price_hat: Float[Array, "N S"]
    final_price_hat: Float[Array, " N"]
    trade_share: Float[Array, "S N I"]
    expenditure: Float[Array, "N S"]
    output: Float[Array, "N S"]
    border_trade: Float[Array, "S N I"]
    income: Float[Array, " N"]
    value_added: Float[Array, " N"]
    sector_value_added: Float[Array, "N S"]
    tariff_revenue: Float[Array, " N"]
    export_tax_revenue: Float[Array, " N"]
    cap_wedge: Float[Array, "S N I"]
    cap_rent: Float[Array, " N"]
    export_rent: Float[Array, " N"]
    seller_wedge: Float[Array, "S N I"]
    trade_cost_hat: Float[Array, "S N I"]
    imbalance: Float[Array, " N"]
    certificate: Certificate
    limits: tuple[LimitOutcome, ...] = ()
    corridors: tuple[CorridorOutcome, ...] = ()

    @property
    def labels(self) -> Labels:
        """Codes of the axes."""
        return self.calibration.labels

    @cached_property
    def real_income_hat(self) -> Float[Array, " N"]:
        """Ratio of new to old real income: final spending over the price of the final basket."""
        return np.asarray(self.income / self.calibration.final_spending / self.final_price_hat)
