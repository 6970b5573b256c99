"""The model written out cell by cell and handed to a general root finder, to check the engine.

Every bundle is in calibrated-share form; prices, quantities, sector wages, rents and the wedge of
every limit are unknowns of their own, nothing is eliminated. Base prices are all one. It shares no
equation with the engine, only the base year's shares.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import Any

import numpy as np
from scipy.optimize import root

from tula.equilibrium.calibration import Calibration
from tula.policy.shock import Shock

Array = np.ndarray


@dataclass(frozen=True)
class Answer:
    """What the two solvers are compared on; axes as in ``Solution``."""

    real_income_hat: Array
    wage_hat: Array
    employment_hat: Array
    factor_price_hat: Array
    cost_hat: Array
    price_hat: Array
    final_price_hat: Array
    expenditure: Array
    output: Array
    border_trade: Array
    income: Array
    value_added: Array
    export_tax_revenue: Array
    importer_revenue: Array
    export_rent: Array
    shadow_price: Array
    rent: Array
    corridor_use: Array


def ces(share: Array, price: Array, sigma: float | Array, axis: int) -> Array:
    """Return the price of a bundle whose parts' base shares add up to one."""
    sigma = np.broadcast_to(np.asarray(sigma, dtype=float), np.delete(share.shape, axis))
    power = np.where(sigma == 1.0, 0.5, 1.0 - sigma)
    inner = np.where(share > 0.0, share * price ** np.expand_dims(power, axis), 0.0).sum(axis)
    logs = np.where(share > 0.0, share * np.log(np.where(share > 0, price, 1.0)), 0.0).sum(axis)
    return np.where(sigma == 1.0, np.exp(logs), inner ** (1.0 / power))


def solve_independently(
    base: Calibration, shock: Shock, *, balance: str = "fixed", start: Array | None = None
) -> Answer:
    """Return the equilibrium found by Powell's method from the base year (or from ``start``)."""
    model = _Model(base, shock, balance)
    first = np.zeros(model.size) if start is None else start
    found = root(model.violations, first, method="hybr", options={"xtol": 1e-13, "maxfev": 40000})
    worst = np.abs(model.violations(found.x)).max()
    assert worst < 1e-10, f"the root finder is off by {worst:.1e}: {found.message}"
    return model.answer(found.x)


class _Model:
    """The unknowns by name and the equations that they must meet."""

    def __init__(self, base: Calibration, shock: Shock, balance: str) -> None:
        self.base, self.shock, self.balance = base, shock, balance
        s, n, _ = base.trade_share.shape
        self.shapes = {
            "wage": (n,), "idle": (n,), "sector_wage": (n, s), "rent": (n, s), "cost": (n, s),
            "price": (n, s), "spending": (n, s), "output": (n, s), "seller": (s, n, n),
            "wedge": (len(shock.limits),),
        }  # fmt: skip
        self.size = sum(int(np.prod(shape)) for shape in self.shapes.values())
        factor = (1 + base.tariff) * (1 + base.export_tax)
        self.paid0 = base.trade_share * base.expenditure.T[:, :, None]
        self.sold0 = self.paid0 / factor
        self.value0 = base.value_added_share * base.output
        self.specific = base.placed.specific_share
        self.labour0 = ((1 - self.specific) * self.value0).sum(axis=1)
        self.alive = ~shock.embargo & (self.paid0 > 0)

    def named(self, vector: Array) -> dict[str, Array]:
        """Return the unknowns in levels (wedges and idleness in logs)."""
        parts, place = {}, 0
        for name, shape in self.shapes.items():
            size = int(np.prod(shape))
            part = vector[place : place + size].reshape(shape)
            parts[name] = part if name in ("wedge", "idle") else np.exp(part)
            place += size
        return parts

    def everything(self, vector: Array) -> dict[str, Any]:
        """Work out all that follows from the unknowns."""
        u: dict[str, Any] = self.named(vector)
        self.trade(u)
        self.production(u)
        self.factors(u)
        self.incomes(u)
        return u

    def trade(self, u: dict[str, Any]) -> None:
        base, shock, technology = self.base, self.shock, self.base.technology
        keeps = {who: np.ones(base.tariff.shape) for who in ("importer", "exporter", "nobody")}
        for wedge, limit in zip(u["wedge"], shock.limits, strict=True):
            keeps[limit.rent_to][tuple(limit.cells.T)] *= np.exp(wedge)
        u["keeps"] = keeps
        u["iceberg"] = shock.trade_cost_hat * keeps["nobody"]
        new = (1 + shock.tariff) * (1 + shock.export_tax) * keeps["importer"] * keeps["exporter"]
        old = (1 + base.tariff) * (1 + base.export_tax)
        u["delivered"] = delivered = u["seller"] * new / old * u["iceberg"]
        sigma = 1 + base.placed.trade_elasticity
        share = np.where(self.alive, base.trade_share, 0.0)
        if technology.home_and_imports is None:
            u["index"] = index = ces(share, delivered, sigma, axis=2)
            quantity = (index[:, :, None] / delivered) ** sigma[:, :, None]
            quantity *= (u["spending"].T / index)[:, :, None]
        else:
            index, quantity = self.home_nest(u, share, sigma, technology.home_and_imports)
        u["index"], u["quantity"] = index, np.where(self.alive, quantity, 0.0)
        u["paid"] = u["quantity"] * delivered * self.paid0
        u["inside"] = self.inside_quotas(u)
        u["iceberg"] = shock.trade_cost_hat * keeps["nobody"]
        duty_paid = u["paid"] / keeps["importer"]
        u["at_border"] = duty_paid / (1 + shock.tariff)
        before_rent = u["at_border"] / keeps["exporter"]
        u["received"] = before_rent / (1 + shock.export_tax)
        u["importer_revenue"] = (u["paid"] - u["at_border"]).sum(axis=(0, 2))
        u["export_rent"] = (u["at_border"] - before_rent).sum(axis=(0, 1))
        u["export_tax"] = (before_rent - u["received"]).sum(axis=(0, 1))

    def inside_quotas(self, u: dict[str, Any]) -> list[float]:
        """Share out the wedges of tariff quotas: only the quantity inside earns a rent.

        Returns the part of each limit's purchases that is inside.
        """
        parts = []
        for wedge, limit in zip(u["wedge"], self.shock.limits, strict=True):
            places, keeps = tuple(limit.cells.T), u["keeps"]
            part = 1.0
            if np.isfinite(limit.beyond):
                bought = (self.sold0 * u["quantity"])[places].sum() / self.sold0[places].sum()
                part = min(1.0, limit.ceiling / bought)
                rent = part * np.exp(wedge) + 1.0 - part
                keeps[limit.rent_to][places] *= rent / np.exp(wedge)
                keeps["importer"][places] *= np.exp(wedge) / rent
            parts.append(part)
        return parts

    def home_nest(
        self, u: dict[str, Any], share: Array, sigma: Array, upper: float
    ) -> tuple[Array, Array]:
        own = np.eye(share.shape[1], dtype=bool)[None]
        at_home = np.einsum("snn->sn", share)
        abroad0 = 1 - np.einsum("snn->sn", self.base.trade_share)
        within = np.where(own, 0.0, share) / abroad0[:, :, None]
        imports = ces(within, u["delivered"], sigma, axis=2)
        own_price = np.einsum("snn->sn", u["delivered"])
        index = ces(np.stack([at_home, 1 - at_home]), np.stack([own_price, imports]), upper, axis=0)
        real = u["spending"].T / index
        bundle = real * (index / imports) ** upper
        foreign = bundle[:, :, None] * (imports[:, :, None] / u["delivered"]) ** sigma[:, :, None]
        local = (real * (index / own_price) ** upper)[:, :, None]
        return index, np.where(own, local, foreign)

    def production(self, u: dict[str, Any]) -> None:
        base, technology = self.base, self.base.technology
        price = np.broadcast_to(u["price"][:, :, None], base.input_share.shape)
        value_share = base.value_added_share
        energy = base.placed.energy
        carriers = 1.0 if technology.among_energy is None else technology.among_energy
        direct, burnt = base.input_share[:, ~energy], base.input_share[:, energy]
        bundle0 = burnt.sum(axis=1)
        within = burnt / np.where(bundle0 > 0, bundle0, 1.0)[:, None, :]
        bundle = ces(within, price[:, energy], carriers, axis=1) if energy.any() else bundle0 + 1.0
        bundle = np.where(bundle0 > 0, bundle, 1.0)
        parts = np.concatenate([direct, bundle0[:, None, :]], axis=1)
        part_prices = np.concatenate([price[:, ~energy], bundle[:, None, :]], axis=1)
        parts = parts / (1 - value_share)[:, None, :]
        inputs = ces(parts, part_prices, technology.among_inputs, axis=1)
        labour, rent = 1 - self.specific, self.specific
        factor = u["sector_wage"] ** labour * u["rent"] ** rent
        top = technology.value_added_and_inputs
        unit = ces(np.stack([value_share, 1 - value_share]), np.stack([factor, inputs]), top, 0)
        u["unit_cost"] = unit / self.shock.productivity_hat
        u["factor"] = factor
        made = u["output"] * base.output / unit  # times unit-cost shares gives spending
        per_value = (unit / factor) ** top
        u["earned"] = made * value_share * factor * per_value
        per_input = (unit / inputs) ** top
        spent = np.empty_like(base.input_share)
        among = technology.among_inputs
        spent[:, ~energy] = direct * (inputs[:, None, :] / price[:, ~energy]) ** among
        of_bundle = ((inputs / bundle) ** among)[:, None, :]
        spent[:, energy] = burnt * of_bundle * (bundle[:, None, :] / price[:, energy]) ** carriers
        u["inputs"] = (spent * price * (made * per_input)[:, None, :]).sum(axis=2)

    def factors(self, u: dict[str, Any]) -> None:
        base, shock = self.base, self.shock
        final = ces(base.final_share, u["price"], base.technology.among_final, axis=1)
        u["basket"] = final
        u["employment"] = np.exp(-u["idle"])
        u["earning"] = u["wage"] * u["employment"]
        labour, received = self.labour0 * shock.labour_hat, np.zeros(len(final))
        real, used = u["earning"] / final, []
        for one in shock.corridors:
            attracted = one.wanted * (real[one.host] / real[one.source]) ** one.elasticity
            use = min(1.0, attracted)
            labour[one.host] += use * one.host_value
            labour[one.source] -= use * one.home_value
            sent = use * one.host_value * one.remitted * u["earning"][one.host]
            received[one.source] += sent
            received[one.host] -= sent
            used.append(use)
        u["labour"], u["remittance"], u["used"] = labour, received, np.array(used)

    def incomes(self, u: dict[str, Any]) -> None:
        base, shock = self.base, self.shock
        rents = (self.specific * self.value0 * u["rent"]).sum(axis=1)
        u["value_added"] = earned = u["earning"] * u["labour"] + rents
        if self.balance == "fixed":
            ruled = base.imbalance
        else:
            ruled = base.imbalance / base.value_added * earned
            ruled = ruled - earned / earned.sum() * ruled.sum()
        u["income"] = (
            earned + u["importer_revenue"] + u["export_rent"] + u["export_tax"]
            + ruled + shock.transfer + u["remittance"]
        )  # fmt: skip

    def violations(self, vector: Array) -> Array:
        """Return all equations' violations, in logs, one region's labour market left to Walras."""
        with np.errstate(all="ignore"):
            u = self.everything(vector)
            gaps = [
                np.log(u["cost"] / u["unit_cost"]),
                np.log(u["price"] / u["index"].T),
                np.log(self.wanted(u) / (u["spending"] * self.base.expenditure)),
                np.log(u["received"].sum(axis=1).T / (u["output"] * self.base.output)),
                self.seller_gap(u),
                *self.labour_gaps(u),
                self.limit_gap(u),
            ]
        return np.nan_to_num(np.concatenate([gap.ravel() for gap in gaps]), nan=1e3)

    def wanted(self, u: dict[str, Any]) -> Array:
        base = self.base
        sigma = base.technology.among_final
        basket = u["basket"][:, None]
        real = (u["income"] / u["basket"])[:, None] * (basket / u["price"]) ** sigma
        return np.asarray(base.final_share * real * u["price"] + u["inputs"])

    def seller_gap(self, u: dict[str, Any]) -> Array:
        """Supply to each destination against demand there, or one price everywhere."""
        cost = u["cost"].T[:, None, :]
        transformation = self.base.technology.transformation
        if transformation == inf:
            return np.log(u["seller"] / cost)
        shipped = u["quantity"] * u["iceberg"]
        supplied = (u["output"] / u["cost"]).T[:, None, :] * (u["seller"] / cost) ** transformation
        return np.where(self.alive, np.log(shipped / supplied), np.log(u["seller"]))

    def labour_gaps(self, u: dict[str, Any]) -> list[Array]:
        mobility = self.base.technology.labour_mobility
        base_bill = (1 - self.specific) * self.value0
        share = base_bill / self.labour0[:, None]
        bill = (1 - self.specific) * u["earned"]
        hired = (u["labour"] * u["employment"])[:, None]
        if mobility == inf:
            sector = np.log(u["sector_wage"] / u["wage"][:, None])
            market = np.log(bill.sum(axis=1) / (hired[:, 0] * u["wage"]))
        else:
            relative = u["sector_wage"] / u["wage"][:, None]
            supply = share * hired * relative**mobility
            sector = np.log(bill / u["sector_wage"] / supply)
            talent = (share * u["sector_wage"] ** (1 + mobility)).sum(axis=1)
            market = np.log(u["wage"] / talent ** (1 / (1 + mobility)))
        everywhere = u["value_added"].sum() / self.base.value_added.sum()
        if mobility == inf:
            market[0] = np.log(everywhere)
        else:
            sector[0, 0] = np.log(everywhere)
        rent = np.log(u["earned"] / self.value0 / u["rent"])
        return [sector, market, rent, self.floor_gap(u)]

    def floor_gap(self, u: dict[str, Any]) -> Array:
        placed = self.base.placed
        bounded = placed.wage_floor > 0
        floor = np.where(bounded, placed.wage_floor, 1.0) * u["basket"] ** placed.indexation
        slack = np.log(u["wage"] / floor)
        return np.where(bounded, np.minimum(u["idle"], slack), u["idle"])

    def limit_gap(self, u: dict[str, Any]) -> Array:
        gaps = []
        for wedge, limit in zip(u["wedge"], self.shock.limits, strict=True):
            places = tuple(limit.cells.T)
            if limit.measure == "quantity":
                reached = (self.sold0 * u["quantity"])[places].sum() / self.sold0[places].sum()
            else:
                reached = u["seller"][places].max()
            slack = float(np.log(limit.ceiling / reached))
            most = float(np.log(limit.beyond))
            gaps.append(sorted((wedge, slack, wedge - most))[1])
        return np.array(gaps)

    def answer(self, vector: Array) -> Answer:
        """Read the answer off the unknowns."""
        u, base = self.everything(vector), self.base
        return Answer(
            real_income_hat=u["income"] / base.final_spending / u["basket"],
            wage_hat=u["wage"],
            employment_hat=u["employment"],
            factor_price_hat=u["factor"],
            cost_hat=u["cost"],
            price_hat=u["price"],
            final_price_hat=u["basket"],
            expenditure=u["spending"] * base.expenditure,
            output=u["output"] * base.output,
            border_trade=u["at_border"],
            income=u["income"],
            value_added=u["value_added"],
            export_tax_revenue=u["export_tax"],
            importer_revenue=u["importer_revenue"],
            export_rent=u["export_rent"],
            shadow_price=np.exp(u["wedge"]),
            rent=self.rents(u),
            corridor_use=u["used"],
        )

    def rents(self, u: dict[str, Any]) -> Array:
        """Return each limit's proceeds, for limits that share no cell."""
        at = {
            "importer": u["paid"],
            "exporter": u["at_border"],
            "nobody": u["at_border"] / u["keeps"]["exporter"],
        }
        found = []
        for wedge, part, limit in zip(u["wedge"], u["inside"], self.shock.limits, strict=True):
            over_price = np.exp(wedge) - 1.0
            per_price = over_price / (1.0 + over_price)
            if limit.rent_to != "importer":
                per_price = part * over_price / (1.0 + part * over_price)
            earned = (at[limit.rent_to][tuple(limit.cells.T)] * per_price).sum()
            found.append(earned * (part if limit.rent_to == "importer" else 1.0))
        return np.array(found)
