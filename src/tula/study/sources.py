"""What a study is made from: its file, and the facts, the world and the duties that this names."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from tula.equilibrium.closures import CLOSURES
from tula.evidence import (
    Document,
    Evidence,
    Problem,
    load_evidence,
    read_document,
)
from tula.file.beside import read_beside
from tula.file.formats import require_format
from tula.file.grounds import Grounds, lift
from tula.file.overrides import Settings
from tula.policy.duties import DutyTable, embedded_duties, read_duties
from tula.study.groups import extend_groups
from tula.study.schema import StudyFile, names_of_sets
from tula.world.economy import Economy
from tula.world.elasticities import AS_GIVEN
from tula.world.files import existing
from tula.world.named import Names
from tula.world.store import load_world

#: A file of forecasts that stood beside studies of earlier layouts.
BACKTEST_FILE = "backtest.yaml"
#: Keys below which numbers say what they rest on.
ZONES = ("instruments", "ties", "elasticities", "answer")


@dataclass(frozen=True)
class Sources:
    """All that was read, before anything is held to a type.

    ``written`` is the file as its author has it, ``document`` the same without the ``grounds`` of
    its numbers; ``economy`` carries the study's groups. What cannot be read is None, and told in
    ``problems``.
    """

    written: Document
    document: Document
    grounds: Grounds
    evidence: Evidence | None
    economy: Economy | None
    table: DutyTable | None
    problems: tuple[Problem, ...]


def read_sources(path: Path, settings: Settings) -> Sources:
    """Read a study file and what it names.

    Raises ``InvalidFileError`` only where the file is not readable as YAML at all, or is in the
    layout of an earlier version.
    """
    written = settings.applied(require_format(read_document(path)), StudyFile)
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
    told = (*problems, *_left_over(written, path))
    return Sources(written, document, grounds, evidence, economy, table, told)


def _facts(place: str | Path) -> Evidence:
    return load_evidence(existing(place)) if place else Evidence({}, {})


def _duties(place: str | Path) -> DutyTable:
    return read_duties(place) if place else embedded_duties()


def _left_over(document: Document, path: Path) -> Iterator[Problem]:
    """A warning for a backtest of an earlier layout beside a study: nothing reads it."""
    if (path.parent / BACKTEST_FILE).is_file():
        message = (
            f"{BACKTEST_FILE} is no longer read: state forecasts under answer.forecasts, and what "
            "came of them under backtest"
        )
        yield Problem(document.place(()), message, warning=True)


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
