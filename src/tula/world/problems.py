"""Collecting what is wrong with a table, so that all of it is said at once."""

from __future__ import annotations

from collections.abc import Iterable

from tula.errors import TulaError

#: Kinds of problem shown for a table, and places shown for each kind; the rest is counted.
KINDS, SHOWN = 20, 5
#: Longest text quoted from a file.
QUOTED = 60


class TableError(TulaError):
    """A table cannot be imported as it stands. The message lists every kind of problem with the
    first places and a count; mend the table and import again."""  # fmt: skip


class Problems:
    """What is wrong with one table, by kind, each with its places."""

    def __init__(self, source: str) -> None:
        self.source = source
        self._places: dict[str, list[str]] = {}
        self._count: dict[str, int] = {}

    def add(self, kind: str, *places: str, count: int | None = None) -> None:
        """Note a kind of problem at some places (at none: a problem of the whole table).

        ``count`` is the number of places where not all of them are given.
        """
        kind = shortened(kind, 4 * QUOTED)
        self._places.setdefault(kind, []).extend(places[:SHOWN])
        self._count[kind] = self._count.get(kind, 0) + (len(places) if count is None else count)

    def lines(self) -> list[str]:
        """Return one line for each kind of problem, with up to ``SHOWN`` places."""
        lines = [self._line(kind) for kind in self._places]
        more = len(lines) - KINDS
        return [*lines[:KINDS], f"and {more} other problems"] if more > 0 else lines

    def raise_if_any(self) -> None:
        """Raise ``TableError`` if anything was noted."""
        raise_all([self])

    def _line(self, kind: str) -> str:
        places = self._places[kind][:SHOWN]
        if not places:
            return kind
        more = self._count[kind] - len(places)
        return (
            f"{kind}: {', '.join(map(shortened, places))}{f' and {more} more' if more > 0 else ''}"
        )


def shortened(text: str, limit: int = QUOTED) -> str:
    """Return a text that may come from any file, cut where it is too long to be read."""
    return text if len(text) <= limit else f"{text[:limit]}..."


def raise_all(collected: Iterable[Problems]) -> None:
    """Raise one ``TableError`` for all tables in which something was noted."""
    parts = [
        f"{problems.source}:\n  " + "\n  ".join(problems.lines())
        for problems in collected
        if problems.lines()
    ]
    if parts:
        raise TableError("\n".join(parts))
