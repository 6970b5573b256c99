"""What every file is held to before its content is read: its layout, and ids that stand once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tula.file.address import inside
from tula.file.document import Document
from tula.file.problems import InvalidFileError, Problem

#: Keys that only files of the first layout have.
_FIRST = ("assumption", "assumptions")


def require_format(document: Document) -> Document:
    """Return a document of today's layout; ``InvalidFileError`` for one of an earlier."""
    if document.at(("format",)) not in (None, 1) or not _first(document):
        return document
    message = f"written for an earlier version of Tula: run 'tula upgrade {document.file}'"
    raise InvalidFileError([Problem(document.place(()), message)])


def _first(document: Document) -> bool:
    if document.at(("format",)) == 1:
        return True
    return any(path[-1] in _FIRST for path in document.keys)


def repeated(document: Document, key: str, noun: str) -> Iterator[Problem]:
    """Problems with items of a list that share an id."""
    first: dict[str, int] = {}
    content = document.at((key,))
    for place, item in enumerate(content if isinstance(content, list) else ()):
        kind = inside(item)
        path = (key, place, "id") if kind is None else (key, place, kind, "id")
        name, where = document.at(path), document.place(path)
        if isinstance(name, str) and name in first:
            message = f"{noun} {name!r} stands twice (first on line {first[name]})"
            yield Problem(where, message)
        elif isinstance(name, str):
            first[name] = where.line


def without(bare: Iterable[Problem], found: Iterable[Problem]) -> list[Problem]:
    """Problems of numbers, but of those under a key that is unknown: that is told already."""
    told = {one.place.line for one in found if one.message.startswith("unknown key")}
    return [problem for problem in bare if problem.place.line not in told]
