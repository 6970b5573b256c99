"""From a study file to a study ready to run, or to every reason why not."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from tula.equilibrium.calibration import Calibration, calibrate
from tula.equilibrium.closures import CLOSURES
from tula.errors import TulaError, UnknownNameError
from tula.evidence import (
    Document,
    Evidence,
    InvalidFileError,
    Problem,
    errors_in,
    load_evidence,
    read_document,
    validate,
)
from tula.study.balance.block import BalanceBlock, read_balance
from tula.study.citations import check_citations, cited_beside
from tula.study.consistency import check_consistency
from tula.study.elasticities import check_elasticities, check_horizons
from tula.study.instruments import Grounded
from tula.study.scenarios import check_ids, check_policy, combined, read_own, scenario_ids
from tula.study.schema import StudyFile
from tula.study.ties import Tie, read_ties
from tula.study.vocabulary import (
    closure_names,
    extend_groups,
    items,
    region_codes,
    region_names,
    unknown,
)
from tula.world.economy import Economy
from tula.world.files import MissingFileError, existing, stands
from tula.world.store import load_world

STUDY_FILE = "study.yaml"
#: The file of frozen forecasts that may stand beside a study; ``tula.study.backtest`` reads it.
BACKTEST_FILE = "backtest.yaml"


@dataclass(frozen=True)
class Study:
    """A study that passed every check.

    ``economy`` carries the study's groups; ``instruments`` maps a scenario id to all it does,
    the scenarios it combines included; ``ties`` stand in the order of the file; ``balance`` is
    None where the study has none; ``content_hash`` covers study, evidence and world; ``path`` is
    its file.
    """

    file: StudyFile
    economy: Economy
    evidence: Evidence
    instruments: dict[str, tuple[Grounded, ...]]
    content_hash: str
    path: Path
    warnings: tuple[Problem, ...] = ()
    ties: tuple[Tie, ...] = ()
    balance: BalanceBlock | None = None


def built_in_studies() -> dict[str, Path]:
    """Studies that come with the package, by name."""
    root = Path(str(resources.files("tula"))) / "studies"
    files = sorted(root.glob(f"*/{STUDY_FILE}"))
    return {file.parent.name.replace("_", "-"): file for file in files}


class NoStudyError(TulaError):
    """There is no study file at a path. Name one, its folder, or a study that comes with Tula."""


def find_study(name_or_path: str) -> Path:
    """The file of a built-in study by name, or of a path to a study file or its folder.

    ``NoStudyError`` or ``UnknownNameError`` if there is none.
    """
    path = study_place(name_or_path)
    if not stands(path):
        known = ", ".join(built_in_studies())
        raise NoStudyError(f"{path}: there is no such file; studies that come with Tula: {known}")
    return path


def study_place(name_or_path: str) -> Path:
    """Where ``find_study`` looks, whether or not a file is there."""
    built_in, path = built_in_studies(), Path(name_or_path)
    if name_or_path in built_in:
        return built_in[name_or_path]
    if stands(path) and path.is_dir():
        return path / STUDY_FILE
    if path.suffix in (".yaml", ".yml") or stands(path):
        return path
    raise UnknownNameError("study", name_or_path, built_in)


def name_of(path: Path) -> str:
    """What ``find_study`` finds a study's file by: a built-in study's name, or an absolute path."""
    names = {file: name for name, file in built_in_studies().items()}
    return names.get(path, str(path.absolute()))


def load_study(name_or_path: str) -> Study:
    """Read and check a study; ``InvalidFileError`` with every problem found."""
    study, problems = examine_study(find_study(name_or_path))
    if study is None:
        raise InvalidFileError(problems)
    return study


def check_study(path: Path) -> list[Problem]:
    """Every problem and warning of a study file and its evidence, in file order."""
    try:
        return sorted(set(examine_study(path)[1]))
    except InvalidFileError as error:
        return list(error.problems)


def examine_study(path: Path) -> tuple[Study | None, list[Problem]]:
    """Return the study, or None if it cannot be used, with all problems and warnings.

    Raises ``InvalidFileError`` only where the file is not readable as YAML at all.
    """
    document = read_document(path)
    file, problems = validate(StudyFile, document)
    problems += [*document.problems, *check_ids(document), *check_consistency(document)]
    evidence, found = _evidence(document, path)
    problems += found + check_citations(document, evidence, _cited_beside(path))
    economy, found = _world(document, path)
    problems += found
    instruments: dict[str, tuple[Grounded, ...]] = {}
    calibration: Calibration | None = None
    if economy is not None:
        economy, found = extend_groups(economy, document)
        problems += found + _check_names(document, economy)
        problems += check_horizons(document, file, economy)
        calibration = calibrate(economy)
        instruments, found = _instruments(document, economy, calibration)
        problems += found
    ties, found = read_ties(document, calibration)
    problems += found
    balance, found = read_balance(document, economy, calibration, ties, instruments)
    problems += found
    if file is None or economy is None or evidence is None or errors_in(problems):
        return None, problems
    digest = _hash(path, path.parent / file.evidence, economy.provenance.content_hash)
    told = tuple(sorted(problems))
    return Study(file, economy, evidence, instruments, digest, path, told, ties, balance), problems


def _cited_beside(path: Path) -> set[str]:
    """Facts cited by the backtest beside a study; none where there is no such file to read."""
    beside = path.parent / BACKTEST_FILE
    try:
        return cited_beside(read_document(beside)) if beside.is_file() else set()
    except InvalidFileError:
        return set()


def _evidence(document: Document, path: Path) -> tuple[Evidence | None, list[Problem]]:
    name = document.at(("evidence",))
    if not isinstance(name, str):
        return None, []
    try:
        return load_evidence(path.parent / name), []
    except InvalidFileError as error:
        problems = list(error.problems)
    place = path.parent / name
    try:
        existing(place)
    except MissingFileError as error:
        why = str(error.args[0]).removeprefix(f"{place}: ")
        message = f"the evidence file beside the study, {name!r}: {why}"
        problems = [Problem(document.place(("evidence",)), message)]
    return None, problems


def _world(document: Document, path: Path) -> tuple[Economy | None, list[Problem]]:
    name = document.at(("world",))
    if not isinstance(name, str):
        return None, []
    beside = path.parent / name
    try:
        return load_world(beside if stands(beside) else name), []
    except TulaError as error:
        return None, [Problem(document.place(("world",)), str(error))]


def _check_names(document: Document, economy: Economy) -> list[Problem]:
    regions = region_codes(economy.labels)
    paths = [("published", index) for index in range(len(items(document, ("published",))))]
    problems = unknown(document, ("pivot",), "region", regions)
    problems += unknown(document, ("rivals",), "region", regions)
    problems += unknown(document, ("closures",), "closure", CLOSURES)
    problems += unknown(document, ("headline", "closure"), "closure", closure_names(document))
    for path in paths:
        problems += unknown(document, (*path, "region"), "region", region_names(economy.labels))
        problems += unknown(document, (*path, "scenario"), "scenario", scenario_ids(document))
    for key in ("keep", "give_way"):
        problems += unknown(document, ("weigh", key), "scenario", scenario_ids(document))
    return problems + check_elasticities(document, economy.labels)


def _instruments(
    document: Document, economy: Economy, calibration: Calibration
) -> tuple[dict[str, tuple[Grounded, ...]], list[Problem]]:
    ids = scenario_ids(document)
    own = {index: read_own(document, index, economy.labels) for index in ids.values()}
    problems = [problem for _, found in own.values() for problem in found]
    instruments: dict[str, tuple[Grounded, ...]] = {}
    for name, index in ids.items():
        order, found = combined(document, index)
        grounded = [item for position in order for item in own[position][0]]
        broken = found or any(own[position][1] for position in order)
        problems += found
        problems += [] if broken else check_policy(document, index, grounded, calibration)
        instruments[name] = tuple(grounded)
    return instruments, problems


def _hash(study: Path, evidence: Path, world: str) -> str:
    parts = [study.read_bytes(), evidence.read_bytes(), world.encode()]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()
