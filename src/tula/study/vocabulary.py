"""The names a study may use: codes and groups of its world, closures, elasticity sets, facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from tula.errors import TulaError, did_you_mean, first_only
from tula.evidence import Document, Problem
from tula.world.economy import Economy
from tula.world.labels import Labels
from tula.world.names import Vocabulary

Path_ = tuple[str | int, ...]


def text_items(document: Document, path: Path_) -> list[tuple[Path_, str]]:
    """Every text at ``path``, with its own path."""
    return document.texts(path)


class WorldNames(dict[str, None]):
    """Names of a world that a study may use as they are; others are answered with the right one."""

    def __init__(self, names: Iterable[str], vocabulary: Vocabulary) -> None:
        super().__init__(dict.fromkeys(names))
        self.vocabulary = vocabulary


def unknown(
    document: Document, path: Path_, kind: str, valid: Mapping[str, object]
) -> list[Problem]:
    """A problem for every text at ``path`` that is not a valid name."""
    hint = first_only(lambda name: _hint(name, valid))
    return [
        Problem(document.place(item), f"unknown {kind} {name!r}{hint(name)}")
        for item, name in document.texts(path)
        if name not in valid
    ]


def _hint(name: str, valid: Mapping[str, object]) -> str:
    if isinstance(valid, WorldNames):
        return valid.vocabulary.hint(name)
    return did_you_mean(name, valid)


def sector_names(labels: Labels) -> WorldNames:
    """Sector codes and groups."""
    return WorldNames([*labels.sectors, *labels.sector_groups, "all"], labels.sector_vocabulary)


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
