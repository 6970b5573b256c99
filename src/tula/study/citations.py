"""Facts a study cites: unknown ones are refused, unused ones are pointed out.

A number may not rest on a fact dated after the study's day, nor on one that may be: such facts set
the scene, or tell what came, and nothing more.
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
#: Key of a study under which stands what came of its forecasts.
BACKTEST = "backtest"
#: Keys of rates, which a fact may say in the same unit.
RATES = ("set", "add", "at_least", "at_most", "cut", "change")
#: Facts whose numbers are added up, at most, to see whether a number is their sum.
MOST_ADDED = 8


def check_citations(given: Sources, day: date | None) -> list[Problem]:
    """Problems with facts that do not exist or come too late, warnings for those nobody cites."""
    document, evidence = given.written, given.evidence
    if evidence is None:
        return []
    paths = [path for path in document.keys if len(path) > 1 and path[-1] == "evidence"]
    reasons = [path for path in document.keys if len(path) > 1 and path[-1] == "reason"]
    problems = [*_unfit(document, paths, evidence, day), *_named(document, reasons, evidence, day)]
    problems += _other_numbers(given.document, given.grounds, evidence)
    scenes: list[Path_] = [path for path in document.keys if len(path) == 3 and path[-1] == "facts"]
    return problems + _unused(evidence, _cited(document, paths + scenes))


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


def may_be_later(fact: Fact, day: date | None) -> bool:
    """Whether the month or year a fact is known from goes on after a day that lies in it."""
    if day is None or len(fact.known) == len("2025-12-05"):
        return False
    return day.isoformat().startswith(fact.known) and not is_later(fact, day)


def _unfit(
    document: Document, paths: list[Path_], evidence: Evidence, day: date | None
) -> Iterator[Problem]:
    """Facts that are not there, and those of a time at which they may not stand where they do."""
    hint = first_only(lambda name: did_you_mean(name, evidence.facts))
    for place, name in (text for path in paths for text in document.texts(path)):
        fact = evidence.facts.get(name)
        if fact is None:
            yield Problem(document.place(place), f"unknown fact {name!r}{hint(name)}")
        elif fault := _mistimed(fact, day, place):
            yield Problem(document.place(place), f"fact {name!r} {fault}")


def _named(
    document: Document, paths: list[Path_], evidence: Evidence, day: date | None
) -> Iterator[Problem]:
    """Facts that a reason names in its words, of a time at which its number may not know them."""
    for place, words in (text for path in paths for text in document.texts(path)):
        for name in dict.fromkeys(re.findall(r"\b[A-Z]+\d+\b", words)):
            if name in evidence and (fault := _mistimed(evidence[name], day, place)):
                yield Problem(document.place(place), f"fact {name!r} {fault}")


def _mistimed(fact: Fact, day: date | None, place: Path_) -> str:
    """What is wrong with the time of a fact, and what to do; empty where nothing is.

    Scenes may look ahead, numbers not; what came rests on nothing that was known on the day, and
    what others said of it may be of any.
    """
    part = place[2] if place[0] == BACKTEST and len(place) > 2 else ""
    late, unclear = is_later(fact, day), may_be_later(fact, day)
    if part == "published" or day is None:
        return ""
    if part == "came":
        known = f"{fact.dated}, known on {day}: what came rests on facts of later days"
        return "" if late or unclear else known
    if late:
        remedy = "cite what was known by then, or assume the number, with its range and a reason"
        return f"{fact.dated}, after {day}: {remedy}"
    return f"{fact.dated}, which may be after {day}: say when, as published: day" if unclear else ""


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
        name = grounds.at(path).belief or path[-1]
        message = (
            f"{name} is {number.value!r}, and of what it cites {told}: correct one, or cite another"
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
