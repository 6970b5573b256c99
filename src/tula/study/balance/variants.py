"""The same game under other treatments of trade imbalances, and years later."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from tula.equilibrium import CLOSURES, Closure
from tula.numbers.quantity import exact
from tula.study.balance.block import BalanceBlock
from tula.study.balance.records import VariantRecord
from tula.study.balance.table import Table, block_of
from tula.study.elasticities import apply_elasticities
from tula.study.load import Study
from tula.study.schema import ElasticitySet

#: What closures do with trade imbalances.
IMBALANCES = {
    "fixed": "trade imbalances as they are",
    "proportional": "trade imbalances in proportion to income",
    "balanced": "trade balanced",
}
#: Years after which the game is played again, where the study plays it at a horizon.
LATER = 5.0


class Variant(NamedTuple):
    """Another world to play the game in."""

    title: str
    elasticities: ElasticitySet
    closure: Closure


def variants(study: Study, table: Table) -> tuple[VariantRecord, ...]:
    """Play the game at central inputs in every variant; errors as ``Game.play``.

    Every closure of the study with the elasticities of the game, its own first; those five years
    on; and the elasticities and closure the study tells first.
    """
    return tuple(_played(study, table, one) for one in listed(study, block_of(study)))


def listed(study: Study, block: BalanceBlock) -> Iterator[Variant]:
    """The worlds the game is played in besides, its own first."""
    chosen, file = block.elasticities, study.file
    for name in sorted(file.closures, key=lambda name: name != block.closure):
        yield Variant(IMBALANCES.get(name, name), chosen, CLOSURES[name])
    announced = CLOSURES[block.closure]
    if chosen.horizon is not None and chosen.horizon.years.value < LATER:
        later = chosen.horizon.model_copy(update={"years": exact(LATER)})
        yield Variant("five years on", chosen.model_copy(update={"horizon": later}), announced)
    headline = file.elasticities[file.first_elasticity]
    yield Variant("in the long run", headline, CLOSURES[file.headline.closure])


def _played(study: Study, table: Table, variant: Variant) -> VariantRecord:
    world = apply_elasticities(study.economy, variant.elasticities)
    engine = replace(table.engine, world=world, closure=variant.closure)
    game = replace(table, engine=engine).game()
    worth = {course.id: game.worth(course) for course in game.inputs.courses}
    price = game.price(worth, game.inputs.courses[0].id)
    judged = game.situation(game.inputs.situations[0])
    # The copy began with the counts so far.
    table.engine.solves, table.engine.worst = engine.solves, engine.worst
    return VariantRecord(
        title=variant.title,
        price=price,
        price_of_gdp=price / game.gdp,
        best=max(worth, key=lambda name: worth[name]),
        state=judged.verdicts[game.inputs.rules[0].name].state.value,
    )
