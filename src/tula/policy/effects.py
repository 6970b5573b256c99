"""What each instrument does beside the others: which rates it moves, or why it changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from tula.policy.answering import answer_layers
from tula.policy.cells import Placed
from tula.policy.instruments import (
    Embargo,
    Instrument,
    Payment,
    Productivity,
    TradeAgreement,
    TradeCost,
)
from tula.policy.labour import Labour
from tula.policy.rate_stacking import Layer, layers, overrides, stack, stacked
from tula.policy.rates import ExportTax, RateInstrument, Tariff
from tula.policy.retaliation import Retaliation
from tula.policy.shock import Shock
from tula.shapes import Bool, Float

Array = np.ndarray

#: Rates that differ by less are the same.
SAME_RATE = 1e-12
#: Why an instrument in force changes nothing.
NEUTRAL = "no change is asked for"
NO_TRADE = "no base trade in these cells"
NOTHING_TO_ANSWER = "no duty on its goods is raised that it could answer"
SO_ALREADY = "the rates in these cells are so already"


@dataclass(frozen=True, eq=False)
class Scene:
    """A compiled policy beside the base.

    ``base`` is the shock that changes nothing, ``shock`` what ``placed`` makes of it on a day;
    ``spending`` (S, N, I) is base spending in million USD, None where it is not known.
    """

    base: Shock
    shock: Shock
    placed: Sequence[Placed]
    on: date | None
    spending: Float[Array, "S N I"] | None

    def idle(self, p: Placed) -> str:
        """Why an instrument changes nothing; empty where it does."""
        if neutral(p.instrument, self.on):
            return NEUTRAL
        if p.cells.ndim == 3 and not self._traded(p).any():
            return NO_TRADE
        if isinstance(p.instrument, Retaliation):
            mine = any(layer.placed is p and layer.cells.any() for layer in self._duties)
            return "" if mine else NOTHING_TO_ANSWER
        if not isinstance(p.instrument, RateInstrument | TradeAgreement):
            return ""
        acts = (
            (np.abs(move(p)[self._traded(p)]) > SAME_RATE).any()
            for move in (self._moved_alone, self.moved)
        )
        return "" if any(acts) else SO_ALREADY

    def _moved_alone(self, p: Placed) -> Float[Array, " C"]:
        alone = layers([p], _kind(p), self.on)
        return np.asarray(self._stack(p, alone) - self._rates(p, self.base)[p.cells])

    def moved(self, p: Placed) -> Float[Array, " C"]:
        """Change that a measure on rates makes in its C cells, all others standing."""
        others = [layer for layer in self._layers(p) if layer.placed is not p]
        if overrides(p):
            others = list(layers([q for q in self.placed if q is not p], _kind(p), self.on))
        return np.asarray(self._rates(p, self.shock)[p.cells] - self._stack(p, others))

    def rates(self, p: Placed) -> Float[Array, " C"]:
        """Rates of the kind that a measure moves, in its cells, after all layers."""
        return np.asarray(self._rates(p, self.shock)[p.cells])

    def _rates(self, p: Placed, state: Shock) -> Float[Array, "S N I"]:
        return state.export_tax if isinstance(p.instrument, ExportTax) else state.tariff

    def _layers(self, p: Placed) -> tuple[Layer, ...]:
        return self._taxes if isinstance(p.instrument, ExportTax) else self._duties

    @cached_property
    def _duties(self) -> tuple[Layer, ...]:
        plain, old = layers(self.placed, Tariff, self.on), self.base.tariff
        return (*plain, *answer_layers(self.placed, old, self.without_answers, self.spending))

    @cached_property
    def without_answers(self) -> Float[Array, "S N I"]:
        """Import duties without any retaliation."""
        return stacked(self.base.tariff, layers(self.placed, Tariff, self.on))

    @cached_property
    def _taxes(self) -> tuple[Layer, ...]:
        return layers(self.placed, ExportTax, self.on)

    def _stack(self, p: Placed, on_rate: Sequence[Layer]) -> Float[Array, " C"]:
        return stack(self._rates(p, self.base), on_rate, p.cells)

    def _traded(self, p: Placed) -> Bool[Array, " C"]:
        """Which of its cells hold trade, as far as that is known."""
        if self.spending is None:
            return np.ones(int(p.cells.sum()), dtype=bool)
        return np.asarray(self.spending[p.cells] > 0.0)


def _kind(p: Placed) -> type[RateInstrument]:
    return ExportTax if isinstance(p.instrument, ExportTax) else Tariff


def neutral(item: Instrument, on: date | None) -> bool:
    """Whether an instrument asks for no change, such as no points more."""
    match item:
        case RateInstrument(override=False):
            asked = (item.operator, item.value)
            return item.coverage == 0.0 or asked in (("add", 0.0), ("multiply", 1.0))
        case TradeAgreement(override=False):
            return item.cut(on) == 0.0
        case Embargo():
            return item.coverage == 0.0
        case TradeCost() | Labour():
            return item.ratio == 1.0
        case Productivity():
            return item.factor == 1.0
        case Payment():
            return item.amount_musd == 0.0
        case _:
            return False
