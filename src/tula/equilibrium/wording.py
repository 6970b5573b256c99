"""A technology in words."""

from __future__ import annotations

from tula.equilibrium.technology import Names, Technology, WageFloor

#: What each number of a technology is, before its value.
WORDS = {
    "value_added_and_inputs": "substitution between value added and inputs",
    "among_inputs": "substitution among inputs",
    "among_energy": "substitution among energy carriers",
    "among_final": "substitution among final goods",
    "home_and_imports": "substitution between home goods and imports",
    "transformation": "exporters' transformation across destinations",
    "labour_mobility": "labour mobility between sectors",
}
#: Names told one by one; more are counted.
TOLD = 4


def describe(technology: Technology) -> str:
    """Say what differs from Cobb-Douglas and free factors; empty where nothing does."""
    plain = Technology()
    numbers = [
        f"{words} {getattr(technology, name):g}"
        for name, words in WORDS.items()
        if getattr(technology, name) != getattr(plain, name)
    ]
    factors = [
        f"{100 * item.share:g}% of value added in {named(item.sectors)} specific to the sector"
        f"{'' if item.regions in ('all', ('all',)) else f' in {named(item.regions)}'}"
        for item in technology.specific_factors
    ]
    floors = [_floor(item) for item in technology.wage_floors]
    buyers = [
        f"theta of {named(item.importer)} for {named(item.sectors)} {item.trade_elasticity:g}"
        for item in technology.buyers
    ]
    return "; ".join([*numbers, *factors, *floors, *buyers])


def _floor(item: WageFloor) -> str:
    kind = {0.0: "money wages", 1.0: "real wages"}.get(
        item.indexation, f"wages indexed to prices by {item.indexation:g}"
    )
    return f"{kind} of {named(item.regions)} not below {100 * item.ratio:g}% of the base"


def named(names: Names) -> str:
    """Names in a list, the first of them where they are many."""
    listed = (names,) if isinstance(names, str) else names
    more = f" and {len(listed) - TOLD} more" if len(listed) > TOLD else ""
    return ", ".join(listed[:TOLD]) + more
