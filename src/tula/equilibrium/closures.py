"""What happens to trade imbalances after a shock: three closures, always named in the output."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, Protocol, runtime_checkable

import numpy as np

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


#: Closures by name, as study files and the command line call them.
CLOSURES: dict[str, Closure] = {
    closure.name: closure for closure in (FixedBalance(), ProportionalBalance(), BalancedTrade())
}
