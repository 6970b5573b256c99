"""Text that came from outside: what it may not hold, and how it is shown."""

from __future__ import annotations

import re
from math import isfinite

#: Longest quoted value, and longest line, that a message repeats in full.
QUOTED, LINE = 120, 2_000
_SEQUENCES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_].*?(?:\x07|\x1b\\|\x9c)|[ -~])", re.S)
#: Control characters but tab and line feed, halves of pairs, and marks that turn the direction.
_UNSHOWN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
_QUOTES = re.compile(r"""(?<!\w)(['"])([^\n]*?)\1(?!\w)""")


def unprintable(text: str) -> str:
    """Name the first character that no input may hold; empty where there is none.

    Such are control characters, which drive terminals, halves of surrogate pairs, which are no
    text, and marks that reverse the direction of what follows.
    """
    found = _UNSHOWN.search(text)
    if found is None:
        return ""
    code = ord(found[0])
    half = 0xD800 <= code <= 0xDFFF
    kind = "half of a surrogate pair" if half else "control character"
    return f"the {kind} U+{code:04X}, which is no text"


def finite(text: str) -> float | None:
    """Return the number that a text writes; None where it writes none, or one without bound."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if isfinite(number) else None


def shown(text: str) -> str:
    """Return text as it may be printed: without control characters and terminal escapes."""
    return _UNSHOWN.sub("", _SEQUENCES.sub("", text))


def message(text: str) -> str:
    """Return a message as it may be printed, long values that it quotes shortened."""
    lines = shown(_QUOTES.sub(_shortened, text)).split("\n")
    return "\n".join(line if len(line) <= LINE else f"{line[:LINE]}..." for line in lines)


def _shortened(quoted: re.Match[str]) -> str:
    quote, value = quoted.groups()
    if len(value) <= QUOTED:
        return quoted[0]
    return f"{quote}{value[: QUOTED // 2]}...{quote} ({len(value):,} characters)"
