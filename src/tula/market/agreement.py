"""One question put to a market by itself and to the world with it in: they must agree.

The account of a market knows wages and terms of trade to first order, the world as they come. What
a market hands to the world is its supply and its policy, never a sum: nothing is counted twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from tula.equilibrium.calibration import Calibration
from tula.equilibrium.closures import Closure
from tula.equilibrium.errors import unwarned
from tula.equilibrium.solve import solve
from tula.market.clear import clear
from tula.market.errors import MarketDisagreementError
from tula.market.structure import Market
from tula.policy.shock import Shock

#: Most that the two may lie apart, unless a study says otherwise.
AGREE = 0.25
#: Million USD in a billion, and the least sum, bn USD a year, of which a part is told.
BILLION, LEAST = 1e3, 0.05


@dataclass(frozen=True)
class Compared:
    """What a region gains by a question, bn USD a year, by the market's account and in the world.

    ``size`` adds up all lines of the account whatever their sign; ``price`` and ``world_price`` are
    ratios of what the region then pays for the commodity to what it paid before.
    """

    question: str
    sector: str
    region: str
    account: float
    world: float
    size: float
    price: float
    world_price: float

    @property
    def apart(self) -> float:
        """How far the two lie apart, as a part of all sums that go into the account."""
        return abs(self.account - self.world) / max(self.size, LEAST)


def compare(
    world: Calibration,
    sector: str,
    region: str,
    before: Shock,
    questions: dict[str, Shock],
    closure: Closure | None = None,
) -> list[Compared]:
    """Put questions to both, each beside the policy before it; errors as ``clear`` and ``solve``.

    A question moves no policy in other sectors.
    """
    place, market = world.labels.region_index(region), Market(world, sector)
    spending = world.final_spending[place] / BILLION

    def solved(shock: Shock) -> tuple[float, float]:
        with unwarned():
            found = solve(world, shock, closure=closure)
        income = spending * float(found.real_income_hat[place] - 1.0)
        return income, float(found.price_hat[place, market.place])

    rest, (income, paid) = clear(market, before), solved(before)
    found = []
    for name, after in questions.items():
        struck, (then, price) = clear(market, after), solved(after)
        step = (struck.lines - rest.lines)[:, place] / BILLION
        found.append(
            Compared(
                question=name,
                sector=sector,
                region=region,
                account=float(step.sum()),
                world=then - income,
                size=float(np.abs(step).sum()),
                price=float(struck.price[place] / rest.price[place]),
                world_price=price / paid,
            )
        )
    return found


def require_agreement(compared: Iterable[Compared], most: float) -> None:
    """Raise ``MarketDisagreementError`` for all that lie farther apart than ``most``."""
    wrong = [
        f"{one.question}: {one.region} gains {one.account:+.3g} bn USD a year by the market of "
        f"{one.sector} alone and {one.world:+.3g} in the world: {one.apart:.0%} apart"
        for one in compared
        if one.apart > most
    ]
    if wrong:
        title = f"a market and the world with it in are more than {most:.0%} apart:"
        hint = (
            "the account is first-order in wages: where they move far, state a larger agree; where "
            "supply of the commodity is left free though it cannot answer within the year, state it"
        )
        raise MarketDisagreementError("\n  ".join([title, *wrong, hint]))
