"""The study's answer: what keeping its course costs or saves the pivot against giving way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from tula.say.templates import paragraphs
from tula.say.words import NEGLIGIBLE, joined
from tula.study.answers import Teller
from tula.study.schema import Weigh

if TYPE_CHECKING:
    import xarray as xr

#: What tells worths of scenarios from the answer, where a study has both.
CERTAIN = (
    "Here every scenario, and what is promised for it, is certain and lasting; the answer above "
    "weighs chances, and may differ in sign."
)


class Way(NamedTuple):
    """A way open to the pivot: its words or title, change in real income in %, million USD."""

    words: str
    title: str
    income: float
    money: float


@dataclass(frozen=True)
class Balance:
    """The two ways open to the pivot, weighed against each other in words.

    The price is real income after giving way less real income after keeping the course, in percent
    of base real income: above zero, keeping the course costs something; below, it saves.
    ``titles`` names scenarios the study has no words for; ``sets`` says what elasticity sets mean;
    ``asked``: whether the study has a question too, whose courses are not certain.
    """

    teller: Teller
    ways: Weigh
    titles: Mapping[str, str]
    sets: Mapping[str, str]
    asked: bool = False

    def answer(self) -> list[str]:
        """Paragraphs: the verdict with the two ways, and how firm the verdict is."""
        return paragraphs("weighing", b=self, home=self.teller.home, least=NEGLIGIBLE)

    @property
    def both(self) -> tuple[Way, Way]:
        """Keeping the course, and giving way."""
        ways = self.ways
        return (
            self._way(ways.keep, ways.keep_words),
            self._way(ways.give_way, ways.give_way_words),
        )

    def _way(self, scenario: str, words: str) -> Way:
        pivot = self.teller.pivot
        income, money = self.teller.income(scenario, pivot), self.teller.money(scenario, pivot)
        return Way(words, self.titles[scenario], income, money)

    @property
    def prices(self) -> xr.DataArray:
        """The price in every variant of the model."""
        income = self.teller.data["real_income"].sel(region=self.teller.pivot)
        chosen = income.sel(scenario=self.ways.give_way) - income.sel(scenario=self.ways.keep)
        return chosen.transpose("elasticity", "closure")

    @property
    def variants(self) -> list[float]:
        """Prices of the variants that were solved."""
        every = self.prices.values
        return [float(price) for price in every[~np.isnan(every)]]

    @property
    def counts(self) -> str:
        """In how many variants each verdict holds, the commonest first."""
        prices, total = self.prices, len(self.variants)
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
