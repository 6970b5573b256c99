"""From product and activity codes to the industries and sectors of a world.

``hs_industries.csv`` gives, for each industry of the OECD's Inter-Country Input-Output tables (ISIC
revision 4), prefixes of the Harmonised System whose goods it makes; the longest prefix holds. All
5,612 subheadings of HS 2022 have one industry, those of earlier editions too; ``subheadings``
counts them. It was set up from the texts of both classifications and the Central Product
Classification of the United Nations, which names the industry of origin of every good. Chapters 98
and 99 are national and have none. ``isic3_industries.csv`` does the same for ISIC revision 3; a
code that is too short to tell industries apart has several.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib import resources

from tula.world.codes import industries
from tula.world.labels import Labels

Table = Mapping[str, tuple[str, ...]]


def sectors_of(code: str, table: Table, places: Mapping[str, str]) -> tuple[str, ...]:
    """Return the sectors of a world for a code by its longest prefix; none where there is none."""
    for length in range(len(code), 0, -1):
        if found := table.get(code[:length]):
            return tuple(dict.fromkeys(places[one] for one in found if one in places))
    return ()


@cache
def hs_table() -> Table:
    """Prefixes of the Harmonised System to industries."""
    return _table("hs_industries")


@cache
def isic3_table() -> Table:
    """Prefixes of ISIC revision 3 to industries."""
    return _table("isic3_industries")


def sector_places(labels: Labels) -> Mapping[str, str]:
    """Map industries to the sectors of a world that are one of them or hold it."""
    ours = industries()
    members = labels.sector_vocabulary.members
    held = {part: code for code in labels.sectors for part in members.get(code, ())}
    return {one: one if one in labels.sectors else held[one] for one in ours if one in held} | {
        one: one for one in ours if one in labels.sectors
    }


@cache
def subheadings() -> Mapping[str, int]:
    """How many subheadings of HS 2022 each industry makes."""
    return {row["industry"]: int(row["subheadings"]) for row in _rows("hs_industries")}


def _table(name: str) -> Table:
    found: dict[str, tuple[str, ...]] = {}
    for row in _rows(name):
        for prefix in row["codes"].split():
            found[prefix] = (*found.get(prefix, ()), row["industry"])
    return found


def _rows(name: str) -> list[dict[str, str]]:
    folder = resources.files("tula.policy.duties") / "data"
    return list(csv.DictReader((folder / f"{name}.csv").read_text("utf-8").splitlines()))
