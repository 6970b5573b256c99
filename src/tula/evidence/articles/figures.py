"""Every amount, percentage, count, date and target that a text states, with its place.

Numbers in words are read by ``text2num``; what they count is read off the words around them. The
word "one", and ordinals in words, are no figures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from typing import Literal, NamedTuple

from tula.errors import TulaError
from tula.evidence.articles.dates import DATES, iso
from tula.evidence.articles.read import Article

Kind = Literal["money", "percentage", "count", "date", "target"]
SCALES = {
    "thousand": 1e3, "k": 1e3, "lakh": 1e5, "lakhs": 1e5, "million": 1e6, "mn": 1e6, "m": 1e6,
    "crore": 1e7, "crores": 1e7, "billion": 1e9, "bn": 1e9, "b": 1e9, "trillion": 1e12, "tn": 1e12,
}  # fmt: skip
CURRENCIES = {
    "$": "USD", "us$": "USD", "usd": "USD", "dollar": "USD", "dollars": "USD", "us dollars": "USD",
    "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR", "£": "GBP", "gbp": "GBP",
    "₹": "INR", "rs": "INR", "rs.": "INR", "inr": "INR", "rupee": "INR", "rupees": "INR",
    "₽": "RUB", "rub": "RUB", "rouble": "RUB", "roubles": "RUB", "ruble": "RUB", "rubles": "RUB",
    "yuan": "CNY", "renminbi": "CNY", "cny": "CNY", "rmb": "CNY", "yen": "JPY", "jpy": "JPY",
}  # fmt: skip
_SIGN = r"(?:US\$|[$€£₹₽]|\b(?:USD|EUR|GBP|INR|RUB|CNY|RMB|JPY|Rs\.?))"
_DIGITS = re.compile(
    rf"(?P<sign>{_SIGN}\s?)?(?<![\w.])(?<![^\W\d][-–])(?P<number>\d{{1,3}}(?:,\d{{2,3}})+(?:\.\d+)?|"
    r"\d+(?:\.\d+)?)(?P<nth>st|nd|rd|th)?(?![.,]\d)"
)
_SCALE = re.compile(r"(?:[\s-]*(?:thousand|lakhs?|million|crores?|billion|trillion|mn|bn|tn)\b"
                    r"|(?:k|m|b)\b)*", re.I)  # fmt: skip
_MONEY = re.compile(r"\s*(US dollars|dollars?|euros?|rupees?|rou?bles?|yuan|renminbi|yen|"
                    r"USD|EUR|GBP|INR|RUB|CNY|RMB|JPY)\b", re.I)  # fmt: skip
_PERCENT = re.compile(r"\s*(%|per\s?cent\b)|[\s-]*(percentage[\s-]points?|pp)\b", re.I)
_PER = re.compile(r"\s*(?:a|per|/)\s*(barrel|bbl|tonne|ton|kg)\b", re.I)
_BARRELS = re.compile(
    r"\s*(?:(?:barrels?(?: of (?:crude|oil))?)\s+(?:per|a)\s+day|bpd|[mk]?b/d)\b", re.I
)
_ABOUT = re.compile(r"(under|over|almost|nearly|about|around|approximately|some|"
                    r"more than|less than|up to|at least|roughly|below|above)"
                    r"\s+(?:[$€£₹₽]|US\$)?$", re.I)  # fmt: skip
_TARGET = re.compile(r"\b(?:target(?:s|ed)?|goals?|aim(?:s|ed)? (?:to|for|at)|objective)\b", re.I)
_UNTIL = re.compile(r"\bby (?:the )?(?:20\d\d|end of (?:the|this) (?:decade|year|century))", re.I)
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_NOUNS = re.compile(r"[\s-]*((?:[^\W\d_][\w'’-]*\s+){0,3}?[^\W\d_][\w'’-]*[^\Wsui]s)\b")
_ONE_NOUN = re.compile(r"[\s-]+([^\W\d_][\w'’-]*)")
_NAME = re.compile(r"\s+([A-Z][\w'’-]*(?:\s+[A-Z][\w'’-]*)*)")
#: Words before which what is counted has ended.
_STOPS = re.compile(r"\b(of|in|on|by|to|and|or|the|from|for|is|are|was|were|has|have|with|as|at|"
                    r"this|its|that|which|per|between)\b", re.I)  # fmt: skip
_MARKS = re.compile(r"[.,;:()\n]")
_JOINED = re.compile(r"\s*(?:-|–|to|and)\s*(?:US\$|[$€£₹₽])?$", re.I)


#: A bare number from here on is no lower end of a scaled one: "$5,000 to $2 million".
LARGEST_BARE = 1000.0


class MissingWordsError(TulaError):
    """Numbers in words are read by text2num. Install it: pip install 'tula[articles]'."""


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


class _Number(NamedTuple):
    """A number as it is written: where, how much, its currency and whether it is an ordinal."""

    start: int
    end: int
    value: float
    currency: str = ""
    ordinal: bool = False


class _Read(NamedTuple):
    """What a number is of; ``scale``: what a bare number is to be multiplied by in its unit."""

    kind: Kind
    value: float
    unit: str
    end: int
    scale: float = 1.0


def figures(article: Article) -> list[Figure]:
    """Return every figure of an article, in its order.

    Raises ``MissingWordsError`` where ``text2num`` is not installed.
    """
    text, found = article.text, list[tuple[int, Figure]]()
    masked = text
    for date in DATES.finditer(text):
        found.append(
            (date.start(), _figure(article, date.start(), date.end(), "date", None, iso(date)))
        )
        masked = masked[: date.start()] + " " * len(date[0]) + masked[date.end() :]
    numbers = sorted([*_digits(masked), *_words(masked)])
    following: tuple[int, _Read] | None = None
    for number in reversed(numbers):
        read = _read(masked, number)
        if following and _JOINED.fullmatch(masked[number.end : following[0]]):
            read = _alike(number, read, following[1])
        following = number.start, read
        found.append((number.start, _figure(article, number.start, read.end, *read[:3])))
    return [one for _, one in sorted(found, key=lambda pair: pair[0])]


def _digits(text: str) -> Iterator[_Number]:
    for match in _DIGITS.finditer(text):
        sign = CURRENCIES.get((match["sign"] or "").strip().lower(), "")
        value = float(match["number"].replace(",", ""))
        yield _Number(match.start(), match.end(), value, sign, bool(match["nth"]))


def _words(text: str) -> Iterator[_Number]:
    """Numbers in words but "one" alone and ordinals."""
    try:
        from text_to_num import find_numbers
    except ImportError:
        raise MissingWordsError(
            "numbers in words need text2num: pip install 'tula[articles]'"
        ) from None

    matches = list(_WORD.finditer(text))
    tokens = [_Token(text, number, matches) for number in range(len(matches))]
    for one in find_numbers(tokens, "en", threshold=0):
        start, end = matches[one.start].start(), matches[one.end - 1].end()
        if not one.is_ordinal and text[start:end].lower() != "one" and one.value > 0:
            yield _Number(start, end, float(one.value))


class _Token:
    """A word, as ``text2num`` asks for it."""

    def __init__(self, text: str, number: int, matches: list[re.Match[str]]) -> None:
        self._own = matches[number][0]
        before = matches[number - 1].end() if number else 0
        self._apart = bool(re.search(r"[^\s-]", text[before : matches[number].start()]))

    def text(self) -> str:
        """The word itself."""
        return self._own

    def nt_separated(self, previous: object) -> bool:
        """Whether more than blanks parts it from the word before."""
        return self._apart

    def not_a_number_part(self) -> bool:
        """Words of a number that stand for something else: multiples of digits stay with them."""
        return self._own.lower() in SCALES and self._apart


def _read(text: str, number: _Number) -> _Read:
    """What a number is of, by what stands around it."""
    scaled = _SCALE.match(text, number.end)
    end = scaled.end() if scaled else number.end
    scale = prod(SCALES[word] for word in re.findall("[a-z]+", text[number.end : end].lower()))
    value = number.value * scale
    if percent := _PERCENT.match(text, end):
        return _Read("percentage", value, "%" if percent[1] else "pp", percent.end())
    coin = None if number.currency else _MONEY.match(text, end)
    if coin:
        return _money(text, coin.end(), value, CURRENCIES[coin[1].lower()], scale)
    if number.currency:
        return _money(text, end, value, number.currency, scale)
    if barrels := _BARRELS.match(text, end):
        scale *= {"m": 1.0, "k": 1e-3}.get(barrels[0].strip()[0].lower(), 1e-6)
        return _Read("count", number.value * scale, "mb/d", barrels.end(), scale)
    return _Read("count", value, *_counted(text, end, number.ordinal), scale)


def _money(text: str, end: int, value: float, currency: str, scale: float) -> _Read:
    if per := _PER.match(text, end):
        what = "bbl" if per[1].lower() in ("barrel", "bbl") else per[1].lower()
        return _Read("money", value, f"{currency}/{what}", per.end(), scale)
    return _Read("money", value / 1e9, f"bn {currency}", end, scale / 1e9)


def _counted(text: str, end: int, ordinal: bool) -> tuple[str, int]:
    """What is counted: the words up to the first plural, or the next word."""
    stops = (_STOPS.search(text, end), _MARKS.search(text, end))
    until = min((stop.start() for stop in stops if stop), default=len(text))
    named = _NAME.match(text, end, until) if ordinal else _NOUNS.match(text, end, until)
    found = named or _ONE_NOUN.match(text, end, until)
    noun = " ".join(found[1].split()) if found else ""
    return (f"nth {noun}".strip() if ordinal else noun or "number"), found.end() if found else end


def _alike(number: _Number, read: _Read, other: _Read) -> _Read:
    """The lower end of "25 to 50 per cent", "$10 to $12 billion": as the upper end is meant."""
    bare = read.end == number.end and number.value < LARGEST_BARE
    if not bare or (read.kind == "money" and read.unit != other.unit):
        return read
    return other._replace(value=number.value * other.scale, end=number.end)


def _figure(
    article: Article, start: int, end: int, kind: Kind, value: float | None, unit: str
) -> Figure:
    sentence = article.sentence(start)
    until = _UNTIL.search(sentence)
    about = _ABOUT.search(article.text[max(0, start - 20) : start])
    target = _TARGET.search(article.text[max(0, start - 80) : start].rsplit(".", 1)[-1])
    return Figure(
        kind="target" if target and kind != "date" else kind,
        value=None if value is None else float(f"{value:.12g}"),
        unit=unit,
        text=" ".join(article.text[start:end].split()),
        article=article.name,
        line=article.line(start),
        sentence=sentence,
        about=about[1].lower() if about else "",
        until=until[0] if until and kind != "date" else "",
    )
