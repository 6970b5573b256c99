"""From solutions to the labelled dataset of a study."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np
import xarray as xr

from tula.equilibrium import Batch, Calibration, Certificate, Solution
from tula.errors import TulaError
from tula.metrics import METRICS
from tula.metrics.arrays import duty_step, percent
from tula.metrics.registry import COMPONENTS, PARTIES, STATES
from tula.metrics.welfare import base_tariff_revenue, equivalent_variation
from tula.study.variables import ALL, VARIABLES
from tula.world.labels import Labels

Array = np.ndarray
PAYERS = ("buyer", "seller")
#: Headline variables that are a metric as it stands, and which.
PLAIN = {
    "price_index": "price_index",
    "wage": "wage",
    "exports": "exports_change",
    "imports": "imports_change",
    "output": "output_value",
    "output_volume": "output_volume",
}
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
    """What is kept of each case, every case proven or failed; sources by elasticity set.

    ``real_income`` (N,) in %, ``ev`` (N,) in million USD; ``solutions`` are those of the headline
    alone; ``warnings`` are what the solver had to say of a case, each once.
    """

    certificates: dict[Case, Certificate] = field(default_factory=dict)
    real_income: dict[Case, Array] = field(default_factory=dict)
    ev: dict[Case, Array] = field(default_factory=dict)
    solutions: dict[Case, Solution] = field(default_factory=dict)
    failures: dict[Case, str] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)
    warnings: dict[Case, tuple[str, ...]] = field(default_factory=dict)

    def add(self, cases: Sequence[Case], batch: Batch, whole: bool) -> None:
        """Take in the cases of a batch, in its order; their solutions too if ``whole``."""
        hats = batch.real_income_hat
        income, money = percent(hats), equivalent_variation(hats, batch.calibration)
        for number, (case, certificate) in enumerate(zip(cases, batch.certificates, strict=True)):
            if certificate is None:
                self.failures[case] = _told(batch.failures[number])
                continue
            self.certificates[case] = certificate
            self.real_income[case], self.ev[case] = income[number], money[number]
            self.warnings[case] = batch.said.get(number, ())
            if whole:
                self.solutions[case] = batch.solution(number)

    @contextmanager
    def noted(self, *cases: Case) -> Iterator[None]:
        """Record an error as the failure of some cases."""
        try:
            yield
        except TulaError as error:
            self.failures.update(dict.fromkeys(cases, _told(error)))


def _told(error: TulaError) -> str:
    return f"{type(error).__name__}: {error}"


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
    for case in solved.certificates:
        at = (
            axes.scenarios.index(case.scenario),
            axes.closures.index(case.closure),
            axes.elasticities.index(case.elasticity),
        )
        found["real_income"][at], found["ev"][at] = solved.real_income[case], solved.ev[case]
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
        **{name: METRICS[source].values for name, source in PLAIN.items()},
        "exports_value": lambda s: _change("exports", s).sum(axis=1),
        "imports_value": lambda s: _change("imports", s).sum(axis=1),
        "trade_balance": lambda s: _change("trade_balance", s),
        "tariff_revenue": lambda s: _change("tariff_revenue", s),
        "trade_value": lambda s: _abroad(s.border_trade).sum(axis=0).T,
        "pivot_exports": lambda s: _abroad(s.border_trade)[:, :, home].T,
        "pivot_imports": lambda s: _abroad(s.border_trade)[:, home, :].T,
        "pivot_duty": lambda s: mean_duty(s.shock.tariff, s.calibration, labels, home),
        "decomposition": _parts,
        "incidence": _incidence,
    }


def _change(name: str, solution: Solution) -> Array:
    return np.asarray(METRICS[name].values(solution)[..., STATES.index("change")])


def _parts(solution: Solution) -> Array:
    rows = [COMPONENTS.index(term) for term in TERMS]
    return np.asarray(METRICS["decomposition"].values(solution)[rows].T)


def _abroad(trade: Array) -> Array:
    """Trade (S, N, I) without own sales."""
    return np.asarray(np.where(np.eye(trade.shape[1], dtype=bool), 0.0, trade))


def _incidence(solution: Solution) -> Array:
    """Million USD that buyers and sellers bear of all changed duties, on base quantities.

    Cells under embargo have no price and bear no duty; they are left out.
    """
    cells = np.isfinite(duty_step(solution))
    borne = METRICS["incidence"].values(solution)[[PARTIES.index(party) for party in PAYERS]]
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
