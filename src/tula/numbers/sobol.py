"""Scrambled Sobol sequences: points that fill the unit cube evenly."""

from __future__ import annotations

import numpy as np

from tula.shapes import Float

#: Bits of a coordinate, which is a multiple of 2**-BITS below 1.
BITS = 30


def sobol(width: int, draws: int, seed: int) -> Float[np.ndarray, "D W"]:
    """Return the first points of a sequence; the same seed gives the same, best a power of two."""
    # SciPy's statistics take half a second to load, which only who draws should wait for.
    from scipy.stats import qmc

    return np.asarray(qmc.Sobol(width, bits=BITS, seed=seed).random(draws))
