"""The small grammar beneath what-ifs: parts between colons, names joined by ``+`` and ``-``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from tula.errors import TulaError
from tula.world.countries import key
from tula.world.names import Vocabulary

_SIGN = re.compile(r"[+\-!]")


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


def read_terms(part: Part, vocabulary: Vocabulary, faults: list[Fault]) -> Selection:
    """Read ``goods+OIL-PHA`` (or ``!PHA``) as names chosen and names excepted.

    Names come back as the codes and groups they stand for. Adds a fault for an empty part, for
    every unknown name, and for a name both chosen and excepted.
    """
    chosen: list[str] = []
    spared: list[str] = []
    for sign, term in _terms(part, vocabulary):
        name = vocabulary.match(term.text)
        if name is None:
            faults.append(_unknown(term, vocabulary))
        elif name in (spared if sign == "+" else chosen):
            told = f"{vocabulary.kind} {term.text!r} is both chosen and excepted"
            faults.append(Fault(term, told))
        (chosen if sign == "+" else spared).append(name or term.text)
    return Selection(tuple(chosen), tuple(spared))


def _terms(part: Part, vocabulary: Vocabulary) -> list[tuple[str, Part]]:
    """Names of a part with the sign before each; a known name may itself contain a sign."""
    found, sign, position = [], "+", 0
    while True:
        name = _longest(part.text, position, vocabulary)
        found.append((sign, Part(name, part.start + position)))
        position += len(name)
        if position >= len(part.text):
            return found
        sign = part.text[position]
        position += 1


def _longest(text: str, position: int, vocabulary: Vocabulary) -> str:
    """The longest stretch up to a sign that is one name, or else the shortest."""
    ends = {len(text), *(sign.start() for sign in _SIGN.finditer(text))}
    pieces = [text[position:end] for end in sorted(ends) if end >= position]
    return next((piece for piece in pieces[:0:-1] if _one_name(piece, vocabulary)), pieces[0])


def _one_name(piece: str, vocabulary: Vocabulary) -> bool:
    """Whether a stretch with a sign in it is a name: as it is written, or in another spelling
    where its parts say something and are not names themselves."""
    if vocabulary.match(piece) in (None, piece):
        return vocabulary.match(piece) == piece
    parts = _SIGN.split(piece)
    return all(map(key, parts)) and not all(map(vocabulary.match, parts))


def _unknown(term: Part, vocabulary: Vocabulary) -> Fault:
    if not term.text:
        return Fault(term, f"a {vocabulary.kind} or group is missing here")
    return Fault(term, f"unknown {vocabulary.kind} {term.text!r}{vocabulary.hint(term.text)}")
