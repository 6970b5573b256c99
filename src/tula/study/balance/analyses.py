"""What is read off a balance at its centre besides the game: where it turns, who adds what."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import count

from tula.numbers.estimate import Estimate
from tula.strategy.balance.break_even import break_evens, outlets, surface
from tula.strategy.balance.found import BreakEven, Contribution, Frontier, NextMoveFound, Surface
from tula.strategy.balance.frontier import frontiers
from tula.strategy.balance.inputs import BalanceInputs
from tula.strategy.balance.model import Game
from tula.strategy.balance.shapley import Extra, extra_of, pressures
from tula.strategy.balance.slack import next_moves
from tula.study.balance.records import (
    HedgeRecord,
    VariantRecord,
)
from tula.study.balance.table import Table
from tula.study.balance.variants import variants
from tula.study.load import Study
from tula.ties.account import TieAccount
from tula.ties.settlement.tie import SettlementTie

#: Analyses that progress is told of.
STEPS = 6
#: Instruments among which the pivot's gains and losses are shared out: 2^8 incomes.
INSTRUMENTS = 8
#: Told what is being done, how much of it is done, and how much there is.
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Analyses:
    """Parts of the record that are computed at central inputs alone."""

    shapley: tuple[Contribution, ...]
    break_evens: tuple[BreakEven, ...]
    surface: Surface | None
    frontiers: tuple[Frontier, ...]
    next_moves: tuple[NextMoveFound, ...]
    hedges: tuple[HedgeRecord, ...]
    variants: tuple[VariantRecord, ...]


def analyses(
    study: Study,
    table: Table,
    game: Game,
    accounts: Mapping[str, TieAccount],
    progress: Progress,
) -> Analyses:
    """Return every analysis of a game at central inputs; errors as ``Game.play``."""
    done = count()

    def tell(what: str) -> None:
        progress(what, next(done), STEPS)

    tell("what each move adds")
    shapley = _shapley(study, game)
    tell("where it turns")
    turns = (*break_evens(game), *_outlets(study, game))
    tell("duty against persistence")
    drawn = surface(game)
    tell("exposure against its cost")
    priced = frontiers(game)
    tell("what each could do next")
    moves = next_moves(game)
    tell("other closures and horizons")
    return Analyses(
        shapley=shapley,
        break_evens=turns,
        surface=drawn,
        frontiers=priced,
        next_moves=moves,
        variants=variants(study, table),
        hedges=_hedges(game.inputs, accounts),
    )


def _shapley(study: Study, game: Game) -> tuple[Contribution, ...]:
    """Standing scenarios, threats, events, giving up, and what else situations put in force."""
    inputs = game.inputs
    room = INSTRUMENTS - len(inputs.standing) - len(inputs.threats) - len(inputs.events) - 1
    titles = {one.id: one.title for one in study.file.scenarios}
    return pressures(game, _extras(inputs)[: max(0, room)], titles)


def _extras(inputs: BalanceInputs) -> list[Extra]:
    """What situations add to the first course through the world economy, each scenario once."""
    seen = {*inputs.standing, *(name for one in inputs.threats for name in one.scenarios)}
    found = []
    for one in inputs.situations:
        if one.course == inputs.courses[0].id and set(one.scenarios) - seen == set(one.scenarios):
            if one.scenarios:
                found.append(extra_of(one))
            seen |= set(one.scenarios)
    return found


def _outlets(study: Study, game: Game) -> tuple[BreakEven, ...]:
    """Outlets of every settlement tie that the balance needs, for each share the rules ask."""
    needed = {tie.tie for tie in game.inputs.critical if tie.flow == "channels"}
    ties = [tie.model for tie in study.ties if tie.model.id in needed]
    rules = {rule.access: rule for rule in reversed(game.inputs.rules)}
    return tuple(
        outlets(tie, rule)
        for tie in ties
        if isinstance(tie, SettlementTie) and tie.network.local_account
        for _, rule in sorted(rules.items())
    )


def _hedges(inputs: BalanceInputs, accounts: Mapping[str, TieAccount]) -> tuple[HedgeRecord, ...]:
    """Slow choices with what their ties are worth, the largest first."""
    found = [
        HedgeRecord(
            id=one.id,
            title=one.title,
            worth=Estimate(*worth.numbers, worth.unit),
            exposure=accounts[one.tie].exposure.central,
        )
        for one in inputs.hedges
        for worth in (accounts[one.tie].value_to_pivot,)
    ]
    return tuple(sorted(found, key=lambda one: -abs(one.worth.central)))
