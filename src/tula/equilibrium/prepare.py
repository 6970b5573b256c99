"""From a calibration and a shock to the arrays the iteration reads."""

from __future__ import annotations

from dataclasses import replace
from math import inf
from typing import Any

import numpy as np

from tula.equilibrium.accesses import accesses, mean_pressure, rigidity, tax_hat
from tula.equilibrium.calibration import Calibration
from tula.equilibrium.closures import Closure
from tula.equilibrium.errors import TechnologyError
from tula.equilibrium.factors import Corridors, Endowments, Floors, SectorFactors
from tula.equilibrium.markets import Access, Base, HomeNest, Kinds, Trade
from tula.equilibrium.placing import Sizes, placed_limits, sizes
from tula.equilibrium.production import CostNests
from tula.equilibrium.system import System
from tula.frozen import kept_with, sealed
from tula.policy.contradictions import EssentialSupplierError
from tula.policy.shock import Shock
from tula.shapes import Bool, Float

Array = np.ndarray


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
    bought, made = _sectors_first(calibration.expenditure), _sectors_first(calibration.output)
    unbought, unmade = 1.0 * (bought <= 0.0), 1.0 * (made <= 0.0)
    return {
        "value_added_share": _sectors_first(calibration.value_added_share),
        "input_share": calibration.input_share,
        "final_share": _sectors_first(calibration.final_share),
        "base_value_added": calibration.value_added,
        "world_value_added": calibration.value_added.sum(),
        "base_expenditure": bought,
        "base_output": made,
        "unbought": unbought if unbought.any() else None,
        "unmade": unmade if unmade.any() else None,
        "nests": _nests(calibration) if technology.nests_costs else None,
        "final_rho": None if unit else 1.0 - technology.among_final,
    }


def _sectors_first(values: Float[Array, "N S"]) -> Float[Array, "S N"]:
    """Return values the other way round, laid out as the equations' other arrays are."""
    return np.ascontiguousarray(values.T)


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
    specific, stiffness = placed.specific_share, 1.0 / (1.0 + technology.labour_mobility)
    labour = (income * (1.0 - specific)).sum(axis=1)
    if not (labour > 0.0).all():
        region = calibration.labels.regions[int(np.argmin(labour))]
        raise TechnologyError(f"all value added of {region} is specific: no labour is left")
    sectors = SectorFactors(
        base_income=_sectors_first(income),
        specific=_sectors_first(specific),
        labour=_sectors_first(1.0 - specific),
        stiffness=stiffness,
        rise=_sectors_first(specific + stiffness * (1.0 - specific)),
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
        kinds=_kinds(calibration) if placed.by_buyer else None,
        rigidity=rigid if rigid > 0.0 else None,
        home=home,
        log_pressure=mean_pressure(calibration, shock) if unit else None,
        base=_base(calibration, shock) if unit or rigid > 0.0 else None,
        limits=placed_limits(calibration, shock, room, cells) if room.limits else None,
    )


@kept_with
def _kinds(calibration: Calibration) -> Kinds:
    """Return buyers by sector and trade elasticity."""
    theta = calibration.placed.trade_elasticity
    pairs = np.arange(len(theta))[:, None] + 1j * theta
    _, first, of = np.unique(pairs, return_index=True, return_inverse=True)
    sector, importer = np.unravel_index(first, theta.shape)
    return Kinds(sector, importer, of)


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
        log_left=np.log1p(-shock.banned),
    )
