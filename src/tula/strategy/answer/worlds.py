"""The short-run world at an age and in a draw: who is slow to turn, and which wells are tied."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from tula.equilibrium.calibration import Calibration
from tula.equilibrium.technology import Technology
from tula.equilibrium.variants import LONG_RANGE, SIGMA_LONG, Sectors, Variant
from tula.market.commodity import sigma
from tula.shapes import Float
from tula.strategy.answer.beliefs import Values, value_of
from tula.strategy.answer.inputs import SHORT_RUNS, AnswerInputs
from tula.world.economy import Economy
from tula.world.horizon import SIGMA_SHORT

Array = np.ndarray
#: Years beyond the first from which the way after it is solved in its middle as well.
LONG_WAY = 0.75
DAYS_PER_YEAR = 365.25


def ages_of(since: date, announced: date, months: int) -> Float[Array, " M"]:
    """Return the age of every month, at its middle, in years."""
    begun = (announced - since).days / DAYS_PER_YEAR
    return begun + (np.arange(months) + 0.5) / 12.0


def nodes(months: Float[Array, " M"]) -> tuple[float, ...]:
    """Return the ages that are solved, four at most: between them elasticities hardly bend.

    The first month's and the last one's, that at which the first year ends if it lies between, and
    the middle of a long way after it.
    """
    first, last = float(months[0]), float(months[-1])
    bend = max(first, min(1.0, last))
    middle = [0.5 * (bend + last)] if last - bend > LONG_WAY else []
    return tuple(sorted({first, bend, *middle, last}))


@dataclass(frozen=True)
class Sigmas:
    """Sigmas at an age: of slow buyers, of all others in the long run, of commodities."""

    slow: float
    long: float
    own: Mapping[str, float]

    @property
    def key(self) -> tuple[float, ...]:
        """What tells one age from another."""
        return (round(self.slow, 9), round(self.long, 9), *(round(x, 9) for x in self.own.values()))


def sigmas(inputs: AnswerInputs, values: Values, age: float) -> Sigmas:
    """Return the sigmas of a draw at an age in years."""
    path = inputs.elasticity
    first, long, speed = (value_of(n, values) for n in (path.first_year, path.long_run, path.speed))
    own = {one.sector: one.sigma(age, values, speed) for one in inputs.commodities}
    return Sigmas(sigma(age, first, long, speed), long, own)


def world_at(
    economy: Economy, at: Sigmas, hit: Sectors, slow: str, technology: Technology
) -> Calibration:
    """Calibrate the short-run world named ``slow`` at the sigmas of a draw and an age.

    ``hit`` are the buyers whose duties move.
    """
    found = variant(slow, at)
    return replace(found, technology=technology).world(economy, hit, at.own)


def variant(slow: str, at: Sigmas) -> Variant:
    """Return a short-run world with the beliefs' sigmas in the place of the published ones."""
    one = SHORT_RUNS[slow]
    said = {SIGMA_SHORT: at.slow, SIGMA_LONG: at.long, LONG_RANGE[1]: max(at.long, LONG_RANGE[1])}

    def read(published: float | None) -> float | None:
        return None if published is None else said.get(published, published)

    return replace(one, hit=read(one.hit), others=read(one.others))
