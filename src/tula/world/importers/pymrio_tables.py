"""Tables held in memory as ``pymrio.IOSystem`` (EXIOBASE, WIOD, EORA, GLORIA, OECD ...)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from tula.world.economy import Economy
from tula.world.importers.settings import ImportSettings, assemble
from tula.world.importers.units import UnitError
from tula.world.importers.units import million_usd as unit_worth
from tula.world.labels import Labels
from tula.world.problems import Problems


def from_pymrio(
    source: Any, settings: ImportSettings | None = None, million_usd: float | None = None
) -> Economy:
    """Import an ``IOSystem`` with flows ``Z`` and final demand ``Y``.

    ``million_usd`` is the worth of one unit of the flows in million USD; without it, and without
    ``unit`` in the settings, the unit that the system states must be in USD. All final demand
    categories are added up. Raises ``UnitError``, ``TableError``, ``UnsoundEconomyError``.
    """
    given = settings or ImportSettings()
    problems = Problems(f"IOSystem {getattr(source, 'name', '') or ''}".strip())
    flows, final = _frames(source, problems)
    regions = tuple(dict.fromkeys(str(code) for code in flows.index.get_level_values(0)))
    sectors = tuple(dict.fromkeys(str(code) for code in flows.index.get_level_values(1)))
    _check(flows, final, regions, sectors, problems)
    problems.raise_if_any()
    worth, stated = _worth(source, given, million_usd)
    nodes = pd.MultiIndex.from_product([regions, sectors])
    n, s = len(regions), len(sectors)
    intermediate = flows.loc[nodes, nodes].to_numpy(dtype=float).reshape(n, s, n, s)
    bought = final.T.groupby(level=0, sort=False).sum(min_count=1).T
    spread = bought.loc[nodes, list(regions)].to_numpy(dtype=float).reshape(n, s, n)
    step = f"read from a pymrio IOSystem, one unit = {worth:g} million USD"
    labels = Labels(regions, sectors)
    return assemble(labels, intermediate * worth, spread * worth, given, (step,), stated)


def _frames(source: Any, problems: Problems) -> tuple[pd.DataFrame, pd.DataFrame]:
    frames = {name: getattr(source, name, None) for name in ("Z", "Y")}
    for name, frame in frames.items():
        if not isinstance(frame, pd.DataFrame):
            problems.add(f"{name} is not there; load the system and call calc_all()")
        elif frame.index.nlevels < 2 or frame.columns.nlevels < 2:
            problems.add(f"{name} needs regions and sectors as its first two levels")
    problems.raise_if_any()
    named = [frame.copy() for frame in frames.values() if frame is not None]
    for frame in named:
        frame.index = _texts(frame.index)
        frame.columns = _texts(frame.columns)
    return named[0], named[1]


def _texts(index: pd.Index[Any]) -> pd.MultiIndex:
    """The first two levels as text."""
    return pd.MultiIndex.from_arrays([index.get_level_values(k).astype(str) for k in (0, 1)])


def _check(
    flows: pd.DataFrame,
    final: pd.DataFrame,
    regions: tuple[str, ...],
    sectors: tuple[str, ...],
    problems: Problems,
) -> None:
    """Note rows and columns that are missing, surplus or doubled."""
    nodes = pd.MultiIndex.from_product([regions, sectors])
    axes = {"rows of Z": flows.index, "columns of Z": flows.columns, "rows of Y": final.index}
    for what, index in axes.items():
        for kind, labels in (
            ("stand more than once", index[index.duplicated()]),
            ("are missing", nodes[~nodes.isin(index)]),
            ("have no counterpart", index[~index.isin(nodes)]),
        ):
            if len(labels):
                problems.add(f"{what} {kind}", *("/".join(label) for label in labels))
    buyers = set(final.columns.get_level_values(0))
    if buyers != set(regions):
        problems.add("regions differ between Z and Y", *sorted(buyers ^ set(regions)))


def _worth(source: Any, settings: ImportSettings, given: float | None) -> tuple[float, str]:
    """Million USD in one unit, and the unit as the settings state it.

    What the system states is a note of whoever parsed it: it tells how to read the figures, but
    not that they were looked at.
    """
    if given is not None:
        return given, f"{given:g} million USD"
    if settings.unit is not None:
        return unit_worth(settings.unit), settings.unit
    stated = getattr(source, "unit", None)
    units = sorted({str(unit) for unit in np.ravel(stated)}) if stated is not None else []
    try:
        (worth,) = {unit_worth(unit) for unit in units}
    except (ValueError, UnitError) as error:
        told = f"the system states {', '.join(units) or 'no unit'}"
        raise UnitError(
            f"{told}; give million_usd, or unit such as 'million EUR at 1.08'"
        ) from error
    return worth, ""
