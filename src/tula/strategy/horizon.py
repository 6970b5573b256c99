"""Elasticities that grow with the time buyers have had: one cannot serve a year and a decade."""

from __future__ import annotations

from dataclasses import replace
from math import exp
from typing import TypeVar

import numpy as np

from tula.equilibrium.calibration import Calibration
from tula.errors import TulaError
from tula.world.economy import Economy

#: Elasticity of border trade on impact, sigma: Boehm, Levchenko and Pandalai-Nayar (2023, American
#: Economic Review 113(4)) find 0.76 in the short run and about 2 after seven to ten years.
SHORT_RUN_SIGMA = 0.76
#: Years in which the gap to the long run shrinks to 1/e. Assumption: 94% of the way after ten
#: years; range 2.5 (98%) to 5 (86%).
ADJUSTMENT_YEARS = 3.5

Adjusting = TypeVar("Adjusting", Economy, Calibration)


class HorizonError(TulaError):
    """A horizon, a short-run elasticity or a speed is not positive. Give years at or above 0."""


def sigma_at(
    long_run: float,
    years: float,
    *,
    short_run: float = SHORT_RUN_SIGMA,
    adjustment_years: float = ADJUSTMENT_YEARS,
) -> float:
    """Return sigma after some years: long - (long - short) exp(-years / adjustment_years)."""
    if not (years >= 0.0 and short_run > 0.0 and adjustment_years > 0.0):
        raise HorizonError(
            f"years at or above 0, short run and adjustment above 0: got {years}, {short_run}, "
            f"{adjustment_years}"
        )
    return long_run - (long_run - short_run) * exp(-years / adjustment_years)


def at_horizon(
    world: Adjusting,
    years: float,
    *,
    short_run: float = SHORT_RUN_SIGMA,
    long_run: float | None = None,
    adjustment_years: float = ADJUSTMENT_YEARS,
) -> Adjusting:
    """Return the world with the trade elasticities of a horizon.

    The long run is the world's own elasticities, or ``long_run`` (a sigma) in every sector.

    The formula is applied to sigma = theta + 1, which is what border values obey; sectors whose
    long-run sigma is below ``short_run`` keep it. Theta may come out below zero at short horizons.
    Raises ``HorizonError``.
    """
    target = world.trade_elasticity + 1.0
    if long_run is not None:
        target = np.full_like(target, long_run)
    values = np.array(
        [
            sigma_at(own, years, short_run=min(short_run, own), adjustment_years=adjustment_years)
            - 1.0
            for own in target
        ]
    )
    origin = world.elasticity_source if long_run is None else f"sigma {long_run:g} in the long run"
    source = (
        f"{origin}; horizon {years:g} (years): from sigma "
        f"{short_run:g} on impact, the gap to the long run falling to 1/e in {adjustment_years:g}"
    )
    return replace(world, trade_elasticity=values, elasticity_source=source)
