"""A law that threatens buyers: designation as a dated lottery."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

import numpy as np
from pydantic import Field, model_validator
from scipy.special import betaincinv

from tula.numbers.quantity import NotNegative, Quantity
from tula.numbers.record import Record, Unit, refuse
from tula.numbers.sobol import sobol
from tula.policy.units import Day
from tula.shapes import Bool, Float
from tula.ties.account import line
from tula.ties.arms.orders import annuity
from tula.ties.quantity import DRAWS, Estimate, spread

Array = np.ndarray
DAYS_A_MONTH = 365.25 / 12.0


class Chance(Quantity):
    """A probability known up to a Beta distribution, as if ``alpha`` cases had ended with it and
    ``beta`` without; ``value`` is its mean."""

    alpha: float = Field(gt=0.0)
    beta: float = Field(gt=0.0)

    @model_validator(mode="before")
    @classmethod
    def _from_counts(cls, given: Any) -> Any:
        if isinstance(given, dict) and set(given) == {"alpha", "beta"}:
            counts = [count for count in given.values() if isinstance(count, int | float)]
            mean = given["alpha"] / sum(counts) if len(counts) == 2 and min(counts) > 0 else 0.0
            return {**given, "value": mean, "low": 0.0, "high": 1.0}
        return given

    @model_validator(mode="after")
    def _mean_of_beta(self) -> Chance:
        mean = self.alpha / (self.alpha + self.beta)
        if abs(self.value - mean) > 1e-12 or (self.low, self.high) != (0.0, 1.0):
            raise ValueError("give a chance by alpha and beta alone")
        return self

    def at(self, uniform: Float[Array, " D"]) -> Float[Array, " D"]:
        """Return the Beta distribution's quantiles at numbers between 0 and 1."""
        return np.asarray(betaincinv(self.alpha, self.beta, uniform))

    def after(self, designated: int, spared: int) -> Chance:
        """Return the posterior after that many further cases each way."""
        counts = {"alpha": self.alpha + designated, "beta": self.beta + spared}
        return Chance.model_validate(counts)


class Statute(Record):
    """A statute under which a significant transaction may bring penalties on the buyer.

    Transactions and designations count from the day it is enacted to that of its repeal.
    """

    name: str
    """What it is called."""
    enacted: Day
    """First day on which it is in force."""
    repealed: Day | None = None
    """First day on which it no longer is; left out, it stays in force."""
    chance: Annotated[Chance, Unit("probability", "{alpha: 2, beta: 6}")]
    """Of designation for one significant transaction: a judgement, for want of cases."""
    delay: Annotated[NotNegative, Unit("months", 17.0)]
    """From delivery to designation."""
    loss: Annotated[NotNegative, Unit("bn USD a year", 8.5)]
    """What the pivot loses while designated."""
    lasts: Annotated[NotNegative, Unit("years", 2.0)]
    """How long the designation stands."""

    @model_validator(mode="after")
    def _dates_in_order(self) -> Statute:
        if self.repealed is not None and self.repealed <= self.enacted:
            why = f"repealed {self.repealed} is not after enacted {self.enacted}"
            refuse([(("repealed",), why)])
        return self

    def covers(self, delivery: date) -> bool:
        """Whether a delivery falls under the statute."""
        return self.enacted <= delivery and (self.repealed is None or delivery < self.repealed)


def _share_below(quantity: Quantity, x: float) -> float:
    """Distribution function of a quantity's triangular distribution."""
    width = quantity.high - quantity.low
    if width == 0.0:
        return float(x >= quantity.value)
    peak = (quantity.value - quantity.low) / width
    at = min(max((x - quantity.low) / width, 0.0), 1.0)
    if at < peak:
        return at * at / peak
    return (at * at - 2.0 * at + peak) / (peak - 1.0) if peak < 1.0 else at * at


def designated_by(statute: Statute, delivery: date, on: date) -> float:
    """Return the probability that a delivery has led to designation by a date.

    Zero for deliveries the statute does not cover; it stops rising on the day of repeal.
    """
    if not statute.covers(delivery):
        return 0.0
    end = on if statute.repealed is None else min(on, statute.repealed)
    months = (end - delivery).days / DAYS_A_MONTH
    return float(statute.chance.value * _share_below(statute.delay, months))


def yearly_hazard(chance: float, years: float) -> float:
    """Return the constant yearly probability that adds up to ``chance`` over ``years``."""
    return float(1.0 - (1.0 - chance) ** (1.0 / years))


def discounted_loss(
    chance: float, delay: float, loss: float, lasts: float, discount: float
) -> float:
    """Return chance * loss * annuity(lasts) / (1 + r)^(delay/12), billion USD; delay in months."""
    later = (1.0 + discount) ** (-delay / 12.0)
    return float(chance * loss * annuity(lasts, discount) * later)


def expected_loss(statute: Statute, discount: float, *, draws: int = DRAWS) -> Estimate:
    """Return the expected loss of one significant transaction, million USD at delivery.

    Its range is over the chance and the sizes: not over the luck of the draw (``play``).
    """
    inputs = {name: getattr(statute, name) for name in ("chance", "delay", "loss", "lasts")}
    found = spread(
        lambda given: {"loss": discounted_loss(**given, discount=discount)}, inputs, draws=draws
    )
    meaning = f"expected loss under {statute.name} per significant transaction, present value"
    return line(found["loss"], "bn USD", meaning)


@dataclass(frozen=True)
class Outcomes:
    """Draws of the lottery: ``designated``, ``months`` from delivery (NaN if never), ``loss``.

    ``loss`` in billion USD, present value at delivery, zero where not designated.
    """

    designated: Bool[Array, " D"]
    months: Float[Array, " D"]
    loss: Float[Array, " D"]


def play(
    statute: Statute, delivery: date, discount: float, *, draws: int = 4096, seed: int = 0
) -> Outcomes:
    """Draw what one delivery leads to; the statute's repeal ends designations.

    ``draws`` should be a power of two (Sobol sequence); the same seed gives the same draws.
    """
    uniform = sobol(5, draws, seed).T
    parts = (statute.chance, statute.delay, statute.loss, statute.lasts)
    chance, months, loss, lasts = (part.at(u) for part, u in zip(parts, uniform, strict=False))
    hit = (uniform[4] < chance) & statute.covers(delivery)
    if statute.repealed is not None:
        hit = hit & (months <= (statute.repealed - delivery).days / DAYS_A_MONTH)
    years = np.array([annuity(float(length), discount) for length in lasts])
    cost = np.where(hit, loss * years * (1.0 + discount) ** (-months / 12.0), 0.0)
    return Outcomes(hit, np.where(hit, months, np.nan), cost)
