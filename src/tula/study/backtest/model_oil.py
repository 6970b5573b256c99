"""A study's oil tie under pressure, cleared over the ranges of its numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from pydantic import Field, ValidationError

from tula.errors import TulaError, did_you_mean
from tula.evidence import Record
from tula.numbers.record import fixed, quantities
from tula.policy.units import Day
from tula.shapes import Float
from tula.study.backtest.frozen import Named, Setting, Setup
from tula.study.backtest.inputs import Array, Draw, sample
from tula.study.load import Study
from tula.study.ties import Tie
from tula.ties.kinds import Text
from tula.ties.oil.equilibrium import OilEquilibrium, clear
from tula.ties.oil.parts import Regime
from tula.ties.oil.tie import OilTie
from tula.uncertainty.priors import Prior


class OilInputs(Record):
    """An oil tie of the study under the pressure it names.

    ``in_force`` is the day since which the pressure is in force; ``set`` replaces numbers of the
    tie, by the keys the study has for them.
    """

    tie: Text
    in_force: Day
    set: dict[str, Draw] = Field(default_factory=dict)


@dataclass(frozen=True)
class OilDraw:
    """The market before the pressure, under it, and the tie's numbers in this draw."""

    tie: OilTie
    held: OilEquilibrium
    pressed: OilEquilibrium


@dataclass(frozen=True)
class OilDraws:
    """An oil tie over the ranges of its numbers."""

    draws: tuple[OilDraw, ...]

    def read(self, reading: Callable[[OilDraw], float]) -> Float[Array, " D"]:
        """One number off every draw."""
        return np.array([reading(draw) for draw in self.draws])

    def under(self, regime: Callable[[OilTie], Regime]) -> tuple[OilEquilibrium, ...]:
        """The market of every draw under another regime."""
        return tuple(clear(draw.tie.market, regime(draw.tie)) for draw in self.draws)


def keys_of(tie: Tie) -> dict[str, str]:
    """Keys of a tie's numbers in the study, and the paths of the same numbers in its model."""
    known = quantities(tie.model)
    paths = {one.key: ".".join(map(str, one.number.path[3:])) for one in tie.numbers}
    return {key: path for key, path in paths.items() if path in known}


def compute(inputs: OilInputs, setting: Setting) -> OilDraws:
    """Clear the market before the pressure and under it, once a draw."""
    tie = setting.setup.ties[inputs.tie]
    model, paths = tie.model, keys_of(tie)
    numbers: dict[str, Draw | Prior] = {
        path: Prior.of(path, quantity) for path, quantity in quantities(model).items()
    }
    numbers |= {paths[key]: draw for key, draw in inputs.set.items()}
    values = sample(numbers, setting.count, setting.seed, setting.name)
    draws = []
    for place in range(setting.count):
        setting.tell(f"oil market, draw {place + 1} of {setting.count}")
        drawn = fixed(model, {path: float(column[place]) for path, column in values.items()})
        held, pressed = (clear(drawn.market, regime) for regime in (drawn.regime, drawn.pressure))
        draws.append(OilDraw(drawn, held, pressed))
    return OilDraws(tuple(draws))


def valid(inputs: OilInputs, setup: Setup) -> Named:
    """Names of the study's oil ties."""
    ties = {name: tie for name, tie in setup.ties.items() if tie.kind == "oil"}
    return {"tie": ("oil tie", ties)}


def unknown_keys(inputs: OilInputs, setup: Setup) -> dict[str, str]:
    """What is wrong with the keys under ``set``, by key."""
    if inputs.tie not in setup.ties:
        return {}
    valid = keys_of(setup.ties[inputs.tie])
    return {
        key: f"the tie {inputs.tie!r} has no number {key!r}{did_you_mean(key, valid)}"
        for key in inputs.set
        if key not in valid
    }


def rests_on(inputs: OilInputs, study: Study) -> tuple[set[str], dict[str, Any]]:
    """Facts behind the tie's numbers that ``set`` does not replace, and the tie."""
    tie = next(tie for tie in study.ties if tie.model.id == inputs.tie)
    kept = [one for one in tie.numbers if one.key not in inputs.set]
    facts = {name for one in kept for name in one.ground.evidence}
    return facts, {f"tie {inputs.tie}": tie.model.model_dump(mode="json")}


def check(inputs: OilInputs, setup: Setup) -> list[str]:
    """What the tie's own model says of the numbers put in."""
    tie = setup.ties[inputs.tie]
    content, paths = tie.model.model_dump(), keys_of(tie)
    for key, draw in inputs.set.items():
        *steps, last = (int(step) if step.isdigit() else step for step in paths[key].split("."))
        part: Any = content
        for step in steps:
            part = part[step]
        part[last] = {"value": draw.value, "low": draw.low, "high": draw.high}
    try:
        type(tie.model).model_validate(content)
    except ValidationError as error:
        messages = [details["msg"].removeprefix("Value error, ") for details in error.errors()]
        return [line.strip() for message in messages for line in message.splitlines()]
    except TulaError as error:
        return [line.strip() for line in str(error).splitlines()]
    return []
