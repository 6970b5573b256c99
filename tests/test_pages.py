"""The examples run on the pages that no test of their own holds to more than that."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.slow
@pytest.mark.parametrize(
    "page",
    [
        "README.md",
        "docs/duties.md",
        "docs/elasticities.md",
        "docs/leverage.md",
        "docs/policy-choice.md",
        "docs/python.md",
        "docs/uncertainty.md",
        "docs/world.md",
        "docs/worked-duties.md",
    ],
)
def test_the_examples_of_a_page_run(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    examples = re.findall(r"```python\n(.*?)```", (ROOT / page).read_text("utf-8"), re.DOTALL)
    assert examples
    exec(compile("\n".join(examples), page, "exec"), {})
