"""Nash equilibria in duties: every player's choice is best given all the others'."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import xarray as xr
from jaxtyping import Float

from tula.equilibrium import Anderson, Calibration, Certificate, Closure, Solution
from tula.equilibrium.readings import Reading
from tula.policy.instruments import Instrument
from tula.policy.shock import Shock
from tula.strategy.arena import Arena, Effort, Progress, open_arena
from tula.strategy.ascent import Bend, Peak, climb, shortened, slope_norm
from tula.strategy.errors import ProfitableDeviationError, UnfinishedSearchError
from tula.strategy.guess import first_guess
from tula.strategy.levers import DutyLevers, JointLevers, duty_levers
from tula.strategy.optimal import income_change, lever_rates
from tula.strategy.payoff import check_payoff, objective_unit, payoff
from tula.strategy.proof import Binding, Curvature, bindings, curvature, require_maximum
from tula.strategy.search import EVALUATIONS, TOLERANCE, as_start, elsewhere
from tula.strategy.space import Names, PolicySpace, as_spaces
from tula.world.economy import Economy

Array = np.ndarray

#: Rounds of the game allowed; largest gain from a deviation, relative to the payoff's own size.
ROUNDS, GAIN = 60, 1e-8
#: A round whose slopes grow by more than this over the best one halves the steps of all.
GROWTH = 2.0


@dataclass(frozen=True)
class BestResponse:
    """What one player finds when it searches alone from the equilibrium and from elsewhere.

    ``gain``: rise of its payoff over the equilibrium, in units of the payoff (real income as a
    ratio to base), the larger of the two searches; ``apart``: largest distance of a best response
    found from the equilibrium's rates; ``slope_norm`` at the equilibrium; ``curvature`` and
    ``binding`` of its own levers there.
    """

    player: str
    gain: float
    apart: float
    slope_norm: float
    curvature: Curvature
    binding: tuple[Binding, ...]


@dataclass(frozen=True)
class NashProof:
    """Why no player wants to leave: each player's own search, with the tolerances it met."""

    responses: tuple[BestResponse, ...]
    tolerance: float
    gain_tolerance: float
    rounds: int
    certificate: Certificate

    @property
    def largest_gain(self) -> float:
        """The largest gain any player finds by deviating."""
        return max(response.gain for response in self.responses)

    @property
    def binding(self) -> tuple[tuple[str, Binding], ...]:
        """Every bound that holds, with its player."""
        return tuple((found.player, one) for found in self.responses for one in found.binding)

    def __str__(self) -> str:
        steepest = max(response.slope_norm for response in self.responses)
        bend = max(response.curvature.largest for response in self.responses)
        return (
            f"largest gain from a deviation {self.largest_gain:.1e} (tolerance "
            f"{self.gain_tolerance:.0e}), slope {steepest:.1e} (tolerance {self.tolerance:.0e}), "
            f"curvature at most {bend:.1e}, {len(self.binding)} bound(s) bind, {self.rounds} "
            f"rounds; {self.certificate}"
        )


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
    world: Economy | Calibration,
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
    closure: Closure | None = None,
    on: date | None = None,
    start: Iterable[float] | float | None = None,
    tolerance: float = TOLERANCE,
    gain_tolerance: float = GAIN,
    rounds: int = ROUNDS,
    solver: Anderson | None = None,
    progress: Progress | None = None,
) -> Nash:
    """Return a Nash equilibrium in duties among players, given the base ``policy`` of the rest.

    ``players`` are codes, groups (``"all"``) or ``PolicySpace`` objects; codes take the levers of
    the separate arguments. All players move at once by their own quasi-Newton steps until every
    own slope vanishes; then each searches alone, from the equilibrium and from elsewhere, for a
    deviation that pays.

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
    spaces = as_spaces(players, default, world.labels)
    arena = open_arena(world, policy, closure, solver, on, progress)
    joint = JointLevers(duty_levers(spaces, arena.calibration, arena.shock))
    first = first_guess(arena, joint.parts) if start is None else as_start(start, joint)
    game = Game(arena, joint, _outcomes(arena, spaces))
    rates, played = play(game, first, tolerance, rounds)
    return _prove(game, rates, played, tolerance, gain_tolerance)


@dataclass(frozen=True, eq=False)
class Game:
    """Who plays with which levers for what: ``outcomes`` in the order of the players."""

    arena: Arena
    joint: JointLevers[DutyLevers]
    outcomes: tuple[Reading, ...]


def _outcomes(arena: Arena, spaces: Sequence[PolicySpace]) -> tuple[Reading, ...]:
    """Return what each player maximises, general objectives in units of their base size."""
    return tuple(
        payoff(space)
        if space.objective is None
        else payoff(space, objective_unit(space, arena.gradient(arena.shock, payoff(space)).value))
        for space in spaces
    )


def play(
    game: Game,
    first: Float[Array, " L"],
    tolerance: float,
    rounds: int,
) -> tuple[Float[Array, " L"], int]:
    """Let all players step at once until every own slope is below the tolerance.

    Returns the rates and the rounds taken; raises ``UnfinishedSearchError``.
    """
    joint = game.joint
    table = [_Seat(levers) for levers in joint.parts]
    rates, best, part = first, np.inf, 1.0
    for played in range(1, rounds + 1):
        game.arena.doing = f"round {played} of the game"
        slopes = own_slopes(game, rates)
        cut = joint.split(rates)
        norms = [
            slope_norm(own, slope, seat.levers.box)
            for own, slope, seat in zip(cut, slopes, table, strict=True)
        ]
        worst = int(np.argmax(norms))
        if norms[worst] <= tolerance:
            return rates, played
        part = part / 2.0 if norms[worst] > GROWTH * best else min(1.0, 1.5 * part)
        best = min(best, norms[worst])
        moves = [seat.move(own, slope) for seat, own, slope in zip(table, cut, slopes, strict=True)]
        rates = rates + part * np.concatenate(moves)
    raise UnfinishedSearchError(
        f"after {rounds} rounds {joint.parts[worst].space.player} still has a scaled slope of "
        f"{norms[worst]:.1e}, tolerance {tolerance:.0e}. Allow more rounds, a looser tolerance or "
        "narrower bounds"
    )


class _Seat:
    """One player at the table: its levers and what it has learnt of its own curvature."""

    def __init__(self, levers: DutyLevers) -> None:
        self.levers = levers
        self._bend = Bend(len(levers.names))
        self._last: tuple[Array, Array] | None = None

    def move(self, rates: Float[Array, " L"], slope: Float[Array, " L"]) -> Float[Array, " L"]:
        """Return the step to the best response of the quadratic model, in rates."""
        box = self.levers.box
        if self._last is not None:
            before, steep = self._last
            self._bend.learn((rates - before) * box.scale, (steep - slope) / box.scale)
        self._last = rates, slope
        lower, upper = box.lower * box.scale, box.upper * box.scale
        step = self._bend.step(rates * box.scale, slope / box.scale, lower, upper)
        goal = np.clip(rates + shortened(step, box) / box.scale, box.lower, box.upper)
        return np.asarray(goal - rates)


def own_slopes(game: Game, rates: Float[Array, " L"]) -> list[Array]:
    """Return every player's slope in its own levers, all at the same rates."""
    shock = game.joint.place(game.arena.shock, rates)
    return [
        levers.slopes(game.arena.gradient(shock, outcome))
        for levers, outcome in zip(game.joint.parts, game.outcomes, strict=True)
    ]


def _prove(
    game: Game,
    rates: Float[Array, " L"],
    rounds: int,
    tolerance: float,
    gain_tolerance: float,
) -> Nash:
    arena, joint = game.arena, game.joint
    solution, cut = arena.solve(joint, rates), joint.split(rates)
    responses = [best_response(game, place, cut, solution, tolerance) for place in range(len(cut))]
    require_rest(responses, gain_tolerance)
    return Nash(
        spaces=tuple(levers.space for levers in joint.parts),
        names=tuple(levers.names for levers in joint.parts),
        rates=tuple(cut),
        base=arena.solve(),
        solution=solution,
        proof=NashProof(tuple(responses), tolerance, gain_tolerance, rounds, solution.certificate),
        effort=arena.effort(),
    )


def best_response(
    game: Game,
    place: int,
    cut: Sequence[Array],
    solution: Solution,
    tolerance: float,
) -> BestResponse:
    """Let one player search alone, the others' rates fixed, and compare."""
    levers, own = game.joint.parts[place], cut[place]
    space, box = levers.space, levers.box
    game.arena.doing = f"deviations of {space.player}"
    shock = game.joint.place(game.arena.shock, np.concatenate(cut))
    look = game.arena.look(levers, game.outcomes[place], shock)
    value, slope = look(own)
    check_payoff(space, value, solution)
    here = Peak(own, value, slope, slope_norm(own, slope, box), 0.0, 1)
    bend = curvature(lambda moved: look(moved)[1], here, box)
    starts = [own, *elsewhere(box, 1).values()]
    peaks = [
        climb(look, start, box, tolerance=min(tolerance, TOLERANCE), evaluations=EVALUATIONS)
        for start in starts
    ]
    return BestResponse(
        player=space.player,
        gain=max(peak.value for peak in peaks) - value,
        apart=max(float(np.max(np.abs(peak.rates - own))) for peak in peaks),
        slope_norm=here.slope_norm,
        curvature=bend,
        binding=bindings(levers.names, here, box),
    )


def require_rest(responses: Sequence[BestResponse], gain_tolerance: float) -> None:
    """Raise where a player gains by leaving, or where its own objective bends up."""
    leaving = [found for found in responses if found.gain > gain_tolerance]
    if leaving:
        named = "; ".join(
            f"{found.player} gains {found.gain:.1e} by moving up to {found.apart:.1%}"
            for found in leaving
        )
        raise ProfitableDeviationError(f"not a Nash equilibrium: {named}")
    for found in responses:
        require_maximum(found.curvature, found.player)
