"""What players maximise, as readings the engine can differentiate.

Places are data and not part of the compiled function, so that one compilation serves all players.
"""

from __future__ import annotations

import numpy as np

from tula.equilibrium import Calibration, Solution
from tula.equilibrium.arrays import Array as AnyArray
from tula.equilibrium.arrays import namespace, record
from tula.equilibrium.readings import Outcome, Reading
from tula.equilibrium.system import State, System
from tula.shapes import Float, Int
from tula.strategy.errors import MisreadPayoffError
from tula.strategy.space import PolicySpace, political_weights

Array = np.ndarray

#: Largest relative difference between a payoff as maximised and as the solution shows it.
AGREEMENT = 1e-8


@record
class _Political:
    """Real income of one place plus weighted real value added, over base spending."""

    place: Int[AnyArray, ""]
    base_spending: Float[AnyArray, ""]
    excess_weight: Float[AnyArray, " S"]

    def __call__(self, system: System, state: State) -> AnyArray:
        earned = state.sector_value_added[:, self.place]
        valued = state.income[self.place] + self.excess_weight @ earned
        return valued / self.base_spending / state.final_price_hat[self.place]


@record
class _InUnits:
    """An outcome divided by a fixed number."""

    outcome: Outcome
    unit: Float[AnyArray, ""]

    def __call__(self, system: System, state: State) -> AnyArray:
        return self.outcome(system, state) / self.unit


@record
class _Joint:
    """Weighted mean of logs of real incomes, or weighted geometric mean of gains on a threat."""

    weight: Float[AnyArray, " N"]
    base_spending: Float[AnyArray, " N"]
    threat: Float[AnyArray, " N"] | None

    def __call__(self, system: System, state: State) -> AnyArray:
        xp, real = namespace(state.income), state.income / self.base_spending
        gain = real / state.final_price_hat
        gain = gain if self.threat is None else gain - self.threat
        mean = self.weight @ xp.log(xp.where(self.weight > 0, gain, 1.0))
        return mean if self.threat is None else xp.exp(mean)


def payoff(space: PolicySpace, unit: float = 1.0) -> Reading:
    """Return what the player maximises; a general objective is divided by ``unit``."""
    own = space.objective
    if own is not None:
        return lambda calibration: _InUnits(own(calibration), np.asarray(unit))

    def on(calibration: Calibration) -> Outcome:
        labels = calibration.labels
        place = labels.region_index(space.player)
        return _Political(
            np.asarray(place),
            calibration.final_spending[place],
            political_weights(space, labels) - 1.0,
        )

    return on


def objective_unit(space: PolicySpace, base_value: float) -> float:
    """Return what values are counted in: 1 for real income, else the objective's own size."""
    return 1.0 if space.objective is None or base_value == 0.0 else abs(base_value)


def joint_payoff(weight: Float[Array, " N"], threat: Float[Array, " N"] | None = None) -> Reading:
    """Return the weighted mean of log real incomes, or that of gains over ``threat`` if given.

    Gains are averaged geometrically: their Nash product, in the units of a real income.
    """
    return lambda calibration: _Joint(weight, calibration.final_spending, threat)


def shown_joint_payoff(
    weight: Float[Array, " N"], threat: Float[Array, " N"] | None, solution: Solution
) -> float:
    """Return the joint payoff from the solution's own real incomes; -inf where one is lost."""
    below = np.zeros_like(weight) if threat is None else threat
    kept = (solution.real_income_hat - below)[weight > 0]
    if (kept <= 0).any():
        return -np.inf
    mean = float(weight[weight > 0] @ np.log(kept))
    return mean if threat is None else float(np.exp(mean))


def check_payoff(space: PolicySpace, value: float, solution: Solution) -> None:
    """Raise ``MisreadPayoffError`` where the value maximised is not what the solution shows."""
    if space.objective is None:
        require_agreement(space.player, value, shown_payoff(space, solution))


def require_agreement(who: str, value: float, shown: float) -> None:
    """Raise ``MisreadPayoffError`` unless two readings of one payoff agree."""
    if not abs(value - shown) <= AGREEMENT * max(1.0, abs(shown)):
        raise MisreadPayoffError(
            f"{who}: the search valued its policy at {value:.9f}, the solution shows {shown:.9f}"
        )


def shown_payoff(space: PolicySpace, solution: Solution) -> float:
    """Return the political payoff from the solution's own arrays."""
    calibration = solution.calibration
    place = calibration.labels.region_index(space.player)
    excess = political_weights(space, calibration.labels) - 1.0
    earned = solution.sector_value_added[place]
    deflator = calibration.final_spending[place] * solution.final_price_hat[place]
    return float(solution.real_income_hat[place] + excess @ earned / deflator)
