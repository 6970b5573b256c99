"""Run a study: solve every scenario under every closure and elasticity set, and keep the proof."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from itertools import count

from tula.equilibrium import (
    CLOSURES,
    Calibration,
    compile_policy,
    purge_imbalances,
    solve,
    solve_batch,
)
from tula.equilibrium.errors import unwarned
from tula.errors import TulaError
from tula.policy.instruments import Instrument
from tula.policy.shock import Shock
from tula.strategy.answer.result import Answer
from tula.study.asked import asks, begin_answer, live_of
from tula.study.backtest.run import since
from tula.study.collect import Axes, Case, Solved, collect
from tula.study.effort import DRAWS, QUICK, Effort
from tula.study.elasticities import calibrated
from tula.study.load import Study
from tula.study.manifest import OptionsRecord
from tula.study.records import manifest_of
from tula.study.results import StudyResults
from tula.study.tie_records import Valued, value
from tula.ties.account import TieAccount
from tula.ties.kinds import Setting


@dataclass(frozen=True)
class Step:
    """Progress of a run: the case or tie about to be computed, how many are done, and there are.

    ``case`` is None while the tie ``tie`` is valued, or while the ``answer`` is found.
    """

    case: Case | None
    done: int
    total: int
    tie: str = ""
    answer: bool = False


def run_study(
    study: Study,
    *,
    quick: bool = False,
    effort: Effort | None = None,
    progress: Callable[[Step], None] | None = None,
) -> StudyResults:
    """Solve all cases of a study, value its ties, answer its question, and return its results.

    ``quick`` keeps to the headline closure and elasticity set, and to few draws. ``effort`` says
    how many draws the answer takes, and where. ``progress`` is called as each solve is set up,
    before each tie and before the answer. Ties are valued in the headline world. A solve that fails
    is recorded in the manifest and its numbers are NaN, and so is a tie that has no account, or a
    question without an answer; nothing is dropped, and an interrupted run returns nothing.
    """
    axes = axes_of(study, quick)
    worlds, tell = Worlds(study), progress or (lambda step: None)
    cases = len(axes.elasticities) * len(axes.closures) * len(axes.scenarios)
    total, begun = cases + len(study.ties), count()
    effort = effort or Effort(QUICK if quick else DRAWS)
    with effort.workers() as workers:
        base, valued = _headline_base(study, worlds, axes), Valued()
        accounts, answering = _accounts(study, base, workers), _asking(study, effort, workers)
        solved = solve_cases(study, axes, worlds, lambda case: tell(Step(case, next(begun), total)))
        solved.sources.update({name: worlds.source(name) for name in axes.elasticities})
        data = collect(solved, solve(base), axes)
        for done, (tie, account) in enumerate(zip(study.ties, accounts, strict=True), cases):
            tell(Step(None, done, total, tie.model.id))
            valued.add(tie, study, account())
        live = live_of(study) if asks(study) else None
        manifest = manifest_of(study, base, solved, data, axes, valued)
        if asks(study):
            tell(Step(None, total, total, answer=True))
        found, lacking = answering()
    told = manifest.model_copy(
        update={
            "draws": effort.draws if study.file.answer else 0,
            "options": OptionsRecord(quick=quick),
            "answer_failure": lacking,
            "since": since(study, found) if found else (),
            "undecided": study.undecided,
        }
    )
    return StudyResults(told, data, valued.accounts, found, live if found else None)


def _accounts(
    study: Study, base: Calibration, workers: Executor | None
) -> list[Callable[[], TieAccount | str]]:
    """Begin to value the ties, and return how to wait for each; alone, each is valued then."""
    setting = Setting(base, study.file.on, study.file.seed)
    if workers is None:
        return [partial(value, tie, setting) for tie in study.ties]
    return [workers.submit(value, tie, setting).result for tie in study.ties]


def _asking(
    study: Study, effort: Effort, workers: Executor | None
) -> Callable[[], tuple[Answer | None, str]]:
    """Begin to look for the answer of a study; return how to wait for it, or why there is none.

    Neither where it asks nothing yet.
    """
    if not asks(study):
        return lambda: (None, "")

    def waited() -> tuple[Answer | None, str]:
        try:
            with effort.watched():
                return under_way(), ""
        except TulaError as error:
            return None, f"{type(error).__name__}: {error}"

    try:
        with effort.watched():
            under_way = begin_answer(study, effort.draws, workers)
    except TulaError as error:
        failure = f"{type(error).__name__}: {error}"
        return lambda: (None, failure)
    return waited


def axes_of(study: Study, quick: bool = False) -> Axes:
    """What the study runs over; only the headline case if ``quick``."""
    file = study.file
    headline = (file.headline.closure, file.first_elasticity)
    return Axes(
        scenarios=tuple(scenario.id for scenario in file.scenarios),
        closures=headline[:1] if quick else file.closures,
        elasticities=headline[1:] if quick else tuple(file.elasticities),
        headline=headline,
        pivot=file.pivot,
        labels=study.economy.labels,
    )


class Worlds:
    """Calibrations of a study's world and the policies tried on them, each made once."""

    def __init__(self, study: Study) -> None:
        self._study = study
        self._plain: dict[str, Calibration] = {}
        self._departures: dict[tuple[str, str], Calibration] = {}
        self._shocks: dict[Case | str, Shock] = {}

    def plain(self, elasticity: str) -> Calibration:
        """The world under one elasticity set."""
        if elasticity not in self._plain:
            chosen = self._study.file.elasticities[elasticity]
            self._plain[elasticity] = calibrated(self._study.economy, chosen)
        return self._plain[elasticity]

    def departure(self, closure: str, elasticity: str) -> Calibration:
        """The world solves depart from: purged of imbalances where the closure asks for it, and
        adjusted to the duties that the study stands on."""
        if (closure, elasticity) not in self._departures:
            rule, world = CLOSURES[closure], self._unmoved(closure, elasticity)
            found = self._study.standing.before(world, rule)
            self._departures[closure, elasticity] = found
        return self._departures[closure, elasticity]

    def _unmoved(self, closure: str, elasticity: str) -> Calibration:
        plain = self.plain(elasticity)
        return purge_imbalances(plain) if CLOSURES[closure].purge_first else plain

    def shock(self, case: Case) -> Shock:
        """The policy of a case; worlds share it, all of the same base rates, unless it reads more
        of them."""
        instruments = [item.instrument for item in self._study.instruments[case.scenario]]
        key = case if any(one.reads_base for one in instruments) else case.scenario
        if key not in self._shocks:
            self._shocks[key] = self._compiled(case, instruments)
        return self._shocks[key]

    def _compiled(self, case: Case, instruments: Sequence[Instrument]) -> Shock:
        study, where = self._study, (case.closure, case.elasticity)
        met = study.standing.with_layers(
            self._unmoved(*where), self.departure(*where), study.layers(case.scenario)
        )
        return compile_policy(met, instruments, study.file.on)

    def source(self, elasticity: str) -> str:
        """Where a set's values come from."""
        return self.plain(elasticity).elasticity_source


def _headline_base(study: Study, worlds: Worlds, axes: Axes) -> Calibration:
    """What headline levels are compared with; the plain world where purging it failed.

    Raises where the world cannot adjust to the duties that the study stands on.
    """
    try:
        return worlds.departure(*axes.headline)
    except TulaError:
        if study.standing.duties:
            raise
        return worlds.plain(axes.headline[1])


def solve_cases(
    study: Study, axes: Axes, worlds: Worlds, tell: Callable[[Case], None] = lambda case: None
) -> Solved:
    """Solve every case, those of one world and closure together; all is kept of the headline's.

    ``tell`` is called as each case is set up.
    """
    solved = Solved()
    for elasticity in axes.elasticities:
        for closure in axes.closures:
            cases = [Case(scenario, closure, elasticity) for scenario in axes.scenarios]
            shocks: dict[Case, Shock] = {}
            for case in cases:
                tell(case)
                with solved.noted(case), unwarned():
                    shocks[case] = worlds.shock(case)
            with solved.noted(*shocks), unwarned():
                world = worlds.departure(closure, elasticity)
                batch = solve_batch(world, list(shocks.values()), closure=CLOSURES[closure])
                solved.add(tuple(shocks), batch, whole=(closure, elasticity) == axes.headline)
    return solved
