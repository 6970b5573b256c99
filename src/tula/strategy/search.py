"""One search with everything that proves its end: other starts, bend, bounds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from tula.equilibrium import Certificate
from tula.shapes import Float
from tula.strategy.ascent import ROUNDING, Look, Peak, climb, projected
from tula.strategy.levers import IDLE, Box, Levers
from tula.strategy.proof import (
    Binding,
    Curvature,
    PeakProof,
    Start,
    bindings,
    curvature,
    require_maximum,
)
from tula.strategy.space import refuse

Array = np.ndarray

#: Length of the projected slope per scaled lever at which a search stops.
TOLERANCE = 1e-7
#: Trials allowed in one search.
EVALUATIONS = 500
#: Other starts are drawn up to this rate above the lower bound.
REACH = 1.0
#: Slope per unit of rate, relative to the objective, above which an idle lever counts all the same.
COUNTED = 10.0 * IDLE
#: Name of the start that wins ties.
FIRST = "first guess"


@dataclass(frozen=True)
class Allowance:
    """How far a search goes: slope to reach, trials per climb, number of other starts."""

    tolerance: float = TOLERANCE
    evaluations: int = EVALUATIONS
    other_starts: int = 1


@dataclass(frozen=True, eq=False)
class Found:
    """The best peak of a search and what proves it."""

    peak: Peak
    largest_slope: float
    tolerance: float
    curvature: Curvature
    binding: tuple[Binding, ...]
    starts: tuple[Start, ...]
    held: tuple[str, ...]
    reason: str

    def proof(self, certificate: Certificate) -> PeakProof:
        """Return the proof, with the certificate of the equilibrium at the peak."""
        return PeakProof(
            slope_norm=self.peak.slope_norm,
            largest_slope=self.largest_slope,
            gain_left=self.peak.gain_left,
            tolerance=self.tolerance,
            curvature=self.curvature,
            binding=self.binding,
            starts=self.starts,
            held=self.held,
            reason=self.reason,
            certificate=certificate,
        )


def search(
    look: Look, levers: Levers, first: Float[Array, " L"], allowance: Allowance, who: str
) -> Found:
    """Climb from every start, take the highest peak and prove it.

    Raises ``UnfinishedSearchError`` or ``NotAMaximumError``.
    """
    box = hold_idle(levers.box, look, first)
    starts = {FIRST: first, **elsewhere(box, allowance.other_starts)}
    peaks = {
        name: climb(
            look, start, box, tolerance=allowance.tolerance, evaluations=allowance.evaluations
        )
        for name, start in starts.items()
    }
    name, bend = _choose(look, box, peaks, who)
    peak = peaks.pop(name)
    held = tuple(levers.names[place] for place in np.flatnonzero(box.pinned))
    return Found(
        peak=peak,
        largest_slope=float(np.max(np.abs(projected(peak.rates, peak.slope, box)))),
        tolerance=allowance.tolerance,
        curvature=bend,
        binding=bindings(levers.names, peak, box),
        starts=tuple(_against(name, other, peak) for name, other in peaks.items()),
        held=held,
        reason=nothing_moves([who] if box.pinned.all() else []),
    )


def nothing_moves(players: Sequence[str]) -> str:
    """Return why nothing is proven of players all of whose levers are held; empty for none."""
    return f"no lever moves the objective of {', '.join(players)} above rounding" * bool(players)


def hold_idle(box: Box, look: Look, first: Float[Array, " L"]) -> Box:
    """Return the box with levers pinned at the start that cannot move the objective.

    Those are levers that touch hardly any trade and have no slope to speak of either, as they
    would where the objective counts that very trade.
    """
    if not box.idle.any():
        return box
    value, slope = look(first)
    flat = np.abs(slope) <= COUNTED * max(1.0, abs(value))
    return box.pin(box.idle & flat, first)


def _choose(look: Look, box: Box, peaks: dict[str, Peak], who: str) -> tuple[str, Curvature]:
    """Return the highest peak with its bend; among equal ones, the first that bends down."""
    top = max(peak.value for peak in peaks.values())
    slack = ROUNDING * max(1.0, abs(top))
    level = [name for name, peak in peaks.items() if top - peak.value <= slack]
    level.sort(key=lambda name: (name != FIRST, -peaks[name].value))
    bends = []
    for name in level:
        bends.append(curvature(lambda rates: look(rates)[1], peaks[name], box))
        if bends[-1].bends_down:
            return name, bends[-1]
    require_maximum(bends[0], who)
    return level[0], bends[0]


def _against(name: str, other: Peak, peak: Peak) -> Start:
    return Start(name, other.value, float(np.max(np.abs(other.rates - peak.rates))))


def elsewhere(box: Box, count: int) -> dict[str, Float[Array, " L"]]:
    """Return other starts: the lower bounds first, then points drawn in the box."""
    draw = np.random.default_rng(0)
    high = np.minimum(box.upper, box.lower + REACH)
    drawn = {f"draw {number}": draw.uniform(box.lower, high) for number in range(1, max(count, 1))}
    return {"lower bounds": box.lower.copy(), **drawn} if count > 0 else {}


def as_start(start: Iterable[float] | float, levers: Levers) -> Float[Array, " L"]:
    """Return a start with one rate per lever, in the box; one number serves all levers."""
    listed = start if isinstance(start, float | int) else list(start)
    given, count = np.asarray(listed, dtype=np.float64), len(levers.names)
    if given.shape not in ((), (count,)) or not np.isfinite(given).all():
        refuse([f"start: give one finite rate, or one for each of the {count} levers"])
    return np.clip(np.broadcast_to(given, count), levers.box.lower, levers.box.upper)
