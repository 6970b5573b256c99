"""Exact derivatives of welfare in every duty, by the implicit function theorem."""

from __future__ import annotations

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jaxtyping import Float, Scalar

from tula.equilibrium import ConvergenceError
from tula.replicate.liberation_day_model import (
    Duties,
    Equilibrium,
    GravityWorld,
    advance,
    evaluate,
)

#: Largest violation of the derivatives' own equations, relative.
SLOPE_GAP = 1e-9


def gradient(equilibrium: Equilibrium, weight: Float[np.ndarray, " N"]) -> Duties:
    """Return the derivative of weighted welfare (ratios to base) in every duty.

    One dense solve with the transposed Jacobian of the equations. ``ConvergenceError`` if it leaves
    more than ``SLOPE_GAP`` of the outcome's slope.
    """
    world, duties = equilibrium.world, equilibrium.duties
    found, gap = _gradient(world, duties, equilibrium.vector, jnp.asarray(weight))
    _require_slopes(float(gap))
    return found


def retaliation_slopes(equilibrium: Equilibrium) -> Float[np.ndarray, "N N"]:
    """Return the derivative of every region's welfare (row) in every duty on the pivot (column)."""
    found, gap = _retaliation_slopes(equilibrium.world, equilibrium.duties, equilibrium.vector)
    _require_slopes(float(gap))
    return np.asarray(found)


def _require_slopes(gap: float) -> None:
    if not gap <= SLOPE_GAP:
        raise ConvergenceError(f"the derivatives' equations are off by {gap:.1e} (relative)")


def _jacobian(
    world: GravityWorld, duties: Duties, vector: Float[Array, " U"]
) -> Float[Array, "U U"]:
    """Return the derivative of the plain step in the unknowns."""
    jacobian: Float[Array, "U U"] = jax.jacfwd(lambda at: advance(world, duties, at)[0] - at)(
        vector
    )
    return jacobian


@eqx.filter_jit
def _gradient(
    world: GravityWorld,
    duties: Duties,
    vector: Float[Array, " U"],
    weight: Float[Array, " N"],
) -> tuple[Duties, Scalar]:
    def outcome(at: Float[Array, " U"], levers: Duties) -> Scalar:
        return weight @ evaluate(world, levers, at)[1].welfare_hat

    seen, direct = jax.grad(outcome, argnums=(0, 1))(vector, duties)
    transposed = _jacobian(world, duties, vector).T
    adjoint = jnp.linalg.solve(transposed, seen)
    gap = jnp.max(jnp.abs(transposed @ adjoint - seen)) / jnp.max(jnp.abs(seen))
    _, pull_back = jax.vjp(lambda levers: advance(world, levers, vector)[0], duties)
    (through,) = pull_back(-adjoint)
    return jax.tree.map(jnp.add, direct, through), gap


@eqx.filter_jit
def _retaliation_slopes(
    world: GravityWorld, duties: Duties, vector: Float[Array, " U"]
) -> tuple[Float[Array, "N N"], Scalar]:
    def step(suffered: Float[Array, " N"]) -> Float[Array, " U"]:
        return advance(world, duties._replace(suffered=suffered), vector)[0]

    def welfare(at: Float[Array, " U"], suffered: Float[Array, " N"]) -> Float[Array, " N"]:
        return evaluate(world, duties._replace(suffered=suffered), at)[1].welfare_hat

    jacobian = _jacobian(world, duties, vector)
    levers = jax.jacfwd(step)(duties.suffered)
    moved = jnp.linalg.solve(jacobian, levers)
    gap = jnp.max(jnp.abs(jacobian @ moved - levers)) / jnp.max(jnp.abs(levers))
    seen = jax.jacrev(welfare)(vector, duties.suffered)
    direct = jax.jacfwd(welfare, argnums=1)(vector, duties.suffered)
    return direct - seen @ moved, gap
