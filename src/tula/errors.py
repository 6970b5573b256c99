"""The root of every error Tula raises on purpose.

One class per failure lives in the room where the failure happens; its docstring says what went
wrong and what to do about it. Anything that is not a ``TulaError`` is a defect of Tula.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from itertools import count

from tula.text import message

#: Texts longer than this are compared with no name, and so many names get a hint in one place.
LONGEST, HINTS = 60, 20


class TulaError(Exception):
    """Something in the input or the question cannot be used as it stands.

    Its message may be printed: no control characters, and long values are shortened.
    """

    def __str__(self) -> str:
        return message(super().__str__())


class UnknownNameError(TulaError):
    """A name is not in the vocabulary; the message lists the nearest valid names.

    ``hint`` is the end of the message where more is known than what is near in spelling.
    """

    def __init__(self, kind: str, name: str, valid: Iterable[str], hint: str = "") -> None:
        self.kind, self.name, self.valid = kind, name, tuple(valid)
        self.hint = hint or did_you_mean(name, self.valid)
        super().__init__(f"unknown {kind} {name!r}{self.hint}")


def did_you_mean(name: str, valid: Iterable[str], limit: int = 3) -> str:
    """Return ``"; did you mean 'X'?"`` with the nearest valid names, or a short list of them."""
    options = [str(option) for option in valid]
    folded = {option.casefold(): option for option in options}
    sought = name.casefold() if len(name) <= LONGEST else ""
    near = difflib.get_close_matches(sought, folded, n=limit)
    if near:
        return "; did you mean " + " or ".join(repr(folded[key]) for key in near) + "?"
    if not options:
        return "; there are none"
    shown = ", ".join(sorted(options)[:12])
    return f"; valid: {shown}{' ...' if len(options) > 12 else ''}"


def first_only(hint: Callable[[str], str]) -> Callable[[str], str]:
    """Return a hint that is given for the first names asked about, and empty for all later ones.

    A search for what is near takes its time, and nobody reads the thousandth.
    """
    asked = count(1)
    return lambda name: hint(name) if next(asked) <= HINTS else ""
