"""Parts of the answer as they are told."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np

from tula.shapes import Float
from tula.strategy.answer.beliefs import Beliefs
from tula.strategy.answer.flows import Paths
from tula.strategy.answer.found import spread
from tula.strategy.answer.inputs import AnswerInputs, CriticalTie
from tula.strategy.answer.label import HOLDS, Label, balanced, word
from tula.strategy.answer.margins import Condition, Powers, break_off_base, own_share
from tula.strategy.answer.proofs import DrawTold
from tula.strategy.answer.result import (
    BeliefTold,
    ConditionTold,
    DemandTold,
    HandTold,
    PowerTold,
    TieTold,
    TurnTold,
    Word,
)
from tula.strategy.answer.states import Task
from tula.strategy.answer.turning import MATTERS
from tula.strategy.hands import GOODS, STOPS, hands_of, takings
from tula.world.economy import Economy

Array = np.ndarray


def conditions_told(label: Label) -> tuple[ConditionTold, ...]:
    """Tell the conditions, the likeliest to fail first."""
    return tuple(
        ConditionTold(
            id=one.id, kind=one.kind, title=one.title, fails=one.fails, margin=spread(one.margin)
        )
        for one in label.order
    )


def ties_told(inputs: AnswerInputs, kept: Paths, economy: Economy) -> tuple[TieTold, ...]:
    """Tell what arrives of every tie."""
    told = []
    for place, tie in enumerate(inputs.critical):
        flow = kept.kept[:, :, place]
        told.append(
            TieTold(
                id=tie.id,
                title=tie.title,
                by="share carried" if tie.carried else tie.by,
                reference=_reference(tie, economy),
                kept=spread(flow),
                below=float((flow < inputs.kept).mean()),
                holds_at=float(np.quantile(flow, 1.0 - HOLDS, method="lower")),
            )
        )
    return tuple(told)


def _reference(tie: CriticalTie, economy: Economy) -> str:
    if tie.carried:
        return "all of it"
    return f"{economy.provenance.vintage}, the base year of {economy.provenance.name}"


def powers_told(inputs: AnswerInputs, powers: Powers, beliefs: Beliefs) -> tuple[PowerTold, ...]:
    """Tell the leverage of both rivals."""
    return tuple(
        PowerTold(
            rival=rival,
            loss=spread(powers.loss[:, n]),
            cost=spread(powers.cost[:, n]),
            needed=spread(powers.needed[:, n]),
            needed_for_demand=None
            if np.isnan(powers.demanded[:, n]).any()
            else spread(powers.needed_for_demand[:, n]),
            believed=spread(beliefs.read(one.chance)),
        )
        for n, (rival, one) in enumerate(inputs.break_offs.items())
    )


def hands_told(task: Task, beliefs: Beliefs) -> tuple[HandTold, ...]:
    """Tell what each rival can stop, at the medians; nothing where the world has no goods group.

    The contested commodity is the first of the block.
    """
    inputs, values, labels = task.inputs, beliefs.at(0), task.economy.labels
    if GOODS not in labels.sector_groups:
        return ()
    base, always = break_off_base(task, values)
    known = hands_of(labels, inputs.commodities[0].sector if inputs.commodities else None)
    taken = takings(base, inputs.pivot, inputs.rivals, known, task.closure, standing=always)
    loss, cost = taken["loss_money"] / 1e3, taken["cost_money"] / 1e3
    return tuple(
        HandTold(
            rival=rival,
            hand=hand.name,
            stop=stop,
            loss=float(loss[at]),
            cost=float(cost[at]),
        )
        for at, (rival, hand, stop) in zip(
            np.ndindex(loss.shape), product(inputs.rivals, known, STOPS), strict=True
        )
    )


def demands_told(inputs: AnswerInputs, kept: Paths, beliefs: Beliefs) -> tuple[DemandTold, ...]:
    """Tell how far demands with a threat behind them are met, and by whom."""
    places = {tie.id: n for n, tie in enumerate(inputs.critical)}
    return tuple(
        DemandTold(
            id=one.id,
            title=one.title,
            by=one.by,
            own=spread(own_share(inputs, one.id, beliefs)),
            anybody=None
            if one.tie is None
            else spread(1.0 - np.minimum(kept.kept[:, :, places[one.tie]], 1.0)),
        )
        for one in inputs.enforced
    )


def draws_told(
    found: Sequence[Condition], prices: Float[Array, " D"] | None, beliefs: Beliefs
) -> tuple[DrawTold, ...]:
    """Tell every draw, with its odds over paths and its price."""
    odds = balanced(found).mean(axis=1)
    return tuple(
        DrawTold(
            odds=float(share),
            price=None if prices is None else float(prices[n]),
            beliefs=beliefs.at(n),
        )
        for n, share in enumerate(odds)
    )


def beliefs_told(beliefs: Beliefs, turns: Sequence[TurnTold]) -> tuple[BeliefTold, ...]:
    """Tell the beliefs, and of those that matter the answers that no value of them reaches."""
    by_name = {one.belief: one for one in turns}
    return tuple(
        BeliefTold(
            id=name,
            value=prior.value,
            low=prior.low,
            high=prior.high,
            excludes=_excluded(by_name[name]),
        )
        for name, prior in beliefs.priors.items()
    )


def _excluded(turn: TurnTold) -> tuple[Word, ...]:
    if max(turn.odds) - min(turn.odds) < MATTERS:
        return ()
    reached = {word(min(turn.odds)), word(max(turn.odds))}
    ends: tuple[Word, ...] = ("holds", "broken")
    return tuple(one for one in ends if one not in reached)
