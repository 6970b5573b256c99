"""Checking a document's content against a pydantic model, every violation with its place."""

from __future__ import annotations

import json
from functools import cache
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from tula.errors import HINTS, did_you_mean
from tula.evidence.document import Document, Path_
from tula.evidence.problems import Problem
from tula.wanted import wanted

#: What a value must be, by pydantic's kind of error; elsewhere pydantic's own words do.
_EXPECTED = {
    "model_type": "a mapping (key: value)",
    "dict_type": "a mapping (key: value)",
    "tuple_type": "a list, such as [A, B]",
    "list_type": "a list, such as [A, B]",
    "string_type": "text (a number or a day in quotes)",
    "string_too_short": "text that is not empty",
}
#: What the patterns of input files mean.
PATTERNS = {
    r"^https?://\S+$": "an address that begins with https:// or http://",
    r"^[A-Za-z0-9][A-Za-z0-9_-]*$": "a short name of letters, digits, _ and -",
    r"^[A-Z]+[0-9]+$": "capitals and then digits, such as F01",
}

Model = TypeVar("Model", bound=BaseModel)


class Record(BaseModel):
    """A part of an input file: frozen, no unknown keys, no conversions, finite numbers only."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


def validate(
    model: type[Model], document: Document, path: Path_ = ()
) -> tuple[Model | None, list[Problem]]:
    """Return the model made of the content at ``path``, or None with all problems found."""
    try:
        return model.model_validate_json(json.dumps(document.at(path))), []
    except ValidationError as error:
        found = error.errors()
        told = [
            item
            for item in found
            if not _follows_from_others(item, found)
            and not _follows_from_refusal(item, document, path)
        ]
        problems = [
            _problem(item, model, document, path, place < HINTS) for place, item in enumerate(told)
        ]
        return None, problems


def _follows_from_others(error: ErrorDetails, found: list[ErrorDetails]) -> bool:
    """A list is called too short when some of its items are wrong: only they are worth telling."""
    here = error["loc"]
    return error["type"] == "too_short" and any(
        item["loc"][: len(here)] == here and item is not error for item in found
    )


def _follows_from_refusal(error: ErrorDetails, document: Document, at: Path_) -> bool:
    """A value that the reader refused is told already; that it is absent then follows."""
    if error["type"] in ("extra_forbidden", "missing"):
        return False
    here = (*at, *_existing(error["loc"], document, at))
    return any(path[: len(here)] == here for path in document.refused)


def _problem(
    error: ErrorDetails, model: type[BaseModel], document: Document, at: Path_, hinted: bool
) -> Problem:
    """A problem in words; where a name is near in spelling is looked for only if ``hinted``."""
    path = (*at, *_existing(error["loc"], document, at))
    kind, name = error["type"], error["loc"][-1] if error["loc"] else ""
    if kind == "extra_forbidden":
        near = did_you_mean(str(name), _siblings(model, error["loc"][:-1])) if hinted else ""
        return Problem(document.key_place(path), f"unknown key {name!r}{near}")
    if kind == "missing":
        return Problem(document.key_place(path[:-1]), f"key {name!r} is missing")
    where = f"{name!r}: " if isinstance(name, str) and name else ""
    return Problem(document.place(path), f"{where}{_expected(error)}")


def _expected(error: ErrorDetails) -> str:
    """What should stand there, in the words of somebody who writes YAML."""
    kind, context = error["type"], error.get("ctx", {})
    if told := wanted(kind, error["input"]):
        return told
    if kind == "value_error":
        return error["msg"].removeprefix("Value error, ")
    if kind in _EXPECTED:
        needed = _EXPECTED[kind]
    elif kind == "string_pattern_mismatch":
        pattern = str(context["pattern"])
        needed = PATTERNS.get(pattern, f"text of the form {pattern}")
    elif kind in ("too_short", "too_long"):
        count = context.get("min_length", context.get("max_length"))
        found = context["actual_length"]
        needed = f"a list of {count}{' or more' if kind == 'too_short' else ''}, not of {found}"
    else:
        needed = error["msg"].removeprefix("Input should be ")
    return f"must be {needed}{_given(error['input'])}"


def _given(value: object) -> str:
    if isinstance(value, dict | list):
        return ""
    if value is None:
        return ", not empty"
    return f", not {value!r}"


def _existing(loc: tuple[int | str, ...], document: Document, at: Path_) -> Path_:
    """Drop the steps pydantic adds for union members, which the file does not have."""
    path: Path_ = ()
    for index, step in enumerate(loc):
        last = index == len(loc) - 1
        if (
            last
            or document.at((*at, *path, step)) is not None
            or (*at, *path, step) in document.keys
        ):
            path = (*path, step)
    return path


@cache
def _siblings(model: type[BaseModel], loc: tuple[int | str, ...]) -> list[str]:
    """Names the model knows at ``loc``."""
    schema: dict[str, Any] = model.model_json_schema()
    definitions = schema.get("$defs", {})
    node = schema
    for step in loc:
        node = _step(node, step, definitions)
    options = _options(_resolve(node, definitions), definitions)
    return sorted({key for option in options for key in option.get("properties", {})})


def _step(node: dict[str, Any], step: int | str, definitions: dict[str, Any]) -> dict[str, Any]:
    for option in _options(_resolve(node, definitions), definitions):
        if isinstance(step, int) and "items" in option:
            return dict(option["items"])
        if step in option.get("properties", {}):
            return dict(option["properties"][step])
        values = [option.get("additionalProperties"), *option.get("patternProperties", {}).values()]
        for value in values:
            if isinstance(value, dict):
                return value
    return {}


def _options(node: dict[str, Any], definitions: dict[str, Any]) -> list[dict[str, Any]]:
    return [_resolve(option, definitions) for option in node.get("anyOf", [node])]


def _resolve(node: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    reference = node.get("$ref")
    return dict(definitions[reference.rsplit("/", 1)[-1]]) if reference else node
