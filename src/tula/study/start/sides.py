"""What the table says of a pivot and each of its rivals: flows, ties, and the duties of the day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import permutations

import numpy as np

from tula.policy.duties import DutiesOfDay, DutyDayError, embedded_duties
from tula.shapes import Float
from tula.world.countries import country
from tula.world.economy import Economy
from tula.world.labels import Labels

Array = np.ndarray
#: Part of what is bought from a rival that the sectors of the tie make up, and most of them.
PART, MOST = 0.5, 4
#: Part of what is sold to a rival from which services are a tie of their own.
SERVICES = 0.2
#: Decimals of percentage points to which moves of duties are written.
PLACES = 1


@dataclass(frozen=True)
class Side:
    """A rival as the table has it: flows in million USD a year at basic prices, duties in %.

    ``sold`` and ``bought`` are the pivot's goods, ``services`` what it sells of those. ``inputs``
    are the largest goods sectors of what it buys, up to half of it, with their part in %.
    ``duties`` are average duties on its goods, in the base year and on the day; ``moved`` the
    points by which they moved, with the sectors of each; ``layers`` the layers of duty on it alone.
    All three are empty where the table of duties does not fit the world.
    """

    rival: str
    name: str
    sold: float
    bought: float
    services: float
    inputs: tuple[tuple[str, float], ...]
    duties: tuple[float, float] | None = None
    moved: tuple[tuple[float, tuple[str, ...]], ...] = ()
    layers: tuple[str, ...] = ()

    @property
    def sells_services(self) -> bool:
        """Whether services are a tie of their own."""
        return self.services > SERVICES * (self.sold + self.services)


def sides(economy: Economy, pivot: str, rivals: Sequence[str], day: date) -> tuple[Side, ...]:
    """Return every rival as the table has it, seen from the pivot on a day. All are codes.

    Raises ``UnknownNameError``.
    """
    tariff = _duties(economy, day)
    return tuple(_side(economy, pivot, rival, day, tariff) for rival in rivals)


def spoken(labels: Labels, region: str) -> str:
    """Return what a study calls a region: ``China``, where the table adds Hong Kong to it."""
    name, own = labels.region_names.get(region, region), country(region)
    return own.name if own and name.startswith(f"{own.name} and ") else name


def all_sides(economy: Economy, day: date) -> dict[tuple[str, str], Side]:
    """Return every region as a rival of every other, by pivot and rival, as ``sides`` does."""
    tariff = _duties(economy, day)
    return {pair: _side(economy, *pair, day, tariff) for pair in permutations(economy.regions, 2)}


def _duties(economy: Economy, day: date) -> Float[Array, "S N I"] | None:
    """Duties of the day; None where the table of duties does not fit the world."""
    try:
        return DutiesOfDay(day).tariff(economy.labels, economy.tariff, economy.provenance)
    except DutyDayError:
        return None


def _side(
    economy: Economy, pivot: str, rival: str, day: date, tariff: Float[Array, "S N I"] | None
) -> Side:
    labels = economy.labels
    home, there = labels.region_index(pivot), labels.region_index(rival)
    goods = np.isin(labels.sectors, labels.goods)
    sold, bought = economy.trade[:, there, home], economy.trade[:, home, there]
    found = Side(
        rival=rival,
        name=spoken(labels, rival),
        sold=float(sold[goods].sum()),
        bought=float(bought[goods].sum()),
        services=float(sold[~goods].sum()),
        inputs=_largest(labels.sectors, np.where(goods, bought, 0.0)),
    )
    if tariff is None:
        return found
    base, new = economy.tariff[:, there, home], tariff[:, there, home]
    weight = np.where(goods, sold, 0.0)
    mean = [float(100.0 * (rate * weight).sum() / max(weight.sum(), 1e-12)) for rate in (base, new)]
    moved = np.trunc(np.round(100.0 * (new - base), 6) * 10**PLACES) / 10**PLACES
    return Side(
        **{**found.__dict__, "duties": (mean[0], mean[1]),
           "moved": _grouped(labels.sectors, np.where(goods, moved, 0.0)),
           "layers": _layers(day, rival, pivot)}
    )  # fmt: skip


def _largest(sectors: Sequence[str], flow: Float[Array, " S"]) -> tuple[tuple[str, float], ...]:
    """The largest flows, until they make up ``PART``, with their parts in %."""
    total = float(flow.sum())
    found: list[tuple[str, float]] = []
    for place in np.argsort(-flow, kind="stable")[:MOST]:
        if not flow[place] > 0.0 or sum(part for _, part in found) >= 100.0 * PART:
            break
        found.append((sectors[place], float(100.0 * flow[place] / total)))
    return tuple(found)


def _grouped(
    sectors: Sequence[str], points: Float[Array, " S"]
) -> tuple[tuple[float, tuple[str, ...]], ...]:
    """Sectors by the points their duty moved, the largest first."""
    by_points: dict[float, list[str]] = {}
    for sector, moved in zip(sectors, points.tolist(), strict=True):
        if moved:
            by_points.setdefault(round(moved, PLACES), []).append(sector)
    return tuple((moved, tuple(by_points[moved])) for moved in sorted(by_points, reverse=True))


def _layers(day: date, rival: str, pivot: str) -> tuple[str, ...]:
    return _layers_on(day).get((rival, pivot), ())


@lru_cache(maxsize=1)
def _layers_on(day: date) -> dict[tuple[str, str], tuple[str, ...]]:
    """Layers of duty that one region alone lays, by it and every partner on whom they lie."""
    table = embedded_duties()
    found: dict[tuple[str, str], dict[str, None]] = {}
    for layer in table.on(day):
        importer, *others = {*table.places.get(layer.importer, (layer.importer,))}
        for partner in table.places.get(layer.partner, (layer.partner,)) if not others else ():
            found.setdefault((importer, partner), {})[layer.layer] = None
    return {pair: tuple(names) for pair, names in found.items()}
