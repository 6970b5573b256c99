"""Dates as English texts write them."""

from __future__ import annotations

import re

_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September",
           "October", "November", "December")  # fmt: skip
_MONTH = rf"(?:{'|'.join(_MONTHS)}|Sept|{'|'.join(name[:3] for name in _MONTHS)})(?:\.(?=\s*\d))?"
_DAYS = r"\d{1,2}(?:st|nd|rd|th)?(?:\s*[-–]\s*\d{1,2})?"
#: Days, months, fiscal and other years, the most exact first.
DATES = re.compile(
    r"(?<![\w-])(?:\d{4}-\d{2}-\d{2}"
    rf"|(?:{_MONTH}\s+{_DAYS}|{_DAYS}\s+{_MONTH})(?:,?\s+\d{{4}})?|{_MONTH},?\s+\d{{4}}"
    r"|20\d\d[-–/]\d\d|FY\s?\d{2}"
    r"|(?<![$€£₹₽.,])(?:19|20)\d\d(?!\s*(?:%|per\s?cent|million|billion|barrels|MW|[.,]\d)))"
    r"(?![\w%])"
)


def iso(text: str) -> str:
    """Return a date as ISO 8601 has it: a day, a month, a year, or two days with a slash.

    A day whose year is not stated begins with ``--``.
    """
    month = re.search("[A-Z][a-z]{2}", text)
    if month is None:
        return text.replace(" ", "")
    number = next(n for n, name in enumerate(_MONTHS, 1) if name.startswith(month[0]))
    year = re.search(r"\d{4}", text)
    head = f"{year[0] if year else '-'}-{number:02d}"
    days = re.findall(r"\b\d{1,2}(?!\d)", text)
    return "/".join(f"{head}-{int(day):02d}" for day in days) or head
