"""India's purchases of Russian crude as test inputs; names in brackets are fact ids."""

from __future__ import annotations

from typing import Any

import pytest

from tula import load_world
from tula.equilibrium import Calibration, calibrate
from tula.ties.oil.market import OilMarket
from tula.ties.oil.parts import Regime
from tula.ties.oil.tie import OilTie


def between(value: float, low: float, high: float) -> dict[str, float]:
    return {"value": value, "low": low, "high": high}


def refiner(name: str, volume: float, need: Any, premium: Any) -> dict[str, Any]:
    return {"name": name, "volume": volume, "need": need, "premium": premium}


def other(region: str, need: float, volume: float) -> dict[str, Any]:
    """A buyer other than India; volume by its share of November's exports [O08], need assumed."""
    return {
        "region": region,
        "need": between(need, 0.9 * need, 1.1 * need),
        "volume": volume,
        "freight": between(2.0, 1.0, 3.0),
        "premium": between(3.5, 1.5, 5.0),
    }


def india() -> dict[str, Any]:
    """The pivot: volumes by refiner are averages of 2025 [O11], needs the most seen in a month
    from November to February [O11], Reliance's assumed."""
    stays, leaves = between(4.0, 1.75, 6.0), between(9.0, 7.0, 15.0)
    return {
        "region": "IND",
        "need": between(5.3, 5.2, 5.4),  # O02, O03
        "volume": 1.728,  # O11
        "freight": between(3.38, 3.13, 3.63),  # FOB discount less 1.5 to 2 delivered [D05, D07]
        "premium": stays,
        "refiners": [
            refiner("Reliance", 0.595, between(1.2, 1.0, 1.4), leaves),
            refiner("Nayara", 0.302, 0.41, 0.0),
            refiner("IOC", 0.315, 0.56, stays),
            refiner("BPCL", 0.187, 0.222, stays),
            refiner("HMEL", 0.153, between(0.2, 0.16, 0.23), leaves),
            refiner("MRPL", 0.109, between(0.2, 0.12, 0.3), leaves),
        ],
    }


def fields() -> dict[str, Any]:
    """The whole market in the second half of 2025."""
    return {
        "pivot": "IND",
        "partner": "RUS",
        "benchmark": between(67.4, 65.0, 70.0),
        "fob_discount": 5.13,  # CREA, September 2025
        "supply": {"flat_above": 40.0, "zero_below": 30.0},  # Johnson, Rachel, Wolfram
        "elasticity": between(10.0, 5.0, 20.0),
        "intermediation": between(11.5, 8.0, 15.0),  # D09: 21.5 at the port against 7 delivered
        "spillover": between(1.0, 0.5, 1.0),
        "redirectable": between(0.7, 0.0, 0.9),  # O08
        "world": {"volume": between(103.0, 101.0, 105.0), "elasticities": "BH17"},
        "sellers": [{"name": "Rosneft", "share": 0.45}, {"name": "Lukoil", "share": 0.25}],  # O06
        "buyers": [india(), other("CHN", 11.3, 2.3), other("TUR", 0.6, 0.29),
                   other("REU", 8.0, 0.29), other("ROW", 5.0, 0.15)],
    }  # fmt: skip


@pytest.fixture
def described() -> dict[str, Any]:
    return fields()


@pytest.fixture(scope="session")
def market() -> OilMarket:
    return OilMarket.model_validate(fields())


@pytest.fixture(scope="session")
def designation() -> Regime:
    return Regime(designated=("Rosneft", "Lukoil"))


@pytest.fixture(scope="session")
def world() -> Calibration:
    """The embedded world."""
    return calibrate(load_world("icio-2024"))


@pytest.fixture(scope="session")
def tie() -> OilTie:
    gulf = {"via": ["Hormuz"]}
    shares = {"Iraq": 0.20, "Saudi Arabia": 0.14, "UAE": 0.09}  # O02
    sources = [{"name": name, "share": share, **gulf} for name, share in shares.items()]
    sources += [{"name": "RUS", "share": 0.36}, {"name": "others", "share": 0.21}]
    return OilTie.model_validate(
        {
            "market": fields(),
            "pressure": {"designated": ["Rosneft", "Lukoil"]},
            "hazard": between(0.5, 0.25, 1.0),
            "sector": "OIL",
            "rent_lost": between(0.7, 0.3, 1.0),
            "gdp": 4270.0,
            "replacement_time": between(0.25, 0.1, 0.5),
            "penalty": between(0.003, 0.001, 0.005),
            "persistence": between(0.5, 0.25, 1.0),
            "supply_set": {
                "need": 5.3,
                "sources": sources,
                "chokepoints": [
                    {"name": "Hormuz", "hazard": between(0.05, 0.02, 0.1), "days": 60.0,
                     "shortfall": 0.6, "exporters": {"SAU": 0.85, "ARE": 0.6, "ROW": 0.7}}
                ],
            },
        }
    )  # fmt: skip
