"""Anderson acceleration of a fixed-point step, one evaluation at a time.

Anderson (1965); Walker and Ni (2011, SIAM J. Numer. Anal. 49), type II with a damped mixing step.
It stops on the violation of the equations at the iterate, never on the length of its own step.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from tula.equilibrium.arrays import Array, Count, Scalar, namespace
from tula.shapes import Bool, Float

#: The iteration aims below the tolerance that its certificate must meet.
HEADROOM = 0.1
#: Weight on the diagonal of the normal equations, relative and, for steps of zero, absolute.
RIDGE, TINY = 1e-12, 1e-300
#: Conditions that are not traced.
_PLAIN = (bool, np.bool_)
#: Evaluations between two looks at whether region blocks still help, and the part of the
#: violation that must be gone by then: plain steps do as well.
WINDOW, ENOUGH = 12, 0.1


@dataclass(frozen=True)
class Anderson:
    """A small frozen object: ``memory`` past steps, iterated to a tenth of ``tolerance``.

    The certificate recounts the equations in another order of operations and holds them to
    ``tolerance`` itself; the factor ``HEADROOM`` leaves room for rounding.

    ``longest_step`` bounds the change of any log unknown in one step; ``max_steps`` bounds the
    evaluations of one way to the equilibrium, where several are tried. After ``patience``
    evaluations without a new best, or when the violation exceeds the best by the factor ``trust``,
    it returns to the best iterate, forgets its memory and halves its step. Where steps by region
    blocks gain too little it goes on with plain ones.
    """

    tolerance: float = 1e-10
    memory: int = 8
    max_steps: int = 400
    longest_step: float = 1.0
    patience: int = 30
    trust: float = 100.0

    @property
    def goal(self) -> float:
        """The violation at which the iteration stops."""
        return HEADROOM * self.tolerance


class Progress(NamedTuple):
    """Differences of past iterates and of their steps, newest overwriting oldest.

    ``gram`` holds the inner products of the step differences, so that a step computes one row.
    ``by_blocks`` says whether steps are by region blocks, ``mark`` the best violation when that
    was last judged, ``taken`` counts evaluations, ``remembered`` those in memory.
    """

    iterate_steps: Float[Array, "M U"]
    residual_steps: Float[Array, "M U"]
    gram: Float[Array, "M M"]
    previous_iterate: Float[Array, " U"]
    previous_residual: Float[Array, " U"]
    best_iterate: Float[Array, " U"]
    violation: Scalar
    best: Scalar
    mark: Scalar
    damping: Scalar
    taken: Count
    remembered: Count
    stalled: Count
    by_blocks: Bool[Array, ""]


def begin(solver: Anderson, vector: Float[Array, " U"], by_blocks: bool) -> Progress:
    """Start with an empty memory."""
    xp = namespace(vector)
    steps, residuals = (xp.zeros((solver.memory, len(vector))) for _ in range(2))
    infinite = xp.asarray(np.inf)
    return Progress(
        steps, residuals, xp.zeros((solver.memory, solver.memory)), vector, vector, vector,
        infinite, infinite, infinite, 1.0, 0, 0, 0, by_blocks,
    )  # fmt: skip


def accelerated(
    look: Callable[[Array, bool], tuple[Array, Array]],
    first: Float[Array, " U"],
    solver: Anderson,
    by_blocks: bool = False,
) -> tuple[Float[Array, " U"], int, bool]:
    """Iterate ``look`` from some unknowns to the solver's goal, in numpy.

    ``look`` returns the move from some unknowns, by region blocks or not, and their largest
    violation. Returns where the iteration stopped, the evaluations taken and whether all is met.
    """
    vector, progress = first, begin(solver, first, by_blocks)
    for taken in range(1, solver.max_steps):
        move, violation = look(vector, bool(progress.by_blocks))
        if violation <= solver.goal:
            return vector, taken, True
        vector, progress = step(solver, progress, vector, move, violation)
    met = look(vector, bool(progress.by_blocks))[1] <= solver.goal
    return vector, solver.max_steps, bool(met)


def step(
    solver: Anderson,
    progress: Progress,
    vector: Float[Array, " U"],
    residual: Float[Array, " U"],
    violation: Scalar,
) -> tuple[Float[Array, " U"], Progress]:
    """Return the next iterate, from the past steps that best cancel the present residual."""
    no, improved = namespace(violation).logical_not, violation < progress.best
    best = _choose(improved, violation, progress.best)
    best_vector = _choose(improved, vector, progress.best_iterate)
    stalled = _choose(improved, 0, progress.stalled + 1)
    taken = progress.taken + 1
    due = taken % WINDOW == 0
    mark = _choose(progress.taken == 0, violation, progress.mark)
    slow = progress.by_blocks & due & no(best <= ENOUGH * mark)
    lost = slow | (stalled >= solver.patience) | no(violation <= solver.trust * best)
    move, (steps, residuals, gram) = _move(solver, progress, vector, residual)
    damping = progress.damping
    return _choose(lost, best_vector, vector + move), Progress(
        iterate_steps=_forgotten(steps, lost),
        residual_steps=_forgotten(residuals, lost),
        gram=_forgotten(gram, lost),
        previous_iterate=vector,
        previous_residual=residual,
        best_iterate=best_vector,
        violation=violation,
        best=best,
        mark=_choose(due, best, mark),
        damping=_choose(lost, _choose(progress.by_blocks, damping, 0.5 * damping), damping),
        taken=taken,
        remembered=_choose(lost, 0, progress.remembered + 1),
        stalled=_choose(lost, 0, stalled),
        by_blocks=progress.by_blocks & no(lost),
    )


def _move(
    solver: Anderson, progress: Progress, vector: Float[Array, " U"], residual: Float[Array, " U"]
) -> tuple[Array, tuple[Array, Array, Array]]:
    """Return the accelerated step and the memory with this iterate added."""
    xp = namespace(vector)
    slot = (progress.remembered - 1) % solver.memory
    newest = residual - progress.previous_residual
    iterates = _put(progress.iterate_steps, slot, vector - progress.previous_iterate)
    residuals = _put(progress.residual_steps, slot, newest)
    row, against = residuals @ newest, residuals @ residual
    gram = _put(_put(progress.gram, slot, row).T, slot, row)
    weights = mixing_weights(gram, against, progress.remembered)
    used = slice(len(weights))
    mixed = residual - weights @ residuals[used]
    move = progress.damping * mixed - weights @ iterates[used]
    longest = xp.abs(move).max()
    move = move * xp.minimum(1.0, solver.longest_step / longest)
    return move, (iterates, residuals, gram)


def mixing_weights(
    gram: Float[Array, "... M M"], against: Float[Array, "... M"], count: Count
) -> Float[Array, "... K"]:
    """Least-squares weights of the steps in memory, from the normal equations.

    jax, whose arrays keep their size, gives unused slots no weight.
    """
    if isinstance(gram, np.ndarray):
        used = min(int(count), gram.shape[-1])
        system = gram[..., :used, :used].copy()
        diagonal = np.einsum("...mm->...m", system)
        diagonal *= 1.0 + RIDGE
        diagonal += TINY
        return np.linalg.solve(system, against[..., :used, None])[..., 0]
    xp = namespace(gram)
    used = xp.arange(len(gram)) < count
    one = xp.eye(len(gram))
    held = gram * (1.0 + RIDGE * one) + TINY * one
    system = xp.where(used[:, None] & used[None, :], held, one)
    return xp.linalg.solve(system, xp.where(used, against, 0.0))


def _choose(condition: Any, yes: Any, no: Any) -> Any:
    """Return one of two values, by a condition that may be traced."""
    if isinstance(condition, _PLAIN):
        return yes if condition else no
    return namespace(condition).where(condition, yes, no)


def _forgotten(memory: Array, lost: Any) -> Array:
    """Return the memory, or zeros where it is lost: what it held may not be finite."""
    if not isinstance(memory, np.ndarray):
        return namespace(memory).where(lost, 0.0, memory)
    if lost:
        memory[:] = 0.0
    return memory


def _put(array: Array, slot: Any, row: Array) -> Array:
    """Return the array with one row written; numpy's in place."""
    if isinstance(array, np.ndarray):
        array[slot] = row
        return array
    return array.at[slot].set(row)
