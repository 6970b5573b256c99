"""A ledger drafted from articles: what they state, and nothing that its author has not accepted.

A drafted fact has an empty ``fact`` and the grade ``?``: neither passes ``tula check`` before its
author has put it in words of his own and graded its source.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from importlib import resources

import jinja2

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
    (r"count months?$", r"", "answer.threats.months"),
    (r"count", r"worker|labou?r|migrant|jobs", "ties.labour.permits"),
    (r"count", r"reactor|nuclear", "ties.nuclear"),
    (r"percentage", r"chance|probab|odds|likel", "beliefs.value"),
    (r"date", r"", "scenarios.instruments.tariff.start"),
)
#: Words of five letters or more that two statements about one thing share, at least.
ALIKE = 3


def draft(articles: Sequence[Article]) -> str:
    """Return the ledger of all figures of some articles, as text of an evidence file.

    Figures that agree are one fact with all their places; those that speak of the same thing with
    other numbers name each other.
    """
    merged: dict[object, list[Figure]] = {}
    for one in (one for article in articles for one in figures(article)):
        kind = "money" if one.kind == "target" else one.kind
        merged.setdefault((kind, one.value, one.unit.casefold()), []).append(one)
    facts = {f"F{number:02d}": places for number, places in enumerate(merged.values(), 1)}
    text = (resources.files(__package__) / "draft.yaml.j2").read_text("utf-8")
    template = jinja2.Template(
        text, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    return str(
        template.render(
            facts=facts,
            names=[article.name for article in articles],
            days={article.name: _dated(article) for article in articles},
            quotes={
                name: dict.fromkeys(f"{one.place}: {one.sentence}" for one in places)
                for name, places in facts.items()
            },
            conflicts={name: _conflicts(places[0], facts) for name, places in facts.items()},
            feeds=feeds,
        )
    )


def _conflicts(own: Figure, facts: Mapping[str, Sequence[Figure]]) -> list[str]:
    """Other values of the same thing: in one unit, in sentences that share their words."""
    return [
        f"{other.text} ({name}, {other.place})"
        for name, (other, *_) in facts.items()
        if own.value not in (None, other.value)
        and other.unit == own.unit
        and other.sentence != own.sentence
        and len(_keywords(own) & _keywords(other)) >= ALIKE
    ]


def _keywords(one: Figure) -> set[str]:
    return {word[:7] for word in re.findall(r"[^\W\d_]{5,}", one.sentence.casefold())}


def _dated(article: Article) -> str:
    """The first day that an article names: of a dateline, mostly; ``?`` where it names none."""
    days = (iso(found[0])[:10] for found in DATES.finditer(article.text))
    return next((day for day in days if re.fullmatch(r"\d{4}-\d\d-\d\d", day)), "?")


def feeds(one: Figure) -> str:
    """Return the key of a study that a figure could feed; empty where no rule knows."""
    what = f"{one.kind}{'/' if '/' in one.unit else ''} {one.unit}"
    for kind, words, key in FEEDS:
        if re.search(kind, what) and re.search(words, f"{one.sentence} {one.unit}", re.I):
            return key
    return ""
