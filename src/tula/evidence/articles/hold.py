"""Hold the figures of a ledger against the texts they are said to stand in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tula.evidence.articles.figures import Figure, figures
from tula.evidence.articles.read import Article
from tula.evidence.facts import Fact

#: Relative difference up to which two figures are one: texts round.
ROUNDED = 0.005
#: Units of which texts make no difference.
PERCENT = {"%", "pp"}
#: Counts from here on are taken for the same where they are equal, whatever they are called.
LARGE = 1000.0
#: Figures told where none agrees.
NEAREST = 3


@dataclass(frozen=True)
class Held:
    """A fact with a value, where the texts state it, and what they state in its unit besides."""

    fact: Fact
    found: tuple[Figure, ...]
    near: tuple[Figure, ...] = ()


def hold(facts: Mapping[str, Fact], articles: Sequence[Article]) -> list[Held]:
    """Hold every fact that has a value against the figures of some texts.

    ``near`` are the nearest figures of its unit, where none is its own.
    """
    stated = [one for article in articles for one in figures(article) if one.value is not None]
    return [_held(fact, stated) for fact in facts.values() if fact.value is not None]


def _held(fact: Fact, stated: Sequence[Figure]) -> Held:
    """A fact as the rules for texts read it, its sign left out, against what they state."""
    own = figures(Article(fact.id, f"{abs(fact.value or 0.0):.12g} {fact.unit}"))[0]
    found = tuple(one for one in stated if _agree(own, one))
    near = sorted((one for one in stated if _alike(own, one)), key=lambda one: _apart(own, one))
    return Held(fact, found, () if found else tuple(near[:NEAREST]))


def _apart(own: Figure, one: Figure) -> float:
    """The difference of two figures, relative to the larger."""
    mine, other = own.value or 0.0, one.value or 0.0
    return abs(mine - other) / (max(mine, other) or 1.0)


def _agree(own: Figure, one: Figure) -> bool:
    """Whether two figures are one: in one unit, or large counts that are equal."""
    if _alike(own, one):
        return _apart(own, one) <= ROUNDED
    counts = own.kind == one.kind == "count" and "mb/d" not in (own.unit, one.unit)
    shared = {*own.unit.casefold().split()} & {*one.unit.casefold().split()}
    return counts and bool((own.value or 0.0) >= LARGE or shared) and _apart(own, one) < 1e-9


def _alike(own: Figure, one: Figure) -> bool:
    """Whether two figures are in one unit; percent and points are told apart by few texts."""
    units = {own.unit.casefold(), one.unit.casefold()}
    return len(units) == 1 or units == PERCENT
