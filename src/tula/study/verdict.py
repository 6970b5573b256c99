"""What the answer of a study says, in a few paragraphs: selected here, worded in ``tula.say``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

from tula.say.templates import paragraphs
from tula.strategy.answer.result import Answer, PowerTold, PriceTold
from tula.study.manifest import Manifest

#: Beliefs told as turning the label, at most.
TURNS = 3


def verdict(
    found: Answer, name: Callable[[str], str], titles: Mapping[str, str] | None = None
) -> list[str]:
    """Return the answer in paragraphs.

    ``name`` calls a region in a sentence; ``titles`` say what beliefs and moves are called, by id.
    """
    words = titles or {}
    conditions = {one.id: one for one in found.conditions}
    turning = [one for one in found.turning if one.turns_at is not None][:TURNS]
    return paragraphs(
        "verdict",
        a=found,
        pivot=name(found.pivot),
        ties=found.ties,
        decides=conditions[found.decides],
        next=conditions.get(found.next or ""),
        keeps=found.courses[0].title if found.courses else "",
        price=_price(found, found.price) if found.price else None,
        powers=[_power(found, one, name) for one in found.powers],
        turns=[SimpleNamespace(title=words.get(one.belief, one.belief), at=one.turns_at)
               for one in turning],
        moves=_moves(found),
    )  # fmt: skip


def called(manifest: Manifest) -> dict[str, str]:
    """What readers see beliefs called, by id."""
    return {one.id: one.title or one.id for one in manifest.beliefs}


def _price(found: Answer, price: PriceTold) -> Any:
    title = next(one.title for one in found.courses if one.id == price.course)
    worlds = [value for value in price.by_world.values() if value is not None]
    return SimpleNamespace(
        title=title, price=price.price, above=price.above, sign=price.sign, worlds=worlds
    )


def _power(found: Answer, one: PowerTold, name: Callable[[str], str]) -> Any:
    other = next(rival for rival in found.rivals if rival != one.rival)
    return SimpleNamespace(
        name=name(one.rival), other=name(other), needed=one.needed, believed=one.believed
    )


def _moves(found: Answer) -> Any:
    """The set that lowers the chance of failing most; None where nothing does."""
    if len(found.frontier) < 2:
        return None
    best = min(found.frontier, key=lambda one: one.fails)
    if not best.moves:
        return None
    return SimpleNamespace(titles=best.titles, fails=best.fails, cost=best.cost)
