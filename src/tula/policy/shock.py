"""What policy amounts to once compiled: arrays the engine reads, and a ledger people read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, lru_cache
from math import inf
from typing import Any, overload

import numpy as np

from tula.frozen import frozen, sealed
from tula.shapes import Bool, Float, Int
from tula.shown import Card, Shown
from tula.world.labels import Labels

Array = np.ndarray


@dataclass(frozen=True)
class LedgerEntry:
    """One line of account: what an instrument did to which cells, and by which rule.

    ``raises`` and ``lowers`` count the cells whose rate goes up or down by it, all others
    standing, where an instrument can do both. ``idle`` says why it changes nothing and ``odd``
    what is out of all proportion in it; both are empty mostly. ``in_force`` is whether it is in
    force on the day asked about.
    """

    instrument: str
    cells: int
    note: str
    raises: int = 0
    lowers: int = 0
    idle: str = ""
    odd: str = ""
    in_force: bool = True


class Ledger(Sequence[LedgerEntry]):
    """Lines of account, written when one is first read; equal to a tuple of the same lines.

    ``instruments`` are those of which it is the account, in the order given, ``on`` the day.
    """

    def __init__(
        self,
        write: Callable[[], tuple[LedgerEntry, ...]],
        instruments: tuple[Any, ...] = (),
        on: date | None = None,
    ) -> None:
        self._write, self.instruments, self.on = write, instruments, on

    @cached_property
    def _lines(self) -> tuple[LedgerEntry, ...]:
        return self._write()

    @overload
    def __getitem__(self, place: int) -> LedgerEntry: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[LedgerEntry, ...]: ...
    def __getitem__(self, place: int | slice) -> LedgerEntry | tuple[LedgerEntry, ...]:
        return self._lines[place]

    def __len__(self) -> int:
        return len(self._lines)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and self._lines == tuple(other)

    def __hash__(self) -> int:
        return hash(self._lines)

    def __repr__(self) -> str:
        return repr(self._lines)

    def __reduce__(self) -> tuple[Any, ...]:
        return _written, (self._lines, self.instruments, self.on)


def _written(lines: tuple[LedgerEntry, ...], *asked: Any) -> Ledger:
    return Ledger(lambda: lines, *asked)


@dataclass(frozen=True, eq=False)
class Limit:
    """A ceiling on C cells taken together, and who keeps the scarcity it makes.

    * ``cells`` (C, 3): positions (sector, importer, exporter); each cell once;
    * ``measure``: ``"quantity"``, the cells' purchases added up at base producer's prices, or
      ``"price"``, the price that the seller is paid in every one of the cells (it binds where it
      is highest);
    * ``ceiling``: largest ratio of new to old; above zero. A price is measured in the numeraire;
    * ``rent_to``: ``"importer"`` (licences, a price cap), ``"exporter"`` (a voluntary restraint)
      or ``"nobody"`` (the scarcity is used up, as by queues or detours);
    * ``beyond``: of a tariff quota, the ratio of the duty-paid price with the rate beyond it to
      that with the rate inside: where scarcity is worth so much, more than the ceiling is bought
      and pays that rate. Infinite: no more than the ceiling is bought at any price.
    """

    instrument: str
    cells: Int[Array, "C 3"]
    measure: str
    ceiling: float
    rent_to: str
    beyond: float = inf

    @property
    def producer(self) -> tuple[int, int]:
        """Sector and exporter of the first cell: the producer whose price is limited."""
        sector, _, exporter = self.cells[0]
        return int(sector), int(exporter)


@dataclass(frozen=True)
class Corridor:
    """Workers of one region admitted by another, up to a quota.

    ``source`` and ``host`` are positions of regions. ``home_value`` and ``host_value`` are what
    the quota's workers earn a year at base wages at home and in the host, million USD.
    ``remitted`` is the share of their new earnings sent home. ``wanted`` is the ratio to the
    quota of those who would go at base real wages (infinite: the quota is always filled), and
    ``elasticity`` how that ratio answers the host's real wage over the source's.
    """

    instrument: str
    source: int
    host: int
    home_value: float
    host_value: float
    remitted: float = 0.0
    wanted: float = float("inf")
    elasticity: float = 0.0


@dataclass(frozen=True, eq=False, repr=False)
class Shock(Shown):
    """The state of policy after the shock, for S sectors, N importers and I = N exporters.

    * ``tariff`` (S, N, I), ``export_tax`` (S, N, I): new ad-valorem rates, fractions;
    * ``trade_cost_hat`` (S, N, I): ratio of new to old iceberg cost (1 = unchanged); melts away;
    * ``embargo`` (S, N, I): cells that are exactly zero after the shock;
    * ``banned`` (S, N, I): share of a cell's goods that may not be bought, the rest may;
    * ``productivity_hat`` (N, S): ratio of new to old productivity of producers;
    * ``labour_hat`` (N,): ratio of new to old effective labour;
    * ``transfer`` (N,): million USD received net (sums to zero), in the numeraire;
    * ``limits``: ceilings on quantities and prices, by complementarity;
    * ``corridors``: labour admitted by one region from another.
    """

    labels: Labels
    tariff: Float[Array, "S N I"]
    export_tax: Float[Array, "S N I"]
    trade_cost_hat: Float[Array, "S N I"]
    embargo: Bool[Array, "S N I"]
    banned: Float[Array, "S N I"]
    productivity_hat: Float[Array, "N S"]
    labour_hat: Float[Array, " N"]
    transfer: Float[Array, " N"]
    ledger: tuple[LedgerEntry, ...] | Ledger = ()
    limits: tuple[Limit, ...] = ()
    corridors: tuple[Corridor, ...] = ()

    def _card(self) -> Card:
        n, s = self.productivity_hat.shape
        rows = [(str(at), one.instrument, one.note) for at, one in enumerate(self.ledger, 1)]
        facts = {} if rows else {"policy": told(self)}
        head = ("#", "instrument", "note")
        return Card(f"Policy on {n} regions x {s} sectors", facts, head, rows)

    def moved(self, name: str, base: Any = None) -> Bool[Array, "*axes"] | None:
        """Return the places at which a field is not what it is without a policy.

        None where nothing moves it. Rates are compared with those of ``base``, such as a world's.
        """
        array, others = getattr(self, name), neutral(*self.tariff.shape[:2])
        still = others[name] if name in others else getattr(base, name)
        return None if array is still else array != still

    def replace(self, **changes: object) -> Shock:
        """Return a copy with some fields replaced."""
        return replace(self, **changes)  # type: ignore[arg-type]


def told(shock: Shock, *before: Float[Array, "S N I"]) -> str:
    """Say what a shock consists of: its instruments, or how many of its cells stand apart.

    ``before`` are the duties and export taxes it departs from, where they are known.
    """
    if shock.ledger:
        return "; ".join(entry.instrument for entry in shock.ledger)
    names = {
        "trade costs": "trade_cost_hat",
        "embargoes": "embargo",
        "bans": "banned",
        "productivities": "productivity_hat",
        "labour": "labour_hat",
        "transfers": "transfer",
    }
    counts = {name: shock.moved(field) for name, field in names.items()}
    moved = [
        f"{name} in {int(cells.sum())} cells"
        for name, cells in counts.items()
        if cells is not None and cells.any()
    ]
    rates = (shock.tariff, shock.export_tax)
    if not (before and all(map(np.array_equal, rates, before))):
        moved.insert(0, "rates as its arrays state")
    return ", ".join(moved) or "none"


def no_shock(
    labels: Labels, tariff: Float[Array, "S N I"], export_tax: Float[Array, "S N I"]
) -> Shock:
    """Return the shock that changes nothing, for a world with these base rates.

    Rates that nobody can write to are shared, not copied.
    """
    n, s = len(labels.regions), len(labels.sectors)
    return Shock(
        labels=labels,
        tariff=frozen(np.asarray(tariff, dtype=np.float64)),
        export_tax=frozen(np.asarray(export_tax, dtype=np.float64)),
        **neutral(s, n),
    )


@lru_cache(maxsize=8)
def neutral(sectors: int, regions: int) -> dict[str, Any]:
    """Return what a shock holds where nothing but rates moves; all shocks of a size share it."""
    cells = (sectors, regions, regions)
    arrays = {
        "trade_cost_hat": np.ones(cells),
        "embargo": np.zeros(cells, dtype=bool),
        "banned": np.zeros(cells),
        "productivity_hat": np.ones((regions, sectors)),
        "labour_hat": np.ones(regions),
        "transfer": np.zeros(regions),
    }
    return {name: sealed(array) for name, array in arrays.items()}
