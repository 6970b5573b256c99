"""Play a study's balance at the centre and over draws, and write down what was found."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np

from tula.equilibrium import Anderson
from tula.errors import TulaError
from tula.file.overrides import NOTHING_SET, Settings
from tula.numbers.estimate import Estimate
from tula.strategy.balance.inputs import BalanceInputs
from tula.strategy.balance.model import Game, Play
from tula.strategy.balance.parameters import used_lines
from tula.strategy.balance.slack import complying, slacks
from tula.study.accounts import read_accounts, write_accounts
from tula.study.balance.analyses import Analyses, Progress, analyses
from tula.study.balance.block import BalanceBlock
from tula.study.balance.drawn import Drawn
from tula.study.balance.records import (
    BalanceRecord,
    CourseRecord,
    DemandRecord,
    InputRecord,
    LossRange,
    SituationRecord,
    SlackRecord,
)
from tula.study.balance.situations import situation_record
from tula.study.balance.table import Table, block_of, grounds_of, table_of, titles_of
from tula.study.load import Study, load_study, name_of
from tula.ties.account import TieAccount
from tula.uncertainty.draws import Design, saltelli
from tula.uncertainty.work import Function, Result, code_hash, evaluate

#: Units of what is found.
YEARLY, OF_GDP = "bn USD a year", "share of GDP"
#: Rows of the design's first block: twice as many independent draws stand behind the odds.
DRAWS = 32


@dataclass(frozen=True)
class Effort:
    """How much to draw, and where: see ``tula.uncertainty.work.evaluate``."""

    draws: int = DRAWS
    jobs: int = 1
    cluster: str | None = None
    store: Path | None = None

    @property
    def elsewhere(self) -> bool:
        """Whether other processes draw, so that this one is free meanwhile."""
        return self.jobs > 1 or self.cluster is not None


class StoppedError(TulaError):
    """The draws ended early, and what was computed beside them with them. Run again."""


@dataclass(frozen=True)
class BalanceTask:
    """The rows of one study's balance, as work that any process can do.

    ``source`` is the study's file; ``accounts`` are those of its ties by id, as JSON text;
    ``settings`` are what the run sets in place of the study's.
    """

    source: str
    content: str
    accounts: str
    settings: Settings = NOTHING_SET

    @property
    def key(self) -> str:
        """Hash of study, evidence, world, accounts and code."""
        parts = (self.content, self.accounts, code_hash())
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()

    def build(self) -> Function:
        """Load the study and set the game up."""
        study = load_study(self.source, self.settings)
        named = json.loads(self.accounts)
        accounts = read_accounts(json.dumps(list(named.values())))
        return table_of(study, dict(zip(named, accounts, strict=True))).row


def run_balance(
    study: Study,
    accounts: Mapping[str, TieAccount],
    effort: Effort,
    progress: Progress,
) -> BalanceRecord:
    """Play the balance of a study that has one. ``accounts`` are those of its ties by id.

    ``progress`` is told what is done, how much of it, of how much. Errors at central values pass,
    ``NoAccountError`` among them; a draw without an answer is counted and never replaced.
    """
    table = table_of(study, accounts)
    game = table.game()
    progress("the centre", 0, 1)
    play = game.play()
    judged = [
        situation_record(study, one, game.situation(one), game.gdp)
        for one in table.inputs.situations
    ]
    if effort.elsewhere:
        found, drawn = _beside(study, table, game, accounts, effort, progress)
    else:
        found = analyses(study, table, game, accounts, progress)
        drawn = draw(study, table, accounts, effort, progress)
    return _Found(study, block_of(study), table, game, play, drawn).record(
        judged, found, table.engine.solves
    )


def _beside(
    study: Study,
    table: Table,
    game: Game,
    accounts: Mapping[str, TieAccount],
    effort: Effort,
    progress: Progress,
) -> tuple[Analyses, Drawn]:
    """Analyse the centre in a thread while other processes draw, whose progress is told."""
    stopped = Event()

    def step(what: str, done: int, total: int) -> None:
        if stopped.is_set():
            raise StoppedError(f"stopped before {what}")

    pool = ThreadPoolExecutor(1)
    try:
        centre = pool.submit(analyses, study, table, game, accounts, step)
        drawn = draw(study, table, accounts, effort, progress)
        return centre.result(), drawn
    finally:
        stopped.set()
        pool.shutdown(wait=False)


def draw(
    study: Study,
    table: Table,
    accounts: Mapping[str, TieAccount],
    effort: Effort,
    progress: Progress = lambda what, done, total: None,
) -> Drawn:
    """Play every row of the design, in processes or on a cluster if asked, to the same numbers."""
    design = saltelli(table.factors, effort.draws, study.file.seed)
    task = BalanceTask(name_of(study.path), study.content_hash, _named(accounts), study.settings)
    return Drawn(design, _evaluated(task, design, effort, progress))


def _named(accounts: Mapping[str, TieAccount]) -> str:
    """Accounts by id as JSON text."""
    listed = json.loads(write_accounts(tuple(accounts.values())))
    return json.dumps(dict(zip(accounts, listed, strict=True)))


def _evaluated(
    task: BalanceTask, design: Design, effort: Effort, progress: Progress
) -> list[Result]:
    """Results in the order of the design; the rows of one base row are evaluated together."""
    whole = np.column_stack([design.uniforms, design.independent.astype(float)])
    blocks = 2 + len(design.factors)
    order = np.arange(len(whole)).reshape(blocks, design.draws).T.ravel()
    found = evaluate(
        task,
        whole[order],
        jobs=effort.jobs,
        cluster=effort.cluster,
        store=effort.store,
        block=blocks,
        progress=lambda done, total: progress("draws", done, total),
    )
    by_place = dict(zip(order.tolist(), found, strict=True))
    return [by_place[place] for place in range(len(whole))]


@dataclass(frozen=True, eq=False)
class _Found:
    """Everything a record is written from."""

    study: Study
    block: BalanceBlock
    table: Table
    game: Game
    play: Play
    drawn: Drawn

    @property
    def inputs(self) -> BalanceInputs:
        """What the study announced."""
        return self.table.inputs

    def record(
        self, situations: Sequence[SituationRecord], found: Analyses, solves: int
    ) -> BalanceRecord:
        """Everything in one record."""
        drawn, price = self.drawn, self.drawn.range("price", self.play.price, YEARLY)
        share = price.each(lambda money: money / self.game.gdp, OF_GDP)
        return BalanceRecord(
            **self._announced(),
            price=price,
            price_of_gdp=share,
            required=share.each(lambda one: max(0.0, one), OF_GDP),
            courses=self._courses(),
            odds=tuple(drawn.rule_odds(rule.name) for rule in self.inputs.rules),
            access=self._access(),
            losses=self._losses(),
            situations=tuple(situations),
            influence=drawn.influence(dict(self.block.titles)),
            survival=tuple(drawn.survival(rule.name) for rule in self.inputs.rules),
            slack=self._slack(),
            **{one.name: getattr(found, one.name) for one in fields(found)},
            inputs=self._inputs(),
            draws=int(drawn.design.independent.sum()),
            rows=len(drawn.results),
            solves=solves,
            residual=self.table.engine.worst,
            tolerance=Anderson().tolerance,
            failures=drawn.failures,
        )

    def _announced(self) -> dict[str, Any]:
        """What was said before any number was seen."""
        inputs = self.inputs
        return {
            "pivot": inputs.pivot,
            "gdp": self.game.gdp,
            "announced": str(inputs.announced),
            "confidence": inputs.confidence,
            "reference": inputs.reference,
            "world": self.block.elasticities.words,
            "closure": self.block.closure,
            "rules": inputs.rules,
            "demands": self._demands(),
            "seed": self.study.file.seed,
            "notes": self.block.notes,
        }

    def _demands(self) -> tuple[DemandRecord, ...]:
        facts = self.block.demand_evidence
        return tuple(
            DemandRecord(
                id=one.id,
                rival=one.rival,
                title=one.title,
                date=str(one.date),
                enforced=one.enforced,
                evidence=facts.get(one.id, ()),
            )
            for one in self.inputs.demands
        )

    def _courses(self) -> tuple[CourseRecord, ...]:
        return tuple(
            CourseRecord(
                id=one.id,
                title=one.title,
                aligned_with=one.aligned_with,
                hypothetical=one.hypothetical,
                limited=one.ceiling is not None,
                worth=self.drawn.range(f"worth.{one.id}", self.play.worth[one.id], YEARLY),
                best=self.drawn.share_best(place),
            )
            for place, one in enumerate(self.inputs.courses)
        )

    def _access(self) -> dict[str, Estimate]:
        """Probability that each critical tie keeps its share by the first rule."""
        first = self.inputs.rules[0].name
        return {
            tie: self.drawn.range(f"access.{first}.{tie}", chance, "probability")
            for tie, chance in self.play.access[first].items()
        }

    def _losses(self) -> tuple[LossRange, ...]:
        """What each rival can take away, by both measures."""
        found, powers = self.play.losses, {one.rival: one.title for one in self.inputs.powers}
        return tuple(
            LossRange(
                rival=rival,
                power=powers[rival],
                law=self.drawn.range(f"loss.law.{rival}", lost, OF_GDP),
                full=self.drawn.range(f"loss.full.{rival}", found["full"][rival], OF_GDP),
            )
            for rival, lost in found["law"].items()
        )

    def _slack(self) -> tuple[SlackRecord, ...]:
        """What each rival's part costs or leaves it; a threat works where giving in is best."""
        chances = {
            one.id: sum(self._share_best(name) for name in complying(self.game, one))
            for one in self.inputs.threats
        }
        return tuple(
            SlackRecord(
                rival=one.rival,
                title=one.title,
                value=self._ranged(one.key, one.value, one.unit),
                unit=one.unit,
                meaning=one.meaning,
            )
            for one in slacks(self.game, chances)
        )

    def _share_best(self, course: str) -> float:
        places = [one.id for one in self.inputs.courses]
        return self.drawn.share_best(places.index(course))

    def _ranged(self, key: str, value: float, unit: str) -> Estimate:
        """A rival's number over the draws; what must be gained moves with what a threat costs."""
        kind, _, name = key.partition(".")
        if kind != "least_gain":
            return self.drawn.range(key, value, unit)
        cost = self.drawn.range(f"threat_cost.{name}", self.play.threat_cost[name], unit)
        per_cost = value / cost.central
        low, high = (per_cost * max(0.0, end) for end in (cost.low, cost.high))
        return Estimate(value, low, high, unit)

    def _inputs(self) -> tuple[InputRecord, ...]:
        """Every number that is drawn."""
        groups = {one.name: one.group for one in self.table.known}
        grounds = grounds_of(self.study)
        titles = titles_of(self.study)
        computed = used_lines(self.inputs)
        nothing: tuple[tuple[str, ...], str] = ((), "")
        return tuple(
            InputRecord(
                name=name,
                group=groups[name],
                title=titles.get(name, name),
                value=prior.value,
                low=prior.low,
                high=prior.high,
                evidence=grounds.get(name, nothing)[0],
                reason=grounds.get(name, nothing)[1],
                computed=name in computed,
            )
            for name, prior in self.table.priors.items()
        )
