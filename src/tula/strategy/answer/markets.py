"""Commodities by themselves beside the world that carries the answer, at the medians."""

from __future__ import annotations

from collections.abc import Iterator

from tula.equilibrium.solve import compile_on_rates
from tula.market.agreement import Compared, compare, require_agreement
from tula.market.commodity import Commodity, standing
from tula.numbers.quantity import Values
from tula.policy.flows import TradeInstrument
from tula.policy.instruments import Instrument
from tula.policy.notices import unnotified
from tula.policy.shock import Shock
from tula.strategy.answer.beliefs import Beliefs
from tula.strategy.answer.policies import Situation
from tula.strategy.answer.proofs import MarketTold
from tula.strategy.answer.states import Task
from tula.strategy.answer.worlds import sigmas


def markets_told(task: Task, beliefs: Beliefs) -> tuple[MarketTold, ...]:
    """Tell what each scenario does to a commodity, by its market alone and in the world.

    At the ages of the first and the last month, beside the duties of the day without threats.
    Raises ``MarketDisagreementError`` where the two are farther apart than the block allows.
    """
    values, found = beliefs.at(0), []
    for age in dict.fromkeys((task.ages[0], task.ages[-1])):
        for one in task.inputs.commodities:
            found += [(age, compared) for compared in _compared(task, one, values, age)]
    require_agreement([compared for _, compared in found], task.inputs.agree)
    return tuple(
        MarketTold(
            sector=one.sector,
            scenario=one.question,
            years=age,
            account=one.account,
            world=one.world,
            apart=one.apart,
            paid=one.price - 1.0,
            paid_in_world=one.world_price - 1.0,
        )
        for age, one in found
    )


def _compared(task: Task, commodity: Commodity, values: Values, age: float) -> list[Compared]:
    world = task.world(sigmas(task.inputs, values, age), values)
    calm = Situation(task.inputs.keep.id, frozenset(), frozenset(), acted=False)

    def policy(done: list[Instrument]) -> Shock:
        always = standing(task.inputs.commodities, values)
        rates = task.duties.at(calm, values)
        with unnotified():
            return compile_on_rates(task.base, rates, [*always, *done], task.inputs.announced)

    asked = {name: policy(done) for name, done in _touching(task, commodity, values)}
    region = task.inputs.pivot
    if not asked:
        return []
    return compare(world, commodity.sector, region, policy([]), asked, task.closure)


def _touching(
    task: Task, commodity: Commodity, values: Values
) -> Iterator[tuple[str, list[Instrument]]]:
    """Yield what every scenario does to the commodity and to nothing else."""
    labels = task.economy.labels
    for name, scenario in task.scenarios.items():
        done = [
            one
            for one in scenario.at(values)
            if isinstance(one, TradeInstrument)
            and set(labels.resolve_sectors(one.sectors)) - set(one.except_sectors)
            == {commodity.sector}
        ]
        if done:
            yield name, list(done)
