"""What happens to trade imbalances after a shock: three closures, always named in the output."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import jax.numpy as jnp
from jax import Array
from jaxtyping import Float


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

    def imbalance(
        self,
        value_added: Float[Array, " N"],
        base_value_added: Float[Array, " N"],
        base_imbalance: Float[Array, " N"],
    ) -> Float[Array, " N"]:
        """Return spending less income by region, million USD; sums to zero."""
        ...


@dataclass(frozen=True)
class FixedBalance:
    """Imbalances stay at their base value in units of world value added (Caliendo-Parro 2015)."""

    name: str = "fixed"
    purge_first: bool = False

    def imbalance(
        self,
        value_added: Float[Array, " N"],
        base_value_added: Float[Array, " N"],
        base_imbalance: Float[Array, " N"],
    ) -> Float[Array, " N"]:
        """Return the base imbalances."""
        return base_imbalance


@dataclass(frozen=True)
class ProportionalBalance:
    """Imbalances keep their ratio to own value added (Dekle, Eaton and Kortum 2008).

    The ratios need not sum to zero over the world after a shock; the discrepancy is shared by all
    regions in proportion to value added.
    """

    name: str = "proportional"
    purge_first: bool = False

    def imbalance(
        self,
        value_added: Float[Array, " N"],
        base_value_added: Float[Array, " N"],
        base_imbalance: Float[Array, " N"],
    ) -> Float[Array, " N"]:
        """Return base ratios times new value added, less the pro-rata world discrepancy."""
        raw = base_imbalance / base_value_added * value_added
        return raw - value_added / jnp.sum(value_added) * jnp.sum(raw)


@dataclass(frozen=True)
class BalancedTrade:
    """Base imbalances are purged to zero first; the shock then hits a balanced world."""

    name: str = "balanced"
    purge_first: bool = True

    def imbalance(
        self,
        value_added: Float[Array, " N"],
        base_value_added: Float[Array, " N"],
        base_imbalance: Float[Array, " N"],
    ) -> Float[Array, " N"]:
        """Return zeros."""
        return jnp.zeros_like(base_imbalance)


#: Closures by name, as study files and the command line call them.
CLOSURES: dict[str, Closure] = {
    closure.name: closure for closure in (FixedBalance(), ProportionalBalance(), BalancedTrade())
}
