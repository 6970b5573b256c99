"""Numbers, names and days as instruments take them; what reads two ways is refused.

A bare number is a fraction (0.25 = 25 per cent). Text must carry its unit: ``"25%"`` for a level
or a relative change, ``"25 pp"`` for a difference of percentage points.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection
from datetime import date, datetime
from numbers import Real
from typing import Annotated

from pydantic import BeforeValidator, PlainValidator
from pydantic_core import PydanticCustomError

from tula.wanted import wanted
from tula.world.named import REGION, REGIONS, SECTORS

#: A bare rate above this (500 per cent) is taken for a number in per cent and refused.
LARGEST_BARE_RATE = 5.0
#: Rates and ratios beyond this are refused: nothing is learned from them.
LARGEST_RATIO = 1e6
#: A bare amount above this (100 trillion USD) is taken for a number in USD and refused.
LARGEST_AMOUNT = 1e8
#: More people than this (ten thousand million, in thousand) are refused.
LARGEST_CROWD = 1e7
#: Yearly earnings of a worker in USD outside these bounds are taken for another unit and refused.
LEAST_EARNINGS, LARGEST_EARNINGS = 50.0, 1e6

#: A number as text, and a quantity: the number, then its unit if it has one.
NUMBER = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?"
QUANTITY = re.compile(rf"\s*({NUMBER})\s*(%|pp)?\s*", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def refusal(reason: str) -> PydanticCustomError:
    """Return the error that a field validator raises, with its reason as the whole message."""
    return PydanticCustomError("policy", "{reason}", {"reason": reason})


class Fraction(float):
    """A fraction that was worked out: what unit it has is no question."""


def number(value: object) -> float:
    """Return a finite float; text, booleans and non-finite values are refused."""
    if isinstance(value, bool) or not isinstance(value, Real):
        raise refusal(f"expected a number, got {value!r}")
    try:
        found = float(value)
    except (OverflowError, ValueError):
        found = math.inf
    if not math.isfinite(found):
        raise refusal(f"expected a finite number, got {found}")
    return found


def _bounded(value: float) -> float:
    if abs(value) > LARGEST_RATIO:
        raise refusal(f"{value:g} is beyond any use (the limit is {LARGEST_RATIO:g})")
    return value


def _quantity(value: object, unit: str, remedy: str) -> float:
    if isinstance(value, str):
        match = QUANTITY.fullmatch(value)
        if match is None or match[2] != unit:
            raise refusal(f"cannot read {value!r}: {remedy}")
        return _bounded(number(float(match[1]) / 100.0))
    found = _bounded(number(value))
    if abs(found) > LARGEST_BARE_RATE and not isinstance(value, Fraction):
        raise refusal(
            f"{found:g} would be {100 * found:g} {unit}: if you mean {found:g} {unit}, "
            f"write '{found:g}{unit}' or {found / 100:g}; "
            f"if you do mean {100 * found:g}, write '{100 * found:g}{unit}'"
        )
    return found


def _above(floor: float, value: float, what: str) -> float:
    if value <= floor:
        raise refusal(f"{what} must be above {floor:g}, got {value:g}")
    return value


def rate_level(value: object) -> float:
    """A rate to be set, above -1: a fraction, or text such as ``"25%"``."""
    remedy = "a level is a fraction such as 0.25 or text such as '25%' (points are for add)"
    return _above(-1.0, _quantity(value, "%", remedy), "a rate")


def rate_points(value: object) -> float:
    """Points to add to a rate: a fraction, or text such as ``"25 pp"``."""
    remedy = (
        "points are a fraction such as 0.25 or text such as '25 pp' "
        "('%' would read two ways; for a relative change use multiply)"
    )
    return _quantity(value, "pp", remedy)


def relative_change(value: object) -> float:
    """A relative change, above -1: a fraction, or text such as ``"10%"``."""
    remedy = "a relative change is a fraction such as 0.1 or text such as '10%'"
    return _above(-1.0, _quantity(value, "%", remedy), "a relative change")


def share(value: object) -> float:
    """A share between 0 and 1: a fraction, or text such as ``"80%"``."""
    found = _quantity(value, "%", "a share is a fraction such as 0.8 or text such as '80%'")
    if not 0.0 <= found <= 1.0:
        raise refusal(f"a share lies between 0 and 1 (0% and 100%), got {found:g}")
    return found


def portion(value: object) -> float:
    """A ratio to the base, zero or more: a fraction, or text such as ``"65%"``."""
    remedy = "a level of the base is a ratio such as 0.65 or text such as '65%'"
    found = _quantity(value, "%", remedy)
    if found < 0.0:
        raise refusal(f"must be zero or more, got {found:g}")
    return found


def ratio(value: object) -> float:
    """A ratio of new to old, above 0."""
    found = _above(0.0, _bounded(number(value)), "a ratio of new to old")
    _bounded(1.0 / found)
    return found


def not_negative(value: object) -> float:
    """A number that is zero or more."""
    found = _bounded(number(value))
    if found < 0.0:
        raise refusal(f"must be zero or more, got {found:g}")
    return found


def thousands(value: object) -> float:
    """A number of people in thousand, above 0; more than live on earth is refused."""
    found = _above(0.0, number(value), "a number of people")
    if found > LARGEST_CROWD:
        raise refusal(f"{found:g} thousand people is more than live on earth: give thousand")
    return found


def earnings(value: object) -> float:
    """USD a year earned by one worker; what looks like thousand or million USD is refused."""
    found = number(value)
    if not LEAST_EARNINGS <= found <= LARGEST_EARNINGS:
        raise refusal(
            f"{found:g} USD a year is no worker's earnings (expected {LEAST_EARNINGS:g} to "
            f"{LARGEST_EARNINGS:g}): give USD per worker and year"
        )
    return found


def amount(value: object) -> float:
    """Million USD a year, zero or more; more than the world has is refused."""
    found = number(value)
    if found < 0.0:
        raise refusal(f"must be zero or more, got {found:g}: swap who pays and who receives")
    if found > LARGEST_AMOUNT:
        raise refusal(f"{found:g} million USD is more than the world earns: give million USD")
    return found


def one_name(value: object) -> str:
    """One code, as text that is not blank."""
    if not isinstance(value, str) or not value.strip():
        raise refusal(f"expected one code, got {value!r}")
    return value


def names_or_none(value: object) -> tuple[str, ...]:
    """Codes or group names, sorted, each once; one code may stand alone; may be empty."""
    if isinstance(value, str):
        return (one_name(value),)
    if not isinstance(value, list | tuple | set | frozenset):
        raise refusal(f"expected a code, a group name or a collection of them, got {value!r}")
    return tuple(sorted({one_name(item) for item in value}))


def names(value: object) -> tuple[str, ...]:
    """Codes or group names, sorted, each once; at least one."""
    found = names_or_none(value)
    if not found:
        raise refusal("the collection is empty: name at least one code or group")
    return found


def sides(value: object) -> tuple[tuple[str, ...], ...]:
    """Two or more sides of an agreement, each a code, a group name or a collection of them."""
    if not isinstance(value, list | tuple) or len(value) < 2:
        raise refusal(
            "expected a list of two or more sides, such as [IND, EAEU] or [[IND], [RUS, KAZ]]; "
            "for an agreement inside a group list its members"
        )
    return tuple(names(side) for side in value)


def day(value: object) -> date:
    """A calendar day: a date, or text written YYYY-MM-DD."""
    if isinstance(value, datetime):
        raise refusal(f"expected a day without a time, got {value!r}")
    if isinstance(value, date):
        return value
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError as error:
            raise refusal(f"{value!r} is not a day of the calendar: {error}") from None
    raise refusal(wanted("date", value))


Level = Annotated[float, BeforeValidator(rate_level)]
Points = Annotated[float, BeforeValidator(rate_points)]
Change = Annotated[float, BeforeValidator(relative_change)]
Share = Annotated[float, BeforeValidator(share)]
Portion = Annotated[float, BeforeValidator(portion)]
Ratio = Annotated[float, BeforeValidator(ratio)]
NotNegative = Annotated[float, BeforeValidator(not_negative)]
Amount = Annotated[float, BeforeValidator(amount)]
Thousands = Annotated[float, BeforeValidator(thousands)]
Earnings = Annotated[float, BeforeValidator(earnings)]
Region = Annotated[str, BeforeValidator(one_name), REGION]
Regions = Annotated[Collection[str], PlainValidator(names), REGIONS]
Sectors = Annotated[Collection[str], PlainValidator(names), SECTORS]
ExceptRegions = Annotated[Collection[str], PlainValidator(names_or_none), REGIONS]
ExceptSectors = Annotated[Collection[str], PlainValidator(names_or_none), SECTORS]
Sides = Annotated[Collection[Collection[str]], PlainValidator(sides), REGIONS]
Day = Annotated[date, BeforeValidator(day)]
