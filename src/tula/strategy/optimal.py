"""One state's best duties while the others stand still."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import xarray as xr

from tula.equilibrium import Anderson, Closure, Solution
from tula.equilibrium.calibration import World, calibrated
from tula.equilibrium.readings import Reading
from tula.policy.instruments import Instrument
from tula.policy.shock import Shock
from tula.shapes import Float
from tula.strategy.arena import Arena, Effort, Progress, open_arena
from tula.strategy.guess import BY_FORMULA, formula, opening, refuse_method
from tula.strategy.levers import DutyLevers, duty_levers
from tula.strategy.payoff import check_payoff, objective_unit, payoff, shown_payoff
from tula.strategy.proof import PeakProof, unproven
from tula.strategy.search import EVALUATIONS, TOLERANCE, Allowance, search
from tula.strategy.space import Names, PolicySpace, as_spaces

Array = np.ndarray


@dataclass(frozen=True, eq=False)
class Optimum:
    """The best policy of one player, with its proof.

    ``names`` and ``rates`` (L,): levers and their rates, fractions; ``value`` the objective,
    ``base_value`` the same under the base policy; ``base`` and ``solution`` the two equilibria.
    The proof of a general objective counts in units of its size under the base policy.
    """

    space: PolicySpace
    names: tuple[str, ...]
    rates: Float[Array, " L"]
    value: float
    base_value: float
    base: Solution
    solution: Solution
    proof: PeakProof
    effort: Effort

    @property
    def gain(self) -> float:
        """Change of the player's real income against the base policy, %."""
        return float(self.real_income.sel(region=self.space.player))

    @property
    def real_income(self) -> xr.DataArray:
        """Change of every region's real income against the base policy, %."""
        return income_change(self.base, self.solution)

    @property
    def levers(self) -> xr.DataArray:
        """Rates of the levers by name, fractions."""
        return lever_rates(self.names, self.rates)


def income_change(base: Solution, solution: Solution) -> xr.DataArray:
    """Return the change of real income between two equilibria, %, by region."""
    change = 100.0 * (solution.real_income_hat / base.real_income_hat - 1.0)
    attrs = {"long_name": "change in real income against the base policy", "units": "%"}
    return xr.DataArray(change, {"region": list(solution.labels.regions)}, "region", attrs=attrs)


def lever_rates(names: Sequence[str], rates: Float[Array, " L"]) -> xr.DataArray:
    """Return rates labelled by lever."""
    attrs = {"long_name": "ad-valorem rate", "units": "fraction"}
    return xr.DataArray(rates, {"lever": list(names)}, "lever", attrs=attrs)


def optimal_tariffs(
    world: World,
    player: str | PolicySpace,
    *,
    instrument: str | tuple[str, ...] = "tariff",
    by: str = "uniform",
    sectors: Names = "goods",
    except_sectors: Names = (),
    partners: Names = "all",
    except_partners: Names = (),
    bounds: tuple[float, float] = (0.0, 2.0),
    weights: Mapping[str, float] | None = None,
    objective: Reading | None = None,
    policy: Shock | Sequence[Instrument] = (),
    closure: Closure | str | None = None,
    on: date | str | None = None,
    start: Iterable[float] | float | None = None,
    other_starts: int = 1,
    tolerance: float = TOLERANCE,
    evaluations: int = EVALUATIONS,
    method: str = "slopes",
    solver: Anderson | None = None,
    progress: Progress | None = None,
) -> Optimum:
    """Return the duties that are best for one player, given the base ``policy`` of everybody.

    The levers are described in ``PolicySpace`` (give one as ``player`` in place of the separate
    arguments). The search starts from the sufficient-statistic formula, or from ``start``, and
    again from ``other_starts`` further points of the box; the best of the peaks is returned and
    the others stand in its proof. ``method="formula"`` takes the formula's own fixed point
    instead, without derivatives and without proof (see ``tula.strategy.guess``).

    Raises ``PolicyChoiceError`` with everything wrong with the question, ``UnfinishedSearchError``,
    ``NotAMaximumError``, and the errors of ``tula.equilibrium.solve``.
    """
    default = PolicySpace(
        player if isinstance(player, str) else player.player,
        instrument=instrument,
        by=by,
        sectors=sectors,
        except_sectors=except_sectors,
        partners=partners,
        except_partners=except_partners,
        bounds=bounds,
        weights=weights,
        objective=objective,
    )
    space = default if isinstance(player, str) else player
    as_spaces([space], space, calibrated(world).labels)
    refuse_method(method, [space])
    arena = open_arena(world, policy, closure, solver, on, progress)
    (levers,) = duty_levers([space], arena.calibration, arena.shock)
    if method == "formula":
        return _by_formula(arena, levers)
    first = opening(arena, (levers,), start)
    return _settle(arena, levers, first, other_starts, tolerance, evaluations)


def _by_formula(arena: Arena, levers: DutyLevers) -> Optimum:
    """Return the best tariff by the formula: equilibria alone are solved, nothing is proven."""
    rates, _ = formula(arena, (levers,))
    base, solution = arena.solve(), arena.solve(levers, rates)
    value, base_value = (shown_payoff(levers.space, one) for one in (solution, base))
    return Optimum(
        space=levers.space,
        names=levers.names,
        rates=rates,
        value=value,
        base_value=base_value,
        base=base,
        solution=solution,
        proof=unproven(BY_FORMULA, solution.certificate),
        effort=arena.effort(),
    )


def _settle(
    arena: Arena,
    levers: DutyLevers,
    first: Float[Array, " L"],
    other_starts: int,
    tolerance: float,
    evaluations: int,
) -> Optimum:
    space = levers.space
    base = arena.solve()
    (at_base,) = arena.slopes(arena.shock, (payoff(space),))
    unit = objective_unit(space, at_base.value)
    outcome = payoff(space, unit)
    effort = Allowance(tolerance, evaluations, other_starts)
    arena.doing = f"best duties of {space.player}"
    found = search(arena.look(levers, outcome), levers, first, effort, space.player)
    solution = arena.solve(levers, found.peak.rates)
    check_payoff(space, found.peak.value, solution)
    return Optimum(
        space=space,
        names=levers.names,
        rates=found.peak.rates,
        value=found.peak.value * unit,
        base_value=at_base.value,
        base=base,
        solution=solution,
        proof=found.proof(solution.certificate),
        effort=arena.effort(),
    )
