"""What forecasting is given: inputs frozen on a day, and nothing of what came later."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Generic, TypeVar

from tula.evidence import Fact, Record
from tula.policy.union import Instrument
from tula.shapes import Float
from tula.study.backtest.inputs import Array, sample, uniform
from tula.study.backtest.inputs import draws_of as draws_of_inputs
from tula.study.backtest.schema import ConditionBlock, ForecastBlock, ModelBlock
from tula.study.load import Study
from tula.study.schema import ElasticitySet
from tula.study.ties import Tie
from tula.world.economy import Economy

#: Names that inputs may use, by the key of the input: what they name, and the valid ones.
Named = Mapping[str, tuple[str, Mapping[str, object]]]


@dataclass(frozen=True)
class Setup:
    """The parts of a study that forecasts may use: no facts among them."""

    pivot: str
    economy: Economy
    elasticities: Mapping[str, ElasticitySet]
    instruments: Mapping[str, tuple[Instrument, ...]]
    ties: Mapping[str, Tie]

    @classmethod
    def of(cls, study: Study) -> Setup:
        """Take the parts out of a study."""
        return cls(
            pivot=study.file.pivot,
            economy=study.economy,
            elasticities=study.file.elasticities,
            instruments={
                name: tuple(item.instrument for item in grounded)
                for name, grounded in study.instruments.items()
            },
            ties={tie.model.id: tie for tie in study.ties},
        )


@dataclass(frozen=True)
class Setting:
    """Where and when one model, forecast or condition is computed.

    ``day`` is the day its inputs are frozen on; ``name`` keeps its draws apart from others';
    ``models`` are those computed before it, by id.
    """

    name: str
    day: date
    count: int
    seed: int
    setup: Setup
    models: Mapping[str, Any] = field(default_factory=dict)
    tell: Callable[[str], None] = lambda text: None

    def drawn(self, inputs: Record, count: int | None = None) -> dict[str, Float[Array, " D"]]:
        """Draw every uncertain number of the inputs, by its path."""
        return sample(draws_of_inputs(inputs), count or self.count, self.seed, self.name)

    def uniform(self, purpose: str, count: int | None = None) -> Float[Array, " D"]:
        """Return draws between 0 and 1 for something that is itself chance."""
        points = uniform(1, count or self.count, self.seed, f"{self.name}/{purpose}")
        return points[:, 0]


Block = TypeVar("Block", ModelBlock, ForecastBlock, ConditionBlock)


@dataclass(frozen=True)
class Part(Generic[Block]):
    """A model, forecast or condition of the file: its block, its inputs as read, its day."""

    block: Block
    inputs: Record
    day: date


@dataclass(frozen=True)
class Frozen:
    """Everything forecasting is given.

    ``facts`` are those cited by inputs, by the ties, scenarios and elasticities in use, none of
    them later than the day it is used on. ``hash`` is the SHA-256 of all of it, draws and seed
    aside.
    """

    title: str
    cutoff: date
    draws: int
    seed: int
    setup: Setup
    models: tuple[Part[ModelBlock], ...]
    forecasts: tuple[Part[ForecastBlock], ...]
    conditions: tuple[Part[ConditionBlock], ...]
    facts: tuple[Fact, ...]
    used: Mapping[str, Any]

    @property
    def hash(self) -> str:
        """SHA-256 of the inputs in canonical JSON: the same until an input changes."""
        return hashlib.sha256(json.dumps(self._content(), sort_keys=True).encode()).hexdigest()

    def _content(self) -> dict[str, Any]:
        blocks: list[Record] = [part.block for part in self.models]
        blocks += [part.block for part in self.forecasts]
        blocks += [part.block for part in self.conditions]
        return {
            "cutoff": self.cutoff.isoformat(),
            "blocks": [block.model_dump(mode="json") for block in blocks],
            "facts": [fact.model_dump(mode="json") for fact in self.facts],
            "world": self.setup.economy.provenance.content_hash,
            "study": dict(self.used),
        }
