"""Levers: the numbers a search moves, and the cells of policy each of them sets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Generic, Protocol, TypeVar, runtime_checkable

import numpy as np

from tula.equilibrium import Calibration
from tula.equilibrium.gradient import Slopes
from tula.policy.shock import Shock
from tula.shapes import Bool, Float, Int
from tula.strategy.space import INSTRUMENTS, PolicySpace, refuse
from tula.world.labels import Labels

Array = np.ndarray

#: Bend of an objective of size one, per squared unit of a rate, up to which a lever is idle: half
#: a unit from the best rate then costs a tenth of the bend, which rounding hides.
IDLE = 1e-9
#: Bounds on how fast trade is taken to fall with a rate, and what is left of it at the least.
LEAST_FALL, MOST_FALL, EDGE = 1.1, 10.0, 1e-12


@dataclass(frozen=True, eq=False)
class Box:
    """Bounds of L levers, and the units in which a step in each is worth about the same.

    ``scale`` (L,) is the square root of what the lever touches, trade times (1 + theta) over the
    player's spending. ``fall`` (L,) says how fast that trade falls with the rate t: as
    (1 + t)^-fall. A scaled lever moves by scale times that per unit of rate: in these units the
    objective bends by about one wherever the rate stands, also where a high rate has left hardly
    any trade and the slope per unit of rate vanishes with it.
    """

    lower: Float[Array, " L"]
    upper: Float[Array, " L"]
    scale: Float[Array, " L"]
    fall: Float[Array, " L"]

    def scaled(self, rates: Float[Array, " L"]) -> Float[Array, " L"]:
        """Return the scaled levers at some rates."""
        power = 1.0 - self.fall
        far = np.expm1(power * np.log1p(np.where(power == 1.0, 0.0, rates)))
        return self.scale * np.where(power == 1.0, rates, far / np.where(power == 1.0, 1.0, power))

    def rates(self, scaled: Float[Array, " L"]) -> Float[Array, " L"]:
        """Return the rates of scaled levers, a bound itself where they come to it."""
        power, moved = 1.0 - self.fall, scaled / self.scale
        inner = np.maximum(np.where(power == 1.0, 0.0, power * moved), EDGE - 1.0)
        far = np.expm1(np.log1p(inner) / np.where(power == 1.0, 1.0, power))
        found = np.where(power == 1.0, moved, far)
        low, high = self.scaled(self.lower), self.scaled(self.upper)
        near = EDGE * (high - low)
        found = np.where(scaled <= low + near, self.lower, found)
        return np.where(scaled >= high - near, self.upper, found)

    def pace(self, rates: Float[Array, " L"]) -> Float[Array, " L"]:
        """Return by how much scaled levers move per unit of rate at some rates."""
        grown = 1.0 + np.where(self.fall == 0.0, 0.0, rates)
        return np.asarray(self.scale * grown**-self.fall)

    @property
    def idle(self) -> Bool[Array, " L"]:
        """Levers that touch so little trade that no rate of theirs shows above rounding."""
        return np.asarray(self.scale**2 <= IDLE)

    @property
    def pinned(self) -> Bool[Array, " L"]:
        """Levers held at one rate."""
        return np.asarray(self.lower == self.upper)

    def pin(self, which: Bool[Array, " L"], rates: Float[Array, " L"]) -> Box:
        """Return the box with some levers held at these rates."""
        lower, upper = (np.where(which, rates, side) for side in (self.lower, self.upper))
        return replace(self, lower=lower, upper=upper)


@runtime_checkable
class Levers(Protocol):
    """What a search needs to know of a set of levers."""

    @property
    def names(self) -> tuple[str, ...]:
        """One name per lever."""
        ...

    @property
    def box(self) -> Box:
        """Bounds and scale."""
        ...

    def place(self, shock: Shock, rates: Float[Array, " L"]) -> Shock:
        """Return the policy with the levers at these rates."""
        ...

    def slopes(self, found: Slopes) -> Float[Array, " L"]:
        """Return the derivative in every lever."""
        ...


@dataclass(frozen=True, eq=False)
class DutyLevers:
    """The duties of one player as L levers over C cells.

    ``cells`` (C, 3): positions (sector, importer, exporter); ``kind`` (C,): position in
    ``INSTRUMENTS``; ``lever`` (C,): which lever sets the cell.
    """

    space: PolicySpace
    names: tuple[str, ...]
    box: Box
    cells: Int[Array, "C 3"]
    kind: Int[Array, " C"]
    lever: Int[Array, " C"]

    def place(self, shock: Shock, rates: Float[Array, " L"]) -> Shock:
        """Return the policy with the levers at these rates."""
        changed = {}
        for position, name in enumerate(INSTRUMENTS):
            own = self.kind == position
            if own.any():
                table = getattr(shock, name).copy()
                table[tuple(self.cells[own].T)] = rates[self.lever[own]]
                changed[name] = table
        return shock.replace(**changed)

    def slopes(self, found: Slopes) -> Float[Array, " L"]:
        """Add up the derivatives of the cells each lever sets."""
        tables = np.stack([getattr(found, name) for name in INSTRUMENTS])
        cells = tables[(self.kind, *self.cells.T)]
        return np.bincount(self.lever, weights=cells, minlength=len(self.names))


@dataclass(frozen=True, eq=False)
class TransferLevers:
    """Payments among players, as shares of each receiver's base spending; the last one pays.

    ``places`` (P,): positions of the players; ``spending`` (P - 1,): million USD.
    """

    names: tuple[str, ...]
    box: Box
    places: Int[Array, " P"]
    spending: Float[Array, " L"]

    def place(self, shock: Shock, rates: Float[Array, " L"]) -> Shock:
        """Return the policy with these payments on top."""
        paid = rates * self.spending
        transfer = shock.transfer.copy()
        transfer[self.places[:-1]] += paid
        transfer[self.places[-1]] -= paid.sum()
        return shock.replace(transfer=transfer)

    def slopes(self, found: Slopes) -> Float[Array, " L"]:
        """Return what a payment is worth to the receiver less what it costs the payer."""
        worth = found.transfer[self.places]
        return np.asarray((worth[:-1] - worth[-1]) * self.spending)


Part = TypeVar("Part", bound=Levers, covariant=True)


@dataclass(frozen=True, eq=False)
class JointLevers(Generic[Part]):
    """Several sets of levers moved as one."""

    parts: tuple[Part, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all parts, in order."""
        return tuple(name for part in self.parts for name in part.names)

    @property
    def box(self) -> Box:
        """Bounds and scales of all parts, in order."""
        boxes = [part.box for part in self.parts]
        return Box(
            np.concatenate([box.lower for box in boxes]),
            np.concatenate([box.upper for box in boxes]),
            np.concatenate([box.scale for box in boxes]),
            np.concatenate([box.fall for box in boxes]),
        )

    def split(self, rates: Float[Array, " L"]) -> list[Array]:
        """Cut joint rates into those of each part."""
        ends = np.cumsum([len(part.names) for part in self.parts])[:-1]
        return list(np.split(rates, ends))

    def place(self, shock: Shock, rates: Float[Array, " L"]) -> Shock:
        """Return the policy with all levers at these rates."""
        for part, own in zip(self.parts, self.split(rates), strict=True):
            shock = part.place(shock, own)
        return shock

    def slopes(self, found: Slopes) -> Float[Array, " L"]:
        """Return the derivatives in all levers."""
        return np.concatenate([part.slopes(found) for part in self.parts])


def duty_levers(
    spaces: Sequence[PolicySpace], calibration: Calibration, shock: Shock
) -> tuple[DutyLevers, ...]:
    """Compile policy spaces, already checked by name, on a world under a base policy.

    Cells without trade or under embargo move nothing and are left out. Raises
    ``PolicyChoiceError`` for every player to whom no lever is left.
    """
    built = [_build(space, calibration, shock) for space in spaces]
    refuse([_nothing_left(levers.space) for levers in built if not levers.names])
    return tuple(built)


def _nothing_left(space: PolicySpace) -> str:
    return (
        f"{space.player}: no lever is left: the sectors and partners named do not trade with it, "
        "or the base policy puts all of that trade under embargo"
    )


def _build(space: PolicySpace, calibration: Calibration, shock: Shock) -> DutyLevers:
    kind, cells = _reach(space, calibration.labels)
    at = tuple(cells.T)
    live = (calibration.trade_share[at] > 0) & ~shock.embargo[at]
    kind, cells = kind[live], cells[live]
    key = _keys(space, calibration.labels, kind, cells)
    kept, lever = np.unique(key, axis=0, return_inverse=True)
    names = tuple(_name(calibration.labels, *row) for row in kept.tolist())
    lever = lever.reshape(-1)
    low, high = space.bounds
    box = Box(
        np.full(len(names), float(low)),
        np.full(len(names), float(high)),
        *_scale_and_fall(space, calibration, cells, lever, len(names)),
    )
    return DutyLevers(space, names, box, cells, kind, lever)


def _reach(space: PolicySpace, labels: Labels) -> tuple[Int[Array, " C"], Int[Array, "C 3"]]:
    """Return every cell the space names: instrument and (sector, importer, exporter)."""
    spared = set(labels.resolve_sectors(space.except_sectors))
    sectors = [s for s in labels.resolve_sectors(space.sectors) if s not in spared]
    away = {space.player, *labels.resolve_regions(space.except_partners)}
    partners = [p for p in labels.resolve_regions(space.partners) if p not in away]
    owner = labels.region_index(space.player)
    rows = [
        (INSTRUMENTS.index(name), labels.sector_index(s), *_sides(name, owner, partner))
        for name in dict.fromkeys(space.instruments)
        for s in sectors
        for partner in (labels.region_index(p) for p in partners)
    ]
    table = np.array(rows, dtype=np.int64).reshape(-1, 4)
    return table[:, 0], table[:, 1:]


def _sides(instrument: str, owner: int, partner: int) -> tuple[int, int]:
    return (owner, partner) if instrument == "tariff" else (partner, owner)


def _keys(
    space: PolicySpace, labels: Labels, kind: Int[Array, " C"], cells: Int[Array, "C 3"]
) -> Int[Array, "C 3"]:
    """Return what tells levers apart: instrument, sector and partner, -1 where taken together."""
    owner = labels.region_index(space.player)
    sector = cells[:, 0] if space.by in ("sector", "cell") else np.full(len(cells), -1)
    partner = np.where(cells[:, 1] == owner, cells[:, 2], cells[:, 1])
    if space.by not in ("partner", "cell"):
        partner = np.full(len(cells), -1)
    return np.stack([kind, sector, partner], axis=1)


def _name(labels: Labels, kind: int, sector: int, partner: int) -> str:
    words = ["tariff" if kind == 0 else "export tax"]
    if sector >= 0:
        words += ["on", labels.sectors[sector]]
    if partner >= 0:
        words += ["from" if kind == 0 else "to", labels.regions[partner]]
    return " ".join(words)


def _scale_and_fall(
    space: PolicySpace,
    calibration: Calibration,
    cells: Int[Array, "C 3"],
    lever: Int[Array, " C"],
    count: int,
) -> tuple[Float[Array, " L"], Float[Array, " L"]]:
    owner = calibration.labels.region_index(space.player)
    theta = calibration.placed.trade_elasticity[cells[:, 0], cells[:, 1]]
    trade = calibration.border_trade[tuple(cells.T)]
    spread = np.bincount(lever, weights=trade * (1.0 + theta), minlength=count)
    fall = 0.5 * spread / np.bincount(lever, weights=trade, minlength=count)
    scale = np.sqrt(spread / calibration.final_spending[owner])
    return scale, np.clip(fall, LEAST_FALL, MOST_FALL)
