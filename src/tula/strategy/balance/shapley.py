"""What each instrument contributes to all that presses on, or supports, the pivot.

The Shapley value (1953): an instrument's marginal effect, averaged over every order in which the
instruments could come. It adds up to the effect of all together, treats equals alike, and counts
nothing for what changes nothing; interactions are shared, not left over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations
from math import factorial
from typing import NamedTuple

from tula.errors import TulaError
from tula.strategy.balance.found import Contribution
from tula.strategy.balance.inputs import Course, Line, Situation
from tula.strategy.balance.model import Game, Node

Coalition = frozenset[str]
#: Most players: 2^10 payoffs, each of which may be a solve.
MOST_PLAYERS = 10


class ShapleyError(TulaError):
    """Players are repeated, or more than ten; the payoff of every subset is needed.

    Leave instruments out, or put several that come together under one name.
    """


class RefusedCombinationError(TulaError):
    """Two instruments cannot be in force together, so their contributions are not defined.

    The message carries the engine's own words. Leave one of them out.
    """


class Extra(NamedTuple):
    """Scenarios, and lines of ties' accounts, that are switched on and off together."""

    id: str
    title: str
    scenarios: tuple[str, ...] = ()
    adds: tuple[Line, ...] = ()


def shapley(players: Sequence[str], payoff: Callable[[Coalition], float]) -> dict[str, float]:
    """Return the Shapley value by player; the values sum to payoff(all) less payoff(none).

    Each of the 2^n payoffs is asked for once, smaller coalitions first. Raises ``ShapleyError``.
    """
    _refuse(players)
    worth = {members: payoff(members) for members in _coalitions(players)}
    return {player: _value(player, players, worth) for player in players}


def _refuse(players: Sequence[str]) -> None:
    twice = sorted({name for name in players if list(players).count(name) > 1})
    if twice:
        raise ShapleyError(f"players stand more than once: {', '.join(twice)}")
    if len(players) > MOST_PLAYERS:
        raise ShapleyError(
            f"{len(players)} players need {2 ** len(players)} payoffs; at most {MOST_PLAYERS} can "
            f"play: {', '.join(players)}"
        )


def _coalitions(players: Sequence[str]) -> Iterator[Coalition]:
    for size in range(len(players) + 1):
        yield from map(frozenset, combinations(players, size))


def _value(player: str, players: Sequence[str], worth: Mapping[Coalition, float]) -> float:
    count = len(players)
    others = [name for name in players if name != player]
    return sum(
        factorial(len(before)) * factorial(count - len(before) - 1) / factorial(count)
        * (worth[before | {player}] - worth[before])
        for before in _coalitions(others)
    )  # fmt: skip


def extra_of(situation: Situation) -> Extra:
    """Return what a situation adds by itself, as one switch."""
    title = situation.title or situation.id
    return Extra(situation.id, title, situation.scenarios, situation.adds)


def pressures(
    game: Game, extras: Sequence[Extra] = (), titles: Mapping[str, str] | None = None
) -> tuple[Contribution, ...]:
    """Return what each instrument contributes to the pivot's income, bn USD a year.

    Instruments: each standing scenario, each threat, each event, giving up (the aligned course
    worth most, in the place of the first), and ``extras``. ``titles`` of standing scenarios by
    their ids, which stand for those without one. Each is in force all year or not at
    all, whatever the others do: a threat that is meant to end when the pivot gives up does not.
    The payoff is the income at the node relative to no pressure, so the values sum to the effect of
    all together. Raises ``ShapleyError`` and ``RefusedCombinationError``.
    """
    _refuse_double(game, extras)
    stop = best_aligned(game)
    switches = _switches(game, stop, extras, titles or {})
    found = shapley(
        [name for name, _ in switches], lambda on: _income(game, _node(game, stop, on, extras), on)
    )
    return tuple(Contribution(id=name, title=title, value=found[name]) for name, title in switches)


def _switches(
    game: Game, stop: Course, extras: Sequence[Extra], titles: Mapping[str, str]
) -> list[tuple[str, str]]:
    """Ids and titles of all switches, in the order in which they are told."""
    inputs = game.inputs
    found = [(name, titles.get(name, name)) for name in inputs.standing]
    found += [(one.id, one.title) for one in inputs.threats]
    found += [(one.id, one.title) for one in inputs.events]
    found.append((stop.id, stop.title))
    return [*found, *((one.id, one.title) for one in extras)]


def _refuse_double(game: Game, extras: Sequence[Extra]) -> None:
    """Refuse scenarios that a threat states and something else too: they would count twice."""
    by_threat = {name: one.id for one in game.inputs.threats for name in one.scenarios}
    others = [(name, "standing") for name in game.inputs.standing]
    others += [(name, one.id) for one in game.inputs.events for name in one.scenarios]
    others += [(name, one.id) for one in extras for name in one.scenarios]
    twice = [f"{name} in {by_threat[name]} and {owner}" for name, owner in others
             if name in by_threat]  # fmt: skip
    if twice:
        raise ShapleyError(f"scenarios would be in force twice: {'; '.join(twice)}")


def best_aligned(game: Game) -> Course:
    """Return the aligned course worth most."""
    return max((one for one in game.inputs.courses if one.aligned_with), key=game.worth)


def _income(game: Game, node: Node, on: Coalition) -> float:
    try:
        return game.income(node)
    except TulaError as error:
        together = ", ".join(sorted(on))
        raise RefusedCombinationError(f"no income under {together}: {error}") from error


def _node(game: Game, stop: Course, on: Coalition, extras: Sequence[Extra]) -> Node:
    inputs = game.inputs
    active = [one for one in extras if one.id in on]
    standing = [name for name in inputs.standing if name in on]
    return Node(
        course=stop if stop.id in on else inputs.courses[0],
        threats=on & frozenset(one.id for one in inputs.threats),
        events=on & frozenset(one.id for one in inputs.events),
        scenarios=(*standing, *(name for one in active for name in one.scenarios)),
        adds=tuple(line for one in active for line in one.adds),
        standing=False,
    )
