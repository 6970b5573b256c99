"""Units of a table's figures, in the spellings that tables use: Tula counts in million USD.

A unit of flows is a scale and a currency in either order, such as ``million USD``, ``USD bn``,
``Mill USD`` or ``1000 USD``; other currencies say what they are worth: ``million EUR at 1.08``
(US dollars for one). A unit of duties is a percentage or a fraction.
"""

from __future__ import annotations

import re

from tula.errors import TulaError
from tula.numbers.units import CURRENCIES, CURRENCY_OF, SCALE_OF

#: No currency was ever worth more US dollars; a larger number is a price of the dollar.
_DEAREST = 4.0
_PERCENT = ("%", "percent", "percents", "pct", "percentage", "percentagepoints", "pp")
_FRACTION = ("fraction", "fractions", "ratio", "share", "decimal", "decimals", "1")
_IDLE = re.compile(r"\b(?:of|in|current|constant|at basic prices|prices|a year|per year|annual)\b")
#: What stands between a unit and the worth of its currency.
_WORTH = re.compile(r"\s*(?:@|=|\bat\b|[,;(:])\s*(?=\d)")
_NUMBER = r"(\d+(?:\.\d+)?)"


class UnitError(TulaError):
    """A unit cannot be read, lacks the worth of its currency, or is stated in two ways. State it
    once, for example as 'million USD' or 'million EUR at 1.08'."""  # fmt: skip


def million_usd(text: str) -> float:
    """Return how many million USD one unit of a table's flows is.

    Raises ``UnitError`` with what to write.
    """
    plain = re.sub(r"(?<=\d),(?=\d{3}\b)", "", text.strip().casefold().replace("_", " "))
    unit, *worth = _WORTH.split(plain, maxsplit=1)
    packed = re.sub(r"[\s.,;()'’\[\]]", "", _IDLE.sub(" ", unit).replace("**", "^"))
    for word, currency in CURRENCY_OF.items():
        for rest in (packed.removeprefix(word), packed.removesuffix(word)):
            if rest != packed and rest in SCALE_OF:
                rate = 1.0 if currency == "USD" else _usd_for_one(text, currency, worth)
                return SCALE_OF[rest] * rate / 1e6
    how = "write a scale and a currency, such as 'million USD', 'USD bn' or '1000 USD'"
    raise UnitError(f"cannot read the unit {text!r}: {how}")


def duty_fraction(text: str) -> float:
    """Return what one unit of a table's duties is as a fraction of value: 0.01 or 1.

    Raises ``UnitError`` with what to write.
    """
    packed = re.sub(r"\b(?:in|ad[ -]?valorem)\b|[\s_.,()\[\]-]", "", text.casefold())
    if packed in _PERCENT or packed in _FRACTION:
        return 0.01 if packed in _PERCENT else 1.0
    raise UnitError(f"cannot read the unit {text!r} of duties: write 'percent' or 'fraction'")


def _usd_for_one(text: str, currency: str, worth: list[str]) -> float:
    """Return what one unit of a currency is worth in USD, as stated behind the unit."""
    names = "|".join(map(re.escape, CURRENCIES[currency].split()))
    said = re.sub(rf"\b1\s*(?:{names})\s*=", "", worth[0]) if worth else ""
    numbers = [float(found) for found in re.findall(_NUMBER, said)]
    if re.search(rf"{_NUMBER}\s*(?:{names})\s*(?:per|/)\s*(?:usd|us\$|\$)", said):
        return 1.0 / numbers[0]
    if len(numbers) == 1 and 0.0 < numbers[0] <= _DEAREST:
        return numbers[0]
    price = f"{numbers[0]:g}" if numbers and numbers[0] > _DEAREST else "Y"
    raise UnitError(
        f"the unit {text!r} needs the worth of its currency: write 'million {currency} at X', X "
        f"US dollars for one {currency}, or 'million {currency} at {price} {currency} per USD'"
    )
