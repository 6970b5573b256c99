"""Worlds by name, as they are or with the duties of a day."""

from __future__ import annotations

from datetime import date
from os import PathLike
from typing import TYPE_CHECKING, overload

from tula.equilibrium.calibration import Calibration
from tula.world import store
from tula.world.economy import Economy

if TYPE_CHECKING:
    from tula.policy.duties import DutiesOfDay


@overload
def load_world(name_or_path: str | PathLike[str] = ..., *, as_of: None = None) -> Economy: ...


@overload
def load_world(
    name_or_path: str | PathLike[str] = ..., *, as_of: date | str | DutiesOfDay
) -> Calibration: ...


def load_world(
    name_or_path: str | PathLike[str] = store.DEFAULT_WORLD,
    *,
    as_of: date | str | DutiesOfDay | None = None,
) -> Economy | Calibration:
    """Return an embedded world by name, a computed one, or the world in a file.

    ``as_of``, a date, text such as "2025-11-17" or ``DutiesOfDay``, makes it the world that has
    adjusted to the import duties of that day; ``tula.equilibrium.day.on_day`` does so under other
    elasticities, technologies and closures. Raises ``UnknownNameError``, ``MissingFileError``,
    ``ForeignFileError``, ``DamagedWorldError``, and as ``on_day``.
    """
    world = store.load_world(name_or_path)
    if as_of is None:
        return world
    from tula.equilibrium.day import on_day

    return on_day(world, as_of)
