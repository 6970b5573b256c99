"""The frozen part of a backtest file, read block by block; every problem is kept with its place."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from tula.errors import TulaError, did_you_mean
from tula.evidence import Document, Problem, Record, errors_in, validate
from tula.study.backtest.conditions import CHECKS
from tula.study.backtest.forecast import forecast_of
from tula.study.backtest.frozen import Frozen, Named, Part, Setting, Setup
from tula.study.backtest.grounds import check_facts, late_facts, read_inputs
from tula.study.backtest.methods import METHODS, PROBABILITY
from tula.study.backtest.model_oil import OilInputs, unknown_keys
from tula.study.backtest.models import MODELS
from tula.study.backtest.schema import BacktestFile, ConditionBlock, ForecastBlock, ModelBlock
from tula.study.load import Study
from tula.study.vocabulary import Path_, unknown

#: Draws with which a forecast that needs no model is tried.
TRIAL = 8


class FrozenReader:
    """Reads the frozen part of one file; problems pile up in ``problems``."""

    def __init__(self, document: Document, file: BacktestFile, study: Study) -> None:
        self.document, self.file, self.study = document, file, study
        self.setup = Setup.of(study)
        self.problems: list[Problem] = []
        self.facts: set[str] = set()
        self.used: dict[str, Any] = {}
        self.models: dict[str, tuple[str, Record]] = {}

    def frozen(self) -> Frozen | None:
        """Everything forecasting is given; None where there are problems."""
        for key in ("models", "forecasts", "conditions"):
            self.problems += repeated(self.document, key)
        models = [self.model(place, one) for place, one in enumerate(self.file.models)]
        forecasts = [self.forecast(place, one) for place, one in enumerate(self.file.forecasts)]
        conditions = [self.condition(at, one) for at, one in enumerate(self.file.conditions)]
        if errors_in(self.problems):
            return None
        return Frozen(
            title=self.file.title,
            cutoff=self.file.cutoff,
            draws=self.file.draws,
            seed=self.file.seed,
            setup=self.setup,
            models=tuple(one for one in models if one is not None),
            forecasts=tuple(one for one in forecasts if one is not None),
            conditions=tuple(one for one in conditions if one is not None),
            facts=tuple(self.study.evidence[name] for name in sorted(self.facts)),
            used=self.used,
        )

    def model(self, place: int, block: ModelBlock) -> Part[ModelBlock] | None:
        """One model; None where it cannot be used."""
        path: Path_ = ("models", place)
        kind = self.entry((*path, "kind"), "kind of model", block.kind, MODELS)
        inputs = self.inputs(path, kind.inputs, self.file.cutoff) if kind else None
        if kind is None or inputs is None:
            return None
        if not self.names(path, kind.valid(inputs, self.setup)):
            return None
        if isinstance(inputs, OilInputs) and not self.own_keys(path, inputs):
            return None
        place_of = self.document.place((*path, "inputs"))
        self.problems += [Problem(place_of, line) for line in kind.check(inputs, self.setup)]
        facts, used = kind.rests_on(inputs, self.study)
        self.not_late(path, facts, self.file.cutoff)
        self.used |= used
        self.models[block.id] = (block.kind, inputs)
        return Part(block, inputs, self.file.cutoff)

    def own_keys(self, path: Path_, inputs: OilInputs) -> bool:
        """Whether the tie has every key of ``set``, and its pressure is in force by the freeze."""
        told = len(self.problems)
        for key, message in unknown_keys(inputs, self.setup).items():
            place = self.document.key_place((*path, "inputs", "set", key))
            self.problems.append(Problem(place, message))
        if inputs.in_force > self.file.cutoff:
            place = self.document.place((*path, "inputs", "in_force"))
            message = f"in_force is {inputs.in_force}, after the cut-off, {self.file.cutoff}"
            self.problems.append(Problem(place, message))
        return len(self.problems) == told

    def forecast(self, place: int, block: ForecastBlock) -> Part[ForecastBlock] | None:
        """One forecast; None where it cannot be made."""
        path: Path_ = ("forecasts", place)
        day = self.day(path, block)
        method = self.entry((*path, "method"), "method", block.method, METHODS)
        if method is None:
            return None
        self.agrees(path, "kind", block.kind, method.kind)
        unit = PROBABILITY if method.event else method.unit
        self.agrees(path, "unit", block.unit, unit or block.unit)
        inputs = self.inputs(path, method.inputs, day)
        if inputs is None:
            return None
        reads = {"model": method.reads} if method.reads else {}
        if reads and day < self.file.cutoff:
            message = "a forecast frozen before the cut-off cannot read a model frozen on it"
            self.problems.append(Problem(self.document.place((*path, "frozen")), message))
        models = self.read_models(path, inputs, reads)
        if models is not None:
            own = models.get(getattr(inputs, "model", ""))
            self.names(path, method.valid(inputs, own, self.setup))
        part = Part(block, inputs, day)
        if not reads:
            self.tried(path, part)
        return part

    def tried(self, path: Path_, part: Part[ForecastBlock]) -> None:
        """Make a forecast that needs no model once, to tell what is wrong with its place."""
        try:
            forecast_of(part, Setting(part.block.id, part.day, TRIAL, self.file.seed, self.setup))
        except TulaError as error:
            place = self.document.place((*path, "inputs"))
            self.problems.append(Problem(place, str(error)))

    def condition(self, place: int, block: ConditionBlock) -> Part[ConditionBlock] | None:
        """One condition; None where it cannot be judged."""
        path: Path_ = ("conditions", place)
        check = self.entry((*path, "check"), "check", block.check, CHECKS)
        if check is None:
            return None
        inputs, problems = validate(check.inputs, self.document, (*path, "inputs"))
        self.problems += problems
        if inputs is None:
            return None
        models = self.read_models(path, inputs, check.reads)
        if models is not None:
            self.names(path, check.valid(inputs, models, self.setup))
        self.known(path, check.outcomes(inputs))
        return Part(block, inputs, self.file.cutoff)

    def known(self, path: Path_, names: tuple[str, ...]) -> None:
        """Every forecast that a condition turns on is one of the file's."""
        valid = [block.id for block in self.file.forecasts]
        for name in names:
            if name not in valid:
                place = self.document.place((*path, "inputs"))
                message = f"unknown forecast {name!r}{did_you_mean(name, valid)}"
                self.problems.append(Problem(place, message))

    def day(self, path: Path_, block: ForecastBlock) -> date:
        """The day a forecast is frozen on, which may be earlier than the file's, never later."""
        if block.frozen is not None and block.frozen > self.file.cutoff:
            place = self.document.place((*path, "frozen"))
            message = f"frozen on {block.frozen}, after the cut-off, {self.file.cutoff}"
            self.problems.append(Problem(place, message))
        return min(block.frozen or self.file.cutoff, self.file.cutoff)

    def inputs(self, path: Path_, model: type[Record], day: date) -> Record | None:
        """The inputs of a block, each grounded in facts no later than a day or in a reason."""
        inputs, grounded, problems = read_inputs(self.document, path, model)
        what = "the inputs"
        at = (*path, "evidence")
        problems += check_facts(self.document, at, self.study.evidence, day, what)
        self.problems += problems
        self.facts |= {
            name for one in grounded for name in one.evidence if name in self.study.evidence
        }
        return None if problems else inputs

    def read_models(
        self, path: Path_, inputs: Record, reads: Mapping[str, str]
    ) -> dict[str, Record] | None:
        """Inputs of the models a block reads, by id; None where one of them is not there."""
        found: dict[str, Record] = {}
        for key, kind in reads.items():
            name = str(getattr(inputs, key))
            valid = {one.id: one for one in self.file.models if one.kind == kind}
            here = (*path, "inputs", key)
            self.problems += unknown(self.document, here, f"{kind} model", valid)
            if name in self.models and name in valid:
                found[name] = self.models[name][1]
        return found if len(found) == len({str(getattr(inputs, key)) for key in reads}) else None

    def names(self, path: Path_, named: Named) -> bool:
        """Whether every name in a block's inputs is known."""
        wrong = [
            problem
            for key, (kind, valid) in named.items()
            for problem in unknown(self.document, (*path, "inputs", *_steps(key)), kind, valid)
        ]
        self.problems += wrong
        return not wrong

    def not_late(self, path: Path_, facts: set[str], day: date) -> None:
        """Facts that the study's own numbers rest on and that are later than a day."""
        place = self.document.place((*path, "inputs"))
        for late in late_facts(sorted(facts), self.study.evidence, day):
            message = f"what this takes from the study rests on a later fact: {late}"
            self.problems.append(Problem(place, message))
        self.facts |= facts & set(self.study.evidence)

    def agrees(self, path: Path_, key: str, given: str, wanted: str) -> None:
        """A word that the method decides must be that word."""
        if given != wanted:
            place = self.document.place((*path, key))
            message = f"{key} is {given!r}; this method's is {wanted!r}"
            self.problems.append(Problem(place, message))

    def entry(self, path: Path_, kind: str, name: str, valid: Mapping[str, Any]) -> Any:
        """The entry of a registry by name; None, with a problem, where there is none."""
        self.problems += unknown(self.document, path, kind, valid)
        return valid.get(name)


def repeated(document: Document, key: str) -> list[Problem]:
    """Problems with entries of a list that share an id."""
    first: dict[str, int] = {}
    problems = []
    content = document.at((key,))
    for index in range(len(content) if isinstance(content, list) else 0):
        path: Path_ = (key, index, "id")
        name, place = document.at(path), document.place(path)
        if name in first:
            message = f"{key[:-1]} {name!r} stands twice (first on line {first[name]})"
            problems.append(Problem(place, message))
        first.setdefault(name, place.line)
    return problems


def _steps(key: str) -> tuple[str | int, ...]:
    return tuple(int(step) if step.isdigit() else step for step in key.split("."))
