"""What is said aloud of a compiled policy, as Python warnings: it may not be what was meant."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from tula.policy.describe import title
from tula.policy.effects import NEUTRAL, Scene
from tula.policy.shock import Ledger, LedgerEntry
from tula.policy.sizes import oddity

#: Instruments named in one warning.
NAMED = 3
#: Whether nobody is told of odd or idle policies.
_UNTOLD = ContextVar("untold", default=False)


class PolicyWarning(UserWarning):
    """A policy may not be what was meant."""


class InertPolicyWarning(PolicyWarning):
    """Nothing of a policy changes anything: the answer is the base.

    Correct dates, names or rates, or pass no instruments if the base is what was asked for.
    """


class OddSizeWarning(PolicyWarning):
    """A size is out of all proportion. Check its unit; the answer is for the size as written."""


def notify(scene: Scene, ledger: Ledger) -> None:
    """Warn of sizes out of all proportion, and where nothing at all changes.

    The ledger is read only where nothing in force does anything. Nothing is looked for where nobody
    is told.
    """
    if _UNTOLD.get():
        return
    for placed in sorted(scene.placed, key=lambda one: one.position):
        if odd := oddity(placed, scene):
            warnings.warn(f"{title(placed.instrument)}: {odd}", OddSizeWarning, stacklevel=1)
    if all(scene.idle(placed) for placed in scene.placed) and inert(ledger):
        named = [f"{entry.instrument}: {entry.idle}" for entry in ledger[:NAMED]]
        more = [f"and {len(ledger) - NAMED} more"] if len(ledger) > NAMED else []
        told = f"nothing changes, the answer is the base ({'; '.join([*named, *more])})"
        warnings.warn(told, InertPolicyWarning, stacklevel=1)


def inert(ledger: Sequence[LedgerEntry]) -> bool:
    """Whether a change is asked for, other than of no points or by a factor of one, and none is
    made."""
    asked = any(entry.idle != NEUTRAL for entry in ledger)
    return asked and all(entry.idle for entry in ledger)


@contextmanager
def unnotified() -> Iterator[None]:
    """Compile without warnings, for callers that read the ledger themselves."""
    before = _UNTOLD.set(True)
    try:
        yield
    finally:
        _UNTOLD.reset(before)
