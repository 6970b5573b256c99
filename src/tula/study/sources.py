"""What a study is made from: its file, and the facts, the world and the duties that this names."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from tula.equilibrium.closures import CLOSURES
from tula.evidence import (
    Document,
    Evidence,
    InvalidFileError,
    Problem,
    load_evidence,
    read_document,
)
from tula.file.beside import read_beside
from tula.file.formats import require_format
from tula.file.grounds import Grounds, lift
from tula.file.overrides import Settings
from tula.policy.duties import DutyTable, embedded_duties, read_duties
from tula.study.schema import StudyFile, names_of_sets
from tula.study.vocabulary import extend_groups
from tula.world.economy import Economy
from tula.world.elasticities import AS_GIVEN
from tula.world.files import existing
from tula.world.named import Names
from tula.world.store import load_world

#: The file of frozen forecasts that may stand beside a study; ``tula.study.backtest`` reads it.
BACKTEST_FILE = "backtest.yaml"
#: Keys below which numbers say what they rest on.
ZONES = ("instruments", "ties", "elasticities", "answer")


@dataclass(frozen=True)
class Sources:
    """All that was read, before anything is held to a type.

    ``written`` is the file as its author has it, ``document`` the same without the ``grounds`` of
    its numbers; ``economy`` carries the study's groups, ``forecasts`` is the file of these beside
    it. What cannot be read is None, and told in ``problems``.
    """

    written: Document
    document: Document
    grounds: Grounds
    evidence: Evidence | None
    economy: Economy | None
    table: DutyTable | None
    forecasts: Document | None
    problems: tuple[Problem, ...]


def read_sources(path: Path, settings: Settings) -> Sources:
    """Read a study file and what it names.

    Raises ``InvalidFileError`` only where the file is not readable as YAML at all, or is in the
    layout of an earlier version.
    """
    written = settings.applied(require_format(read_document(path)))
    beliefs = written.at(("beliefs",))
    document, grounds, problems = lift(written, ZONES, beliefs if isinstance(beliefs, dict) else {})
    evidence, bad_facts = read_beside(document, "evidence", _facts)
    table, bad_duties = read_beside(document, "duties", _duties)
    world = StudyFile.model_fields["world"].default
    economy, bad_world = read_beside(document, "world", load_world, world)
    clashes: list[Problem] = []
    if economy is not None:
        economy, clashes = extend_groups(economy, document)
    problems += [*document.problems, *bad_facts, *bad_duties, *bad_world, *clashes]
    told = tuple(problems)
    return Sources(written, document, grounds, evidence, economy, table, _forecasts(path), told)


def _facts(place: str | Path) -> Evidence:
    return load_evidence(existing(place)) if place else Evidence({}, {})


def _duties(place: str | Path) -> DutyTable:
    return read_duties(place) if place else embedded_duties()


def _forecasts(path: Path) -> Document | None:
    """The forecasts beside a study; None where there is no such file, or none to be read."""
    beside = path.parent / BACKTEST_FILE
    try:
        return read_document(beside) if beside.is_file() else None
    except InvalidFileError:
        return None


def names_in(given: Sources, scenarios: Collection[str]) -> Names:
    """What the study may name."""
    document = given.document
    pivot, sets = document.at(("pivot",)), document.at(("elasticities",))
    closures = [name for _, name in document.texts(("closures",))]
    known: dict[str, Collection[str]] = {
        "scenario": scenarios,
        "closure": CLOSURES,
        "closure of the study": closures or CLOSURES,
        "elasticity": sets if isinstance(sets, dict) and sets else {AS_GIVEN: ""},
        "elasticity set": names_of_sets(),
    }
    if given.table is not None:
        known["layer"] = given.table.names
    if given.evidence is not None:
        known["fact"] = given.evidence.facts
    names = Names(given.economy.labels if given.economy else None, known=known)
    names.pivot = names.region(pivot) if isinstance(pivot, str) else ""
    known["rival"] = [names.region(name) for _, name in document.texts(("rivals",))]
    return names
