"""How a number is written, once, for page, terminal and files.

A minus is typographic and never stands before a zero; thousands are parted by a narrow space.
Decimals follow the size of the number. Money is held in million USD and written in bn USD.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence

from tula.numbers.estimate import Estimate

Writer = Callable[[float], str]
MINUS = "\N{MINUS SIGN}"
NO_BREAK = "\N{NO-BREAK SPACE}"
THIN = "\N{NARROW NO-BREAK SPACE}"
FIGURE = "\N{FIGURE SPACE}"
POINT = "\N{PUNCTUATION SPACE}"
MISSING = "n/a"
#: Unit of money as it is written.
BILLION = "bn USD"
#: Sizes from which a number has no decimals, one, two ...; below the last it has one more. In
#: tables, in sentences (percent, then billions), and for scores.
TABLE, SENTENCE, WORTH, SCORE = (100.0, 10.0, 0.1), (10.0, 1.0), (100.0, 1.0), (100.0, 10.0, 1.0)
WHOLE: Sequence[float] = ()
#: Million USD below which a sentence does not speak of billions.
SMALL = 50.0
#: Percent, or bn USD, below which a change is as good as none: the solves are not exact to more.
NOISE = 1e-7
#: Units of what is told in percent.
SHARES = ("share", "share of the year", "probability")
_NUMBER = re.compile(rf"[+{MINUS}]?[0-9{THIN}]+(\.[0-9]+)?")


def fixed(value: float, places: int, *, signed: bool = False) -> str:
    """A number with so many decimals; ``n/a`` if missing. A zero has no sign."""
    if math.isnan(value):
        return MISSING
    text = f"{abs(value):,.{places}f}".replace(",", THIN)
    if not text.strip(f"0.{THIN}"):
        return text
    return f"{MINUS if value < 0 else '+' if signed else ''}{text}"


def number(value: float, ladder: Sequence[float] = TABLE, *, signed: bool = False) -> str:
    """A number with the decimals that its size asks for; what rounds to zero is ``0``."""
    size = abs(value)
    places = (at for at, bound in enumerate(ladder) if round(size, at + 1) >= bound)
    text = fixed(value, next(places, len(ladder)), signed=signed)
    return text if text.strip("0.") else "0"


def change(value: float) -> str:
    """A change: always signed unless it rounds to zero."""
    return number(value, signed=True)


def fine(value: float, *, signed: bool = False) -> str:
    """A number; one too small for three decimals is told by its first digit, 0.0004; noise is 0."""
    if not NOISE < abs(value) < 10.0 ** -len(TABLE):
        return number(value, signed=signed)
    return fixed(value, -math.floor(math.log10(abs(value))), signed=signed)


def percent(value: float, ladder: Sequence[float] = SENTENCE, *, signed: bool = False) -> str:
    """A percentage; one that rounds to zero, though it is none, is told by the least shown."""
    text = number(value, ladder, signed=signed)
    if text == "0" and abs(value) > NOISE:
        return f"<{10.0 ** -len(ladder):g}%"
    return text if text == MISSING else f"{text}%"


def change_percent(value: float) -> str:
    """A change in percent as in a table: +12.3%, −0.23%, <0.001%, 0%."""
    return percent(value, TABLE, signed=True)


def figure(million: float) -> str:
    """Million USD as a number of billions: 4.1, −0.30, 0; whole from 100 upwards."""
    return number(million / 1000.0, WORTH)


def money(million: float) -> str:
    """Money as in a sentence: 4.1 bn USD; small amounts in millions."""
    if abs(million) < SMALL:
        return f"{fixed(million, 0)} million USD"
    return f"{figure(million)} {BILLION}"


def billions(million: float, *, signed: bool = False) -> str:
    """Money as in a chart or table: −8.12 bn USD, 0.0004 bn USD."""
    text = fine(million / 1000.0, signed=signed)
    return text if text == MISSING else f"{text} {BILLION}"


def chance(share: float) -> str:
    """A probability in whole percent; what is almost none or almost all is said so."""
    if 0.0 < share <= 0.005:
        return "under 1%"
    if 0.995 <= share < 1.0:
        return "over 99%"
    return f"{fixed(100.0 * share, 0)}%"


def limit(share: float) -> str:
    """A threshold as announced, in percent: 2%, 75%, 12.5%."""
    return f"{100.0 * share:.6g}%"


def level(value: float, digits: int = 3) -> str:
    """An input's value in so many digits; whole from where these do not reach."""
    rounded = float(f"{value:.{digits}g}") if abs(value) < 10.0**digits else round(value)
    text = f"{rounded:.{max(digits, 6)}g}" if abs(rounded) < 1e6 else f"{rounded:.0f}"
    return text.replace("-", MINUS)


def quantity(value: float, unit: str) -> str:
    """A value with its unit to two digits that matter; shares and probabilities in percent."""
    told = f"{level(100.0 * value, 2)}%" if unit in SHARES else f"{level(value, 2)} {unit}"
    return told.strip()


def ranged(told: Estimate, written: Writer, unit: str = "", *, beyond: str = "") -> str:
    """A central value with its range: −4.4 (−11.2 to 1.9) bn USD; without one where it is exact.

    ``beyond`` is added to the range where the central value lies outside it.
    """
    central, low, high = map(written, told.numbers)
    if told.exact or low == central == high:
        return f"{central}{unit}"
    return f"{central} ({low} to {high}{beyond if told.outside else ''}){unit}"


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
