"""Regions and sectors of a table put together on the way in: as in the embedded world, or as a file
says.

Countries go where the embedded world holds them, those it does not name to the rest of the world.
Industries by NACE and ISIC revision 4 go by their division; those of other tables by
``sector_maps.csv``. What a table does not part stands in one sector, and that is told.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from functools import cache
from importlib import resources
from os import PathLike
from pathlib import Path
from typing import NamedTuple

import numpy as np

from tula.errors import UnknownNameError
from tula.shapes import Float
from tula.world import codes
from tula.world.aggregation import average, merge_axes
from tula.world.countries import country
from tula.world.importers.tables import Table
from tula.world.labels import Labels
from tula.world.problems import Problems

Array = np.ndarray

#: Worlds whose codes a table can be brought to.
EMBEDDED = ("icio-2024", "icio-2022")
#: How tables call what is left of the world.
REST = frozenset({"row", "figw1", "www", "xtw", "rest of the world"})
_DIVISION = re.compile(r"(?:CPA_)?([A-U])(\d{2})?(?:\d*|[T_].*)")
#: Last division of each manufacturing sector, in order.
_MANUFACTURING = (
    (12, "FOO"), (15, "TEX"), (18, "WPP"), (19, "PET"), (20, "CHM"), (21, "PHA"), (23, "RPM"),
    (24, "ISM"), (25, "FMP"), (26, "ELE"), (28, "MAC"), (29, "MOT"), (30, "OTE"), (33, "OMF"),
)  # fmt: skip
_SECTIONS = {
    **dict.fromkeys("A", "AGR"), **dict.fromkeys("B", "MIN"), **dict.fromkeys("DE", "UTL"),
    **dict.fromkeys("F", "CON"), **dict.fromkeys("GHI", "TRT"), **dict.fromkeys("J", "ICT"),
    **dict.fromkeys("KLMN", "FBS"), **dict.fromkeys("OPQRSTU", "PUB"),
}  # fmt: skip
_MINES = {"05": "COA", "06": "OIL"}
#: Codes that hold more sectors than the one they go to.
_WHOLE = {"B": ("COA", "OIL"), "C24": ("NFM",)}


class Regrouped(NamedTuple):
    """Labels and flows after the regrouping, rates if any were given, and what is to be told."""

    labels: Labels
    intermediate: Float[Array, "I S N K"]
    final: Float[Array, "I S N"]
    rates: tuple[Array | None, Array | None]
    steps: tuple[str, ...]


def regroup(
    to: str | PathLike[str],
    table: str,
    labels: Labels,
    flows: tuple[Array, Array],
    rates: tuple[Array | None, Array | None],
) -> Regrouped:
    """Put regions and sectors together as in an embedded world or as a mapping file says.

    ``table`` names the classification of the sectors: ``isic``, ``adb`` or ``gtap``. ``rates`` are
    import duties and export taxes (S, N, I), averaged with what they are levied on. Raises
    ``UnknownNameError``, and ``TableError`` with every code that has no place.
    """
    intermediate, final = flows
    if str(to) in EMBEDDED:
        regions, sectors = _embedded(labels, table, str(to))
    elif Path(to).suffix:
        regions, sectors = _from_file(Path(to), labels)
    else:
        raise UnknownNameError("classification", str(to), (*EMBEDDED, "FILE.csv"))
    more = _more(labels, sectors, table) if str(to) in EMBEDDED else {}
    new = _labels(labels, regions, sectors, more)
    n_of = _members(regions, labels.regions, new.regions)
    s_of = _members(sectors, labels.sectors, new.sectors)
    trade = (intermediate.sum(axis=3) + final).transpose(1, 2, 0)
    duty, tax = rates
    taxed = trade * (1.0 + (tax if tax is not None else 0.0))
    merged = (
        None if duty is None else average(duty, taxed, s_of, n_of, n_of),
        None if tax is None else average(tax, trade, s_of, n_of, n_of),
    )
    step = (
        f"put together as {Path(to).name}: {len(labels.regions)} regions in {len(new.regions)}, "
        f"{len(labels.sectors)} sectors in {len(new.sectors)}"
    )
    return Regrouped(
        new,
        merge_axes(intermediate, n_of, s_of, n_of, s_of),
        merge_axes(final, n_of, s_of, n_of),
        merged,
        (step, *_told(regions, more)),
    )


def _embedded(labels: Labels, table: str, to: str) -> tuple[dict[str, str], dict[str, str]]:
    problems = Problems(f"bringing the table to {to}")
    regions = {code: _region(code) for code in labels.regions}
    sectors = {code: _sector(code, table) for code in labels.sectors}
    for kind, found in (("region", regions), ("sector", sectors)):
        lost = [code for code, place in found.items() if not place]
        if lost:
            cure = "give a file with the columns kind, code, to in place of the world's name"
            problems.add(f"{kind}s without a place in it: {cure}", *lost, count=len(lost))
    problems.raise_if_any()
    return regions, sectors


def _more(
    labels: Labels, sectors: Mapping[str, str], table: str
) -> dict[str, dict[str, tuple[str, ...]]]:
    """Return, by new sector, codes of the table that hold other sectors' goods too, and whose."""
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for code in labels.sectors:
        if also := _also(code, table):
            found.setdefault(sectors[code], {})[code] = also
    return found


def _told(
    regions: Mapping[str, str], more: Mapping[str, Mapping[str, tuple[str, ...]]]
) -> tuple[str, ...]:
    told = [
        f"{place} holds {', '.join(also)} too: the table has {code} whole"
        for place, held in more.items()
        for code, also in held.items()
    ]
    rest = [code for code, place in regions.items() if place == "ROW" and country(code)]
    if rest:
        told.append(f"in the rest of the world: {', '.join(rest)}")
    return tuple(told)


def _region(code: str) -> str:
    """Return the embedded region that holds a country; empty for a name that is none."""
    if code.casefold() in REST:
        return "ROW"
    found = country(code)
    if found is None:
        return code if code in codes.REGIONS else ""
    return codes.economies().get(found.code, "ROW")


def _sector(code: str, table: str) -> str:
    """Return the embedded sector of an industry; empty where it has none."""
    if found := codes.industries().get(code):
        return found
    if table != "isic":
        row = _maps().get((table, code.casefold()))
        return row[0] if row else ""
    match = _DIVISION.fullmatch(code)
    if match is None:
        return code if code in codes.SECTORS else ""
    section, division = match[1], match[2]
    if section == "C" and division:
        return next((name for last, name in _MANUFACTURING if int(division) <= last), "")
    if section == "B" and division:
        return _MINES.get(division, "MIN")
    return _SECTIONS.get(section, "")


def _also(code: str, table: str) -> tuple[str, ...]:
    if table == "isic":
        return _WHOLE.get(code.removeprefix("CPA_"), ())
    row = _maps().get((table, code.casefold()))
    return row[1] if row else ()


@cache
def _maps() -> Mapping[tuple[str, str], tuple[str, tuple[str, ...]]]:
    text = (resources.files("tula.world.importers") / "sector_maps.csv").read_text("utf-8")
    return {
        (row["table"], row["code"]): (row["sector"], tuple(row["also"].split()))
        for row in csv.DictReader(text.splitlines())
    }


def _from_file(path: Path, labels: Labels) -> tuple[dict[str, str], dict[str, str]]:
    """Read where every code goes from a table: kind (region or sector), code, to."""
    table = Table(path, ("kind", "code", "to"))
    kinds, which = table.texts("kind")
    given, names = table.texts("code")
    places, targets = table.texts("to")
    found: dict[str, dict[str, str]] = {"region": {}, "sector": {}}
    vocabularies = {"region": labels.region_vocabulary, "sector": labels.sector_vocabulary}
    for row, (kind, code, place) in enumerate(zip(kinds, given, places, strict=True)):
        here = np.arange(len(kinds)) == row
        name = which[kind] if kind >= 0 else ""
        if name not in found:
            table.note("kind is neither region nor sector", here)
        elif min(code, place) >= 0:
            known = vocabularies[name].match(names[code])
            if known is None:
                table.note(f"{name} {names[code]!r} is not in the table", here)
            elif known in found[name]:
                table.note(f"{name} {names[code]!r} stands twice", here)
            else:
                found[name][known] = targets[place]
    for name, codes_of in (("region", labels.regions), ("sector", labels.sectors)):
        lost = [code for code in codes_of if code not in found[name]]
        if found[name] and lost:
            table.problems.add(f"{name}s without a row", *lost, count=len(lost))
    table.problems.raise_if_any()
    regions = found["region"] or {code: code for code in labels.regions}
    sectors = found["sector"] or {code: code for code in labels.sectors}
    return regions, sectors


def _labels(
    old: Labels,
    regions: Mapping[str, str],
    sectors: Mapping[str, str],
    more: Mapping[str, Mapping[str, tuple[str, ...]]],
) -> Labels:
    """Labels of the new codes, in the embedded world's order, with its names and groups."""
    new_regions = _ordered(regions.values(), codes.REGIONS)
    new_sectors = _ordered(sectors.values(), codes.SECTORS)
    members = {
        place: tuple(
            dict.fromkeys(
                found.code if (found := country(code)) else code
                for code in old.regions
                if regions[code] == place
            )
        )
        for place in new_regions
    }
    return Labels(
        new_regions,
        new_sectors,
        region_names=_names(new_regions, codes.REGIONS, old.region_names),
        sector_names={
            code: ", with ".join(
                [name, *(part for held in more.get(code, {}).values() for part in held)]
            )
            for code, name in _names(new_sectors, codes.SECTORS, old.sector_names).items()
        },
        region_groups=_whole_groups(codes.REGION_GROUPS, new_regions),
        sector_groups=_whole_groups(codes.SECTOR_GROUPS, new_sectors, partly=True),
        region_members=members,
    )


def _ordered(found: object, known: Mapping[str, object]) -> tuple[str, ...]:
    wanted = dict.fromkeys(found)  # type: ignore[call-overload]
    return (*(one for one in known if one in wanted), *(one for one in wanted if one not in known))


def _names(
    new: tuple[str, ...],
    known: Mapping[str, tuple[str, tuple[str, ...]]],
    old: Mapping[str, str],
) -> dict[str, str]:
    return {code: known[code][0] if code in known else old.get(code, code) for code in new}


def _whole_groups(
    groups: Mapping[str, tuple[str, ...]], there: tuple[str, ...], partly: bool = False
) -> dict[str, tuple[str, ...]]:
    """Groups whose members are there: all of them, or ``partly`` those that are."""
    found = {name: tuple(one for one in held if one in there) for name, held in groups.items()}
    return {
        name: held
        for name, held in found.items()
        if held and name not in there and (partly or len(held) == len(groups[name]))
    }


def _members(place: Mapping[str, str], old: tuple[str, ...], new: tuple[str, ...]) -> Array:
    return np.array([[float(place[code] == one) for code in old] for one in new])
