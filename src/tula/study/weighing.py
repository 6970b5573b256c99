"""The study's answer: what keeping its course costs or saves the pivot against giving way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import xarray as xr

from tula.numbers import write
from tula.say.words import NEGLIGIBLE, capital, gain_or_loss, joined
from tula.study.answers import Teller
from tula.study.schema import Weigh


@dataclass(frozen=True)
class Balance:
    """The two ways open to the pivot, weighed against each other in words.

    The price is real income after giving way less real income after keeping the course, in percent
    of base real income: above zero, keeping the course costs something; below, it saves.
    ``titles`` names scenarios the study has no words for; ``sets`` says what elasticity sets mean.
    """

    teller: Teller
    ways: Weigh
    titles: Mapping[str, str]
    sets: Mapping[str, str]

    def answer(self) -> list[str]:
        """Paragraphs: the verdict, the two ways, and how firm the verdict is."""
        price = self._income(self.ways.give_way) - self._income(self.ways.keep)
        if np.isnan(price):
            return ["The two ways open cannot be compared: a solve failed."]
        ways = (
            self._way(self.ways.keep, self.ways.keep_words),
            self._way(self.ways.give_way, self.ways.give_way_words),
        )
        return [" ".join((self._verdict(price), *ways)), *self._firmness()]

    def _income(self, scenario: str) -> float:
        return self.teller.income(scenario, self.teller.pivot)

    def _verdict(self, price: float) -> str:
        home = self.teller.name(self.teller.pivot)
        if abs(price) < NEGLIGIBLE:
            return (
                f"Keeping its course and giving way come to the same for {home}: the two differ "
                f"by less than 0.01% of real income."
            )
        spent = self.teller.money(self.ways.give_way, self.teller.pivot)
        spent -= self.teller.money(self.ways.keep, self.teller.pivot)
        which, verb = ("dearer", "costs") if price > 0 else ("cheaper", "saves")
        return (
            f"Keeping its course is {which} for {home} than giving way: it {verb} "
            f"{write.percent(abs(price))} of real income ({write.money(abs(spent))} a year)."
        )

    def _way(self, scenario: str, words: str) -> str:
        """What one way does to the pivot."""
        home = self.teller.name(self.teller.pivot)
        money = self.teller.money(scenario, self.teller.pivot)
        if not words:
            effect = gain_or_loss(home, self._income(scenario), money)
            return f"Under '{self.titles[scenario]}' {effect}."
        return f"If {home} {words}, {gain_or_loss('it', self._income(scenario), money)}."

    def _firmness(self) -> list[str]:
        """How often the verdict holds over the variants solved, and the range of the price."""
        prices = self._prices()
        known = prices.values[~np.isnan(prices.values)]
        if known.size < 2:
            return []
        missing = prices.size - known.size
        failed = f"; {missing} more could not be solved" if missing else ""
        return [
            f"Keeping its course is {self._counts(prices)}. The variants are "
            f"{prices.sizes['closure']} treatments of trade imbalances by "
            f"{prices.sizes['elasticity']} sets of trade elasticities{failed}. "
            f"{_range(float(known.min()), float(known.max()))}"
        ]

    def _prices(self) -> xr.DataArray:
        income = self.teller.data["real_income"].sel(region=self.teller.pivot)
        chosen = income.sel(scenario=self.ways.give_way) - income.sel(scenario=self.ways.keep)
        return chosen.transpose("elasticity", "closure")

    def _counts(self, prices: xr.DataArray) -> str:
        """In how many variants each verdict holds, the commonest first."""
        total = int(prices.notnull().sum())
        groups = (
            ("cheaper", prices <= -NEGLIGIBLE),
            ("dearer", prices >= NEGLIGIBLE),
            ("neither cheaper nor dearer", abs(prices) < NEGLIGIBLE),
        )
        found = [(int(where.sum()), word, where) for word, where in groups if bool(where.any())]
        (most, word, _), *others = sorted(found, key=lambda group: -group[0])
        share = f"all {total}" if most == total else f"{most} of {total}"
        rest = [f"{word} in {count}{self._where(where)}" for count, word, where in others]
        return joined([f"{word} in {share} variants of the model", *rest])

    def _where(self, where: xr.DataArray) -> str:
        """What the variants share, if they are whole elasticity sets the study has words for."""
        touched = where.any("closure")
        if not bool((touched == where.all("closure")).all()):
            return ""
        named = [str(name) for name in where["elasticity"].values[touched.values]]
        words = [self.sets.get(name, "") for name in named]
        return f" (where {', or where '.join(words)})" if all(words) else ""


def _range(low: float, high: float) -> str:
    """The range of the price in words that fit either sign."""
    ends = write.percent(abs(low)), write.percent(abs(high))
    if low < 0.0 < high:
        return (
            f"At best it saves {ends[0]} of real income against giving way, at worst it costs "
            f"{ends[1]}."
        )
    verb, near, far = ("costs", *ends) if low >= 0.0 else ("saves", *reversed(ends))
    return f"{capital(f'it {verb}')} between {near} and {far} of real income against giving way."
