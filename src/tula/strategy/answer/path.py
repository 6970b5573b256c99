"""The path: what may stand and what arrives, month by month."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tula.strategy.answer.flows import Paths
from tula.strategy.answer.found import spread
from tula.strategy.answer.inputs import AnswerInputs
from tula.strategy.answer.margins import Condition
from tula.strategy.answer.result import MonthTold

Array = np.ndarray


def path(
    inputs: AnswerInputs, kept: Paths, others: Paths, conditions: Sequence[Condition]
) -> tuple[MonthTold, ...]:
    """Return every month under the course that keeps the balance."""
    met = np.asarray((kept.flow >= inputs.kept).all(axis=3))
    never = np.logical_and.accumulate(met, axis=2)
    beside = [one.margin > 0.0 for one in conditions if one.kind != "hollow"]
    about = {demand.tie for demand in inputs.enforced}
    flows = [
        (others if tie.id in about else kept).flow[..., n] for n, tie in enumerate(inputs.critical)
    ]
    held = np.asarray(np.stack([flow > inputs.kept for flow in flows]).all(axis=0))
    for one in beside:
        held = held & one[:, :, None]
    chances = {name: kept.chain.on(name).mean(axis=0) for name in kept.chain.axes}
    return tuple(
        MonthTold(
            month=1 + m,
            ties_met=float(met[:, :, m].mean()),
            never_below=float(never[:, :, m].mean()),
            balanced=float(held[:, :, m].mean()),
            flows={tie.id: spread(kept.flow[:, :, m, n]) for n, tie in enumerate(inputs.critical)},
            chances={name: float(one[m]) for name, one in chances.items()},
        )
        for m in range(inputs.months)
    )
