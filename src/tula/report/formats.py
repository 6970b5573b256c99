"""How numbers are written on the page: one rule for every figure, table and sentence.

Changes carry a sign (a plus or a typographic minus) and levels do not. Money is billion USD.
Decimals follow the size of the number: none from 100, one from 10, two from 0.1, else three.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence

Writer = Callable[[float], str]
MINUS = "\N{MINUS SIGN}"
NO_BREAK = "\N{NO-BREAK SPACE}"
THIN = "\N{NARROW NO-BREAK SPACE}"
FIGURE = "\N{FIGURE SPACE}"
POINT = "\N{PUNCTUATION SPACE}"
MISSING = "n/a"
#: Percent below which a change is as good as none: the solves are not exact to more.
NOISE = 1e-7
#: Decimals of the smallest numbers.
LEAST_PLACES = 3
_NUMBER = re.compile(rf"[+{MINUS}]?[0-9{THIN}]+(\.[0-9]+)?")


def decimals(value: float) -> int:
    """Number of decimals shown for a value of this size."""
    size = abs(value)
    for places, bound in ((0, 100.0), (1, 10.0), (2, 0.1)):
        if round(size, places) >= bound:
            return places
    return LEAST_PLACES


def number(value: float) -> str:
    """A level: no plus sign, thousands parted by a thin space; ``n/a`` if missing."""
    if math.isnan(value):
        return MISSING
    text = f"{abs(value):,.{decimals(value)}f}".replace(",", THIN)
    if not any(digit in text for digit in "123456789"):
        return "0"
    return f"{MINUS if value < 0 else ''}{text}"


def fine(value: float) -> str:
    """A level; one too small for three decimals is told by its first digit: 0.0004."""
    if value == 0.0 or not abs(value) < 10.0**-LEAST_PLACES:
        return number(value)
    return f"{MINUS if value < 0 else ''}{abs(value):.{-math.floor(math.log10(abs(value)))}f}"


def change(value: float) -> str:
    """A change: always signed unless it rounds to zero."""
    text = number(value)
    return f"+{text}" if value > 0 and text != "0" else text


def percent(value: float) -> str:
    """A change in percent, such as ``−0.23 %`` written without a space.

    A change that rounds to zero is ``<0.001%`` whatever its sign; below ``NOISE`` it is ``0%``.
    """
    text = change(value)
    if text == MISSING:
        return text
    return "<0.001%" if text == "0" and abs(value) > NOISE else f"{text}%"


def billions(million: float) -> str:
    """A change of money given in million USD, such as ``−$8.12 bn``."""
    text = change(million / 1000)
    if text == MISSING:
        return text
    sign, digits = (text[0], text[1:]) if text[0] in f"+{MINUS}" else ("", text)
    return f"{sign}${digits}{NO_BREAK}bn"


def aligned(column: Sequence[str]) -> list[str]:
    """Pad the numbers of a right-set column so that their decimal points line up.

    A text that is no bare number stays as it is; only the first line of a cell is padded.
    """
    firsts = [text.split("\n", 1)[0] for text in column]
    places = [len(match[1] or "") if (match := _NUMBER.fullmatch(t)) else None for t in firsts]
    most = max((count for count in places if count is not None), default=0)
    return [
        text if count is None else text.replace(first, first + _tail(count, most), 1)
        for text, first, count in zip(column, firsts, places, strict=True)
    ]


def _tail(count: int, most: int) -> str:
    point = POINT if most and not count else ""
    return point + FIGURE * (max(most - 1, 0) - max(count - 1, 0))


def scientific(value: float) -> str:
    """A small number as ``6.4 × 10⁻¹¹``; zero as ``0``."""
    if value == 0 or math.isnan(value):
        return "0" if value == 0 else MISSING
    mantissa, _, exponent = f"{value:.1e}".partition("e")
    raised = str(int(exponent)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"{mantissa.replace('-', MINUS)}{NO_BREAK}×{NO_BREAK}10{raised}"
