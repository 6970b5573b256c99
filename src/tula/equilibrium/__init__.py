"""How the world responds: the quantitative trade model, solved with proof."""

import jax

jax.config.update("jax_enable_x64", True)

from tula.equilibrium.anderson import Anderson  # noqa: E402
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
    NonFiniteError,
)
from tula.equilibrium.solution import Certificate, Residual, Solution  # noqa: E402
from tula.equilibrium.solve import compile_policy, purge_imbalances, solve  # noqa: E402

__all__ = [
    "CLOSURES",
    "Anderson",
    "BalancedTrade",
    "Calibration",
    "CalibrationError",
    "Certificate",
    "Closure",
    "ConvergenceError",
    "FixedBalance",
    "NonFiniteError",
    "ProportionalBalance",
    "Residual",
    "Solution",
    "calibrate",
    "compile_policy",
    "purge_imbalances",
    "solve",
]
