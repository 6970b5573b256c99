"""From solutions to the labelled dataset of a study."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import xarray as xr

from tula import metrics
from tula.equilibrium import Calibration, Solution
from tula.metrics.arrays import duty_step
from tula.metrics.welfare import base_tariff_revenue
from tula.study.variables import ALL, VARIABLES
from tula.world.labels import Labels

Array = np.ndarray
PAYERS = ("buyer", "seller")
TERMS = (
    *("terms_of_trade", "volume_of_trade", "technology", "endowment"),
    *("transfer", "second_order", "exact"),
)


@dataclass(frozen=True)
class Case:
    """One solve of a study."""

    scenario: str
    closure: str
    elasticity: str


@dataclass
class Solved:
    """Solutions and failures by case, every case in one of the two; sources by elasticity set.

    ``warnings`` are what the solver had to say of a case, each once.
    """

    solutions: dict[Case, Solution] = field(default_factory=dict)
    failures: dict[Case, str] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)
    warnings: dict[Case, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Axes:
    """What a study runs over, and which of it is told first."""

    scenarios: tuple[str, ...]
    closures: tuple[str, ...]
    elasticities: tuple[str, ...]
    headline: tuple[str, str]
    pivot: str
    labels: Labels

    def headline_case(self, scenario: str) -> Case:
        """The solve whose numbers are told first."""
        return Case(scenario, *self.headline)

    @property
    def coords(self) -> dict[str, list[str]]:
        """Labels of every dimension."""
        regions = list(self.labels.regions)
        return {
            "scenario": list(self.scenarios),
            "closure": list(self.closures),
            "elasticity": list(self.elasticities),
            "region": regions,
            "exporter": regions,
            "importer": regions,
            "sector": list(self.labels.sectors),
            "term": list(TERMS),
            "payer": list(PAYERS),
        }


def collect(solved: Solved, base: Calibration, axes: Axes) -> xr.Dataset:
    """Return the dataset of ``VARIABLES``; NaN where a solve failed."""
    values = {
        **_panel(solved, axes),
        **_headline(solved, axes),
        **_base(base, axes.labels, axes.pivot),
    }
    coords = axes.coords
    arrays = {
        name: xr.DataArray(values[name], dims=entry.dims, attrs=entry.attrs)
        for name, entry in VARIABLES.items()
    }
    return xr.Dataset(arrays, coords=coords).assign_coords(_names(axes.labels))


def _panel(solved: Solved, axes: Axes) -> dict[str, Array]:
    shape = tuple(len(axes.coords[dim]) for dim in ALL)
    found = {name: np.full(shape, np.nan) for name in ("real_income", "ev")}
    for case, solution in solved.solutions.items():
        at = (
            axes.scenarios.index(case.scenario),
            axes.closures.index(case.closure),
            axes.elasticities.index(case.elasticity),
        )
        found["real_income"][at] = metrics.real_income(solution)
        found["ev"][at] = metrics.ev(solution)
    return found


def _headline(solved: Solved, axes: Axes) -> dict[str, Array]:
    coords, found = axes.coords, {}
    for name, read in _readers(axes.labels, axes.pivot).items():
        shape = tuple(len(coords[dim]) for dim in VARIABLES[name].dims)
        found[name] = np.full(shape, np.nan)
        for position, scenario in enumerate(axes.scenarios):
            solution = solved.solutions.get(axes.headline_case(scenario))
            if solution is not None:
                found[name][position] = read(solution)
    return found


def _readers(labels: Labels, pivot: str) -> Mapping[str, Callable[[Solution], Array]]:
    """How each headline variable is read off one solution, in the order of its dimensions."""
    home = labels.region_index(pivot)
    return {
        "price_index": lambda s: metrics.price_index(s).values,
        "wage": lambda s: metrics.wage(s).values,
        "exports": lambda s: metrics.exports_change(s).values,
        "exports_value": lambda s: _change(metrics.exports(s)).sum("sector").values,
        "imports": lambda s: metrics.imports_change(s).values,
        "imports_value": lambda s: _change(metrics.imports(s)).sum("sector").values,
        "trade_balance": lambda s: _change(metrics.trade_balance(s)).values,
        "tariff_revenue": lambda s: _change(metrics.tariff_revenue(s)).values,
        "output": lambda s: metrics.output_value(s).values,
        "output_volume": lambda s: metrics.output_volume(s).values,
        "trade_value": lambda s: _abroad(s.border_trade).sum(axis=0).T,
        "pivot_exports": lambda s: _abroad(s.border_trade)[:, :, home].T,
        "pivot_imports": lambda s: _abroad(s.border_trade)[:, home, :].T,
        "pivot_duty": lambda s: mean_duty(s.shock.tariff, s.calibration, labels, home),
        "decomposition": lambda s: _parts(s),
        "incidence": _incidence,
    }


def _change(values: xr.DataArray) -> xr.DataArray:
    return values.sel(state="change")


def _parts(solution: Solution) -> Array:
    return metrics.decomposition(solution).sel(component=list(TERMS)).values.T


def _abroad(trade: Array) -> Array:
    """Trade (S, N, I) without own sales."""
    return np.asarray(np.where(np.eye(trade.shape[1], dtype=bool), 0.0, trade))


def _incidence(solution: Solution) -> Array:
    """Million USD that buyers and sellers bear of all changed duties, on base quantities.

    Cells under embargo have no price and bear no duty; they are left out.
    """
    cells = np.isfinite(duty_step(solution))
    borne = metrics.incidence(solution).sel(party=list(PAYERS)).values
    return np.asarray(np.where(cells, borne, 0.0).sum(axis=(1, 2, 3)))


def mean_duty(rates: Array, base: Calibration, labels: Labels, exporter: int) -> Array:
    """Average duty (%) each importer puts on goods of one exporter, weighted with base trade."""
    goods = [labels.sector_index(code) for code in goods_of(labels)]
    trade = _abroad(base.border_trade)[goods, :, exporter]
    total = trade.sum(axis=0)
    duty = (trade * rates[goods, :, exporter]).sum(axis=0)
    traded = np.where(total > 0.0, total, np.nan)
    return np.asarray(100.0 * duty / traded)


def goods_of(labels: Labels) -> tuple[str, ...]:
    """Sectors of the group ``goods``; all sectors where a world has no such group."""
    return labels.resolve_sectors("goods" if "goods" in labels.sector_groups else "all")


def _base(base: Calibration, labels: Labels, pivot: str) -> dict[str, Array]:
    trade = _abroad(base.border_trade)
    home = labels.region_index(pivot)
    return {
        "trade_base": trade.transpose(2, 1, 0),
        "spending_base": base.final_spending,
        "value_added_base": base.value_added,
        "output_base": base.output,
        "tariff_revenue_base": base_tariff_revenue(base),
        "pivot_duty_base": mean_duty(base.tariff, base, labels, home),
    }


def _names(labels: Labels) -> dict[str, tuple[str, list[str] | list[bool]]]:
    goods = goods_of(labels)
    return {
        "region_name": ("region", [labels.region_names.get(c, c) for c in labels.regions]),
        "sector_name": ("sector", [labels.sector_names.get(c, c) for c in labels.sectors]),
        "sector_is_goods": ("sector", [code in goods for code in labels.sectors]),
    }
