"""From a study file to a study ready to run, or to every reason why not."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

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
from tula.file.formats import repeated, require_format, without
from tula.file.grounds import Grounds, lift
from tula.file.overrides import NOTHING_SET, Settings
from tula.numbers.record import Path_
from tula.policy.duties import DutyTable
from tula.strategy.answer.inputs import AnswerInputs
from tula.study.askable import unaskable
from tula.study.citations import check_citations
from tula.study.duties import Standing, check_laid_on, standing_of, table_of
from tula.study.elasticities import check_horizons
from tula.study.grounding import rangeless, ungrounded
from tula.study.instruments import Grounded, grounded
from tula.study.scenarios import check_policy, combined, layers_of, scenario_ids
from tula.study.schema import AsOf, ElasticitySet, Scenario, StudyFile, names_of_sets
from tula.study.ties import Tie, check_beside, ties_of
from tula.study.undecided import undecided, warned
from tula.study.vocabulary import closure_names, extend_groups, items, text_items
from tula.ties.kinds import WrittenTie
from tula.world.economy import Economy
from tula.world.elasticities import AS_GIVEN
from tula.world.files import MissingFileError, existing, stands
from tula.world.named import Names
from tula.world.store import load_world

STUDY_FILE = "study.yaml"
#: A file of forecasts that stood beside studies of earlier layouts.
BACKTEST_FILE = "backtest.yaml"


@dataclass(frozen=True)
class Study:
    """A study that passed every check.

    ``economy`` carries the study's groups; ``instruments`` maps a scenario id to all it does,
    the scenarios it combines included; ``ties`` stand in the order of the file; ``content_hash``
    covers study, evidence, world, layers of duty in use and ``settings``, what the run sets in
    place of the study's; ``standing`` are the duties before every scenario, ``table`` their layers;
    ``path`` is its file, and ``document`` its content, whose numbers rest on ``grounds``.
    """

    file: StudyFile
    economy: Economy
    evidence: Evidence
    instruments: dict[str, tuple[Grounded, ...]]
    content_hash: str
    path: Path
    grounds: Grounds
    document: Document
    settings: Settings
    table: DutyTable
    standing: Standing
    warnings: tuple[Problem, ...] = ()
    ties: tuple[Tie, ...] = ()

    @property
    def undecided(self) -> dict[str, str]:
        """What is still a template's, by address: no answer is given before it is decided."""
        return undecided(self.document, self.grounds)

    def layers(self, scenario: str) -> tuple[str, ...]:
        """Layers of duty that a scenario lays on, those of what it combines included."""
        order, _ = combined(self.document, scenario_ids(self.document)[scenario])
        return layers_of(order, dict(enumerate(self.file.scenarios)))


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


def load_study(name_or_path: str, settings: Settings = NOTHING_SET) -> Study:
    """Read and check a study; ``InvalidFileError`` with every problem found.

    ``settings`` replace numbers and words for this once; ``OverrideError`` where they cannot.
    """
    study, problems = examine_study(find_study(name_or_path), settings)
    if study is None:
        raise InvalidFileError(problems)
    return study


def check_study(path: Path, settings: Settings = NOTHING_SET) -> list[Problem]:
    """Every problem and warning of a study file and its evidence, in file order."""
    try:
        return sorted(set(examine_study(path, settings)[1]))
    except InvalidFileError as error:
        return list(error.problems)


def examine_study(
    path: Path, settings: Settings = NOTHING_SET
) -> tuple[Study | None, list[Problem]]:
    """Return the study, or None if it cannot be used, with all problems and warnings.

    Raises ``InvalidFileError`` only where the file is not readable as YAML at all, or is in the
    layout of an earlier version.
    """
    written = settings.applied(require_format(read_document(path)))
    beliefs = written.at(("beliefs",))
    document, grounds, problems = lift(written, ZONES, beliefs if isinstance(beliefs, dict) else {})
    evidence, found = _evidence(document, path)
    problems += [*document.problems, *found]
    problems += check_citations(written, grounds, evidence) + _left_over(written, path)
    economy, found = _world(document, path)
    problems += found
    table, found = table_of(document, path)
    problems += found
    calibration: Calibration | None = None
    if economy is not None:
        economy, found = extend_groups(economy, document)
        problems += found
        calibration = calibrate(economy)
    names = _names(document, economy, evidence, table)
    file, found = validate(StudyFile, document, (), names)
    problems += found + _repeated(document)
    bare = ungrounded(document, grounds)
    problems += without(bare, found)
    problems += warned(document, grounds)
    parts = Parts.of(file, document, names)
    standing, found = standing_of(document, parts.as_of, table, calibration)
    problems += found + check_laid_on(document)
    problems += rangeless(document, grounds, parts.numbered)
    instruments, found = _instruments(document, grounds, parts, standing, calibration)
    problems += found
    if parts.answer is not None:
        problems += unaskable(parts.answer, instruments, document, grounds, calibration, table)
    ties = ties_of(document, parts.ties, grounds)
    if economy is not None and calibration is not None:
        problems += check_horizons(document, parts.elasticities, economy)
        problems += check_beside(document, ties, standing.at_once(calibration))
    if file is None or economy is None or evidence is None or table is None:
        return None, problems
    if errors_in(problems):
        return None, problems
    digest = _hash(path, file, [economy.provenance.content_hash, *_layers(file, table)], settings)
    told = tuple(sorted(problems))
    return Study(
        file,
        economy,
        evidence,
        instruments,
        digest,
        path,
        grounds,
        document,
        settings,
        table,
        standing,
        told,
        tuple(ties),
    ), problems


#: Keys below which numbers say what they rest on.
ZONES = ("instruments", "ties", "elasticities", "answer")


@dataclass(frozen=True)
class Parts:
    """The parts of a study file that are sound by themselves, by their place in it."""

    scenarios: Mapping[int, Scenario]
    ties: Sequence[tuple[int, Any]]
    elasticities: Mapping[str, ElasticitySet]
    as_of: AsOf | None
    answer: AnswerInputs | None

    @classmethod
    def of(cls, file: StudyFile | None, document: Document, names: Names) -> Parts:
        """All parts of a sound file; of any other those that are sound alone."""
        if file is not None:
            return cls(
                dict(enumerate(file.scenarios)),
                list(enumerate(file.ties)),
                file.elasticities,
                file.as_of,
                file.answer,
            )
        sets = document.at(("elasticities",))
        asked = ("answer",) in document.keys
        return cls(
            dict(_sound(Scenario, document, "scenarios", names)),
            list(_sound(WrittenTie, document, "ties", names)),
            {
                name: found
                for name in (sets if isinstance(sets, dict) else ())
                if (found := validate(ElasticitySet, document, ("elasticities", name), names)[0])
            },
            validate(AsOf, document, ("as_of",), names)[0],
            validate(AnswerInputs, document, ("answer",), names)[0] if asked else None,
        )

    @property
    def numbered(self) -> list[tuple[Path_, object]]:
        """Parts with numbers that are drawn or could be, by path."""
        sets = [(("elasticities", name), one) for name, one in self.elasticities.items()]
        return [*sets, *((("ties", place, one.kind), one.tie) for place, one in self.ties)]


def _sound(model: Any, document: Document, key: str, names: Names) -> Iterator[tuple[int, Any]]:
    for place in range(len(items(document, (key,)))):
        found = validate(model, document, (key, place), names)[0]
        if found is not None:
            yield place, found


def _names(
    document: Document,
    economy: Economy | None,
    evidence: Evidence | None,
    table: DutyTable | None,
) -> Names:
    """What the study may name."""
    labels = None if economy is None else economy.labels
    pivot = document.at(("pivot",))
    sets = document.at(("elasticities",))
    known: dict[str, Collection[str]] = {
        "scenario": scenario_ids(document),
        "closure": CLOSURES,
        "closure of the study": closure_names(document),
        "elasticity": sets if isinstance(sets, dict) and sets else {AS_GIVEN: ""},
        "elasticity set": names_of_sets(),
    }
    if table is not None:
        known["layer"] = table.names
    if evidence is not None:
        known["fact"] = evidence.facts
    names = Names(labels, known=known)
    names.pivot = names.region(pivot) if isinstance(pivot, str) else ""
    known["rival"] = [names.region(name) for _, name in text_items(document, ("rivals",))]
    return names


def _repeated(document: Document) -> list[Problem]:
    return [*repeated(document, "scenarios", "scenario"), *repeated(document, "ties", "tie")]


def _left_over(document: Document, path: Path) -> list[Problem]:
    """A warning for a backtest of an earlier layout beside a study: nothing reads it."""
    if not (path.parent / BACKTEST_FILE).is_file():
        return []
    message = (
        f"{BACKTEST_FILE} is no longer read: state forecasts under answer.forecasts, and what "
        "came of them under backtest"
    )
    return [Problem(document.place(()), message, warning=True)]


def _evidence(document: Document, path: Path) -> tuple[Evidence | None, list[Problem]]:
    name = document.at(("evidence",))
    if name is None:
        return Evidence({}, {}), []
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
    if name is None and ("world",) not in document.values:
        name = StudyFile.model_fields["world"].default
    if not isinstance(name, str):
        return None, []
    beside = path.parent / name
    try:
        return load_world(beside if stands(beside) else name), []
    except TulaError as error:
        return None, [Problem(document.place(("world",)), str(error))]


def _instruments(
    document: Document,
    grounds: Grounds,
    parts: Parts,
    standing: Standing,
    calibration: Calibration | None,
) -> tuple[dict[str, tuple[Grounded, ...]], list[Problem]]:
    own: dict[int, list[Grounded]] = {}
    problems: list[Problem] = []
    for place, scenario in parts.scenarios.items():
        path = ("scenarios", place, "instruments")
        own[place] = grounded(path, scenario.instruments, grounds)
    instruments: dict[str, tuple[Grounded, ...]] = {}
    for name, index in scenario_ids(document).items():
        order, found = combined(document, index)
        problems += found
        if found or not all(place in own for place in order):
            continue
        joined = [item for place in order for item in own[place]]
        if calibration is not None:
            laid_on = layers_of(order, parts.scenarios)
            met = standing.at_once(calibration, laid_on)
            problems += check_policy(document, index, joined, met, bool(laid_on))
        instruments[name] = tuple(joined)
    return instruments, problems


def _layers(file: StudyFile, table: DutyTable) -> list[str]:
    """The hash of the layers of duty, if anything rests on them."""
    read = file.as_of or (file.answer and file.answer.duties == "day")
    return [table.content_hash] if read else []


def _hash(path: Path, file: StudyFile, beside: Sequence[str], settings: Settings) -> str:
    parts = [path.read_bytes(), *map(str.encode, (*beside, *settings.told))]
    if file.evidence:
        parts.insert(1, (path.parent / file.evidence).read_bytes())
    return hashlib.sha256(b"\0".join(parts)).hexdigest()
