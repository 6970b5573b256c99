"""What a solve returns: the new world, the old one, and the proof that it is an equilibrium."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from tula.equilibrium.calibration import Calibration
from tula.equilibrium.cells import Cells, cells_of
from tula.equilibrium.certificate import Certificate
from tula.equilibrium.closures import Closure
from tula.equilibrium.factors import moved
from tula.equilibrium.limits import active_limits
from tula.equilibrium.outcomes import CorridorOutcome, KeptWedges, LimitOutcome, kept_wedges
from tula.equilibrium.prepare import prepare
from tula.equilibrium.system import State, System
from tula.equilibrium.taken import Taken
from tula.frozen import Frozen, frozen_property, sealed
from tula.policy.shock import Shock, told
from tula.shapes import Float
from tula.shown import Card, Shown, ranked
from tula.world.economy import origin
from tula.world.labels import Labels

Array = np.ndarray

#: Fields that a solution shares with the state of its system, by region and by sector.
BY_REGION = (
    "wage_hat", "employment_hat", "final_price_hat", "income", "value_added",
    "export_tax_revenue", "export_rent", "imbalance",
)  # fmt: skip
BY_SECTOR = (
    "factor_price_hat", "cost_hat", "price_hat", "bundle_price_hat", "bundle_share",
    "expenditure", "output", "sector_value_added",
)  # fmt: skip


@dataclass(frozen=True, eq=False, repr=False)
class Solution(Shown, Taken, Frozen):
    """An equilibrium after a shock, beside the calibration it departs from.

    Hats are ratios of new to old (1 = unchanged); levels are million USD with base world value
    added as numeraire. S sectors, N importers, I = N exporters. No array can be written.

    * ``wage_hat`` (N,): wage of those at work (between blocs that do not trade at all its level is
      not determined, real incomes are); ``employment_hat`` (N,): part of labour at work;
    * ``factor_price_hat`` (N, S): price of value added; ``cost_hat`` (N, S): producer cost;
    * ``price_hat`` (N, S): price index of s paid in n, duties included; ``final_price_hat`` (N,):
      price of the final basket; ``bundle_price_hat``, ``bundle_share`` (N, S): price and share in
      spending of imports where home supply is a nest of its own, of all supply elsewhere;
    * ``expenditure`` (N, S), ``output`` (N, S): new values;
    * ``income`` (N,): new final spending; ``value_added`` (N,): new factor income;
      ``sector_value_added`` (N, S): the same by sector;
    * ``tariff_revenue``, ``export_tax_revenue`` (N,): new revenues; ``cap_rent``, ``export_rent``
      (N,): rents of limits that importers and exporters keep;
    * ``imbalance`` (N,): new spending less income, transfers and remittances included;
    * ``limits``, ``corridors``: what each does; cells in which a price ceiling ends all trade stand
      under embargo in ``shock``.

    What follows cell by cell is computed when it is first read: ``trade_share``, ``border_trade``,
    ``cap_wedge``, ``seller_wedge``, ``trade_cost_hat`` (S, N, I).
    """

    calibration: Calibration
    shock: Shock
    closure: Closure
    wage_hat: Float[Array, " N"]
    employment_hat: Float[Array, " N"]
    factor_price_hat: Float[Array, "N S"]
    cost_hat: Float[Array, "N S"]
    price_hat: Float[Array, "N S"]
    bundle_price_hat: Float[Array, "N S"]
    bundle_share: Float[Array, "N S"]
    final_price_hat: Float[Array, " N"]
    expenditure: Float[Array, "N S"]
    output: Float[Array, "N S"]
    income: Float[Array, " N"]
    value_added: Float[Array, " N"]
    sector_value_added: Float[Array, "N S"]
    tariff_revenue: Float[Array, " N"]
    export_tax_revenue: Float[Array, " N"]
    cap_rent: Float[Array, " N"]
    export_rent: Float[Array, " N"]
    imbalance: Float[Array, " N"]
    certificate: Certificate
    limits: tuple[LimitOutcome, ...] = ()
    corridors: tuple[CorridorOutcome, ...] = ()

    @property
    def labels(self) -> Labels:
        """Codes of the axes."""
        return self.calibration.labels

    def _card(self) -> Card:
        base, shock = self.calibration, self.shock
        regions, sectors = len(self.labels.regions), len(self.labels.sectors)
        names = [self.labels.region_names.get(code, code) for code in self.labels.regions]
        gains, losses = ranked(names, (100.0 * (self.real_income_hat - 1.0)).tolist())
        return Card(
            f"Solution on {origin(base.provenance)}: {regions} regions x {sectors} sectors",
            {
                "policy": told(shock, base.tariff, base.export_tax),
                "closure": self.closure.name,
                **{name: text for name, text in base.basis().items() if name != "imbalances"},
                "proof": str(self.certificate),
                "gain most": f"{gains} of real income",
                "lose most": f"{losses} of real income",
            },
        )

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write a netCDF-4 file for ``load_solution``; errors as ``save_solution``."""
        from tula.equilibrium.store import save_solution

        return save_solution(self, path)

    def state(self, system: System) -> State:
        """Return the solution's numbers as the equations of its system read them."""
        endowments, labour = system.endowments, system.endowments.labour
        use = np.array([one.used for one in self.corridors])
        if endowments.corridors is not None:
            labour = labour + moved(endowments.corridors, use, len(labour))
        wedges = np.zeros(system.wedges)
        log_wedges = self._log_wedges[: system.wedges]
        wedges[: len(log_wedges)] = log_wedges
        return State(
            labour=labour,
            import_revenue=self.tariff_revenue + self.cap_rent,
            wedge=wedges,
            corridor_use=use,
            **{name: getattr(self, name) for name in BY_REGION},
            **{name: getattr(self, name).T for name in BY_SECTOR},
        )

    @frozen_property
    def real_income_hat(self) -> Float[Array, " N"]:
        """Ratio of new to old real income: final spending over the price of the final basket."""
        return self.income / self.calibration.final_spending / self.final_price_hat

    def holding(self, cells: Cells | None) -> Solution:
        """Return the solution with its cells, which it would form anew as they are read."""
        if cells is not None:
            vars(self)["_cells"] = Cells(*map(sealed, cells))
        return self

    @cached_property
    def _cells(self) -> Cells:
        system = prepare(self.calibration, self.shock, self.closure)
        return Cells(*map(sealed, cells_of(system, self.state(system))))

    @property
    def _log_wedges(self) -> Float[Array, " G"]:
        """Wedges of the limits under which there is trade, in logs, as the equations read them."""
        return np.log([one.shadow_price * one.used for one in self.limits if not one.ends_trade])

    @cached_property
    def limit_wedges(self) -> KeptWedges:
        """The limits' wedges cell by cell, as ratios, by who keeps their proceeds (1 = none)."""
        active = active_limits(self.calibration, self.shock)
        kept = kept_wedges(active, self._log_wedges, self.shock.tariff.shape)
        return KeptWedges(*map(sealed, kept))

    @property
    def trade_share(self) -> Float[Array, "S N I"]:
        """Share of exporter i in n's tariff-inclusive spending on s."""
        return self._cells.share

    @property
    def border_trade(self) -> Float[Array, "S N I"]:
        """New purchases of n from i, million USD.

        Export tax and exporters' rents in, import duty and importers' rents out.
        """
        return self._cells.at_border

    @property
    def cap_wedge(self) -> Float[Array, "S N I"]:
        """Ratio of buyer's to duty-paid price that importers keep under a limit (1 = none)."""
        return self.limit_wedges.importer

    @frozen_property
    def duty(self) -> Float[Array, "S N I"]:
        """Import duty paid over border value, a fraction, what is paid beyond quotas included."""
        tariff = self.shock.tariff
        return tariff + (1.0 + tariff) * (self.limit_wedges.duty - 1.0)

    @frozen_property
    def seller_wedge(self) -> Float[Array, "S N I"]:
        """Ratio of what the seller is paid to its cost, taxes aside.

        Exporters' rents, and prices that differ by destination.
        """
        return self._cells.seller_price / self.cost_hat.T[:, None, :] * self.limit_wedges.exporter

    @frozen_property
    def trade_cost_hat(self) -> Float[Array, "S N I"]:
        """Change in iceberg cost, the waste of limits whose rent nobody keeps included."""
        return self.shock.trade_cost_hat * self.limit_wedges.nobody
