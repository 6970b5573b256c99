"""The search for an agreement: from where all gain to where they gain most together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from tula.equilibrium import ConvergenceError, Solution
from tula.strategy.arena import Arena
from tula.strategy.errors import NoCommonGainError
from tula.strategy.levers import JointLevers, Levers
from tula.strategy.payoff import joint_payoff, payoff, shown_joint_payoff
from tula.strategy.search import Allowance, Found, search
from tula.strategy.space import PolicySpace

Array = np.ndarray

#: How a start acceptable to all is sought: rounds, how far weights follow what a player falls
#: short of its threat, and the margin aimed at (logs of real income).
LEANINGS, LEAN, MARGIN = 20, 1.5, 1e-3


@dataclass(frozen=True, eq=False)
class Talks:
    """The levers on the table, the weights, and real incomes without agreement (``floor``)."""

    arena: Arena
    joint: JointLevers[Levers]
    weight: Float[Array, " N"]
    floor: Float[Array, " N"] | None
    allowance: Allowance

    def agree(self, first: Float[Array, " L"]) -> Found:
        """Search for the agreement; errors as ``search``, and ``NoCommonGainError``."""
        self.arena.doing = "agreement"
        if self.floor is not None:
            first = self._acceptable(first, self.floor)
        return self._seek(self.weight, self.floor, first)

    def value(self, solution: Solution) -> float:
        """The objective at an equilibrium."""
        return shown_joint_payoff(self.weight, self.floor, solution)

    def _acceptable(
        self, rates: Float[Array, " L"], floor: Float[Array, " N"]
    ) -> Float[Array, " L"]:
        """Lean towards those that would rather leave until nobody would."""
        weight = self.weight
        for _ in range(LEANINGS):
            reached = self.arena.solve(self.joint, rates).real_income_hat
            short = np.where(self.weight > 0, np.log(floor / reached), -np.inf)
            if (short < 0).all():
                return rates
            weight = weight * np.exp(LEAN * np.maximum(short + MARGIN, 0.0))
            rates = self._seek(weight / weight.sum(), None, rates).peak.rates
        names = np.array(self.arena.calibration.labels.regions)[short >= 0]
        raise NoCommonGainError(
            f"no start found at which all gain on the threat point: {', '.join(names)} would "
            "not. Allow (larger) transfers, or give a start"
        )

    def _seek(
        self,
        weight: Float[Array, " N"],
        floor: Float[Array, " N"] | None,
        first: Float[Array, " L"],
    ) -> Found:
        at_once = self.arena.look(self.joint, joint_payoff(weight, floor))

        def look(rates: Array) -> tuple[float, Array]:
            try:
                return at_once(rates)
            except ConvergenceError:
                return self._by_player(rates, weight, floor)

        return search(look, self.joint, first, self.allowance, "agreement")

    def _by_player(
        self,
        rates: Float[Array, " L"],
        weight: Float[Array, " N"],
        floor: Float[Array, " N"] | None,
    ) -> tuple[float, Float[Array, " L"]]:
        """Value and slope from one adjoint per player.

        At an optimum of the whole world the joint outcome has no slope in any unknown, and
        nothing to measure the adjoint's error by; each player's own outcome has.
        """
        shock = self.joint.place(self.arena.shock, rates)
        places = np.flatnonzero(weight > 0)
        regions = self.arena.calibration.labels.regions
        found = [
            self.arena.gradient(shock, payoff(PolicySpace(regions[place])))
            for place in places.tolist()
        ]
        below = np.zeros_like(weight) if floor is None else floor
        kept = np.array([one.value for one in found]) - below[places]
        if (kept <= 0).any():
            return -np.inf, np.zeros(len(rates))
        mean = float(weight[places] @ np.log(kept))
        slope = np.einsum(
            "p,pl->l", weight[places] / kept, np.stack([self.joint.slopes(one) for one in found])
        )
        return (mean, slope) if floor is None else (float(np.exp(mean)), np.exp(mean) * slope)
