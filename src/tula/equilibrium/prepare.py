"""From a calibration and a shock to the arrays the iteration reads."""

from __future__ import annotations

from dataclasses import replace
from math import inf
from types import EllipsisType
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Bool, Float

from tula.equilibrium.arrays import Array
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
from tula.equilibrium.markets import Access, Base, HomeNest, OwnAccess, Trade
from tula.equilibrium.production import CostNests
from tula.equilibrium.system import System
from tula.frozen import kept_with, sealed
from tula.policy.contradictions import EssentialSupplierError
from tula.policy.shock import Shock

Cells = tuple[np.ndarray, ...]
Accesses = tuple[Float[Array, "S N I"], Float[Array, "S N I"], Float[Array, "S N I"]]


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
    return Sizes(
        len(places.cells), len(limits) + 1, places.member.shape[1], len(shock.corridors)
    )


def tax_hat(calibration: Calibration, shock: Shock, cells: Cells | EllipsisType) -> Array:
    """Return the ratio of new to old duty and export tax factors in some cells, or in all."""
    new = (1.0 + shock.tariff[cells]) * (1.0 + shock.export_tax[cells])
    old = (1.0 + calibration.tariff[cells]) * (1.0 + calibration.export_tax[cells])
    return np.asarray(new / old)


def rigidity(calibration: Calibration) -> float:
    """Return 1 / (1 + transformation): zero where producers take one price everywhere."""
    return 1.0 / (1.0 + calibration.technology.transformation)


def accesses(calibration: Calibration, shock: Shock) -> Accesses:
    """Return base trade share times wedge to the power -theta, exactly zero under embargo; and the
    same before import duty, and before export tax as well (the same array where none is levied).

    Under rigid destinations the seller's price absorbs part of the wedge. Powers and quotients are
    taken only in the cells whose wedge moves.
    """
    cells, pressure = _pressures(calibration, shock)
    theta = _theta_at(calibration, cells)
    before = base_accesses(calibration)
    access, border = before[0].copy(), before[1].copy()
    moved = access[cells] * np.exp(-theta / (1.0 + theta * rigidity(calibration)) * pressure)
    access[cells] = moved
    border[cells] = moved / (1.0 + shock.tariff[cells])
    shut = shock.embargo if shock.embargo.any() else None
    if shut is not None:
        access[shut] = border[shut] = 0.0
    if before[2] is before[1] and not shock.export_tax.any():
        return access, border, border
    producer = before[2].copy()
    producer[cells] = border[cells] / (1.0 + shock.export_tax[cells])
    if shut is not None:
        producer[shut] = 0.0
    return access, border, producer


@kept_with
def base_accesses(calibration: Calibration) -> Accesses:
    """Return ``accesses`` in the base year."""
    access = calibration.trade_share
    border = sealed(access / (1.0 + calibration.tariff))
    if not calibration.export_tax.any():
        return access, border, border
    return access, border, sealed(border / (1.0 + calibration.export_tax))


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


def partial_system(
    calibration: Calibration, shock: Shock, closure: Closure, part: float, *, fade: bool = False
) -> System:
    """Return the system under a part of the shock, from 0 to 1: every wedge to that power.

    Embargoes stay whole, or, where they ``fade``, trade under them dies down with the third power
    of what is left of the way.
    """
    if part >= 1.0:
        return prepare(calibration, shock, closure)
    if not fade or not shock.embargo.any():
        return prepare(calibration, _partial_shock(calibration, shock, part), closure)
    shut = shock.embargo
    eased = _partial_shock(calibration, shock.replace(embargo=np.zeros_like(shut)), part)
    system = prepare(calibration, eased, closure)

    def fading(access: Access | OwnAccess | None) -> Access | None:
        left = (1.0 - part) ** 3
        cells = access.cells if isinstance(access, Access) else None
        return None if cells is None else Access(np.where(shut, left * cells, cells))

    trade = system.trade
    parts = {name: fading(getattr(trade, name)) for name in ("access", "border", "producer")}
    return replace(system, trade=replace(trade, **parts))


def _partial_shock(calibration: Calibration, shock: Shock, part: float) -> Shock:
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
    made_better = bool((shock.productivity_hat != 1.0).any())
    return System(
        trade=_trade(calibration, shock, room),
        endowments=_endowments(calibration, shock, room.corridors),
        log_productivity=np.log(shock.productivity_hat.T) if made_better else None,
        imbalance_level=rule.level,
        imbalance_rate=rule.rate if rule.rate.any() else None,
        transfer=shock.transfer,
        **_shares(calibration),
    )


@kept_with
def _shares(calibration: Calibration) -> dict[str, Any]:
    """Return what no shock changes, sectors first."""
    technology = calibration.technology
    unit = technology.among_final == 1.0
    unbought, unmade = (calibration.expenditure <= 0.0).T, (calibration.output <= 0.0).T
    return {
        "value_added_share": calibration.value_added_share.T,
        "input_share": calibration.input_share,
        "final_share": calibration.final_share.T,
        "base_value_added": calibration.value_added,
        "world_value_added": calibration.value_added.sum(),
        "base_expenditure": calibration.expenditure.T,
        "base_output": calibration.output.T,
        "unbought": unbought if unbought.any() else None,
        "unmade": unmade if unmade.any() else None,
        "nests": _nests(calibration) if technology.nests_costs else None,
        "final_rho": None if unit else 1.0 - technology.among_final,
    }


def _nests(calibration: Calibration) -> CostNests:
    technology = calibration.technology
    energy = calibration.placed.energy
    carriers = 1.0 if technology.among_energy is None else technology.among_energy
    return CostNests(
        value_added=1.0 - technology.value_added_and_inputs,
        inputs=1.0 - technology.among_inputs,
        carriers=1.0 - carriers,
        energy=energy.astype(np.float64),
        energy_share=calibration.input_share[:, energy, :].sum(axis=1).T,
    )


def _endowments(calibration: Calibration, shock: Shock, corridors: int) -> Endowments:
    base = _base_endowments(calibration)
    return replace(
        base,
        labour=base.base_labour * shock.labour_hat,
        corridors=_corridors(shock, corridors) if corridors else None,
    )


@kept_with
def _base_endowments(calibration: Calibration) -> Endowments:
    """Return labour and what ties it in the base year."""
    placed, technology = calibration.placed, calibration.technology
    income = calibration.value_added_share * calibration.output
    income *= (calibration.value_added / income.sum(axis=1))[:, None]
    labour = (income * (1.0 - placed.specific_share)).sum(axis=1)
    if not (labour > 0.0).all():
        region = calibration.labels.regions[int(np.argmin(labour))]
        raise TechnologyError(f"all value added of {region} is specific: no labour is left")
    sectors = SectorFactors(
        base_income=income.T,
        specific=placed.specific_share.T,
        stiffness=1.0 / (1.0 + technology.labour_mobility),
    )
    floors = Floors(placed.wage_floor, placed.indexation)
    return Endowments(
        labour=sealed(labour),
        base_labour=labour,
        sectors=sectors if technology.ties_factors else None,
        floors=floors if technology.wage_floors else None,
        corridors=None,
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
        source=column("source", 0).astype(np.int64),
        host=column("host", 0).astype(np.int64),
        home_value=column("home_value", 0.0),
        host_value=column("host_value", 0.0),
        remitted=column("remitted", 0.0),
        log_wanted=log_wanted,
        elasticity=column("elasticity", 0.0),
    )


def _trade(calibration: Calibration, shock: Shock, room: Sizes) -> Trade:
    technology, placed = calibration.technology, calibration.placed
    cells = accesses(calibration, shock)
    home = _home(calibration, shock) if technology.home_and_imports is not None else None
    if home is not None:
        for one in cells:
            np.einsum("snn->sn", one)[:] = 0.0
    rigid = rigidity(calibration)
    theta = placed.trade_elasticity
    unit = bool((theta == 0.0).any())
    access, border, producer = (Access(one) for one in cells)
    return Trade(
        access=access,
        border=border,
        producer=None if cells[2] is cells[1] else producer,
        theta=theta if placed.by_buyer else theta[:, :1],
        rigidity=rigid if rigid > 0.0 else None,
        home=home,
        log_pressure=_mean_pressure(calibration, shock) if unit else None,
        base=_base(calibration, shock) if unit or rigid > 0.0 else None,
        limits=_limits(calibration, shock, room, cells) if room.limits else None,
    )


def _home(calibration: Calibration, shock: Shock) -> HomeNest:
    sigma = calibration.technology.home_and_imports
    assert sigma is not None
    share, border = _own(calibration.trade_share), 1.0 / (1.0 + _own(shock.tariff))
    bought = calibration.trade_share * (1.0 - np.eye(share.shape[1]))
    closed = ~((bought > 0.0) & ~shock.embargo).any(axis=2)
    _require_home(calibration, shock, closed & (bought > 0.0).any(axis=2))
    return HomeNest(
        share=share,
        theta=sigma - 1.0,
        border=border,
        producer=border / (1.0 + _own(shock.export_tax)),
        closed=closed,
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
        share=calibration.trade_share,
        received=received,
        log_wedge=log_tax + np.log(shock.trade_cost_hat),
        log_tax=log_tax,
    )


def _mean_pressure(calibration: Calibration, shock: Shock) -> Float[Array, "S N"]:
    cells, pressure = _pressures(calibration, shock)
    mean = np.zeros(calibration.trade_share.shape[:2])
    np.add.at(mean, cells[:2], calibration.trade_share[cells] * pressure)
    return mean


def _limits(
    calibration: Calibration, shock: Shock, room: Sizes, cells: Accesses
) -> Limits:
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
        wedge_hat=taxes * shock.trade_cost_hat[places],
        tax_hat=taxes,
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
        "log_ceiling": column([_log_ceiling(active) for active in given], inf),
        "on_price": on_price,
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
