"""Where a world stands before or after a shock, who its parties are, and labels for what is found.

A party is a region, or several taken together: a group of the world, or a coalition named here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from tula.equilibrium.calibration import Calibration, calibrated
from tula.equilibrium.solution import Solution
from tula.errors import TulaError
from tula.shapes import Float
from tula.world.economy import Economy, Provenance
from tula.world.labels import Labels

if TYPE_CHECKING:
    import xarray as xr

Array = np.ndarray
World = Economy | Calibration | Solution | str
#: Codes or group names, each a party by itself; or coalitions by name; or every region alone.
Parties = Iterable[str] | Mapping[str, Iterable[str]] | None


class EmptyPartyError(TulaError):
    """A party has no member, or none that is not on the other side as well.

    Name a partner with at least one region that is not part of the pivot.
    """


class Position(NamedTuple):
    """What measures of dependence read, at one state of the world; million USD where a level.

    ``trade_share`` (S, N, I) in tariff-inclusive spending, home purchases included;
    ``expenditure`` and ``output`` (N, S); ``final_spending`` (N,); ``border_trade`` (S, N, I);
    ``trade_elasticity`` (S, N) is theta = sigma - 1 by buyer, ``home_and_imports`` the elasticity
    of substitution between home supply and imports (None: home is one origin among many).
    """

    labels: Labels
    trade_share: Float[Array, "S N I"]
    expenditure: Float[Array, "N S"]
    output: Float[Array, "N S"]
    final_spending: Float[Array, " N"]
    border_trade: Float[Array, "S N I"]
    trade_elasticity: Float[Array, "S N"]
    home_and_imports: float | None
    elasticity_source: str
    provenance: Provenance


def position(world: World) -> Position:
    """Return where a world stands: its base year, or the new state of a solution."""
    calibration = base_of(world)
    state = world if isinstance(world, Solution) else calibration
    spending = state.income if isinstance(state, Solution) else state.final_spending
    return Position(
        calibration.labels,
        state.trade_share,
        state.expenditure,
        state.output,
        spending,
        state.border_trade,
        calibration.placed.trade_elasticity,
        calibration.technology.home_and_imports,
        calibration.elasticity_source,
        calibration.provenance,
    )


def base_of(world: World) -> Calibration:
    """Return the calibration of a world, or the one a solution departs from."""
    if isinstance(world, Solution):
        return world.calibration
    if isinstance(world, Economy | Calibration | str):
        return calibrated(world)
    raise TypeError(f"world is {world!r:.60}; pass load_world(name), a calibration or a solution")


def resolve_parties(labels: Labels, parties: Parties) -> dict[str, tuple[int, ...]]:
    """Return positions of the members of every party by its name.

    ``None`` stands for every region alone. Raises ``UnknownNameError`` and ``EmptyPartyError``.
    """
    if parties is None:
        parties = labels.regions
    elif isinstance(parties, str):
        parties = (parties,)
    named = parties if isinstance(parties, Mapping) else {name: (name,) for name in parties}
    found = {}
    for name, members in named.items():
        codes = labels.resolve_regions(members)
        if not codes:
            raise EmptyPartyError(f"{name} names no region")
        found[name] = tuple(labels.region_index(code) for code in codes)
    return found


def label_base(
    values: Array,
    place: Position,
    coords: Mapping[str, Iterable[str]],
    *,
    name: str,
    title: str,
    units: str,
    base: str,
    sign: str,
    **more: str,
) -> xr.DataArray:
    """Return values with coordinates, and unit, base, sign and origin as attributes."""
    import xarray as xr

    told = place.provenance
    return xr.DataArray(
        values,
        dims=tuple(coords),
        coords={dim: list(codes) for dim, codes in coords.items()},
        name=name,
        attrs={
            "long_name": title,
            "units": units,
            "base": base,
            "sign": sign,
            "elasticities": place.elasticity_source,
            "world": f"{told.name} ({told.vintage})",
            **more,
        },
    )
