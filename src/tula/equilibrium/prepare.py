"""From a calibration and a shock to the arrays the iteration reads."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
from jaxtyping import Bool, Float, Int

from tula.equilibrium.calibration import Calibration
from tula.equilibrium.closures import Closure
from tula.equilibrium.system import Caps, System
from tula.policy.shock import Shock

Array = np.ndarray

#: Bounds the wage step of a region that hardly trades.
LEAST_RESPONSE = 1e-3


def wedge_hat(calibration: Calibration, shock: Shock) -> Float[Array, "S N I"]:
    """Return the ratio of new to old wedge between producer and buyer (model eq. 1)."""
    new = (1.0 + shock.tariff) * (1.0 + shock.export_tax) * shock.trade_cost_hat
    return np.asarray(new / ((1.0 + calibration.tariff) * (1.0 + calibration.export_tax)))


def trade_access(calibration: Calibration, shock: Shock) -> Float[Array, "S N I"]:
    """Return base trade share times wedge to the power -theta, exactly zero under embargo."""
    wedge = wedge_hat(calibration, shock)
    theta = np.broadcast_to(calibration.trade_elasticity[:, None, None], wedge.shape)
    access = calibration.trade_share.copy()
    moved = (wedge != 1.0) & (access > 0)
    access[moved] *= wedge[moved] ** -theta[moved]
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
    access = trade_access(calibration, shock)
    border = access / (1.0 + shock.tariff) if shock.tariff.any() else access
    taxes_exports = bool(shock.export_tax.any())
    producer = border / (1.0 + shock.export_tax) if taxes_exports else border
    value_added_share = np.ascontiguousarray(calibration.value_added_share.T)
    return System(
        access=jnp.asarray(access),
        border_access=jnp.asarray(border),
        producer_access=jnp.asarray(producer),
        value_added_share=jnp.asarray(value_added_share),
        input_share=jnp.asarray(calibration.input_share),
        final_share=jnp.asarray(np.ascontiguousarray(calibration.final_share.T)),
        trade_elasticity=jnp.asarray(calibration.trade_elasticity),
        productivity_hat=jnp.asarray(np.ascontiguousarray(shock.productivity_hat.T)),
        labour=jnp.asarray(calibration.value_added * shock.labour_hat),
        base_value_added=jnp.asarray(calibration.value_added),
        base_imbalance=jnp.asarray(calibration.imbalance),
        transfer=jnp.asarray(shock.transfer),
        base_expenditure=jnp.asarray(np.ascontiguousarray(calibration.expenditure.T)),
        wage_step=jnp.asarray(_wage_step(calibration, access, border)),
        caps=_caps(calibration, shock, access, border, producer),
        closure=closure,
        taxes_exports=taxes_exports,
    )


def _wage_step(
    calibration: Calibration, access: Float[Array, "S N I"], border: Float[Array, "S N I"]
) -> Float[Array, " N"]:
    """Return the inverse of the own-wage elasticity of excess labour demand.

    When all of a region's costs and spending rise together, its sales to a market where it holds
    the share pi fall by theta (1 - pi), and those abroad fall by one more beside its wage bill.
    Shares are those of the new wedges at old costs.
    """
    supply = access.sum(axis=2, keepdims=True)
    sales = border / supply * calibration.expenditure.T[:, :, None]
    elasticity = calibration.trade_elasticity[:, None, None] * (1.0 - access / supply)
    elasticity = elasticity + (1.0 - np.eye(access.shape[1]))
    weight = calibration.value_added_share.T[:, None, :] * sales
    response = np.abs((weight * elasticity).sum(axis=(0, 1))) / weight.sum(axis=(0, 1))
    return np.asarray(1.0 / np.maximum(response, LEAST_RESPONSE))


def _caps(
    calibration: Calibration,
    shock: Shock,
    access: Float[Array, "S N I"],
    border: Float[Array, "S N I"],
    producer: Float[Array, "S N I"],
) -> Caps:
    cells = capped_cells(calibration, shock)
    places = tuple(cells.T)
    wedge = wedge_hat(calibration, shock)
    sector, importer, exporter = (jnp.asarray(axis) for axis in places)
    return Caps(
        sector=sector,
        importer=importer,
        exporter=exporter,
        log_cap=jnp.asarray(np.log(shock.quantity_cap[places])),
        access=jnp.asarray(access[places]),
        border_access=jnp.asarray(border[places]),
        producer_access=jnp.asarray(producer[places]),
        wedge_hat=jnp.asarray(wedge[places]),
    )


def capped_cells(calibration: Calibration, shock: Shock) -> Int[Array, "Q 3"]:
    """Return positions (sector, importer, exporter) of capped cells that trade at all."""
    capped: Bool[Array, "S N I"] = np.isfinite(shock.quantity_cap)
    return np.argwhere(capped & ~shock.embargo & (calibration.trade_share > 0))
