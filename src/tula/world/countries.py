"""Countries by any of their names: ISO 3166-1 codes, M49 numbers and the usual spellings.

``countries.csv`` holds, for each, both ISO codes, the M49 number, a plain name, other spellings
(official names, those of statistical offices, the numbers Comtrade uses beside M49) and GDP in
billion USD of 2023, rounded to two digits (World Bank, World Development Indicators; of small
economies the order of magnitude). GDP only serves to tell units apart; no result uses it.
"""

from __future__ import annotations

import csv
import difflib
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib import resources

from tula.errors import LONGEST

#: Letters that no decomposition turns into plain ones.
_LETTERS = str.maketrans({"ı": "i", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "&": " and "})
#: Short forms in tables, and words that tell no two names apart.
_WHOLE = {
    "rep": "republic",
    "dem": "democratic",
    "fed": "federation",
    "st": "saint",
    "is": "islands",
    "isl": "islands",
}
_IDLE = frozenset({"the", "of", "and"})
#: Single letters that an apostrophe, or a blank in its place, ties to a word.
_TIED = re.compile(r"(?<=\w)['’ʼ`´]s\b|\b[dl](?:['’ʼ`´]|\s)(?=\w)")


@dataclass(frozen=True)
class Country:
    """A country or territory: its alpha-3 code, plain name, and GDP (billion USD, 0 if none)."""

    code: str
    name: str
    gdp: float


def key(text: str) -> str:
    """Return what a name has in common with its other spellings: case, accents, punctuation,
    the order of words and short forms make no difference."""
    folded = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    plain = "".join(sign for sign in folded if not unicodedata.combining(sign)).replace(".", "")
    words = [_WHOLE.get(word, word) for word in re.findall(r"\w+", _TIED.sub(" ", plain))]
    return " ".join(sorted(word for word in words if word not in _IDLE))


def country(text: str) -> Country | None:
    """Return the country that a code, number or name stands for, if it stands for one."""
    by_code, by_name = _index()
    code = text.strip().casefold().replace(".", "")
    return by_code.get(code.lstrip("0") if code.isdigit() else code) or by_name.get(key(text))


def countries() -> tuple[Country, ...]:
    """Return all countries and territories, each once."""
    return tuple({one.code: one for one in _index()[0].values()}.values())


def similar(text: str) -> Country | None:
    """Return the country whose name, of four letters or more, is nearly that of a text."""
    by_name = _index()[1]
    if not 3 < len(text) <= LONGEST:
        return None
    near = difflib.get_close_matches(key(text), by_name, n=1, cutoff=0.8)
    return by_name[near[0]] if near else None


@cache
def _index() -> tuple[dict[str, Country], dict[str, Country]]:
    """Countries by code or number, and by key of every name."""
    by_code, by_name = {}, {}
    text = (resources.files("tula.world") / "countries.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        found = Country(row["code"], row["name"], float(row["gdp"] or 0.0))
        for name in filter(None, (row["name"], *row["also"].split("|"))):
            by_name[key(name)] = found
        numbers = [name for name in row["also"].split("|") if name.isdigit()]
        for code in filter(None, (row["code"], row["alpha2"], row["m49"].lstrip("0"), *numbers)):
            by_code[code.casefold()] = found
    return by_code, by_name
