"""Groups of regions and sectors that a study adds to its world's."""

from __future__ import annotations

from dataclasses import replace

from tula.errors import TulaError
from tula.evidence import Document, Problem
from tula.world.economy import Economy
from tula.world.labels import Labels


def extend_groups(economy: Economy, document: Document) -> tuple[Economy, list[Problem]]:
    """Add the study's groups to the world's; problems name unknown members and clashes."""
    problems: list[Problem] = []
    regions = _groups(document, "regions", dict(economy.labels.region_groups), problems)
    sectors = _groups(document, "sectors", dict(economy.labels.sector_groups), problems)
    region_groups = _resolved(document, "regions", regions, economy.labels, problems)
    sector_groups = _resolved(document, "sectors", sectors, economy.labels, problems)
    labels = replace(
        economy.labels,
        region_groups={**economy.labels.region_groups, **region_groups},
        sector_groups={**economy.labels.sector_groups, **sector_groups},
    )
    return replace(economy, labels=labels), problems


def _groups(
    document: Document, kind: str, known: dict[str, tuple[str, ...]], problems: list[Problem]
) -> list[str]:
    given = document.at(("groups", kind))
    names = list(given) if isinstance(given, dict) else []
    for name in names:
        if name in known or name == "all":
            place = document.key_place(("groups", kind, name))
            problems.append(Problem(place, f"the world already has a group {name!r}; rename this"))
    return [name for name in names if name not in known and name != "all"]


def _resolved(
    document: Document, kind: str, names: list[str], labels: Labels, problems: list[Problem]
) -> dict[str, tuple[str, ...]]:
    resolve = labels.resolve_regions if kind == "regions" else labels.resolve_sectors
    codes = labels.regions if kind == "regions" else labels.sectors
    found = {}
    for name in names:
        path = ("groups", kind, name)
        if name in codes:
            problems.append(Problem(document.key_place(path), f"{name!r} is already a code"))
            continue
        members: set[str] = set()
        for item, member in document.texts(path):
            try:
                members.update(resolve(member))
            except TulaError as error:
                problems.append(Problem(document.place(item), str(error)))
        found[name] = tuple(code for code in codes if code in members)
    return found
