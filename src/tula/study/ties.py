"""Ties as study files write them: a kind, its model's fields, and what every number rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from tula.equilibrium import Calibration
from tula.errors import TulaError, did_you_mean
from tula.evidence import Document, Place, Problem, validate
from tula.study.complaints import exact, lines, told, unless_unknown
from tula.study.schema import TieHead
from tula.study.tie_kinds import KINDS, Part
from tula.study.tie_numbers import GroundedNumber, Number, ground, numbers_in
from tula.study.vocabulary import Path_, items, region_codes, region_names, sector_names, unknown

#: Keys of one region, and keys of several, where groups may stand too.
REGION_KEYS = ("partner", "region", "vendor", "threatened", "supplier", "rival")
REGIONS_KEYS = ("bloc", "members")
SECTOR_KEYS = ("sectors", "fuels", "leaves", "enters")
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
    problems += found + unless_unknown(bare, found)
    if not found:
        problems += exact(document, models, grounded, path)
    if not problems and calibration is not None:
        problems += _beside_the_world(document, path, kind, models, partner, calibration)
    if head is None or problems:
        return None, problems
    return Tie(kind, head, models, grounded), []


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
    labels = calibration.labels
    named = [
        (REGION_KEYS, "region", region_codes(labels)),
        (REGIONS_KEYS, "region", region_names(labels)),
        (SECTOR_KEYS, "sector", sector_names(labels)),
    ]
    problems = []
    for key in document.keys:
        if key[: len(path)] != path or "evidence" in key or "assumptions" in key:
            continue
        for keys, kind, valid in named:
            if key[-1] in keys:
                problems += unknown(document, key, kind, valid)
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
                problems += told(document, here, details)
        except TulaError as error:
            problems += lines(document, here, str(error), numbers)
    return models, list(dict.fromkeys(problems))


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
