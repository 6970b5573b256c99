"""The page on sanctions does what it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "sanctions.md").read_text(encoding="utf-8")


@pytest.mark.gradients
def test_the_python_examples_run_and_their_claims_hold() -> None:
    code = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert len(code) == 6
    exec(compile("\n".join(code), "docs/sanctions.md", "exec"), {})
