"""Newton's method on all equations at once: the last way, for small worlds.

The Jacobian is measured one unknown at a time, so that an iteration costs as many evaluations as
there are unknowns. It finds what fixed points do not: relative wages of regions that hardly trade.
"""

from __future__ import annotations

import numpy as np

from tula.equilibrium.anderson import Anderson
from tula.equilibrium.arrays import Array
from tula.equilibrium.steps import violation_at
from tula.equilibrium.system import System
from tula.shapes import Float

#: Most unknowns of a world this is tried on.
MOST_UNKNOWNS = 200
#: Newton steps allowed, and the shortest part of one.
STEPS, SHORTEST = 15, 1e-4
#: Move of an unknown by which the Jacobian is measured.
NUDGE = 1e-7
#: Part of the promised fall in violation that a step must keep (Armijo).
SUFFICIENT = 1e-4


def newton(
    system: System, first: Float[Array, " U"], solver: Anderson
) -> tuple[Float[Array, " U"], int, bool]:
    """Return where it stopped, the evaluations taken and whether the violation meets the goal.

    Of the solver it takes the goal, the longest step and, up to ``STEPS``, the number of steps.
    """
    goal, longest = solver.goal, solver.longest_step
    vector, spent = first, 1
    gap = violation_at(system, vector)
    for _ in range(min(STEPS, solver.max_steps)):
        if np.abs(gap).max() <= goal:
            return vector, spent, True
        jacobian = np.empty((len(gap), len(vector)))
        for unknown in range(len(vector)):
            ahead = vector.copy()
            ahead[unknown] += NUDGE
            jacobian[:, unknown] = (violation_at(system, ahead) - gap) / NUDGE
        spent += len(vector)
        if not np.isfinite(jacobian).all():
            break
        move = -np.linalg.lstsq(jacobian, gap, rcond=1e-13)[0]
        move *= min(1.0, longest / np.abs(move).max())
        part, size = 1.0, np.linalg.norm(gap)
        while part >= SHORTEST:
            trial = violation_at(system, vector + part * move)
            spent += 1
            if np.linalg.norm(trial) <= (1.0 - SUFFICIENT * part) * size:
                break
            part /= 2.0
        else:
            break
        vector, gap = _levelled(system, vector + part * move), trial
    return vector, spent, bool(np.abs(gap).max() <= goal)


def _levelled(system: System, vector: Float[Array, " U"]) -> Float[Array, " U"]:
    """Return the same point with earnings around one: their common level means nothing."""
    regions, each = system.size
    level = np.zeros(each)
    level[0] = vector[: regions * each : each].mean()
    moved = vector.copy()
    moved[: regions * each] -= np.tile(level, regions)
    return moved
