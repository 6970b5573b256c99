"""Scrambled Sobol sequences: points that fill the unit cube evenly.

They are those of ``scipy.stats.qmc.Sobol``: directions of Joe and Kuo (2008, SIAM Journal on
Scientific Computing 30, 2635-2654), scrambled as by Matoušek (1998, Journal of Complexity 14,
527-556). They are drawn here, of SciPy's table, because its statistics take half a second to load;
where that table is not found, SciPy draws them.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import scipy

from tula.shapes import Float, Int

#: Bits of a coordinate, which is a multiple of 2**-BITS below 1.
BITS = 30
_TABLE = Path(scipy.__file__).parent / "stats" / "_sobol_direction_numbers.npz"


def sobol(width: int, draws: int, seed: int) -> Float[np.ndarray, "D W"]:
    """Return the first points of a sequence; the same seed gives the same, best a power of two."""
    if not _TABLE.exists():
        from scipy.stats import qmc

        return np.asarray(qmc.Sobol(width, bits=BITS, seed=seed).random(draws))
    random, place = np.random.default_rng(seed), np.arange(BITS)
    shift = random.integers(2, size=(width, BITS), dtype=np.uint32) @ (1 << place)
    matrix = np.tril(random.integers(2, size=(width, BITS, BITS), dtype=np.uint32), -1)
    matrix[:, place, place] = 1
    bits = _directions(width)[:, None, :] >> place[::-1, None] & 1
    mixed = (matrix @ bits % 2 << place[::-1, None]).sum(axis=1)
    flipped = [(count & -count).bit_length() - 1 for count in range(1, draws)]
    points = np.bitwise_xor.accumulate([shift, *mixed[:, flipped].T])
    return points * 0.5**BITS


def _directions(width: int) -> Int[np.ndarray, "W B"]:
    """What each bit of a point's number adds to its coordinates, by the recurrence of Sobol."""
    with np.load(_TABLE) as table:
        polynomials, first = table["poly"][:width].tolist(), table["vinit"][:width].tolist()
    found = [[1] * BITS]
    for polynomial, numbers in zip(polynomials[1:], first[1:], strict=True):
        degree = polynomial.bit_length() - 1
        row = numbers[:degree]
        for bit in range(degree, BITS):
            new = row[bit - degree]
            for back in range(1, degree + 1):
                if polynomial >> degree - back & 1:
                    new ^= row[bit - back] << back
            row.append(new)
        found.append(row)
    return np.array(found[:width]) << np.arange(BITS)[::-1]
