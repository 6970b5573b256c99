"""How easily a partner that breaks off is replaced: one belief for everybody who may break off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from tula.equilibrium.calibration import Calibration, calibrate
from tula.equilibrium.technology import Technology
from tula.errors import UnknownNameError
from tula.metrics.power import InelasticDemandError
from tula.shapes import Float
from tula.strategy.errors import LeverageError
from tula.world.economy import Economy
from tula.world.labels import Labels

Array = np.ndarray
#: Value, low and high.
Range = tuple[float, float, float]
#: The ends at which a belief is read; the first is its median.
ENDS = ("value", "low", "high")


@dataclass(frozen=True)
class Replace:
    """Sigma (tariff-exclusive) between a partner that breaks off and those who take its place.

    Median with its range: an assumption, below the long run and above the first year of duties,
    for whom a whole partner is lost must be replaced at any price. ``own`` holds ranges of
    commodities by sector or group, which move to their ends together with the rest. The same
    belief serves both rivals, and what a pivot gives up itself.
    """

    value: float = 2.0
    low: float = 1.5
    high: float = 4.0
    own: Mapping[str, Range] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.told({})

    def told(self, names: Mapping[str, str]) -> str:
        """Return medians and ranges, commodities by their ``names``."""
        ranges = {"replace": (self.value, self.low, self.high), **self.own}
        return "; ".join(
            f"{names.get(name, name)} {value:g} ({low:g} to {high:g})"
            for name, (value, low, high) in ranges.items()
        )

    @property
    def options(self) -> tuple[str, ...]:
        """What asks for it at a terminal: 2:1.5:4, OIL=6:3:12."""
        whole = ":".join(f"{end:g}" for end in (self.value, self.low, self.high))
        own = (f"{name}={':'.join(f'{end:g}' for end in ends)}" for name, ends in self.own.items())
        return (whole, *own)

    def check(self, labels: Labels) -> None:
        """Raise ``InelasticDemandError`` at one and below, ``LeverageError`` for disorder.

        At one and below a lost partner costs without limit. All that is wrong is told at once.
        """
        ranges: dict[str, Range] = {"replace": (self.value, self.low, self.high)}
        wrong: list[str] = []
        for name, own in self.own.items():
            ranges[f"replace of {name}"] = own
            try:
                labels.resolve_sectors(name)
            except UnknownNameError as error:
                wrong.append(str(error))
        for name, (value, low, high) in ranges.items():
            if not (np.isfinite([value, low, high]).all() and low <= value <= high):
                wrong.append(f"{name}: expected low <= value <= high, got {low}, {value}, {high}")
        if wrong:
            raise LeverageError(wrong)
        least = {name: low for name, (_, low, _) in ranges.items() if low <= 1.0}
        if least:
            told = ", ".join(f"{name} goes down to {low:g}" for name, low in least.items())
            raise InelasticDemandError(
                f"{told}: at a sigma of one or less a lost partner costs without limit; begin its "
                "range above one, or ask what a part of the trade is worth (hands)"
            )

    def theta(self, labels: Labels, end: str) -> Float[Array, " S"]:
        """Return theta = sigma - 1 by sector at an end. Raises ``UnknownNameError``."""
        if end not in ENDS:
            raise UnknownNameError("end of replace", end, ENDS)
        place = ENDS.index(end)
        theta = np.full(len(labels.sectors), (self.value, self.low, self.high)[place] - 1.0)
        for name, own in self.own.items():
            codes = labels.resolve_sectors(name)
            theta[[labels.sector_index(code) for code in codes]] = own[place] - 1.0
        return theta

    def world(
        self, economy: Economy, end: str, technology: Technology | None = None
    ) -> Calibration:
        """Calibrate an economy in which everybody is replaced as the belief says at an end."""
        theta = self.theta(economy.labels, end)
        return calibrate(economy).with_elasticity(theta, f"{self}, at its {end}", technology)
