"""Ties as study files write them: a kind, its model's fields, and what every number rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from tula.equilibrium import Calibration
from tula.errors import TulaError, did_you_mean
from tula.evidence import Document, Place, Problem, validate
from tula.study.schema import TieHead
from tula.study.tie_kinds import KINDS, Part
from tula.study.tie_numbers import GroundedNumber, Number, ground, numbers_in
from tula.study.vocabulary import Path_, items, region_names, sector_names, unknown
from tula.ties.inputs import quantities
from tula.ties.quantity import Quantity

REGION_KEYS = ("partner", "region", "vendor", "bloc", "members", "threatened")
SECTOR_KEYS = ("sectors", "fuels")
#: Keys of a block that belong to the study, not to the models of the tie.
STUDY_KEYS = (*TieHead.model_fields, "evidence", "assumptions")


@dataclass(frozen=True)
class Tie:
    """A tie that passed every check: its models by key ("" = the block itself), its numbers."""

    kind: str
    head: TieHead
    models: Mapping[str, Any]
    numbers: tuple[GroundedNumber, ...]


def read_ties(
    document: Document, calibration: Calibration | None
) -> tuple[tuple[Tie, ...], list[Problem]]:
    """Return the ties of a study and everything wrong with any of them."""
    found, problems = [], _repeated(document)
    for index in range(len(items(document, ("ties",)))):
        tie, wrong = read_tie(document, ("ties", index), calibration)
        problems += wrong
        if tie is not None:
            found.append(tie)
    return tuple(found), problems


def read_tie(
    document: Document, path: Path_, calibration: Calibration | None
) -> tuple[Tie | None, list[Problem]]:
    """Return the tie at ``path``, or None with every problem and its place."""
    content = document.at(path)
    kind = next(iter(content)) if isinstance(content, dict) and len(content) == 1 else None
    body = content[kind] if kind is not None else None
    if kind not in KINDS or not isinstance(body, dict):
        return None, [_malformed(document, path, kind)]
    return _read(document, (*path, kind), str(kind), body, calibration)


def _malformed(document: Document, path: Path_, kind: str | None) -> Problem:
    if kind is None or kind in KINDS:
        return Problem(document.place(path), "write the tie as 'kind: {fields}'")
    message = f"unknown kind of tie {kind!r}{did_you_mean(kind, KINDS)}"
    return Problem(document.key_place((*path, kind)), message)


def _read(
    document: Document,
    path: Path_,
    kind: str,
    body: dict[str, Any],
    calibration: Calibration | None,
) -> tuple[Tie | None, list[Problem]]:
    block = {key: value for key, value in body.items() if key not in STUDY_KEYS}
    numbers = [number for key in block for number in numbers_in(block[key], (*path, key), key)]
    head, problems = _head(document, path, body)
    grounded, bare = ground(document, path, numbers)
    problems += _names(document, path, calibration) if calibration else []
    pivot, partner = (str(document.at(at) or "") for at in (("pivot",), (*path, "partner")))
    models, found = _models(document, path, KINDS[kind].parts(block, pivot, partner), numbers)
    problems += found + _unless_unknown(bare, found)
    if not found:
        problems += _exact(document, models, grounded, path)
    if not problems and calibration is not None:
        problems += _beside_the_world(document, path, kind, models, partner, calibration)
    if head is None or problems:
        return None, problems
    return Tie(kind, head, models, grounded), []


def _unless_unknown(bare: list[Problem], found: list[Problem]) -> list[Problem]:
    """Problems of numbers, but of those under a key that no model has: that is told already."""
    lines = {problem.place.line for problem in found if problem.message.startswith("unknown key")}
    return [problem for problem in bare if problem.place.line not in lines]


def _head(
    document: Document, path: Path_, body: dict[str, Any]
) -> tuple[TieHead | None, list[Problem]]:
    own = {key: body[key] for key in TieHead.model_fields if key in body}
    keys, values = (_below(table, path) for table in (document.keys, document.values))
    refused = frozenset(at[len(path) :] for at in document.refused if at[: len(path)] == path)
    head, problems = validate(TieHead, Document(document.file, own, keys, values, (), refused))
    pivot = document.at(("pivot",))
    if pivot is not None and body.get("partner") == pivot:
        place = document.place((*path, "partner"))
        problems.append(Problem(place, f"{pivot!r} is the pivot and cannot be its own partner"))
    return head, problems


def _below(table: dict[Path_, Place], path: Path_) -> dict[Path_, Place]:
    """Places beneath a path, from there on."""
    depth = len(path)
    return {key[depth:]: place for key, place in table.items() if key[:depth] == path}


def _names(document: Document, path: Path_, calibration: Calibration) -> list[Problem]:
    regions, sectors = region_names(calibration.labels), sector_names(calibration.labels)
    problems = []
    for key in document.keys:
        if key[: len(path)] != path or "evidence" in key or "assumptions" in key:
            continue
        if key[-1] in REGION_KEYS:
            problems += unknown(document, key, "region", regions)
        elif key[-1] in SECTOR_KEYS:
            problems += unknown(document, key, "sector", sectors)
    return problems


def _models(
    document: Document, path: Path_, parts: list[Part], numbers: list[Number]
) -> tuple[dict[str, Any], list[Problem]]:
    """Every part read by its model, or problems with their places."""
    models: dict[str, Any] = {}
    problems: list[Problem] = []
    for part in parts:
        here = (*path, part.key) if part.key else path
        try:
            models[part.key] = part.model.model_validate(part.fields)
        except ValidationError as error:
            for details in error.errors():
                problems += _told(document, here, details)
        except TulaError as error:
            problems += _lines(document, here, str(error), numbers)
        else:
            problems += _not_numbers(document, here, part.fields, models[part.key])
    return models, list(dict.fromkeys(problems))


def _told(document: Document, here: Path_, details: ErrorDetails) -> list[Problem]:
    """The problems in one complaint of a model; none where the reader has told it already."""
    path = (*here, *details["loc"])
    if any(refused[: len(path)] == path for refused in document.refused):
        return []
    name, message = path[-1], details["msg"].removeprefix("Value error, ")
    if message == "Field required":
        place, message = document.key_place(path[:-1]), f"key {name!r} is missing"
    elif message.startswith(("unknown key", "Extra inputs")):
        near = message.removeprefix("unknown key") if message.startswith("unknown") else ""
        place, message = document.key_place(path), f"unknown key {name!r}{near}"
    else:
        place = document.place(path)
        if len(path) > len(here):
            message = f"{name!r}: {message}"
    return [Problem(place, line.strip()) for line in message.splitlines()]


def _lines(document: Document, here: Path_, message: str, numbers: list[Number]) -> list[Problem]:
    """A complaint of several lines, each at the number it begins with, or at the tie."""
    problems = []
    for line in message.splitlines():
        named = line.split(":")[0].strip()
        found = [one for one in numbers if f".{one.key}".endswith(f".{named}")]
        place = document.place(found[0].path if found else here)
        problems.append(Problem(place, line.strip()))
    return problems


def _not_numbers(document: Document, here: Path_, fields: Any, model: Any) -> list[Problem]:
    """Problems where the file has text or a truth value and the model made a number of it."""
    if isinstance(fields, str | bool):
        if isinstance(model, int | float) and not isinstance(model, bool):
            shown = str(fields).lower() if isinstance(fields, bool) else repr(fields)
            return [Problem(document.place(here), f"must be a number, not {shown}")]
        return []
    members: list[tuple[Any, Any]] = []
    if isinstance(fields, dict):
        members = list(fields.items())
    elif isinstance(fields, list):
        members = list(enumerate(fields))
    return [
        problem
        for step, member in members
        for problem in _not_numbers(document, (*here, step), member, _member(model, step))
    ]


def _member(model: Any, step: Any) -> Any:
    """A field, an item or an entry of something a model made; None where there is none."""
    if isinstance(model, Mapping):
        return model.get(step)
    if isinstance(model, tuple) and isinstance(step, int):
        return model[step]
    return getattr(model, step, None) if isinstance(step, str) else None


def _exact(
    document: Document, models: dict[str, Any], grounded: tuple[GroundedNumber, ...], path: Path_
) -> list[Problem]:
    """Problems with numbers that are assumed and could have a range, but have none.

    An exact 0 says that there is nothing of the kind, and needs none.
    """
    ranging: dict[Path_, Quantity] = {}
    for key, model in models.items():
        here = (*path, key) if key else path
        for name, quantity in quantities(model).items():
            steps = (int(step) if step.isdigit() else step for step in name.split("."))
            ranging[(*here, *steps)] = quantity
    return [
        Problem(
            document.place(one.number.path),
            f"{one.number.key} is assumed: give its range, as {{value, low, high}}",
        )
        for one in grounded
        if not (one.evidence or one.number.ranged) and one.number.path in ranging
        if ranging[one.number.path].value != 0.0
    ]


def _beside_the_world(
    document: Document,
    path: Path_,
    kind: str,
    models: dict[str, Any],
    partner: str,
    calibration: Calibration,
) -> list[Problem]:
    try:
        KINDS[kind].check(models, partner, calibration)
    except TulaError as error:
        return [Problem(document.key_place(path), " ".join(str(error).split()))]
    return []


def _repeated(document: Document) -> list[Problem]:
    """Problems with ties that share an id."""
    first: dict[str, int] = {}
    problems = []
    for index, content in enumerate(items(document, ("ties",))):
        for kind in content if isinstance(content, dict) else ():
            path: Path_ = ("ties", index, kind, "id")
            name, place = document.at(path), document.place(path)
            if isinstance(name, str) and name in first:
                message = f"tie {name!r} stands twice (first on line {first[name]})"
                problems.append(Problem(place, message))
            elif isinstance(name, str):
                first[name] = place.line
    return problems
