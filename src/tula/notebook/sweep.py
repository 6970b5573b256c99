"""A policy over a grid of its values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from tula.equilibrium.batch import CHUNK, solve_batch
from tula.equilibrium.calibration import World, calibrated
from tula.equilibrium.closures import Closure
from tula.equilibrium.solve import Policy
from tula.errors import TulaError, UnknownNameError
from tula.metrics.registry import find_metric
from tula.metrics.tables import OVERVIEW
from tula.policy.base import PolicyInstrument
from tula.policy.instruments import Instrument

if TYPE_CHECKING:
    import xarray as xr

Template = Instrument | Sequence[Instrument] | Callable[..., Policy]


class SweepError(TulaError):
    """A sweep needs at least one axis with at least one value, and none that a metric has too.

    An axis is a field of the instrument, or an argument of the function.
    """


def sweep(
    world: World,
    template: Template,
    over: Mapping[str, Iterable[Any]],
    *,
    metrics: Iterable[str] = OVERVIEW,
    closure: Closure | str | None = None,
    on: date | str | None = None,
) -> xr.Dataset:
    """Solve a policy at every point of a grid and return metrics with the grid as first axes.

    ``template`` is an instrument, whose fields ``over`` names: ``{"add": ["10 pp", "25 pp"]}``; a
    list of them, ``{"0.add": ...}`` or, by the instrument's name, ``{"duty.add": ...}``; or a
    function of the axes' values that returns a policy. Points without a solution are not numbers,
    and ``failure`` says why there. Solved in batches; only metrics are kept. Raises
    ``SweepError``, ``UnknownNameError`` and the errors of the instruments.
    """
    import xarray as xr

    axes = {name: [*values] for name, values in over.items()}
    if not axes or not all(axes.values()):
        raise SweepError("over needs axes with values, such as {'add': ['10 pp', '25 pp']}")
    base, entries = calibrated(world), [find_metric(name) for name in metrics]
    if taken := [axis for axis in axes if any(axis in entry.dims for entry in entries)]:
        raise SweepError(f"a metric has an axis {taken[0]} of its own: sweep a function's argument")
    points = [dict(zip(axes, values, strict=True)) for values in product(*axes.values())]
    policies = [_policy(template, point) for point in points]
    parts: list[list[xr.DataArray]] = []
    failures: list[str] = []
    for start in range(0, len(policies), CHUNK):
        batch = solve_batch(base, policies[start : start + CHUNK], closure=closure, on=on)
        parts.append([entry(batch) for entry in entries])
        failures += [str(batch.failures.get(number, "")) for number in range(len(batch))]
    ticks = {name: [_tick(value) for value in values] for name, values in axes.items()}
    grid = tuple(len(values) for values in ticks.values())
    data = {"failure": xr.DataArray(np.reshape(failures, grid), ticks, [*ticks])}
    for place, entry in enumerate(entries):
        values = np.concatenate([part[place].values for part in parts])
        one = parts[0][place].isel(scenario=0, drop=True).expand_dims(ticks)
        data[entry.name] = one.copy(data=values.reshape(grid + values.shape[1:]))
    return xr.Dataset(data)


def _policy(template: Template, point: Mapping[str, Any]) -> Policy:
    if isinstance(template, PolicyInstrument):
        return [template.having(**point)]
    if callable(template):
        return template(**point)
    found = [*template]
    for address, value in point.items():
        owner, _, field = address.rpartition(".")
        place = _place(found, owner)
        found[place] = found[place].having(**{field: value})
    return found


def _place(instruments: Sequence[Instrument], owner: str) -> int:
    """Return where an instrument stands, named by its name or its number."""
    known = {str(place): place for place in range(len(instruments))}
    known |= {one.name: place for place, one in enumerate(instruments) if one.name}
    if not owner and len(instruments) == 1:
        return 0
    if owner not in known:
        raise UnknownNameError("instrument", owner, known)
    return known[owner]


def _tick(value: Any) -> Any:
    return value if isinstance(value, int | float | str) else " + ".join(sorted({*map(str, value)}))
