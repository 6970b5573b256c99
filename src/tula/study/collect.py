"""From solutions to the labelled dataset of a study."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from tula.equilibrium import Batch, Certificate, Solution
from tula.errors import TulaError
from tula.metrics.arrays import percent
from tula.metrics.registry import STATES
from tula.metrics.welfare import equivalent_variation
from tula.study.variables import EVERY, VARIABLES
from tula.world.labels import Labels

if TYPE_CHECKING:
    import xarray as xr

Array = np.ndarray


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


def collect(solved: Solved, unmoved: Solution, axes: Axes) -> xr.Dataset:
    """Return the dataset of ``VARIABLES``; NaN where a solve failed, but for base states.

    ``unmoved`` is the headline world before any move, for the base states.
    """
    import xarray as xr

    data = xr.Dataset({**_panel(solved, axes), **_headline(solved, unmoved, axes)})
    return data.assign_coords(_names(axes.labels))


def _panel(solved: Solved, axes: Axes) -> dict[str, xr.DataArray]:
    """Variables of every solve."""
    import xarray as xr

    labels = {
        "scenario": list(axes.scenarios),
        "closure": list(axes.closures),
        "elasticity": list(axes.elasticities),
        "region": list(axes.labels.regions),
    }
    blank = np.full(len(axes.labels.regions), np.nan)
    found = {}
    for name, values in (("real_income", solved.real_income), ("ev", solved.ev)):
        rows = [
            values.get(Case(*case), blank)
            for case in product(axes.scenarios, axes.closures, axes.elasticities)
        ]
        panel = np.reshape(rows, [len(codes) for codes in labels.values()])
        found[name] = xr.DataArray(panel, coords=labels, attrs=VARIABLES[name].attrs)
    return found


def _headline(solved: Solved, unmoved: Solution, axes: Axes) -> dict[str, xr.DataArray]:
    """Variables of the headline solves, each scenario's beside the others'."""
    solutions = [solved.solutions.get(axes.headline_case(name)) for name in axes.scenarios]
    found = {}
    for name, variable in VARIABLES.items():
        if name in EVERY:
            continue
        base = variable.read(unmoved, axes.pivot)
        missing = base.where(base["state"] == STATES[0]) if "state" in base.dims else base * np.nan
        read = [
            missing.values if one is None else variable.values(one, axes.pivot) for one in solutions
        ]
        found[name] = base.expand_dims(scenario=list(axes.scenarios)).copy(data=np.stack(read))
        found[name].attrs = variable.attrs
    return found


def _names(labels: Labels) -> dict[str, tuple[str, list[str] | list[bool]]]:
    return {
        "region_name": ("region", [labels.region_names.get(c, c) for c in labels.regions]),
        "sector_name": ("sector", [labels.sector_names.get(c, c) for c in labels.sectors]),
        "sector_is_goods": ("sector", [code in labels.goods for code in labels.sectors]),
    }
