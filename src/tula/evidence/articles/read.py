"""Articles as plain text, with the place of everything in them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tula.errors import TulaError
from tula.world.files import existing

#: Where a sentence ends: behind a stop, a mark and a capital, or at the end of a line.
_END = re.compile(r"(?<=[.!?])[\"'”’)]*\s+(?=[A-Z\"'“])|\n")


class UnreadableArticleError(TulaError):
    """A file is no plain text in UTF-8. Save the article as text first."""


@dataclass(frozen=True)
class Article:
    """A text by the name of its file."""

    name: str
    text: str

    def line(self, at: int) -> int:
        """Return the line, from 1, that an offset stands on."""
        return self.text.count("\n", 0, at) + 1

    def sentence(self, at: int) -> str:
        """Return the sentence around an offset."""
        head, tail = _END.split(self.text[: at + 1])[-1], _END.split(self.text[at + 1 :])[0]
        return " ".join((head + tail).split())


def read_articles(paths: Iterable[Path]) -> list[Article]:
    """Read articles. Raises ``MissingFileError`` and ``UnreadableArticleError``."""
    found = []
    for path in paths:
        text = existing(path).read_bytes().decode("utf-8-sig", errors="replace")
        if {"\0", "\ufffd"} & {*text}:
            raise UnreadableArticleError(f"{path} is no plain text in UTF-8")
        found.append(Article(path.name, text))
    return found
