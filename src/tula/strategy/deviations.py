"""Why a game is at rest: every player searches alone for a deviation that pays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

from tula.equilibrium import Certificate, Solution
from tula.shapes import Float
from tula.strategy.ascent import Peak, climb
from tula.strategy.errors import ProfitableDeviationError
from tula.strategy.payoff import check_payoff
from tula.strategy.proof import (
    Binding,
    Curvature,
    bindings,
    curvature,
    held_text,
    require_maximum,
)
from tula.strategy.rounds import Game, Stand, play
from tula.strategy.search import EVALUATIONS, elsewhere, nothing_moves

Array = np.ndarray

#: Slope at which a player's own search ends, relative to the root of the gain that matters: the
#: gain still to be had is half the squared slope.
FINE = 0.1


@dataclass(frozen=True, eq=False)
class BestResponse:
    """What one player finds when it searches alone from the equilibrium and from elsewhere.

    ``gain``: rise of its payoff over the equilibrium, in units of the payoff (real income as a
    ratio to base), the larger of the two searches; ``apart``: largest distance of a best response
    found from the equilibrium's rates; ``slope_norm`` at the equilibrium; ``curvature`` and
    ``binding`` of its own levers there; ``rates`` (L,): the best response found elsewhere.
    """

    player: str
    gain: float
    apart: float
    slope_norm: float
    curvature: Curvature
    binding: tuple[Binding, ...]
    rates: Float[Array, " L"]

    def leaves(self, gain_tolerance: float) -> bool:
        """Whether the player does not stay: it gains elsewhere, or stands where it bends up."""
        return self.gain > gain_tolerance or not self.curvature.bends_down


@dataclass(frozen=True)
class NashProof:
    """Why no player wants to leave: each player's own search, with the tolerances it met.

    ``held``: levers, with their player, whose trade is too small to move the payoff above
    rounding; ``reason``: why nothing is proven, empty where it is.
    """

    responses: tuple[BestResponse, ...]
    tolerance: float
    gain_tolerance: float
    rounds: int
    held: tuple[tuple[str, str], ...]
    reason: str
    certificate: Certificate

    @property
    def proven(self) -> bool:
        """Whether it is proven that no player wants to leave."""
        return not self.reason

    @property
    def largest_gain(self) -> float:
        """The largest gain any player finds by deviating; NaN where nobody searched."""
        return max((response.gain for response in self.responses), default=np.nan)

    @property
    def binding(self) -> tuple[tuple[str, Binding], ...]:
        """Every bound that holds, with its player."""
        return tuple((found.player, one) for found in self.responses for one in found.binding)

    def __str__(self) -> str:
        if self.reason:
            return f"none, {self.reason}; {self.certificate}"
        steepest = max(response.slope_norm for response in self.responses)
        bend = max(response.curvature.largest for response in self.responses)
        held = held_text([f"{player} {name}" for player, name in self.held])
        return (
            f"largest gain from a deviation {self.largest_gain:.1e} (tolerance "
            f"{self.gain_tolerance:.0e}), slope {steepest:.1e} (tolerance {self.tolerance:.0e}), "
            f"curvature at most {bend:.1e}, {len(self.binding)} bound(s) bind{held}, "
            f"{self.rounds} rounds; {self.certificate}"
        )


def best_response(
    game: Game,
    place: int,
    stand: Stand,
    solution: Solution,
    gain_tolerance: float,
) -> BestResponse:
    """Let one player search alone, the others' rates fixed, and compare."""
    levers, own = game.joint.parts[place], game.joint.split(stand.rates)[place]
    value, slope = stand.values[place], stand.slopes[place]
    space, box = levers.space, levers.box
    game.arena.doing = f"deviations of {space.player}"
    look = game.arena.look(levers, game.outcomes[place], stand.shock)
    check_payoff(space, value, solution)
    here = Peak(own, value, slope, stand.norms[place], 0.0, 1)
    bend = curvature(lambda moved: look(moved)[1], here, box)
    fine = FINE * sqrt(gain_tolerance)
    starts = [*([own] if here.slope_norm > fine else []), *elsewhere(box, 1).values()]
    peaks = [
        climb(
            look,
            start,
            box,
            tolerance=fine,
            evaluations=EVALUATIONS,
            bend=game.bends[place].copy(),
        )
        for start in starts
    ]
    best = max(peaks, key=lambda peak: peak.value)
    return BestResponse(
        player=space.player,
        gain=max(0.0, best.value - value),
        apart=max(float(np.max(np.abs(peak.rates - own))) for peak in peaks),
        slope_norm=here.slope_norm,
        curvature=bend,
        binding=bindings(levers.names, here, box),
        rates=best.rates,
    )


def rest(
    game: Game,
    first: Float[Array, " L"],
    tolerance: float,
    gain_tolerance: float,
    rounds: int,
) -> tuple[Float[Array, " L"], Solution, NashProof]:
    """Play until nobody wants to leave; whoever does goes where it gains, and play goes on."""
    joint, rates, played = game.joint, first, 0
    while True:
        stand, taken = play(game, rates, tolerance, rounds - played)
        played, rates = played + taken, stand.rates
        solution, cut = game.arena.solve(joint, rates), joint.split(rates)
        responses = [
            best_response(game, place, stand, solution, gain_tolerance) for place in range(len(cut))
        ]
        leaving = [found.leaves(gain_tolerance) for found in responses]
        if not any(leaving) or played >= rounds:
            break
        moves = zip(leaving, responses, cut, strict=True)
        rates = np.concatenate([found.rates if goes else own for goes, found, own in moves])
    require_rest(responses, gain_tolerance)
    held = tuple(
        (levers.space.player, levers.names[place])
        for levers in joint.parts
        for place in np.flatnonzero(levers.box.pinned).tolist()
    )
    idle = [levers.space.player for levers in joint.parts if levers.box.pinned.all()]
    proof = NashProof(
        tuple(responses),
        tolerance,
        gain_tolerance,
        played,
        held,
        nothing_moves(idle),
        solution.certificate,
    )
    return rates, solution, proof


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
