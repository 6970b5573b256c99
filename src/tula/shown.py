"""How an object shows itself in a session and in a notebook: a few lines, one small table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from math import isfinite
from typing import NamedTuple

from tula.text import shown

#: Longest fact, and most rows of a table, that are shown in full.
LONGEST, MOST_ROWS = 160, 12


class Card(NamedTuple):
    """What is shown: a title, facts by name, and rows under ``head``; the first column names."""

    title: str
    facts: Mapping[str, str]
    head: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()

    def text(self) -> str:
        """The card as lines of text; the rows' columns line up."""
        width = max(map(len, self.facts), default=0)
        lines = [f"{name.ljust(width)}  {_cut(fact)}" for name, fact in self.facts.items()]
        table = [tuple(map(_cut, row)) for row in (self.head, *self.rows[:MOST_ROWS]) if self.rows]
        sizes = [max(map(len, column)) for column in zip(*table, strict=True)]
        for row in table:
            lines.append("  ".join(map(str.ljust, row, sizes)).rstrip())
        return shown("\n  ".join([self.title, *lines, *_more(self.rows)]))

    def html(self) -> str:
        """The card as HTML tables with a caption, and heads that say what they head."""
        facts = [_row(name, (_cut(fact),)) for name, fact in self.facts.items()]
        head = "".join(f'<th scope="col">{escape(name)}</th>' for name in self.head)
        rows = [_row(row[0], map(_cut, row[1:])) for row in self.rows[:MOST_ROWS]]
        rest = [f"<p>{escape(line)}</p>" for line in _more(self.rows)]
        tables = [_table(escape(self.title), facts)]
        if rows:
            by = f"{self.title}, by {self.head[0]}"
            tables.append(_table(escape(by), [f"<tr>{head}</tr>", *rows]))
        return shown("".join([*tables, *rest]))


class Shown:
    """A base for what shows itself by a card."""

    def _card(self) -> Card:
        raise NotImplementedError

    def __repr__(self) -> str:
        return self._card().text()

    def _repr_html_(self) -> str:
        return self._card().html()


def ranked(
    names: Iterable[str], changes: Iterable[float], count: int = 4, unit: str = "%"
) -> tuple[str, str]:
    """Say who gains and who loses most, largest first."""
    moves = sorted(pair for pair in zip(changes, names, strict=True) if isfinite(pair[0]))
    losses = [f"{name} {value:+.3g}{unit}" for value, name in moves[:count] if value < 0.0]
    gains = [
        f"{name} {value:+.3g}{unit}" for value, name in reversed(moves[-count:]) if value > 0.0
    ]
    return ", ".join(gains) or "nobody", ", ".join(losses) or "nobody"


def _cut(fact: str) -> str:
    return fact if len(fact) <= LONGEST else f"{fact[:LONGEST]}..."


def _more(rows: Sequence[Sequence[str]]) -> list[str]:
    return [f"and {len(rows) - MOST_ROWS} more"] if len(rows) > MOST_ROWS else []


def _row(name: str, cells: Iterable[str]) -> str:
    told = "".join(f"<td>{escape(cell)}</td>" for cell in cells)
    return f'<tr><th scope="row">{escape(name)}</th>{told}</tr>'


def _table(caption: str, rows: Iterable[str]) -> str:
    return f"<table><caption>{caption}</caption><tbody>{''.join(rows)}</tbody></table>"
