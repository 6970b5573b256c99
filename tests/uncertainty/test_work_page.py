"""docs/scale.md says what is so."""

from __future__ import annotations

import importlib
import re
import sys
from pathlib import Path

import numpy as np
import pytest

from tula.uncertainty.work import BLOCK_ROWS, SIGNIFICANT_DIGITS, evaluate
from tula.uncertainty.work.pool import FRESH_POOLS
from tula.uncertainty.worker import THREAD_LIMITS

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "scale.md").read_text(encoding="utf-8")


def test_the_example_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    codes = re.findall(r"```python\n(.*?)```", PAGE, re.S)
    (code,) = [one for one in codes if "class Duties" in one]
    (tmp_path / "duties.py").write_text(code, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "duties", raising=False)
    task = importlib.import_module("duties").Duties("USA")
    none, most = evaluate(task, np.array([[0.0], [1.0]]), store=tmp_path / "blocks")
    assert none.values == {"percent": 0.0}
    assert most.values is not None and -5.0 < most.values["percent"] < -0.05


def test_the_page_names_the_constants_of_the_code() -> None:
    text = " ".join(PAGE.split())
    assert f"rounded to {SIGNIFICANT_DIGITS} significant digits" in text
    assert f"default block of {BLOCK_ROWS} rows" in text
    assert "replaced twice" in text and FRESH_POOLS == 2
    assert all(f"`{name}`" in text for name in THREAD_LIMITS)
