"""What players agree on: duties, and payments if allowed, that serve them together.

Without a threat point the agreement maximises the weighted mean of log real incomes; with one (a
Nash equilibrium) the weighted Nash product of the gains on it (Nash 1950), as in tariff
bargaining (Ossa 2014). It is one bargain among all players, not a set of bilateral ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import xarray as xr

from tula.equilibrium import Anderson, Closure, Solution
from tula.equilibrium.calibration import World, calibrated
from tula.policy.instruments import Instrument
from tula.policy.shock import Shock
from tula.shapes import Float
from tula.strategy.arena import Effort, Progress, open_arena
from tula.strategy.duty_game import Nash
from tula.strategy.errors import NotBetterError
from tula.strategy.levers import DutyLevers, JointLevers, Levers, duty_levers
from tula.strategy.optimal import income_change, lever_rates
from tula.strategy.payoff import require_agreement
from tula.strategy.proof import PeakProof
from tula.strategy.search import EVALUATIONS, TOLERANCE, Allowance, Found, as_start
from tula.strategy.space import Names, PolicySpace, as_spaces
from tula.strategy.talks import Talks
from tula.strategy.terms import pareto_weights, payment_levers, refuse_terms

Array = np.ndarray

#: By how much the agreement may stand below another point, for rounding.
ROUNDING = 1e-9


@dataclass(frozen=True, eq=False)
class Agreement:
    """A cooperative outcome with its proof.

    ``names`` and ``rates`` (L,): levers and their rates, fractions; ``transfer`` (N,): payments
    received under the agreement, million USD; ``weight`` (N,): weights, summing to one; ``value``
    the objective; ``compared``: the objective at other points (base policy, free trade, the
    threat), -inf where a player would rather leave.
    """

    spaces: tuple[PolicySpace, ...]
    objective: str
    weight: Float[Array, " N"]
    names: tuple[str, ...]
    rates: Float[Array, " L"]
    transfer: Float[Array, " N"]
    value: float
    compared: Mapping[str, float]
    base: Solution
    solution: Solution
    proof: PeakProof
    effort: Effort

    @property
    def real_income(self) -> xr.DataArray:
        """Change of every region's real income against the base policy, %."""
        return income_change(self.base, self.solution)

    @property
    def levers(self) -> xr.DataArray:
        """Rates of all levers by name, fractions; payments as shares of the receiver's spending."""
        return lever_rates(self.names, self.rates)


def cooperative(
    world: World,
    players: str | PolicySpace | Iterable[str | PolicySpace],
    *,
    instrument: str | tuple[str, ...] = "tariff",
    by: str = "uniform",
    sectors: Names = "goods",
    except_sectors: Names = (),
    partners: Names = "all",
    except_partners: Names = (),
    bounds: tuple[float, float] = (0.0, 2.0),
    weights: str | Mapping[str, float] = "income",
    threat: Nash | None = None,
    transfers: float = 0.0,
    policy: Shock | Sequence[Instrument] = (),
    closure: Closure | str | None = None,
    on: date | str | None = None,
    start: Iterable[float] | float | None = None,
    other_starts: int = 0,
    tolerance: float = TOLERANCE,
    evaluations: int = EVALUATIONS,
    solver: Anderson | None = None,
    progress: Progress | None = None,
) -> Agreement:
    """Return the duties that players would choose together, given the base ``policy``.

    ``weights``: ``"income"`` (base final spending, under which nobody's share of the world is
    moved for its own sake), ``"equal"``, or a weight by region; regions outside the agreement may
    be given one. ``threat``: the Nash equilibrium that follows if talks fail. ``transfers``: the
    largest payment, as a share of the receiver's base final spending; the player that spends most
    is the other side of every payment. 0 means none.

    Raises ``PolicyChoiceError``, ``NoCommonGainError``, ``UnfinishedSearchError``,
    ``NotAMaximumError``, ``NotBetterError`` and the errors of ``tula.equilibrium.solve``.
    """
    default = PolicySpace(
        "",
        instrument=instrument,
        by=by,
        sectors=sectors,
        except_sectors=except_sectors,
        partners=partners,
        except_partners=except_partners,
        bounds=bounds,
    )
    spaces = as_spaces(players, default, calibrated(world).labels)
    arena = open_arena(world, policy, closure, solver, on, progress)
    refuse_terms(spaces, weights, threat, transfers, arena)
    duties = duty_levers(spaces, arena.calibration, arena.shock)
    weight = pareto_weights(weights, [space.player for space in spaces], arena.calibration)
    joint: JointLevers[Levers] = JointLevers(
        (*duties, *payment_levers(spaces, arena.calibration, transfers))
    )
    zero = np.clip(np.zeros(len(joint.names)), joint.box.lower, joint.box.upper)
    usual = _war_rates(threat, duties, zero)
    first = usual if start is None else as_start(start, joint)
    talks = Talks(
        arena, joint, weight, _floor(threat), Allowance(tolerance, evaluations, other_starts)
    )
    return _conclude(talks, tuple(spaces), talks.agree(first), zero, threat)


def _floor(threat: Nash | None) -> Float[Array, " N"] | None:
    """Return real incomes without agreement, ratios to base."""
    return None if threat is None else threat.solution.real_income_hat


def _war_rates(
    threat: Nash | None, duties: Sequence[DutyLevers], zero: Float[Array, " L"]
) -> Float[Array, " L"]:
    """Return the threat's own rates where the levers are the same, or the rates nearest to zero.

    Where a war is at rest a small step back by all is a gain for all.
    """
    played = {} if threat is None else dict(zip(threat.players, threat.rates, strict=True))
    named = {} if threat is None else dict(zip(threat.players, threat.names, strict=True))
    if any(named.get(one.space.player) != one.names for one in duties):
        return zero
    rates = np.concatenate([played[one.space.player] for one in duties])
    return np.concatenate([rates, zero[len(rates) :]])


def _conclude(
    talks: Talks,
    spaces: tuple[PolicySpace, ...],
    found: Found,
    zero: Float[Array, " L"],
    threat: Nash | None,
) -> Agreement:
    arena, rates = talks.arena, found.peak.rates
    base, solution = arena.solve(), arena.solve(talks.joint, rates)
    require_agreement("agreement", found.peak.value, talks.value(solution))
    points = {"base policy": base, "free trade": arena.solve(talks.joint, zero)}
    if threat is not None:
        points["threat"] = threat.solution
    compared = {name: talks.value(point) for name, point in points.items()}
    _require_best(found.peak.value, compared, talks)
    return Agreement(
        spaces=spaces,
        objective="log real incomes" if threat is None else "Nash product of gains",
        weight=talks.weight,
        names=_full_names(talks.joint, spaces),
        rates=rates,
        transfer=solution.shock.transfer - arena.shock.transfer,
        value=found.peak.value,
        compared=compared,
        base=base,
        solution=solution,
        proof=found.proof(solution.certificate),
        effort=arena.effort(),
    )


def _require_best(value: float, compared: Mapping[str, float], talks: Talks) -> None:
    """Raise ``NotBetterError`` where a point that the levers can reach is worth more."""
    box = talks.joint.box
    free = "free trade" if ((box.lower <= 0) & (box.upper >= 0)).all() else ""
    for name in filter(None, (free, "threat" if talks.floor is not None else "")):
        if value < compared[name] - ROUNDING:
            raise NotBetterError(
                f"the agreement found is worth {value:.9f}, {name} {compared[name]:.9f}: start "
                "the search there"
            )


def _full_names(joint: JointLevers[Levers], spaces: tuple[PolicySpace, ...]) -> tuple[str, ...]:
    named = zip(joint.parts, spaces, strict=False)
    duties = [f"{space.player} {name}" for part, space in named for name in part.names]
    return (*duties, *joint.names[len(duties) :])
