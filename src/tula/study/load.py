"""From a study file to a study ready to run, or to every reason why not."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from importlib import resources
from itertools import chain
from pathlib import Path
from typing import Any

from tula.equilibrium.calibration import Calibration, calibrate
from tula.errors import TulaError, UnknownNameError
from tula.evidence import Document, Evidence, InvalidFileError, Problem, errors_in, validate
from tula.file.address import address
from tula.file.formats import repeated, without
from tula.file.grounding import idle, rangeless, ungrounded
from tula.file.grounds import Grounds, Number
from tula.file.overrides import NOTHING_SET, Settings
from tula.file.undecided import undecided, warned
from tula.file.wording import addressed, in_words
from tula.numbers.record import Path_
from tula.policy.duties import DutyTable
from tula.strategy.answer.inputs import AnswerInputs
from tula.strategy.answer.scenarios import unnamed_rent
from tula.study.askable import LEFT_OUT, MoveLeftOutWarning, unaskable, without_set
from tula.study.citations import check_citations
from tula.study.duties import Standing, check_laid_on, standing_of
from tula.study.elasticities import check_horizons
from tula.study.instruments import Grounded, beyond_use, grounded
from tula.study.manifest import NumberRecord
from tula.study.scenarios import check_policy, combined, layers_of, scenario_ids, study_day
from tula.study.schema import AsOf, ElasticitySet, Scenario, StudyFile
from tula.study.sources import names_in, read_sources
from tula.study.ties import Tie, check_beside, ties_of
from tula.ties.kinds import WrittenTie
from tula.world.economy import Economy
from tula.world.files import stands
from tula.world.named import Names

STUDY_FILE = "study.yaml"


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

    def number(self, one: Number) -> NumberRecord:
        """What is told of a number: what it is, as it stands, and what it rests on."""
        content, ground = self.document.content, self.grounds.at(one.path)
        return NumberRecord(
            key=address(content, one.path),
            title=in_words(StudyFile, content, one.path),
            value=one.text,
            evidence=ground.evidence,
            reason=ground.reason,
        )

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
        run = path.with_name("manifest.json").is_file()
        what = "the folder holds a run, not a study" if run else "there is no such file"
        raise NoStudyError(f"{path}: {what}; studies that come with Tula: {known}")
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
    beside = (file.parent for file in path.parent.glob(f"*/{STUDY_FILE}"))
    raise UnknownNameError("study", name_or_path, [*built_in, *map(str, beside)])


def load_study(name_or_path: str, settings: Settings = NOTHING_SET) -> Study:
    """Read and check a study; ``InvalidFileError`` with every problem found.

    ``settings`` replace numbers and words for this once; ``OverrideError`` where they cannot.
    """
    study, problems = examine_study(find_study(name_or_path), settings)
    if study is None:
        raise InvalidFileError(problems)
    for problem in study.warnings:
        if LEFT_OUT in problem.message:
            warnings.warn(problem.message, MoveLeftOutWarning, stacklevel=1)
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
    given = read_sources(path, settings)
    document, grounds, economy, table = given.document, given.grounds, given.economy, given.table
    calibration = None if economy is None else calibrate(economy)
    scenarios, day = scenario_ids(document), study_day(document)
    names = names_in(given, scenarios)
    called = partial(addressed, StudyFile, document.content)
    file, found = validate(StudyFile, document, (), names)
    parts = Parts.of(file, document, names)
    problems = [*given.problems, *found, *without(ungrounded(document, grounds, called), found)]
    problems += repeated(document, "scenarios", "scenario")
    problems += [*repeated(document, "ties", "tie"), *warned(document, grounds, called)]
    problems += idle(given.written, grounds)
    problems += _called_like_keys(document)
    problems += rangeless(document, grounds, parts.numbered, called)
    problems += check_citations(given, day)
    standing, found = standing_of(document, parts.as_of, table, calibration)
    problems += found + check_laid_on(document)
    orders, found = _orders(document, scenarios)
    problems += [*found, *_unnamed(parts, document)]
    instruments, ties = _instruments(parts, orders, grounds), ties_of(parts.ties, grounds)
    problems += beyond_use(chain.from_iterable(instruments.values()), document, grounds)
    if economy is not None and calibration is not None:
        problems += _together(document, parts, orders, instruments, standing, calibration, day)
        problems += check_horizons(document, parts.elasticities, economy)
        problems += check_beside(document, ties, standing.at_once(calibration))
    if parts.answer is not None:
        asked, found = without_set(parts.answer, document)
        parts, problems = replace(parts, answer=asked), problems + found
        file = None if file is None else file.model_copy(update={"answer": asked})
        problems += unaskable(asked, instruments, document, grounds, calibration, table)
    if file is None or economy is None or given.evidence is None or table is None:
        return None, problems
    if errors_in(problems):
        return None, problems
    digest = _hash(path, file, [economy.provenance.content_hash, *_layers(file, table)], settings)
    told = tuple(sorted(problems))
    return Study(
        file,
        economy,
        given.evidence,
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


def _called_like_keys(document: Document) -> Iterator[Problem]:
    """Problems of beliefs whose ids are keys of the study: an address could mean either."""
    beliefs = document.at(("beliefs",))
    for name in beliefs if isinstance(beliefs, dict) else ():
        if name in StudyFile.model_fields:
            message = f"belief {name!r} is called like a key of the study: give it another id"
            yield Problem(document.key_place(("beliefs", name)), message)


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
    for place in range(len(document.items((key,)))):
        found = validate(model, document, (key, place), names)[0]
        if found is not None:
            yield place, found


def _orders(
    document: Document, scenarios: Mapping[str, int]
) -> tuple[dict[str, list[int]], list[Problem]]:
    """Positions of the scenarios that each consists of; of those that can be put together."""
    orders, problems = {}, []
    for name, index in scenarios.items():
        order, found = combined(document, index)
        problems += found
        if not found:
            orders[name] = order
    return orders, problems


def _instruments(
    parts: Parts, orders: Mapping[str, Sequence[int]], grounds: Grounds
) -> dict[str, tuple[Grounded, ...]]:
    """All that each scenario does, of those whose parts are sound."""
    own = {
        place: grounded(("scenarios", place, "instruments"), scenario.instruments, grounds)
        for place, scenario in parts.scenarios.items()
    }
    return {
        name: tuple(item for place in order for item in own[place])
        for name, order in orders.items()
        if own.keys() >= set(order)
    }


def _unnamed(parts: Parts, document: Document) -> Iterator[Problem]:
    """Limits that do not say who keeps their rent: signs hang on it."""
    for place, scenario in parts.scenarios.items():
        for n, one in enumerate(scenario.instruments):
            if fault := unnamed_rent(one):
                path = ("scenarios", place, "instruments", n, one.kind)
                yield Problem(document.key_place(path), fault)


def _together(
    document: Document,
    parts: Parts,
    orders: Mapping[str, Sequence[int]],
    instruments: Mapping[str, tuple[Grounded, ...]],
    standing: Standing,
    calibration: Calibration,
    day: date | None,
) -> list[Problem]:
    """What shows only where a scenario's instruments meet the world and one another."""
    problems = []
    for name, joined in instruments.items():
        laid_on = layers_of(orders[name], parts.scenarios)
        met = standing.at_once(calibration, laid_on)
        problems += check_policy(document, orders[name][-1], joined, met, day, bool(laid_on))
    return problems


def _layers(file: StudyFile, table: DutyTable) -> list[str]:
    """The hash of the layers of duty, if anything rests on them."""
    read = file.as_of or (file.answer and file.answer.duties == "day")
    return [table.content_hash] if read else []


def _hash(path: Path, file: StudyFile, beside: Sequence[str], settings: Settings) -> str:
    parts = [path.read_bytes(), *map(str.encode, (*beside, *settings.told))]
    if file.evidence:
        parts.insert(1, (path.parent / file.evidence).read_bytes())
    return hashlib.sha256(b"\0".join(parts)).hexdigest()
