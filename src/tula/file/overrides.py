"""Numbers and words of a file replaced for one run, by their address."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from tula.errors import TulaError, did_you_mean
from tula.file.address import addresses, below, resolve
from tula.file.document import Document, parse_document
from tula.file.grounds import SET, is_leaf
from tula.file.problems import InvalidFileError
from tula.file.translate import keys_at
from tula.numbers.record import Path_

#: Depth down to which addresses are offered in place of an unknown one.
DEPTH = 5


class OverrideError(TulaError):
    """Something to be set has no address in the study, or is not written as ADDRESS=VALUE."""


@dataclass(frozen=True)
class Settings:
    """What a run sets in place of the study's: values by address, and named ``overrides`` of it."""

    values: Mapping[str, Any] = field(default_factory=dict)
    named: tuple[str, ...] = ()

    @property
    def told(self) -> tuple[str, ...]:
        """Every setting in words, in the order in which they apply."""
        values = (f"{name}={json.dumps(value)}" for name, value in self.values.items())
        return (*(f"override {name}" for name in self.named), *values)

    def applied(self, document: Document, model: Any = None) -> Document:
        """Return the document with everything set; errors as ``overridden``."""
        listed = document.at(("overrides",))
        known = listed if isinstance(listed, dict) else {}
        for name in self.named:
            if not isinstance(known.get(name), dict):
                near = did_you_mean(name, known) if known else "; the study has none"
                raise OverrideError(f"unknown override {name!r}{near}")
            document = overridden(document, known[name], model)
        return overridden(document, self.values, model)


#: The study as it stands.
NOTHING_SET = Settings()


def read_overrides(settings: Sequence[str]) -> dict[str, Any]:
    """Return address and value of every ``ADDRESS=VALUE``; the value as a file would have it.

    Raises ``OverrideError``.
    """
    found: dict[str, Any] = {}
    for text in settings:
        name, equals, value = text.partition("=")
        if not equals or not name.strip() or not value.strip():
            raise OverrideError(f"cannot read {text!r}: write ADDRESS=VALUE, such as duty=18pp")
        try:
            document = parse_document(value, text)
        except InvalidFileError as error:
            raise OverrideError(f"cannot read {text!r}: {error.problems[0].message}") from None
        if document.problems:
            raise OverrideError(f"cannot read {text!r}: {document.problems[0].message}")
        found[name.strip()] = document.content
    return found


def overridden(document: Document, settings: Mapping[str, Any], model: Any = None) -> Document:
    """Return the document with values set by address; a belief's id is its address.

    A number with a range becomes exact, and what it rested on gives way to being set for this run;
    a mapping replaces the whole. A key that the file leaves out may be set where the ``model``, the
    type of the file, has it. Raises ``OverrideError`` for every address there is none of.
    """
    if not settings:
        return document
    content, wrong = copy.deepcopy(document.content), []
    for name, value in settings.items():
        path = _path(document, name) or _left_out(document, name, model)
        if path is None:
            wrong.append(_unknown(document, name, model))
        else:
            _set(content, path, value)
    if wrong:
        raise OverrideError("\n  ".join(wrong))
    return replace(document, content=content)


def _path(document: Document, name: str) -> Path_ | None:
    beliefs = document.at(("beliefs",))
    if isinstance(beliefs, dict) and name in beliefs:
        return ("beliefs", name)
    return resolve(document.content, name)


def _left_out(document: Document, name: str, model: Any) -> Path_ | None:
    """The path of a key that the type of the file has, and the file has not."""
    above, _, key = name.rpartition(".")
    path, known = _known(document, above, model)
    return (*path, key) if key in known else None


def _known(document: Document, above: str, model: Any) -> tuple[Path_, list[str]]:
    """Where an address leads, and the keys that the type of the file has there."""
    path = resolve(document.content, above)
    mapping = path is not None and isinstance(document.at(path), dict)
    return (path, keys_at(model, path)) if path is not None and mapping and model else ((), [])


def _unknown(document: Document, name: str, model: Any) -> str:
    beliefs, above = document.at(("beliefs",)), name.rpartition(".")[0]
    keys = (f"{above}.{key}".strip(".") for key in _known(document, above, model)[1])
    stated = [*(beliefs if isinstance(beliefs, dict) else ()), *addresses(document.content, DEPTH)]
    valid = dict.fromkeys([*stated, *keys])
    return f"nothing to set at {name!r}{did_you_mean(name, valid)}"


def _set(content: Any, path: Path_, value: Any) -> None:
    above = content
    for step in path[:-1]:
        above = above[step]
    old = below(above, path[-1])
    leaf = isinstance(old, dict) and (is_leaf(old) or "belief" in old)
    if leaf and not isinstance(value, dict):
        kept = {key: old[key] for key in ("title", "unit") if key in old}
        value = {**kept, "value": value, "reason": SET}
    above[path[-1]] = value
