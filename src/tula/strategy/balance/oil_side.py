"""The oil tie at the nodes of the game: what firms buy, and what that adds to income.

The world economy already says what a limit on the partner's crude does to incomes and to its own
oil prices: what the barrels no longer bought were worth, their discount included, is the area under
its demand (``tula.ties.oil.choice.replacement_cost`` is the same). Only what it lacks is added, as
in ``tula.ties.oil.engine``: the change of the discount on the barrels still bought, less what its
own prices gave; the rent of a price cap; the risk firms bear; and the part of the world price
effect that it did not find by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import inf

from tula.numbers.record import fixed, quantities
from tula.strategy.balance.engine_side import Reading, recalled
from tula.ties.oil.equilibrium import OilEquilibrium, clear
from tula.ties.oil.parts import BILLION_BARRELS
from tula.ties.oil.tie import OilTie

#: Markets kept: those of the base rows of a design and of the groups that move the oil.
MARKETS = 6


@dataclass(eq=False)
class OilSide:
    """One draw of an oil tie, cleared once for each ceiling and state of pressure."""

    tie: OilTie
    _cleared: dict[tuple[float | None, bool], OilEquilibrium] = field(default_factory=dict)

    def cleared(self, ceiling: float | None, pressed: bool) -> OilEquilibrium:
        """The market with the government letting in ``ceiling`` of the base volume (None: all)."""
        key = (ceiling, pressed)
        if key not in self._cleared:
            regime = self.tie.pressure if pressed else self.tie.regime
            if ceiling is not None:
                pivot = self.tie.market.pivot
                most = min(ceiling * self.base.volume(pivot), regime.ceilings.get(pivot, inf))
                limits = {**regime.ceilings, pivot: most}
                regime = regime.model_copy(update={"ceilings": limits})
            self._cleared[key] = clear(self.tie.market, regime)
        return self._cleared[key]

    @property
    def base(self) -> OilEquilibrium:
        """The market as it stands, before ceilings and pressure."""
        return self.cleared(None, False)

    def bought(self, ceiling: float | None, pressed: bool) -> float:
        """Share of the base volume that the pivot buys; 1 where it buys as much or more."""
        pivot = self.tie.market.pivot
        ratio = self.cleared(ceiling, pressed).volume(pivot) / self.base.volume(pivot)
        return min(1.0, ratio)

    def worth(
        self, ceiling: float | None, pressed: bool, engine: Reading, unlimited: Reading
    ) -> float:
        """What the market adds to the pivot's income in the engine, bn USD a year.

        ``engine`` is the solve with the limit on the pivot's purchases in force, ``unlimited`` the
        one without that limit under the same moves: what other moves do to the engine's oil prices
        is its own. Zero without a ceiling and without pressure.
        """
        held, base, pivot = self.cleared(ceiling, pressed), self.base, self.tie.market.pivot
        world = engine.oil_world / unlimited.oil_world
        partner = engine.oil_partner / unlimited.oil_partner
        wider = held.discount(pivot) - base.discount(pivot) - base.benchmark * (world - partner)
        gained = BILLION_BARRELS * held.volume(pivot) * wider
        gained += held.cap_rent(pivot) - base.cap_rent(pivot)
        gained -= held.risk_borne(pivot) - base.risk_borne(pivot)
        dearer = held.benchmark - base.benchmark * world
        return gained - self.tie.import_sensitivity.value * dearer


@dataclass(eq=False)
class OilMarkets:
    """The oil tie at exact values of its numbers. Draws that share them all, as most rows of a
    sensitivity design do, share what was cleared."""

    tie: OilTie
    _known: dict[tuple[tuple[str, float], ...], OilSide] = field(default_factory=dict, init=False)

    def at(self, values: Mapping[str, float]) -> OilSide:
        """The market at given values by path, the others at their central ones; of many, the last
        asked for are kept."""
        key = tuple(sorted(values.items()))
        every = {**self._every, **values}
        return recalled(self._known, key, lambda: OilSide(fixed(self.tie, every)), MARKETS)

    @cached_property
    def _every(self) -> dict[str, float]:
        return {name: quantity.value for name, quantity in quantities(self.tie).items()}
