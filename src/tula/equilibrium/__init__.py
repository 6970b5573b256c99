"""How the world responds: the quantitative trade model, solved with proof."""

from tula.equilibrium.anderson import Anderson
from tula.equilibrium.batch import Batch, solve_batch
from tula.equilibrium.calibration import Calibration, calibrate
from tula.equilibrium.certificate import Certificate, Residual
from tula.equilibrium.closures import (
    CLOSURES,
    BalancedTrade,
    Closure,
    FixedBalance,
    ProportionalBalance,
)
from tula.equilibrium.errors import (
    CalibrationError,
    ConvergenceError,
    LibraryError,
    MultipleEquilibriaWarning,
    NegativeError,
    NonFiniteError,
    RebaseError,
    TechnologyError,
)
from tula.equilibrium.finish import certify
from tula.equilibrium.gradient import Gradient, gradient
from tula.equilibrium.outcomes import CorridorOutcome, LimitOutcome
from tula.equilibrium.readings import real_income
from tula.equilibrium.second_start import Equilibria, equilibria
from tula.equilibrium.solution import Solution
from tula.equilibrium.solve import compile_policy, purge_imbalances, rebase, solve
from tula.equilibrium.technology import (
    BuyerElasticity,
    SpecificFactor,
    Technology,
    WageFloor,
)
from tula.equilibrium.variants import SHORT_RUN, Variant, buyers_hit

__all__ = [
    "CLOSURES",
    "SHORT_RUN",
    "Anderson",
    "BalancedTrade",
    "Batch",
    "BuyerElasticity",
    "Calibration",
    "CalibrationError",
    "Certificate",
    "Closure",
    "ConvergenceError",
    "CorridorOutcome",
    "Equilibria",
    "FixedBalance",
    "Gradient",
    "LibraryError",
    "LimitOutcome",
    "MultipleEquilibriaWarning",
    "NegativeError",
    "NonFiniteError",
    "ProportionalBalance",
    "RebaseError",
    "Residual",
    "Solution",
    "SpecificFactor",
    "Technology",
    "TechnologyError",
    "Variant",
    "WageFloor",
    "buyers_hit",
    "calibrate",
    "certify",
    "compile_policy",
    "equilibria",
    "gradient",
    "purge_imbalances",
    "real_income",
    "rebase",
    "solve",
    "solve_batch",
]
