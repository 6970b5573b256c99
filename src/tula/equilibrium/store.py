"""Solutions on disk: netCDF-4 files, whole or absent, with world, policy, provenance and proof."""

from __future__ import annotations

import json
import os
import re
from dataclasses import asdict, fields
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any, TypeVar

import h5netcdf
import numpy as np
from pydantic import TypeAdapter

from tula.equilibrium.calibration import Calibration
from tula.equilibrium.certificate import Certificate
from tula.equilibrium.closures import CLOSURES, closure_of
from tula.equilibrium.outcomes import CorridorOutcome, LimitOutcome
from tula.equilibrium.solution import Solution
from tula.equilibrium.technology import Technology
from tula.errors import TulaError
from tula.policy.shock import Corridor, Ledger, LedgerEntry, Limit, Shock
from tula.policy.union import parse_instrument
from tula.policy.units import Fraction
from tula.world.economy import Provenance
from tula.world.files import existing, write_whole
from tula.world.netcdf import (
    UNREADABLE,
    check_bytes,
    plain_labels,
    read_labels,
    sealed_bytes,
    write_text,
)

V = TypeVar("V")
Axes = dict[str, tuple[str, ...]]

FORMAT, VERSION = "tula-solution", 2
#: Axes of an array by the shape that its field is annotated with.
SHAPES = {
    "N": ("region",),
    "S": ("sector",),
    "N S": ("region", "sector"),
    "S N I": ("sector", "importer", "exporter"),
    "N K S": ("region", "input", "sector"),
}
#: Levels, million USD; all other arrays are ratios, fractions and elasticities.
LEVELS = frozenset(
    {
        "expenditure", "output", "value_added", "sector_value_added", "imbalance", "income",
        "transfer", "tariff_revenue", "export_tax_revenue", "cap_rent", "export_rent",
    }
)  # fmt: skip
PARTS = {"calibration": Calibration, "shock": Shock, "solution": Solution}


class SolutionFileError(TulaError):
    """The file is no saved solution, is cut short or was changed since. Save the solution again."""


class UnsavedClosureError(TulaError):
    """A closure that is not one of Tula's own cannot be named in a file."""


def save_solution(solution: Solution, path: str | os.PathLike[str]) -> Path:
    """Write a solution to a netCDF-4 file and return its path.

    Groups ``calibration``, ``shock`` and ``solution`` hold the arrays with axes and units; labels,
    sources, instruments and certificate are JSON text. Raises ``UnsavedClosureError`` and
    ``UnwritableFileError``; an older file at ``path`` survives a failure.
    """
    if CLOSURES.get(solution.closure.name) != solution.closure:
        raise UnsavedClosureError(f"{solution.closure.name} is not one of {', '.join(CLOSURES)}")
    image, labels = BytesIO(), solution.labels
    n, s = len(labels.regions), len(labels.sectors)
    with h5netcdf.File(image, "w") as file:
        file.attrs["format"], file.attrs["format_version"] = FORMAT, VERSION
        file.dimensions = {"region": n, "importer": n, "exporter": n, "sector": s, "input": s}
        for axis in file.dimensions:
            codes = labels.sectors if axis in ("sector", "input") else labels.regions
            write_text(file, axis, (axis,), list(codes))
        write_text(
            file, "text", (), json.dumps(_texts(solution), ensure_ascii=False, sort_keys=True)
        )
        for part, kind in PARTS.items():
            group, owner = file.create_group(part), getattr(solution, part, solution)
            for name, axes in axes_of(kind).items():
                values = np.asarray(getattr(owner, name))
                plain = values.astype(np.int8) if values.dtype == bool else values
                one = group.create_variable(name, axes, data=plain, compression="gzip")
                one.attrs["layout"] = np.argsort(values.strides, kind="stable")[::-1]
                one.attrs["units"] = "million USD" if name in LEVELS else "1"
    return write_whole(path, sealed_bytes(image.getvalue()))


def load_solution(path: str | os.PathLike[str]) -> Solution:
    """Return the solution in a file, to the last bit. Raises ``SolutionFileError`` and
    ``MissingFileError``."""
    place = existing(path)
    try:
        check_bytes(place)
        with h5netcdf.File(place, "r", decode_vlen_strings=True) as file:
            if (file.attrs.get("format"), file.attrs.get("format_version")) != (FORMAT, VERSION):
                raise SolutionFileError(f"{place}: no mark {FORMAT!r}, version {VERSION}")
            return _solution(file)
    except SolutionFileError:
        raise
    except (TulaError, *UNREADABLE) as error:
        raise SolutionFileError(f"{place}: cannot be read ({error})") from error


def axes_of(kind: type) -> Axes:
    """Return the axes of a contract's array fields, as they are annotated."""
    shapes = {
        one.name: re.search(r"""Array, ['"]\s*([^'"]*)['"]""", str(one.type))
        for one in fields(kind)
    }
    return {name: SHAPES[shape.group(1)] for name, shape in shapes.items() if shape}


def _texts(solution: Solution) -> dict[str, Any]:
    base, shock, ledger = solution.calibration, solution.shock, solution.shock.ledger
    asked = ledger.instruments if isinstance(ledger, Ledger) else ()
    on = ledger.on if isinstance(ledger, Ledger) else None
    return {
        "labels": plain_labels(solution.labels),
        "provenance": asdict(base.provenance),
        "elasticity_source": base.elasticity_source,
        "technology": asdict(base.technology),
        "closure": solution.closure.name,
        "certificate": asdict(solution.certificate),
        "instruments": [
            one.model_dump(mode="json", by_alias=True, exclude_unset=True) | {"kind": one.kind}
            for one in asked
        ],
        "on": on.isoformat() if on else None,
        "ledger": [asdict(line) for line in ledger],
        "limits": [vars(one) | {"cells": one.cells.tolist()} for one in shock.limits],
        "corridors": [asdict(one) for one in shock.corridors],
        "limit_outcomes": [asdict(one) for one in solution.limits],
        "corridor_outcomes": [asdict(one) for one in solution.corridors],
    }


def _solution(file: h5netcdf.File) -> Solution:
    text = json.loads(str(file.variables["text"][()]), parse_float=Fraction)
    labels = read_labels(text["labels"])
    arrays = {
        part: {name: _array(file[part].variables[name]) for name in axes_of(kind)}
        for part, kind in PARTS.items()
    }
    arrays["shock"]["embargo"] = arrays["shock"]["embargo"].astype(bool)
    lines = tuple(_read(LedgerEntry, one) for one in text["ledger"])
    asked = tuple(parse_instrument(one) for one in text["instruments"])
    on = date.fromisoformat(text["on"]) if text["on"] else None
    base = Calibration(
        labels=labels,
        provenance=_read(Provenance, text["provenance"]),
        elasticity_source=text["elasticity_source"],
        technology=_read(Technology, text["technology"]),
        **arrays["calibration"],
    )
    shock = Shock(
        labels=labels,
        ledger=Ledger(lambda: lines, asked, on) if lines else (),
        limits=tuple(Limit(**one | {"cells": np.array(one["cells"])}) for one in text["limits"]),
        corridors=tuple(_read(Corridor, one) for one in text["corridors"]),
        **arrays["shock"],
    )
    return Solution(
        calibration=base,
        shock=shock,
        closure=closure_of(text["closure"]),
        certificate=_read(Certificate, text["certificate"]),
        limits=tuple(_read(LimitOutcome, one) for one in text["limit_outcomes"]),
        corridors=tuple(_read(CorridorOutcome, one) for one in text["corridor_outcomes"]),
        **arrays["solution"],
    )


def _array(stored: h5netcdf.Variable) -> np.ndarray:
    """Return an array laid out in memory as it was, so that sums over it round as they did."""
    order = stored.attrs["layout"]
    return np.ascontiguousarray(stored[...].transpose(order)).transpose(np.argsort(order))


def _read(kind: type[V], value: object) -> V:
    return TypeAdapter(kind).validate_python(value)
