"""A document's content as a record, or every fault of it in words at its place."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from tula.errors import HINTS, did_you_mean
from tula.file.address import resolve
from tula.file.document import Document
from tula.file.grounds import is_leaf
from tula.file.problems import Problem
from tula.numbers.record import FAULTS, FILLED_IN, Path_
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
#: Kinds of errors whose message stands as it is: ours, and those that validators raise.
_OWN = ("value_error", FAULTS, "policy", "told", "tie")
#: What the patterns of input files mean.
PATTERNS = {
    r"^https?://\S+$": "an address that begins with https:// or http://",
    r"^(https?://\S+)?$": "an address that begins with https:// or http://",
    r"^[A-Za-z0-9][A-Za-z0-9_-]*$": "a short name of letters, digits, _ and -",
    r"^[A-Z]+[0-9]+$": "capitals and then digits, such as F01",
}


def validate(
    model: Any, document: Document, path: Path_ = (), context: object = None
) -> tuple[Any, list[Problem]]:
    """Return the content at ``path`` as a type, or None with all problems found.

    ``model`` is a type or a pydantic ``TypeAdapter``; ``context`` holds the names that may be used
    (``tula.world.named.Names``).
    """
    adapter = model if isinstance(model, TypeAdapter) else _adapter(model)
    try:
        return adapter.validate_python(document.at(path), context=context or ()), []
    except ValidationError as error:
        found = error.errors(include_url=False)
        told = [
            item
            for item in found
            if not _follows_from_others(item, found)
            and not _follows_from_refusal(item, document, path)
            and not _follows_from_above(item, document, path)
        ]
        schema = _schema(adapter)
        return None, [
            problem
            for place, item in enumerate(told)
            for problem in _problems(item, schema, document, path, place < HINTS)
        ]


@cache
def _adapter(model: Any) -> Any:
    return TypeAdapter(model)


@cache
def _schema(adapter: Any) -> dict[str, Any]:
    schema: dict[str, Any] = adapter.json_schema()
    return schema


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
    if error["type"] == FAULTS:
        return here in document.refused
    return any(path[: len(here)] == here for path in document.refused)


def _follows_from_above(error: ErrorDetails, document: Document, at: Path_) -> bool:
    """A wrong name that was filled in from elsewhere is told where it stands."""
    filled = error["type"] == FAULTS and error["loc"][-1:] and error["loc"][-1] in FILLED_IN
    return bool(filled and (*at, *_existing(error["loc"], document, at)) not in document.values)


def _problems(
    error: ErrorDetails, schema: dict[str, Any], document: Document, at: Path_, hinted: bool
) -> Iterator[Problem]:
    """Problems in words; where a name is near in spelling is looked for only if ``hinted``."""
    path = (*at, *_existing(error["loc"], document, at))
    kind, name = error["type"], error["loc"][-1] if error["loc"] else ""
    if kind == "extra_forbidden":
        near = did_you_mean(str(name), _siblings(schema, error["loc"][:-1])) if hinted else ""
        yield Problem(document.key_place(path), f"unknown key {name!r}{near}")
    elif kind == "missing":
        yield Problem(document.key_place(path[:-1]), f"key {name!r} is missing")
    elif kind == FAULTS:
        for below, message in error["ctx"]["faults"]:
            yield _at(document, (*path, *below), message)
    elif kind in _OWN:
        for line in _lines(error["msg"].removeprefix("Value error, ")):
            yield _at(document, path, line)
    else:
        where = f"{name!r}: " if isinstance(name, str) and name else ""
        yield Problem(document.place(path), f"{where}{_expected(error)}")


def _lines(message: str) -> list[str]:
    return [line.strip() for line in message.split("\n") if line.strip()]


def _at(document: Document, path: Path_, message: str) -> Problem:
    """A problem at a path, or at the place below it that the message begins with."""
    begins, colon, _ = message.partition(": ")
    found = resolve(document.content, begins, path) if colon else None
    if found is not None:
        return Problem(document.place(found), message)
    while path and path not in document.values:
        path = path[:-1]
    name = path[-1] if path else ""
    stands = document.at(path)
    if isinstance(stands, dict) and "belief" in stands:
        return Problem(document.place(path), f"{stands['belief']!r}: {message}")
    fields = isinstance(stands, dict) and not is_leaf(stands)
    told = isinstance(name, str) and name and not fields
    return Problem(document.place(path), f"{name!r}: {message}" if told else message)


def _expected(error: ErrorDetails) -> str:
    """What should stand there, in the words of somebody who writes YAML."""
    kind, context = error["type"], error.get("ctx", {})
    if told := wanted(kind, error["input"]):
        return told
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
    if isinstance(value, dict | list | tuple):
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


def field_at(model: Any, path: Path_) -> dict[str, Any]:
    """Return what the JSON Schema of a type says at a path; nothing where it ends before."""
    return _node(_schema(_adapter(model)), path)


def _node(schema: dict[str, Any], loc: tuple[int | str, ...]) -> dict[str, Any]:
    node = schema
    for step in loc:
        node = _step(node, step, schema.get("$defs", {}))
    return node


def keys_at(model: Any, path: Path_) -> list[str]:
    """Return the keys that a type knows at a path; none where it has none there."""
    return _siblings(_schema(_adapter(model)), path)


def _siblings(schema: dict[str, Any], loc: tuple[int | str, ...]) -> list[str]:
    """Names the type knows at ``loc``."""
    definitions = schema.get("$defs", {})
    options = _options(_resolve(_node(schema, loc), definitions), definitions)
    return sorted({key for option in options for key in option.get("properties", {})})


def _step(node: dict[str, Any], step: int | str, definitions: dict[str, Any]) -> dict[str, Any]:
    node = _resolve(node, definitions)
    chosen = node.get("discriminator", {"mapping": {}})
    if step in chosen["mapping"]:
        found = _resolve({"$ref": chosen["mapping"][step]}, definitions)
        fields = found["properties"].items()
        own = {key: field for key, field in fields if key != chosen["propertyName"]}
        return {**found, "properties": own}
    for option in _options(node, definitions):
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
    listed = node.get("anyOf") or node.get("oneOf") or [node]
    return [_resolve(option, definitions) for option in listed]


def _resolve(node: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    reference = node.get("$ref")
    return dict(definitions[reference.rsplit("/", 1)[-1]]) if reference else node
