"""Who gains when another nation grows: income and welfare exposure to productivity abroad.

The friend-enemy matrices of Kleinman, Liu and Redding ("International Friends and Enemies",
American Economic Journal: Macroeconomics 2024). In closed form for one sector without inputs and
with balanced trade; through the engine's exact derivatives for any world. First-order in both
cases: they rank friends and enemies, they do not measure large shocks.

Income is factor income (value added at the new wage) in units of world value added, the
numeraire: only shares in world income can change. Welfare is real final spending, which has no
numeraire.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import NamedTuple

import numpy as np
import xarray as xr

from tula.equilibrium import arrays, readings
from tula.equilibrium.calibration import Calibration
from tula.equilibrium.closures import Closure
from tula.equilibrium.gradient import gradient
from tula.equilibrium.readings import Outcome
from tula.equilibrium.solution import Solution
from tula.equilibrium.system import State, System
from tula.equilibrium.technology import Technology
from tula.errors import TulaError
from tula.metrics.parties import Position, World, base_of, label_base, position
from tula.metrics.registry import BETTER
from tula.policy.shock import Shock, no_shock
from tula.shapes import Float

Array = np.ndarray

#: Largest departure, relative to world income, that the closed form takes for none.
ROUNDING = 1e-9
UNITS = "% per 1% of productivity"


class ClosedFormError(TulaError):
    """The closed form does not hold for this world; use ``exposure``, which holds for any.

    It needs one sector, no inputs, no duties, balanced trade and the default technology.
    """


class FriendEnemy(NamedTuple):
    """Elasticities to productivity, (N, N): rows feel, columns grow.

    ``income`` in units of world income, ``welfare`` in real terms.
    """

    income: Float[Array, "N N"]
    welfare: Float[Array, "N N"]


def friend_enemy(
    spending_share: Float[Array, "N N"], income: Float[Array, " N"], trade_elasticity: float
) -> FriendEnemy:
    """Return the closed form for one sector, balanced trade, no inputs and no duties.

    ``spending_share`` S has buyers in rows, sellers in columns; ``income`` is any positive scale
    of it; ``trade_elasticity`` is theta = sigma - 1. With T the shares of markets in a seller's
    income, M = TS - I, V = (T + theta T S)/(theta + 1) - Q and Q the income weights in each row:
    W = -(I - V)^-1 theta/(theta + 1) M, U = (I - S)W + S.
    """
    one = np.eye(len(income))
    market_share = spending_share.T * income / income[:, None]
    _require_balance(market_share, income)
    through = market_share @ spending_share
    weights = np.tile(income / income.sum(), (len(income), 1))
    feedback = (market_share + trade_elasticity * through) / (trade_elasticity + 1.0) - weights
    direct = trade_elasticity / (trade_elasticity + 1.0) * (through - one)
    felt = -np.linalg.solve(one - feedback, direct)
    return FriendEnemy(felt, (one - spending_share) @ felt + spending_share)


def closed_form_exposure(world: World) -> xr.Dataset:
    """Return ``friend_enemy`` of a one-sector world, labelled like ``exposure``.

    Raises ``ClosedFormError`` with everything in the world that the closed form leaves out.
    """
    base, place = base_of(world), position(world)
    _require_simple(base, place)
    theta = float(base.trade_elasticity[0])
    found = friend_enemy(place.trade_share[0], place.expenditure[:, 0], theta)
    return _dataset(place, found.income, found.welfare, ("region", "partner"), "closed form")


def exposure(
    world: World, *, regions: Sequence[str] | None = None, closure: Closure | None = None
) -> xr.Dataset:
    """Return income and welfare exposure of regions to every partner's productivity by sector.

    Variables ``income`` and ``welfare`` with axes region (who feels), partner (who grows) and
    sector (where); ``.sum("sector")`` is growth of the partner's whole economy. Exact derivatives
    through inputs, duties and imbalances: one adjoint solve per region and variable. At a
    solution they are taken in the new equilibrium. Errors as ``gradient``.
    """
    base, place = base_of(world), position(world)
    codes = place.labels.resolve_regions(regions if regions is not None else "all")
    shock = world.shock if isinstance(world, Solution) else _still(base)
    rows = {
        name: np.stack([_row(base, shock, name, code, closure) for code in codes])
        for name in ("wage", "real_income")
    }
    dims = ("region", "partner", "sector")
    return _dataset(place, rows["wage"], rows["real_income"], dims, "engine", codes)


@arrays.record
class _LogOutcome:
    """The log of one of several outcomes; the weights choose, so that one compilation serves."""

    weights: Float[arrays.Array, " N"]
    outcomes: tuple[Outcome, ...]

    def __call__(self, system: System, state: State) -> arrays.Array:
        xp = arrays.namespace(state.income)
        values = xp.stack([outcome(system, state) for outcome in self.outcomes])
        return self.weights @ xp.log(values)


def _row(
    base: Calibration, shock: Shock, name: str, region: str, closure: Closure | None
) -> Float[Array, "N S"]:
    """Derivatives of one region's log outcome in log productivity."""

    def reading(calibration: Calibration) -> Outcome:
        kind = getattr(readings, name)
        outcomes = tuple(kind(code)(calibration) for code in calibration.labels.regions)
        chosen = np.array([code == region for code in calibration.labels.regions], dtype=float)
        return _LogOutcome(chosen, outcomes)

    slopes = gradient(base, shock, reading, closure=closure).productivity
    return np.asarray(slopes * shock.productivity_hat)


def _still(base: Calibration) -> Shock:
    return no_shock(base.labels, base.tariff, base.export_tax)


def _require_balance(market_share: Float[Array, "N N"], income: Float[Array, " N"]) -> None:
    """Raise unless what every nation sells is what it earns."""
    gap = np.abs(market_share.sum(axis=1) - 1.0)
    if (gap > ROUNDING).any():
        worst = int(np.argmax(gap))
        raise ClosedFormError(
            f"sales of nation number {worst} differ from its income by {gap[worst]:.1e} of it: "
            "the closed form needs balanced trade; use tula.metrics.exposure.exposure()"
        )


def _require_simple(base: Calibration, place: Position) -> None:
    world_income = float(base.value_added.sum())
    reasons = [
        (len(place.labels.sectors) != 1, f"{len(place.labels.sectors)} sectors"),
        (bool((base.input_share > ROUNDING).any()), "inputs"),
        (bool(base.tariff.any() or base.export_tax.any()), "duties or export taxes"),
        (bool((np.abs(base.imbalance) > ROUNDING * world_income).any()), "trade imbalances"),
    ]
    found = [reason for holds, reason in reasons if holds]
    default = Technology()
    found += [
        f"technology.{field.name}"
        for field in fields(Technology)
        if getattr(base.technology, field.name) != getattr(default, field.name)
    ]
    if found:
        raise ClosedFormError(
            f"the world has {', '.join(found)}: use tula.metrics.exposure.exposure() for it"
        )


def _dataset(
    place: Position,
    income: Array,
    welfare: Array,
    dims: tuple[str, ...],
    method: str,
    codes: Sequence[str] | None = None,
) -> xr.Dataset:
    regions, sectors = place.labels.regions, place.labels.sectors
    axes = {"region": codes or regions, "partner": regions, "sector": sectors}
    coords = {dim: axes[dim] for dim in dims}
    return xr.Dataset(
        {
            "income": label_base(
                income,
                place,
                coords,
                name="income",
                title="Income exposure",
                units=UNITS,
                base="factor income, world value added as numeraire",
                sign="plus = the partner's growth raises the region's share in world income",
                method=method,
            ),
            "welfare": label_base(
                welfare,
                place,
                coords,
                name="welfare",
                title="Welfare exposure",
                units=UNITS,
                base="real final spending",
                sign=BETTER,
                method=method,
            ),
        }
    )
