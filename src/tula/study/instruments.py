"""Instruments as study files write them: the policy room's fields with evidence beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tula.errors import TulaError
from tula.evidence import Document, Problem, validate
from tula.policy.base import InstrumentError
from tula.policy.union import KINDS, Instrument, parse_instrument
from tula.policy.units import QUANTITY
from tula.study.schema import Assumption
from tula.study.vocabulary import Path_, region_codes, region_names, sector_names, unknown
from tula.world.labels import Labels

#: Keys of an instrument that belong to the study, not to the policy room.
STUDY_KEYS = ("evidence", "assumption")
#: Keys of one region, and keys of several, where groups may stand too.
REGION_KEYS = ("payer", "receiver", "from", "to")
REGIONS_KEYS = (
    *("importer", "exporter", "region", "members"),
    *("except_importers", "except_exporters", "except_partners"),
)
SECTOR_KEYS = ("sectors", "except_sectors")


@dataclass(frozen=True)
class Grounded:
    """One instrument and what its number rests on: facts, or an assumption with a range.

    ``path`` leads to it in the study file; ``assumed`` is the assumed key and its value.
    """

    path: Path_
    instrument: Instrument
    evidence: tuple[str, ...]
    assumption: Assumption | None
    assumed: str


def read_instrument(
    document: Document, path: Path_, labels: Labels
) -> tuple[Grounded | None, list[Problem]]:
    """Return the instrument at ``path``, or None with every problem and its place."""
    kind, body = _parts(document.at(path))
    if kind is None or body is None:
        return None, [_malformed(document, path)]
    assumption, problems = _assumption(document, (*path, kind))
    problems += _names(document, (*path, kind), labels) + _grounds(document, path, kind, body)
    plain = {key: value for key, value in body.items() if key not in STUDY_KEYS}
    try:
        instrument = parse_instrument({kind: plain})
    except InstrumentError as error:
        return None, problems + [
            Problem(_field_place(document, path, item.location), _cleaned(str(item)))
            for item in error.problems
            if not _told(document, (*path, *item.location))
        ]
    if problems:
        return None, problems
    evidence = tuple(name for name in body.get("evidence", ()))
    return Grounded(path, instrument, evidence, assumption, _assumed(body, assumption)), []


def _told(document: Document, path: Path_) -> bool:
    """Whether what is wrong at ``path`` follows from a value the reader refused already."""
    return any(refused[: len(path)] == path for refused in document.refused)


def _parts(content: object) -> tuple[str | None, dict[str, Any] | None]:
    if not isinstance(content, dict) or len(content) != 1:
        return None, None
    ((kind, body),) = content.items()
    return (kind, body) if kind in KINDS and isinstance(body, dict) else (None, None)


def _malformed(document: Document, path: Path_) -> Problem:
    """Let the policy room say what is wrong with something that is no instrument at all."""
    try:
        parse_instrument(document.at(path))
    except TulaError as error:
        lines = str(error).splitlines()
        return Problem(document.place(path), _cleaned(lines[-1]))
    return Problem(document.place(path), "write the instrument as 'kind: {fields}'")


def _cleaned(message: str) -> str:
    return message.strip().removeprefix("Value error, ")


def _field_place(document: Document, path: Path_, location: tuple[str | int, ...]) -> Any:
    full = (*path, *location)
    return document.keys.get(full) or document.place(full)


def _names(document: Document, path: Path_, labels: Labels) -> list[Problem]:
    problems = []
    for keys, kind, valid in (
        (REGION_KEYS, "region", region_codes(labels)),
        (REGIONS_KEYS, "region", region_names(labels)),
        (SECTOR_KEYS, "sector", sector_names(labels)),
    ):
        for key in keys:
            problems += unknown(document, (*path, key), kind, valid)
    return problems


def _grounds(document: Document, path: Path_, kind: str, body: dict[str, Any]) -> list[Problem]:
    cited = body.get("evidence")
    if cited is not None and not _texts(cited):
        place = document.place((*path, kind, "evidence"))
        return [Problem(place, "evidence must be a list of fact ids such as [F01]")]
    if cited or "assumption" in body:
        return []
    message = f"{kind} rests on nothing: add evidence: [fact ids] or assumption: {{range, reason}}"
    return [Problem(document.key_place((*path, kind)), message)]


def _texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _assumption(document: Document, path: Path_) -> tuple[Assumption | None, list[Problem]]:
    here, body = (*path, "assumption"), document.at(path)
    if here not in document.values:
        return None, []
    assumption, problems = validate(Assumption, document, here)
    if assumption is None:
        return None, problems
    return assumption, _outside(document, here, body, assumption)


def _outside(
    document: Document, here: Path_, body: dict[str, Any], assumption: Assumption
) -> list[Problem]:
    number = assumption.number
    if number is not None and number not in body:
        return [Problem(document.place((*here, "number")), f"there is no key {number!r} beside")]
    low, high = (quantity(bound) for bound in assumption.range)
    value = quantity(body.get(number or _only_number(body) or ""))
    place = document.place((*here, "range"))
    if low is not None and high is not None and low > high:
        return [Problem(place, "the range runs from high to low; write [low, high]")]
    if value is None:
        return []
    if low is None or high is None:
        return [Problem(place, f"{_shown(body, assumption)} is a number: so must its range be")]
    if low <= value <= high:
        return []
    return [Problem(place, f"the value {_shown(body, assumption)} lies outside its own range")]


def _only_number(body: Mapping[str, Any]) -> str | None:
    found = [
        key for key, value in body.items() if key not in STUDY_KEYS and quantity(value) is not None
    ]
    return found[0] if len(found) == 1 else None


def _shown(body: Mapping[str, Any], assumption: Assumption) -> str:
    return _assumed(body, assumption) or "assumed"


def _assumed(body: Mapping[str, Any], assumption: Assumption | None) -> str:
    key = (assumption.number if assumption else None) or _only_number(body)
    return f"{key} {body[key]}" if assumption and key else ""


def quantity(value: object) -> float | None:
    """A number as study files write it (0.25, ``"25%"``, ``"25 pp"``), or None."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value)
    match = QUANTITY.fullmatch(value) if isinstance(value, str) else None
    return None if match is None else float(match[1]) / (100.0 if match[2] else 1.0)
