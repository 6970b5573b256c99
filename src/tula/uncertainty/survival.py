"""How long something lasts in a world whose switches turn on and off: survival by month, exactly.

A world state is the set of switches that are on (a designation, a waiver, a blockade). Each switch
is a two-state Markov chain of its own, independent of the others; the states in which something is
broken absorb. Discrete-time absorbing chain: Kemeny and Snell (1976, Finite Markov Chains, ch. 3).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from tula.errors import TulaError
from tula.shapes import Bool, Float

Array = np.ndarray

MONTHS_PER_YEAR = 12
#: Switches have 2**n states together, each kept as a number.
MOST_SWITCHES = 16


class SurvivalError(TulaError):
    """The switches, the months or the curve cannot be used; the message says what is expected."""


class Switch(BaseModel):
    """Something that is on or off and may change, by month, whatever the others do.

    * ``arrives``: probability that it turns on within a year while it is off;
    * ``ends``: probability that it turns off within a year while it is on (0: it stays);
    * ``on``: whether it is on at month 0.

    Months are alike: the monthly probability is :func:`monthly` of the yearly one. What turns on
    and off again within a month is not seen.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1)
    arrives: float = Field(ge=0.0, le=1.0)
    ends: float = Field(ge=0.0, le=1.0)
    on: bool


def monthly(yearly: float) -> float:
    """Return the monthly probability that makes up a yearly one: 1 - (1 - h)^(1/12)."""
    return float(-np.expm1(np.log1p(-yearly) / MONTHS_PER_YEAR)) if yearly < 1.0 else 1.0


def chance_of_ending(lasts: float) -> float:
    """Return the yearly probability of ending of what lasts so many years on average.

    The monthly probability is then 1 / (12 lasts), and every duration is counted in whole months:
    what lasts a month or less is sure to end. Raises :class:`SurvivalError`.
    """
    if not lasts > 0.0:
        raise SurvivalError(f"expected a duration above zero; got {lasts}")
    each_month = min(1.0, 1.0 / (MONTHS_PER_YEAR * lasts))
    return 1.0 - (1.0 - each_month) ** MONTHS_PER_YEAR


def survival(
    switches: Sequence[Switch], broken: Callable[[frozenset[str]], bool], months: int
) -> Float[Array, " T_plus_1"]:
    """Return the probability of not having been broken up to and including each month 0 to T.

    ``broken`` is asked once for every set of names of switches that are on, and says whether the
    thing is broken in that state. Once broken it stays so. Raises :class:`SurvivalError`.
    """
    _check(switches, months)
    unbroken = _unbroken(switches, broken)
    steps = [_step(switch) for switch in switches]
    chances = np.zeros(unbroken.shape)
    chances[tuple(int(switch.on) for switch in switches)] = 1.0
    chances = np.where(unbroken, chances, 0.0)
    curve = [chances.sum()]
    for _ in range(months):
        chances = np.where(unbroken, _moved(chances, steps), 0.0)
        curve.append(chances.sum())
    falling: Array = np.minimum.accumulate(np.minimum(curve, 1.0))
    return falling


def hazard(curve: Float[Array, " T_plus_1"]) -> Float[Array, " T"]:
    """Return the probability of breaking in months 1 to T of what had lasted until then.

    NaN for months before which nothing was left. Raises :class:`SurvivalError` for a curve that
    rises or leaves 0 to 1.
    """
    before, after = curve[:-1], curve[1:]
    if not ((curve >= 0.0) & (curve <= 1.0)).all() or (after > before).any():
        raise SurvivalError(
            f"expected a curve that falls from at most 1 to at least 0; got {curve}"
        )
    undefined = np.full(len(before), np.nan)
    rates: Array = np.divide(before - after, before, out=undefined, where=before > 0.0)
    return rates


def _unbroken(
    switches: Sequence[Switch], broken: Callable[[frozenset[str]], bool]
) -> Bool[Array, "..."]:
    """Return which states are not broken: one axis of two (off, on) for every switch."""
    shape = (2,) * len(switches)
    names = np.array([switch.name for switch in switches], dtype=object)
    states = (np.array(place, dtype=bool) for place in np.ndindex(shape))
    whole = [not broken(frozenset(names[state])) for state in states]
    return np.array(whole, dtype=bool).reshape(shape)


def _step(switch: Switch) -> Float[Array, "2 2"]:
    """Return a switch's monthly transition matrix, from rows (off, on) to columns."""
    arrives, ends = monthly(switch.arrives), monthly(switch.ends)
    return np.array([[1.0 - arrives, arrives], [ends, 1.0 - ends]])


def _moved(chances: Array, steps: Sequence[Array]) -> Array:
    """Return the chances of the states a month later: each switch's step along its own axis.

    The product over axes is the Kronecker product of the steps, never formed.
    """
    for axis, step in enumerate(steps):
        chances = np.moveaxis(np.tensordot(chances, step, axes=(axis, 0)), -1, axis)
    return chances


def _check(switches: Sequence[Switch], months: int) -> None:
    counts = Counter(switch.name for switch in switches)
    problems = [
        f"switch {name!r} is named {count} times" for name, count in counts.items() if count > 1
    ]
    if len(switches) > MOST_SWITCHES:
        problems.append(f"at most {MOST_SWITCHES} switches; got {len(switches)}")
    if months < 0:
        problems.append(f"months must not be negative; got {months}")
    if problems:
        raise SurvivalError("; ".join(problems))
