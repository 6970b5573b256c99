"""Names and verbs in running text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from tula.numbers.write import money, percent

if TYPE_CHECKING:
    from tula.strategy.ranking import Ranking

#: A change in real income (%) that rounds to 0.00 is told as no change.
NEGLIGIBLE = 0.005
#: What must stand beside incomes under duties.
BOUND = (
    "What a state gains by duties of its own runs through its terms of trade, with nobody "
    "answering: a bound."
)
_WITH_ARTICLE = ("United ", "Rest of ")


def named(name: str) -> str:
    """A country's name in a sentence, with its article where English wants one."""
    if name.startswith("Rest of "):
        return f"the {name[0].lower()}{name[1:]}"
    return f"the {name}" if name.startswith(_WITH_ARTICLE) else name


def day(written: date) -> str:
    """A date as in a sentence: 12 December 2025."""
    return f"{written.day} {written:%B} {written.year}"


def possessive(name: str) -> str:
    """A name in the genitive: India's, the United States'."""
    return f"{name}'" if name.endswith("s") else f"{name}'s"


def joined(parts: Sequence[str]) -> str:
    """Parts of a sentence with commas and a final 'and'."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def capital(sentence: str) -> str:
    """A sentence with a capital at its head."""
    return sentence[:1].upper() + sentence[1:]


def gain_or_loss(name: str, change: float, million: float) -> str:
    """What a region gains or loses: ``change`` in % of real income, ``million`` in million USD."""
    s = "" if " and " in name else "s"
    if abs(change) < NEGLIGIBLE:
        return f"{name} neither gain{s} nor lose{s} as much as 0.01%"
    verb = ("gain" if change > 0 else "lose") + s
    return f"{name} {verb} {percent(abs(change))} of real income ({money(abs(million))} a year)"


def bounds(low: float, high: float) -> str:
    """A range in words: between −0.31% and −0.12%, or at −0.01%."""
    ends = [percent(end, signed=True) for end in (low, high)]
    return f"at {ends[0]}" if ends[0] == ends[1] else f"between {ends[0]} and {ends[1]}"


def signs(changes_found: Sequence[float]) -> str:
    """How often the sign turns, as the tail of a sentence; empty where it does not."""
    gains = sum(change >= NEGLIGIBLE for change in changes_found)
    losses = sum(change <= -NEGLIGIBLE for change in changes_found)
    if not gains or not losses:
        return ""
    level = len(changes_found) - gains - losses
    neither = f", neither in {level}" if level else ""
    return f": a gain in {gains}, a loss in {losses}{neither}"


def word_kept(ranking: Ranking) -> str:
    """Return how well the rivals of a ranking keep their word, as part of a sentence."""
    if not ranking.words:
        return "both rivals keep their word once obeyed"
    told = [
        f"{named(one.title)} keeps its word once obeyed with a chance of {one.keeps_word:.2g}"
        if one.keeps_word < 1.0
        else f"{named(one.title)} always keeps its word"
        for one in ranking.regions[0].holds
    ]
    return " and ".join(told)
