"""Whether every number of a study rests on something, and what is assumed has a range."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from tula.file.document import Document
from tula.file.grounds import BARE, GROUNDS, SET, UNREAD, Grounds
from tula.file.problems import Problem
from tula.numbers.quantity import Quantity
from tula.numbers.record import Path_, quantities
from tula.policy.union import KINDS

#: What the number at a path is, in words.
Called = Callable[[Path_], str]
#: Keys whose numbers define what is asked: thresholds, and how far a course meets a demand.
DEFINITIONS = ("kept", "met", "months", "meets")
REMEDY = (
    "write it as {value, low, high, reason} or {value, evidence: [fact ids]}, or put evidence or "
    "a reason beside it"
)


def ungrounded(document: Document, grounds: Grounds, called: Called) -> Iterator[Problem]:
    """Instruments, and numbers of ties, elasticities and the answer, that rest on nothing.

    ``called`` says what the number at a path is.
    """
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
            at, name = _named(grounds, path, called)
            yield Problem(document.place(at), f"{name} rests on nothing: {REMEDY}")


def idle(document: Document, grounds: Grounds) -> Iterator[Problem]:
    """Warn of facts and reasons above numbers of which none rests on them."""
    for path in grounds.idle:
        if grounds.within(path) and path[-3:-2] != (BARE,) and grounds.stated[path] is not UNREAD:
            key = next(name for name in GROUNDS if (*path, name) in document.keys)
            message = f"nothing rests on this {key}: every number beneath has its own"
            yield Problem(document.key_place((*path, key)), message, warning=True)


def _stands(grounds: Grounds, path: Path_) -> bool:
    """Whether an instrument, or a number of it, rests on something."""
    return bool(grounds.at(path) or any(grounds.at(one.path) for one in grounds.within(path)))


def _named(grounds: Grounds, path: Path_, called: Called) -> tuple[Path_, str]:
    """Where a number is stated, and what it is called: a belief is not where it is used."""
    if name := grounds.at(path).belief:
        return ("beliefs", name), f"belief {name!r}"
    return path, called(path)


def rangeless(
    document: Document, grounds: Grounds, records: Iterable[tuple[Path_, object]], called: Called
) -> Iterator[Problem]:
    """Numbers of records, by their path, that are assumed and could have a range, but have none.

    An exact 0 says that there is nothing of the kind, and needs none.
    """
    for path, quantity in _ranging(records).items():
        ground = grounds.at(path)
        assumed = bool(ground.reason) and not ground.evidence and ground.reason != SET
        number = grounds.numbers.get(path)
        if assumed and number and not number.ranged and quantity.value != 0.0:
            at, name = _named(grounds, path, called)
            message = f"{name} is assumed: give its range, as {{value, low, high}}"
            yield Problem(document.place(at), message)


def _ranging(records: Iterable[tuple[Path_, object]]) -> Mapping[Path_, Quantity]:
    found: dict[Path_, Quantity] = {}
    for path, record in records:
        for name, quantity in quantities(record).items():
            steps = (int(step) if step.isdigit() else step for step in name.split("."))
            found[(*path, *steps)] = quantity
    return found
