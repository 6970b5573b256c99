"""The search for an agreement: from where all gain to where they gain most together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog

from tula.equilibrium import ConvergenceError, Solution
from tula.shapes import Bool, Float
from tula.strategy.arena import Arena
from tula.strategy.errors import NoCommonGainError
from tula.strategy.levers import Box, JointLevers, Levers
from tula.strategy.payoff import joint_payoff, payoff, shown_joint_payoff
from tula.strategy.search import Allowance, Found, search
from tula.strategy.space import PolicySpace

Array = np.ndarray

#: How a start acceptable to all is sought: rounds, first and last reach of a round in rates, and
#: the relative rise of the least gain below which it is good enough.
ROUNDS, REACH, LEAST_REACH, ENOUGH = 20, 0.1, 1e-4, 0.05


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
        first = np.clip(first, self.joint.box.lower, self.joint.box.upper)
        if self.floor is not None:
            first = self._acceptable(first, self.floor)
        return self._seek(self.weight, self.floor, first)

    def value(self, solution: Solution) -> float:
        """The objective at an equilibrium."""
        return shown_joint_payoff(self.weight, self.floor, solution)

    def _acceptable(
        self, rates: Float[Array, " L"], floor: Float[Array, " N"]
    ) -> Float[Array, " L"]:
        """Raise the least gain, by linear programs in a shrinking reach, until all gain."""
        counted, reach = self.weight > 0, REACH
        gains, slopes = self._own(rates, counted, floor)
        for _ in range(ROUNDS):
            trial = _step_for_all(gains, slopes, rates, self.joint.box, reach)
            found, steeper = self._own(trial, counted, floor)
            rise = found.min() - gains.min()
            if rise > 0:
                rates, gains, slopes = trial, found, steeper
            if gains.min() > 0 and rise < ENOUGH * gains.min():
                return rates
            reach = reach if rise > 0 else reach / 4.0
            if reach < LEAST_REACH:
                break
        if gains.min() > 0:
            return rates
        names = np.array(self.arena.calibration.labels.regions)[counted][gains <= 0]
        raise NoCommonGainError(
            f"no start found at which all gain on the threat point: {', '.join(names)} would "
            "not. Allow (larger) transfers, or give a start"
        )

    def _own(
        self,
        rates: Float[Array, " L"],
        counted: Bool[Array, " N"],
        floor: Float[Array, " N"] | None,
    ) -> tuple[Float[Array, " P"], Float[Array, "P L"]]:
        """Every counted region's real income less its floor, and its slopes, by its own adjoint."""
        shock = self.joint.place(self.arena.shock, rates)
        regions = np.array(self.arena.calibration.labels.regions)[counted]
        found = self.arena.slopes(shock, [payoff(PolicySpace(str(code))) for code in regions])
        below = np.zeros(len(regions)) if floor is None else floor[counted]
        values = np.array([one.value for one in found]) - below
        return values, np.stack([self.joint.slopes(one) for one in found])

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
        counted = weight > 0
        kept, slopes = self._own(rates, counted, floor)
        if (kept <= 0).any():
            return -np.inf, np.zeros(len(rates))
        mean = float(weight[counted] @ np.log(kept))
        slope = (weight[counted] / kept) @ slopes
        return (mean, slope) if floor is None else (float(np.exp(mean)), np.exp(mean) * slope)


def _step_for_all(
    gains: Float[Array, " P"],
    slopes: Float[Array, "P L"],
    rates: Float[Array, " L"],
    box: Box,
    reach: float,
) -> Float[Array, " L"]:
    """Return the rates within reach at which the least gain, to first order, is largest."""
    unit = float(np.max(np.abs(slopes))) or 1.0
    low, high = np.maximum(box.lower, rates - reach), np.minimum(box.upper, rates + reach)
    found = linprog(
        np.append(np.zeros(len(rates)), -1.0),
        A_ub=np.hstack([-slopes / unit, np.ones((len(gains), 1))]),
        b_ub=gains / unit,
        bounds=[*zip(low - rates, high - rates, strict=True), (None, None)],
        method="highs",
    )
    return np.asarray(np.clip(rates + found.x[:-1], box.lower, box.upper))
