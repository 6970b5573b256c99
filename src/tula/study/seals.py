"""Hashes that tell whether what a run left is still what it wrote."""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import xarray as xr


def digest(content: str | bytes) -> str:
    """SHA-256 of a text as UTF-8, or of bytes."""
    return hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()


def array_hash(array: xr.DataArray) -> str:
    """SHA-256 of dimensions, attributes and contents, the same on every machine."""
    attrs = {str(name): str(value) for name, value in sorted(array.attrs.items())}
    head = json.dumps([array.dims, array.shape, attrs]).encode()
    values = array.values
    if values.dtype.kind != "f":
        return digest(head + json.dumps(values.tolist()).encode())
    plain = np.where(np.isnan(values), np.nan, values)
    return digest(head + np.ascontiguousarray(plain, dtype="<f8").tobytes())


def sealed(text: str, place: str) -> str:
    """Put the SHA-256 of a text into it, at ``place``: words with ``{}`` where the hash belongs.

    With nothing there, the words stand in the text already.
    """
    return text.replace(place.format(""), place.format(digest(text)), 1)


def intact(raw: bytes, place: str) -> bool:
    """Tell whether bytes are what ``sealed`` returned, to the last one."""
    before, after = map(re.escape, place.encode().split(b"{}"))
    found = re.search(before + b"([0-9a-f]{64})" + after, raw)
    if found is None:
        return False
    blank = raw[: found.start(1)] + raw[found.end(1) :]
    return digest(blank) == found[1].decode()
