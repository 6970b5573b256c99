"""Import duties given as an array, as a policy beside instruments."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np

from tula.equilibrium.calibration import World, calibrated
from tula.equilibrium.solve import base_weights
from tula.policy.compile import BaseRateError, base_policy, compile_on
from tula.policy.instruments import Instrument
from tula.policy.shock import LedgerEntry, Shock
from tula.policy.units import LARGEST_BARE_RATE
from tula.shapes import Float
from tula.world.arrays import RATES, codes_along, ordered, positions, told
from tula.world.economy import ShapeError
from tula.world.labels import Labels

Array = np.ndarray


def tariff_array(
    world: World,
    rates: Any,
    beside: Sequence[Instrument] = (),
    *,
    on: date | str | None = None,
    name: str = "import duties of an array",
) -> Shock:
    """Return the policy under which import duties are those of an array, for ``solve``.

    ``rates`` are new ad-valorem rates, fractions, on axes sector, importer, exporter: a plain array
    of all cells, or a labelled one (``xarray.DataArray``) of some, by codes or names; an axis that
    it lacks is all places, or the one that a scalar coordinate names. In percent where its
    attribute ``units`` is ``"%"``. Other cells keep their base rate, and so do sales at home. The
    instruments ``beside`` act on top. Raises ``ShapeError``, ``UnknownNameError``,
    ``BaseRateError`` and the errors of the instruments.
    """
    base = calibrated(world)
    tariff = _placed(rates, base.tariff, base.labels)
    start = base_policy(base.labels, tariff, base.export_tax)
    shock = compile_on(start, beside, on, *base_weights(base))
    up, down = (tariff > base.tariff).sum(), (tariff < base.tariff).sum()
    note = f"raises the rate on {up} cells and lowers it on {down}"
    line = LedgerEntry(name, int(up + down), note, int(up), int(down))
    return shock.replace(ledger=(line, *shock.ledger))


def _placed(rates: Any, base: Float[Array, "S N I"], labels: Labels) -> Float[Array, "S N I"]:
    given = np.asarray(rates, dtype=np.float64)
    given = given / 100.0 if getattr(rates, "attrs", {}).get("units") == "%" else given
    if not (np.isfinite(given) & (given > -1.0) & (given <= LARGEST_BARE_RATE)).all():
        raise BaseRateError(
            f"rates must be finite fractions above -1 and up to {LARGEST_BARE_RATE:g}, not percent"
        )
    found = np.array(base)
    if hasattr(rates, "dims"):
        cells = _cells(rates, labels)
        order = [rates.dims.index(axis) for axis in RATES if axis in rates.dims]
        lacking = tuple(place for place, axis in enumerate(RATES) if axis not in rates.dims)
        found[np.ix_(*cells)] = np.expand_dims(given.transpose(order), lacking)
    else:
        found[:] = ordered("tariff", given, RATES, labels)
    home = np.arange(len(labels.regions))
    found[:, home, home] = base[:, home, home]
    return found


def _cells(rates: Any, labels: Labels) -> list[list[int]]:
    """Return the positions along each axis that a labelled array speaks of."""
    strange = [str(dim) for dim in rates.dims if dim not in RATES]
    bare = [dim for dim in rates.dims if dim not in rates.coords]
    if strange or bare:
        has = ", ".join(map(str, rates.dims))
        raise ShapeError(f"tariff has axes {has}; expected {told(RATES, labels)}, each with labels")
    cells = [
        positions(rates, axis, labels)
        if axis in rates.coords
        else list(range(len(codes_along(axis, labels))))
        for axis in RATES
    ]
    for axis, places in zip(RATES, cells, strict=True):
        if len(set(places)) < len(places):
            raise ShapeError(f"tariff names one {axis} more than once")
    return cells
