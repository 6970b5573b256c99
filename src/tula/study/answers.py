"""Plain sentences made from a study's numbers: who gains, who loses, and by how much."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr

from tula.numbers import write
from tula.policy.shock import LedgerEntry
from tula.say.words import (
    bounds,
    capital,
    gain_or_loss,
    joined,
    named,
    possessive,
    signs,
)
from tula.ties.account import TieAccount

#: Least move of a flow (%) or a duty (percentage points) that is worth a sentence.
NOTABLE = 0.1


def before(data: xr.Dataset) -> xr.Dataset:
    """Levels before any scenario, which all scenarios share."""
    return (
        data[[name for name in data if "state" in data[name].dims]]
        .isel(scenario=0)
        .sel(state="base")
    )


@dataclass(frozen=True)
class Teller:
    """Tells a study's numbers. ``data`` holds ``tula.study.variables.VARIABLES``."""

    data: xr.Dataset
    pivot: str
    rivals: tuple[str, ...]
    closure: str
    elasticity: str

    def name(self, region: str) -> str:
        """Region in running text, such as 'the United States'."""
        return named(str(self.data["region_name"].sel(region=region).item()))

    def income(self, scenario: str, region: str) -> float:
        """Headline change in real income, %."""
        return self._headline("real_income", scenario, region)

    def money(self, scenario: str, region: str) -> float:
        """Headline equivalent variation, million USD."""
        return self._headline("ev", scenario, region)

    def _headline(self, variable: str, scenario: str, region: str) -> float:
        where = {
            "scenario": scenario,
            "closure": self.closure,
            "elasticity": self.elasticity,
            "region": region,
        }
        return float(self.data[variable].sel(where))

    def state(self) -> str:
        """What the pivot trades with its rivals before any move."""
        parts = [self._trade_with(rival) for rival in self.rivals]
        return f"Before any move {'; '.join(parts)}."

    def _trade_with(self, rival: str) -> str:
        goods = before(self.data).isel(sector=self.data["sector_is_goods"].values)
        sold = goods["pivot_exports"].sel(importer=rival)
        bought = goods["pivot_imports"].sel(exporter=rival)
        top = bought.isel(sector=int(bought.argmax("sector")))
        item = str(top["sector_name"].item()).lower()
        return (
            f"{self.name(self.pivot)} sells goods worth {write.money(float(sold.sum()))} a year to "
            f"{self.name(rival)} and buys {write.money(float(bought.sum()))}, most of it in "
            f"{item} ({write.money(float(top))})"
        )

    def scenario(self, scenario: str) -> str:
        """Effect on the pivot and its rivals, the flow that moves most, and the range."""
        if np.isnan(self.income(scenario, self.pivot)):
            return "No equilibrium was found at the headline closure and elasticities."
        players = [self.effect(scenario, region) for region in (self.pivot, *self.rivals)]
        first = f"{players[0]}; {joined(players[1:])}."
        rest = (self._duty(scenario), self._flow(scenario), self.span(scenario))
        return " ".join(filter(None, (capital(first), *rest)))

    def effect(self, scenario: str, region: str) -> str:
        """What one region gains or loses."""
        change, money = self.income(scenario, region), self.money(scenario, region)
        return gain_or_loss(self.name(region), change, money)

    def _duty(self, scenario: str) -> str:
        """The rival whose average duty on the pivot moves most, if any moves."""
        rates = self.data["pair_goods_tariff"].sel(
            scenario=scenario, exporter=self.pivot, importer=list(self.rivals)
        )
        moved = np.abs(np.nan_to_num(rates.sel(state="change").values))
        if moved.max() < NOTABLE:
            return ""
        rival = self.rivals[int(moved.argmax())]
        low, high = (float(rates.sel(state=state, importer=rival)) for state in ("base", "new"))
        return (
            f"The average duty of {self.name(rival)} on goods of {self.name(self.pivot)} goes from "
            f"{write.percent(low)} to {write.percent(high)}."
        )

    def _flow(self, scenario: str) -> str:
        """The flow between the pivot and one partner that moves most."""
        sold = self._moved(scenario, {"exporter": self.pivot}, "importer")
        bought = self._moved(scenario, {"importer": self.pivot}, "exporter")
        flow, verb = (
            (sold, "sales of goods and services to")
            if abs(sold[1]) >= abs(bought[1])
            else (bought, "purchases of goods and services from")
        )
        partner, change, base = flow
        if not 100.0 * abs(change) > NOTABLE * base:
            return ""
        owner = possessive(self.name(self.pivot))
        what = f"{owner} {verb} {self.name(partner)}"
        relative = f" ({write.percent(100.0 * change / base, signed=True)})" if base > 0 else ""
        direction = "rise" if change > 0 else "fall"
        return f"Most moved: {what} {direction} by {write.money(abs(change))}{relative}."

    def _moved(self, scenario: str, where: dict[str, str], axis: str) -> tuple[str, float, float]:
        trade = self.data["pair_trade"].sel(where, drop=True).sel(scenario=scenario)
        base, change = trade.sel(state="base"), trade.sel(state="change")
        partner = str(change[axis].values[int(np.abs(change.values).argmax())])
        return partner, float(change.sel({axis: partner})), float(base.sel({axis: partner}))

    def ties(self, accounts: Sequence[TieAccount], titles: Sequence[str]) -> str:
        """What each tie is worth to the pivot, in the order given; empty without ties.

        ``titles`` are the study's, in the same order; a tie without one goes by kind and partner.
        """
        if not accounts:
            return ""
        told = [self._tie(*pair) for pair in zip(accounts, titles, strict=True)]
        order, rest = "", ""
        if len(told) > 1:
            order, rest = ", the largest first", " Ties overlap: do not add them up."
        return (
            f"What each tie is worth to {self.name(self.pivot)} in bn USD a year, with the 10th to "
            f"90th percentile over the ranges of its inputs{order}: {joined(told)}.{rest}"
        )

    def _tie(self, account: TieAccount, title: str) -> str:
        worth = account.value_to_pivot
        low, high = (write.figure(1000.0 * end) for end in (worth.low, worth.high))
        called = title or f"{account.tie} with {self.name(account.partner)}"
        return f"{called} {write.figure(1000.0 * worth.central)} ({low} to {high})"

    def span(self, scenario: str) -> str:
        """The pivot's range over closures and elasticity sets."""
        found = self.data["real_income"].sel(scenario=scenario, region=self.pivot).values
        known = found[~np.isnan(found)]
        if known.size < 2:
            return ""
        missing = f" ({found.size - known.size} solves failed)" if known.size < found.size else ""
        owner = possessive(self.name(self.pivot))
        return (
            f"Over {known.size} variants of the model{missing} {owner} change in real income lies "
            f"{bounds(known.min(), known.max())}{signs(known.tolist())}."
        )


def without_effect(ledger: Sequence[LedgerEntry]) -> str:
    """Which instruments of a policy do nothing, and why; empty where all do something."""
    absent = [entry.instrument for entry in ledger if not entry.in_force]
    idle = [f"{one.instrument} ({one.idle})" for one in ledger if one.in_force and one.idle]
    told = ("Not in force on the day asked about, and left out", absent), ("Without effect", idle)
    return " ".join(f"{what}: {'; '.join(names)}." for what, names in told if names)
