"""From names to cells: which entries of the engine's arrays an instrument touches."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from tula.errors import TulaError, UnknownNameError
from tula.policy.caps import ExportCap
from tula.policy.describe import title
from tula.policy.flows import TradeInstrument
from tula.policy.instruments import (
    Embargo,
    Instrument,
    Payment,
    Productivity,
    TradeAgreement,
    Transfer,
)
from tula.policy.labour import Labour, Migration
from tula.policy.rates import ExportTax
from tula.shapes import Bool
from tula.world.labels import Labels

Array = np.ndarray


@dataclass(frozen=True)
class PolicyProblem:
    """One thing wrong with a list of instruments.

    ``instruments`` are their positions in the list (from 0); ``field`` is the key at fault, empty
    where the instruments clash as a whole.
    """

    instruments: tuple[int, ...]
    message: str
    field: str = ""


class PolicyError(TulaError):
    """A list of instruments cannot be compiled. ``problems`` says what to change, all at once."""

    def __init__(self, problems: Iterable[PolicyProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(problem.message for problem in self.problems))


class SelectionError(PolicyError):
    """An instrument names places or sectors that this world lacks, or touches no cell at all.

    Correct the names (the message gives the nearest), or drop the instrument.
    """


@dataclass(frozen=True)
class Placed:
    """An instrument with the cells it touches.

    ``position`` counts from 0 in the list as given. ``cells`` is (S, N, I) for trade instruments,
    (N, S) for productivity and labour, (N, N) payer by receiver (home by host) for payments
    and migration.
    """

    position: int
    instrument: Instrument
    cells: Bool[Array, "*axes"] = field(repr=False)

    @property
    def tag(self) -> str:
        """How messages call the instrument: its number from 1 and its line."""
        return f"#{self.position + 1} {title(self.instrument)!r}"


def place(numbered: Sequence[tuple[int, Instrument]], labels: Labels) -> tuple[Placed, ...]:
    """Find the cells of every instrument; raises ``SelectionError`` with all problems at once."""
    problems: list[PolicyProblem] = []
    placed = []
    for position, instrument in numbered:
        finder = _Finder(labels)
        found = Placed(position, instrument, finder.cells(instrument))
        if not finder.faults and not found.cells.any():
            finder.faults.append(("", _NOTHING))
        problems += [
            PolicyProblem((position,), f"{found.tag}: {name}{': ' * bool(name)}{fault}", name)
            for name, fault in finder.faults
        ]
        placed.append(found)
    if problems:
        raise SelectionError(problems)
    return tuple(placed)


_NOTHING = "touches no cell (exceptions remove all, or only a region's own sales are left)"


class _Finder:
    """Resolves names for one instrument and gathers what is wrong with them."""

    def __init__(self, labels: Labels) -> None:
        self.labels = labels
        self.faults: list[tuple[str, str]] = []

    def cells(self, item: Instrument) -> Bool[Array, "*axes"]:
        """Boolean mask of the cells an instrument touches."""
        if isinstance(item, TradeInstrument):
            return self._trade(item)
        if isinstance(item, TradeAgreement):
            return self._between(item)
        if isinstance(item, Payment | Migration):
            return self._pair(item)
        return self._producers(item)

    def _trade(self, item: TradeInstrument) -> Bool[Array, "S N I"]:
        buyers = self._regions(item, "importer") & ~self._regions(item, "except_importers")
        sellers = self._regions(item, "exporter") & ~self._regions(item, "except_exporters")
        spared = self._regions(item, "except_partners")
        if isinstance(item, ExportTax | ExportCap):
            buyers = buyers & ~spared
        else:
            sellers = sellers & ~spared
        cells = self._abroad(self._sectors(item), buyers, sellers)
        if isinstance(item, Embargo) and item.both_ways:
            cells |= cells.transpose(0, 2, 1)
        return cells

    def _between(self, item: TradeAgreement) -> Bool[Array, "S N I"]:
        sides = [self._names("members", side, self.labels.resolve_regions) for side in item.members]
        masks = [_mask(side, self.labels.regions) for side in sides]
        shared = _mask_names(np.sum(masks, axis=0) > 1, self.labels.regions)
        if shared:
            self.faults.append(("members", f"{', '.join(shared)} stands on more than one side"))
        sectors = self._sectors(item)
        cells = np.zeros((len(self.labels.sectors), *[len(self.labels.regions)] * 2), dtype=bool)
        for side in masks:
            cells |= self._abroad(sectors, side, np.any(masks, axis=0) & ~side)
        return cells

    def _producers(self, item: Productivity | Labour) -> Bool[Array, "N S"]:
        whole = isinstance(item, Labour) and item.sectors is None
        sectors = np.ones(len(self.labels.sectors), dtype=bool) if whole else self._sectors(item)
        return np.asarray(self._regions(item, "region")[:, None] & sectors[None, :])

    def _pair(self, item: Payment | Migration) -> Bool[Array, "N N"]:
        sides = []
        roles = ("payer", "receiver") if isinstance(item, Transfer) else ("from", "to")
        for role, name in zip(roles, item.parties, strict=True):
            codes = self._names(role, (name,), self.labels.resolve_regions)
            if len(codes) > 1:
                self.faults.append((role, f"{name!r} is {len(codes)} regions: name one"))
            sides.append(_mask(codes, self.labels.regions))
        if not self.faults and (sides[0] & sides[1]).any():
            self.faults.append((roles[1], f"{roles[0]} and {roles[1]} are the same region"))
        return np.asarray(np.outer(sides[0], sides[1]))

    def _regions(self, item: Instrument | TradeInstrument, name: str) -> Bool[Array, " N"]:
        codes = self._names(name, getattr(item, name), self.labels.resolve_regions)
        return _mask(codes, self.labels.regions)

    def _sectors(
        self, item: TradeInstrument | TradeAgreement | Productivity | Labour
    ) -> Bool[Array, " S"]:
        resolve = self.labels.resolve_sectors
        chosen = self._names("sectors", item.sectors or (), resolve)
        spared = self._names("except_sectors", item.except_sectors, resolve)
        kept = _mask(chosen, self.labels.sectors) & ~_mask(spared, self.labels.sectors)
        return np.asarray(kept)

    def _names(
        self,
        name: str,
        given: Collection[str],
        resolve: Callable[[Collection[str]], tuple[str, ...]],
    ) -> tuple[str, ...]:
        known: list[str] = []
        for one in given:
            try:
                known.extend(resolve((one,)))
            except UnknownNameError as error:
                self.faults.append((name, str(error)))
        return tuple(known)

    def _abroad(
        self, sectors: Bool[Array, " S"], buyers: Bool[Array, " N"], sellers: Bool[Array, " I"]
    ) -> Bool[Array, "S N I"]:
        foreign = ~np.eye(len(buyers), dtype=bool)
        pairs = buyers[:, None] & sellers[None, :] & foreign
        return np.asarray(sectors[:, None, None] & pairs[None, :, :])


def _mask(chosen: Collection[str], codes: Sequence[str]) -> Bool[Array, " C"]:
    inside = frozenset(chosen)
    return np.array([code in inside for code in codes], dtype=bool)


def _mask_names(mask: Bool[Array, " C"], codes: Sequence[str]) -> list[str]:
    return [code for code, hit in zip(codes, mask, strict=True) if hit]


def count(cells: Bool[Array, "*axes"]) -> str:
    """Say how many cells: ``"1 cell"``, ``"20 cells"``."""
    found = int(cells.sum())
    return "1 cell" if found == 1 else f"{found} cells"


def cells_text(cells: Bool[Array, "S N I"], labels: Labels, limit: int = 3) -> str:
    """Name trade cells: ``"USA from IND (AGR, TEX, ... 20 sectors)"``, a few pairs of them."""
    pairs = np.argwhere(cells.any(axis=0))
    shown = []
    for buyer, seller in pairs[:limit]:
        sectors = _mask_names(cells[:, buyer, seller], labels.sectors)
        more = f", ... {len(sectors)} sectors" if len(sectors) > limit else ""
        names = f"{', '.join(sectors[:limit])}{more}"
        shown.append(f"{labels.regions[buyer]} from {labels.regions[seller]} ({names})")
    rest = len(pairs) - len(shown)
    return "; ".join(shown) + (f"; and {rest} more pairs" if rest > 0 else "")
