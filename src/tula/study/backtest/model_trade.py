"""A study's world at a short horizon, solved over the ranges of its elasticities."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from tula import metrics
from tula.equilibrium import CLOSURES, Calibration, Solution, calibrate, solve
from tula.equilibrium.errors import unwarned
from tula.errors import TulaError
from tula.evidence import Record
from tula.shapes import Float
from tula.study.backtest.frozen import Named, Setting, Setup
from tula.study.backtest.inputs import Array, Draw
from tula.study.elasticities import apply_elasticities
from tula.study.load import Study
from tula.ties.kinds import Text
from tula.world.horizon import at_horizon

#: Draws for which a world is solved, which takes longer than clearing a market.
SOLVES = 32


class TradeInputs(Record):
    """Scenarios of the study at a short horizon.

    ``years`` after the change, ``sigma_short`` and ``long_run`` (tariff-exclusive sigmas) are those
    of ``tula.world.horizon``.
    """

    scenarios: tuple[Text, ...]
    elasticity: Text
    closure: Text
    years: Draw
    sigma_short: Draw
    long_run: Draw


@dataclass(frozen=True)
class TradeDraw:
    """A world at one draw of its horizon and the solution of every scenario on it."""

    world: Calibration
    solutions: Mapping[str, Solution]

    def sales(self, scenario: str, importer: str, exporter: str, sectors: str) -> float:
        """Ratio of new to old value of sales, duties excluded."""
        labels = self.world.labels
        to, by = labels.region_index(importer), labels.region_index(exporter)
        rows = [labels.sector_index(code) for code in labels.resolve_sectors(sectors)]
        new, old = (
            trade[rows, to, by].sum()
            for trade in (self.solutions[scenario].border_trade, self.world.border_trade)
        )
        return float(new / old)

    def real_income(self, scenario: str, region: str) -> float:
        """Change of a region's real income in a scenario, %."""
        return float(metrics.real_income(self.solutions[scenario]).sel(region=region))


@dataclass(frozen=True)
class TradeDraws:
    """A world over the ranges of its horizon."""

    draws: tuple[TradeDraw, ...]

    def read(self, reading: Callable[[TradeDraw], float]) -> Float[Array, " D"]:
        """One number off every draw."""
        return np.array([reading(draw) for draw in self.draws])


def compute(inputs: TradeInputs, setting: Setting) -> TradeDraws:
    """Solve every scenario at every draw of the horizon, ``SOLVES`` of them at the most.

    Scenarios are in force as on the day of the freeze.
    """
    setup, count = setting.setup, min(setting.count, SOLVES)
    long = apply_elasticities(setup.economy, setup.elasticities[inputs.elasticity])
    values, closure = setting.drawn(inputs, count), CLOSURES[inputs.closure]
    draws = []
    for place in range(count):
        setting.tell(f"world, draw {place + 1} of {count}")
        years, short, sigma = (
            float(values[name][place]) for name in ("years", "sigma_short", "long_run")
        )
        world = calibrate(at_horizon(long, years, sigma_short=short, long_run=sigma))
        with unwarned():
            solutions = {
                name: solve(world, setup.instruments[name], closure=closure, on=setting.day)
                for name in inputs.scenarios
            }
        draws.append(TradeDraw(world, solutions))
    return TradeDraws(tuple(draws))


def valid(inputs: TradeInputs, setup: Setup) -> Named:
    """Names of the study's scenarios and elasticity sets, and of closures."""
    return {
        "scenarios": ("scenario", setup.instruments),
        "elasticity": ("elasticity set", setup.elasticities),
        "closure": ("closure", CLOSURES),
    }


def rests_on(inputs: TradeInputs, study: Study) -> tuple[set[str], dict[str, Any]]:
    """Facts behind scenarios and elasticities, and both."""
    chosen = study.file.elasticities[inputs.elasticity]
    facts = set(study.grounds.facts(("elasticities", inputs.elasticity)))
    used: dict[str, Any] = {f"elasticities {inputs.elasticity}": chosen.model_dump(mode="json")}
    for name in inputs.scenarios:
        facts |= {fact for item in study.instruments[name] for fact in item.evidence}
        used[f"scenario {name}"] = [
            item.instrument.model_dump(mode="json") for item in study.instruments[name]
        ]
    return facts, used


def check(inputs: TradeInputs, setup: Setup) -> list[str]:
    """What the horizon says of the ends of its numbers."""
    chosen, problems = setup.elasticities[inputs.elasticity], []
    for years in (inputs.years.low, inputs.years.high):
        try:
            at_horizon(
                apply_elasticities(setup.economy, chosen),
                years,
                sigma_short=inputs.sigma_short.high,
                long_run=inputs.long_run.low,
            )
        except TulaError as error:
            problems.append(str(error))
    return problems
