"""Nash equilibria in duties: every player's choice is best given all the others'."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import xarray as xr

from tula.equilibrium import Anderson, Closure, Solution
from tula.equilibrium.calibration import World, calibrated
from tula.policy.instruments import Instrument
from tula.policy.shock import Shock
from tula.shapes import Float
from tula.strategy.arena import Arena, Effort, Progress, open_arena
from tula.strategy.ascent import Bend
from tula.strategy.deviations import NashProof, rest
from tula.strategy.guess import BY_FORMULA, formula, opening, refuse_method
from tula.strategy.levers import DutyLevers, JointLevers, duty_levers
from tula.strategy.optimal import income_change, lever_rates
from tula.strategy.payoff import objective_unit, payoff
from tula.strategy.rounds import Game
from tula.strategy.search import TOLERANCE, hold_idle
from tula.strategy.space import Names, PolicySpace, as_spaces

Array = np.ndarray

#: Rounds of the game allowed; largest gain from a deviation, relative to the payoff's own size.
ROUNDS, GAIN = 60, 1e-8


@dataclass(frozen=True, eq=False)
class Nash:
    """A Nash equilibrium with its proof.

    ``rates``: one array of rates per player, in the order of ``spaces``; ``base`` is the
    equilibrium of the base policy, ``solution`` that of the game.
    """

    spaces: tuple[PolicySpace, ...]
    names: tuple[tuple[str, ...], ...]
    rates: tuple[Array, ...]
    base: Solution
    solution: Solution
    proof: NashProof
    effort: Effort

    @property
    def players(self) -> tuple[str, ...]:
        """Codes of the players."""
        return tuple(space.player for space in self.spaces)

    @property
    def real_income(self) -> xr.DataArray:
        """Change of every region's real income against the base policy, %."""
        return income_change(self.base, self.solution)

    def levers(self, player: str) -> xr.DataArray:
        """Rates of one player's levers by name, fractions."""
        place = self.players.index(player)
        return lever_rates(self.names[place], self.rates[place])


def nash(
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
    weights: Mapping[str, float] | None = None,
    policy: Shock | Sequence[Instrument] = (),
    closure: Closure | str | None = None,
    on: date | str | None = None,
    start: Iterable[float] | float | None = None,
    tolerance: float = TOLERANCE,
    gain_tolerance: float = GAIN,
    rounds: int = ROUNDS,
    method: str = "slopes",
    solver: Anderson | None = None,
    progress: Progress | None = None,
) -> Nash:
    """Return a Nash equilibrium in duties among players, given the base ``policy`` of the rest.

    ``players`` are codes, groups (``"all"``) or ``PolicySpace`` objects; codes take the levers of
    the separate arguments. Players take turns and step together until every own slope vanishes
    (see ``tula.strategy.rounds``); then each searches alone, from the equilibrium and from
    elsewhere, for a deviation that pays. Whoever finds one goes there, and play goes on.

    ``method="formula"`` takes the fixed point of Lashkaripour's (2021) formula instead: some
    twenty equilibria, no derivatives and no proof (see ``tula.strategy.guess`` for how far it is
    from the exact war). It knows uniform tariffs and real income only.

    Raises ``PolicyChoiceError``, ``UnfinishedSearchError``, ``NotAMaximumError``,
    ``ProfitableDeviationError`` and the errors of ``tula.equilibrium.solve``.
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
        weights=weights,
    )
    spaces = as_spaces(players, default, calibrated(world).labels)
    refuse_method(method, spaces)
    arena = open_arena(world, policy, closure, solver, on, progress)
    parts = duty_levers(spaces, arena.calibration, arena.shock)
    if method == "formula":
        return _by_formula(arena, parts, tolerance, gain_tolerance)
    first = opening(arena, parts, start)
    game = _sit_down(arena, parts, first)
    return _told(arena, game.joint, *rest(game, first, tolerance, gain_tolerance, rounds))


def _sit_down(arena: Arena, parts: tuple[DutyLevers, ...], first: Float[Array, " L"]) -> Game:
    """Return the game, general objectives in units of their base size, idle levers held."""
    spaces = [levers.space for levers in parts]
    outcomes = tuple(
        payoff(space)
        if space.objective is None
        else payoff(space, objective_unit(space, _base_value(arena, space)))
        for space in spaces
    )
    bends = tuple(Bend(len(levers.names)) for levers in parts)
    game = Game(arena, JointLevers(parts), outcomes, bends)
    shock = game.joint.place(arena.shock, first)
    seats = zip(parts, outcomes, game.joint.split(first), strict=True)
    held = [
        replace(levers, box=hold_idle(levers.box, arena.look(levers, outcome, shock), own))
        for levers, outcome, own in seats
    ]
    return replace(game, joint=JointLevers(tuple(held)))


def _base_value(arena: Arena, space: PolicySpace) -> float:
    return arena.slopes(arena.shock, (payoff(space),))[0].value


def _by_formula(
    arena: Arena, parts: tuple[DutyLevers, ...], tolerance: float, gain_tolerance: float
) -> Nash:
    """Return the war by the formula: equilibria alone are solved, and nothing is proven."""
    joint = JointLevers(parts)
    rates, rounds = formula(arena, parts)
    solution = arena.solve(joint, rates)
    proof = NashProof((), tolerance, gain_tolerance, rounds, (), BY_FORMULA, solution.certificate)
    return _told(arena, joint, rates, solution, proof)


def _told(
    arena: Arena,
    joint: JointLevers[DutyLevers],
    rates: Float[Array, " L"],
    solution: Solution,
    proof: NashProof,
) -> Nash:
    return Nash(
        spaces=tuple(levers.space for levers in joint.parts),
        names=tuple(levers.names for levers in joint.parts),
        rates=tuple(joint.split(rates)),
        base=arena.solve(),
        solution=solution,
        proof=proof,
        effort=arena.effort(),
    )
