"""The models that several forecasts read, by the kind files call them by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tula.evidence import Record
from tula.study.backtest import model_oil as oil
from tula.study.backtest import model_trade as trade
from tula.study.backtest.frozen import Named, Setting, Setup
from tula.study.load import Study


@dataclass(frozen=True)
class ModelKind:
    """One kind of model.

    ``valid`` gives the names its inputs may use, ``check`` says what its numbers cannot mean, a
    line each, and ``rests_on`` which facts and which blocks of the study it takes over.
    """

    inputs: type[Record]
    compute: Callable[[Any, Setting], object]
    valid: Callable[[Any, Setup], Named]
    rests_on: Callable[[Any, Study], tuple[set[str], dict[str, Any]]]
    check: Callable[[Any, Setup], list[str]]


MODELS: Mapping[str, ModelKind] = {
    "oil": ModelKind(oil.OilInputs, oil.compute, oil.valid, oil.rests_on, oil.check),
    "trade": ModelKind(trade.TradeInputs, trade.compute, trade.valid, trade.rests_on, trade.check),
}
