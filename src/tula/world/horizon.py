"""Trade elasticities by horizon: buyers turn to other suppliers slowly.

Everything here is said in sigma = theta + 1, the elasticity of customs values, which exclude the
duty; only the economy that is returned holds theta. ``docs/choices.md`` says when to use which.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from tula.errors import TulaError
from tula.shapes import Float
from tula.world.economy import Economy
from tula.world.store import world_of

Array = np.ndarray

#: Elasticity of tariff-exclusive trade in the first year: Boehm, Levchenko and Pandalai-Nayar
#: (2023), "The Long and Short (Run) of Trade Elasticities", American Economic Review.
SIGMA_SHORT = 0.76
#: Years over which all but 1/e of the way to the long run is covered. Assumption; range 2.3 (95%
#: of the way after 7 years) to 4.3 (90% after 10): Boehm, Levchenko and Pandalai-Nayar (2023)
#: find the long run reached after 7 to 10 years.
ADJUSTMENT_YEARS = 3.5

_SHORT_SOURCE = "Boehm, Levchenko and Pandalai-Nayar 2023, AER"
_MARK = "at a horizon of"


class HorizonError(TulaError):
    """Elasticities by horizon cannot be formed. The message says which number to change: years
    zero or more, both sigmas above zero, the long run above the short one, applied once."""


def sigma_at(
    years: float,
    sigma_long: Float[Array, "*sectors"] | float,
    sigma_short: float = SIGMA_SHORT,
    adjustment_years: float = ADJUSTMENT_YEARS,
) -> Float[Array, "*sectors"]:
    """Return sigma after ``years``: long - (long - short) exp(-years / adjustment_years).

    All sigmas are tariff-exclusive, theta + 1. Infinite years give the long run. Raises
    ``HorizonError``.
    """
    long = np.asarray(sigma_long, dtype=np.float64)
    _refuse(years, long, sigma_short, adjustment_years)
    return np.asarray(long - (long - sigma_short) * np.exp(-years / adjustment_years))


def at_horizon(
    economy: Economy | str,
    years: float,
    sigma_short: float = SIGMA_SHORT,
    long_run: Literal["set"] | float = "set",
    adjustment_years: float = ADJUSTMENT_YEARS,
) -> Economy:
    """Return the economy with the elasticities that hold ``years`` after a change.

    ``long_run="set"`` takes the economy's own elasticities for the long run (sigma = theta + 1,
    sector by sector); a number is one sigma (not theta) for every sector. Within about a year
    theta = sigma - 1 falls below zero: spending on the dearer supplier then rises. The source
    sentence states all of it. Raises ``HorizonError``, also where it has been done before.
    """
    economy = world_of(economy)
    if _MARK in economy.elasticity_source:
        raise HorizonError("the elasticities are those of a horizon already: start from their set")
    if isinstance(long_run, str) and long_run != "set":
        raise HorizonError(f"long_run is {long_run!r}: give 'set' or a sigma such as 2")
    own = economy.trade_elasticity + 1.0
    long = own if isinstance(long_run, str) else np.full_like(own, long_run)
    theta = sigma_at(years, long, sigma_short, adjustment_years) - 1.0
    said = _said(years, sigma_short, long_run, adjustment_years, theta)
    return economy.with_elasticity(theta, f"{economy.elasticity_source}; {said}")


def _refuse(years: float, long: Float[Array, "*s"], short: float, adjustment: float) -> None:
    wrong = []
    if not years >= 0.0:
        wrong.append(f"years must be zero or more, got {years:g}")
    if not 0.0 < short < np.inf:
        wrong.append(f"sigma_short must be above zero, got {short:g}")
    if not 0.0 < adjustment < np.inf:
        wrong.append(f"adjustment_years must be above zero, got {adjustment:g}")
    least = float(np.min(long))
    if not (np.isfinite(long).all() and least > short):
        wrong.append(
            f"the long run must exceed the short one: sigma {least:g} against {short:g} "
            "(sigma, not theta: a theta of 1 is a sigma of 2)"
        )
    if wrong:
        raise HorizonError("; ".join(wrong))


def _said(
    years: float,
    short: float,
    long_run: Literal["set"] | float,
    adjustment: float,
    theta: Float[Array, " S"],
) -> str:
    long = "of the set (theta + 1)" if isinstance(long_run, str) else f"{long_run:g}"
    source = f"{short:g} ({_SHORT_SOURCE})" if short == SIGMA_SHORT else f"{short:g} (as given)"
    after = "1 year" if years == 1 else f"{years:g} years"
    return (
        f"{_MARK} {after}: tariff-exclusive sigma {source} in the short run and {long} in the "
        f"long run, the gap closing by exp(-years / {adjustment:g} years); "
        f"theta = sigma - 1 is {theta.min():.3g} to {theta.max():.3g}"
    )
