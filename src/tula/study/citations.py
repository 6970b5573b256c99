"""Facts a study cites: unknown ones are refused, unused ones are pointed out.

A number may not rest on a fact dated after the study's day: such facts set the scene, for
comparison, and nothing more.
"""

from __future__ import annotations

import re
from collections.abc import Set
from datetime import date

from tula.evidence import Document, Evidence, Fact, Problem
from tula.study.scenarios import study_day
from tula.study.vocabulary import Path_, text_items, unknown


def check_citations(
    document: Document, evidence: Evidence | None, elsewhere: Set[str] = frozenset()
) -> list[Problem]:
    """Problems with cited facts that do not exist, warnings for facts nobody cites.

    ``elsewhere`` are facts that files beside the study cite.
    """
    if evidence is None:
        return []
    paths = [path for path in document.keys if _cites(path)]
    problems = [
        problem for path in paths for problem in unknown(document, path, "fact", evidence.facts)
    ]
    problems += _too_late(document, paths, evidence)
    return problems + _unused(evidence, cited(document, paths) | elsewhere)


def _cites(path: Path_) -> bool:
    """Whether ids of facts stand at a path: under ``evidence``, in ties and in the balance by key
    of a number."""
    by_number = path[0] == "ties" and len(path) > 4 and path[3] == "evidence"
    by_number = by_number or (path[:2] == ("balance", "evidence") and len(path) > 2)
    return by_number or (path[-1] == "evidence" and len(path) > 1)


def is_later(fact: Fact, day: date | None) -> bool:
    """Whether a fact's date (2025, 2025-12 or 2025-12-05) begins after a day; others never do."""
    if day is None or not re.fullmatch(r"\d{4}(-\d{2}){0,2}", fact.date):
        return False
    return fact.date > day.isoformat()[: len(fact.date)]


def _too_late(document: Document, paths: list[Path_], evidence: Evidence) -> list[Problem]:
    """Problems for numbers that rest on facts of a later day; scenes may look ahead."""
    day = study_day(document)
    grounds = [path for path in paths if not _sets_the_scene(path)]
    return [
        Problem(document.place(item), f"fact {name!r} is dated {evidence[name].date}, after {day}")
        for path in grounds
        for item, name in text_items(document, path)
        if name in evidence and is_later(evidence[name], day)
    ]


def _sets_the_scene(path: Path_) -> bool:
    """Whether this is a scenario's own list of facts, beside no number."""
    return len(path) == 3 and path[0] == "scenarios"


def cited_beside(document: Document) -> set[str]:
    """Ids under any key ``evidence`` of a file beside the study, alone or by key of a number."""
    return cited(document, [path for path in document.keys if "evidence" in path])


def cited(document: Document, paths: list[Path_]) -> set[str]:
    """Ids that stand at these paths."""
    return {name for path in paths for _, name in text_items(document, path)}


def _unused(evidence: Evidence, used: set[str]) -> list[Problem]:
    return [
        Problem(evidence.places[name], f"fact {name!r} is cited nowhere", warning=True)
        for name in evidence
        if name not in used
    ]
