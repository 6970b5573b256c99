"""Whether every number of a study rests on something, and what is assumed has a range."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from tula.file.address import address
from tula.file.document import Document
from tula.file.grounds import BARE, SET, Grounds
from tula.file.problems import Problem
from tula.numbers.quantity import Quantity
from tula.numbers.record import Path_, quantities
from tula.policy.union import KINDS

#: Keys whose numbers define what is asked: thresholds, and how far a course meets a demand.
DEFINITIONS = ("kept", "met", "months", "meets")
REMEDY = (
    "write it as {value, low, high, reason} or {value, evidence: [fact ids]}, or put evidence or "
    "a reason beside it"
)


def ungrounded(document: Document, grounds: Grounds) -> Iterator[Problem]:
    """Instruments, and numbers of ties, elasticities and the answer, that rest on nothing."""
    for path in document.keys:
        if path[-3:-2] == (BARE,) and path[-1] in KINDS and not _stands(grounds, path):
            message = (
                f"{path[-1]} rests on nothing: add evidence: [fact ids], or give its number "
                "as {value, low, high, reason}"
            )
            yield Problem(document.key_place(path), message)
    for number in grounds.numbers.values():
        path = number.path
        defining = path[0] == "answer" and not set(path).isdisjoint(DEFINITIONS)
        if BARE in path or path[0] == "beliefs" or defining:
            continue
        if not grounds.at(path):
            at, name = _named(document, grounds, path)
            yield Problem(document.place(at), f"{name} rests on nothing: {REMEDY}")


def _stands(grounds: Grounds, path: Path_) -> bool:
    """Whether an instrument, or a number of it, rests on something."""
    return bool(grounds.at(path) or any(grounds.at(one.path) for one in grounds.within(path)))


def _named(document: Document, grounds: Grounds, path: Path_) -> tuple[Path_, str]:
    """Where a number is stated, and what it is called: a belief is not where it is used."""
    if name := grounds.at(path).belief:
        return ("beliefs", name), f"belief {name!r}"
    return path, address(document.content, path)


def rangeless(
    document: Document, grounds: Grounds, records: Iterable[tuple[Path_, object]]
) -> Iterator[Problem]:
    """Numbers of records, by their path, that are assumed and could have a range, but have none.

    An exact 0 says that there is nothing of the kind, and needs none.
    """
    for path, quantity in _ranging(records).items():
        ground = grounds.at(path)
        assumed = bool(ground.reason) and not ground.evidence and ground.reason != SET
        number = grounds.numbers.get(path)
        if assumed and number and not number.ranged and quantity.value != 0.0:
            at, name = _named(document, grounds, path)
            message = f"{name} is assumed: give its range, as {{value, low, high}}"
            yield Problem(document.place(at), message)


def _ranging(records: Iterable[tuple[Path_, object]]) -> Mapping[Path_, Quantity]:
    found: dict[Path_, Quantity] = {}
    for path, record in records:
        for name, quantity in quantities(record).items():
            steps = (int(step) if step.isdigit() else step for step in name.split("."))
            found[(*path, *steps)] = quantity
    return found
