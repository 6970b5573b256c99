"""Tula weighs a nation's options between rival powers on a general-equilibrium world economy.

Names are loaded on first use, so that importing the package costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from tula._version import __version__

if TYPE_CHECKING:
    from tula import metrics as metrics
    from tula import strategy as strategy
    from tula.equilibrium import BalancedTrade as BalancedTrade
    from tula.equilibrium import BuyerElasticity as BuyerElasticity
    from tula.equilibrium import FixedBalance as FixedBalance
    from tula.equilibrium import ProportionalBalance as ProportionalBalance
    from tula.equilibrium import Solution as Solution
    from tula.equilibrium import SpecificFactor as SpecificFactor
    from tula.equilibrium import Technology as Technology
    from tula.equilibrium import WageFloor as WageFloor
    from tula.equilibrium import calibrate as calibrate
    from tula.equilibrium import certify as certify
    from tula.equilibrium import gradient as gradient
    from tula.equilibrium import readings as readings
    from tula.equilibrium import solve as solve
    from tula.equilibrium import solve_batch as solve_batch
    from tula.equilibrium.load import load_world as load_world
    from tula.equilibrium.rates import tariff_array as tariff_array
    from tula.equilibrium.store import load_solution as load_solution
    from tula.errors import TulaError as TulaError
    from tula.notebook import plot as plot
    from tula.notebook.compare import compare as compare
    from tula.notebook.ranged import with_range as with_range
    from tula.notebook.study import open_results as open_results
    from tula.notebook.study import run_study as run_study
    from tula.notebook.sweep import sweep as sweep
    from tula.policy import Embargo as Embargo
    from tula.policy import ExportCap as ExportCap
    from tula.policy import ExportTax as ExportTax
    from tula.policy import ImportCap as ImportCap
    from tula.policy import ImportCut as ImportCut
    from tula.policy import Labour as Labour
    from tula.policy import Migration as Migration
    from tula.policy import PriceCap as PriceCap
    from tula.policy import Productivity as Productivity
    from tula.policy import Remittance as Remittance
    from tula.policy import Retaliation as Retaliation
    from tula.policy import Tariff as Tariff
    from tula.policy import TariffQuota as TariffQuota
    from tula.policy import TradeAgreement as TradeAgreement
    from tula.policy import TradeCost as TradeCost
    from tula.policy import Transfer as Transfer
    from tula.strategy.rank import rank as rank
    from tula.world.aggregation import aggregate as aggregate
    from tula.world.arrays import world_from_arrays as world_from_arrays
    from tula.world.arrays import world_from_shares as world_from_shares
    from tula.world.checks import check_economy as check_economy
    from tula.world.codes import GOODS as GOODS
    from tula.world.codes import SERVICES as SERVICES
    from tula.world.economy import Economy as Economy
    from tula.world.elasticities import elasticity_sets as elasticity_sets
    from tula.world.elasticities import with_elasticity_set as with_elasticity_set
    from tula.world.horizon import at_horizon as at_horizon
    from tula.world.importers import import_world as import_world
    from tula.world.store import save_world as save_world

_HOMES = {
    "tula.equilibrium": (
        "BalancedTrade BuyerElasticity FixedBalance ProportionalBalance Solution SpecificFactor "
        "Technology WageFloor calibrate certify gradient solve solve_batch"
    ),
    "tula.equilibrium.load": "load_world",
    "tula.equilibrium.rates": "tariff_array",
    "tula.equilibrium.store": "load_solution",
    "tula.errors": "TulaError",
    "tula.notebook.compare": "compare",
    "tula.notebook.ranged": "with_range",
    "tula.notebook.study": "open_results run_study",
    "tula.notebook.sweep": "sweep",
    "tula.policy": (
        "Embargo ExportCap ExportTax ImportCap ImportCut Labour Migration PriceCap Productivity "
        "Remittance Retaliation Tariff TariffQuota TradeAgreement TradeCost Transfer"
    ),
    "tula.strategy.rank": "rank",
    "tula.world.aggregation": "aggregate",
    "tula.world.arrays": "world_from_arrays world_from_shares",
    "tula.world.checks": "check_economy",
    "tula.world.codes": "GOODS SERVICES",
    "tula.world.economy": "Economy",
    "tula.world.elasticities": "elasticity_sets with_elasticity_set",
    "tula.world.horizon": "at_horizon",
    "tula.world.importers": "import_world",
    "tula.world.store": "save_world",
}
_MODULES = {
    "metrics": "tula.metrics",
    "plot": "tula.notebook.plot",
    "readings": "tula.equilibrium.readings",
    "strategy": "tula.strategy",
}
_HOME = {name: home for home, names in _HOMES.items() for name in names.split()}

__all__ = ["__version__", *_MODULES, *sorted(_HOME)]


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return importlib.import_module(_MODULES[name])
    if name in _HOME:
        return getattr(importlib.import_module(_HOME[name]), name)
    raise AttributeError(f"module 'tula' has no attribute {name!r}")


def __dir__() -> list[str]:
    return list(__all__)
