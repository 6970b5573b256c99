"""What is still a template's: numbers that nobody has decided, for which no label is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from tula.file.address import address
from tula.file.document import Document
from tula.file.grounds import Grounds
from tula.file.problems import Problem
from tula.numbers.record import Path_

#: How the reason of a number begins that a template wrote and its author has not decided.
TEMPLATE = "TEMPLATE:"


def undecided(document: Document, grounds: Grounds) -> dict[str, str]:
    """Return what is still a template's: by its address, or as ``beliefs.ID``, what it is about.

    A belief, or another number, is undecided while its ``reason`` begins with ``TEMPLATE:``.
    """
    return {
        address(document.content, path): _title(document, path, reason)
        for path, reason in _found(grounds).items()
    }


def warned(
    document: Document, grounds: Grounds, called: Callable[[Path_], str]
) -> Iterator[Problem]:
    """Warn of every number that is still a template's, where it stands."""
    for path in _found(grounds):
        message = f"{called(path)} is still the template's: decide it, and write your own reason"
        yield Problem(document.key_place(path), message, warning=True)


def _found(grounds: Grounds) -> Mapping[Path_, str]:
    """Reasons of a template by path; a belief counts once, where it is stated."""
    return {
        path: ground.reason
        for path, ground in grounds.stated.items()
        if ground.reason.startswith(TEMPLATE) and not ground.belief
    }


def _title(document: Document, path: Path_, reason: str) -> str:
    title = document.at((*path, "title"))
    asked = reason.removeprefix(TEMPLATE).strip()
    return title if isinstance(title, str) and title else asked


def sentence(names: Mapping[str, str]) -> str:
    """Say in one sentence that no label is told, and why."""
    count = len(names)
    return (
        f"No label and no odds are told yet: {count} number{'' if count == 1 else 's'} of the "
        f"question {'is' if count == 1 else 'are'} still the template's. Decide "
        f"{'it' if count == 1 else 'them'} in the study, each with a reason of your own or facts"
    )
