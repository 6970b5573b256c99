"""The world economy written once more, from the table alone, as a function of wages.

Given wages, prices follow from costs by Newton's method, spending from one dense linear system,
and each region's labour is short by a residual whose zero is the equilibrium. It shares no code
with ``tula.equilibrium``; axes as everywhere: S sectors, N importers, I exporters.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.optimize import root

from tula.policy.shock import Shock, no_shock
from tula.world.economy import Economy

Array = np.ndarray

#: Residual of a labour market at which wages are taken for an equilibrium: over earnings, and over
#: the part of output traded abroad. A region that sells too little at any wage comes near to it.
SMALL, CLOSED = 1e-12, 1e-9
#: Wages, new over old, taken for nothing.
NOTHING = 1e-4
#: Newton steps on prices, and the gap in log costs from which only rounding is left.
STEPS, STILL = 100, 1e-13


class Outcome(NamedTuple):
    """All that wages imply; levels in million USD of world value added of the base year."""

    cost: Array
    price: Array
    share: Array
    spending: Array
    output: Array
    income: Array
    duties: Array
    export_taxes: Array
    final_price: Array
    short: Array


class World:
    """An economy and a closure (``fixed``, ``proportional`` or ``balanced``), from the table."""

    def __init__(self, economy: Economy, closure: str) -> None:
        self.economy, self.closure = economy, closure
        self.factor = factor = (1 + economy.export_tax) * (1 + economy.tariff)
        bought, output = economy.trade * factor, economy.output
        spending = bought.sum(axis=2)
        own = np.broadcast_to(np.eye(len(economy.regions)), bought.shape)
        self.share = np.where(spending[:, :, None] > 0, bought, own)
        self.share = self.share / self.share.sum(axis=2, keepdims=True)
        inputs = np.einsum("isnk,sni->nsk", economy.intermediate, factor)
        self.inputs = inputs / np.where(output > 0, output, 1.0)[:, None, :]
        self.own_part = 1 - self.inputs.sum(axis=1)
        final = np.einsum("isn,sni->ns", economy.final, factor)
        self.taste = final / final.sum(axis=1, keepdims=True)
        self.value_added = (self.own_part * output).sum(axis=1)
        abroad = economy.trade * (1 - own)
        traded = abroad.sum(axis=(0, 1)) + abroad.sum(axis=(0, 2))
        self.open = np.where(traded > 0, traded / output.sum(axis=1), 1.0)
        border = economy.trade * (1 + economy.export_tax)
        collected = (border * economy.tariff).sum(axis=(0, 2))
        collected += (economy.trade * economy.export_tax).sum(axis=(0, 1))
        self.deficit = final.sum(axis=1) - self.value_added - collected

    def still(self) -> Shock:
        """Return the shock that changes nothing."""
        economy = self.economy
        return no_shock(economy.labels, economy.tariff, economy.export_tax)

    def at(self, wage: Array, shock: Shock) -> Outcome:
        """Return what wages (N,), new over old, imply under a shock."""
        cost, price, share = self._prices(wage, shock)
        earned = wage * shock.labour_hat * self.value_added
        given = earned + self._balance(earned) + shock.transfer
        border = share / (1 + shock.tariff)
        received = border / (1 + shock.export_tax)
        spending, income = self._spending(given, share, border, received)
        levels = spending.T[:, :, None]
        output = (received * levels).sum(axis=1).T
        return Outcome(
            cost=cost,
            price=price,
            share=share,
            spending=spending,
            output=output,
            income=income,
            duties=((share - border) * levels).sum(axis=(0, 2)),
            export_taxes=((border - received) * levels).sum(axis=(0, 1)),
            final_price=np.exp((self.taste * np.log(price)).sum(axis=1)),
            short=(self.own_part * output).sum(axis=1) / earned - 1,
        )

    def equilibrium(self, shock: Shock, start: Array) -> Array | None:
        """Return equilibrium wages (N,) found from log wages, or None."""

        def short(log_wage: Array) -> Array:
            wage = np.exp(np.clip(log_wage, -200, 200))
            scale = (wage * shock.labour_hat * self.value_added).sum() / self.value_added.sum()
            gaps = self.at(wage / scale, shock).short / self.open
            return np.append(gaps[1:], np.log(scale)) if len(gaps) > 1 else np.array([scale - 1])

        with np.errstate(all="ignore"):
            try:
                found = root(short, start, method="hybr", options={"xtol": 1e-13})
                wage = np.exp(found.x)
                wage /= (wage * shock.labour_hat * self.value_added).sum() / self.value_added.sum()
                at = self.at(wage, shock)
            except (np.linalg.LinAlgError, ValueError):
                return None
        closed = np.abs(at.short / self.open).max() <= CLOSED and (at.income > 0).all()
        closed &= np.abs(at.short).max() <= SMALL
        closed &= (wage > NOTHING).all()
        return wage if closed and (at.spending >= -CLOSED * at.spending.max()).all() else None

    def _balance(self, earned: Array) -> Array:
        if self.closure == "fixed":
            return np.asarray(self.deficit)
        if self.closure == "balanced":
            return np.zeros_like(earned)
        grown = self.deficit / self.value_added * earned
        return np.asarray(grown - grown.sum() * earned / earned.sum())

    def _prices(self, wage: Array, shock: Shock) -> tuple[Array, Array, Array]:
        """Return costs and prices (N, S) and shares (S, N, I)."""
        theta = self.economy.trade_elasticity
        n, s = self.own_part.shape
        dearer = shock.trade_cost_hat * (1 + shock.tariff) * (1 + shock.export_tax) / self.factor
        weight = self.share * ~shock.embargo
        kept = np.where(weight.sum(axis=2, keepdims=True) > 0, weight, self.share)
        labour = self.own_part * np.log(wage)[:, None] - np.log(shock.productivity_hat)
        log_cost = labour.copy()
        for _ in range(STEPS):
            towards = -theta[:, None, None] * (log_cost.T[:, None, :] + np.log(dearer))
            top = np.where(kept > 0, towards, -np.inf).max(axis=2, keepdims=True)
            parts = kept * np.exp(np.where(kept > 0, towards - top, 0.0))
            total = parts.sum(axis=2, keepdims=True)
            share = parts / total
            log_price = (-(np.log(total) + top)[:, :, 0] / theta[:, None]).T
            gap = labour + np.einsum("nks,nk->ns", self.inputs, log_price) - log_cost
            if np.abs(gap).max() < STILL * max(1.0, np.abs(log_cost).max()):
                break
            slopes = np.einsum("nks,kni->nsik", self.inputs, share).reshape(n * s, n * s)
            move = np.linalg.solve(np.eye(n * s) - slopes, gap.ravel()).reshape(n, s)
            log_cost = log_cost + move
        return np.exp(log_cost), np.exp(log_price), share

    def _spending(
        self, given: Array, share: Array, border: Array, received: Array
    ) -> tuple[Array, Array]:
        """Solve spending (N, S) and incomes, duties and export taxes handed back."""
        n, s = self.own_part.shape
        sold = np.einsum("snj->jsn", received)
        by_inputs = np.einsum("nks,nsm->nkms", self.inputs, sold)
        back = np.einsum("sni->ns", share - border)
        taxes = np.einsum("snj->jns", border - received)
        to_income = taxes + np.eye(n)[:, :, None] * back[None]
        by_income = self.taste[:, :, None, None] * to_income[:, None]
        system = np.eye(n * s) - (by_inputs + by_income).reshape(n * s, n * s)
        spending = np.linalg.solve(system, (self.taste * given[:, None]).ravel()).reshape(n, s)
        return spending, given + np.einsum("jns,ns->j", to_income, spending)
