"""Splitting units among vendors: every split ranked, with concentration before and after."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from tula.errors import TulaError
from tula.shapes import Float
from tula.ties.nuclear.smaa import Acceptability, draw_values, smaa, uniform_weights
from tula.ties.nuclear.tender import Criterion, Tender

Array = np.ndarray
#: Draws for splits, whose number grows fast: the largest standard error is then 0.0035.
SPLIT_DRAWS = 20_000
#: Most splits compared at once; more should be narrowed by fewer units or bids.
MOST_SPLITS = 500


class AwardError(TulaError):
    """Units cannot be split as asked: too many for the bids, too many splits, or a bad scale.

    The message says how many units the bids can build, or which bound was passed.
    """


@dataclass(frozen=True)
class Awards:
    """Splits of an order and their acceptability.

    * ``splits``: units by bid, in the order of the acceptability's alternatives;
    * ``before``: concentration (HHI) of capacity by vendor before, NaN without any;
    * ``after`` (P,): the same after each split;
    * ``sole``: chance that a sole award is first; ``split``: that some split is.
    """

    splits: tuple[dict[str, int], ...]
    acceptability: Acceptability
    before: float
    after: Float[Array, " P"]

    @property
    def sole(self) -> float:
        """Acceptability of giving all units to one bid, summed over bids."""
        first = self.acceptability.ranks[:, 0]
        return float(
            sum(first[place] for place, split in enumerate(self.splits) if len(split) == 1)
        )

    @property
    def split(self) -> float:
        """Acceptability of dividing the units, summed over splits."""
        return 1.0 - self.sole


def vendor_concentration(capacity: Mapping[str, float]) -> float:
    """Return the Herfindahl-Hirschman index of capacities, NaN where there is none."""
    values = np.array(list(capacity.values()), dtype=float)
    if (values < 0.0).any():
        raise AwardError(f"negative capacity in {dict(capacity)}")
    whole = values.sum()
    return float(((values / whole) ** 2).sum()) if whole > 0.0 else float("nan")


def list_splits(tender: Tender, units: int) -> list[dict[str, int]]:
    """Return every way to place the units with the bids, none above what it can build."""
    most = {bid.name: bid.units for bid in tender.bids}
    if not 1 <= units <= sum(most.values()):
        raise AwardError(f"{units} units asked; the bids can build 1 to {sum(most.values())}")
    found = []
    for split in _placed(list(most.items()), units):
        found.append(split)
        if len(found) > MOST_SPLITS:
            raise AwardError(f"more than {MOST_SPLITS} splits; ask for fewer units or bids")
    return found


def _placed(most: list[tuple[str, int]], units: int) -> Iterator[dict[str, int]]:
    if not most:
        if units == 0:
            yield {}
        return
    (name, limit), rest = most[0], most[1:]
    for number in range(min(limit, units), -1, -1):
        for others in _placed(rest, units - number):
            yield {name: number, **others} if number else others


def capacity_after(
    tender: Tender, split: Mapping[str, int], installed: Mapping[str, float]
) -> dict[str, float]:
    """Return GW by vendor once a split is built; ``installed`` GW by vendor stand before."""
    capacity = dict(installed)
    for bid in tender.bids:
        added = bid.unit_gw * split.get(bid.name, 0)
        capacity[bid.vendor] = capacity.get(bid.vendor, 0.0) + added
    return capacity


def rank_awards(
    tender: Tender,
    units: int,
    *,
    installed: Mapping[str, float],
    concentration: Criterion,
    draws: int = SPLIT_DRAWS,
    seed: int = 0,
) -> Awards:
    """Rank every split of the units; weights unknown.

    A split's partial value on a criterion is the mean of its bids' by gigawatt. ``concentration``
    is the scale of one more criterion that no bid has alone: HHI of vendors' capacity after, on
    top of ``installed`` GW by vendor. Raises ``AwardError``.
    """
    if concentration.name in tender.names:
        raise AwardError(f"criterion {concentration.name!r} is scored by the bids already")
    splits = list_splits(tender, units)
    after = np.array(
        [vendor_concentration(capacity_after(tender, split, installed)) for split in splits]
    )
    generator = np.random.default_rng(seed)
    weights = uniform_weights(len(tender.criteria) + 1, draws, generator)
    values = draw_values(tender, draws, generator)
    mixed = np.einsum("pb,dbc->dpc", _shares(tender, splits), values)
    extra = np.broadcast_to(_on_scale(after, concentration), (draws, len(splits)))
    complete = np.concatenate([mixed, extra[:, :, None]], axis=2)
    names = [_label(split) for split in splits]
    found = smaa(complete, weights, names, (*tender.names, concentration.name))
    return Awards(tuple(splits), found, vendor_concentration(installed), after)


def _shares(tender: Tender, splits: list[dict[str, int]]) -> Float[Array, "P B"]:
    rows = [[bid.unit_gw * split.get(bid.name, 0) for bid in tender.bids] for split in splits]
    gigawatts = np.array(rows, dtype=float)
    shares: Array = gigawatts / gigawatts.sum(axis=1, keepdims=True)
    return shares


def _on_scale(after: Float[Array, " P"], concentration: Criterion) -> Float[Array, " P"]:
    lowest, highest = sorted((concentration.worst, concentration.best))
    if lowest == highest or after.min() < lowest or after.max() > highest:
        scale = f"{lowest:g} to {highest:g}"
        raise AwardError(f"HHI of {after.min():.3f} to {after.max():.3f} leaves the scale {scale}")
    value: Array = (after - concentration.worst) / (concentration.best - concentration.worst)
    return value


def _label(split: Mapping[str, int]) -> str:
    return " + ".join(f"{number} {bid}" for bid, number in split.items())
