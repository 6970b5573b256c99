"""Whether a table is in the unit it is taken for: the size of the world and of its countries tell.

Invented economies with the codes of real countries do not have their proportions, and are left
alone; a table with the proportions of real economies but a thousand times their size is in
another unit, whatever the year.
"""

from __future__ import annotations

import re

import numpy as np

from tula.shapes import Float
from tula.world.countries import country
from tula.world.economy import Economy

Array = np.ndarray

#: Gross domestic product of the world, million USD at current prices: World Bank, World
#: Development Indicators, NY.GDP.MKTP.CD, rounded.
WORLD_GDP = {
    1960: 1.4e6,
    1970: 3.0e6,
    1980: 11.3e6,
    1990: 22.8e6,
    2000: 33.8e6,
    2010: 66.6e6,
    2020: 85.6e6,
    2023: 107e6,
}
#: The year of the GDP of single countries (``tula.world.countries``).
COUNTRY_YEAR = 2023
#: Factor within which a country is near the typical ratio to its GDP, and the part of countries
#: that are when the table is about them: 87% in the WIOD of 2011, all in the ICIO of 2022.
NEAR, MOST = 1.6, 0.75
#: Factor by which the typical ratio may differ from what the year lets expect; range of it where
#: the year is not stated (from the 1960s to twice today's prices and sizes).
YEAR_LEEWAY, ANY_YEAR = 5.0, (0.02, 3.0)
#: More than so many times the world's GDP is another unit; less than this total (the world in
#: billions would be) may be one. Million USD.
LARGEST_WORLD, SMALL_TOTAL = 3.0, 1e6

#: What one unit of a table may be in million USD -> its name.
POSSIBLE = {
    1e-6: "USD",
    1e-3: "thousand USD",
    1.0: "million USD",
    1e3: "billion USD",
    1e6: "trillion USD",
}


def vintage_year(economy: Economy) -> int | None:
    """The year that a table describes, if its vintage states one."""
    found = re.search(r"(?<!\d)(?:19|20)\d\d(?!\d)", economy.provenance.vintage)
    return int(found[0]) if found else None


def world_gdp(year: int | None) -> float:
    """GDP of the world, million USD: of a year, or of the last one known."""
    known = sorted(WORLD_GDP)
    logs = np.log([WORLD_GDP[one] for one in known])
    return float(np.exp(np.interp(year or known[-1], known, logs)))


def likely_unit(economy: Economy) -> float | None:
    """What one unit of the flows most likely is in million USD if they are taken for million USD.

    None where the table has too few countries, or not their proportions, to tell.
    """
    ratios = _ratios(economy)
    typical = float(np.median(ratios)) if ratios.size else 0.0
    if ratios.size < 2 or not typical > 0.0:
        return None
    if np.mean(np.abs(np.log(ratios / typical)) <= np.log(NEAR)) < MOST:
        return None
    low, high = ANY_YEAR
    year = vintage_year(economy)
    if year is not None:
        grown = world_gdp(year) / world_gdp(COUNTRY_YEAR)
        low, high = grown / YEAR_LEEWAY, grown * YEAR_LEEWAY
    return next((unit for unit in POSSIBLE if low <= typical * unit <= high), None)


def _ratios(economy: Economy) -> Float[Array, " countries"]:
    """Value added over GDP of the regions that are countries with a known GDP."""
    vocabulary = economy.labels.region_vocabulary
    found = []
    for code, value in zip(economy.regions, economy.value_added.sum(axis=1), strict=True):
        known = country(vocabulary.one(code) or code)
        if known and known.gdp > 0.0 and value > 0.0:
            found.append(float(value) / (1e3 * known.gdp))
    return np.array(found)
