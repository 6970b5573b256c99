"""How far the elasticities and the base table of a world may be off, to be drawn.

Elasticities: by how much published sets differ, as few publish standard errors sector by sector.
The table: the error of the embedded one against the official table (``docs/world.md``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from math import log, pi, sqrt
from types import MappingProxyType

import numpy as np

from tula.shapes import Float
from tula.uncertainty.draws import Factor
from tula.uncertainty.priors import TENTH, Prior
from tula.world.balancing import gras
from tula.world.codes import SECTORS, industries
from tula.world.economy import Economy
from tula.world.elasticities import assumed_sectors, elasticity_sets, trade_elasticity
from tula.world.store import embedded_worlds

Array = np.ndarray

#: Caps on theta under which sets are compared, those of the embedded worlds (goods, services).
CAPS = (8.0, 4.0)
#: Theta from its 10th to its 90th percentile where fewer than three sets publish one: the range of
#: ``ASSUMED_THETA``, an assumption (``docs/elasticities.md``).
ASSUMED_RANGE = (2.79, 8.28)
#: A set of one value for all sectors says nothing about how sectors differ.
UNIFORM = "U4"
#: Least theta that is drawn, unless the world's own is less.
LEAST_THETA = 0.1

#: Error of the embedded table by sector: sum of absolute gaps of trade by pair, sales to oneself
#: left out, over the sum in the official table of 2022. A test measures them again.
MEASURED: Mapping[str, float] = MappingProxyType(
    {
        "AGR": 0.248, "COA": 0.104, "OIL": 0.079, "MIN": 0.094, "FOO": 0.197,
        "TEX": 0.356, "WPP": 0.119, "PET": 0.154, "CHM": 0.109, "PHA": 0.207,
        "RPM": 0.099, "ISM": 0.058, "NFM": 0.073, "FMP": 0.164, "ELE": 0.130,
        "MAC": 0.139, "MOT": 0.156, "OTE": 0.218, "OMF": 0.198, "UTL": 0.183,
        "CON": 0.456, "TRT": 0.133, "ICT": 0.166, "FBS": 0.134, "PUB": 0.697,
    }
)  # fmt: skip

ELASTICITIES, TABLE = "elasticities", "base table"
#: Largest gap of a total of a drawn table, a share of all totals.
TOLERANCE = 1e-10


def factors(economy: Economy, error: Mapping[str, float] | None = None) -> tuple[Factor, ...]:
    """Return what is drawn: elasticities and, unless it is exact, the base table.

    ``error`` by sector is that of the table, ``table_error(economy)`` if None. Elasticities are
    drawn as log sigma: one number moves all sectors that sets cover, one each sector alone. The
    table's one number stands for a whole draw of it.
    """
    level, own = _spreads(economy.sectors)
    normal = {"shape": "spread", "value": 0.0}
    priors = [Prior(name="level", low=-level * TENTH, high=level * TENTH, **normal)]  # type: ignore[arg-type]
    priors += [
        Prior(name=f"sigma {code}", low=-one * TENTH, high=one * TENTH, **normal)  # type: ignore[arg-type]
        for code, one in zip(economy.sectors, own.tolist(), strict=True)
    ]
    found = [Factor(ELASTICITIES, tuple(priors))]
    if any((table_error(economy) if error is None else error).values()):
        draw = Prior(name="draw of the table", value=0.5, low=0.0, high=1.0, shape="uniform")
        found.append(Factor(TABLE, (draw,)))
    return tuple(found)


def table_error(economy: Economy) -> dict[str, float]:
    """Return the error of a world's table by sector: as measured if embedded, else none known."""
    known = economy.provenance.name in embedded_worlds()
    return {code: MEASURED[_parent(code)] if known else 0.0 for code in economy.sectors}


def drawn_elasticities(economy: Economy, drawn: Float[Array, " K"]) -> Economy:
    """Return the economy with the elasticities of a draw, in the order of ``factors``."""
    level, own = float(drawn[0]), np.asarray(drawn[1:])
    covered = np.array([_parent(code) in _published() for code in economy.sectors])
    theta = economy.trade_elasticity
    moved = (1.0 + theta) * np.exp(own + level * covered) - 1.0
    least = np.minimum(theta, LEAST_THETA)
    return economy.with_elasticity(
        np.maximum(moved, least), f"{economy.elasticity_source}; drawn around it"
    )


def drawn_table(economy: Economy, draw: float, error: Mapping[str, float] | None = None) -> Economy:
    """Return the economy with trade between regions moved by its error, in balance.

    Every sale abroad is multiplied by a number of its own, lognormal with mean one, the same for
    all its buyers in a region; then the table is brought back to every producer's output, every
    user's inputs and every region's final spending at basic prices, so that accounts hold.
    ``draw``, 0 to 1, names the draw.
    """
    size = table_error(economy) if error is None else error
    spread = np.array([size[code] for code in economy.sectors]) * sqrt(pi / 2.0)
    regions, sectors = len(economy.regions), len(economy.sectors)
    chance = np.random.default_rng(int(draw * 2**52))
    factor = np.exp(
        spread[:, None, None] * chance.standard_normal((sectors, regions, regions))
        - spread[:, None, None] ** 2 / 2.0
    )
    factor[:, np.arange(regions), np.arange(regions)] = 1.0
    by_sale = factor.transpose(2, 0, 1)
    sold = regions * sectors
    whole = np.concatenate(
        [
            (economy.intermediate * by_sale[..., None]).reshape(sold, -1),
            (economy.final * by_sale).reshape(sold, -1),
        ],
        axis=1,
    )
    inputs, final = economy.intermediate.reshape(sold, -1), economy.final.reshape(sold, -1)
    used = np.concatenate([inputs.sum(axis=0), final.sum(axis=0)])
    balanced = gras(whole, economy.output.ravel(), used, tolerance=TOLERANCE)
    split = inputs.shape[1]
    return replace(
        economy,
        intermediate=balanced[:, :split].reshape(economy.intermediate.shape),
        final=balanced[:, split:].reshape(economy.final.shape),
    )


def _spreads(sectors: tuple[str, ...]) -> tuple[float, Float[Array, " S"]]:
    """Return standard deviations of log sigma: of the level, and of each sector about it."""
    published = _published()
    names = sorted({name for values in published.values() for name in values})
    mean = {
        name: float(np.mean([values[name] for values in published.values() if name in values]))
        for name in names
    }
    low, high = (log(1.0 + theta) for theta in ASSUMED_RANGE)
    own = []
    for code in sectors:
        values = published.get(_parent(code), {})
        gaps = [value - mean[name] for name, value in values.items()]
        own.append(float(np.std(gaps, ddof=1)) if gaps else (high - low) / (2.0 * TENTH))
    return float(np.std(list(mean.values()), ddof=1)), np.array(own)


@cache
def _published() -> dict[str, dict[str, float]]:
    """Log sigma by sector and set, where three sets or more publish one for the sector."""
    codes = tuple(SECTORS)
    found: dict[str, dict[str, float]] = {code: {} for code in codes}
    for name in elasticity_sets():
        if name == UNIFORM:
            continue
        silent = set(assumed_sectors(name, codes))
        values, _ = trade_elasticity(name, codes, *CAPS)
        for code, theta in zip(codes, values.tolist(), strict=True):
            if code not in silent:
                found[code][name] = log(1.0 + theta)
    return {code: values for code, values in found.items() if len(values) > 2}


def _parent(code: str) -> str:
    """The sector of the embedded worlds that holds a code; the code itself if none does."""
    return industries().get(code, code)
