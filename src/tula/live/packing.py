"""Arrays as text: byte planes, deflated, in base64; exact, or rounded where a page must be small.

Bytes of equal weight stand together, since those of high weight repeat. A rounded array holds, in
each of its rows, counts of a unit that is a power of two.
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


def packed_roughly(values: Float[Array, "*axes"], scale: Float[Array, " R"], bits: int) -> Packed:
    """Return an array of numbers of zero or more in units of ``2**-bits`` of each row's ``scale``.

    What is above zero stays above zero: at least one unit. Rows run along the leading axes.
    """
    counts, exponents = _counted(values, scale, bits)
    return {
        "kind": "u4",
        "shape": list(values.shape),
        "data": _planes(counts.astype("<u4")),
        "exponents": _text(exponents.astype(np.int8).tobytes()),
    }


def rounded(
    values: Float[Array, "*axes"], scale: Float[Array, " R"], bits: int
) -> Float[Array, "*axes"]:
    """Return what arrives of ``packed_roughly``."""
    counts, exponents = _counted(values, scale, bits)
    return np.asarray((counts * 2.0 ** exponents[:, None]).reshape(values.shape))


def _counted(values: Array, scale: Array, bits: int) -> tuple[Array, Array]:
    rows = values.reshape(len(scale), -1)
    exponents = np.floor(np.log2(np.where(scale > 0.0, scale, 1.0))) - bits
    counts = np.round(rows / 2.0 ** exponents[:, None])
    return np.where((rows > 0.0) & (counts == 0.0), 1.0, counts), exponents


def _planes(values: Array) -> str:
    width = values.dtype.itemsize
    return _text(values.reshape(-1).view(np.uint8).reshape(-1, width).T.tobytes())


def _text(raw: bytes) -> str:
    return b64encode(zlib.compress(raw, 9)).decode("ascii")
