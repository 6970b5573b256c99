"""A ledger drafted from articles: what they state, and nothing that its author has not accepted.

A drafted fact has an empty ``fact`` and the grade ``?``: neither passes ``tula check`` before its
author has put it in words of his own and graded its source.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from tula.evidence.articles.dates import DATES, iso
from tula.evidence.articles.figures import Figure, figures
from tula.evidence.articles.read import Article

#: Keys of a study that a figure could feed, by its kind or unit and a word beside it.
FEEDS = (
    (r"money/|target", r"oil|crude|barrel|discount", "ties.oil.market.fob_discount"),
    (r"mb/d", r"", "ties.oil.market.buyers.volume"),
    (r"percentage", r"tariff|dut(?:y|ies)|levy", "scenarios.instruments.tariff.add"),
    (r"target", r"trade|export|import", "ties.trade_agreement.target.target"),
    (r"money", r"arms|defen[cs]e|weapon|missile", "ties.arms.imports"),
    (r"money", r"rupee|rouble|ruble|payment|bank", "ties.settlement.outlet"),
    (r"count", r"worker|labou?r|migrant|jobs", "ties.labour.permits"),
    (r"count", r"reactor|nuclear", "ties.nuclear"),
    (r"percentage", r"chance|probab|odds|likel", "beliefs.value"),
    (r"count", r"months?\b", "answer.threats.months"),
    (r"date", r"", "scenarios.instruments.tariff.start"),
)
#: Words that two statements about one thing share, at least, and the least length of such words.
ALIKE, LONG = 3, 5
_HEAD = """\
# Drafted from {names}: {count} figures. Nothing here is accepted yet: `tula check` refuses every
# fact until you have put it in words of your own (fact), told its date and source, and graded it
# (A official or wire report checked against another, B press, C secondary page, D unverified).
# Delete what you do not need. Beneath each id: where it stands, and what the article says.
facts:
"""


def draft(articles: Sequence[Article]) -> str:
    """Return the ledger of all figures of some articles, as text of an evidence file.

    Figures that agree are one fact with all their places; those that speak of the same thing with
    other numbers name each other. Raises ``MissingWordsError``.
    """
    merged = _merged(one for article in articles for one in figures(article))
    dated = {article.name: _dated(article) for article in articles}
    facts = [
        _fact(number, places, dated[places[0].article], _conflicts(places[0], merged))
        for number, places in enumerate(merged, 1)
    ]
    head = _HEAD.format(names=", ".join(one.name for one in articles), count=len(merged))
    return head + "".join(facts) if facts else head.replace("facts:\n", "facts: []\n")


def _merged(found: Iterable[Figure]) -> list[list[Figure]]:
    """Figures by what they state, in the order in which they come."""
    by_value: dict[object, list[Figure]] = {}
    for one in found:
        kind = "money" if one.kind == "target" else one.kind
        by_value.setdefault((kind, one.value, one.unit.casefold()), []).append(one)
    return list(by_value.values())


def _conflicts(own: Figure, merged: Sequence[Sequence[Figure]]) -> list[str]:
    """Other values of the same thing: in one unit, in sentences that share their words."""
    return [
        f"{other.text} (F{number:02d}, {other.place})"
        for number, (other, *_) in enumerate(merged, 1)
        if other.unit == own.unit
        and own.value is not None
        and other.value != own.value
        and other.sentence != own.sentence
        and len(_keywords(own) & _keywords(other)) >= ALIKE
    ]


def _keywords(one: Figure) -> set[str]:
    return {word[:7] for word in re.findall(r"[^\W\d_]+", one.sentence.casefold())
            if len(word) >= LONG}  # fmt: skip


def _dated(article: Article) -> str:
    """The first day that an article names: of a dateline, mostly; ``?`` where it names none."""
    days = (iso(found)[:10] for found in DATES.finditer(article.text))
    return next((day for day in days if re.fullmatch(r"\d{4}-\d\d-\d\d", day)), "?")


def feeds(one: Figure) -> str:
    """Return the key of a study that a figure could feed; empty where no rule knows."""
    what = f"{one.kind}{'/' if '/' in one.unit else ''} {one.unit}"
    for kind, words, key in FEEDS:
        if re.search(kind, what) and re.search(words, f"{one.sentence} {one.unit}", re.I):
            return key
    return ""


def _fact(number: int, places: Sequence[Figure], dated: str, conflicts: Sequence[str]) -> str:
    one = places[0]
    target = next((place for place in places if place.kind == "target"), one)
    day = one.unit[:10] if one.kind == "date" and not one.unit.startswith("--") else dated
    notes = [
        f"{one.about} {one.text}" if one.about else "",
        f"set for: {target.until}" if target.until else "",
        f"other articles or places differ: {'; '.join(conflicts)}" if conflicts else "",
        f"could feed {feeds(target)}" if feeds(target) else "",
    ]
    quoted = dict.fromkeys(f"    # {place.place}: {place.sentence}" for place in places)
    lines = [
        f"  - id: F{number:02d}",
        *quoted,
        f"    theme: {target.kind}",
        f"    date: {_text(day)}",
        "    fact: ''",
        *([f"    value: {one.value:.12g}", f"    unit: {_text(one.unit)}"]
          if one.value is not None else []),
        f"    source: {_text(one.article)}",
        f"    locator: {_text(', '.join(dict.fromkeys(place.place for place in places)))}",
        "    grade: '?'",
        *([f"    notes: {_text('; '.join(filter(None, notes)))}"] if any(notes) else []),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _text(text: str) -> str:
    """A text in quotes, as YAML has it."""
    doubled = text.replace("'", "''")
    return f"'{doubled}'"
