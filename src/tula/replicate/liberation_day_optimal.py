"""Duties that are best for those who set them, found by gradient and proved at the answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.optimize import OptimizeResult, brentq, minimize

from tula.equilibrium import ConvergenceError
from tula.replicate.liberation_day_model import (
    Duties,
    Equilibrium,
    GravityWorld,
    no_duties,
    solve,
)
from tula.replicate.liberation_day_slopes import gradient
from tula.shapes import Float

Array = np.ndarray
Side = Literal["imposed", "suffered"]

#: Largest slope left at an optimum. Welfare bends by about 0.3 per unit squared in these units, so
#: that what is left to gain is of the order of its square, 1e-12.
SLOPE_TOLERANCE = 1e-6
#: Tolerance of the equations while welfare is compared between nearby duties.
FINE = 1e-12
#: Most searches, each started where the last one ended with its memory of curvature cleared.
STARTS = 5
#: Rates between which a best uniform rate is looked for, from the lowest up.
SEARCH = (0.0, 0.2, 0.4, 0.6, 0.8)


@dataclass(frozen=True, eq=False)
class Optimum:
    """Duties that maximise weighted welfare, where they lead, and the proof.

    ``slope`` is the largest slope among rates inside the bounds, per unit of rate times the root of
    the partner's share of the pivot's trade; ``welfare`` the weighted ratio to base.
    """

    duties: Duties
    equilibrium: Equilibrium
    welfare: float
    slope: float
    evaluations: int


def pivot_weight(world: GravityWorld) -> Float[Array, " N"]:
    """Return weight one on the pivot's welfare."""
    return np.asarray(np.eye(len(world.income))[world.pivot])


def joint_weight(world: GravityWorld) -> Float[Array, " N"]:
    """Return income weights over the partners."""
    income = world.income * (1.0 - pivot_weight(world))
    return np.asarray(income / income.sum())


def best_uniform(world: GravityWorld) -> float:
    """Return the pivot's best single rate on all partners, who do not answer.

    The lowest rate at which welfare stops rising. ``ConvergenceError`` if it rises over all of
    ``SEARCH``: a pivot that receives transfers may gain again where trade all but stops.
    """
    weight, start = pivot_weight(world), no_duties(world)

    def slope(rate: float) -> float:
        duties = start._replace(imposed=np.full_like(start.imposed, rate))
        return float((gradient(solve(world, duties), weight).imposed * (1.0 - weight)).sum())

    low = SEARCH[0]
    for high in SEARCH[1:]:
        if slope(high) <= 0.0:
            return float(brentq(slope, low, high, xtol=1e-9))
        low = high
    raise ConvergenceError(
        f"no best uniform rate found: welfare still rises at {SEARCH[-1]:.0%}; give rates by "
        "partner a bound instead"
    )


def best_duties(
    world: GravityWorld,
    weight: Float[Array, " N"],
    side: Side,
    given: Duties,
    most: float = 1.0,
) -> Optimum:
    """Return the rates of one side, one per partner, that maximise weighted welfare.

    ``given`` holds the other side's rates and the start of this one's; rates lie between zero and
    ``most``. ``ConvergenceError`` if a slope above ``SLOPE_TOLERANCE`` is left inside the bounds.
    """
    free = np.arange(len(world.income)) != world.pivot
    scale = _scale(world, side)[free]
    value = _objective(world, weight, side, given)
    first = getattr(given, side)[free] * scale
    for _ in range(STARTS):
        found = minimize(
            lambda point: value(point / scale, free, scale),
            first,
            jac=True,
            method="L-BFGS-B",
            bounds=[(0.0, most * s) for s in scale],
            options={"maxiter": 500, "maxfun": 1000, "ftol": 0.0, "gtol": 0.5 * SLOPE_TOLERANCE},
        )
        slope, first = _slope_left(found, most * scale), found.x
        if slope <= SLOPE_TOLERANCE:
            break
    if not slope <= SLOPE_TOLERANCE:
        raise ConvergenceError(
            f"no optimum found: a slope of {slope:.1e} is left after {STARTS} searches; tolerance "
            f"{SLOPE_TOLERANCE:.0e}. Start from other rates"
        )
    duties = given._replace(**{side: _filled(found.x / scale, free)})
    equilibrium = solve(world, duties)
    welfare = float(weight @ equilibrium.state.welfare_hat)
    return Optimum(duties, equilibrium, welfare, slope, int(found.nfev))


def _slope_left(found: OptimizeResult, most: Float[Array, " M"]) -> float:
    """Return the largest slope among rates that are free to move along it."""
    slopes, point = found.jac, found.x
    inside = ((point > 0.0) | (slopes < 0.0)) & ((point < most) | (slopes > 0.0))
    return float(np.abs(slopes[inside]).max(initial=0.0))


def _scale(world: GravityWorld, side: Side) -> Float[Array, " N"]:
    """Return the root of each partner's share of the pivot's trade, which evens out curvature."""
    flows = world.share * world.spending[:, None]
    traded = flows[world.pivot] if side == "imposed" else flows[:, world.pivot]
    return np.asarray(np.sqrt(np.maximum(traded / traded.sum(), 1e-10)))


def _objective(
    world: GravityWorld, weight: Float[Array, " N"], side: Side, given: Duties
) -> Callable[[Array, Array, Array], tuple[float, Array]]:
    warm: list[Equilibrium] = []

    def value(rates: Array, free: Array, scale: Array) -> tuple[float, Array]:
        duties = given._replace(**{side: _filled(rates, free)})
        equilibrium = solve(world, duties, warm[-1].vector if warm else None, FINE)
        warm[:] = [equilibrium]
        slopes = getattr(gradient(equilibrium, weight), side)[free]
        return -float(weight @ equilibrium.state.welfare_hat), -slopes / scale

    return value


def _filled(rates: Array, free: Array) -> Float[Array, " N"]:
    full = np.zeros(len(free))
    full[free] = rates
    return full
