"""Facts a study cites: unknown ones are refused, unused ones are pointed out.

A number may not rest on a fact dated after the study's day: such facts set the scene, for
comparison, and nothing more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from math import isclose

from tula.errors import did_you_mean, first_only
from tula.evidence import Document, Evidence, Fact, Problem
from tula.file.grounds import Grounds
from tula.numbers.record import Path_
from tula.policy.units import QUANTITY
from tula.study.sources import Sources

#: Month and day by which every country's fiscal year of that name is over.
FISCAL_END = (9, 30)
#: Keys of rates, which a fact may say in the same unit.
RATES = ("set", "add", "at_least", "at_most", "cut", "change")
#: Facts whose numbers are added up, at most, to see whether a number is their sum.
MOST_ADDED = 8


def check_citations(given: Sources, day: date | None) -> list[Problem]:
    """Problems with cited facts that do not exist or are too late, warnings for facts nobody cites.

    Forecasts beside the study may cite facts too, under any key ``evidence``.
    """
    document, evidence, beside = given.written, given.evidence, given.forecasts
    if evidence is None:
        return []
    paths = [path for path in document.keys if len(path) > 1 and path[-1] == "evidence"]
    problems = list(_unfit(document, paths, evidence, day))
    problems += _other_numbers(document, given.grounds, evidence)
    scenes: list[Path_] = [path for path in document.keys if len(path) == 3 and path[-1] == "facts"]
    used = _cited(document, paths + scenes)
    if beside is not None:
        used |= _cited(beside, [path for path in beside.keys if "evidence" in path])
    return problems + _unused(evidence, used)


def is_later(fact: Fact, day: date | None) -> bool:
    """Whether the date (2025, 2025-12 or 2025-12-05) a fact is known from begins after a day.

    A fiscal year such as FY25 is over by 30 September; what is law is never later.
    """
    if day is None or fact.known == "law":
        return False
    fiscal = re.fullmatch(r"FY(\d{2})", fact.known)
    if fiscal:
        return date(2000 + int(fiscal[1]), *FISCAL_END) > day
    return fact.known > day.isoformat()[: len(fact.known)]


def _unfit(
    document: Document, paths: list[Path_], evidence: Evidence, day: date | None
) -> Iterator[Problem]:
    """Facts that are not there, and those of a later day: scenes may look ahead, numbers not."""
    hint = first_only(lambda name: did_you_mean(name, evidence.facts))
    for place, name in (text for path in paths for text in document.texts(path)):
        fact = evidence.facts.get(name)
        if fact is None:
            yield Problem(document.place(place), f"unknown fact {name!r}{hint(name)}")
        elif is_later(fact, day):
            yield Problem(document.place(place), f"fact {name!r} {fact.dated}, after {day}")


def _other_numbers(document: Document, grounds: Grounds, evidence: Evidence) -> list[Problem]:
    """Warnings for rates that the facts they rest on, in the same unit, do not say.

    They say a number if it is theirs, stands in their words, or is a sum or difference of theirs.
    """
    problems = []
    for path, number in grounds.numbers.items():
        rate = path[-1] in RATES and isinstance(number.value, str)
        match = QUANTITY.fullmatch(number.value) if rate else None
        cited = [evidence[name] for name in grounds.at(path).evidence if name in evidence]
        said = [fact for fact in cited if match and match[2] and fact.unit == match[2]]
        if match is None or not said or _says(said, float(match[1])):
            continue
        told = ", ".join(f"{fact.id} says {fact.value:g} {fact.unit}" for fact in said)
        message = (
            f"{path[-1]} is {number.value!r}, and of what it cites {told}: "
            "correct one, or cite another"
        )
        problems.append(Problem(document.place(path), message, warning=True))
    return problems


def _says(facts: list[Fact], number: float) -> bool:
    own = [fact.value for fact in facts if fact.value is not None]
    reached = {0.0}
    for value in own[:MOST_ADDED]:
        reached |= {one + sign * value for one in reached for sign in (-1.0, 1.0)}
    words = [float(word) for fact in facts for word in re.findall(r"\d+(?:\.\d+)?", fact.fact)]
    reached.discard(0.0)
    return any(isclose(abs(number), abs(one), abs_tol=1e-9) for one in (*reached, *words))


def _cited(document: Document, paths: list[Path_]) -> set[str]:
    """Ids that stand at these paths."""
    return {name for path in paths for _, name in document.texts(path)}


def _unused(evidence: Evidence, used: set[str]) -> list[Problem]:
    return [
        Problem(evidence.places[name], f"fact {name!r} is cited nowhere", warning=True)
        for name in evidence
        if name not in used
    ]
