"""Standard output and error as they come: in any encoding, full, or with nobody reading."""

from __future__ import annotations

import codecs
import errno
import io
import os
import sys
import unicodedata
from typing import TYPE_CHECKING, Any, TextIO, cast

from tula.errors import TulaError
from tula.text import shown

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

#: Columns of tables where the output is no terminal that says how many it has.
PLAIN_WIDTH = 160
#: Characters that an encoding may lack, and what stands for them; letters lose their accents.
_NEAREST = str.maketrans(
    {"−": "-", "–": "-", "—": "-", "×": "x", "±": "+-", "‘": "'", "’": "'", "“": '"', "”": '"'}
)


class LostOutputError(TulaError):
    """Standard output takes no more of the answer. Give it room, or a reader that stays."""


class _Stream:
    """Standard output or error; an answer that is lost raises, a lost problem has nowhere to go."""

    def __init__(self, stream: TextIO | None, answers: bool) -> None:
        self._stream, self._answers = stream, answers

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def isatty(self) -> bool:
        return self._stream is not None and self._stream.isatty()

    def write(self, text: str) -> int:
        self._try("write", text)
        return len(text)

    def flush(self) -> None:
        if self._stream is not None:
            self._try("flush")

    def _try(self, action: str, *given: str) -> None:
        try:
            if self._stream is None:
                raise OSError(errno.EBADF, "it is closed")
            getattr(self._stream, action)(*given)
        except OSError as error:
            _silence(self._stream)
            if self._answers:
                why = error.strerror or error
                raise LostOutputError(
                    f"not all of the answer could be written to standard output: {why}"
                ) from error


def out() -> Console:
    """Console for answers, on standard output. Printing there raises ``LostOutputError``."""
    stream = _Stream(sys.stdout, answers=True)
    known = stream.isatty() or "COLUMNS" in os.environ
    return _console(stream, width=None if known else PLAIN_WIDTH)


def err() -> Console:
    """Console for progress and problems, on standard error."""
    return _console(_Stream(sys.stderr, answers=False))


def _console(stream: _Stream, width: int | None = None) -> Console:
    from rich.console import Console

    class Shown(Console):
        """A console to which no text from outside brings control characters or escapes."""

        def render_str(self, text: str, **settings: Any) -> Text:
            return super().render_str(shown(text), **settings)

    return Shown(file=cast(TextIO, stream), highlight=False, emoji=False, width=width)


def _silence(stream: TextIO | None) -> None:
    """Lead a stream that takes nothing away, so that what is left in it is not tried again."""
    try:
        descriptor = -1 if stream is None else stream.fileno()
    except (OSError, ValueError):  # no stream of the system's
        return
    if descriptor >= 0:
        os.dup2(os.open(os.devnull, os.O_WRONLY), descriptor)


def take_any_text() -> None:
    """Let standard output and error take every character, as near as their encoding has it."""
    codecs.register_error("tula-nearest", _nearest)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="tula-nearest")


def settle() -> None:
    """Flush standard output and error for good; what cannot be written any more is let go."""
    for stream in (sys.stdout, sys.stderr):
        _Stream(stream, answers=False).flush()


def _nearest(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lost = error.object[error.start : error.end].translate(_NEAREST)
    plain = (unicodedata.normalize("NFKD", char).encode("ascii", "ignore") for char in lost)
    return "".join(char.decode() or "?" for char in plain), error.end
