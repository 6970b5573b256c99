"""How a game of duties is played until nobody's own slope is left.

Players take turns: each climbs towards its best response while the others stand still, so that
what it learns of its objective's bend is its own and no other's move. Once all have learnt, they
step together, which is cheaper, for as long as that gains; where it does not they take turns again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from tula.equilibrium import ConvergenceError
from tula.equilibrium.readings import Reading
from tula.strategy.arena import Arena
from tula.strategy.ascent import Bend, Look, ascend, shortened, slope_norm
from tula.strategy.errors import UnfinishedSearchError
from tula.strategy.levers import Box, DutyLevers, JointLevers

Array = np.ndarray

#: Part of its own slope that a player leaves in one turn, and the trials a turn may take.
TURN, TRIALS = 0.1, 60
#: Part of the worst slope that a step of all together must not exceed to be followed by another.
TOGETHER = 0.5


@dataclass(frozen=True, eq=False)
class Game:
    """Who plays with which levers for what: ``outcomes`` in the order of the players.

    ``bends`` is what each has learnt of its own objective, in scaled levers.
    """

    arena: Arena
    joint: JointLevers[DutyLevers]
    outcomes: tuple[Reading, ...]
    bends: tuple[Bend, ...]


def play(
    game: Game, first: Float[Array, " L"], tolerance: float, rounds: int
) -> tuple[Float[Array, " L"], int]:
    """Let players move until every own slope is below the tolerance.

    Returns the rates and the rounds taken; raises ``UnfinishedSearchError``.
    """
    rates, kept, kept_worst, together = first, first, np.inf, False
    best, who = np.inf, ""
    for played in range(1, rounds + 1):
        game.arena.doing = f"round {played} of the game"
        slopes, norms = _look(game, rates, together)
        worst = max(norms)
        if worst <= tolerance:
            return rates, played
        if worst < best:
            best, who = worst, game.joint.parts[int(np.argmax(norms))].space.player
        gained = worst <= TOGETHER * kept_worst if together else played > 1
        if not together or gained:
            kept, kept_worst = rates, worst
        together = gained
        rates = _step_of_all(game, kept, slopes) if together else _turns(game, kept, tolerance)
    raise UnfinishedSearchError(
        f"after {rounds} rounds {who} still has a scaled slope of {best:.1e}, tolerance "
        f"{tolerance:.0e}. Allow more rounds, a looser tolerance or narrower bounds"
    )


def _look(game: Game, rates: Float[Array, " L"], together: bool) -> tuple[list[Array], list[float]]:
    """Return own slopes and their lengths; infinite where a step of all went out of reach."""
    try:
        slopes = own_slopes(game, rates)
    except ConvergenceError:
        if not together:
            raise
        return [], [np.inf]
    cut, parts = game.joint.split(rates), game.joint.parts
    norms = [
        slope_norm(own, slope, levers.box)
        for own, slope, levers in zip(cut, slopes, parts, strict=True)
    ]
    return slopes, norms


def own_slopes(game: Game, rates: Float[Array, " L"]) -> list[Array]:
    """Return every player's slope in its own levers, all at the same rates."""
    found = game.arena.slopes(game.joint.place(game.arena.shock, rates), game.outcomes)
    return [levers.slopes(one) for levers, one in zip(game.joint.parts, found, strict=True)]


def look_of(game: Game, place: int, cut: Sequence[Array]) -> Look:
    """Return value and slope of one player's payoff in its own rates, the others' as in ``cut``."""
    shock = game.joint.place(game.arena.shock, np.concatenate(cut))
    return game.arena.look(game.joint.parts[place], game.outcomes[place], shock)


def _turns(game: Game, rates: Float[Array, " L"], tolerance: float) -> Float[Array, " L"]:
    """Let one player after another climb alone, most of the way to its best response."""
    cut = game.joint.split(rates)
    for place, levers in enumerate(game.joint.parts):
        peak = ascend(
            look_of(game, place, cut),
            cut[place],
            levers.box,
            game.bends[place],
            tolerance=0.5 * tolerance,
            part=TURN,
            evaluations=TRIALS,
        )
        cut[place] = peak.rates
    return np.concatenate(cut)


def _step_of_all(
    game: Game, rates: Float[Array, " L"], slopes: Sequence[Array]
) -> Float[Array, " L"]:
    """Move every player to the best response that it expects by the bend it has learnt."""
    cut = game.joint.split(rates)
    return np.concatenate(
        [
            _expected(levers.box, bend, own, slope)
            for levers, bend, own, slope in zip(
                game.joint.parts, game.bends, cut, slopes, strict=True
            )
        ]
    )


def _expected(
    box: Box, bend: Bend, rates: Float[Array, " L"], slope: Float[Array, " L"]
) -> Float[Array, " L"]:
    lower, upper = box.lower * box.scale, box.upper * box.scale
    step = bend.step(rates * box.scale, slope / box.scale, lower, upper)
    return np.asarray(np.clip(rates + shortened(step, box) / box.scale, box.lower, box.upper))
