"""What each of several settings has to do with what moved between two runs of one study."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from itertools import count
from math import isnan

import numpy as np

from tula.errors import TulaError
from tula.file.overrides import Settings
from tula.strategy.shapley import shapley
from tula.study.compare import compare
from tula.study.effort import Effort
from tula.study.load import load_study
from tula.study.results import StudyResults
from tula.study.run import run_study

Array = np.ndarray
#: How an override of a study is told among the settings of a run.
NAMED = "override "


class PartsError(TulaError):
    """Settings cannot be told apart: the study is another by now, or the runs differ in more.

    Run the study twice with the same draws, and with --set alone for what differs.
    """


def differing(first: StudyResults, second: StudyResults) -> tuple[str, ...]:
    """Return the settings that two runs do not share, by address or name."""
    had, has = (_settings(one) for one in (first, second))
    return tuple(name for name in dict.fromkeys((*had, *has)) if had.get(name) != has.get(name))


def runs_needed(settings: int) -> int:
    """Return how many runs it takes to tell so many settings apart, beside the two there are."""
    return max(0, (1 << settings) - 2)


def parts(
    study: str,
    first: StudyResults,
    second: StudyResults,
    *,
    jobs: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, dict[str, float]]:
    """Return by setting what it adds to each result that moved between two runs of a study.

    The study is run with every mixture of the settings that differ. A part is the effect of a
    setting averaged over every order in which they could change (Shapley), in the unit of the
    result; the parts add up to what moved, and results that a mixture lacks have none. ``progress``
    is told how many runs are done, of how many. Raises ``PartsError``, ``ShapleyError`` for more
    than ten settings, and the errors of loading and running.
    """
    apart = differing(first, second)
    _require_runs_of(study, first, second, apart)
    known = {frozenset[str](): first, frozenset(apart): second}
    names = [one.name for one in compare(first, second).moved]
    total, done, tell = runs_needed(len(apart)), count(), progress or (lambda done, of: None)

    def payoff(switched: frozenset[str]) -> Array:
        run = known.get(switched)
        if run is None:
            tell(next(done), total)
            run = _mixture(study, first, second, switched, jobs)
        found = {one.name: one.second for one in compare(first, run).moved}
        return np.array([found.get(name, np.nan) for name in names])

    each = shapley(apart, payoff)
    told = {setting: dict(zip(names, each[setting].tolist(), strict=True)) for setting in apart}
    return {name: {k: v for k, v in of.items() if not isnan(v)} for name, of in told.items()}


def _settings(results: StudyResults) -> dict[str, str]:
    """What a run set, in words, by name of the override or by address."""
    told = results.manifest.settings
    return {one if one.startswith(NAMED) else one.partition("=")[0]: one for one in told}


def _require_runs_of(
    study: str, first: StudyResults, second: StudyResults, apart: tuple[str, ...]
) -> None:
    if not apart:
        raise PartsError("nothing was set differently: parts are those of --set and --override")
    had, has = first.manifest, second.manifest
    if (had.draws, had.options, had.versions) != (has.draws, has.options, has.versions):
        raise PartsError("the runs differ in draws, --quick or versions too: run them alike")
    for one in (first, second):
        if load_study(study, _read(_settings(one))).content_hash != one.manifest.study_hash:
            raise PartsError(
                f"{study}: not the study of these runs as they found it, its evidence and world "
                "included; run it twice, with --set for what differs"
            )


def _mixture(
    study: str, first: StudyResults, second: StudyResults, switched: frozenset[str], jobs: int
) -> StudyResults:
    """Run the study with the settings of the first, these as in the second."""
    had, has = _settings(first), _settings(second)
    mixed = {name: told for name, told in had.items() if name not in switched}
    mixed |= {name: told for name, told in has.items() if name in switched or had.get(name) == told}
    manifest = first.manifest
    effort = Effort(manifest.draws, jobs) if manifest.draws else None
    return run_study(load_study(study, _read(mixed)), quick=manifest.options.quick, effort=effort)


def _read(settings: Mapping[str, str]) -> Settings:
    named = tuple(one.removeprefix(NAMED) for one in settings if one.startswith(NAMED))
    values = {
        name: json.loads(told.partition("=")[2])
        for name, told in settings.items()
        if not name.startswith(NAMED)
    }
    return Settings(values, named)
