"""Facts a study cites: unknown ones are refused, unused ones are pointed out."""

from __future__ import annotations

from tula.evidence import Document, Evidence, Problem
from tula.study.vocabulary import Path_, text_items, unknown


def check_citations(document: Document, evidence: Evidence | None) -> list[Problem]:
    """Problems with cited facts that do not exist, warnings for facts nobody cites."""
    if evidence is None:
        return []
    paths = [path for path in document.keys if path[-1] == "evidence" and len(path) > 1]
    problems = [
        problem for path in paths for problem in unknown(document, path, "fact", evidence.facts)
    ]
    return problems + _unused(evidence, cited(document, paths))


def cited(document: Document, paths: list[Path_]) -> set[str]:
    """Ids that stand at these paths."""
    return {name for path in paths for _, name in text_items(document, path)}


def _unused(evidence: Evidence, used: set[str]) -> list[Problem]:
    return [
        Problem(evidence.places[name], f"fact {name!r} is cited nowhere", warning=True)
        for name in evidence
        if name not in used
    ]
