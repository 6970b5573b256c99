"""The balance as a run of a study found it: what is written to ``balance.json`` and told.

Money is billion USD a year, losses and prices "of GDP" are shares, probabilities fractions. A
price of autonomy above zero costs the pivot something; at zero or below balance pays for itself.
"""

from __future__ import annotations

import hashlib
import json
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Range(_Record):
    """A number at central inputs, and over the draws: 10th percentile, median, 90th percentile.

    Inputs have their likeliest value at the centre, and many ranges are lopsided, so that the
    median may lie far from it. ``above``: share of draws above zero. Both None where not drawn.
    """

    central: float
    low: float
    high: float
    median: float | None = None
    above: float | None = None


class RuleRecord(_Record):
    """One reading of the definition: see ``tula.strategy.balance.inputs.Rule``."""

    name: str
    access: float
    loss: float
    measure: str


class DemandRecord(_Record):
    """What a rival has asked, when, and whether a threat stands behind it."""

    id: str
    rival: str
    title: str
    date: str
    enforced: bool
    evidence: tuple[str, ...] = ()


class TieState(_Record):
    """A critical tie: share of its reference flow kept at central inputs."""

    id: str
    title: str
    rival: str
    kept: float


class Loss(_Record):
    """What a rival can take away from the pivot, share of GDP, in law and by ending all trade."""

    rival: str
    law: float
    full: float


class LossRange(_Record):
    """The same over the draws."""

    rival: str
    law: Range
    full: Range


class VerdictRecord(_Record):
    """State by one rule, and the rivals or critical ties that brought it about."""

    rule: str
    state: str
    by: tuple[str, ...] = ()


class SituationRecord(_Record):
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


class CourseRecord(_Record):
    """A way open to the pivot: what it is worth in expectation, relative to no pressure.

    ``best``: share of draws in which it is worth most.
    """

    id: str
    title: str
    aligned_with: str
    hypothetical: bool
    worth: Range
    best: float


class Odds(_Record):
    """Probability of a state, with its Monte Carlo standard error and 95% (Wilson) interval."""

    state: str
    share: float
    error: float
    low: float
    high: float


class RuleOdds(_Record):
    """Odds of the five states under one rule, of the first course and of the course worth most."""

    rule: str
    kept: tuple[Odds, ...]
    best: tuple[Odds, ...]


class InputRecord(_Record):
    """An uncertain input: its group in sensitivity analysis, its range, what it rests on."""

    name: str
    group: str
    title: str
    value: float
    low: float
    high: float
    evidence: tuple[str, ...] = ()
    reason: str = ""


class Influence(_Record):
    """Sobol' indices of a group of inputs for the price of autonomy, with 95% half-widths."""

    group: str
    title: str
    first: float
    first_error: float
    total: float
    total_error: float


class Contribution(_Record):
    """Shapley value of an instrument in all that presses on, or supports, the pivot."""

    id: str
    title: str
    value: float


class BreakEven(_Record):
    """Where the price of autonomy, or a state, turns: ``found`` is None where it never does.

    ``name`` is the input, ``central`` its value in the study, between ``low`` and ``high`` as
    searched; ``meaning`` says what turns there.
    """

    name: str
    title: str
    unit: str
    central: float
    found: float | None
    low: float
    high: float
    meaning: str


class Surface(_Record):
    """Price of autonomy over two inputs; ``price[i][j]`` at ``y[i]`` and ``x[j]``."""

    x_title: str
    x_unit: str
    x: tuple[float, ...]
    y_title: str
    y_unit: str
    y: tuple[float, ...]
    price: tuple[tuple[float, ...], ...]


class FrontierPoint(_Record):
    """What lowering the exposure to a rival to ``loss`` (share of GDP) costs a year."""

    wedge: float
    cost: float
    loss: float


class FrontierRecord(_Record):
    """Cost against exposure to one rival, from none given up onwards."""

    rival: str
    points: tuple[FrontierPoint, ...]


class SurvivalRecord(_Record):
    """Probability that balance has not broken by each month, with percentiles over the draws."""

    rule: str
    months: tuple[int, ...]
    share: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]


class SlackRecord(_Record):
    """Whether a rival's part in the game pays it, in numbers and one sentence."""

    rival: str
    title: str
    value: Range
    unit: str
    meaning: str


class NextMoveRecord(_Record):
    """What a player could do next: what it takes from the pivot and what it costs the player."""

    id: str
    title: str
    player: str
    pivot_loss: float
    own_cost: float
    state: str


class HedgeRecord(_Record):
    """A slow choice made beforehand, and what its tie says it is worth to the pivot."""

    id: str
    title: str
    worth: Range
    exposure: float


class VariantRecord(_Record):
    """The game at central inputs in another world: price of autonomy, bn USD a year, the course
    worth most, and the state of the first situation by the first rule."""

    title: str
    price: float
    price_of_gdp: float
    best: str
    state: str


class FailureRecord(_Record):
    """A draw without an answer."""

    draw: int
    message: str


class BalanceRecord(_Record):
    """Everything found. The first rule, course and situation lead.

    * ``draws``: independent draws behind odds and ranges, ``failures`` those without an answer;
      ``rows``: evaluations in all, those for the indices included; ``solves``: of the world at
      central inputs; ``residual``: worst certificate of all solves;
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
    rules: tuple[RuleRecord, ...]
    demands: tuple[DemandRecord, ...]
    price: Range
    price_of_gdp: Range
    required: Range
    courses: tuple[CourseRecord, ...]
    odds: tuple[RuleOdds, ...]
    access: dict[str, Range]
    losses: tuple[LossRange, ...]
    situations: tuple[SituationRecord, ...]
    influence: tuple[Influence, ...]
    shapley: tuple[Contribution, ...]
    break_evens: tuple[BreakEven, ...]
    surface: Surface | None
    frontiers: tuple[FrontierRecord, ...]
    survival: tuple[SurvivalRecord, ...]
    slack: tuple[SlackRecord, ...]
    next_moves: tuple[NextMoveRecord, ...]
    hedges: tuple[HedgeRecord, ...]
    variants: tuple[VariantRecord, ...] = ()
    inputs: tuple[InputRecord, ...]
    draws: Annotated[int, Field(ge=1)]
    rows: int
    seed: int
    notes: tuple[str, ...] = ()
    solves: int
    residual: float
    failures: tuple[FailureRecord, ...] = ()


def json_text(record: BaseModel | None) -> str:
    """A record as JSON text: the same record gives the same bytes."""
    content = None if record is None else record.model_dump(mode="json")
    return json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def balance_hash(balance: BalanceRecord | None) -> str:
    """SHA-256 of a balance as written; empty where there is none."""
    return hashlib.sha256(json_text(balance).encode()).hexdigest() if balance else ""
