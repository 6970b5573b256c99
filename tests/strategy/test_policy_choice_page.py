"""The page on choosing duties says what the command says, and names only what exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from command_line import tula
from tula import strategy
from tula.strategy import errors

pytestmark = pytest.mark.gradients

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "policy-choice.md").read_text("utf-8")


def test_the_answer_shown_is_the_answer_given() -> None:
    shown = re.search(r"\$ tula optimal USA\n(.+)\n", PAGE)
    assert shown is not None
    assert tula("optimal", "USA").stdout.splitlines()[0] == shown[1]


def test_every_function_and_error_named_exists() -> None:
    named = re.search(r"from tula.strategy import (.+)\n", PAGE)
    assert named is not None
    assert all(getattr(strategy, name.strip()) for name in named[1].split(","))
    told = set(re.findall(r"`(\w+Error)`", PAGE)) - {"ConvergenceError"}
    assert told
    assert all(issubclass(getattr(errors, name), errors.ProofError) for name in told)
