"""When a government gains by keeping its firms' purchases, against a penalty.

One inequality, money in billion USD a year: staying pays while

    penalty x GDP  <  0.365 q d  +  m dP  +  w GDP

with volume q (mb/d), delivered discount d and world price rise on leaving dP (USD a barrel),
m the cost of a dollar on the world price, and w the value of autonomy as a share of GDP. The
penalty is the expected one: its size times how likely it is to be lifted times how long it lasts.
"""

from __future__ import annotations

from tula.ties.oil.parts import BILLION_BARRELS


def oil_term(volume: float, discount: float, import_sensitivity: float, price_rise: float) -> float:
    """What leaving costs, bn USD a year: the discount forgone and the dearer world price.

    ``import_sensitivity`` is bn USD a year per dollar on a barrel; it holds only the country's
    own part of the price effect, not what others pay.
    """
    return BILLION_BARRELS * volume * discount + import_sensitivity * price_rise


def break_even_discount(
    penalty: float, gdp: float, volume: float, import_sensitivity: float, price_rise: float
) -> float:
    """Discount at which staying is just worth a penalty (share of GDP), USD a barrel."""
    return (penalty * gdp - import_sensitivity * price_rise) / (BILLION_BARRELS * volume)


def break_even_penalty(
    gdp: float, volume: float, discount: float, import_sensitivity: float, price_rise: float
) -> float:
    """Largest penalty, as a share of GDP, that staying is worth."""
    return oil_term(volume, discount, import_sensitivity, price_rise) / gdp


def break_even_price_rise(
    penalty: float, gdp: float, volume: float, discount: float, import_sensitivity: float
) -> float:
    """World price rise on leaving at which staying is just worth a penalty, USD a barrel."""
    return (penalty * gdp - oil_term(volume, discount, 0.0, 0.0)) / import_sensitivity


def required_autonomy(
    penalty: float,
    gdp: float,
    volume: float,
    discount: float,
    import_sensitivity: float,
    price_rise: float,
) -> float:
    """Value of autonomy, as a share of GDP, that a government which stays reveals at least.

    Negative where staying pays in money alone. Never an input of the model.
    """
    return penalty - break_even_penalty(gdp, volume, discount, import_sensitivity, price_rise)


def expected_penalty(full_year: float, persistence: float, relief_honoured: float) -> float:
    """Penalty that leaving is expected to save, as a share of GDP.

    ``persistence`` is the share of the year the penalty lasts, ``relief_honoured`` the
    probability that whoever leaves is in fact relieved of it.
    """
    return full_year * persistence * relief_honoured
