"""The proof that comes with every policy chosen: slope, bend, bounds and other starts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from tula.equilibrium import Certificate
from tula.shapes import Float
from tula.strategy.ascent import Peak, held
from tula.strategy.errors import NotAMaximumError
from tula.strategy.levers import Box

Array = np.ndarray

#: Up to this many free levers the whole matrix of second derivatives is taken.
FULL = 30
#: Directions of the Krylov space beyond that.
DIRECTIONS = 15
#: Change of rates over which slopes are differenced; wider for levers that touch little trade.
SMALL, WIDE = 1e-4, 1e-2
#: Bend times squared length above which a difference is taken again over a tenth, and how often.
CALM, SHRINKS = 1e-6, 5
#: Upward bend, relative to the strongest downward one, that counts as flat.
FLAT = 1e-5
#: Levers held that are named in a sentence.
NAMED = 3


@dataclass(frozen=True)
class Curvature:
    """Eigenvalues of the second derivatives over the levers off their bounds, per scaled lever.

    Central differences of exact slopes. ``method`` says whether over ``all levers`` or over a
    Krylov space of ``directions`` (Lanczos from a fixed random start), whose extreme values lie
    inside the true ones and reach them first. ``flat`` counts values that are zero to rounding;
    no free lever gives zeros and ``method`` ``no free lever``.
    """

    smallest: float
    largest: float
    flat: int
    directions: int
    method: str

    @property
    def bends_down(self) -> bool:
        """Whether no direction bends up, to rounding."""
        return self.largest <= FLAT * abs(self.smallest)

    def __str__(self) -> str:
        flat = f", {self.flat} flat" if self.flat else ""
        return f"curvature {self.smallest:.1e} to {self.largest:.1e} ({self.method}{flat})"


@dataclass(frozen=True)
class Binding:
    """A bound that holds a lever back: its name, side and what a unit of rate beyond would add."""

    lever: str
    side: str
    rate: float
    worth: float


@dataclass(frozen=True)
class Start:
    """Another start of the same search: where it ended, against the result.

    ``value`` is the objective there; ``apart`` the largest difference of any rate.
    """

    name: str
    value: float
    apart: float


@dataclass(frozen=True)
class PeakProof:
    """Why a policy is a best one.

    * ``slope_norm``: length of the projected slope per scaled lever (see ``Box``), below
      ``tolerance``; ``largest_slope``: its largest part per unit of rate;
    * ``gain_left``: rise of the objective that a quadratic model still promises;
    * ``curvature``; ``binding``: bounds that hold; ``starts``: searches from elsewhere;
    * ``held``: levers whose trade is too small to move the objective above rounding: they stand
      where the search started, and nothing is said of them;
    * ``reason``: why nothing is proven, empty where it is; ``certificate``: of the equilibrium.
    """

    slope_norm: float
    largest_slope: float
    gain_left: float
    tolerance: float
    curvature: Curvature
    binding: tuple[Binding, ...]
    starts: tuple[Start, ...]
    held: tuple[str, ...]
    reason: str
    certificate: Certificate

    @property
    def proven(self) -> bool:
        """Whether the policy is proven to be a best one."""
        return not self.reason

    def __str__(self) -> str:
        if self.reason:
            return f"none, {self.reason}; {self.certificate}"
        apart = max((start.apart for start in self.starts), default=0.0)
        ended = f"{len(self.starts)} other start(s) end at most {apart:.0e} of a rate away"
        other = f", {ended}" if self.starts else ""
        return (
            f"slope {self.slope_norm:.1e} (tolerance {self.tolerance:.0e}), {self.curvature}, "
            f"{len(self.binding)} bound(s) bind{other}{held_text(self.held)}; {self.certificate}"
        )


def held_text(names: Sequence[str]) -> str:
    """Say which levers are held for want of trade; nothing where none is."""
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return f", held for want of trade: {', '.join(names[:NAMED])}{more}" if names else ""


def unproven(reason: str, certificate: Certificate) -> PeakProof:
    """Return what stands in a proof's place where no slope was taken."""
    bend = Curvature(np.nan, np.nan, 0, 0, "not taken")
    return PeakProof(np.nan, np.nan, np.nan, np.nan, bend, (), (), (), reason, certificate)


def bindings(names: Sequence[str], peak: Peak, box: Box) -> tuple[Binding, ...]:
    """Name every bound that the slope presses against."""
    pressed = held(peak.rates, peak.slope, box.lower, box.upper) & (peak.slope != 0) & ~box.pinned
    return tuple(
        Binding(
            names[place],
            "lower" if peak.rates[place] <= box.lower[place] else "upper",
            float(peak.rates[place]),
            float(abs(peak.slope[place])),
        )
        for place in np.flatnonzero(pressed).tolist()
    )


def curvature(
    slope_at: Callable[[Array], Array], peak: Peak, box: Box, *, seed: int = 0
) -> Curvature:
    """Difference slopes around a peak over the levers off their bounds.

    From both sides, but for a single lever, which has no other to be told from.
    """
    free = np.flatnonzero(~held(peak.rates, peak.slope, box.lower, box.upper))
    pace = box.pace(peak.rates)
    alone = len(free) == 1
    if not len(free):
        return Curvature(0.0, 0.0, 0, 0, "no free lever")

    def bend(direction: Float[Array, " F"]) -> Float[Array, " F"]:
        move = np.zeros_like(peak.rates)
        move[free] = direction / pace[free]
        length = _length(direction, move)
        for _ in range(SHRINKS):
            ahead = slope_at(peak.rates + length * move)[free]
            behind = peak.slope[free] if alone else slope_at(peak.rates - length * move)[free]
            image = (ahead - behind) / (length if alone else 2.0 * length) / pace[free]
            if float(np.linalg.norm(image)) * length**2 <= CALM:
                break
            length /= 10.0
        return np.asarray(image)

    if len(free) <= FULL:
        rows = np.stack([bend(row) for row in np.eye(len(free))])
        return _judge(rows, len(free), "all levers")
    reduced = _krylov(bend, len(free), seed)
    return _judge(reduced, len(reduced), f"Lanczos, {len(reduced)} of {len(free)} directions")


def _length(direction: Float[Array, " F"], move: Float[Array, " L"]) -> float:
    largest = float(np.max(np.abs(move)))
    return min(WIDE / largest, max(SMALL / largest, SMALL / float(np.linalg.norm(direction))))


def _judge(matrix: Float[Array, "F F"], directions: int, method: str) -> Curvature:
    values = np.linalg.eigvalsh(0.5 * (matrix + matrix.T))
    flat = int(np.sum(np.abs(values) <= FLAT * np.max(np.abs(values))))
    return Curvature(float(values[0]), float(values[-1]), flat, directions, method)


def _krylov(bend: Callable[[Array], Array], size: int, seed: int) -> Float[Array, "D D"]:
    """Return the second derivatives over a Krylov space, orthogonalised against all before."""
    basis = np.random.default_rng(seed).standard_normal((1, size))
    basis /= np.linalg.norm(basis)
    images: list[Array] = []
    while True:
        images.append(bend(basis[-1]))
        if len(images) == DIRECTIONS:
            break
        fresh = images[-1] - basis.T @ (basis @ images[-1])
        fresh -= basis.T @ (basis @ fresh)
        if np.linalg.norm(fresh) <= FLAT * np.linalg.norm(images[-1]):
            break
        basis = np.vstack([basis, fresh / np.linalg.norm(fresh)])
    return np.asarray(basis @ np.stack(images).T)


def require_maximum(found: Curvature, who: str) -> None:
    """Raise ``NotAMaximumError`` where some direction bends up."""
    if not found.bends_down:
        raise NotAMaximumError(
            f"{who}: the slope vanishes but the objective bends up ({found}); start elsewhere or "
            "narrow the bounds"
        )
