"""What the draws of a balance came to: ranges, odds of the states, influence, survival."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tula.numbers.estimate import PERCENTILES, Estimate, drawn
from tula.shapes import Float
from tula.strategy.balance.states import State
from tula.study.balance.records import (
    FailureRecord,
    Influence,
    Odds,
    RuleOdds,
    SurvivalRecord,
)
from tula.uncertainty.draws import Design
from tula.uncertainty.odds import DEVIATE, NoDrawsError, odds
from tula.uncertainty.sobol import indices
from tula.uncertainty.work import Result

Array = np.ndarray

STATES = tuple(State)
#: Months of the survival curve.
MONTHS = 24


@dataclass(frozen=True, eq=False)
class Drawn:
    """Results of every row of a design, failed ones included."""

    design: Design
    results: Sequence[Result]

    @cached_property
    def whole(self) -> list[Result]:
        """The independent draws."""
        pairs = zip(self.results, self.design.independent, strict=True)
        return [result for result, independent in pairs if independent]

    @property
    def failures(self) -> tuple[FailureRecord, ...]:
        """Rows without an answer, by their place in the design."""
        return tuple(
            FailureRecord(draw=place, message=result.failure)
            for place, result in enumerate(self.results)
            if result.failure is not None
        )

    def values(self, name: str) -> Float[Array, " D"]:
        """One number over the independent draws that have an answer."""
        found = np.array([one.values[name] for one in self.whole if one.values is not None])
        if not found.size:
            raise NoDrawsError(f"none of {len(self.whole)} draws succeeded: {self._first_failure}")
        return found

    @property
    def _first_failure(self) -> str:
        return self.failures[0].message

    def range(self, name: str, central: float, unit: str) -> Estimate:
        """A central value with percentiles over the draws; those that are no number left out."""
        values = self.values(name)
        told = values[np.isfinite(values)]
        if not told.size:
            raise NoDrawsError(f"no draw has a number for {name}")
        return drawn(central, told, unit)

    def share_best(self, place: int) -> float:
        """Share of draws in which the course at a place is worth most."""
        return float(np.mean(self.values("best") == place))

    def rule_odds(self, rule: str) -> RuleOdds:
        """Odds of the five states by one rule, of keeping and of what is worth most."""
        return RuleOdds(
            rule=rule, kept=self._odds(f"kept.{rule}"), best=self._odds(f"chosen.{rule}")
        )

    def _odds(self, name: str) -> tuple[Odds, ...]:
        labels = [
            None if one.values is None else STATES[int(one.values[name])].value
            for one in self.whole
        ]
        found = odds(labels, [state.value for state in STATES])
        return tuple(
            Odds(
                state=one.state,
                share=one.share,
                error=one.error,
                low=one.low,
                high=one.high,
                least=one.least,
                most=one.most,
            )
            for one in found.states
        )

    def influence(self, titles: dict[str, str]) -> tuple[Influence, ...]:
        """Sobol' indices of the groups for the price of autonomy, the largest total first.

        None where the price varies too rarely for an index.
        """
        price = [np.nan if one.values is None else one.values["price"] for one in self.results]
        found = indices(self.design, np.array(price), seed=self.design.seed)
        told = (found.first, found.total, found.first_error, found.total_error)
        if not np.isfinite(told).all():
            return ()
        rows = [
            Influence(
                group=group,
                title=titles.get(group, group),
                first=float(found.first[place]),
                first_error=DEVIATE * float(found.first_error[place]),
                total=float(found.total[place]),
                total_error=DEVIATE * float(found.total_error[place]),
            )
            for place, group in enumerate(found.groups)
        ]
        return tuple(sorted(rows, key=lambda row: -row.total))

    def survival(self, rule: str) -> SurvivalRecord:
        """Probability of not having broken by each month: mean and percentiles over the draws."""
        curves = np.stack([self.values(f"survival.{rule}.{m}") for m in range(MONTHS + 1)])
        low, high = np.percentile(curves, PERCENTILES, axis=1)
        return SurvivalRecord(
            rule=rule,
            months=tuple(range(MONTHS + 1)),
            share=_listed(curves.mean(axis=1)),
            low=_listed(low),
            high=_listed(high),
        )


def _listed(values: Array) -> tuple[float, ...]:
    return tuple(float(value) for value in values)
