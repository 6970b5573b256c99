"""Whether each player's part in the game pays it, and what each could do next.

A rival that threatens gains if the pivot complies and pays if it must carry the threat out. A rival
that sells at a discount gains as long as the next buyers would pay it less. Slack is how far they
are from giving up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from tula.errors import TulaError, UnknownNameError
from tula.policy import Embargo
from tula.strategy.balance.found import NextMoveFound
from tula.strategy.balance.inputs import NextMove, Situation, Threat
from tula.strategy.balance.model import Game, Node
from tula.strategy.balance.oil_side import OilSide
from tula.ties.oil.parts import BILLION_BARRELS

BILLION = "bn USD a year"
BARREL = "USD a barrel"


class ChanceError(TulaError):
    """The chance that a threat works is a probability: between 0 and 1."""


class Slack(NamedTuple):
    """A number that says whether a rival's part pays it, its unit, and what it means.

    In title and meaning regions stand as codes. ``key`` names it: ``threat_cost`` or ``least_gain``
    with the threat's id, or ``netback`` with ``calm`` or ``pressed``, after a dot.
    """

    key: str
    rival: str
    title: str
    value: float
    unit: str
    meaning: str


class Netback(NamedTuple):
    """How much more a seller could take off a barrel sold to the pivot, USD.

    ``kept``: until selling to the next buyers pays as well; ``floor``: until the price at its port
    is one at which it sells nothing.
    """

    kept: float
    floor: float

    @property
    def slack(self) -> float:
        """The smaller of the two: what it could still give."""
        return min(self.kept, self.floor)


def least_gain(cost: float, persistence: float, honoured: float, chance: float) -> float | None:
    """Least a rival must gain by compliance for a threat to be worth making, bn USD a year.

    ``cost`` of the threat in a full year (below zero: it pays by itself, and nothing need be
    gained), ``persistence`` the share of the year it stays, ``honoured`` the probability that it
    is lifted on compliance, ``chance`` that the pivot complies. The threat stands for ``persistence
    (1 - chance honoured)`` of a year in expectation, and the gain comes with ``chance``. None where
    it costs something and never works. Raises ``ChanceError``.
    """
    if not 0.0 <= chance <= 1.0:
        raise ChanceError(f"the chance that a threat works lies between 0 and 1; got {chance:g}")
    if cost <= 0.0:
        return 0.0
    return None if chance == 0.0 else cost * persistence * (1.0 - chance * honoured) / chance


def netback(oil: OilSide, pressed: bool = False) -> Netback | None:
    """Return how much more discount the partner could give the pivot; None if that buys nothing.

    What it is paid at its port with the pivot's purchases, over what it would be paid without
    them, on every barrel the pivot buys; all else in the market as it is. Barrels that find no
    other buyer within the horizon of the tie earn nothing.
    """
    held, gone = oil.cleared(None, pressed), oil.cleared(0.0, pressed)
    volume = held.volume(oil.tie.market.pivot)
    if volume <= 0.0:
        return None
    kept = (held.partner_revenue - gone.partner_revenue) / (BILLION_BARRELS * volume)
    return Netback(kept, held.fob_price - oil.tie.market.supply.zero_below.value)


def complying(game: Game, threat: Threat) -> tuple[str, ...]:
    """Ids of the courses that meet a threat's demand before any event."""
    return tuple(one.id for one in game.inputs.courses if game.meets(Node(one), threat.demand))


def slacks(game: Game, chances: Mapping[str, float]) -> tuple[Slack, ...]:
    """Return the slack of every threat, then that of the oil partner, calm and under pressure.

    ``chances``: that each threat works, by its id, such as the share of draws in which one of
    ``complying`` is the course worth most. What a threat must gain is told only where it is more
    than nothing. Raises ``UnknownNameError`` for a threat without one, and ``ChanceError``.
    """
    missing = [one.id for one in game.inputs.threats if one.id not in chances]
    if missing:
        raise UnknownNameError("chance of threat", missing[0], chances)
    found = [row for one in game.inputs.threats for row in _threat(game, one, chances[one.id])]
    return (*found, *_partner(game))


def _threat(game: Game, threat: Threat, chance: float) -> list[Slack]:
    cost = game.threat_cost(threat.id)
    told = (
        f"costs {threat.rival} money at central inputs, so it is not credible by money alone"
        if cost > 0.0
        else f"pays {threat.rival} at central inputs, so it is credible by money alone"
    )
    rows = [
        Slack(
            f"threat_cost.{threat.id}",
            threat.rival,
            f"what a year of {threat.title} costs it",
            cost,
            BILLION,
            f"carrying it out {told}",
        )
    ]
    draw = game.draw
    gain = least_gain(cost, draw.persistence[threat.id], draw.honoured[threat.id], chance)
    if gain:
        pivot = game.inputs.pivot
        meaning = f"worth making only above this, if {pivot} complies in {chance:.0%} of cases"
        title = "what compliance must be worth to it"
        key = f"least_gain.{threat.id}"
        rows.append(Slack(key, threat.rival, title, gain, BILLION, meaning))
    return rows


def _partner(game: Game) -> list[Slack]:
    oil, rows = game.draw.oil, []
    if oil is None:
        return []
    pressures = (False, True) if any(event.oil for event in game.inputs.events) else (False,)
    for pressed in pressures:
        found = netback(oil, pressed)
        if found is not None:
            when = "while buyers shun its sellers" if pressed else "as the market stands"
            bound = "other buyers pay it as much" if found.kept <= found.floor else (
                "the price at its port makes it stop selling")  # fmt: skip
            rows.append(
                Slack(f"netback.{'pressed' if pressed else 'calm'}", oil.tie.market.partner,
                      f"further discount it could give {oil.tie.market.pivot} {when}",
                      found.slack, BARREL, f"beyond this, {bound}")
            )  # fmt: skip
    return rows


def next_moves(game: Game, now: Situation | None = None) -> tuple[NextMoveFound, ...]:
    """Return what each next move of the study does from a situation, the leading one unless given.

    Money at the elasticities of withdrawals, as powers are measured. After a move that ends the
    pivot's purchases of the oil tie, nothing of it is bought, and no demand is met by it: the pivot
    has not given in. Raises ``UnknownNameError`` for a player whose income is not kept, and the
    errors of ``tula.solve``.
    """
    now = now or game.inputs.situations[0]
    return tuple(_moved(game, now, one) for one in game.inputs.next_moves)


def _moved(game: Game, now: Situation, move: NextMove) -> NextMoveFound:
    engine, before = game.engine, game.moves(game.node(now))
    if move.player not in engine.regions:
        raise UnknownNameError("player", move.player, engine.regions)
    after = before._replace(scenarios=(*before.scenarios, *move.scenarios))
    had, left = (engine.read(game.lost, moves).income for moves in (before, after))
    return NextMoveFound(
        id=move.id, title=move.title, player=move.player,
        pivot_loss=had[game.inputs.pivot] - left[game.inputs.pivot],
        own_cost=had[move.player] - left[move.player],
        state=_state(game, now, move),
    )  # fmt: skip


def _state(game: Game, now: Situation, move: NextMove) -> str:
    """State by the leading rule once a move has been made."""
    inputs, rule = game.inputs, game.inputs.rules[0].name
    asked = now.model_copy(update={"scenarios": (*now.scenarios, *move.scenarios)})
    if _stops_oil(game, move):
        course = next(one for one in inputs.courses if one.id == now.course)
        none = course.model_copy(update={"id": f"{course.id} after {move.id}", "ceiling": 0.0})
        unmet = tuple(one.model_copy(update={"enforced": False}) for one in inputs.demands)
        changed = {"courses": (*inputs.courses, none), "demands": unmet}
        game = replace(game, inputs=inputs.model_copy(update=changed))
        asked = asked.model_copy(update={"course": none.id})
    return game.situation(asked).verdicts[rule].state.value


def _stops_oil(game: Game, move: NextMove) -> bool:
    """Whether a move states an embargo on what the pivot buys through the oil tie."""
    link, labels = game.engine.oil, game.engine.world.labels
    stated = [item for name in move.scenarios for item in game.engine.instruments[name]]
    return link is not None and any(
        isinstance(item, Embargo)
        and link.pivot in labels.resolve_regions(item.importer)
        and link.partner in labels.resolve_regions(item.exporter)
        and link.sector in labels.resolve_sectors(item.sectors)
        for item in stated
    )
