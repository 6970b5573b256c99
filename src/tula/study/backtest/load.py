"""From a backtest file to frozen inputs and, apart from them, what came later."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tula.errors import TulaError
from tula.evidence import InvalidFileError, errors_in, read_document, validate
from tula.study.backtest.frozen import Frozen
from tula.study.backtest.later import Later, read_later
from tula.study.backtest.reader import FrozenReader
from tula.study.backtest.schema import BacktestFile
from tula.study.load import (
    BACKTEST_FILE,
    STUDY_FILE,
    built_in_studies,
    examine_study,
    study_place,
)


@dataclass(frozen=True)
class Backtest:
    """A backtest that passed every check: what forecasting is given, and what scoring is."""

    frozen: Frozen
    later: Later
    notes: tuple[str, ...] = ()


class NoBacktestError(TulaError):
    """A study has no backtest. Write one beside it, or name a study that has one."""


def find_backtest(name_or_path: str) -> Path:
    """The backtest file of a study by name, folder or file.

    ``NoBacktestError`` if there is none, ``UnknownNameError`` for what is neither name nor path.
    """
    path = study_place(name_or_path)
    found = path.parent / BACKTEST_FILE if path.name == STUDY_FILE else path
    if not found.is_file():
        having = [
            name
            for name, study in built_in_studies().items()
            if (study.parent / BACKTEST_FILE).is_file()
        ]
        known = ", ".join(having)
        raise NoBacktestError(f"{name_or_path} has no backtest; studies with one: {known}")
    return found


def load_backtest(path: Path) -> Backtest:
    """Read and check a backtest; ``InvalidFileError`` with every problem found."""
    document = read_document(path)
    file, problems = validate(BacktestFile, document)
    problems += document.problems
    name = document.at(("study",))
    study, found = examine_study(path.parent / (name if isinstance(name, str) else STUDY_FILE))
    problems += errors_in(found)
    if file is None or study is None:
        raise InvalidFileError(problems)
    reader = FrozenReader(document, file, study)
    frozen = reader.frozen()
    later, found = read_later(document, file, study.evidence)
    problems += reader.problems + found
    if errors_in(problems) or frozen is None:
        raise InvalidFileError(problems)
    return Backtest(frozen, later, file.notes)
