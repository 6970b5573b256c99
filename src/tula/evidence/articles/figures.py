"""Every amount, percentage, count, date and target that a text states, with its place.

One pattern finds a number, what multiplies it and what it is of; numbers in words are read by
``text2num``. The word "one", and ordinals in words, are no figures.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import takewhile
from math import prod
from typing import Literal, NamedTuple

from text_to_num import text2num

from tula.evidence.articles.dates import DATES, iso
from tula.evidence.articles.read import Article
from tula.numbers.units import CURRENCY_OF, SCALE_OF

Kind = Literal["money", "percentage", "count", "date", "target"]
_BELOW_100 = (
    r"(?:(?:twen|thir|for|fif|six|seven|eigh|nine)ty(?:[\s-](?:one|two|three|four|five|six|seven|"
    r"eight|nine))?|(?:thir|four|fif|six|seven|eigh|nine)teen|one|two|three|four|five|six|seven|"
    r"eight|nine|ten|eleven|twelve)\b"
)
_POWER = r"(?:hundred|thousand|million|billion|trillion)\b"
_HIGHER = rf"(?:{_BELOW_100}[\s-]+)?{_POWER}"
_IN_WORDS = rf"\b(?:{_HIGHER}(?:[\s-]+and)?[\s-]+)*(?:{_HIGHER}|{_BELOW_100})"
_FIGURE = re.compile(
    rf"""
    (?P<sign>(?:US\$|[$€£₹₽]|\b(?:USD|EUR|GBP|INR|RUB|CNY|RMB|JPY|Rs\.?))\s?)?
    (?<![\w.])(?<![^\W\d][-–])
    (?P<number>\d{{1,3}}(?:,\d{{2,3}})+(?:\.\d+)?|\d+(?:\.\d+)?|{_IN_WORDS}(?!-\w))
    (?P<nth>st|nd|rd|th)?(?![.,]\d)
    (?P<scale>(?:[\s-]*(?:thousand|lakhs?|million|crores?|billion|trillion|mn|bn|tn)\b|[kmb]\b)*)
    (?:\s*(?P<percent>%|per\s?cent\b)
      |[\s-]*(?P<points>percentage[\s-]points?|pp)\b
      |\s*(?P<barrels>[mk]?b/d|bpd|barrels?(?:\ of\ (?:crude|oil))?\s+(?:per|a)\s+day)\b
      |\s*(?P<coin>US\ dollars|dollars?|euros?|rupees?|rou?bles?|yuan|renminbi|yen|
                   USD|EUR|GBP|INR|RUB|CNY|RMB|JPY)\b)?
    """,
    re.X | re.I,
)
_PER = re.compile(r"\s*(?:a|per|/)\s*(barrel|bbl|tonne|ton|kg)\b", re.I)
_JOINED = re.compile(r"\s*(?:-|–|to|and)\s*", re.I)
_ABOUT = re.compile(
    r"(under|over|almost|nearly|about|around|approximately|some|more than|less than|up to|at least|"
    r"roughly|below|above)\s+$",
    re.I,
)
_TARGET = re.compile(r"\b(?:target(?:s|ed)?|goals?|aim(?:s|ed)? (?:to|for|at)|objective)\b", re.I)
_UNTIL = re.compile(r"\bby (?:the )?(?:20\d\d|end of (?:the|this) (?:decade|year|century))", re.I)
_FOLLOWING = re.compile(r"(?:(?:[^\S\n]+|-)[^\W\d_][\w'’-]*){0,6}")
_PLURAL = re.compile(r"[\w'’-]*[^\Wsui]s")
#: Words before which what is counted has ended.
_STOPS = re.compile(
    "of|in|on|by|to|and|or|the|from|for|is|are|was|were|has|have|with|as|at|this|its|that|which|"
    "per|between",
    re.I,
)
#: A bare number from here on is no lower end of a scaled one: "$5,000 to $2 million".
LARGEST_BARE = 1000.0


@dataclass(frozen=True)
class Figure:
    """A figure as a text states it: normalised, and where it stands.

    Money is in billions of its currency (``bn USD``), or per unit (``USD/bbl``); percentages and
    points are in %; oil is in mb/d; other counts are whole, by what they count. Of a date ``value``
    is None and ``unit`` the day, month or year. ``about`` is the word before it, such as "under";
    ``until`` the time a target is set for.
    """

    kind: Kind
    value: float | None
    unit: str
    text: str
    article: str
    line: int
    sentence: str
    about: str = ""
    until: str = ""

    @property
    def place(self) -> str:
        """File and line."""
        return f"{self.article}:{self.line}"


class _Unit(NamedTuple):
    """What a number is of, the name of its unit, and what one of the number is in it."""

    kind: Kind
    name: str
    size: float


def figures(article: Article) -> list[Figure]:
    """Return every figure of an article, in its order."""
    found = [
        (date.start(), _figure(article, date.start(), date[0], "date", None, iso(date[0])))
        for date in DATES.finditer(article.text)
    ]
    text = DATES.sub(lambda date: " " * len(date[0]), article.text)
    following, upper = len(text), _Unit("count", "", 1.0)
    for match in reversed([*_FIGURE.finditer(text)]):
        number = match["number"].lower()
        if number == "one":
            continue
        value = float(number.replace(",", "")) if number[0].isdigit() else text2num(number, "en")
        own, beyond = _unit(match)
        told = match[0] + beyond
        # the lower end of "25 to 50 per cent", "$10 to $12 billion" is meant as the upper end
        if value < LARGEST_BARE and told.endswith(match["number"]):
            joined = _JOINED.fullmatch(text, match.end(), following)
            own = upper if joined and (own.kind != "money" or own.name == upper.name) else own
        following, upper = match.start(), own
        one = _figure(article, following, told, own.kind, value * own.size, own.name)
        found.append((following, one))
    return [one for _, one in sorted(found, key=lambda pair: pair[0])]


def _unit(match: re.Match[str]) -> tuple[_Unit, str]:
    """What a number is of, and what of it the text says beyond the match."""
    scale = prod(SCALE_OF[word] for word in re.findall("[a-z]+", match["scale"].lower()))
    if match["percent"] or match["points"]:
        return _Unit("percentage", "%" if match["percent"] else "pp", scale), ""
    if barrels := match["barrels"]:
        million = {"m": 1.0, "k": 1e-3}.get(barrels[0].lower(), 1e-6)
        return _Unit("count", "mb/d", scale * million), ""
    if money := match["sign"] or match["coin"]:
        currency = CURRENCY_OF["".join(money.lower().split())]
        if per := _PER.match(match.string, match.end()):
            what = per[1].lower().replace("barrel", "bbl")
            return _Unit("money", f"{currency}/{what}", scale), per[0]
        return _Unit("money", f"bn {currency}", scale / 1e9), ""
    noun = _counted(match)
    told = f"nth {noun}".strip() if match["nth"] else noun or "number"
    return _Unit("count", told, scale), noun and f" {noun}"


def _counted(match: re.Match[str]) -> str:
    """What is counted: the words up to the first plural, or the next word; of an ordinal, names."""
    after = _FOLLOWING.match(match.string, match.end())
    words = [word.strip("-") for word in after[0].split()] if after else []
    words = [*takewhile(lambda word: not _STOPS.fullmatch(word), words)]
    if match["nth"]:
        return " ".join([*takewhile(lambda word: word[0].isupper(), words)] or words[:1])
    plural = (n for n, word in enumerate(words[:4], 1) if _PLURAL.fullmatch(word))
    return " ".join(words[: next(plural, 1)])


def _figure(
    article: Article, start: int, text: str, kind: Kind, value: float | None, unit: str
) -> Figure:
    sentence, before = article.sentence(start), article.text[:start]
    about = _ABOUT.search(before[-20:])
    until = _UNTIL.search(sentence)
    target = _TARGET.search(before[-80:].rsplit(".", 1)[-1])
    return Figure(
        kind="target" if target and kind != "date" else kind,
        value=None if value is None else float(f"{value:.12g}"),
        unit=unit,
        text=" ".join(text.split()),
        article=article.name,
        line=article.line(start),
        sentence=sentence,
        about=about[1].lower() if about else "",
        until=until[0] if until and kind != "date" else "",
    )
