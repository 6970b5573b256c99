"""From a calibration and a shock to the arrays the iteration reads."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import jax.numpy as jnp
import numpy as np
from jax import Array as JaxArray
from jaxtyping import Float, Int

from tula.equilibrium.calibration import Calibration
from tula.equilibrium.closures import Closure
from tula.equilibrium.system import Caps, System
from tula.policy.shock import Shock

Array = np.ndarray
Cells = tuple[np.ndarray, ...]


def wedge_hat(calibration: Calibration, shock: Shock, cells: Cells) -> Float[Array, " Q"]:
    """Return the ratio of new to old wedge between producer and buyer in some cells (eq. 1)."""
    new = (1.0 + shock.tariff[cells]) * (1.0 + shock.export_tax[cells])
    old = (1.0 + calibration.tariff[cells]) * (1.0 + calibration.export_tax[cells])
    return np.asarray(new / old * shock.trade_cost_hat[cells])


def trade_access(calibration: Calibration, shock: Shock) -> Float[Array, "S N I"]:
    """Return base trade share times wedge to the power -theta, exactly zero under embargo.

    A power is taken only in the cells whose wedge moves.
    """
    moved = shock.trade_cost_hat != 1.0
    moved |= shock.tariff != calibration.tariff
    moved |= shock.export_tax != calibration.export_tax
    cells = np.unravel_index(np.flatnonzero(moved), moved.shape)
    access = calibration.trade_share.copy()
    access[cells] *= wedge_hat(calibration, shock, cells) ** -calibration.trade_elasticity[cells[0]]
    access[shock.embargo] = 0.0
    return np.asarray(access)


def partial_shock(calibration: Calibration, shock: Shock, part: float) -> Shock:
    """Return the shock with every wedge taken to the power ``part``; embargoes stay whole."""

    def between(old: Array, new: Array) -> Array:
        return np.asarray((1.0 + old) ** (1.0 - part) * (1.0 + new) ** part - 1.0)

    return shock.replace(
        tariff=between(calibration.tariff, shock.tariff),
        export_tax=between(calibration.export_tax, shock.export_tax),
        trade_cost_hat=shock.trade_cost_hat**part,
        quantity_cap=shock.quantity_cap**part,
        productivity_hat=shock.productivity_hat**part,
        labour_hat=shock.labour_hat**part,
        transfer=shock.transfer * part,
    )


def prepare(calibration: Calibration, shock: Shock, closure: Closure) -> System:
    """Assemble the system; everything a power must be taken of is taken here, once."""
    cells = capped_cells(calibration, shock)
    rule = closure.rule(calibration.imbalance, calibration.value_added)
    access = trade_access(calibration, shock)
    border = access / (1.0 + shock.tariff) if shock.tariff.any() else access
    taxes_exports = bool(shock.export_tax.any())
    producer = border / (1.0 + shock.export_tax) if taxes_exports else border
    return System(
        access=jnp.asarray(access),
        border_access=jnp.asarray(border),
        producer_access=jnp.asarray(producer),
        log_productivity=jnp.asarray(np.log(np.ascontiguousarray(shock.productivity_hat.T))),
        labour=jnp.asarray(calibration.value_added * shock.labour_hat),
        imbalance_level=jnp.asarray(rule.level),
        imbalance_rate=jnp.asarray(rule.rate),
        transfer=jnp.asarray(shock.transfer),
        caps=_caps(calibration, shock, cells, (access, border, producer)),
        taxes_exports=taxes_exports,
        **_shares(calibration),
    )


def with_capped(
    system: System, calibration: Calibration, shock: Shock, cells: Int[Array, "Q 3"]
) -> System:
    """Return the system with shadow wedges in the given cells; uncapped ones never bind."""
    access = (system.access, system.border_access, system.producer_access)
    on_host = tuple(np.asarray(array) for array in access)
    return replace(system, caps=_caps(calibration, shock, cells, on_host))


@lru_cache(maxsize=8)
def _shares(calibration: Calibration) -> dict[str, JaxArray]:
    """Return what no shock changes, sectors first, on the device."""
    return {
        "value_added_share": jnp.asarray(np.ascontiguousarray(calibration.value_added_share.T)),
        "input_share": jnp.asarray(calibration.input_share),
        "final_share": jnp.asarray(np.ascontiguousarray(calibration.final_share.T)),
        "trade_elasticity": jnp.asarray(calibration.trade_elasticity),
        "base_value_added": jnp.asarray(calibration.value_added),
        "base_expenditure": jnp.asarray(np.ascontiguousarray(calibration.expenditure.T)),
    }


def _caps(
    calibration: Calibration,
    shock: Shock,
    cells: Int[Array, "Q 3"],
    access: tuple[Float[Array, "S N I"], ...],
) -> Caps:
    places = tuple(_fill_up(calibration, cells).T)
    at_buyer, at_border, at_producer = (jnp.asarray(array[places]) for array in access)
    sector, importer, exporter = (jnp.asarray(axis) for axis in places)
    return Caps(
        sector=sector,
        importer=importer,
        exporter=exporter,
        log_cap=jnp.asarray(np.log(shock.quantity_cap[places])),
        access=at_buyer,
        border_access=at_border,
        producer_access=at_producer,
        wedge_hat=jnp.asarray(wedge_hat(calibration, shock, places)),
        base_share=jnp.asarray(calibration.trade_share[places]),
    )


def _fill_up(calibration: Calibration, cells: Int[Array, "Q 3"]) -> Int[Array, "R 3"]:
    """Add the busiest domestic cell, which no shock caps, up to a power of eight."""
    home = np.einsum("snn->sn", calibration.trade_share)
    sector, region = np.unravel_index(int(np.argmax(home)), home.shape)
    size = 1
    while size < len(cells):
        size *= 8
    filler = np.full((size - len(cells), 3), (sector, region, region), dtype=np.int64)
    return np.concatenate([cells, filler])


def capped_cells(calibration: Calibration, shock: Shock) -> Int[Array, "Q 3"]:
    """Return positions (sector, importer, exporter) of capped cells that trade at all."""
    cap = shock.quantity_cap
    cells = np.unravel_index(np.flatnonzero(np.isfinite(cap)), cap.shape)
    kept = ~shock.embargo[cells] & (calibration.trade_share[cells] > 0)
    return np.stack(cells, axis=1)[kept]
