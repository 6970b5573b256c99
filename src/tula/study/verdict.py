"""What the answer of a study says, in a few paragraphs: selected here, worded in ``tula.say``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from types import SimpleNamespace
from typing import Any

import numpy as np

from tula.say.templates import paragraphs
from tula.say.words import joined
from tula.strategy.answer.label import word, words
from tula.strategy.answer.result import Answer, ConditionTold, PowerTold, TieTold, TurnTold, Word
from tula.strategy.answer.turning import EDGES
from tula.study.manifest import Manifest

#: Words of a first screen, at most.
LONGEST = 120
#: Chance of failing from which the next condition is told, and part of what the best moves do
#: from which cheaper ones are told in their place.
NEAR, MOST = 0.1, 0.5
#: Chance of a break-off that must be believed from which nothing that it is for ever pays.
NEVER = 0.995
#: Move of the odds from which the belief that moves them most is named.
MATTERS = 0.05
#: Ties told, sources named, and whether the day is told: the longest way first.
LENGTHS = (2, 2, True), (1, 2, True), (1, 1, True), (1, 1, False)
#: What a condition that fails does.
WHAT = {"hollow": "falls short", "captured": "rules", "aligned": "is met"}


def verdict(
    found: Answer,
    name: Callable[[str], str],
    titles: Mapping[str, str] | None = None,
    says: Mapping[str, Sequence[str]] | None = None,
) -> list[str]:
    """Return the answer in paragraphs, the first of them the label with its odds.

    Two ties are told with two sources, or fewer where that would be longer than a first screen.
    ``name`` calls a region in a sentence; ``titles`` say what beliefs are called, by id, and
    ``says`` who says so.
    """
    says = says or {}
    told = [
        _told(
            found, name, titles or {},
            {belief: joined(who[:sources]) for belief, who in says.items()},
            weakest(found)[:most], dated,
        )
        for most, sources, dated in LENGTHS
    ]  # fmt: skip
    return next((one for one in told if len(" ".join(one).split()) <= LONGEST), told[-1])


def _told(
    found: Answer,
    name: Callable[[str], str],
    titles: Mapping[str, str],
    says: Mapping[str, str],
    ties: Sequence[TieTold],
    dated: bool,
) -> list[str]:
    conditions = {one.id: condition(one, name) for one in found.conditions}
    for tie, place in zip(ties, ("the first", "the second"), strict=False):
        conditions[tie.id].title = place if len(ties) > 1 else "it"
    powers = (_power(found, one, name) for one in found.powers)
    return paragraphs(
        "verdict",
        a=found,
        pivot=name(found.pivot),
        labels=words(found.odds, found.error),
        ties=ties,
        dated=dated,
        decides=conditions[found.decides],
        next=conditions.get(found.next or ""),
        near=NEAR,
        price=_price(found),
        powers=sorted(powers, key=attrgetter("never")),
        rests=_rests(found, titles, says),
        turn=_turn(found, titles),
        moves=_moves(found),
    )


def called(manifest: Manifest) -> dict[str, str]:
    """What readers see beliefs called, by id."""
    return {one.field: one.title for one in manifest.beliefs}


def grounded(manifest: Manifest) -> dict[str, list[str]]:
    """Who says what is believed, by id: the sources, or that it is judged."""
    titles = {fact.id: fact.source_title for fact in manifest.evidence}
    return {
        one.field: [titles[fact] for fact in one.evidence] or ["a judgement"]
        for one in manifest.beliefs
    }


def condition(one: ConditionTold, name: Callable[[str], str]) -> Any:
    """A condition as it is told: ``title``, chance that it ``fails``, and ``what`` it then does."""
    title = f"a break-off by {name(one.id)}" if one.kind == "captured" else one.title
    return SimpleNamespace(title=title, fails=one.fails, what=WHAT[one.kind])


def weakest(found: Answer) -> list[TieTold]:
    """The tie likeliest to fall below the line and, of the others, the one least kept."""
    first, *rest = sorted(found.ties, key=lambda one: (-one.below, one.kept.median))
    return [first, *sorted(rest, key=lambda one: one.kept.median)[:1]]


def _price(found: Answer) -> Any:
    """The price with its range over draws and worlds."""
    told = found.price
    if told is None:
        return None
    worlds = [value for value in told.by_world.values() if value is not None]
    low, high = min([told.price.low, *worlds]), max([told.price.high, *worlds])
    return SimpleNamespace(
        title=next(one.title for one in found.courses if one.id == told.course),
        median=told.price.median,
        low=low,
        high=high,
        wider=(low, high) != (told.price.low, told.price.high),
        sign=told.sign,
    )


def _power(found: Answer, one: PowerTold, name: Callable[[str], str]) -> Any:
    other = next(rival for rival in found.rivals if rival != one.rival)
    never, asked = one.needed.median >= NEVER, one.needed_for_demand
    demand = None if asked is None or asked.median >= NEVER else asked.median
    return SimpleNamespace(
        name=name(one.rival), other=name(other), needed=one.needed, believed=one.believed,
        never=never, demand=demand, pays=not never or demand is not None,
    )  # fmt: skip


def _rests(found: Answer, titles: Mapping[str, str], says: Mapping[str, str]) -> Any:
    """The belief that moves the odds most, with who says so; None where none moves them."""
    most = max(found.turning, key=moves, default=None)
    if most is None or most.belief not in says or moves(most) < MATTERS:
        return None
    title = titles.get(most.belief, most.belief)
    return SimpleNamespace(
        id=most.belief, title=title, now=most.at[1], who=says[most.belief],
        turns_at=most.turns_at, to=turned(most),
    )  # fmt: skip


def turned(one: TurnTold) -> Word | None:
    """The label that a belief alone first turns the answer to, where it turns it."""
    if one.turns_at is None:
        return None
    here, end = one.odds[1], one.odds[0 if one.turns_at < one.at[1] else 2]
    crossed = (edge for edge in EDGES if (here >= edge) != (end >= edge))
    edge = min(crossed, key=lambda edge: abs(edge - here))
    return word(edge if end > here else np.nextafter(edge, 0.0))


def moves(one: TurnTold) -> float:
    """By how much a belief alone moves the odds."""
    return max(one.odds) - min(one.odds)


def _turn(found: Answer, titles: Mapping[str, str]) -> Any:
    """The belief that matters most of those that turn the label alone; None where none does."""
    for one in found.turning:
        if one.turns_at is not None:
            title = titles.get(one.belief, one.belief)
            return SimpleNamespace(title=title, at=one.turns_at, now=one.at[1], to=turned(one))
    return None


def _moves(found: Answer) -> Any:
    """The cheapest set that does most of what the best one does; None where nothing helps.

    ``points`` are those that it takes off the chance of failing in percent.
    """
    fails = next((one.fails for one in found.frontier if not one.moves), 1.0 - found.odds)
    best = min((one.fails for one in found.frontier), default=fails)
    helps = (one for one in found.frontier if fails - one.fails > MOST * (fails - best))
    least = min(helps, key=lambda one: one.cost, default=None)
    points = round(100.0 * (fails - least.fails)) if least else 0
    return SimpleNamespace(titles=least.titles, points=points) if least and points else None
