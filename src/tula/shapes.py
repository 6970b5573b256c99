"""Annotations of arrays by kind of number and shape, ``Float[Array, "N S"]``.

They are those of jaxtyping for whoever reads or checks types, and for tests, which import it first
and check every call. Elsewhere they stand for anything: nothing checks them, and a start does not
wait for the package.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING or "jaxtyping" in sys.modules:
    from jaxtyping import Bool, Float, Int
else:

    class _Anything:
        def __class_getitem__(cls, _: object) -> Any:
            return Any

    Bool = Float = Int = _Anything

__all__ = ["Bool", "Float", "Int"]
