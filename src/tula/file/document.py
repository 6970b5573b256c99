"""A YAML 1.2 file as plain values, with the place of every key and value.

Stricter than YAML where YAML is a trap: a key may stand once, keys are text, numbers are finite,
dates stay text, and anchors, aliases, tags that change a value, other versions of YAML and
characters that are no text are refused.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.resolver import Resolver

from tula.file.compose import compose
from tula.file.problems import InvalidFileError, Place, Problem
from tula.text import unprintable
from tula.world.files import MissingFileError, existing

Path_ = tuple[str | int, ...]
#: Largest file read, in bytes.
LARGEST = 10_000_000
#: Larger numbers are refused; all economies together are some 1e14 USD.
LARGEST_NUMBER = 1e18
_TAG = "tag:yaml.org,2002:"
#: What to do about some of YAML's own complaints.
_YAML_HINTS = {
    "'\\t'": "; indent with spaces, YAML refuses tabs",
    "mapping values": "; put a text that holds a colon and a blank in quotes, begin all keys of "
    "one mapping in one column",
}
_DIRECTIVE = re.compile(r"%(?!YAML\s+1\.2\s*(?:#|$))[^\n]*", re.M)
_KEPT_AS_TEXT = {_TAG + "str", _TAG + "timestamp"}
_CONSTRUCTED = {_TAG + kind for kind in ("null", "bool", "int", "float")}


@dataclass(frozen=True)
class Document:
    """Content of one file.

    ``content`` is made of dict, list, str, int, float, bool and None; ``keys`` and ``values`` map
    a path such as ``("scenarios", 0, "title")`` to where its key and its value stand. What YAML
    allows and this reader refuses is in ``problems``; such values are None in ``content``, and
    their paths are in ``refused``.
    """

    file: str
    content: Any
    keys: dict[Path_, Place]
    values: dict[Path_, Place]
    problems: tuple[Problem, ...] = ()
    refused: frozenset[Path_] = frozenset()

    def place(self, path: Path_) -> Place:
        """Where the value at ``path`` stands, or the nearest enclosing value that exists."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.values:
                return self.values[path[:length]]
        return Place(self.file, 1)

    def key_place(self, path: Path_) -> Place:
        """Where the key at ``path`` stands; list items and the absent fall back to ``place``."""
        return self.keys.get(path) or self.place(path)

    def at(self, path: Path_) -> Any:
        """The value at ``path``; None if there is none."""
        value = self.content
        for step in path:
            try:
                value = value[step]
            except (KeyError, IndexError, TypeError):
                return None
        return value

    def items(self, path: Path_) -> list[Any]:
        """The list at ``path``; empty where something else stands there."""
        value = self.at(path)
        return value if isinstance(value, list) else []

    def texts(self, path: Path_) -> list[tuple[Path_, str]]:
        """Every text at ``path``, alone, in a list, or in lists of lists, with its own path."""
        value = self.at(path)
        if isinstance(value, str):
            return [(path, value)]
        return [
            text for place in range(len(self.items(path))) for text in self.texts((*path, place))
        ]


def read_document(path: Path) -> Document:
    """Read one YAML file; ``InvalidFileError`` if it is absent, not UTF-8 or not YAML at all."""
    return parse_document(_text(path), str(path))


def parse_document(text: str, file: str) -> Document:
    """Parse YAML text; ``file`` names it in messages. Raises as ``read_document``."""
    _only_yaml_1_2(text, file)
    root = _compose(text, file)
    reader = _Reader(file)
    content = reader.value(root, ())
    refused = frozenset(reader.refused)
    return Document(file, content, reader.keys, reader.values, tuple(reader.problems), refused)


def _text(path: Path) -> str:
    try:
        with existing(path).open("rb") as stream:
            content = stream.read(LARGEST + 1)
    except MissingFileError as error:
        reason = str(error).removeprefix(f"{path}: ")
        raise InvalidFileError([Problem(Place(str(path), 1), reason)]) from error
    except OSError as error:
        reason = error.strerror or "unreadable"
        raise InvalidFileError([Problem(Place(str(path), 1), reason)]) from error
    if len(content) > LARGEST:
        message = f"larger than {LARGEST // 1_000_000} MB, which no study is; name another file"
        raise InvalidFileError([Problem(Place(str(path), 1), message)])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        message = f"not UTF-8 text (byte 0x{content[error.start]:02x}); save the file as UTF-8"
        raise InvalidFileError([Problem(Place(str(path), line), message)]) from error


def _only_yaml_1_2(text: str, file: str) -> None:
    """Refuse directives: under other versions of YAML, ``yes`` and ``010`` read differently."""
    for number, line in enumerate(text.splitlines(), 1):
        if _DIRECTIVE.match(line):
            message = f"{line.strip()!r} is refused: files are read as YAML 1.2; drop this line"
            raise InvalidFileError([Problem(Place(file, number), message)])
        if line.strip() and not line.startswith(("#", "%")):
            return


def _compose(text: str, file: str) -> Node:
    try:
        root = compose(text)
    except RecursionError as error:
        raise InvalidFileError([Problem(Place(file, 1), "nested too deeply to read")]) from error
    except (YAMLError, ValueError) as error:
        raise InvalidFileError([_unreadable(error, text, file)]) from error
    if not isinstance(root, Node):
        raise InvalidFileError([Problem(Place(file, 1), "the file is empty")])
    return root


def _unreadable(error: Exception, text: str, file: str) -> Problem:
    if not isinstance(error, MarkedYAMLError):
        position = getattr(error, "position", 0)
        line = text.count("\n", 0, position) + 1
        return Problem(Place(file, line), f"not readable as YAML: {str(error).splitlines()[0]}")
    mark = error.problem_mark or error.context_mark
    place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file, 1)
    reason = " ".join(part for part in (error.problem, error.context) if part)
    hint = next((hint for sign, hint in _YAML_HINTS.items() if sign in reason), "")
    return Problem(place, f"not readable as YAML: {reason}{hint}")


@dataclass
class _Reader:
    file: str
    keys: dict[Path_, Place] = field(default_factory=dict)
    values: dict[Path_, Place] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    refused: list[Path_] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)
    yaml: YAML = field(default_factory=lambda: YAML(typ="safe", pure=True))
    resolver: Resolver = field(default_factory=Resolver)

    def value(self, node: Node, path: Path_) -> Any:
        self.values[path] = self.place(node)
        if node.anchor is not None or id(node) in self.seen:
            self.refused.append(path)
            return self.report(node, "anchors and aliases are refused; write the value out")
        self.seen.add(id(node))
        told = len(self.problems)
        self.tag(node)
        if isinstance(node, MappingNode):
            return self.mapping(node, path)
        if isinstance(node, SequenceNode):
            return [self.value(item, (*path, index)) for index, item in enumerate(node.value)]
        sound = isinstance(node, ScalarNode) and len(self.problems) == told
        value = self.scalar(node) if sound else None
        if len(self.problems) > told:
            self.refused.append(path)
        return value

    def mapping(self, node: MappingNode, path: Path_) -> dict[str, Any]:
        content: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = self.key(key_node)
            if key is None:
                continue
            if key in content:
                first = self.keys[(*path, key)].line
                self.report(key_node, f"key {key!r} stands twice (first on line {first})")
                continue
            self.keys[(*path, key)] = self.place(key_node)
            content[key] = self.value(value_node, (*path, key))
        return content

    def key(self, node: Node) -> str | None:
        if isinstance(node, ScalarNode) and node.tag in _KEPT_AS_TEXT:
            self.tag(node)
            return self.text(node)
        self.report(node, f"a key must be text, not {_shown(node)}; put it in quotes")
        return None

    def tag(self, node: Node) -> None:
        """Refuse a tag that makes of a value what it would not be without."""
        plain = (not node.style, bool(node.style)) if isinstance(node, ScalarNode) else True
        if node.tag != str(self.resolver.resolve(type(node), node.value, plain)):
            tag = str(node.tag).replace(_TAG, "!!")
            quoted = " in quotes" if node.tag == _TAG + "str" else ""
            self.report(node, f"tag {tag!r} is refused: write the value alone{quoted}")

    def text(self, node: Node) -> str | None:
        """A text; None, with a problem, where it holds what is no text."""
        if found := unprintable(node.value):
            self.report(node, f"holds {found}; remove it")
            return None
        return str(node.value)

    def scalar(self, node: Node) -> Any:
        if node.tag in _KEPT_AS_TEXT:
            return self.text(node)
        if node.tag not in _CONSTRUCTED:
            return self.report(node, f"{node.value!r} is refused; put it in quotes")
        try:
            value = self.yaml.constructor.construct_object(node)
        except (YAMLError, ValueError, TypeError, KeyError):
            return self.report(node, f"{node.value!r} is not a number")
        if isinstance(value, float) and not math.isfinite(value):
            return self.report(node, f"{node.value} is not a finite number")
        if isinstance(value, int | float) and abs(value) > LARGEST_NUMBER:
            message = f"{node.value} is larger than any quantity of an economy: check the unit"
            return self.report(node, message)
        return float(value) if isinstance(value, float) else value

    def place(self, node: Node) -> Place:
        return Place(self.file, node.start_mark.line + 1, node.start_mark.column + 1)

    def report(self, node: Node, message: str) -> None:
        self.problems.append(Problem(self.place(node), message))


def _shown(node: Node) -> str:
    return repr(node.value) if isinstance(node, ScalarNode) else "a list or mapping"
