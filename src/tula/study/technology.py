"""Horizons and technologies of a study's elasticity sets: made, told in words, and checked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tula.equilibrium.technology import (
    BuyerElasticity,
    SpecificFactor,
    Technology,
    WageFloor,
)
from tula.equilibrium.wording import WORDS, named
from tula.errors import did_you_mean
from tula.evidence import Document, Problem
from tula.study.instruments import quantity
from tula.study.schema import Assumption, ElasticitySet, Grounds
from tula.study.vocabulary import Path_, items, region_names, sector_names, unknown
from tula.world.labels import Labels

#: Lists of a technology: the keys that name places, and the keys that hold numbers.
MEMBERS = {
    "specific_factors": (("regions", "sectors"), ("share",)),
    "wage_floors": (("regions",), ("ratio", "indexation")),
    "buyers": (("importer", "sectors"), ("theta",)),
}


def technology_of(chosen: ElasticitySet) -> Technology:
    """Return the technology of an elasticity set; Cobb-Douglas and free factors if it has none."""
    stated = chosen.technology
    if stated is None:
        return Technology()
    numbers = {name: getattr(stated, name) for name in WORDS}
    return Technology(
        **{name: number.value for name, number in numbers.items() if number is not None},
        energy=stated.energy,
        specific_factors=tuple(
            SpecificFactor(item.sectors, item.share, item.regions)
            for item in stated.specific_factors
        ),
        wage_floors=tuple(
            WageFloor(item.regions, item.ratio, item.indexation) for item in stated.wage_floors
        ),
        buyers=tuple(
            BuyerElasticity(item.importer, item.sectors, item.theta) for item in stated.buyers
        ),
    )


def stated_assumptions(chosen: ElasticitySet) -> Iterator[tuple[str, str, Assumption]]:
    """Every assumption of a horizon and a technology: what, its value, and the assumption."""
    if chosen.horizon is not None and chosen.horizon.assumption is not None:
        yield "horizon", f"{chosen.horizon.years:g} years", chosen.horizon.assumption
    stated = chosen.technology
    if stated is None:
        return
    for name, words in WORDS.items():
        number = getattr(stated, name)
        if number is not None and number.assumption is not None:
            yield words, f"{number.value:g}", number.assumption
    members: list[tuple[str, float, Grounds]] = [
        *((f"specific share of {named(m.sectors)}", m.share, m) for m in stated.specific_factors),
        *((f"wage floor of {named(m.regions)}", m.ratio, m) for m in stated.wage_floors),
        *(
            (f"theta of {named(m.importer)} for {named(m.sectors)}", m.theta, m)
            for m in stated.buyers
        ),
    ]
    for words, value, item in members:
        if item.assumption is not None:
            yield words, f"{value:g}", item.assumption


def check_technology(document: Document, path: Path_, labels: Labels) -> list[Problem]:
    """Unknown names, numbers that rest on nothing or leave their range."""
    problems = _check_block(document, (*path, "horizon"), ("years",))
    here = (*path, "technology")
    content = document.at(here)
    if not isinstance(content, dict):
        return problems
    for name in WORDS:
        problems += _check_block(document, (*here, name), ("value",))
    problems += _check_energy(document, here, content, labels)
    for name, (places, numbers) in MEMBERS.items():
        for index in range(len(items(document, (*here, name)))):
            one = (*here, name, index)
            problems += _check_block(document, one, numbers)
            problems += _check_places(document, one, places, labels)
    return problems


def _check_energy(
    document: Document, here: Path_, content: dict[str, Any], labels: Labels
) -> list[Problem]:
    valid = sector_names(labels)
    problems = unknown(document, (*here, "energy"), "sector", valid)
    if "among_energy" in content and "energy" not in content and "energy" not in valid:
        message = "the world has no group 'energy': add energy: [sectors]"
        problems.append(Problem(document.key_place((*here, "among_energy")), message))
    return problems


def _check_places(
    document: Document, path: Path_, places: tuple[str, ...], labels: Labels
) -> list[Problem]:
    problems = []
    for key in places:
        noun, valid = "region", region_names(labels)
        if key == "sectors":
            noun, valid = "sector", sector_names(labels)
        problems += unknown(document, (*path, key), noun, valid)
    return problems


def _check_block(document: Document, path: Path_, numbers: tuple[str, ...]) -> list[Problem]:
    """A block of numbers needs grounds; the number assumed must lie in its range."""
    content = document.at(path)
    if not isinstance(content, dict):
        return []
    if not content.get("evidence") and not content.get("assumption"):
        what = path[-1] if isinstance(path[-1], str) else path[-2]
        message = (
            f"{what} rests on nothing: add assumption: {{range, reason}} or evidence: [fact ids]"
        )
        return [Problem(document.key_place(path), message)]
    key = document.at((*path, "assumption", "number")) or numbers[0]
    if key not in content and key != "ratio":
        near = did_you_mean(str(key), numbers)
        return [
            Problem(
                document.place((*path, "assumption", "number")),
                f"there is no key {key!r} beside{near}",
            )
        ]
    return _outside(document, path, key)


def _outside(document: Document, path: Path_, key: str) -> list[Problem]:
    bounds = document.at((*path, "assumption", "range"))
    value = document.at((*path, key))
    if not isinstance(bounds, list) or len(bounds) != 2 or not isinstance(value, int | float):
        return []
    low, high = (quantity(bound) for bound in bounds)
    if low is None or high is None or low <= value <= high:
        return []
    return [Problem(document.place((*path, key)), f"{value} lies outside the assumed range")]
