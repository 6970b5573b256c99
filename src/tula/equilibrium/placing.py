"""From the limits of a shock to the arrays the iteration reads."""

from __future__ import annotations

from math import inf
from typing import Any, NamedTuple

import numpy as np

from tula.equilibrium.accesses import Accesses, rigidity, tax_hat, theta_at
from tula.equilibrium.calibration import Calibration
from tula.equilibrium.limits import (
    LEAST_LIMIT_RESPONSE,
    PRICE_RESPONSE,
    ActiveLimit,
    Limits,
    Places,
    active_limits,
    base_received,
    padded,
    place_limits,
)
from tula.policy.shock import Shock
from tula.shapes import Float

Array = np.ndarray


class Sizes(NamedTuple):
    """How many places the padded lists of a shock hold; a batch needs them alike.

    ``cells`` limited cells, ``limits``, ``per_cell`` limits on one cell, ``corridors``.
    """

    cells: int
    limits: int
    per_cell: int
    corridors: int

    def joined(self, other: Sizes) -> Sizes:
        """Return sizes that hold both."""
        return Sizes(*map(max, self, other))

    def rounded(self) -> Sizes:
        """Return sizes so rounded up that few shapes are ever compiled."""
        cells, limits, per_cell, corridors = self
        return Sizes(padded(cells), padded(limits), per_cell, padded(corridors))


def sizes(calibration: Calibration, shock: Shock) -> Sizes:
    """Return the least sizes that hold a shock."""
    limits = active_limits(calibration, shock)
    if not limits:
        return Sizes(0, 0, 0, len(shock.corridors))
    places = place_limits(limits)
    return Sizes(len(places.cells), len(limits) + 1, places.member.shape[1], len(shock.corridors))


def placed_limits(calibration: Calibration, shock: Shock, room: Sizes, cells: Accesses) -> Limits:
    """Return the arrays of the limits in force, filled up to the room given."""
    given = active_limits(calibration, shock)
    filled = _fill_up(calibration, place_limits(given), len(given), room)
    places = tuple(filled.cells.T)
    columns = [array[places] for array in cells]
    taxes = tax_hat(calibration, shock, places)
    sector, importer, exporter = places
    return Limits(
        sector=sector,
        importer=importer,
        exporter=exporter,
        member=filled.member,
        weight=_weights(calibration, filled, len(given), room.limits),
        access=columns[0],
        border_access=columns[1],
        producer_access=columns[2],
        base_share=calibration.trade_share[places],
        theta=theta_at(calibration, places),
        wedge_hat=taxes * shock.trade_cost_hat[places],
        tax_hat=taxes,
        log_left=np.log1p(-shock.banned[places]),
        **_limit_columns(calibration, given, room.limits),
    )


def _limit_columns(
    calibration: Calibration, given: tuple[ActiveLimit, ...], count: int
) -> dict[str, Any]:
    more = count - len(given)

    def column(values: list[float], filler: float) -> Any:
        return np.array([*values, *[filler] * more], dtype=np.float64)

    response = [_response(calibration, active) for active in given]
    limits = [active.limit for active in given]
    on_price = np.array([*(one.measure == "price" for one in limits), *[False] * more])
    return {
        "log_ceiling": column([_log_ceiling(active) for active in given], 1.0),
        "on_price": on_price,
        "to_importer": column([float(one.rent_to == "importer") for one in limits], 0.0),
        "to_exporter": column([float(one.rent_to == "exporter") for one in limits], 0.0),
        "response": column(response, 1.0),
        "log_beyond": column([float(np.log(one.beyond)) for one in limits], inf),
    }


def _log_ceiling(active: ActiveLimit) -> float:
    """Return the ceiling counted from the cells that are left."""
    part = active.part if active.limit.measure == "quantity" else 1.0
    return float(np.log(active.limit.ceiling / part))


def _response(calibration: Calibration, active: ActiveLimit) -> float:
    if active.limit.measure == "price":
        return PRICE_RESPONSE
    theta, rigid = theta_at(calibration, tuple(active.cells.T)), rigidity(calibration)
    felt = 1.0 if active.limit.rent_to == "nobody" else 1.0 - rigid
    response = (1.0 + theta) * felt / (1.0 + theta * rigid)
    return max(float(response.mean()), LEAST_LIMIT_RESPONSE)


def _weights(
    calibration: Calibration, filled: Places, limits: int, count: int
) -> Float[Array, "Q J"]:
    """Return each cell's part of its limits' base quantity, at base producer's prices."""
    value = base_received(calibration, tuple(filled.cells.T))
    bound = filled.member < limits
    amounts = np.where(bound, value[:, None], 0.0)
    total = np.bincount(filled.member.ravel(), amounts.ravel(), minlength=count)[filled.member]
    return np.asarray(np.divide(amounts, total, out=np.zeros_like(amounts), where=bound))


def _fill_up(calibration: Calibration, places: Places, none: int, room: Sizes) -> Places:
    """Add the busiest domestic cell, which no shock limits, under the empty limit ``none``."""
    home = np.einsum("snn->sn", calibration.trade_share)
    sector, region = (int(place) for place in np.unravel_index(int(np.argmax(home)), home.shape))
    rows, width = len(places.cells), room.per_cell
    cells = np.full((room.cells, 3), (sector, region, region), dtype=np.int64)
    cells[:rows] = places.cells
    member = np.full((room.cells, width), none, dtype=np.int64)
    member[:rows, : places.member.shape[1]] = places.member
    return Places(cells, member)
