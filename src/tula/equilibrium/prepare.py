"""From a calibration and a shock to the arrays the iteration reads."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from math import inf
from types import EllipsisType
from typing import Any, NamedTuple

import jax.numpy as jnp
import numpy as np
from jaxtyping import Bool, Float

from tula.equilibrium.calibration import Calibration
from tula.equilibrium.closures import Closure
from tula.equilibrium.errors import TechnologyError
from tula.equilibrium.factors import Corridors, Endowments, Floors, SectorFactors
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
from tula.equilibrium.markets import Base, HomeNest, Trade
from tula.equilibrium.production import CostNests
from tula.equilibrium.system import System
from tula.policy.contradictions import EssentialSupplierError
from tula.policy.shock import Shock

Array = np.ndarray
Cells = tuple[np.ndarray, ...]
Access = tuple[Float[Array, "S N I"], Float[Array, "S N I"], Float[Array, "S N I"]]


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


def sizes(calibration: Calibration, shock: Shock) -> Sizes:
    """Return the least sizes that hold a shock, so rounded that few shapes are ever compiled."""
    limits = active_limits(calibration, shock)
    places = place_limits(limits)
    corridors = padded(len(shock.corridors)) if shock.corridors else 0
    count = padded(len(limits) + 1)
    return Sizes(padded(len(places.cells)), count, places.member.shape[1], corridors)


def tax_hat(calibration: Calibration, shock: Shock, cells: Cells | EllipsisType) -> Array:
    """Return the ratio of new to old duty and export tax factors in some cells, or in all."""
    new = (1.0 + shock.tariff[cells]) * (1.0 + shock.export_tax[cells])
    old = (1.0 + calibration.tariff[cells]) * (1.0 + calibration.export_tax[cells])
    return np.asarray(new / old)


def rigidity(calibration: Calibration) -> float:
    """Return 1 / (1 + transformation): zero where producers take one price everywhere."""
    return 1.0 / (1.0 + calibration.technology.transformation)


def trade_access(calibration: Calibration, shock: Shock) -> Float[Array, "S N I"]:
    """Return base trade share times wedge to the power -theta, exactly zero under embargo.

    Under rigid destinations the seller's price absorbs part of the wedge. A power is taken only in
    the cells whose wedge moves.
    """
    cells, pressure = _pressures(calibration, shock)
    theta = _theta_at(calibration, cells)
    access = calibration.trade_share.copy()
    access[cells] *= np.exp(-theta / (1.0 + theta * rigidity(calibration)) * pressure)
    access[shock.embargo] = 0.0
    return np.asarray(access)


def _pressures(calibration: Calibration, shock: Shock) -> tuple[Cells, Float[Array, " Q"]]:
    """Return the cells whose wedge moves, and the log wedge less what rigid sellers absorb."""
    moved = shock.trade_cost_hat != 1.0
    moved |= shock.tariff != calibration.tariff
    moved |= shock.export_tax != calibration.export_tax
    cells = np.unravel_index(np.flatnonzero(moved), moved.shape)
    taxes = np.log(tax_hat(calibration, shock, cells))
    felt = (1.0 - rigidity(calibration)) * taxes + np.log(shock.trade_cost_hat[cells])
    return cells, felt


def _theta_at(calibration: Calibration, cells: Cells) -> Float[Array, " Q"]:
    return np.asarray(calibration.placed.trade_elasticity[cells[0], cells[1]])


def partial_shock(calibration: Calibration, shock: Shock, part: float) -> Shock:
    """Return the shock with every wedge taken to the power ``part``; embargoes stay whole."""

    def between(old: Array, new: Array) -> Array:
        return np.asarray((1.0 + old) ** (1.0 - part) * (1.0 + new) ** part - 1.0)

    return shock.replace(
        tariff=between(calibration.tariff, shock.tariff),
        export_tax=between(calibration.export_tax, shock.export_tax),
        trade_cost_hat=shock.trade_cost_hat**part,
        productivity_hat=shock.productivity_hat**part,
        labour_hat=shock.labour_hat**part,
        transfer=shock.transfer * part,
        limits=tuple(replace(limit, ceiling=limit.ceiling**part) for limit in shock.limits),
        corridors=tuple(
            replace(one, home_value=one.home_value * part, host_value=one.host_value * part)
            for one in shock.corridors
        ),
    )


def prepare(
    calibration: Calibration, shock: Shock, closure: Closure, room: Sizes | None = None
) -> System:
    """Assemble the system; everything a power must be taken of is taken here, once.

    ``room`` is how much the padded lists must hold at least.
    """
    needed = sizes(calibration, shock)
    room = needed if room is None else needed.joined(room)
    rule = closure.rule(calibration.imbalance, calibration.value_added)
    return System(
        trade=_trade(calibration, shock, room),
        endowments=_endowments(calibration, shock, room.corridors),
        log_productivity=jnp.asarray(np.log(np.ascontiguousarray(shock.productivity_hat.T))),
        imbalance_level=jnp.asarray(rule.level),
        imbalance_rate=jnp.asarray(rule.rate),
        transfer=jnp.asarray(shock.transfer),
        **_shares(calibration),
    )


@lru_cache(maxsize=8)
def _shares(calibration: Calibration) -> dict[str, Any]:
    """Return what no shock changes, sectors first, on the device."""
    technology = calibration.technology
    unit = technology.among_final == 1.0
    return {
        "value_added_share": _sector_first(calibration.value_added_share),
        "input_share": jnp.asarray(calibration.input_share),
        "final_share": _sector_first(calibration.final_share),
        "base_value_added": jnp.asarray(calibration.value_added),
        "base_expenditure": _sector_first(calibration.expenditure),
        "base_output": _sector_first(calibration.output),
        "nests": _nests(calibration) if technology.nests_costs else None,
        "final_rho": None if unit else jnp.asarray(1.0 - technology.among_final),
    }


def _sector_first(values: Float[Array, "N S"]) -> Any:
    return jnp.asarray(np.ascontiguousarray(values.T))


def _nests(calibration: Calibration) -> CostNests:
    technology = calibration.technology
    energy = calibration.placed.energy
    carriers = 1.0 if technology.among_energy is None else technology.among_energy
    return CostNests(
        value_added=jnp.asarray(1.0 - technology.value_added_and_inputs),
        inputs=jnp.asarray(1.0 - technology.among_inputs),
        carriers=jnp.asarray(1.0 - carriers),
        energy=jnp.asarray(energy.astype(np.float64)),
        energy_share=_sector_first(calibration.input_share[:, energy, :].sum(axis=1)),
    )


def _endowments(calibration: Calibration, shock: Shock, corridors: int) -> Endowments:
    placed, technology = calibration.placed, calibration.technology
    income = calibration.value_added_share * calibration.output
    income *= (calibration.value_added / income.sum(axis=1))[:, None]
    labour = (income * (1.0 - placed.specific_share)).sum(axis=1)
    if not (labour > 0.0).all():
        region = calibration.labels.regions[int(np.argmin(labour))]
        raise TechnologyError(f"all value added of {region} is specific: no labour is left")
    sectors = SectorFactors(
        base_income=_sector_first(income),
        specific=_sector_first(placed.specific_share),
        stiffness=jnp.asarray(1.0 / (1.0 + technology.labour_mobility)),
    )
    floors = Floors(jnp.asarray(placed.wage_floor), jnp.asarray(placed.indexation))
    return Endowments(
        labour=jnp.asarray(labour * shock.labour_hat),
        base_labour=jnp.asarray(labour),
        sectors=sectors if technology.ties_factors else None,
        floors=floors if technology.wage_floors else None,
        corridors=_corridors(shock, corridors) if corridors else None,
    )


def _corridors(shock: Shock, count: int) -> Corridors:
    """Return the corridors' arrays, filled up with empty ones."""
    given = shock.corridors
    more = count - len(given)

    def column(name: str, filler: float) -> Array:
        return np.array([*(getattr(one, name) for one in given), *[filler] * more])

    with np.errstate(divide="ignore"):
        log_wanted = np.log(column("wanted", inf))
    return Corridors(
        source=jnp.asarray(column("source", 0).astype(np.int64)),
        host=jnp.asarray(column("host", 0).astype(np.int64)),
        home_value=jnp.asarray(column("home_value", 0.0)),
        host_value=jnp.asarray(column("host_value", 0.0)),
        remitted=jnp.asarray(column("remitted", 0.0)),
        log_wanted=jnp.asarray(log_wanted),
        elasticity=jnp.asarray(column("elasticity", 0.0)),
    )


def _trade(calibration: Calibration, shock: Shock, room: Sizes) -> Trade:
    technology, placed = calibration.technology, calibration.placed
    access = trade_access(calibration, shock)
    home = _home(calibration, shock) if technology.home_and_imports is not None else None
    if home is not None:
        np.einsum("snn->sn", access)[:] = 0.0
    border = access / (1.0 + shock.tariff) if shock.tariff.any() else access
    taxes_exports = bool(shock.export_tax.any())
    producer = border / (1.0 + shock.export_tax) if taxes_exports else border
    rigid = rigidity(calibration)
    theta = placed.trade_elasticity
    unit = bool((theta == 0.0).any())
    return Trade(
        access=jnp.asarray(access),
        border_access=jnp.asarray(border),
        producer_access=jnp.asarray(producer),
        theta=jnp.asarray(theta if placed.by_buyer else theta[:, :1]),
        rigidity=jnp.asarray(rigid) if rigid > 0.0 else None,
        home=home,
        log_pressure=jnp.asarray(_mean_pressure(calibration, shock)) if unit else None,
        base=_base(calibration, shock) if unit or rigid > 0.0 else None,
        limits=_limits(calibration, shock, room, (access, border, producer)),
        taxes_exports=taxes_exports,
    )


def _home(calibration: Calibration, shock: Shock) -> HomeNest:
    sigma = calibration.technology.home_and_imports
    assert sigma is not None
    share, border = _own(calibration.trade_share), 1.0 / (1.0 + _own(shock.tariff))
    bought = calibration.trade_share * (1.0 - np.eye(share.shape[1]))
    closed = ~((bought > 0.0) & ~shock.embargo).any(axis=2)
    _require_home(calibration, shock, closed & (bought > 0.0).any(axis=2))
    return HomeNest(
        share=jnp.asarray(share),
        theta=jnp.asarray(sigma - 1.0),
        border=jnp.asarray(border),
        producer=jnp.asarray(border / (1.0 + _own(shock.export_tax))),
        closed=jnp.asarray(closed),
    )


def _own(values: Array) -> Array:
    """Return the cells in which regions buy from themselves, (S, N)."""
    return np.ascontiguousarray(np.einsum("snn->sn", values))


def _require_home(calibration: Calibration, shock: Shock, closed: Bool[Array, "S N"]) -> None:
    """Refuse what a nest of home against imports cannot answer."""
    moved = (_own(shock.tariff) != _own(calibration.tariff)) | _own(shock.embargo)
    moved |= _own(shock.export_tax) != _own(calibration.export_tax)
    moved |= _own(shock.trade_cost_hat) != 1.0
    if moved.any():
        region = calibration.labels.regions[int(np.argwhere(moved)[0, 1])]
        raise TechnologyError(
            f"home_and_imports cannot go with a measure on {region}'s own sales: drop one of them"
        )
    sigma = calibration.technology.home_and_imports
    if closed.any() and sigma is not None and sigma <= 1.0:
        good, buyer = (int(place) for place in np.argwhere(closed)[0])
        raise EssentialSupplierError(
            f"home_and_imports is {sigma:g}: {calibration.labels.regions[buyer]} cannot do "
            f"without any imports of {calibration.labels.sectors[good]} at any price; use an "
            "import cut below 100%, or home_and_imports above 1"
        )


def _base(calibration: Calibration, shock: Shock) -> Base:
    log_tax = np.log(tax_hat(calibration, shock, ...))
    received = calibration.border_trade / (1.0 + calibration.export_tax)
    return Base(
        share=jnp.asarray(calibration.trade_share),
        received=jnp.asarray(received),
        log_wedge=jnp.asarray(log_tax + np.log(shock.trade_cost_hat)),
        log_tax=jnp.asarray(log_tax),
    )


def _mean_pressure(calibration: Calibration, shock: Shock) -> Float[Array, "S N"]:
    cells, pressure = _pressures(calibration, shock)
    mean = np.zeros(calibration.trade_share.shape[:2])
    np.add.at(mean, cells[:2], calibration.trade_share[cells] * pressure)
    return mean


def _limits(calibration: Calibration, shock: Shock, room: Sizes, access: Access) -> Limits:
    given = active_limits(calibration, shock)
    filled = _fill_up(calibration, place_limits(given), len(given), room)
    places = tuple(filled.cells.T)
    columns = [jnp.asarray(array[places]) for array in access]
    taxes = tax_hat(calibration, shock, places)
    sector, importer, exporter = (jnp.asarray(axis) for axis in places)
    return Limits(
        sector=sector,
        importer=importer,
        exporter=exporter,
        member=jnp.asarray(filled.member),
        weight=jnp.asarray(_weights(calibration, filled, len(given), room.limits)),
        access=columns[0],
        border_access=columns[1],
        producer_access=columns[2],
        base_share=jnp.asarray(calibration.trade_share[places]),
        wedge_hat=jnp.asarray(taxes * shock.trade_cost_hat[places]),
        tax_hat=jnp.asarray(taxes),
        **_limit_columns(calibration, given, room.limits),
    )


def _limit_columns(
    calibration: Calibration, given: tuple[ActiveLimit, ...], count: int
) -> dict[str, Any]:
    more = count - len(given)

    def column(values: list[float], filler: float) -> Any:
        return jnp.asarray(np.array([*values, *[filler] * more], dtype=np.float64))

    response = [_response(calibration, active) for active in given]
    limits = [active.limit for active in given]
    on_price = np.array([*(one.measure == "price" for one in limits), *[False] * more])
    return {
        "log_ceiling": column([_log_ceiling(active) for active in given], inf),
        "on_price": jnp.asarray(on_price),
        "to_importer": column([float(one.rent_to == "importer") for one in limits], 0.0),
        "to_exporter": column([float(one.rent_to == "exporter") for one in limits], 0.0),
        "response": column(response, 1.0),
    }


def _log_ceiling(active: ActiveLimit) -> float:
    """Return the ceiling counted from the cells that are left."""
    part = active.part if active.limit.measure == "quantity" else 1.0
    return float(np.log(active.limit.ceiling / part))


def _response(calibration: Calibration, active: ActiveLimit) -> float:
    if active.limit.measure == "price":
        return PRICE_RESPONSE
    theta, rigid = _theta_at(calibration, tuple(active.cells.T)), rigidity(calibration)
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
