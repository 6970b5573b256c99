"""Where policies are tried: one world, one base policy, every solve counted."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from tula.equilibrium import (
    Anderson,
    Calibration,
    Closure,
    Solution,
    compile_policy,
    purge_imbalances,
    solve,
)
from tula.equilibrium.calibration import World, calibrated
from tula.equilibrium.closures import closure_of
from tula.equilibrium.gradient import Footing, Slopes, slopes_near
from tula.equilibrium.readings import Reading
from tula.equilibrium.refusals import refuse_foreign, refuse_wrong_kinds
from tula.equilibrium.solve import pose
from tula.policy.instruments import Instrument
from tula.policy.shock import Shock
from tula.shapes import Float
from tula.strategy.levers import Levers

Array = np.ndarray
#: Told what is being done, in a few words, as it is done.
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Effort:
    """What a result cost: equilibria solved, adjoint systems solved, wall time in seconds."""

    forward_solves: int
    adjoint_solves: int
    seconds: float

    def __str__(self) -> str:
        return (
            f"{self.forward_solves} equilibria and {self.adjoint_solves} adjoint solves "
            f"in {self.seconds:.1f} s"
        )


@dataclass(eq=False)
class Arena:
    """A world under a base policy on which levers are tried; counts what is solved.

    ``footing`` is the equilibrium last tried, from which the next is sought.
    """

    calibration: Calibration
    shock: Shock
    closure: Closure
    solver: Anderson
    progress: Progress
    doing: str = "searching"
    forward: int = 0
    adjoint: int = 0
    footing: Footing | None = None
    began: float = field(default_factory=time.perf_counter)

    def solve(
        self, levers: Levers | None = None, rates: Float[Array, " L"] | None = None
    ) -> Solution:
        """Return the equilibrium of the base policy, with levers at some rates if given."""
        shock = self.shock if levers is None or rates is None else levers.place(self.shock, rates)
        self.forward += 1
        return solve(self.calibration, shock, closure=self.closure, solver=self.solver)

    def slopes(self, shock: Shock, outcomes: Sequence[Reading]) -> list[Slopes]:
        """Return outcomes and their derivatives at the equilibrium of a policy."""
        self.forward += 1
        self.adjoint += len(outcomes)
        self.progress(f"{self.doing}: {self.forward} equilibria")
        problem = pose(self.calibration, shock, self.closure, self.solver)
        found, self.footing = slopes_near(problem, outcomes, self.solver, self.footing)
        return found

    def look(
        self, levers: Levers, outcome: Reading, shock: Shock | None = None
    ) -> Callable[[Array], tuple[float, Array]]:
        """Return value and slope of an outcome as a function of the levers' rates."""
        below = self.shock if shock is None else shock

        def at(rates: Array) -> tuple[float, Array]:
            (found,) = self.slopes(levers.place(below, rates), (outcome,))
            return found.value, levers.slopes(found)

        return at

    def effort(self) -> Effort:
        """Return what has been spent so far."""
        return Effort(self.forward, self.adjoint, time.perf_counter() - self.began)


def open_arena(
    world: World,
    policy: Shock | Sequence[Instrument],
    closure: Closure | str | None,
    solver: Anderson | None,
    on: date | str | None,
    progress: Progress | None,
) -> Arena:
    """Calibrate and compile once; errors as ``tula.equilibrium.solve``."""
    refuse_wrong_kinds(world, policy)
    rule, solver = closure_of(closure), solver or Anderson()
    calibration = calibrated(world)
    refuse_foreign(policy, calibration)
    if rule.purge_first:
        calibration = purge_imbalances(calibration, solver)
    shock = policy if isinstance(policy, Shock) else compile_policy(calibration, policy, on)
    return Arena(calibration, shock, rule, solver, progress or _silent)


def _silent(text: str) -> None:
    pass
