"""What policy amounts to once compiled: arrays the engine reads, and a ledger people read."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Bool, Float

from tula.world.labels import Labels

Array = np.ndarray


@dataclass(frozen=True)
class LedgerEntry:
    """One line of account: what an instrument did to which cells, and by which rule."""

    instrument: str
    cells: int
    note: str


@dataclass(frozen=True, eq=False)
class Shock:
    """The state of policy after the shock, for S sectors, N importers and I = N exporters.

    * ``tariff`` (S, N, I), ``export_tax`` (S, N, I): new ad-valorem rates, fractions;
    * ``trade_cost_hat`` (S, N, I): ratio of new to old iceberg cost (1 = unchanged); melts away;
    * ``embargo`` (S, N, I): cells that are exactly zero after the shock;
    * ``quantity_cap`` (S, N, I): largest ratio of new to old quantity bought (inf = no cap); the
      scarcity rent of a binding cap stays with the importer;
    * ``productivity_hat`` (N, S): ratio of new to old productivity of producers;
    * ``labour_hat`` (N,): ratio of new to old effective labour;
    * ``transfer`` (N,): million USD received net (sums to zero), in the numeraire.
    """

    labels: Labels
    tariff: Float[Array, "S N I"]
    export_tax: Float[Array, "S N I"]
    trade_cost_hat: Float[Array, "S N I"]
    embargo: Bool[Array, "S N I"]
    quantity_cap: Float[Array, "S N I"]
    productivity_hat: Float[Array, "N S"]
    labour_hat: Float[Array, " N"]
    transfer: Float[Array, " N"]
    ledger: tuple[LedgerEntry, ...] = ()

    def replace(self, **changes: object) -> Shock:
        """Return a copy with some fields replaced."""
        return replace(self, **changes)  # type: ignore[arg-type]


def no_shock(
    labels: Labels, tariff: Float[Array, "S N I"], export_tax: Float[Array, "S N I"]
) -> Shock:
    """Return the shock that changes nothing, for a world with these base rates."""
    n, s = len(labels.regions), len(labels.sectors)
    return Shock(
        labels=labels,
        tariff=np.array(tariff, dtype=np.float64),
        export_tax=np.array(export_tax, dtype=np.float64),
        trade_cost_hat=np.ones((s, n, n)),
        embargo=np.zeros((s, n, n), dtype=bool),
        quantity_cap=np.full((s, n, n), np.inf),
        productivity_hat=np.ones((n, s)),
        labour_hat=np.ones(n),
        transfer=np.zeros(n),
    )
