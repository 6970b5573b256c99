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


class AndersonState(eqx.Module):
    """Differences of past iterates and of their plain steps, newest overwriting oldest."""

    iterate_steps: Float[Array, "M U"]
    residual_steps: Float[Array, "M U"]
    previous_iterate: Float[Array, " U"]
    previous_residual: Float[Array, " U"]
    count: Int[Array, ""]
    violation: Scalar
    best: Scalar


class Anderson(optx.AbstractFixedPointSolver[Array, Array, AndersonState]):
    """A small frozen object: ``memory`` past steps, stop at ``tolerance`` on the equations.

    ``longest_step`` bounds the change of any log unknown in one step; ``max_steps`` bounds the
    number of evaluations. Memory restarts when the violation exceeds ``patience`` times the best
    seen.
    """

    tolerance: float = 1e-10
    memory: int = 10
    max_steps: int = 1000
    longest_step: float = 1.0
    patience: float = 1e3
    # optimistix reads these three of every solver
    rtol: float = 0.0
    atol: float = 0.0
    norm: Callable[[Any], Scalar] = optx.max_norm

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
        infinite = jnp.array(jnp.inf, y.dtype)
        return AndersonState(
            history, history, y, jnp.zeros_like(y), jnp.array(0), infinite, infinite
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
        residual = image - y
        restart = violation > self.patience * state.best
        count = jnp.where(restart, 0, state.count)
        slot = (count - 1) % self.memory
        iterate_steps = state.iterate_steps.at[slot].set(y - state.previous_iterate)
        residual_steps = state.residual_steps.at[slot].set(residual - state.previous_residual)
        used = jnp.arange(self.memory) < jnp.minimum(count, self.memory)
        weights = _mixing_weights(residual_steps, residual, used)
        move = residual - weights @ (iterate_steps + residual_steps)
        move = move * jnp.minimum(1.0, self.longest_step / jnp.max(jnp.abs(move)))
        done = violation <= self.tolerance
        best = jnp.minimum(jnp.where(restart, violation, state.best), violation)
        after = AndersonState(
            iterate_steps, residual_steps, y, residual, count + 1, violation, best
        )
        return jnp.where(done, y, y + move), after, violation

    def terminate(
        self,
        fn: Any,
        y: Array,
        args: Any,
        options: dict[str, Any],
        state: AndersonState,
        tags: frozenset[object],
    ) -> tuple[Bool[Array, ""], optx.RESULTS]:
        """Stop at tolerance, or at the first number that is not finite."""
        finite = jnp.isfinite(state.violation) | (state.count == 0)
        result = optx.RESULTS.where(
            finite, optx.RESULTS.successful, optx.RESULTS.nonlinear_divergence
        )
        return (state.violation <= self.tolerance) | ~finite, result

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
    steps: Float[Array, "M U"], residual: Float[Array, " U"], used: Bool[Array, " M"]
) -> Float[Array, " M"]:
    """Least-squares weights from the scaled normal equations, unused slots held at zero."""
    steps = jnp.where(used[:, None], steps, 0.0)
    gram = steps @ steps.T
    scale = jnp.where(used, 1.0 / jnp.sqrt(jnp.maximum(jnp.diagonal(gram), 1e-300)), 0.0)
    scaled = gram * scale[:, None] * scale[None, :]
    ridge = jnp.where(used, 1e-12, 1.0)
    weights = jax.scipy.linalg.solve(
        scaled + jnp.diag(ridge), scale * (steps @ residual), assume_a="pos"
    )
    return scale * weights
