"""libyaml makes the trees that ruamel.yaml's own parser makes, or none."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, SequenceNode

from tula.file import compose as composed
from tula.file.compose import compose

pytest.importorskip("_ruamel_yaml")
ROOT = Path(__file__).parents[2]
PIECES = (
    *("a", "b: ", "a: b\n", "- ", "- a\n", "? a\n: b\n", "\n", "\n  ", "\n    ", "  ", "\t"),
    *("[a, b]", "{a: 1}", "{a:1}", "[", "]", "{", "}", ", ", ": ", ":", "'it''s'", '"a\\n"'),
    *("|\n  a\n\n  b\n", ">-\n  a\n   b\n", ">-\n \n  a\n", "|2\n    a\n", "|#", "# c\n"),
    *("&x ", "*x\n", "!!str ", "! ", "!x ", "---\n", "...\n", "%", "@", "`", "~", "null", "yes"),
    *("010", "0o10", "0x1F", "1e3", "1_000", ".inf", "2020-01-01", "12:30", "<<: ", "=", "'"),
    *("\x85", "\u2028", "\ufeff", "\xa0", "é", "\U0001f600", "\x00", '"\\ud800"', '"\\/"'),
    *("\r\n", " # c\n", "on", '"'),
)
READ_APART = (
    "a:\nb: 1\n",
    "a:\tb\n",
    "a: |-\n \n  b\n",
    "a: >-#\n  b\n",
    "a: 1\n...\n...\n",
    "a: b\x85c: d\n",
    "a: &x !!str b\n",
    "|\n...\n",
    "",
)


def _tree(node: Any) -> object:
    """A node as plain values with its places; None where there is none."""
    if node is None:
        return None
    start = node.start_mark
    held = (str(node.tag), start.line, start.column, node.anchor, getattr(node, "style", "") or "")
    if isinstance(node, MappingNode):
        return *held, tuple((_tree(key), _tree(value)) for key, value in node.value)
    if isinstance(node, SequenceNode):
        return *held, tuple(map(_tree, node.value))
    return *held, node.value


def _outcome(text: str) -> object:
    try:
        return _tree(compose(text))
    except (YAMLError, ValueError, RecursionError, AttributeError) as error:
        return type(error), str(error)


def _both(text: str, monkeypatch: pytest.MonkeyPatch) -> tuple[object, object]:
    with monkeypatch.context() as patched:
        quick = _outcome(text)
        patched.setattr(composed, "CParser", None)
        return quick, _outcome(text)


def _files() -> Iterator[Path]:
    for folder in ("src", "docs", "tests", "tools"):
        yield from sorted((ROOT / folder).rglob("*.yaml"))


@pytest.mark.parametrize("file", tuple(_files()), ids=lambda file: str(file.relative_to(ROOT)))
def test_a_file_has_one_tree(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = file.read_text("utf-8")
    quick, own = _both(text, monkeypatch)
    assert quick == own
    assert isinstance(composed._Quick(text).get_single_node(), MappingNode)


@pytest.mark.parametrize("text", READ_APART, ids=lambda text: repr(text[:12]))
def test_what_the_two_read_apart_is_left_to_one(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    quick, own = _both(text, monkeypatch)
    assert quick == own


def test_any_text_has_one_tree_or_one_complaint(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = random.Random(1)
    for _ in range(1000):
        text = drawn.choice(("", "a: ", "a:\n  ")) + "".join(drawn.choices(PIECES, k=6))
        quick, own = _both(text, monkeypatch)
        assert quick == own, text
