"""Anderson acceleration as an optimistix fixed-point solver.

Anderson (1965); Walker and Ni (2011, SIAM J. Numer. Anal. 49), type II with a damped mixing step.
It stops on the violation of the equations at the iterate, which the map returns as its auxiliary
output, never on the length of its own step.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import optimistix as optx
from jax import Array
from jaxtyping import Bool, Float, Int, Scalar

#: The iteration aims below the tolerance that its certificate must meet.
HEADROOM = 0.1


class AndersonState(eqx.Module):
    """Differences of past iterates and of their plain steps, newest overwriting oldest.

    ``gram`` holds the inner products of the residual differences, so that a step computes one row.
    """

    iterate_steps: Float[Array, "M U"]
    residual_steps: Float[Array, "M U"]
    gram: Float[Array, "M M"]
    previous_iterate: Float[Array, " U"]
    previous_residual: Float[Array, " U"]
    count: Int[Array, ""]
    violation: Scalar
    best_iterate: Float[Array, " U"]
    best: Scalar
    stalled: Int[Array, ""]
    damping: Scalar


class Anderson(optx.AbstractFixedPointSolver[Array, Array, AndersonState]):
    """A small frozen object: ``memory`` past steps, iterated to a tenth of ``tolerance``.

    The certificate recounts the equations in another order of operations and holds them to
    ``tolerance`` itself; the factor ``HEADROOM`` leaves room for rounding.

    ``longest_step`` bounds the change of any log unknown in one step; ``max_steps`` bounds the
    number of evaluations. After ``patience`` evaluations without a new best, or when the violation
    exceeds the best by the factor ``trust``, it returns to the best iterate, forgets its memory
    and halves its step.
    """

    tolerance: float = 1e-10
    memory: int = 10
    max_steps: int = 400
    longest_step: float = 1.0
    patience: int = 30
    trust: float = 100.0
    # optimistix reads these three of every solver
    rtol: float = 0.0
    atol: float = 0.0
    norm: Callable[[Any], Scalar] = optx.max_norm

    @property
    def goal(self) -> float:
        """The violation at which the iteration stops."""
        return HEADROOM * self.tolerance

    def init(
        self,
        fn: Any,
        y: Array,
        args: Any,
        options: dict[str, Any],
        f_struct: Any,
        aux_struct: Any,
        tags: frozenset[object],
    ) -> AndersonState:
        """Start with an empty memory."""
        history = jnp.zeros((self.memory, y.shape[0]), y.dtype)
        infinite, one = jnp.array(jnp.inf, y.dtype), jnp.array(1.0, y.dtype)
        none = jnp.array(0)
        gram = jnp.zeros((self.memory, self.memory), y.dtype)
        return AndersonState(
            history, history, gram, y, jnp.zeros_like(y), none, infinite, y, infinite, none, one
        )

    def step(
        self,
        fn: Any,
        y: Array,
        args: Any,
        options: dict[str, Any],
        state: AndersonState,
        tags: frozenset[object],
    ) -> tuple[Array, AndersonState, Array]:
        """Combine the past steps that best cancel the present residual."""
        image, violation = fn(y, args)
        improved = violation < state.best
        best = jnp.where(improved, violation, state.best)
        best_iterate = jnp.where(improved, y, state.best_iterate)
        stalled = jnp.where(improved, 0, state.stalled + 1)
        lost = (stalled >= self.patience) | ~(violation <= self.trust * best)
        move, remembered = self._move(y, image - y, state)
        onward = jnp.where(lost, best_iterate, y + move)
        after = AndersonState(
            *remembered,
            count=jnp.where(lost, 0, state.count + 1),
            violation=violation,
            best_iterate=best_iterate,
            best=best,
            stalled=jnp.where(lost, 0, stalled),
            damping=jnp.where(lost, 0.5 * state.damping, state.damping),
        )
        return jnp.where(violation <= self.goal, y, onward), after, violation

    def _move(
        self, y: Array, residual: Array, state: AndersonState
    ) -> tuple[Array, tuple[Array, Array, Array, Array, Array]]:
        """Return the accelerated step and the memory with this iterate added."""
        slot = (state.count - 1) % self.memory
        newest = residual - state.previous_residual
        iterate_steps = state.iterate_steps.at[slot].set(y - state.previous_iterate)
        residual_steps = state.residual_steps.at[slot].set(newest)
        row = residual_steps @ newest
        gram = state.gram.at[slot].set(row).at[:, slot].set(row)
        used = jnp.arange(self.memory) < jnp.minimum(state.count, self.memory)
        weights = _mixing_weights(gram, residual_steps @ residual, used)
        mixed = residual - weights @ residual_steps
        move = state.damping * mixed - weights @ iterate_steps
        move = move * jnp.minimum(1.0, self.longest_step / jnp.max(jnp.abs(move)))
        return move, (iterate_steps, residual_steps, gram, y, residual)

    def terminate(
        self,
        fn: Any,
        y: Array,
        args: Any,
        options: dict[str, Any],
        state: AndersonState,
        tags: frozenset[object],
    ) -> tuple[Bool[Array, ""], optx.RESULTS]:
        """Stop at tolerance; the caller judges what was reached when steps run out."""
        done: Bool[Array, ""] = state.violation <= self.goal
        result: optx.RESULTS = optx.RESULTS.successful  # type: ignore[assignment]
        return done, result

    def postprocess(
        self,
        fn: Any,
        y: Array,
        aux: Array,
        args: Any,
        options: dict[str, Any],
        state: AndersonState,
        tags: frozenset[object],
        result: optx.RESULTS,
    ) -> tuple[Array, Array, dict[str, Any]]:
        """Return the iterate at which the equations were evaluated."""
        return y, aux, {}


def _mixing_weights(
    gram: Float[Array, "M M"], against: Float[Array, " M"], used: Bool[Array, " M"]
) -> Float[Array, " M"]:
    """Least-squares weights from the scaled normal equations; unused slots weigh nothing."""
    scale = jnp.where(used, 1.0 / jnp.sqrt(jnp.maximum(jnp.diagonal(gram), 1e-300)), 0.0)
    scaled = gram * scale[:, None] * scale[None, :]
    ridge = jnp.where(used, 1e-12, 1.0)
    weights = jax.scipy.linalg.solve(scaled + jnp.diag(ridge), scale * against, assume_a="pos")
    return scale * weights
