"""Our figure beside a published estimate, and which assumption would meet one that it misses."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise, product

from tula.numbers import write
from tula.numbers.estimate import Estimate
from tula.report.view import View
from tula.strategy.answer.proofs import AloneTold, WorthAt
from tula.study.schema import Published
from tula.study.verdict import called


def ours(view: View, band: Published) -> Estimate:
    """Return our figure with its range: over variants of the model, of a cost over draws.

    A cost that the answer does not tell is that of the scenario, over variants.
    """
    if band.beside == "real income":
        return view.span("real_income", band.scenario, band.region)
    found = _alone(view, band)
    if found:
        worth = found.worth
        return Estimate(-worth.median, -worth.high, -worth.low)
    span = view.span("ev", band.scenario, band.region).each(lambda x: x / 1000)
    return Estimate(-span.central, -span.high, -span.low) if band.beside == "cost" else span


def meets(band: Published, span: Estimate) -> bool:
    """Return whether our range meets the estimate."""
    return span.low <= band.high and band.low <= span.high


def would_meet(view: View, band: Published) -> str:
    """Return the value of a belief at which we would meet an estimate, or what comes nearest.

    Of a figure of the answer it is the belief that, alone and within its range, moves the median
    most towards the estimate; of a scenario, the nearest variant of the model.
    """
    found = _alone(view, band)
    if found is None or not found.beliefs:
        return _variant(view, band)
    middle = -found.worth.median
    edge, way = (band.low, 1.0) if middle < band.low else (band.high, -1.0)
    best = max(found.beliefs, key=lambda one: max(-way * worth for worth in one.worth))
    title = called(view.manifest).get(best.belief, best.belief)
    crossed = min(_crossings(best, edge), default=None)
    if crossed:
        return f"at {write.level(crossed[1], 2)} (not {_middle(best)}): {title}"
    farthest, at = max(zip((-way * worth for worth in best.worth), best.at, strict=True))
    nearest = write.change(way * farthest)
    return (
        f"no single belief within its range; nearest {nearest} at {write.level(at, 2)} "
        f"(not {_middle(best)}): {title}"
    )


def _alone(view: View, band: Published) -> AloneTold | None:
    answer = view.results.answer
    if band.beside != "cost" or answer is None or band.region != answer.pivot:
        return None
    told = (one.alone for one in answer.courses)
    return next((one for one in told if one and one.scenario == band.scenario), None)


def _middle(one: WorthAt) -> str:
    return write.level(one.at[len(one.at) // 2], 2)


def _crossings(one: WorthAt, edge: float) -> Iterator[tuple[int, float]]:
    """Yield steps from the middle and the value at which the cost is ``edge``."""
    middle = len(one.at) // 2
    for outwards in (range(middle, len(one.at)), range(middle, -1, -1)):
        for a, b in pairwise(outwards):
            near, far = -one.worth[a] - edge, -one.worth[b] - edge
            if near * far <= 0.0 and near != far:
                yield abs(a - middle), one.at[a] + near / (near - far) * (one.at[b] - one.at[a])


def _variant(view: View, band: Published) -> str:
    """Return the variant of the model whose figure lies nearest."""
    cost = band.beside == "cost"
    every = view.solves["ev" if cost else "real_income"][band.scenario, band.region].tolist()
    told = [
        (value / -1000.0 if cost else value, *variant)
        for value, variant in zip(every, product(view.closures, view.elasticities), strict=True)
        if math.isfinite(value)
    ]
    if not told:
        return ""
    value, closure, elasticity = min(
        told, key=lambda one: max(band.low - one[0], one[0] - band.high)
    )
    figure = write.change(value) if cost else write.change_percent(value)
    return f"no variant; nearest {figure}, closure {closure}, elasticities {elasticity}"
