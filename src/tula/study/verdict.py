"""What the answer of a study says, in a few paragraphs: selected here, worded in ``tula.say``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

from tula.say.templates import paragraphs
from tula.strategy.answer.result import Answer, ConditionTold, PowerTold, TieTold
from tula.study.manifest import Manifest

#: Ties whose flow is told, at most: the first and the second.
TIES = 2
#: What a condition that fails does.
WHAT = {"hollow": "it falls below", "captured": "giving in to it pays", "aligned": "it is met"}


def verdict(
    found: Answer, name: Callable[[str], str], titles: Mapping[str, str] | None = None
) -> list[str]:
    """Return the answer in paragraphs, the first of them the label with its odds.

    ``name`` calls a region in a sentence; ``titles`` say what beliefs are called, by id.
    """
    words = titles or {}
    ties = sorted(found.ties, key=_weakest)[:TIES]
    conditions = {one.id: condition(one, name) for one in found.conditions}
    for tie, place in zip(ties, ("the first", "the second"), strict=False):
        conditions[tie.id].title = place
    return paragraphs(
        "verdict",
        a=found,
        pivot=name(found.pivot),
        ties=ties,
        decides=conditions[found.decides],
        next=conditions.get(found.next or ""),
        price=_price(found),
        powers=[_power(found, one, name) for one in found.powers],
        turn=_turn(found, words),
        moves=_moves(found),
    )


def called(manifest: Manifest) -> dict[str, str]:
    """What readers see beliefs called, by id."""
    return {one.id: one.title or one.id for one in manifest.beliefs}


def condition(one: ConditionTold, name: Callable[[str], str]) -> Any:
    """A condition as it is told: ``title``, chance that it ``fails``, and ``what`` it then does."""
    title = f"a break-off by {name(one.id)}" if one.kind == "captured" else one.title
    return SimpleNamespace(title=title, fails=one.fails, what=WHAT[one.kind])


def _weakest(tie: TieTold) -> tuple[float, float]:
    return -tie.below, tie.kept.low


def _price(found: Answer) -> Any:
    if found.price is None:
        return None
    title = next(one.title for one in found.courses if one.id == found.price.course)
    return SimpleNamespace(title=title, price=found.price.price, sign=found.price.sign)


def _power(found: Answer, one: PowerTold, name: Callable[[str], str]) -> Any:
    other = next(rival for rival in found.rivals if rival != one.rival)
    return SimpleNamespace(
        name=name(one.rival), other=name(other), needed=one.needed, believed=one.believed
    )


def _turn(found: Answer, titles: Mapping[str, str]) -> Any:
    """The belief that matters most of those that turn the label alone; None where none does."""
    for one in found.turning:
        if one.turns_at is not None:
            title = titles.get(one.belief, one.belief)
            return SimpleNamespace(title=title, at=one.turns_at, now=one.at[1])
    return None


def _moves(found: Answer) -> Any:
    """The set that lowers the chance of failing most; None where nothing does."""
    best = min(found.frontier, key=lambda one: one.fails, default=None)
    return best if best and best.moves else None
