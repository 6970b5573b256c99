"""Studies run and opened again in a session."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tula.file.overrides import Settings
from tula.study.effort import DRAWS, QUICK, Effort
from tula.study.load import load_study
from tula.study.results import StudyResults
from tula.study.run import run_study as run
from tula.uncertainty.draws import require_draws


def run_study(
    study: str | os.PathLike[str],
    *,
    draws: int | None = None,
    set: Mapping[str, Any] | None = None,
    override: Sequence[str] = (),
    quick: bool = False,
    jobs: int = 1,
) -> StudyResults:
    """Run a study: built in, by name, or a study file or its folder; return its results.

    ``set`` replaces numbers and words for this run, by address or id of a belief, as a file would
    have them (``{"duty": "18 pp"}``); ``override`` names overrides of the study. ``draws`` of the
    beliefs (64; 8 if ``quick``) are a power of two from 8. ``jobs`` processes share them; more than
    one asks for a script's ``if __name__ == "__main__"``. The results hold ``answer`` (label,
    odds, price, ties), ``flows`` by month, ``data`` and ``manifest``; ``save`` writes what
    ``open_results`` reads. Raises ``InvalidFileError``, ``OverrideError``, ``DrawsError`` and
    ``UnknownNameError``.
    """
    found = load_study(os.fspath(study), Settings(dict(set or {}), tuple(override)))
    draws = draws if draws is not None else (QUICK if quick else DRAWS)
    require_draws(draws)
    return run(found, quick=quick, effort=Effort(draws, jobs))


def open_results(folder: str | os.PathLike[str]) -> StudyResults:
    """Open what ``tula run`` or ``StudyResults.save`` left, to the last bit.

    Raises ``ResultsFormatError`` where a file is absent, altered or of another run.
    """
    return StudyResults.load(Path(folder))
