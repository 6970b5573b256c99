"""Alignment read from votes: positions between two rivals, and agreement beyond chance.

Votes are a covariate. They are no measure of balance: two countries may vote together and trade,
arm or pay apart. What a country does is measured in flows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from tula.errors import TulaError, UnknownNameError, did_you_mean
from tula.shapes import Float

Array = np.ndarray


class VoteError(TulaError):
    """Votes cannot be compared: gaps, no common votes, weights that mean nothing.

    Drop votes in which either country was absent, and say so; give weights that are not negative.
    """


class RivalsAgreeError(TulaError):
    """The two rivals stand at the same position, so that nothing lies between them.

    Choose rivals, or years to freeze them at, that differ.
    """


class NoVariationError(TulaError):
    """Chance would produce full agreement, so that agreement beyond chance is not defined.

    Both countries cast one and the same vote throughout: add votes on which somebody differs.
    """


class PositionFileError(TulaError):
    """A file of positions lacks a column or holds a country and year twice."""


def relative_position(own: float, first: float, second: float) -> float:
    """Return (|own - second| - |own - first|)/|first - second|, from -1 to 1.

    +1: at ``first`` or beyond it; -1: at ``second`` or beyond; 0: midway. Tells nothing apart
    beyond a rival. Raises ``RivalsAgreeError``, and ``VoteError`` for what is not finite.
    """
    if not np.isfinite([own, first, second]).all():
        raise VoteError(f"positions must be finite; got {own}, {first}, {second}")
    apart = abs(first - second)
    if apart == 0.0:
        raise RivalsAgreeError(f"both rivals stand at {first}")
    return max(-1.0, min(1.0, (abs(own - second) - abs(own - first)) / apart))


def s_score(
    first: Float[Array, " V"],
    second: Float[Array, " V"],
    *,
    largest: float,
    weights: Float[Array, " V"] | None = None,
) -> float:
    """Return S = 1 - 2 sum w |d| / largest, from -1 to 1 (Signorino and Ritter 1999).

    ``largest`` is the largest difference the scale of votes allows (2 for 1 yes, 2 abstain, 3 no).
    Says nothing about chance: where nearly all vote alike S is high for every pair.
    """
    weight = _weights(first, second, weights)
    distance = np.abs(first - second)
    if not (largest > 0.0 and (distance <= largest).all()):
        raise VoteError(f"votes differ by up to {distance.max()}; largest is given as {largest}")
    return float(1.0 - 2.0 * (weight @ distance) / largest)


def scott_pi(
    first: Float[Array, " V"], second: Float[Array, " V"], weights: Float[Array, " V"] | None = None
) -> float:
    """Return agreement beyond chance, 1 - D/D_e, with chance from the pooled votes of both.

    D is the mean absolute difference of the two votes; D_e that of two votes drawn at random from
    all votes of both (Scott 1955; Häge 2011, *Political Analysis* 19, for foreign policy).
    """
    weight = _weights(first, second, weights)
    pooled, share = np.concatenate([first, second]), np.concatenate([weight, weight]) / 2.0
    return _beyond_chance(first, second, weight, _mean_difference(pooled, share, pooled, share))


def cohen_kappa(
    first: Float[Array, " V"], second: Float[Array, " V"], weights: Float[Array, " V"] | None = None
) -> float:
    """Return agreement beyond chance, 1 - D/D_e, with chance from each country's own votes.

    D_e is the mean difference of one vote drawn from the first and one from the second (Cohen
    1968, absolute weights; Häge 2011). Never below ``scott_pi``.
    """
    weight = _weights(first, second, weights)
    return _beyond_chance(first, second, weight, _mean_difference(first, weight, second, weight))


def _weights(
    first: Float[Array, " V"], second: Float[Array, " V"], weights: Float[Array, " V"] | None
) -> Float[Array, " V"]:
    """Weights that sum to one; refuses gaps by their positions."""
    given = np.ones(len(first)) if weights is None else np.asarray(weights, dtype=np.float64)
    gaps = np.flatnonzero(~np.isfinite(first + second + given) | (given < 0.0))
    if len(gaps):
        raise VoteError(f"absent votes or unusable weights at positions {gaps[:12].tolist()}")
    if not given.sum() > 0.0:
        raise VoteError("no common votes carry weight")
    return np.asarray(given / given.sum())


def _mean_difference(
    one: Float[Array, " A"], share: Float[Array, " A"], two: Float[Array, " B"], part: Array
) -> float:
    return float(share @ np.abs(one[:, None] - two[None, :]) @ part)


def _beyond_chance(
    first: Float[Array, " V"], second: Float[Array, " V"], weight: Array, by_chance: float
) -> float:
    if not by_chance > 0.0:
        raise NoVariationError("both cast one and the same vote throughout")
    return 1.0 - float(weight @ np.abs(first - second)) / by_chance


@dataclass(frozen=True)
class Positions:
    """Positions on one scale by country code and year, with 5th and 95th percentile.

    ``values`` maps (code, year) to (position, low, high).
    """

    values: Mapping[tuple[str, int], tuple[float, float, float]]

    def years(self, code: str) -> tuple[int, ...]:
        """Return the years for which a country has a position; ``UnknownNameError`` if none."""
        found = tuple(sorted(year for name, year in self.values if name == code))
        if not found:
            raise UnknownNameError("country", code, {name for name, _ in self.values})
        return found

    def at(self, code: str, year: int) -> tuple[float, float, float]:
        """Return position, low and high; ``VoteError`` if the year is missing."""
        years = self.years(code)
        if year not in years:
            raise VoteError(f"{code} has no position in {year}: from {years[0]} to {years[-1]}")
        return self.values[code, year]

    def frozen(self, code: str, first: int, last: int) -> float:
        """Return a country's mean position over some years, both ends included."""
        return float(np.mean([self.at(code, year)[0] for year in range(first, last + 1)]))


#: Columns of a file of positions: country, year, position, percentiles 5 and 95.
COLUMNS = ("iso3c", "year", "idealpointall", "q5all", "q95all")


def read_positions(path: Path) -> Positions:
    """Read ideal points (Bailey, Strezhnev and Voeten 2017) from a file with ``COLUMNS``.

    Raises ``PositionFileError``; rows without a position are left out.
    """
    table = pd.read_csv(path)
    missing = [name for name in COLUMNS if name not in table.columns]
    if missing:
        listed = "; ".join(f"{name}{did_you_mean(name, table.columns)}" for name in missing)
        raise PositionFileError(f"{path.name} lacks column {listed}")
    table = table.dropna(subset=list(COLUMNS))
    twice = table[table.duplicated(["iso3c", "year"])]
    if len(twice):
        row = twice.iloc[0]
        raise PositionFileError(f"{path.name} holds {row['iso3c']} in {row['year']} twice")
    rows = table[list(COLUMNS)].itertuples(index=False, name=None)
    return Positions({(code, int(year)): (own, low, high) for code, year, own, low, high in rows})


@dataclass(frozen=True)
class Alignment:
    """Where a country stood between two rivals in one year: 1 = at the first, -1 = at the second.

    ``low`` and ``high`` follow from the 5th and 95th percentile of its own position; the rivals'
    are held fixed.
    """

    year: int
    value: float
    low: float
    high: float


def alignment(
    positions: Positions, pivot: str, rivals: tuple[str, str], frozen: tuple[int, int]
) -> tuple[Alignment, ...]:
    """Return a country's alignment by year, the rivals frozen at their mean over ``frozen`` years.

    Freezing keeps a rival's own move from reading as the pivot's. Raises ``UnknownNameError``,
    ``VoteError`` and ``RivalsAgreeError``.
    """
    first, second = (positions.frozen(code, *frozen) for code in rivals)
    found = []
    for year in positions.years(pivot):
        value, *ends = (relative_position(own, first, second) for own in positions.at(pivot, year))
        found.append(Alignment(year, value, min(ends), max(ends)))
    return tuple(found)
