"""What a state of the network does to trade: one wedge between what buyers pay and sellers get.

Dearer routing is a cost of delivery. A shortage of capacity is one too: buyers queue, detour and
pay middlemen until what still wants to pass fits. Nobody collects it. (A cut of imports would
leave the scarcity with the importer, who would then gain from being unable to pay. A quota whose
rent nobody keeps comes closer, but holds the quantity delivered, while a network carries the value
paid, the wasted part of it included.)
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tula.equilibrium import Calibration, Solution, solve
from tula.errors import TulaError
from tula.policy import Embargo, Instrument, TradeCost
from tula.ties.settlement.tie import Carriage, SettlementTie
from tula.world.labels import Labels

#: Logarithm of the largest wedge tried: beyond it the trade is as good as gone.
LARGEST_LOG_WEDGE = 10.0
#: Least share of trade carried that is told apart from none.
LEAST_SHARE = 1e-6
#: How closely the value paid is met, in its logarithm; closer wedges are not told apart.
PAID_TOLERANCE, WEDGE_TOLERANCE = 1e-6, 1e-9
#: Known points through which the next trial is interpolated.
INTERPOLATED = 4
#: First trial over what a constant elasticity would need.
FIRST_STEP = 1.2


class NoPurchasesError(TulaError):
    """The world holds no purchases that the network could settle.

    Name other sectors or regions, or use a world that holds the trade.
    """


class WedgeError(TulaError):
    """No wedge brings purchases down to what the network carries: they hardly answer prices.

    Raise the trade elasticities of the sectors, or leave some out.
    """


@dataclass(frozen=True)
class Answer:
    """What a wedge does: log value paid, new over base, and equivalent variation, billion USD."""

    log_paid: float
    gain_pivot: float
    gain_partner: float


class Wedges:
    """Wedges on a tie's purchases, each solved once whatever asks for it.

    What a wedge does depends on nothing but its size, so that every state and every draw of a tie
    looks for its own on one falling curve, and each search starts from the points known.
    """

    def __init__(self, tie: SettlementTie, calibration: Calibration) -> None:
        self._tie, self._calibration = tie, calibration
        self._known: dict[float, Answer] = {}
        self._gone: Answer | None = None

    def answer(self, state: Carriage) -> Answer:
        """Return what a state of the network does."""
        if state.remaining < LEAST_SHARE:
            if self._gone is None:
                self._gone = self._solved(self.instruments(state))
            return self._gone
        return self.at(self.find(state)) if state != Carriage(1.0, 1.0) else Answer(0.0, 0.0, 0.0)

    def instruments(self, state: Carriage) -> list[Instrument]:
        """Return the move of the engine that stands for a state of the network."""
        if state.remaining < LEAST_SHARE:
            return [Embargo(name="no settlement", **self._where)]
        if state == Carriage(1.0, 1.0):
            return []
        factor = state.cost if self._routing_alone(state) else math.exp(self.find(state))
        return [TradeCost(factor=factor, name="cost and scarcity of settlement", **self._where)]

    def at(self, log_wedge: float) -> Answer:
        """Return what a wedge does, by its logarithm."""
        if log_wedge not in self._known:
            moves = [TradeCost(factor=math.exp(log_wedge), **self._where)]
            self._known[log_wedge] = self._solved(moves)
        return self._known[log_wedge]

    def find(self, state: Carriage) -> float:
        """Return the logarithm of a state's wedge, some trade being carried.

        The least is that of routing; above it, that at which the value paid is the share still
        carried, to ``PAID_TOLERANCE``. Raises ``WedgeError``.
        """
        least, target = math.log(state.cost), math.log(state.remaining)
        if self._routing_alone(state):
            return least
        low, high = self._bracket(least, target)
        while abs(self.at(high).log_paid - target) > PAID_TOLERANCE:
            trial = self._proposed(target)
            trial = trial if low < trial < high else 0.5 * (low + high)
            if abs(self.at(trial).log_paid - target) <= PAID_TOLERANCE:
                return trial
            low, high = (trial, high) if self.at(trial).log_paid > target else (low, trial)
            if high - low < WEDGE_TOLERANCE:
                break
        return high

    @property
    def _where(self) -> dict[str, Any]:
        tie = self._tie
        return {"importer": tie.pivot, "exporter": tie.partner, "sectors": tie.sectors}

    def _solved(self, moves: Sequence[Instrument]) -> Answer:
        solution = solve(self._calibration, moves)
        gain = (solution.real_income_hat - 1.0) * self._calibration.final_spending / 1000.0
        labels, share = self._calibration.labels, paid(self._tie, solution)
        return Answer(
            math.log(share) if share > 0.0 else -math.inf,
            float(gain[labels.region_index(self._tie.pivot)]),
            float(gain[labels.region_index(self._tie.partner)]),
        )

    def _routing_alone(self, state: Carriage) -> bool:
        """Whether the cost of routing alone brings purchases down to what is carried."""
        least, target = math.log(state.cost), math.log(state.remaining)
        if state.remaining == 1.0:
            return True
        if any(u >= least and one.log_paid > target for u, one in self._known.items()):
            return False
        return self.at(least).log_paid <= target

    def _bracket(self, least: float, target: float) -> tuple[float, float]:
        """Return wedges on either side of the one sought, the lower not below ``least``."""
        above = [u for u, one in self._known.items() if one.log_paid > target and u >= least]
        below = [u for u, one in self._known.items() if one.log_paid <= target and u > least]
        low = max(above)
        if below:
            return low, min(below)
        excess = self.at(low).log_paid - target
        step = FIRST_STEP * excess / _elasticity(self._tie, self._calibration)
        while self.at(low + step).log_paid > target:
            step *= 2.0
            if step > LARGEST_LOG_WEDGE:
                raise WedgeError(
                    f"purchases of {self._tie.pivot} from {self._tie.partner} stay above "
                    f"{math.exp(target):.2g} of their value whatever they cost"
                )
        return low, low + step

    def _proposed(self, target: float) -> float:
        """Interpolate the wedge sought through the points nearest to it, in log value paid."""
        from scipy.interpolate import krogh_interpolate

        nearest = sorted(self._known, key=lambda u: abs(self._known[u].log_paid - target))
        places = nearest[:INTERPOLATED]
        return float(krogh_interpolate([self._known[u].log_paid for u in places], places, target))


def instruments(tie: SettlementTie, state: Carriage, calibration: Calibration) -> list[Instrument]:
    """Return what a state of the network does to the pivot's purchases from the partner.

    An iceberg cost: at least that of routing, and high enough that the value paid, billion USD,
    falls to what is still carried; an embargo where nothing is. Found on the engine itself, one
    solve a trial.
    """
    return Wedges(tie, calibration).instruments(state)


def _cells(tie: SettlementTie, labels: Labels) -> tuple[list[int], int, int]:
    sectors = [labels.sector_index(code) for code in labels.resolve_sectors(tie.sectors)]
    return sectors, labels.region_index(tie.pivot), labels.region_index(tie.partner)


def _elasticity(tie: SettlementTie, calibration: Calibration) -> float:
    """Trade elasticity of the tie's purchases, by weight: scale of the first trial."""
    cells = _cells(tie, calibration.labels)
    sectors, importer, _ = cells
    theta = calibration.placed.trade_elasticity[sectors, importer]
    return float(np.average(theta, weights=calibration.border_trade[cells]))


def paid(tie: SettlementTie, solution: Solution) -> float:
    """Return the value paid for the tie's purchases, new over base."""
    cells = _cells(tie, solution.labels)
    base = float(solution.calibration.border_trade[cells].sum())
    if base <= 0.0:
        sold = ", ".join(tie.sectors)
        raise NoPurchasesError(f"{tie.pivot} buys nothing from {tie.partner} in {sold}")
    return float(solution.border_trade[cells].sum()) / base
