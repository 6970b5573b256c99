"""What a key of a study file, or a metric, is: for whoever meets it in a file or a result."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from tula.errors import UnknownNameError
from tula.metrics import METRICS
from tula.metrics.registry import ALSO_CALLED
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
    """A key by its place, or a metric by its name: what it means, its unit, default and example."""

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
    """Return every key and metric that a name, or the end of a place in a file, may mean.

    Positions and ids in lists may stand in the place and are passed over. A full place is answered
    alone. Raises ``UnknownNameError`` with the nearest names.
    """
    entries = _entries()
    steps = [step.split("[")[0] for step in name.strip().split(".") if not step.isdigit()]
    for known in (steps, [step for step in steps if step in _names()]):
        sought = ".".join(known)
        if "." in sought and sought in entries:
            return (entries[sought],)
        found = tuple(one for place, one in entries.items() if f".{place}".endswith(f".{sought}"))
        if found and sought:
            return found
    meant = ALSO_CALLED.get(name.strip().casefold())
    hint = f"; did you mean {meant!r}?" if meant else ""
    raise UnknownNameError("key or metric", name, _names(), hint)


@cache
def _names() -> frozenset[str]:
    return frozenset(one.key for one in _entries().values())


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
