"""What each of several players, or instruments, contributes to what all do together.

The Shapley value (1953): an instrument's marginal effect, averaged over every order in which the
instruments could come. It adds up to the effect of all together, treats equals alike, and counts
nothing for what changes nothing; interactions are shared, not left over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations
from math import factorial
from typing import TypeVar

import numpy as np

from tula.errors import TulaError

Coalition = frozenset[str]
#: A payoff, or an array of payoffs.
Worth = TypeVar("Worth", float, np.ndarray)
#: Most players: 2^10 payoffs, each of which may be a solve.
MOST_PLAYERS = 10


class ShapleyError(TulaError):
    """Players are repeated, or more than ten; the payoff of every subset is needed.

    Leave instruments out, or put several that come together under one name.
    """


def shapley(players: Sequence[str], payoff: Callable[[Coalition], Worth]) -> dict[str, Worth]:
    """Return the Shapley value by player; the values sum to payoff(all) less payoff(none).

    Payoffs may be arrays, of one shape: each of their cells is shared by itself.
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


def _value(player: str, players: Sequence[str], worth: Mapping[Coalition, Worth]) -> Worth:
    count = len(players)
    others = [name for name in players if name != player]
    share: Worth = sum(
        factorial(len(before)) * factorial(count - len(before) - 1) / factorial(count)
        * (worth[before | {player}] - worth[before])
        for before in _coalitions(others)
    )  # fmt: skip
    return share
