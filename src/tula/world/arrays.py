"""Worlds from arrays: plain ones in the order of ``docs/notation.md``, or labelled ones.

A labelled array (``xarray.DataArray``) is put in order by the names of its axes and by codes or
names of regions and sectors along them; nothing is filled in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from tula.errors import TulaError
from tula.shapes import Float
from tula.world.economy import AXES, Economy, Provenance, ShapeError
from tula.world.labels import Labels

Array = np.ndarray
#: Codes in order, or names by code.
Codes = Sequence[str] | Mapping[str, str]
RATES = ("sector", "importer", "exporter")
#: What shares may miss one by, rounding.
ROUNDING = 1e-9


class SharesError(TulaError):
    """Shares do not add up to one, or are negative; every place is listed. Divide by their sum."""


def world_from_arrays(
    intermediate: Any,
    final: Any,
    *,
    regions: Codes,
    sectors: Codes,
    tariff: Any = 0.0,
    export_tax: Any = 0.0,
    trade_elasticity: Any = 4.0,
    name: str = "own table",
    vintage: str = "",
    source: str = "as given",
) -> Economy:
    """Return a world of arrays, with the regions and sectors in this order.

    ``intermediate`` (exporter, sector, importer, user) and ``final`` (exporter, sector, importer)
    are million USD a year at basic prices; ``tariff`` and ``export_tax`` (sector, importer,
    exporter) fractions, or one rate between any two regions; ``trade_elasticity`` (sector,) is
    theta = sigma - 1, or one for all. ``source`` says where the elasticities are from. Raises
    ``ShapeError``, which tells the axes; ``check_economy`` judges the contents.
    """
    labels = _labels(regions, sectors)
    given = {"intermediate": intermediate, "final": final, "trade_elasticity": trade_elasticity}
    given |= {"tariff": tariff, "export_tax": export_tax}
    arrays: dict[str, Any] = {
        field: ordered(field, values, AXES[field], labels) for field, values in given.items()
    }
    origin = Provenance(name, vintage, steps=("from arrays",))
    return Economy(labels=labels, elasticity_source=source, provenance=origin, **arrays)


def world_from_shares(
    trade_share: Any,
    value_added_share: Any,
    final_share: Any,
    final_spending: Any,
    *,
    regions: Codes,
    sectors: Codes,
    input_share: Any = 0.0,
    tariff: Any = 0.0,
    export_tax: Any = 0.0,
    **others: Any,
) -> Economy:
    """Return the world in which these shares hold, all of them as ``Calibration`` has them.

    ``trade_share`` pi (sector, importer, exporter), of tariff-inclusive spending, home included;
    ``value_added_share`` gamma_V (region, sector) and ``input_share`` gamma (region, input, sector)
    of cost; ``final_share`` alpha (region, sector) of ``final_spending`` (region,), million USD a
    year. Output clears every market (Leontief); value added and imbalances follow from it. Rates
    and ``others`` as for ``world_from_arrays``. Raises ``SharesError`` and ``ShapeError``.
    """
    labels = _labels(regions, sectors)
    pi = ordered("trade_share", trade_share, RATES, labels)
    gamma_v = ordered("value_added_share", value_added_share, ("region", "sector"), labels)
    gamma = ordered("input_share", input_share, ("region", "input", "sector"), labels)
    alpha = ordered("final_share", final_share, ("region", "sector"), labels)
    spent = ordered("final_spending", final_spending, ("region",), labels)
    duty, tax = (ordered("rate", rate, RATES, labels) for rate in (tariff, export_tax))
    _refuse_uneven(
        labels,
        {
            "trade_share over exporters": pi.sum(axis=2).T,
            "value_added_share and input_share over inputs": gamma_v + gamma.sum(axis=1),
            "final_share over sectors": alpha.sum(axis=1, keepdims=True),
        },
        min(one.min() for one in (pi, gamma_v, gamma, alpha)),
    )
    reach = pi / ((1.0 + duty) * (1.0 + tax))
    final = np.einsum("sni,ns,n->isn", reach, alpha, spent)
    per_unit = np.einsum("sni,nsk->isnk", reach, gamma)
    size = gamma_v.size
    leontief = np.eye(size) - per_unit.reshape(size, size)
    output = np.linalg.solve(leontief, final.sum(axis=2).ravel()).reshape(gamma_v.shape)
    others |= {"regions": regions, "sectors": sectors, "tariff": duty, "export_tax": tax}
    return world_from_arrays(per_unit * output, final, **others)


def ordered(name: str, values: Any, axes: Sequence[str], labels: Labels) -> Array:
    """Return an array with these axes, in this order, one place a code.

    A number stands for every place, rates of a region's sales to itself apart, which are zero.
    Raises ``ShapeError`` and ``UnknownNameError``.
    """
    shape = tuple(len(codes_along(axis, labels)) for axis in axes)
    if np.ndim(values) == 0:
        filled = np.full(shape, float(values))
        if tuple(axes) == RATES:
            filled[:, np.arange(shape[1]), np.arange(shape[1])] = 0.0
        return filled
    if hasattr(values, "dims"):
        values = _turned(name, values, axes, labels)
    found = np.array(values, dtype=np.float64)
    if found.shape != shape:
        raise ShapeError(f"{name} has shape {found.shape}, expected {told(axes, labels)}")
    return found


def positions(values: Any, axis: str, labels: Labels) -> list[int]:
    """Return where the ticks of a labelled array stand along an axis, found by any name."""
    find = (
        labels.sector_index if codes_along(axis, labels) is labels.sectors else labels.region_index
    )
    return [find(str(tick)) for tick in np.atleast_1d(values.coords[axis].values)]


def codes_along(axis: str, labels: Labels) -> tuple[str, ...]:
    """Return the codes along an axis by its name."""
    return labels.sectors if axis in ("sector", "user", "input") else labels.regions


def told(axes: Sequence[str], labels: Labels) -> str:
    """Say which axes are expected, with their sizes."""
    return ", ".join(f"{axis} {len(codes_along(axis, labels))}" for axis in axes)


def _turned(name: str, values: Any, axes: Sequence[str], labels: Labels) -> Array:
    if set(values.dims) != set(axes):
        raise ShapeError(
            f"{name} has axes {', '.join(map(str, values.dims))}; expected {told(axes, labels)}"
        )
    turned = values.transpose(*axes)
    for axis in axes:
        at = positions(turned, axis, labels) if axis in turned.coords else None
        if at is not None and sorted(at) != list(range(len(codes_along(axis, labels)))):
            raise ShapeError(f"{name} needs every {axis} once, has {len(at)}: {told(axes, labels)}")
        turned = turned if at is None else turned.isel({axis: np.argsort(at)})
    return np.asarray(turned.values)


def _labels(regions: Codes, sectors: Codes) -> Labels:
    names = [dict(codes) if isinstance(codes, Mapping) else {} for codes in (regions, sectors)]
    return Labels(tuple(regions), tuple(sectors), names[0], names[1])


def _refuse_uneven(labels: Labels, sums: Mapping[str, Float[Array, "N s"]], least: float) -> None:
    wrong = ["a share is negative"] if least < 0.0 else []
    for what, total in sums.items():
        for n, s in np.argwhere(~(np.abs(total - 1.0) <= ROUNDING)):
            sector = f" {labels.sectors[s]}" if total.shape[1] > 1 else ""
            wrong.append(f"{what} of {labels.regions[n]}{sector} is {total[n, s]:.6g}")
    if wrong:
        raise SharesError("; ".join(wrong[:12]) + ("; ..." if len(wrong) > 12 else ""))
