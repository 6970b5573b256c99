"""The names a balance uses: scenarios and moves, ties and their lines, days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tula.errors import did_you_mean, first_only
from tula.evidence import Document, Problem
from tula.file.grounds import Grounds
from tula.study.scenarios import scenario_ids, study_day
from tula.study.vocabulary import Path_, items, text_items, unknown

PATH: Path_ = ("balance",)
#: Lists of a balance whose items name scenarios.
MOVING = ("courses", "threats", "events", "powers", "next_moves", "situations")
#: Kind of tie that reads the flow of a critical tie.
FLOW_KINDS = {"oil": "oil", "channels": "settlement"}


@dataclass(frozen=True)
class Texts:
    """A mapping at a path that may hold ``known`` keys and no others."""

    document: Document
    path: Path_
    known: tuple[str, ...]

    def problems(self, wanted: Iterable[str]) -> list[Problem]:
        """Problems with unknown keys, and with ``wanted`` keys that are no text."""
        content = self.document.at(self.path)
        near = first_only(lambda key: did_you_mean(key, self.known))
        problems = [
            Problem(
                self.document.key_place((*self.path, key)),
                f"unknown key {key!r}{near(key)}",
            )
            for key in content
            if key not in self.known
        ]
        for key in wanted:
            if not (isinstance(content.get(key), str) and content[key].strip()):
                place = self.document.place((*self.path, key))
                problems.append(Problem(place, f"key {key!r} must be text, and not be empty"))
        return problems


def move_ids(document: Document) -> Iterator[tuple[int, str]]:
    """Ids of the moves a balance states, with their places in the list."""
    for index, content in enumerate(items(document, (*PATH, "moves"))):
        name = content.get("id") if isinstance(content, dict) else None
        if isinstance(name, str):
            yield index, name


def tie_kinds(document: Document) -> dict[str, str]:
    """Kind of every tie of the study by its id, sound or not."""
    return {
        body["id"]: str(kind)
        for content in items(document, ("ties",))
        for kind, body in (content.items() if isinstance(content, dict) else ())
        if isinstance(body, dict) and isinstance(body.get("id"), str)
    }


def check_names(document: Document, grounds: Grounds) -> list[Problem]:
    """Names that nothing has, ties of the wrong kind, days that come too late, facts lacking."""
    problems = _scenarios(document) + _ties(document) + _days(document)
    return problems + _facts(document, grounds) + _words(document)


def _each(document: Document, *lists: str) -> Iterator[tuple[Path_, dict[str, Any]]]:
    for name in lists:
        for index, one in enumerate(items(document, (*PATH, name))):
            if isinstance(one, dict):
                yield (*PATH, name, index), one


def _scenarios(document: Document) -> list[Problem]:
    """Scenarios and moves that do not exist, or state nothing themselves."""
    known = scenario_ids(document)
    valid = {**known, **{name: index for index, name in move_ids(document)}}
    paths: list[Path_] = [(*PATH, "standing")]
    paths += [(*path, "scenarios") for path, _ in _each(document, *MOVING)]
    problems = []
    for path in paths:
        problems += unknown(document, path, "scenario or move", valid)
        for item, name in text_items(document, path):
            if name in known and not items(document, ("scenarios", known[name], "instruments")):
                problems.append(Problem(document.place(item), _idle(document, name, known[name])))
    return problems


def _idle(document: Document, name: str, index: int) -> str:
    parts = ", ".join(part for _, part in text_items(document, ("scenarios", index, "combine")))
    hint = f"; name what it combines: {parts}" if parts else ""
    return f"scenario {name!r} states no instruments itself{hint}"


def _ties(document: Document) -> list[Problem]:
    """Ties that do not exist, and ties of another kind than a flow is read from."""
    kinds = tie_kinds(document)
    problems = _tie_of(document, (*PATH, "oil"), kinds, "oil")
    for path, one in _each(document, "critical"):
        wanted = FLOW_KINDS.get(str(one.get("flow")), "")
        problems += _tie_of(document, (*path, "tie"), kinds, wanted)
    for path, _ in _each(document, "events"):
        problems += _tie_of(document, (*path, "loss", "tie"), kinds, "")
    for path, _ in _each(document, "hedges"):
        problems += _tie_of(document, (*path, "tie"), kinds, "")
    for path, one in _each(document, "courses", "situations"):
        for index in range(len(one["adds"]) if isinstance(one.get("adds"), list) else 0):
            problems += _tie_of(document, (*path, "adds", index, "tie"), kinds, "")
    return problems


def _tie_of(
    document: Document, path: Path_, kinds: Mapping[str, str], wanted: str
) -> list[Problem]:
    name = document.at(path)
    if not isinstance(name, str) or not name:
        return []
    found = unknown(document, path, "tie", kinds)
    if found or not wanted or kinds[name] == wanted:
        return found
    message = f"tie {name!r} is of kind {kinds[name]}; a tie of kind {wanted} is needed"
    return [Problem(document.place(path), message)]


def _days(document: Document) -> list[Problem]:
    """Days that are no dates, or come after the day of the study."""
    paths = [(*PATH, "announced"), *((*path, "date") for path, _ in _each(document, "demands"))]
    day, problems = study_day(document), []
    for path in paths:
        if path not in document.values:
            continue
        given = document.at(path)
        try:
            told = date.fromisoformat(given) if isinstance(given, str) else None
        except ValueError:
            told = None
        if told is None:
            message = f"{path[-1]!r}: must be a day such as 2025-12-12, not {given!r}"
            problems.append(Problem(document.place(path), message))
        elif day is not None and told > day:
            message = f"{path[-1]} {told} is after {day}, the day of the study"
            problems.append(Problem(document.place(path), message))
    return problems


def _facts(document: Document, grounds: Grounds) -> list[Problem]:
    """Demands that cite nothing."""
    problems = []
    for path, one in _each(document, "demands"):
        if not grounds.at(path).evidence:
            message = f"demand {one.get('id')!r} must cite facts: evidence: [F01]"
            problems.append(Problem(document.place((*path, "evidence")), message))
    return problems


def _words(document: Document) -> list[Problem]:
    """Titles and notes that are no text."""
    problems = []
    titles, notes = document.at((*PATH, "titles")), document.at((*PATH, "notes"))
    if titles is not None and not isinstance(titles, dict):
        message = "titles must be a mapping from the name of a parameter to words"
        problems.append(Problem(document.place((*PATH, "titles")), message))
    elif titles:
        problems += Texts(document, (*PATH, "titles"), tuple(titles)).problems(titles)
    listed = isinstance(notes, list) and all(isinstance(one, str) for one in notes)
    if notes is not None and not listed:
        message = "notes must be a list of texts"
        problems.append(Problem(document.place((*PATH, "notes")), message))
    return problems
