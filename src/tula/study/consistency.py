"""What is well formed in a study and still cannot be meant: things named twice or against sense."""

from __future__ import annotations

from tula.evidence import Document, Problem
from tula.study.vocabulary import Path_, items


def check_consistency(document: Document) -> list[Problem]:
    """Problems with repeated names, a pivot among its rivals, empty groups, ranges upside down."""
    lists: list[Path_] = [("rivals",), ("closures",)]
    scenarios = range(len(items(document, ("scenarios",))))
    lists += [("scenarios", index, "combine") for index in scenarios]
    problems = [problem for path in lists for problem in _repeated(document, path)]
    problems += _pivot_among_rivals(document) + _same_ways(document) + _empty_groups(document)
    return problems + _upside_down(document)


def _repeated(document: Document, path: Path_) -> list[Problem]:
    names = items(document, path)
    return [
        Problem(document.place((*path, index)), f"{name!r} stands twice in {path[-1]}")
        for index, name in enumerate(names)
        if isinstance(name, str) and name in names[:index]
    ]


def _pivot_among_rivals(document: Document) -> list[Problem]:
    pivot, rivals = document.at(("pivot",)), items(document, ("rivals",))
    if pivot is None or pivot not in rivals:
        return []
    place = document.place(("rivals", rivals.index(pivot)))
    return [Problem(place, f"{pivot!r} is the pivot and cannot be its own rival")]


def _same_ways(document: Document) -> list[Problem]:
    keep, give_way = (document.at(("weigh", key)) for key in ("keep", "give_way"))
    if not isinstance(keep, str) or keep != give_way:
        return []
    message = f"keep and give_way are both {keep!r}: there is nothing to weigh"
    return [Problem(document.place(("weigh", "give_way")), message)]


def _empty_groups(document: Document) -> list[Problem]:
    problems = []
    for kind in ("regions", "sectors"):
        groups = document.at(("groups", kind))
        for name, members in groups.items() if isinstance(groups, dict) else ():
            if members == []:
                place = document.key_place(("groups", kind, name))
                problems.append(Problem(place, f"group {name!r} has no members"))
    return problems


def _upside_down(document: Document) -> list[Problem]:
    problems = []
    for index in range(len(items(document, ("published",)))):
        low, high = (document.at(("published", index, key)) for key in ("low", "high"))
        if isinstance(low, int | float) and isinstance(high, int | float) and low > high:
            place = document.place(("published", index, "high"))
            problems.append(Problem(place, f"high {high:g} is below low {low:g}; swap them"))
    return problems
