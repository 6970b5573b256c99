"""How much of value added must stay in a sector for its supply to answer prices as published.

With a part s of value added tied to the sector (the field, the mine, the land), the rest free,
value added's share gamma in cost and the elasticity of substitution sigma between value added and
inputs, output answers the producer's price, wages and input prices held, with

    eps = [(1 - s) / s + sigma (1 - gamma)] / gamma,    s = 1 / (1 + eps gamma - sigma (1 - gamma)).

Even what is tied as a whole (s = 1) gives more as it uses more inputs; less than that takes inputs
that replace little of it, sigma below one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tula.equilibrium.calibration import World, calibrated
from tula.equilibrium.technology import SpecificFactor
from tula.market.errors import MarketError
from tula.shapes import Float

Array = np.ndarray


@dataclass(frozen=True)
class TiedSupply:
    """Specific factors by region for a ``Technology``, and the supply elasticities they give.

    ``elasticity`` by region is above what was asked for where even what is tied as a whole answers
    more (``short_of`` names those regions); ``world`` is the mean, weighted by base output.
    """

    factors: tuple[SpecificFactor, ...]
    elasticity: Mapping[str, float]
    short_of: tuple[str, ...]
    world: float


def supply_elasticity(
    specific_share: Float[Array, "*any"],
    value_added_share: Float[Array, "*any"],
    substitution: float = 1.0,
) -> Float[Array, "*any"]:
    """Return eps of the formula above; ``substitution`` is sigma, shares are above zero."""
    free = (1.0 - specific_share) / specific_share
    return np.asarray((free + substitution * (1.0 - value_added_share)) / value_added_share)


def specific_share(
    elasticity: float, value_added_share: Float[Array, " N"], substitution: float
) -> Float[Array, " N"]:
    """Return s of the formula above, at most 1."""
    inverse = 1.0 + elasticity * value_added_share - substitution * (1.0 - value_added_share)
    return np.asarray(1.0 / np.maximum(1.0, inverse))


def tied_supply(
    world: World, sector: str, elasticity: float, *, substitution: float = 1.0
) -> TiedSupply:
    """Return the specific factors that give every region's sector one supply elasticity.

    ``elasticity`` is above zero; ``substitution`` must be the ``value_added_and_inputs`` of the
    technology they are used in. Raises ``UnknownNameError`` and ``MarketError``.
    """
    calibration = calibrated(world)
    place = calibration.labels.sector_index(sector)
    wrong = [
        f"{name}: expected {least}; got {value:g}"
        for name, value, least, holds in (
            ("elasticity", elasticity, "above zero", elasticity > 0.0),
            ("substitution", substitution, "zero or more", substitution >= 0.0),
        )
        if not holds
    ]
    if wrong:
        raise MarketError(sector, wrong)
    output, share = calibration.output[:, place], calibration.value_added_share[:, place]
    live = (output > 0.0) & (share > 0.0)
    tied = specific_share(elasticity, share[live], substitution)
    found = supply_elasticity(tied, share[live], substitution)
    codes = [calibration.labels.regions[n] for n in np.flatnonzero(live)]
    short = found > elasticity * (1.0 + 1e-9)
    return TiedSupply(
        factors=tuple(
            SpecificFactor(sector, float(part), code)
            for code, part in zip(codes, tied, strict=True)
        ),
        elasticity=dict(zip(codes, found.tolist(), strict=True)),
        short_of=tuple(code for code, more in zip(codes, short, strict=True) if more),
        world=float(found @ output[live] / output[live].sum()),
    )
