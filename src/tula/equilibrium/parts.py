"""A part of a shock: the way from the base year to all of it, walked bit by bit."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from tula.equilibrium.calibration import Calibration
from tula.equilibrium.closures import Closure
from tula.equilibrium.markets import Access, OwnAccess
from tula.equilibrium.prepare import prepare
from tula.equilibrium.system import System
from tula.policy.shock import Shock

Array = np.ndarray


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
    parts: dict[str, Any] = {
        name: fading(getattr(trade, name)) for name in ("access", "border", "producer")
    }
    return replace(system, trade=replace(trade, **parts))


def _partial_shock(calibration: Calibration, shock: Shock, part: float) -> Shock:
    """Return the shock with every wedge taken to the power ``part``; embargoes stay whole."""

    def between(old: Array, new: Array) -> Array:
        return np.asarray((1.0 + old) ** (1.0 - part) * (1.0 + new) ** part - 1.0)

    return shock.replace(
        tariff=between(calibration.tariff, shock.tariff),
        export_tax=between(calibration.export_tax, shock.export_tax),
        trade_cost_hat=shock.trade_cost_hat**part,
        banned=1.0 - (1.0 - shock.banned) ** part,
        productivity_hat=shock.productivity_hat**part,
        labour_hat=shock.labour_hat**part,
        transfer=shock.transfer * part,
        limits=tuple(
            replace(limit, ceiling=limit.ceiling**part, beyond=limit.beyond**part)
            for limit in shock.limits
        ),
        corridors=tuple(
            replace(one, home_value=one.home_value * part, host_value=one.host_value * part)
            for one in shock.corridors
        ),
    )
