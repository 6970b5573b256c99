"""The small grammar beneath what-ifs: parts between colons, names joined by ``+`` and ``-``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tula.errors import TulaError, UnknownNameError


@dataclass(frozen=True)
class Part:
    """A stretch of the text: what stands there and where it starts."""

    text: str
    start: int


@dataclass(frozen=True)
class Fault:
    """What is wrong with a stretch of the text, and what was expected there."""

    part: Part
    message: str


class WhatIfError(TulaError):
    """A what-if cannot be read. The message points at each wrong part and says what to write."""

    def __init__(self, kind: str, text: str, faults: Iterable[Fault]) -> None:
        self.kind, self.text, self.faults = kind, text, tuple(faults)
        lead = f"--{kind} "
        lines = [lead + text]
        for fault in self.faults:
            indent = " " * (len(lead) + fault.part.start)
            lines += [indent + "^" * max(1, len(fault.part.text)), fault.message]
        super().__init__("\n".join(lines))


@dataclass(frozen=True)
class Selection:
    """Names chosen and names excepted from them, as written."""

    names: tuple[str, ...]
    spared: tuple[str, ...]


def split_parts(text: str) -> list[Part]:
    """Cut a text at its colons."""
    parts, start = [], 0
    for piece in text.split(":"):
        parts.append(Part(piece, start))
        start += len(piece) + 1
    return parts


def read_terms(part: Part, noun: str, valid: Sequence[str], faults: list[Fault]) -> Selection:
    """Read ``goods+OIL-PHA`` (or ``!PHA``) as names chosen and names excepted.

    Adds a fault for an empty part, for every unknown name, and for a name both chosen and
    excepted.
    """
    chosen: list[str] = []
    spared: list[str] = []
    for sign, term in _terms(part, valid):
        if term.text not in valid:
            faults.append(_unknown(term, noun, valid))
        elif term.text in (spared if sign == "+" else chosen):
            faults.append(Fault(term, f"{noun} {term.text!r} is both chosen and excepted"))
        (chosen if sign == "+" else spared).append(term.text)
    return Selection(tuple(chosen), tuple(spared))


def _terms(part: Part, valid: Sequence[str]) -> list[tuple[str, Part]]:
    """Names of a part with the sign before each; a known name may itself contain a sign."""
    found, sign, position = [], "+", 0
    while True:
        name = _longest(part.text, position, valid)
        found.append((sign, Part(name, part.start + position)))
        position += len(name)
        if position >= len(part.text):
            return found
        sign = part.text[position]
        position += 1


def _longest(text: str, position: int, valid: Sequence[str]) -> str:
    ends = {len(text), *(match.start() for match in re.finditer(r"[+\-!]", text))}
    fits = [
        name for name in valid if text.startswith(name, position) and position + len(name) in ends
    ]
    if fits:
        return max(fits, key=len)
    return text[position : min(end for end in ends if end >= position)]


def _unknown(term: Part, noun: str, valid: Sequence[str]) -> Fault:
    if not term.text:
        return Fault(term, f"a {noun} or group is missing here")
    return Fault(term, str(UnknownNameError(noun, term.text, valid)))
