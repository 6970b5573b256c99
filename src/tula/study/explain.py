"""What a key of a study file, a metric, or a part of the answer is: for whoever meets it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from tula.errors import UnknownNameError
from tula.metrics import METRICS
from tula.metrics.registry import ALSO_CALLED
from tula.strategy.answer.result import Answer
from tula.study.reference import (
    default_of,
    example_of,
    keyed_parts,
    meaning_of,
    references,
    study_schema,
)


@dataclass(frozen=True)
class Entry:
    """A key by its place, a metric by its name, or a part of the answer by its address: what it
    means, its unit, default and example."""

    place: str
    meaning: str
    unit: str = ""
    default: str = ""
    example: str = ""
    needed: bool = False
    base: str = ""
    sign: str = ""
    inside: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The last step of the place."""
        return self.place.rsplit(".", 1)[-1]


def explain(name: str) -> tuple[Entry, ...]:
    """Return every key and metric that a name, or the end of a place in a file, may mean; where
    none is called so, every part of the answer that is, by the address that ``tula trace`` takes.

    Positions and ids in lists may stand in the place and are passed over. A full place is answered
    alone. Raises ``UnknownNameError`` with the nearest names.
    """
    steps = [step.split("[")[0] for step in name.strip().split(".") if not step.isdigit()]
    for entries in (_entries(), _answers()):
        names = {one.key for one in entries.values()}
        for known in (steps, [step for step in steps if step in names]):
            sought = ".".join(known)
            if "." in sought and sought in entries:
                return (entries[sought],)
            ends = (one for place, one in entries.items() if f".{place}".endswith(f".{sought}"))
            if sought and (found := tuple(ends)):
                return found
    meant = ALSO_CALLED.get(name.strip().casefold())
    hint = f"; did you mean {meant!r}?" if meant else ""
    names = {one.key for one in (_entries() | _answers()).values()}
    raise UnknownNameError("key or metric", name, names, hint)


@cache
def _answers() -> dict[str, Entry]:
    parts = (one for one in _keys(Answer.model_json_schema()) if one.meaning)
    return {
        place: Entry(place, one.meaning, inside=one.inside)
        for one in parts
        if (place := f"answer.{one.place}") not in _entries()
    }


@cache
def _entries() -> dict[str, Entry]:
    schema = study_schema()
    keys = {one.place: one for one in _keys(schema)}
    metrics = {
        name: Entry(name, one.description or one.title, one.unit, base=one.base, sign=one.sign)
        for name, one in METRICS.items()
    }
    return keys | metrics


def _keys(schema: dict[str, Any]) -> Iterator[Entry]:
    for place, part in keyed_parts(schema):
        for key, field in part["properties"].items():
            at = f"{place}.{key}".strip(".")
            yield Entry(
                at,
                meaning_of(field),
                str(field.get("unit", "")),
                default_of(field),
                example_of(field),
                key in part.get("required", ()),
                inside=_inside(schema, field),
            )


def _inside(schema: dict[str, Any], field: dict[str, Any]) -> tuple[str, ...]:
    """Keys that stand beneath a key, if it leads to one part with keys."""
    parts = [one for one in references(field) if "properties" in schema["$defs"].get(one, {})]
    names = [key for one in parts for key in schema["$defs"][one]["properties"]]
    return tuple(dict.fromkeys(names))
