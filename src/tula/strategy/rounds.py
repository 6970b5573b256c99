"""How a game of duties is played until nobody's own slope is left.

Players take turns: each climbs towards its best response while the others stand still, so that
what it learns of its objective's bend is its own and no other's move. Once all have learnt, they
step together, which is cheaper, for as long as that gains; where it does not they take turns again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from tula.equilibrium import ConvergenceError
from tula.equilibrium.readings import Reading
from tula.policy.shock import Shock
from tula.shapes import Float
from tula.strategy.arena import Arena
from tula.strategy.ascent import Bend, ascend, expected_move, slope_norm
from tula.strategy.errors import UnfinishedSearchError
from tula.strategy.levers import DutyLevers, JointLevers

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


class Stand(NamedTuple):
    """Where players stand: rates of all, and every payoff with its slope in the player's own."""

    shock: Shock
    rates: Float[Array, " L"]
    values: tuple[float, ...]
    slopes: tuple[Array, ...]
    norms: tuple[float, ...]

    @property
    def worst(self) -> float:
        """The longest own slope."""
        return max(self.norms)


def play(game: Game, first: Float[Array, " L"], tolerance: float, rounds: int) -> tuple[Stand, int]:
    """Let players move until every own slope is below the tolerance.

    Returns where they stand and the rounds taken; raises ``UnfinishedSearchError``.
    """
    here = best = kept = look_around(game, first)
    together = False
    for played in range(1, rounds + 1):
        if here.worst <= tolerance:
            return here, played
        gained = here.worst <= TOGETHER * kept.worst if together else played > 1
        kept = here if gained or not together else kept
        best = min(best, here, key=lambda stand: stand.worst)
        together = gained
        game.arena.doing = f"round {played} of the game"
        rates = _step_of_all(game, kept) if together else _turns(game, kept, tolerance)
        here = _try(game, rates) if together else look_around(game, rates)
    who = game.joint.parts[int(np.argmax(best.norms))].space.player
    raise UnfinishedSearchError(
        f"after {rounds} rounds {who} still has a scaled slope of {best.worst:.1e}, tolerance "
        f"{tolerance:.0e}. Allow more rounds, a looser tolerance or narrower bounds"
    )


def look_around(game: Game, rates: Float[Array, " L"]) -> Stand:
    """Return every player's payoff and own slope, all at the same rates."""
    shock = game.joint.place(game.arena.shock, rates)
    found = game.arena.slopes(shock, game.outcomes)
    parts = game.joint.parts
    slopes = [levers.slopes(one) for levers, one in zip(parts, found, strict=True)]
    seen = zip(game.joint.split(rates), slopes, parts, strict=True)
    norms = [slope_norm(own, slope, levers.box) for own, slope, levers in seen]
    return Stand(shock, rates, tuple(one.value for one in found), tuple(slopes), tuple(norms))


def _try(game: Game, rates: Float[Array, " L"]) -> Stand:
    """Look around; where there is no equilibrium, slopes are without end."""
    try:
        return look_around(game, rates)
    except ConvergenceError:
        return Stand(game.arena.shock, rates, (), (), (np.inf,))


def _turns(game: Game, stand: Stand, tolerance: float) -> Float[Array, " L"]:
    """Let one player after another climb alone, most of the way to its best response."""
    cut, shock = game.joint.split(stand.rates), stand.shock
    for place, levers in enumerate(game.joint.parts):
        peak = ascend(
            game.arena.look(levers, game.outcomes[place], shock),
            cut[place],
            levers.box,
            game.bends[place],
            tolerance=0.5 * tolerance,
            part=TURN,
            evaluations=TRIALS,
        )
        cut[place], shock = peak.rates, levers.place(shock, peak.rates)
    return np.concatenate(cut)


def _step_of_all(game: Game, stand: Stand) -> Float[Array, " L"]:
    """Move every player to the best response that it expects by the bend it has learnt."""
    own_rates = game.joint.split(stand.rates)
    seats = zip(game.joint.parts, game.bends, own_rates, stand.slopes, strict=True)
    return np.concatenate(
        [
            levers.box.rates(levers.box.scaled(own) + expected_move(levers.box, bend, own, slope))
            for levers, bend, own, slope in seats
        ]
    )
