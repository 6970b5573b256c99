"""How the world responds: the quantitative trade model, solved with proof."""

from tula.equilibrium.numerics import prepare_jax

prepare_jax()

from tula.equilibrium.anderson import Anderson  # noqa: E402
from tula.equilibrium.batch import Batch, solve_batch  # noqa: E402
from tula.equilibrium.calibration import Calibration, calibrate  # noqa: E402
from tula.equilibrium.closures import (  # noqa: E402
    CLOSURES,
    BalancedTrade,
    Closure,
    FixedBalance,
    ProportionalBalance,
)
from tula.equilibrium.errors import (  # noqa: E402
    CalibrationError,
    ConvergenceError,
    MultipleEquilibriaWarning,
    NonFiniteError,
    RebaseError,
    TechnologyError,
)
from tula.equilibrium.gradient import Gradient, gradient  # noqa: E402
from tula.equilibrium.readings import real_income  # noqa: E402
from tula.equilibrium.solution import (  # noqa: E402
    Certificate,
    CorridorOutcome,
    LimitOutcome,
    Residual,
    Solution,
)
from tula.equilibrium.solve import compile_policy, purge_imbalances, rebase, solve  # noqa: E402
from tula.equilibrium.technology import (  # noqa: E402
    BuyerElasticity,
    SpecificFactor,
    Technology,
    WageFloor,
)

__all__ = [
    "CLOSURES",
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
    "FixedBalance",
    "Gradient",
    "LimitOutcome",
    "MultipleEquilibriaWarning",
    "NonFiniteError",
    "ProportionalBalance",
    "RebaseError",
    "Residual",
    "Solution",
    "SpecificFactor",
    "Technology",
    "TechnologyError",
    "WageFloor",
    "calibrate",
    "compile_policy",
    "gradient",
    "purge_imbalances",
    "real_income",
    "rebase",
    "solve",
    "solve_batch",
]
