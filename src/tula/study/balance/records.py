"""The balance as a run of a study found it: what is written to ``balance.json`` and told.

Money is billion USD a year, losses and prices "of GDP" are shares, probabilities fractions. A
price of autonomy above zero costs the pivot something; at zero or below balance pays for itself.
"""

from __future__ import annotations

import json
from typing import Annotated

from pydantic import BaseModel, Field

from tula.numbers.estimate import Estimate
from tula.strategy.balance.found import (
    BreakEven,
    Contribution,
    Found,
    Frontier,
    NextMoveFound,
    Surface,
)
from tula.strategy.balance.inputs import Rule


class DemandRecord(Found):
    """What a rival has asked, when, and whether a threat stands behind it."""

    id: str
    rival: str
    title: str
    date: str
    enforced: bool
    evidence: tuple[str, ...] = ()


class TieState(Found):
    """A critical tie: share of its reference flow kept at central inputs."""

    id: str
    title: str
    rival: str
    kept: float


class Loss(Found):
    """What a rival can take away from the pivot, share of GDP, in law and by ending all trade."""

    rival: str
    law: float
    full: float


class LossRange(Found):
    """The same over the draws; ``power``: what the rival can do in law, in the study's words."""

    rival: str
    power: str = ""
    law: Estimate
    full: Estimate


class VerdictRecord(Found):
    """State by one rule, and the rivals or critical ties that brought it about."""

    rule: str
    state: str
    by: tuple[str, ...] = ()


class SituationRecord(Found):
    """One scenario judged at central inputs, as if it lasted the whole year.

    ``income``: of the pivot, relative to no pressure; ``price``: of autonomy, by what the best
    aligned course is worth here, less this; ``in_force``: titles of what stands whatever the pivot
    does, and of the threats that stand.
    """

    id: str
    title: str
    hook: str
    course: str
    in_force: tuple[str, ...] = ()
    income: float
    price: float
    price_of_gdp: float
    ties: tuple[TieState, ...]
    losses: tuple[Loss, ...]
    verdicts: tuple[VerdictRecord, ...]


class CourseRecord(Found):
    """A way open to the pivot: what it is worth in expectation, relative to no pressure.

    ``best``: share of draws in which it is worth most; ``limited``: it limits purchases by a
    ceiling, whose gains by turning prices are a bound.
    """

    id: str
    title: str
    aligned_with: str
    hypothetical: bool
    limited: bool = False
    worth: Estimate
    best: float


class Odds(Found):
    """Probability of a state, with its Monte Carlo standard error and 95% (Wilson) interval.

    ``least``, ``most``: the share if none, and if all, of the draws that failed had ended in the
    state; both the share itself where none failed.
    """

    state: str
    share: float
    error: float
    low: float
    high: float
    least: float
    most: float


class RuleOdds(Found):
    """Odds of the five states under one rule, of the first course and of the course worth most."""

    rule: str
    kept: tuple[Odds, ...]
    best: tuple[Odds, ...]


class InputRecord(Found):
    """An uncertain input: its group in sensitivity analysis, its range, what it rests on.

    ``computed``: the account of a tie found it; it is neither cited nor assumed.
    """

    name: str
    group: str
    title: str
    value: float
    low: float
    high: float
    evidence: tuple[str, ...] = ()
    reason: str = ""
    computed: bool = False


class Influence(Found):
    """Sobol' indices of a group of inputs for the price of autonomy, with 95% half-widths."""

    group: str
    title: str
    first: float
    first_error: float
    total: float
    total_error: float


class SurvivalRecord(Found):
    """Probability that balance has not broken by each month, with percentiles over the draws."""

    rule: str
    months: tuple[int, ...]
    share: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]


class SlackRecord(Found):
    """Whether a rival's part in the game pays it, in numbers and one sentence."""

    rival: str
    title: str
    value: Estimate
    unit: str
    meaning: str


class HedgeRecord(Found):
    """A slow choice made beforehand, and what its tie says it is worth to the pivot."""

    id: str
    title: str
    worth: Estimate
    exposure: float


class VariantRecord(Found):
    """The game at central inputs in another world: price of autonomy, bn USD a year, the course
    worth most, and the state of the first situation by the first rule."""

    title: str
    price: float
    price_of_gdp: float
    best: str
    state: str


class FailureRecord(Found):
    """A draw without an answer."""

    draw: int
    message: str


class BalanceRecord(Found):
    """Everything found. The first rule, course and situation lead.

    * ``draws``: independent draws behind odds and ranges, ``failures`` those without an answer;
      ``rows``: evaluations in all, those for the indices included; ``solves``: of the world at
      central inputs, ``residual`` the worst certificate among them; ``tolerance``: what the
      certificate of every solve, draws included, must meet;
    * ``world``: in words, what its trade elasticities stand for, to be read after "in which";
      ``closure``: name of what it does with trade imbalances;
    * ``losses``: where the first course is kept and every threat stands;
    * ``price``: of autonomy if the first course is kept; ``required``: share of GDP a government
      that keeps it must be willing to pay, zero where balance pays for itself.
    """

    format: int = 1
    pivot: str
    gdp: float
    announced: str
    confidence: float
    reference: str
    world: str = ""
    closure: str
    rules: tuple[Rule, ...]
    demands: tuple[DemandRecord, ...]
    price: Estimate
    price_of_gdp: Estimate
    required: Estimate
    courses: tuple[CourseRecord, ...]
    odds: tuple[RuleOdds, ...]
    access: dict[str, Estimate]
    losses: tuple[LossRange, ...]
    situations: tuple[SituationRecord, ...]
    influence: tuple[Influence, ...]
    shapley: tuple[Contribution, ...]
    break_evens: tuple[BreakEven, ...]
    surface: Surface | None
    frontiers: tuple[Frontier, ...]
    survival: tuple[SurvivalRecord, ...]
    slack: tuple[SlackRecord, ...]
    next_moves: tuple[NextMoveFound, ...]
    hedges: tuple[HedgeRecord, ...]
    variants: tuple[VariantRecord, ...] = ()
    inputs: tuple[InputRecord, ...]
    draws: Annotated[int, Field(ge=1)]
    rows: int
    seed: int
    notes: tuple[str, ...] = ()
    solves: int
    residual: float
    tolerance: float
    failures: tuple[FailureRecord, ...] = ()


def json_text(record: BaseModel | None) -> str:
    """A record as JSON text: the same record gives the same bytes."""
    content = None if record is None else record.model_dump(mode="json")
    return json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n"
