"""Arrays as text: byte planes, deflated, in base64; exact, or rounded where a page must be small.

Bytes of equal weight stand together, since those of high weight repeat. A rounded array holds
counts of units that are powers of two.
"""

from __future__ import annotations

import zlib
from base64 import b64encode
from typing import Any

import numpy as np

from tula.shapes import Float

Array = np.ndarray
Packed = dict[str, Any]


def packed(values: Float[Array, "*axes"]) -> Packed:
    """Return an array as it is, in double precision."""
    floats = np.ascontiguousarray(values, dtype="<f8")
    return {"kind": "f8", "shape": list(values.shape), "data": _planes(floats)}


def packed_roughly(values: Float[Array, "G A B"], bits: int) -> Packed:
    """Return tables of numbers of zero or more in units of ``2**-bits`` of what they add up to.

    A number's unit is that of its row or of its column, whichever adds up to less, so that no
    buyer and no seller is too small to count. What is above zero is at least one unit.
    """
    counts, rows, columns = _counted(values, bits)
    return {
        "kind": "u4",
        "shape": list(values.shape),
        "data": _planes(counts.astype("<u4")),
        "rows": _text(rows.astype(np.int8).tobytes()),
        "columns": _text(columns.astype(np.int8).tobytes()),
    }


def rounded(values: Float[Array, "G A B"], bits: int) -> Float[Array, "G A B"]:
    """Return what arrives of ``packed_roughly``."""
    counts, rows, columns = _counted(values, bits)
    return np.asarray(counts * 2.0 ** np.minimum(rows[:, :, None], columns[:, None, :]))


def _counted(values: Array, bits: int) -> tuple[Array, Array, Array]:
    """Return counts, and the exponents of the units of rows and columns."""
    rows, columns = (
        np.floor(np.log2(np.where(total > 0.0, total, 1.0))) - bits
        for total in (values.sum(axis=2), values.sum(axis=1))
    )
    counts = np.round(values / 2.0 ** np.minimum(rows[:, :, None], columns[:, None, :]))
    return np.where((values > 0.0) & (counts == 0.0), 1.0, counts), rows, columns


def _planes(values: Array) -> str:
    width = values.dtype.itemsize
    return _text(values.reshape(-1).view(np.uint8).reshape(-1, width).T.tobytes())


def _text(raw: bytes) -> str:
    return b64encode(zlib.compress(raw, 9)).decode("ascii")
