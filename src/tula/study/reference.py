"""The layout of a study file for machines (JSON Schema) and for readers (a table of keys)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tula.policy.union import KINDS
from tula.study.schema import StudyFile

Schema = dict[str, Any]

#: What a number, and a mapping with numbers, rest on.
_GROUNDS: Schema = {
    "evidence": {
        "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}],
        "description": "Ids of the facts it rests on.",
    },
    "reason": {"type": "string", "description": "Why it is assumed."},
}
_NUMBER: Schema = {"anyOf": [{"type": "number"}, {"type": "string"}]}
#: The ways to write a number of a study.
_LEAF: Schema = {
    "description": "A number: alone, with its range and ground, or a belief by its id.",
    "anyOf": [
        *_NUMBER["anyOf"],
        {
            "type": "object",
            "properties": {"value": _NUMBER, "low": _NUMBER, "high": _NUMBER, **_GROUNDS},
            "additionalProperties": False,
        },
        {
            "type": "object",
            "properties": {"belief": {"type": "string"}},
            "required": ["belief"],
            "additionalProperties": False,
        },
    ],
}
#: What is written otherwise than it is kept.
_WRITTEN: Schema = {
    "Quantity": _LEAF,
    "Chance": {
        "description": "A probability known from cases: a beta distribution.",
        "type": "object",
        "properties": {
            "alpha": {"type": "number", "description": "One more than the cases that were so."},
            "beta": {"type": "number", "description": "One more than the cases that were not."},
        },
        "required": ["alpha", "beta"],
        "additionalProperties": False,
    },
    "Measure": {"description": "A number with its unit, such as 2.6 USD/kg.", "type": "string"},
}
_HEAD = """# Keys of a study file

Written by `tula schema --tables`. Keys in bold are needed. Beside a number, and in any mapping with
numbers, may stand `evidence` (ids of facts) and `reason` (why it is assumed); in place of a number,
`{belief: id}`. How it all fits together is told in [study files](study-files.md).
"""
_FILLED = ("pivot", "partner")


def study_schema() -> Schema:
    """Return the JSON Schema (2020-12) of a study file, every key with its description.

    Numbers carry ``unit`` and ``examples`` beside it, where they have one.
    """
    schema = StudyFile.model_json_schema()
    parts: dict[str, Schema] = schema["$defs"]
    parts |= _WRITTEN
    kinds = {part["properties"]["kind"]["const"]: name for name, part in parts.items()
             if "const" in part.get("properties", {}).get("kind", {})}  # fmt: skip
    instruments = {kind: f"#/$defs/{kinds[kind]}" for kind in KINDS}
    for name in kinds.values():
        _as_written(parts[name])
    for name, part in parts.items():
        if "properties" in part and name not in ("Belief", "Scenario", "Groups", "Headline"):
            part["properties"] |= {key: one for key, one in _GROUNDS.items()
                                   if key not in part["properties"]}  # fmt: skip
            part["required"] = [key for key in part.get("required", ()) if key not in _filled(part)]
    parts["Instrument"] = {
        "description": "One key that names the kind, its fields beneath.",
        "type": "object",
        "properties": {kind: {"$ref": place} for kind, place in instruments.items()},
        "additionalProperties": False,
        "minProperties": 1,
        "maxProperties": 1,
    }
    listed = parts["Scenario"]["properties"]["instruments"]
    listed["items"] = {"$ref": "#/$defs/Instrument"}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _filled(part: Schema) -> tuple[str, ...]:
    """Fields that the study fills in itself: the pivot, and below a tie's head its partner."""
    return ("pivot",) if "partner" in part["properties"] and _headed(part) else _FILLED


def _headed(part: Schema) -> bool:
    return {"id", "title", "notes"}.issubset(part["properties"])


def _as_written(part: Schema) -> None:
    """An instrument's fields as files write them: no kind, and numbers with their ground."""
    part["properties"].pop("kind", None)
    part["required"] = [key for key in part.get("required", ()) if key != "kind"]
    for field in part["properties"].values():
        for place, option in enumerate(field.get("anyOf", ())):
            if option.get("type") == "number":
                field["anyOf"][place] = {"$ref": "#/$defs/Quantity"}
        if field.get("type") == "number":
            del field["type"]
            field["$ref"] = "#/$defs/Quantity"


def key_tables() -> str:
    """Return every key of a study file as Markdown: unit, default, example and meaning."""
    schema = study_schema()
    parts: dict[str, Schema] = schema["$defs"]
    sections = [_section("The file", schema, schema)]
    ordered = ((f"`{place}`", parts[name]) for place, name in _order(schema, parts))
    sections += [_section(title, part, schema) for title, part in ordered]
    return "\n".join([_HEAD, *sections])


def keyed_parts(schema: Schema) -> Iterator[tuple[str, Schema]]:
    """Yield every part of ``study_schema`` that has keys, the file first, with its place in it."""
    yield "", schema
    parts: dict[str, Schema] = schema["$defs"]
    for place, name in _order(schema, parts):
        yield place, parts[name]


def _order(schema: Schema, parts: dict[str, Schema]) -> Iterator[tuple[str, str]]:
    """Parts in the order in which the file leads to them, each under the key that leads there."""
    seen: set[str] = {"Quantity"}
    waiting = [("", schema)]
    while waiting:
        above, part = waiting.pop(0)
        for key, field in part.get("properties", {}).items():
            for name in references(field):
                if name not in seen and "properties" in parts[name]:
                    seen.add(name)
                    place = f"{above}.{key}".strip(".")
                    yield place, name
                    waiting.append((place, parts[name]))


def references(node: Any) -> Iterator[str]:
    """Yield the names of the parts that a field of the schema leads to."""
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"].rsplit("/", 1)[-1]
        for key, member in node.items():
            if key != "properties":
                yield from references(member)
    elif isinstance(node, list):
        for member in node:
            yield from references(member)


def _section(title: str, part: Schema, root: Schema) -> str:
    rows = [
        f"| {_bold(key, part)} | {meaning_of(field)} | {field.get('unit', '')} "
        f"| {default_of(field)} | {example_of(field)} |"
        for key, field in part["properties"].items()
        if field not in _GROUNDS.values() and not (part is not root and key in _filled(part))
    ]
    told = " ".join(str(part.get("description", "")).split())
    return "\n".join(
        [f"## {title}", "", told, "", "| key | meaning | unit | default | example |",
         "|---|---|---|---|---|", *rows, ""]
    )  # fmt: skip


def _bold(key: str, part: Schema) -> str:
    return f"**`{key}`**" if key in part.get("required", ()) else f"`{key}`"


def meaning_of(field: Schema) -> str:
    """Return what a key means, as Markdown."""
    return " ".join(str(field.get("description", "")).split()).replace("|", "\\|")


def default_of(field: Schema) -> str:
    """Return the default of a key; empty without one, as Markdown."""
    default = field.get("default")
    if default in (None, "", [], {}) or isinstance(default, dict):
        return ""
    return f"`{default}`"


def example_of(field: Schema) -> str:
    """Return examples of a key, as Markdown."""
    return ", ".join(f"`{one}`" for one in field.get("examples", ()))
