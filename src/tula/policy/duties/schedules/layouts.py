"""The layouts of schedules: their headings, and how a row becomes a line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise
from os import PathLike
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tula.errors import did_you_mean
from tula.policy.duties.schedules.lines import MFN, Line, hs_codes, spans, years
from tula.policy.duties.schedules.sheet import Headings, Sheet

if TYPE_CHECKING:
    from tula.policy.duties.schedules.read import ScheduleSettings

Found = tuple[Sheet, list[Line], list[str]]
Place = str | PathLike[str]

_CODE = ("code", "hs", "hs6", "hs8", "hs10", "hts", "hts8", "hts10", "hs code", "hts code",
         "product", "product code", "tariff line", "commodity code", "cn code")  # fmt: skip
_TRADE = ("trade", "imports", "import value", "value", "weight", "con_val_yr")
#: Headings of a file of trade.
WEIGHTS: Headings = {
    "code": _CODE,
    "trade": _TRADE,
    "partner": ("partner", "exporter", "origin", "country"),
}
_LINES: Headings = {
    "importer": ("importer", "reporter", "destination"),
    "partner": ("partner", "exporter", "origin", "country", "partner iso"),
    "code": _CODE,
    "rate": (
        *("rate", "duty", "tariff", "duty rate", "rate of duty", "ad valorem", "ad valorem rate"),
        *("rate points", "applied rate", "general rate"),
    ),
    "start": ("start", "from", "effective date", "begin", "valid from"),
    "end": ("end", "to", "until", "valid to", "valid until"),
    "layer": ("layer", "act", "measure", "list"),
    "authority": ("authority", "law", "program"),
    "trade": ("trade", "imports", "import value", "weight"),
}
_TETI: Headings = {
    "importer": ("iso1", "importer"),
    "partner": ("iso2", "exporter"),
    "year": ("year",),
    "sector": ("sector", "isic", "isic33", "isic3"),
    "code": ("hs6", "hs", "product"),
    "rate": ("tariff",),
}
_WITS: Headings = {
    "importer": ("reporter", "reporter name", "reporter code", "reporter iso n"),
    "partner": ("partner", "partner name", "partner code"),
    "year": ("tariff year", "year"),
    "code": ("product", "product code", "hs6", "hs code"),
    "type": ("duty type", "dutytype", "tariff type"),
    "rate": ("simple average", "simple avg", "adval duty rate"),
    "weighted": ("weighted average",),
    "nomenclature": ("selected nomen", "nomen code", "nomenclature", "native nomen"),
    "trade": ("imports value in 1000 usd", "imports value", "trade value"),
}
_DAILY: Headings = {
    "day": ("date", "day"),
    "partner": ("country name", "partner", "country", "exporter", "iso3"),
    "authority": ("authority", "layer", "program"),
    "rate": ("weighted etr", "effective tariff", "rate", "tariff", "etr", "points"),
}
#: Column of the rate to what it counts: the whole duty, or what is added to the ordinary one.
_COUNTS: Mapping[str, str] = {"weighted etr": "replaces", "effective tariff": "adds"}
#: Prefixes of columns by authority, trade-weighted ones first.
_WIDE = ("etr_", "weighted_", "mean_", "")
#: How trackers call authorities, and what the embedded table calls them.
_AUTHORITIES: Mapping[str, str] = {
    "base": MFN, "mfn": MFN, "232": "S232", "section 232": "S232", "s232": "S232", "301": "S301",
    "section 301": "S301", "s301": "S301", "201": "S201", "section 201": "S201", "s201": "S201",
    "122": "S122", "s122": "S122", "section 122": "S122", "338": "S338", "s338": "S338",
    "section 338": "S338", "ieepa": "IEEPA-reciprocal", "reciprocal": "IEEPA-reciprocal",
    "ieepa reciprocal": "IEEPA-reciprocal", "fentanyl": "IEEPA-fentanyl",
    "ieepa fentanyl": "IEEPA-fentanyl", "other": "other",
}  # fmt: skip


def _rated(headings: Headings, column: str) -> Headings:
    """Return headings with the column of the rate that was asked for."""
    return {**headings, "rate": (column,)} if column else headings


def read_lines(path: Place, given: ScheduleSettings) -> Found:
    """Read one row a code of 6, 8 or 10 digits."""
    headings = _rated(_LINES, given.column)
    sheet = Sheet(path, headings, ("code", "rate", *(() if given.importer else ("importer",))))
    codes = hs_codes(sheet, "code", given.restore_zeros)
    points, trade = sheet.points("rate", given.duty_unit), sheet.amounts("trade")
    starts, ends = sheet.days("start", given.start), sheet.days("end", given.end)
    if any(start is None for start in starts):
        sheet.problems.add("rows without a first day: say --start DAY for them")
        sheet.problems.raise_if_any()
    sides = _texts(sheet, ("importer", given.importer), ("partner", given.partner))
    acts = _texts(sheet, ("layer", given.layer), ("authority", given.authority))
    lines = [
        Line(
            sheet.line(row),
            layer,
            authority,
            importer,
            partner,
            code,
            float(rate),
            start,
            end,
            own,
            given.stacking or "adds",
        )
        for row, (importer, partner, layer, authority, code, rate, start, end, own) in enumerate(
            zip(*sides, *acts, codes, points, starts, ends, _given(trade), strict=True)
        )
        if start is not None
    ]
    return sheet, lines, []


def read_teti(path: Place, given: ScheduleSettings) -> Found:
    """Read the Global Tariff Database: a year's duty by both countries' ISO codes and sector."""
    headings = _rated(_TETI, given.column)
    sheet = Sheet(path, headings, ("importer", "partner", "year", "rate"))
    by_sector = "sector" in sheet.found
    if by_sector == ("code" in sheet.found):
        sheet.problems.add("one column of goods is needed: sector (ISIC revision 3) or hs6")
        sheet.problems.raise_if_any()
    if by_sector:
        codes = [text.removesuffix(".0").zfill(2) for text in sheet.text("sector")]
    else:
        codes = hs_codes(sheet, "code", given.restore_zeros)
    return _yearly(sheet, codes, sheet.text("rate") != "", given)


def read_wits(path: Place, given: ScheduleSettings) -> Found:
    """Read a table of WITS: simple averages of 6-digit products, in per cent, by year."""
    headings = _rated(_WITS, given.column)
    sheet = Sheet(path, headings, ("importer", "partner", "year", "code", "rate"))
    nomen = sheet.text("nomenclature")
    foreign = ~nomen.str.upper().str.fullmatch(r"H[S0-9]?\d*|")
    sheet.note("products in another nomenclature than the Harmonised System", foreign, nomen)
    kept, notes = _duty_type(sheet, given)
    codes = hs_codes(sheet, "code", given.restore_zeros)
    sheet, lines, more = _yearly(sheet, codes, kept, given, unit="percent")
    return sheet, lines, [*notes, *more]


def read_country_tracker(path: Place, given: ScheduleSettings) -> Found:
    """Read a rate by day and country, on all goods."""
    headings = _rated(_DAILY, given.column)
    sheet = Sheet(path, headings, ("day", "partner", "rate"))
    title = sheet.found["rate"].strip().casefold().replace("_", " ")
    counts = given.stacking or _COUNTS.get(title, "")
    if not counts:
        sheet.problems.add(
            f"does {title!r} count the whole duty or what is added? say --stacking replaces or adds"
        )
    _need_importer(sheet, given)
    layer = given.layer if given.layer != MFN else "tracker"
    acts = pd.Series(layer, index=sheet.rows.index)
    rates = sheet.points("rate", given.duty_unit)
    _, lines, notes = _series(sheet, acts, sheet.text("partner"), rates, given)
    whole = "the whole duty" if counts == "replaces" else "added to the ordinary duty"
    lines = [line._replace(stacking=counts) for line in lines]
    return sheet, lines, [f"{title!r} is taken as {whole}, on all goods alike", *notes]


def read_authority_tracker(path: Place, given: ScheduleSettings) -> Found:
    """Read rates by day and authority, one row or one column each, on all goods."""
    sheet = Sheet(path, _rated(_DAILY, given.column or "rate"), ("day",))
    _need_importer(sheet, given)
    if "authority" in sheet.found:
        named = _authorities(sheet, sheet.text("authority").tolist())
        rates = sheet.points("rate", given.duty_unit)
        return _series(sheet, pd.Series(named, index=sheet.rows.index), None, rates, given)
    prefix, columns = _wide(sheet)
    names = _authorities(sheet, [one.removeprefix(prefix) for one in columns])
    wide = Sheet(path, {"day": _DAILY["day"], **{one: (one,) for one in columns}}, ("day",))
    lines: list[Line] = []
    unit = given.duty_unit or ("fraction" if prefix == "etr_" else "")
    for column, name in zip(columns, names, strict=True):
        acts = pd.Series(name, index=wide.rows.index)
        lines += _series(wide, acts, None, _rates(wide, column, unit), given)[1]
    told = [f"columns {prefix}*: {', '.join(names)}"] if prefix else []
    wide.problems.raise_if_any()
    return sheet, lines, [*told, "rates by authority are taken for all partners and goods alike"]


def _rates(sheet: Sheet, column: str, unit: str) -> np.ndarray:
    """Return a column of rates of which some may hold nothing above one."""
    factor = {"percent": 1.0, "fraction": 100.0}.get(unit)
    if factor is None:
        sheet.problems.add(
            "the unit of the rates is not stated: say --duty-unit fraction or percent"
        )
        return np.zeros(len(sheet.rows))
    return sheet.amounts(column) * factor


def _wide(sheet: Sheet) -> tuple[str, list[str]]:
    """Return the first prefix under which there are columns, and those columns."""
    titles = [one for one in sheet.titles.values() if one not in sheet.found.values()]
    for prefix in _WIDE:
        columns = [one for one in titles if prefix and one.startswith(prefix)]
        if columns or not prefix:
            return prefix, columns
    return "", []


def _authorities(sheet: Sheet, names: Sequence[str]) -> list[str]:
    plain = {name: name.strip().casefold().replace("_", " ") for name in names}
    for name in dict.fromkeys(names):
        if plain[name] not in _AUTHORITIES:
            known = sorted(_AUTHORITIES)
            sheet.problems.add(
                f"unknown authority {name!r}{did_you_mean(plain[name], known)}; drop its rows or "
                "column, or name it other"
            )
    if not names:
        sheet.problems.add("no column of an authority, such as etr_232, and no column authority")
    sheet.problems.raise_if_any()
    return [_AUTHORITIES[plain[name]] for name in names]


def _series(
    sheet: Sheet,
    acts: pd.Series[str],
    partners: pd.Series[str] | None,
    points: np.ndarray,
    given: ScheduleSettings,
) -> Found:
    """Join the days of every act and partner into spans of one rate."""
    days = sheet.days("day")
    missing = np.array([day is None for day in days])
    sheet.note("the day is missing", missing & (sheet.text("day") == ""), sheet.text("day"))
    sheet.problems.raise_if_any()
    frame = pd.DataFrame({
        "act": acts.to_numpy(),
        "partner": given.partner if partners is None else partners.to_numpy(),
        "day": days,
        "points": points,
        "place": [sheet.line(row) for row in range(len(sheet.rows))],
    })  # fmt: skip
    double = frame.duplicated(["act", "partner", "day"])
    sheet.note("the day stands twice", double, sheet.text("day"))
    sheet.problems.raise_if_any()
    lines = [
        Line(
            int(same["place"].iloc[0]),
            str(act),
            given.authority or str(act),
            given.importer,
            str(partner),
            "",
            rate,
            start,
            end,
        )
        for (act, partner), same in frame.groupby(["act", "partner"], sort=False)
        for start, end, rate in spans(same["day"].tolist(), same["points"].tolist())
    ]
    return sheet, lines, ["the last rates stay in force after the last day"]


def _yearly(
    sheet: Sheet,
    codes: Sequence[str],
    kept: pd.Series[bool],
    given: ScheduleSettings,
    unit: str = "",
) -> Found:
    """Turn years into periods: each until the next that is there, the last without an end."""
    found = years(sheet.text("year"))
    wrong = np.array([year is None for year in found])
    sheet.note("year is no year such as 2021", wrong, sheet.text("year"))
    points = _kept_points(sheet, kept, given.duty_unit or unit)
    sheet.problems.raise_if_any()
    wanted = [
        row for row, year in enumerate(found) if kept.iloc[row] and given.year in (None, year)
    ]
    there = sorted({year for row in wanted if (year := found[row]) is not None})
    if not there:
        has = ", ".join(str(one) for one in sorted({one for one in found if one is not None}))
        sheet.problems.add(f"no rows of {given.year or 'any year'}; it has {has or 'none'}")
        sheet.problems.raise_if_any()
    ends = {year: date(later - 1, 12, 31) for year, later in pairwise(there)}
    sides = _texts(sheet, ("importer", given.importer), ("partner", given.partner))
    trade = _given(sheet.amounts("trade"))
    lines = [
        Line(
            sheet.line(row),
            given.layer,
            given.authority or given.layer,
            sides[0][row],
            sides[1][row],
            codes[row],
            float(points[row]),
            date(found[row] or 0, 1, 1),
            ends.get(found[row] or 0),
            trade[row],
            given.stacking or "adds",
        )
        for row in wanted
    ]
    missing = sorted(set(range(there[0], there[-1] + 1)) - set(there))
    notes = [f"years {there[0]} to {there[-1]}; the last stays in force"]
    if missing:
        notes.append(f"no rows of {', '.join(map(str, missing))}: the year before stands in")
    return sheet, lines, notes


def _kept_points(sheet: Sheet, kept: pd.Series[bool], unit: str) -> np.ndarray:
    """Return rates of the rows kept; others may be empty."""
    sheet.rows.loc[~kept.to_numpy(), sheet.found["rate"]] = "0"
    return sheet.points("rate", unit)


def _duty_type(sheet: Sheet, given: ScheduleSettings) -> tuple[pd.Series[bool], list[str]]:
    """Return the rows of one type of duty: that asked for, else AHS, else MFN."""
    types = sheet.text("type").str.upper()
    there = sorted(set(types))
    if there == [""]:
        return types == "", []
    chosen = given.duty_type.upper() or next((one for one in ("AHS", "MFN") if one in there), "")
    if chosen not in there:
        sheet.problems.add(f"duty type {chosen or 'AHS or MFN'} is not there; it has {there}")
    others = [one for one in there if one != chosen]
    told = f"duty type {chosen}" + (f"; {', '.join(others)} left out" if others else "")
    return types == chosen, [told]


def _need_importer(sheet: Sheet, given: ScheduleSettings) -> None:
    if not given.importer:
        sheet.problems.add("whose duties are these? say --importer, such as USA")
    sheet.problems.raise_if_any()


def _texts(sheet: Sheet, *columns: tuple[str, str]) -> list[list[str]]:
    """Return columns as text, empty cells and absent columns as the text given beside them."""
    found = []
    for name, otherwise in columns:
        texts = sheet.text(name)
        found.append([str(text) or otherwise for text in texts])
    return found


def _given(trade: np.ndarray) -> list[float | None]:
    return [None if value != value else float(value) for value in trade]
