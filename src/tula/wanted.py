"""What must stand where a value of another kind stands, and how to write the one that is meant."""

from __future__ import annotations

import re
from datetime import date, datetime
from math import isfinite

_MEANT = {"true": ("true", "yes", "on", "y"), "false": ("false", "no", "off", "n")}
_TRUTHS = {word: truth for truth, words in _MEANT.items() for word in words}
#: Ways to write a day or a month that leave no doubt about which is meant.
_DAYS = ("%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%d %B %Y", "%d %b %Y", "%B %d %Y", "%b %d %Y")
_MONTHS = ("%B %Y", "%b %Y", "%Y %B", "%Y %b", "%Y/%m", "%Y.%m")


def wanted(kind: str, given: object) -> str:
    """Say what must stand in place of ``given``, by pydantic's kind of error; empty for others."""
    if kind in ("bool_type", "bool_parsing"):
        return f"must be true or false, not {_told(given)}{_truth(given)}"
    if kind in ("float_type", "float_parsing", "int_type", "int_parsing", "int_from_float"):
        whole = "a whole number" if kind.startswith("int") else "a number"
        return f"must be {whole}, not {_told(given)}{_number(given)}"
    if kind.startswith("date"):
        meant = iso_date(given) if isinstance(given, str) else ""
        near = f"; write {meant}" if len(meant) == 10 else ""
        return f"must be a day such as 2025-12-12, not {_told(given)}{near}"
    return ""


def iso_date(text: str) -> str:
    """Return a day or month as ISO 8601 writes it; empty where a text may mean several or none."""
    plain = " ".join(text.replace(",", " ").split())
    try:
        return datetime.fromisoformat(plain).date().isoformat()
    except ValueError:
        pass
    for form in (*_DAYS, *_MONTHS):
        try:
            found = datetime.strptime(plain, form).date()
        except ValueError:
            continue
        return found.isoformat() if form in _DAYS else found.isoformat()[:7]
    return ""


def _told(given: object) -> str:
    if given is None:
        return "empty"
    if isinstance(given, bool):
        return str(given).lower()
    if isinstance(given, dict):
        return "a mapping"
    if isinstance(given, list | tuple):
        return "a list"
    return str(given) if isinstance(given, date) else repr(given)


def _truth(given: object) -> str:
    if given in (0, 1):
        return f"; write {'true' if given else 'false'}"
    meant = _TRUTHS.get(given.strip().casefold()) if isinstance(given, str) else None
    return f"; write {meant}{', without quotes' if given == meant else ''}" if meant else ""


def _number(given: object) -> str:
    if not isinstance(given, str):
        return ""
    match = re.fullmatch(r"\s*([+-]?[\d.]+(?:[eE][+-]?\d+)?)\s*(%?)\s*", given, re.ASCII)
    try:
        found = float(match[1]) / (100.0 if match[2] else 1.0) if match else float("nan")
    except ValueError:
        return ""
    return f"; write {found:.15g}, without quotes" if match and isfinite(found) else ""
