"""Dates as English texts write them."""

from __future__ import annotations

import calendar
import re

_MONTHS = {name[:3].lower(): number for number, name in enumerate(calendar.month_name) if number}
_MONTH = (
    r"(?P<{0}>Jan(?:uary)?|Feb(?:ruary)?|March|Mar|April|Apr|May|June?|July?|Aug(?:ust)?|"
    r"Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)(?:\.(?=\s*\d))?"
)
_DAYS = r"(?P<{0}>\d{{1,2}})(?:st|nd|rd|th)?(?:\s*[-–]\s*(?P<{1}>\d{{1,2}}))?"
#: Days, months and years, the most exact first.
DATES = re.compile(
    r"(?<![\w-])(?:(?P<iso>\d{4}-\d{2}-\d{2})"
    rf"|{_MONTH.format('m1')}\s+{_DAYS.format('d1', 'e1')}(?:,?\s+(?P<y1>\d{{4}}))?"
    rf"|{_DAYS.format('d2', 'e2')}\s+{_MONTH.format('m2')}(?:,?\s+(?P<y2>\d{{4}}))?"
    rf"|{_MONTH.format('m3')},?\s+(?P<y3>\d{{4}})"
    r"|(?P<fiscal>20\d\d[-–/]\d\d)|FY\s?(?P<fy>\d{2})"
    r"|(?<![$€£₹₽.,])(?P<y4>(?:19|20)\d\d)(?!\s*(?:%|per\s?cent|million|billion|barrels|MW|[.,]\d)))"
    r"(?![\w%])"
)


def iso(found: re.Match[str]) -> str:
    """Return a date as ISO 8601 has it: a day, a month, a year, or two days with a slash.

    A day whose year is not stated begins with ``--``.
    """
    if found["iso"] or found["fiscal"] or found["fy"]:
        return found["iso"] or found["fiscal"] or f"FY{found['fy']}"
    if found["y4"]:
        return found["y4"]
    if found["m3"]:
        return f"{found['y3']}-{_month(found['m3']):02d}"
    way = "1" if found["m1"] else "2"
    head = f"{found[f'y{way}'] or '-'}-{_month(found[f'm{way}']):02d}"
    last = f"/{head}-{int(found[f'e{way}']):02d}" if found[f"e{way}"] else ""
    return f"{head}-{int(found[f'd{way}']):02d}{last}"


def _month(name: str) -> int:
    return _MONTHS[name[:3].lower()]
