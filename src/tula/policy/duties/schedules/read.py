"""Schedules in the layouts people hold, read as lines and averaged to layers of duty.

* ``lines``: one row a code of 6, 8 or 10 digits, with partner and dates where they are given;
* ``teti``: the Global Tariff Database (Teti), ``iso1, iso2, year, sector or hs6, tariff``;
* ``wits``: tables of the World Bank's WITS (TRAINS), by reporter, partner, product and year;
* ``country-tracker``: a rate by day and country; ``authority-tracker``: by day and authority.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from os import PathLike
from typing import Any, Literal, NamedTuple

from tula.errors import UnknownNameError
from tula.policy.duties.schedules import layouts
from tula.policy.duties.schedules.averages import Rules, Trade, layers_of, listing
from tula.policy.duties.schedules.concordance import (
    hs_table,
    isic3_table,
    sector_places,
    sectors_of,
)
from tula.policy.duties.schedules.lines import MFN, SUBHEADING, Line, check_lines, hs_codes
from tula.policy.duties.schedules.places import Parties, Party
from tula.policy.duties.schedules.sheet import Sheet
from tula.policy.duties.table import Layer
from tula.world.labels import Labels


@dataclass(frozen=True)
class ScheduleSettings:
    """What a schedule does not say itself.

    * ``importer``, ``partner``, ``layer`` (``MFN``), ``authority``, ``start``, ``end``: where there
      is no column;
    * ``duty_unit``: ``percent`` or ``fraction``, where no heading and no sign states it;
    * ``weights``: a CSV file of trade by code, and by partner where it has that column; without it,
      and without a column of trade in the schedule, averages are simple ones over subheadings;
    * ``absent``: goods not listed are ``free`` or ``unknown``; unsaid, free of every layer but
      ``MFN``;
    * ``column``: which column holds the rate; ``duty_type`` of WITS; ``year``: only that one;
    * ``stacking``: ``adds``, or ``replaces`` for rates that are the whole duty;
    * ``since``: nothing of it was in force from that day until its first line (of rates that are
      the whole duty: the first ones were);
    * ``restore_zeros``: give codes of an odd number of digits back the zero they lost.
    """

    importer: str = ""
    partner: str = "all"
    layer: str = MFN
    authority: str = ""
    start: date | None = None
    end: date | None = None
    duty_unit: str = ""
    weights: str | PathLike[str] | None = None
    absent: Literal["", "free", "unknown"] = ""
    column: str = ""
    duty_type: str = ""
    year: int | None = None
    stacking: Literal["", "adds", "replaces"] = ""
    since: date | None = None
    restore_zeros: bool = False
    law: str = ""
    source: str = ""
    grade: str = ""


class Coverage(NamedTuple):
    """How much of a schedule found a sector: lines read and placed, the part of trade placed (None
    where there are no weights), chapters without a sector with their lines, sectors of goods
    without a line."""

    lines: int
    placed: int
    trade: float | None
    unplaced: Mapping[str, int]
    sectors_without: tuple[str, ...]


class Schedule(NamedTuple):
    """Layers, how much of the schedule they hold, and what is to be told of them."""

    layers: tuple[Layer, ...]
    coverage: Coverage
    notes: tuple[str, ...]


Reader = Callable[[str | PathLike[str], ScheduleSettings], tuple[Sheet, list[Line], list[str]]]

#: Layout to its reader.
SCHEDULES: Mapping[str, Reader] = {
    "lines": layouts.read_lines,
    "teti": layouts.read_teti,
    "wits": layouts.read_wits,
    "country-tracker": layouts.read_country_tracker,
    "authority-tracker": layouts.read_authority_tracker,
}


def import_schedule(
    path: str | PathLike[str],
    kind: str,
    labels: Labels,
    settings: ScheduleSettings | None = None,
) -> Schedule:
    """Read a schedule as layers of duty in the regions and sectors of a world.

    Raises ``UnknownNameError`` for the layout, ``MissingFileError``, ``UnreadableTableError``, and
    ``TableError`` with all that is wrong and its lines: codes that are none or lost a zero, a unit
    that nobody states or the figures contradict, unknown places and authorities, days that cannot
    be read, a code stated twice for one day.
    """
    given = settings or ScheduleSettings()
    if kind not in SCHEDULES:
        raise UnknownNameError("layout of schedules", kind, SCHEDULES)
    sheet, lines, notes = SCHEDULES[kind](path, given)
    parties = Parties(labels)
    strangers = parties.strangers(one for line in lines for one in (line.importer, line.partner))
    for name in strangers:
        bare = name.split("'")[1]
        first = next(one.place for one in lines if bare in (one.importer, one.partner))
        sheet.problems.add(f"unknown place {name}; drop its rows or name it", f"line {first}")
    lines = _by_one_name(lines, parties)
    notes += check_lines(lines, sheet)
    sheet.problems.raise_if_any()
    sectors, places = _sectors(labels, kind == "teti" and "sector" in sheet.found)
    weights = _weights(given, sectors, parties)
    free = listing(lines, given.absent)
    rules = Rules(
        parties,
        sectors,
        places,
        weights,
        free,
        given.law,
        given.source,
        given.grade,
    )
    layers = tuple(layers_of(lines, rules))
    if not layers:
        sheet.problems.add("no line of it reaches a sector and a partner of this world")
    sheet.problems.raise_if_any()
    coverage = _coverage(lines, layers, rules, labels)
    before = _before(layers, given.since) if given.since else []
    notes += [] if before else [_begins(layers)]
    return Schedule((*before, *layers), coverage, (*notes, *_told(coverage, lines, rules)))


def _before(layers: Sequence[Layer], since: date) -> list[Layer]:
    """Return rows from a day until the first of each act: of nothing, or of its first rate."""
    first: dict[tuple[str, str, str, str], Layer] = {}
    for one in layers:
        key = one.layer, one.importer, one.partner, one.sector
        if key not in first or one.start < first[key].start:
            first[key] = one
    return [
        one._replace(
            start=since,
            end=one.start - timedelta(days=1),
            **({} if one.stacking == "replaces" else _NOTHING),
        )
        for one in first.values()
        if since < one.start
    ]


def _by_one_name(lines: Sequence[Line], parties: Parties) -> list[Line]:
    """Call every party by the name it has first, so that two spellings are not two parties."""
    first: dict[Party, str] = {}
    for line in lines:
        for name in (line.importer, line.partner):
            first.setdefault(parties.find(name), name)
    return [
        line._replace(
            importer=first[parties.find(line.importer)], partner=first[parties.find(line.partner)]
        )
        for line in lines
    ]


_NOTHING: Mapping[str, Any] = {
    "points_on_cell": 0.0, "rate_points": None, "coverage": None, "coverage_basis": ""
}  # fmt: skip


def _begins(layers: Sequence[Layer]) -> str:
    first = min(layer.start for layer in layers)
    return f"it begins on {first}: days before are refused, --since DAY says none was in force"


def _sectors(
    labels: Labels, isic3: bool
) -> tuple[Callable[[str], tuple[str, ...]], Mapping[str, str]]:
    table, places = isic3_table() if isic3 else hs_table(), sector_places(labels)

    @cache
    def sectors(code: str) -> tuple[str, ...]:
        return sectors_of(code, table, places) if code else ("goods",)

    return sectors, places


def _weights(
    given: ScheduleSettings, sectors: Callable[[str], tuple[str, ...]], parties: Parties
) -> Trade:
    """Read trade by subheading, and by region where the file names partners."""
    if given.weights is None:
        return Trade({}, sectors)
    sheet = Sheet(given.weights, layouts.WEIGHTS, ("code", "trade"))
    codes = hs_codes(sheet, "code", given.restore_zeros)
    amounts = sheet.amounts("trade")
    partners = sheet.text("partner")
    strangers = parties.strangers(partners[partners != ""])
    if strangers:
        sheet.problems.add("unknown places", *strangers)
    sheet.problems.raise_if_any()
    values: dict[tuple[str, str], float] = {}
    for code, partner, amount in zip(codes, partners, amounts, strict=True):
        places = parties.find(partner).regions if partner else ("",)
        where = ("",) if len(places) > 1 else places
        for place in where:
            key = place, code[:SUBHEADING]
            values[key] = values.get(key, 0.0) + (float(amount) if amount == amount else 0.0)
    return Trade(values, sectors)


def _coverage(
    lines: Sequence[Line], layers: Sequence[Layer], rules: Rules, labels: Labels
) -> Coverage:
    placed = [line for line in lines if rules.sectors(line.code)]
    unplaced: dict[str, int] = {}
    for line in lines:
        if not rules.sectors(line.code):
            unplaced[line.code[:2]] = unplaced.get(line.code[:2], 0) + 1
    trade = None
    if rules.weights:
        listed = {line.code[:SUBHEADING] for line in placed}
        total = sum(rules.weights.values.values())
        held = sum(value for (_, good), value in rules.weights.values.items() if good in listed)
        trade = held / total if total > 0.0 else None
    reached = {layer.sector for layer in layers}
    goods = labels.sector_groups.get("goods", ()) if "goods" not in reached else ()
    without = tuple(sector for sector in goods if sector not in reached)
    return Coverage(len(lines), len(placed), trade, unplaced, without)


def _told(found: Coverage, lines: Sequence[Line], rules: Rules) -> list[str]:
    by_code = any(line.code for line in lines)
    told = [f"{found.placed} of {found.lines} lines found a sector"]
    if found.unplaced:
        named = ", ".join(f"{chapter} ({count})" for chapter, count in found.unplaced.items())
        told.append(f"without a sector, by chapter: {named}")
    if found.trade is not None:
        told.append(f"lines listed hold {found.trade:.1%} of the trade given as weights")
    if found.sectors_without:
        told.append(f"sectors of goods without a line: {', '.join(found.sectors_without)}")
    if by_code and rules.weights:
        told.append("averages are weighted with trade")
    elif by_code and any(line.trade is not None for line in lines) and not rules.free:
        told.append("averages are weighted with the schedule's own trade where all lines have it")
    elif by_code:
        told.append("simple averages over subheadings: no trade was given as weights")
    if pooled := _pooled(lines, rules.parties):
        told.append(f"each country counts once in the mean of its region: {', '.join(pooled)}")
    if by_code and rules.free:
        names = ", ".join(sorted(rules.free))
        told.append(f"goods not listed are free of {names}; --absent unknown leaves them out")
    return told


def _pooled(lines: Sequence[Line], parties: Parties) -> list[str]:
    """Return the regions whose rates are means of countries."""
    sides = {side for line in lines for side in (line.importer, line.partner)}
    found = {party.regions[0] for side in sides if (party := parties.find(side)).country}
    return sorted(found)
