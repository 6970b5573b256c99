"""What the ranges of inputs do to a result."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from tula.numbers.estimate import PERCENTILES
from tula.numbers.estimate import Estimate as Estimate
from tula.numbers.quantity import Quantity
from tula.numbers.sobol import sobol

Array = np.ndarray

#: Draws behind an interval: a power of two, as Sobol sequences want.
DRAWS = 512


def spread(
    model: Callable[[Mapping[str, float]], Mapping[str, float]],
    quantities: Mapping[str, Quantity],
    *,
    draws: int = DRAWS,
    seed: int = 0,
) -> dict[str, tuple[float, float, float]]:
    """Return (central, low, high) of every number a model returns, over its inputs' ranges.

    ``model`` maps input values by name to results by name. Inputs are drawn independently, those
    of one belief as one, by a scrambled Sobol sequence; the same seed gives the same draws. A draw
    that fails is not replaced: the model's error is passed on.
    """
    names = list(quantities)
    central = model({name: quantities[name].value for name in names})
    drawn = list(dict.fromkeys(quantities[name].belief or name for name in names))
    uniform = sobol(max(1, len(drawn)), draws, seed)
    columns = [
        one.at(uniform[:, drawn.index(one.belief or name)]) for name, one in quantities.items()
    ]
    results = [model(dict(zip(names, row, strict=True))) for row in zip(*columns, strict=True)]
    found = {key: np.array([result[key] for result in results]) for key in central}
    low, high = (
        {key: float(np.percentile(values, percentile)) for key, values in found.items()}
        for percentile in PERCENTILES
    )
    return {key: (float(value), low[key], high[key]) for key, value in central.items()}
