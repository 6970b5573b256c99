"""The layout of a world file: netCDF-4, one variable an array, labels and sources as JSON text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import h5netcdf
import h5py  # type: ignore[import-untyped]
import numpy as np

from tula.errors import TulaError
from tula.world.economy import AXES, UNITS, Economy, Provenance, array_fields
from tula.world.labels import Labels

FORMAT, VERSION = "tula-world", 1
#: What stands between a file's netCDF bytes and their hash.
SEAL = b"\ntula-world sha256 "

_TEXTS = ("label_text", "provenance_text", "metadata_text", "elasticity_source")
UNREADABLE = (
    OSError, KeyError, ValueError, TypeError, RuntimeError, AttributeError, IndexError, MemoryError
)  # fmt: skip


class ForeignFileError(TulaError):
    """The file is not a Tula world. Bring tables of other kinds with ``tula world import``."""


class DamagedWorldError(TulaError):
    """A world file is incomplete or its contents changed since it was saved. Save it again."""


def content_hash(economy: Economy) -> str:
    """SHA-256 of labels, figures, sources and metadata; independent of how they are stored."""
    digest = sha256(json.dumps(texts(economy), sort_keys=True).encode())
    for name in array_fields():
        digest.update(name.encode())
        digest.update(np.ascontiguousarray(getattr(economy, name), dtype="<f8").data)
    return digest.hexdigest()


def texts(economy: Economy) -> dict[str, Any]:
    """Return everything of an economy that is not a number, as plain values; no hash."""
    provenance = asdict(economy.provenance)
    del provenance["content_hash"]
    return {
        "label_text": plain_labels(economy.labels),
        "provenance_text": provenance,
        "metadata_text": dict(economy.metadata),
        "elasticity_source": economy.elasticity_source,
    }


def plain_labels(labels: Labels) -> dict[str, Any]:
    """Return labels as plain values."""
    return {
        "regions": list(labels.regions),
        "sectors": list(labels.sectors),
        "region_names": dict(labels.region_names),
        "sector_names": dict(labels.sector_names),
        "region_groups": {key: list(codes) for key, codes in labels.region_groups.items()},
        "sector_groups": {key: list(codes) for key, codes in labels.sector_groups.items()},
        **_stated_members(labels),
    }


def _stated_members(labels: Labels) -> dict[str, dict[str, list[str]]]:
    """Members as plain values; absent where none are stated, as in files of earlier versions."""
    stated = {"region_members": labels.region_members, "sector_members": labels.sector_members}
    return {
        name: {key: list(parts) for key, parts in members.items()}
        for name, members in stated.items()
        if members
    }


def write_world(file: h5netcdf.File, economy: Economy, compact: bool) -> None:
    """Write an economy into an open, empty file; ``compact`` as for ``store.save_world``."""
    n, s = len(economy.regions), len(economy.sectors)
    file.attrs["format"], file.attrs["format_version"] = FORMAT, VERSION
    file.attrs["title"] = economy.provenance.name
    file.attrs["content_hash"] = content_hash(economy)
    file.dimensions = {"exporter": n, "importer": n, "sector": s, "user": s}
    for axis in ("exporter", "importer", "sector", "user"):
        codes = economy.regions if axis.endswith("porter") else economy.sectors
        write_text(file, axis, (axis,), list(codes))
    for name, text in texts(economy).items():
        plain = text if isinstance(text, str) else json.dumps(text, ensure_ascii=False)
        write_text(file, name, (), plain)
    for name in array_fields():
        _write_array(file, name, getattr(economy, name), compact)


def write_text(
    file: h5netcdf.File, name: str, axes: tuple[str, ...], text: str | list[str]
) -> None:
    """Write a text, or one for each place of an axis."""
    data = np.array(text, dtype=object)
    file.create_variable(name, axes, dtype=h5py.string_dtype(), data=data)


def _write_array(file: h5netcdf.File, name: str, values: np.ndarray, compact: bool) -> None:
    single = compact and name in ("intermediate", "final")
    variable = file.create_variable(
        name,
        AXES[name],
        data=values.astype(np.float32) if single else values,
        compression="gzip",
        compression_opts=4,
        shuffle=True,
        chunks=(1, *values.shape[1:]) if values.ndim > 1 else values.shape,
    )
    variable.attrs["units"] = UNITS[name]


def sealed_bytes(image: bytes) -> bytes:
    """Return a file's bytes with their own hash behind them, where netCDF readers do not look."""
    return image + SEAL + sha256(image).hexdigest().encode()


def check_bytes(path: Path) -> None:
    """Refuse a file that is none of netCDF-4, or whose bytes are not those that were saved.

    HDF5 trusts what it reads: damaged, it may look for ever.
    """
    if not h5py.is_hdf5(path):
        raise ForeignFileError(f"{path}: not a netCDF-4 file, or cut short")
    image, seal, digest = path.read_bytes().rpartition(SEAL)
    if seal and sha256(image).hexdigest().encode() != digest:
        raise DamagedWorldError(f"{path}: its bytes are not those that were saved")


def read_world(path: Path) -> Economy:
    """Return the economy in a file, its content hash checked and put into its provenance.

    Raises ``ForeignFileError``, ``DamagedWorldError``.
    """
    check_bytes(path)
    try:
        with h5netcdf.File(path, "r", decode_vlen_strings=True) as file:
            digest = _check_format(file, path)
            economy = _economy(file)
    except (ForeignFileError, DamagedWorldError):
        raise
    except TulaError as error:
        raise DamagedWorldError(f"{path}: {error}") from error
    except UNREADABLE as error:
        raise _unreadable(path, error) from error
    if content_hash(economy) != digest:
        raise DamagedWorldError(f"{path}: contents differ from the hash stored when it was saved")
    return replace(economy, provenance=replace(economy.provenance, content_hash=digest))


def _unreadable(path: Path, error: Exception) -> TulaError:
    return DamagedWorldError(f"{path}: cannot be read ({type(error).__name__}: {error})")


def _check_format(file: h5netcdf.File, path: Path) -> str:
    """Refuse foreign, newer and incomplete files; return the stored content hash."""
    missing = [n for n in (*AXES, *_TEXTS) if n not in file.variables]
    if file.attrs.get("format") != FORMAT:
        lacks = f"; it also lacks {', '.join(missing)}" if missing else ""
        raise ForeignFileError(f"{path}: no mark {FORMAT!r} in attribute 'format'{lacks}")
    if file.attrs.get("format_version") != VERSION:
        stored = file.attrs.get("format_version")
        raise ForeignFileError(f"{path}: file version {stored}; this Tula reads {VERSION}")
    if missing:
        raise DamagedWorldError(f"{path}: lacks {', '.join(missing)}")
    return str(file.attrs.get("content_hash", ""))


def _economy(file: h5netcdf.File) -> Economy:
    text = {name: str(file.variables[name][()]) for name in _TEXTS}
    provenance: Mapping[str, Any] = json.loads(text["provenance_text"])
    return Economy(
        labels=read_labels(json.loads(text["label_text"])),
        elasticity_source=text["elasticity_source"],
        provenance=Provenance(
            name=provenance["name"],
            vintage=provenance["vintage"],
            sources=tuple(provenance["sources"]),
            steps=tuple(provenance["steps"]),
        ),
        metadata=json.loads(text["metadata_text"]),
        **{name: np.asarray(file.variables[name][...], np.float64) for name in array_fields()},
    )


def read_labels(text: Mapping[str, Any]) -> Labels:
    """Return labels from plain values."""
    return Labels(
        regions=tuple(text["regions"]),
        sectors=tuple(text["sectors"]),
        region_names=text["region_names"],
        sector_names=text["sector_names"],
        region_groups={key: tuple(members) for key, members in text["region_groups"].items()},
        sector_groups={key: tuple(members) for key, members in text["sector_groups"].items()},
        **{
            name: {key: tuple(parts) for key, parts in text.get(name, {}).items()}
            for name in ("region_members", "sector_members")
        },
    )
