"""What the sentences of an answer choose from: who gains, who loses, and by how much.

The sentences stand in the templates of ``tula.say``.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from tula.metrics.registry import STATES
from tula.numbers import write
from tula.policy.shock import LedgerEntry
from tula.say.templates import paragraphs
from tula.say.words import gain_or_loss, named
from tula.study.variables import EVERY
from tula.ties.account import TieAccount

if TYPE_CHECKING:
    import xarray as xr

#: Least move of a flow (%) or a duty (percentage points) that is worth a sentence.
NOTABLE = 0.1


class Trade(NamedTuple):
    """Goods sold to and bought from a rival, million USD, and the sector most is bought of."""

    name: str
    sold: float
    bought: float
    item: str
    top: float


class Duty(NamedTuple):
    """Average duty of a rival on the pivot's goods, percent, before and after."""

    name: str
    base: float
    new: float


class Flow(NamedTuple):
    """Change in what the pivot sells to a partner, or buys, on a base, million USD."""

    name: str
    change: float
    base: float
    sold: bool


class Span(NamedTuple):
    """Changes in real income over the variants that were solved, percent, and how many failed."""

    known: list[float]
    failed: int


def before(data: xr.Dataset) -> xr.Dataset:
    """Levels before any scenario, which all scenarios share."""
    levels = [name for name, variable in data.items() if "state" in variable.dims]
    return data[levels].isel(scenario=0).sel(state="base")


def _by_state(numbers: xr.DataArray) -> list[np.ndarray]:
    """Rows of what has one more axis: before, after, change."""
    rows = dict(zip(numbers["state"].values, numbers.transpose("state", ...).values, strict=True))
    return [rows[state] for state in STATES]


@dataclass(frozen=True)
class Teller:
    """Tells a study's numbers. ``data`` holds ``tula.study.variables.VARIABLES``."""

    data: xr.Dataset
    pivot: str
    rivals: tuple[str, ...]
    closure: str
    elasticity: str

    @property
    def home(self) -> str:
        """Name of the pivot in running text."""
        return self.name(self.pivot)

    def name(self, region: str) -> str:
        """Region in running text, such as 'the United States'."""
        return named(self._names[region])

    def income(self, scenario: str, region: str) -> float:
        """Headline change in real income, %."""
        return self._headlines["real_income"][scenario, region]

    def money(self, scenario: str, region: str) -> float:
        """Headline equivalent variation, million USD."""
        return self._headlines["ev"][scenario, region]

    @cached_property
    def _names(self) -> dict[str, str]:
        """Region code -> plain name."""
        codes, names = (self.data[one].values for one in ("region", "region_name"))
        return dict(zip(codes.tolist(), names.tolist(), strict=True))

    @cached_property
    def _headlines(self) -> dict[str, dict[Hashable, float]]:
        """Variable of every solve -> scenario and region -> headline number."""
        found = self.data[list(EVERY)].sel(closure=self.closure, elasticity=self.elasticity)
        return {name: found[name].to_series().to_dict() for name in EVERY}

    def state(self) -> str:
        """What the pivot trades with its rivals before any move."""
        return " ".join(paragraphs("state", t=self))

    def scenario(self, scenario: str) -> str:
        """Effect on the pivot and its rivals, the flow that moves most, and the range."""
        return " ".join(paragraphs("scenario", t=self, scenario=scenario))

    def ties(self, accounts: Sequence[TieAccount], titles: Sequence[str]) -> str:
        """What each tie is worth to the pivot, in the order given; empty without ties.

        ``titles`` are the study's, in the same order; a tie without one goes by kind and partner.
        """
        told = [self._tie(*pair) for pair in zip(accounts, titles, strict=True)]
        return " ".join(paragraphs("ties", t=self, ties=told))

    def _tie(self, account: TieAccount, title: str) -> str:
        worth = account.value_to_pivot
        central, low, high = (write.figure(one) for one in worth.numbers)
        called = title or f"{account.tie} with {self.name(account.partner)}"
        return f"{called} {central} ({low} to {high})"

    @property
    def trades(self) -> list[Trade]:
        """Trade in goods with each rival before any move."""
        goods = before(self.data).isel(sector=self.data["sector_is_goods"].values)
        return [self._trade(goods, rival) for rival in self.rivals]

    def _trade(self, goods: xr.Dataset, rival: str) -> Trade:
        sold = goods["pivot_exports"].sel(importer=rival)
        bought = goods["pivot_imports"].sel(exporter=rival)
        top = bought.isel(sector=int(bought.argmax("sector")))
        item = str(top["sector_name"].item()).lower()
        return Trade(self.name(rival), float(sold.sum()), float(bought.sum()), item, float(top))

    def effects(self, scenario: str) -> list[str]:
        """What pivot and rivals gain or lose; nothing where the headline solve failed."""
        if np.isnan(self.income(scenario, self.pivot)):
            return []
        return [
            gain_or_loss(self.name(one), self.income(scenario, one), self.money(scenario, one))
            for one in (self.pivot, *self.rivals)
        ]

    def duty(self, scenario: str) -> Duty | None:
        """The rival whose average duty on the pivot moves most, if any moves."""
        rates = self.data["pair_goods_tariff"].sel(
            scenario=scenario, exporter=self.pivot, importer=list(self.rivals)
        )
        base, new, change = _by_state(rates)
        moved = np.abs(np.nan_to_num(change))
        if moved.max() < NOTABLE:
            return None
        place = int(moved.argmax())
        return Duty(self.name(self.rivals[place]), float(base[place]), float(new[place]))

    def flow(self, scenario: str) -> Flow | None:
        """The flow between the pivot and one partner that moves most, if any moves."""
        flows = [
            self._moved(scenario, {"exporter": self.pivot}, "importer"),
            self._moved(scenario, {"importer": self.pivot}, "exporter"),
        ]
        most = max(flows, key=lambda flow: abs(flow.change))
        return most if 100.0 * abs(most.change) > NOTABLE * most.base else None

    def _moved(self, scenario: str, where: dict[str, str], axis: str) -> Flow:
        trade = self.data["pair_trade"].sel(where | {"scenario": scenario})
        base, _, change = _by_state(trade)
        place = int(np.abs(change).argmax())
        partner = self.name(str(trade[axis].values[place]))
        return Flow(partner, float(change[place]), float(base[place]), axis == "importer")

    def span(self, scenario: str) -> Span:
        """The pivot's changes over closures and elasticity sets."""
        found = self.data["real_income"].sel(scenario=scenario, region=self.pivot).values
        known = found[~np.isnan(found)]
        return Span(known.tolist(), found.size - known.size)


def without_effect(ledger: Sequence[LedgerEntry]) -> str:
    """Which instruments of a policy do nothing, and why; empty where all do something."""
    absent = [entry.instrument for entry in ledger if not entry.in_force]
    idle = [f"{one.instrument} ({one.idle})" for one in ledger if one.in_force and one.idle]
    told = ("Not in force on the day asked about, and left out", absent), ("Without effect", idle)
    return " ".join(f"{what}: {'; '.join(names)}." for what, names in told if names)
