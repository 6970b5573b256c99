"""A scorecard in words: one line, a table, a page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tula.numbers import write
from tula.say.templates import told
from tula.study.backtest.score import Scored, less

if TYPE_CHECKING:
    from tula.study.backtest.run import Backtest

HEADINGS = ("What", "Foretold", "Came", "Ours", "Persistence", "Published", "Nearest")
#: Part of outcomes that ranges are meant to hold.
MIDDLE = 0.8
FOOT = (
    "Scores: CRPS of a number in its unit, Brier's of a chance; lower is better. Persistence is "
    "what was known last; of published forecasts the one that came nearest, chosen with hindsight; "
    "* made after the day of the study."
)


def summary(scored: Sequence[Scored]) -> str:
    """Return how many forecasts were beaten, losses first, in a few sentences; none of none."""
    if not scored:
        return ""
    rivalled = [one for one in scored if one.best_published is not None]
    numbers = [one for one in scored if not one.event]
    worse = [one.forecast.title for one in scored if less(one.persistence.score, one.score)]
    better = sum(one.beats(one.persistence) for one in scored)
    return told(
        "since",
        count=len(scored),
        worse=worse,
        better=better,
        drawn=len(scored) - len(worse) - better,
        rivalled=len(rivalled),
        ahead=sum(one.beats(one.best_published) for one in rivalled),
        numbers=len(numbers),
        meant=round(MIDDLE * len(numbers)),
        inside=sum(bool(one.inside) for one in numbers),
    )


def row(one: Scored) -> tuple[str, ...]:
    """Return the cells of a line under ``HEADINGS``."""
    best = one.best_published
    return (
        one.forecast.title,
        foretold(one),
        value(one, one.came),
        score(one.score),
        score(one.persistence.score),
        f"{score(best.score)}{'*' if best.later else ''}" if best else "",
        one.nearest,
    )


def foretold(one: Scored) -> str:
    """Return what was foretold: a number with its range, or a chance."""
    number = one.forecast.number
    if number is None:
        return write.chance(one.middle)
    low, high = (write.number(end) for end in (number.low, number.high))
    return f"{value(one, number.median)} ({low} to {high})"


def value(one: Scored, number: float) -> str:
    """Return a number of a forecast with its unit, or whether an event happened."""
    if one.event:
        return "yes" if number == 1.0 else "no"
    return f"{write.number(number)} {one.forecast.unit}".strip()


def score(number: float) -> str:
    """Return a score as it is written."""
    return write.number(number, write.SCORE)


def page(found: Backtest) -> str:
    """Return the account as Markdown."""
    head = [f"# {found.title}: what has happened since", summary(found.scored), ground(found)]
    lines = [HEADINGS, ("---",) * len(HEADINGS), *map(row, found.scored)]
    table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    notes = [
        f"* {one.forecast.title}: {text}"
        for one in found.scored
        if (text := "; ".join(_notes(one)))
    ]
    still = [f"* {one.title}" for one in found.open]
    parts = [*head, table, FOOT, "\n".join(notes)]
    parts += ["Nothing has come yet of:", "\n".join(still)] if still else []
    return "\n\n".join(filter(None, parts)) + "\n"


def ground(found: Backtest) -> str:
    """Return what the answer rested on, in a few sentences."""
    return told("frozen", b=found)


def _notes(one: Scored) -> list[str]:
    said = [*([one.note] if one.note else []), f"came by {', '.join(one.evidence)}"]
    for rival in (one.persistence, *one.published):
        ends = dict.fromkeys(write.number(end) for end in (rival.low, rival.high))
        text = f"{rival.source} {' to '.join(ends)} ({', '.join(rival.evidence)})"
        said.append(f"{text}, {rival.reading}" if rival.reading else text)
    return said
