"""What happens to trade imbalances after a shock: three closures, always named in the output."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, Protocol, runtime_checkable

import numpy as np

from tula.errors import UnknownNameError
from tula.shapes import Float

Array = np.ndarray


class BalanceRule(NamedTuple):
    """Imbalances as a rule: ``level`` plus ``rate`` times own value added, million USD.

    The rates' sum over the world is taken back from every region in proportion to value added, so
    that imbalances always sum to zero.
    """

    level: Float[Array, " N"]
    rate: Float[Array, " N"]


@runtime_checkable
class Closure(Protocol):
    """A rule for imbalances; ``purge_first`` starts from a world rebalanced to zero."""

    @property
    def name(self) -> str:
        """Short name shown in every output."""
        ...

    @property
    def purge_first(self) -> bool:
        """Whether base imbalances are removed before the shock."""
        ...

    def rule(self, imbalance: Float[Array, " N"], value_added: Float[Array, " N"]) -> BalanceRule:
        """Return the rule, from base imbalances and base value added, million USD."""
        ...


@dataclass(frozen=True)
class FixedBalance:
    """Imbalances stay at their base value in units of world value added (Caliendo-Parro 2015)."""

    name: str = "fixed"
    purge_first: bool = False

    def rule(self, imbalance: Float[Array, " N"], value_added: Float[Array, " N"]) -> BalanceRule:
        """Return base levels and no rates."""
        return BalanceRule(imbalance, np.zeros_like(imbalance))


@dataclass(frozen=True)
class ProportionalBalance:
    """Imbalances keep their ratio to own value added (Dekle, Eaton and Kortum 2008).

    The ratios need not sum to zero over the world after a shock; the discrepancy is shared by all
    regions in proportion to value added.
    """

    name: str = "proportional"
    purge_first: bool = False

    def rule(self, imbalance: Float[Array, " N"], value_added: Float[Array, " N"]) -> BalanceRule:
        """Return no levels and base ratios."""
        return BalanceRule(np.zeros_like(imbalance), imbalance / value_added)


@dataclass(frozen=True)
class BalancedTrade:
    """Base imbalances are purged to zero first; the shock then hits a balanced world."""

    name: str = "balanced"
    purge_first: bool = True

    def rule(self, imbalance: Float[Array, " N"], value_added: Float[Array, " N"]) -> BalanceRule:
        """Return neither levels nor rates."""
        return BalanceRule(np.zeros_like(imbalance), np.zeros_like(imbalance))


def closure_of(closure: Closure | str | None) -> Closure:
    """Return a closure itself, the one of that name, or ``FixedBalance()`` where none is asked.

    Raises ``UnknownNameError``, and ``TypeError`` for what is no closure.
    """
    if closure is None:
        return FixedBalance()
    if isinstance(closure, str):
        if closure not in CLOSURES:
            raise UnknownNameError("closure", closure, CLOSURES)
        return CLOSURES[closure]
    if isinstance(closure, type) or not hasattr(closure, "rule"):
        names = "FixedBalance(), ProportionalBalance(), BalancedTrade() or a name"
        raise TypeError(f"closure is {closure!r:.60}; pass {names}")
    return closure


#: Closures by name, as study files and the command line call them.
CLOSURES: dict[str, Closure] = {
    closure.name: closure for closure in (FixedBalance(), ProportionalBalance(), BalancedTrade())
}
