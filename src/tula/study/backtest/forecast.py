"""Forecasts from frozen inputs. Nothing here is ever given an outcome."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from tula.errors import TulaError
from tula.shapes import Float
from tula.study.backtest.conditions import CHECKS
from tula.study.backtest.frozen import Block, Frozen, Part, Setting
from tula.study.backtest.inputs import Array
from tula.study.backtest.methods import METHODS
from tula.study.backtest.models import MODELS
from tula.study.backtest.schema import ConditionBlock, ForecastBlock

#: Percentiles of the interval told with a forecast.
ENDS = (10.0, 90.0)

Progress = Callable[[str], None]


class ForecastError(TulaError):
    """A forecast cannot be made of its inputs, or came out as no number, or as a probability
    outside 0 to 1. The message names the forecast."""


@dataclass(frozen=True)
class Forecast:
    """Draws of a quantity, or of the probability of an event."""

    block: ForecastBlock
    day: str
    event: bool
    draws: Float[Array, " D"]

    @property
    def central(self) -> float:
        """The median of a quantity; the mean of an event's probability, which is what is scored."""
        return float(np.mean(self.draws) if self.event else np.median(self.draws))

    @property
    def interval(self) -> tuple[float, float]:
        """10th and 90th percentile."""
        low, high = np.percentile(self.draws, ENDS)
        return float(low), float(high)


@dataclass(frozen=True)
class Forecasts:
    """Every forecast of a file by id, and the numbers its conditions turn on, before judgement."""

    hash: str
    forecasts: Mapping[str, Forecast]
    conditions: Mapping[str, tuple[Part[ConditionBlock], dict[str, Array]]]


def make_forecasts(frozen: Frozen, progress: Progress = lambda text: None) -> Forecasts:
    """Compute models, forecasts and the numbers of conditions, in the order of the file.

    The same frozen inputs, draws and seed give the same bits. Raises ``TulaError``.
    """
    models: dict[str, Any] = {}
    for part in frozen.models:
        setting = _setting(frozen, part, models, progress)
        models[part.block.id] = MODELS[part.block.kind].compute(part.inputs, setting)
    forecasts = {
        part.block.id: forecast_of(part, _setting(frozen, part, models, progress))
        for part in frozen.forecasts
    }
    conditions = {}
    for condition in frozen.conditions:
        check = CHECKS[condition.block.check]
        setting = _setting(frozen, condition, models, progress)
        conditions[condition.block.id] = (condition, check.compute(condition.inputs, setting))
    return Forecasts(frozen.hash, forecasts, conditions)


def with_draws(frozen: Frozen, draws: int | None, seed: int | None) -> Frozen:
    """Return the inputs with another number of draws or another seed."""
    return replace(
        frozen,
        draws=frozen.draws if draws is None else draws,
        seed=frozen.seed if seed is None else seed,
    )


def _setting(
    frozen: Frozen, part: Part[Block], models: Mapping[str, Any], progress: Progress
) -> Setting:
    progress(part.block.id)
    return Setting(
        name=part.block.id,
        day=part.day,
        count=frozen.draws,
        seed=frozen.seed,
        setup=frozen.setup,
        models=dict(models),
        tell=progress,
    )


def forecast_of(part: Part[ForecastBlock], setting: Setting) -> Forecast:
    """Make one forecast; ``ForecastError`` where it comes out as nothing that can be."""
    block = part.block
    method = METHODS[block.method]
    try:
        draws = method.compute(part.inputs, setting)
    except TulaError as error:
        raise ForecastError(f"forecast {block.id!r}: {error}") from error
    if not np.isfinite(draws).all():
        raise ForecastError(f"forecast {block.id!r}: {block.method} gave no finite number")
    if method.event and not ((draws >= 0.0) & (draws <= 1.0)).all():
        raise ForecastError(f"forecast {block.id!r}: its probability leaves 0 to 1")
    return Forecast(block, part.day.isoformat(), method.event, draws)
