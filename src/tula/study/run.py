"""Run a study: solve every scenario under every closure and elasticity set, and keep the proof."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tula.equilibrium import (
    CLOSURES,
    Calibration,
    MultipleEquilibriaWarning,
    purge_imbalances,
    solve,
)
from tula.errors import TulaError
from tula.study.balance.records import BalanceRecord
from tula.study.balance.run import DRAWS, Effort, run_balance
from tula.study.collect import Axes, Case, Solved, collect
from tula.study.elasticities import calibrated
from tula.study.load import Study
from tula.study.manifest import OptionsRecord
from tula.study.records import manifest_of
from tula.study.results import StudyResults
from tula.study.tie_records import Valued
from tula.uncertainty.draws import FEWEST_DRAWS


@dataclass(frozen=True)
class Step:
    """Progress of a run: the case or tie about to be computed, how many are done, and there are.

    ``case`` is None while the tie ``tie`` is valued, or while the ``balance`` is played, which
    counts its own steps.
    """

    case: Case | None
    done: int
    total: int
    tie: str = ""
    balance: str = ""


def run_study(
    study: Study,
    *,
    quick: bool = False,
    effort: Effort | None = None,
    progress: Callable[[Step], None] | None = None,
) -> StudyResults:
    """Solve all cases of a study, value its ties, play its balance, and return its results.

    ``quick`` keeps to the headline closure and elasticity set, and to few draws. ``effort`` says
    how many draws the balance takes, and where. ``progress`` is called before each solve and each
    tie, and as the balance is played. Ties are valued in the headline world. A solve that fails is
    recorded in the manifest and its numbers are NaN, and so is a tie that has no account, or a
    balance that cannot be played; nothing is dropped, and an interrupted run returns nothing.
    """
    axes = axes_of(study, quick)
    solved, worlds = Solved(), _Worlds(study)
    tell = progress or (lambda step: None)
    cases = list(all_cases(axes))
    total = len(cases) + len(study.ties)
    for done, case in enumerate(cases):
        tell(Step(case, done, total))
        _solve_case(case, study, worlds, solved)
    base = _headline_base(worlds, axes)
    solved.sources.update({name: worlds.source(name) for name in axes.elasticities})
    data = collect(solved, base, axes)
    valued = Valued()
    for done, tie in enumerate(study.ties, len(cases)):
        tell(Step(None, done, total, tie.head.id))
        valued.add(tie, base, study.file)
    effort = effort or Effort(draws=FEWEST_DRAWS if quick else DRAWS)
    balance, why = _balance(study, valued, effort, tell)
    manifest = manifest_of(study, base, solved, data, axes, valued).model_copy(
        update={
            "draws": effort.draws if study.balance else 0,
            "options": OptionsRecord(quick=quick),
            "balance_failure": why,
        }
    )
    return StudyResults(manifest, data, valued.accounts, balance)


def _balance(
    study: Study, valued: Valued, effort: Effort, tell: Callable[[Step], None]
) -> tuple[BalanceRecord | None, str]:
    """The balance of a study, or None and why it could not be played; empty if it has none."""
    if study.balance is None:
        return None, ""
    accounts = {record.id: account for account, record in valued.made}

    def show(what: str, done: int, total: int) -> None:
        tell(Step(None, done, total, balance=what))

    try:
        return run_balance(study, accounts, effort, show), ""
    except TulaError as error:
        return None, f"{type(error).__name__}: {error}"


def axes_of(study: Study, quick: bool = False) -> Axes:
    """What the study runs over; only the headline case if ``quick``."""
    file = study.file
    headline = (file.headline.closure, file.headline.elasticity)
    return Axes(
        scenarios=tuple(scenario.id for scenario in file.scenarios),
        closures=headline[:1] if quick else file.closures,
        elasticities=headline[1:] if quick else tuple(file.elasticities),
        headline=headline,
        pivot=file.pivot,
        labels=study.economy.labels,
    )


def all_cases(axes: Axes) -> Iterator[Case]:
    """Every case, ordered so that a world is prepared once and used for all its scenarios."""
    for elasticity in axes.elasticities:
        for closure in axes.closures:
            for scenario in axes.scenarios:
                yield Case(scenario, closure, elasticity)


class _Worlds:
    """Calibrations of a study's world, each made once."""

    def __init__(self, study: Study) -> None:
        self._study = study
        self._plain: dict[str, Calibration] = {}
        self._purged: dict[str, Calibration] = {}

    def plain(self, elasticity: str) -> Calibration:
        """The world under one elasticity set."""
        if elasticity not in self._plain:
            chosen = self._study.file.elasticities[elasticity]
            self._plain[elasticity] = calibrated(self._study.economy, chosen)
        return self._plain[elasticity]

    def departure(self, closure: str, elasticity: str) -> Calibration:
        """The world solves depart from; purged of imbalances where the closure asks for it."""
        if not CLOSURES[closure].purge_first:
            return self.plain(elasticity)
        if elasticity not in self._purged:
            self._purged[elasticity] = purge_imbalances(self.plain(elasticity))
        return self._purged[elasticity]

    def source(self, elasticity: str) -> str:
        """Where a set's values come from."""
        return self.plain(elasticity).elasticity_source


def _headline_base(worlds: _Worlds, axes: Axes) -> Calibration:
    """What headline levels are compared with; the plain world where purging it failed."""
    try:
        return worlds.departure(*axes.headline)
    except TulaError:
        return worlds.plain(axes.headline[1])


def _solve_case(case: Case, study: Study, worlds: _Worlds, solved: Solved) -> None:
    instruments = [item.instrument for item in study.instruments[case.scenario]]
    try:
        with heard() as said:
            world = worlds.departure(case.closure, case.elasticity)
            solution = solve(world, instruments, closure=CLOSURES[case.closure], on=study.file.on)
    except TulaError as error:
        solved.failures[case] = f"{type(error).__name__}: {error}"
    else:
        solved.solutions[case] = solution
        solved.warnings[case] = tuple(dict.fromkeys(said))


@contextmanager
def heard() -> Iterator[list[str]]:
    """Collect what the solver warns of; other warnings pass on as they came."""
    said: list[str] = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", MultipleEquilibriaWarning)
        yield said
    for item in caught:
        if issubclass(item.category, MultipleEquilibriaWarning):
            said.append(str(item.message))
        else:
            warnings.warn_explicit(item.message, item.category, item.filename, item.lineno)
