"""The examples on the pages about arms and nuclear ties run, and what they claim holds."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PAGES = Path(__file__).resolve().parents[2] / "docs" / "ties"


@pytest.mark.parametrize("page", ["arms", "nuclear"])
def test_the_example_on_the_page_runs(page: str) -> None:
    text = (PAGES / f"{page}.md").read_text(encoding="utf-8")
    examples = re.findall(r"^```python\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    assert examples
    for example in examples:
        exec(compile(example, f"{page}.md", "exec"), {})
