"""The page on policy does what it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tula.policy import KINDS, describe, parse_instrument, parse_whatif
from tula.policy.forms import WHATIF_FORMS
from tula.world.labels import Labels

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "policy.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def test_the_python_examples_run() -> None:
    code = blocks("python")
    assert len(code) == 6
    exec(compile("\n".join(code), "docs/policy.md", "exec"), {})


def test_the_study_file_example_holds_every_kind() -> None:
    (text,) = blocks("yaml")
    written = YAML(typ="safe").load(text)
    parsed = [parse_instrument(item) for item in written]
    assert {item.kind for item in parsed} == set(KINDS)
    assert all(describe(item) for item in parsed)


def test_the_what_ifs_of_every_kind_are_read(labels: Labels) -> None:
    (text,) = blocks("text")
    lines = [line.removeprefix("--").split() for line in text.splitlines()]
    assert {kind for kind, _ in lines} == set(WHATIF_FORMS)
    for kind, what in lines:
        parse_whatif(kind, what, labels)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_field_of_every_instrument_is_documented(kind: str) -> None:
    assert f"| `{KINDS[kind].__name__}` | `{kind}` |" in PAGE
    for name in KINDS[kind].model_fields:
        assert name == "kind" or f"`{name}`" in PAGE
