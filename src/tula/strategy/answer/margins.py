"""Margins: by how much each condition of balance is met, in every draw and path.

A margin is one without pressure and zero where the condition fails. Only its sign counts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from tula.equilibrium.anderson import Anderson
from tula.equilibrium.approach import go_by
from tula.equilibrium.calibration import Calibration
from tula.errors import TulaError
from tula.market.commodity import standing, technology_of
from tula.metrics.parties import resolve_parties
from tula.policy.instruments import Instrument
from tula.shapes import Float
from tula.strategy.answer.beliefs import Beliefs, Values, value_of
from tula.strategy.answer.flows import Paths
from tula.strategy.answer.inputs import AnswerInputs
from tula.strategy.answer.result import Kind
from tula.strategy.answer.shared import begun
from tula.strategy.answer.states import Task
from tula.strategy.answer.walk import ROUGH
from tula.strategy.leverage import (
    broken_off,
    chance_needed,
    chances,
    demand_losses,
    departure,
    margin,
    sides_of,
)
from tula.strategy.replace import ENDS, Replace

Array = np.ndarray
#: Break-offs are solved as draws are.
SOLVER = Anderson(tolerance=ROUGH)


class Condition(NamedTuple):
    """One condition of balance; ``margin`` (D, P), or (D, 1) where paths do not matter."""

    id: str
    kind: Kind
    title: str
    margin: Float[Array, "D P"]

    @property
    def fails(self) -> float:
        """Chance that it fails."""
        return float((self.margin <= 0.0).mean())


@dataclass(frozen=True)
class Powers:
    """Leverage of both rivals in every draw, (D, 2), in the order of the inputs.

    ``loss`` and ``cost``: of a break-off, to the pivot and to the rival, bn USD a year;
    ``demanded``: of meeting what the rival demands, NaN where it demands nothing of the world;
    ``needed``: chance of a break-off that must be believed, ``needed_for_demand``: the same with
    ``demanded``.
    """

    loss: Float[Array, "D G"]
    cost: Float[Array, "D G"]
    needed: Float[Array, "D G"]
    demanded: Float[Array, "D G"]
    needed_for_demand: Float[Array, "D G"]
    failures: tuple[str, ...] = ()

    def rows(self, rows: Array) -> Powers:
        """Return some of the draws."""
        kept = (one[rows] for name, one in vars(self).items() if name != "failures")
        return replace(Powers(*kept), failures=self.failures)


def powers(task: Task, beliefs: Beliefs, executor: Executor | None = None) -> Callable[[], Powers]:
    """Begin to look for the leverage of both rivals in every draw, and return how to wait for it.

    NaN in draws without an equilibrium. The base is the world under the duties of the day without
    those that threats consist of.
    """
    values = [beliefs.at(row) for row in range(len(beliefs.drawn))]
    under_way = begun(_power, (task, _world(task, beliefs.at(0))), values, executor)

    def found() -> Powers:
        each = under_way()
        failures = tuple(dict.fromkeys(one for one in each if isinstance(one, str)))
        nothing = np.full((5, len(task.inputs.rivals)), np.nan)
        read = np.stack([nothing if isinstance(one, str) else one for one in each], axis=1)
        return replace(Powers(*read), failures=failures)

    return found


def _power(common: tuple[Task, Calibration], values: Values) -> Float[Array, "5 G"] | str:
    """Return the fields of ``Powers`` in one draw, or why there are none.

    All draws go by the blocks of the medians' world.
    """
    (task, medians), closure = common, common[0].closure
    inputs, labels = task.inputs, task.economy.labels
    own, sides = resolve_parties(labels, (inputs.pivot,)), sides_of(labels, inputs.rivals)
    keeps = {rival: value_of(one.keeps_word, values) for rival, one in inputs.break_offs.items()}
    try:
        word = chances(inputs.rivals, "keeps_word", keeps, 1.0)
        base, always = break_off_base(task, values, medians)
        off = broken_off(base, own, sides, closure, policy=always, solver=SOLVER)
        if off.failures:
            return "; ".join(off.failures)
        asked = _demands(task, values)
        demands = [asked.get(rival) for rival in inputs.rivals]
        demanded = demand_losses(base, own[inputs.pivot], demands, always, closure, SOLVER)
    except TulaError as failure:
        return str(failure)
    loss, cost = off.read("loss_money")[0], off.read("partner_loss_money")[0]
    needed = chance_needed(loss[::-1], word * loss), chance_needed(demanded, word * loss)
    return np.stack([loss / 1e3, cost / 1e3, needed[0], demanded / 1e3, needed[1]])


def break_off_base(
    task: Task, values: Values, medians: Calibration | None = None
) -> tuple[Calibration, list[Instrument]]:
    """Return the world from which rivals break off in one draw, and what stands in it.

    Draws, for which the medians' world is given, go by its blocks.
    """
    given, solver = _world(task, values), None
    if medians is not None:
        given, solver = go_by(given, medians, coupled=True), SOLVER
    always = standing(task.inputs.commodities, values)
    return departure(given, task.duties.unthreatened, task.closure, always, solver)


def _world(task: Task, values: Values) -> Calibration:
    """Calibrate the world of one draw, before the duties of the day."""
    technology = technology_of(task.inputs.commodities, task.base, values)
    return replace_of(task.inputs, values).world(task.economy, ENDS[0], technology)


def replace_of(inputs: AnswerInputs, values: Values) -> Replace:
    """Return how a lost partner is replaced in one draw."""
    one = value_of(inputs.replace, values)
    own = {two.sector: (value_of(two.replace, values),) * 3 for two in inputs.commodities}
    return Replace(one, one, one, own)


def _demands(task: Task, values: Values) -> dict[str, Sequence[Instrument]]:
    """Return what each rival's demands do to the world, taken together."""
    found: dict[str, list[Instrument]] = {}
    for demand in task.inputs.demands:
        for name in demand.meeting:
            found.setdefault(demand.by, []).extend(task.scenarios[name].at(values))
    return found  # type: ignore[return-value]


def conditions(
    inputs: AnswerInputs, kept: Paths, others: Paths, powers_: Powers, beliefs: Beliefs
) -> list[Condition]:
    """Return every condition of balance under the course that keeps it.

    ``others`` are the flows with what everybody but the pivot's government does: they count for
    ties that a demand is about, what the government gives up there counts for the demand.
    """
    r, found = inputs.kept, []
    about = {demand.tie for demand in inputs.enforced}
    for place, tie in enumerate(inputs.critical):
        flows = others if tie.id in about else kept
        flow = np.minimum(flows.kept[:, :, place], 1.0)
        found.append(Condition(tie.id, "hollow", tie.title, (flow - r) / (1.0 - r)))
    for place, (rival, one) in enumerate(inputs.break_offs.items()):
        held = margin(beliefs.read(one.chance), powers_.needed[:, place])
        title = f"a break-off by {rival} pays its price"
        found.append(Condition(rival, "captured", title, held[:, None]))
    for demand in inputs.enforced:
        own = own_share(inputs, demand.id, beliefs)
        most = 1.0 - r if demand.tie else inputs.met
        found.append(Condition(demand.id, "aligned", demand.title, ((most - own) / most)[:, None]))
    return found


def own_share(inputs: AnswerInputs, demand: str, beliefs: Beliefs) -> Float[Array, " D"]:
    """Return the share of a demand that the government's own course meets."""
    met = inputs.keep.meets.get(demand)
    return np.zeros(len(beliefs.drawn)) if met is None else beliefs.read(met)
