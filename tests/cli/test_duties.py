"""``tula world duties``."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from command_line import tula


def test_a_pair_on_a_day_is_told_by_sector_and_law() -> None:
    told = tula("world", "duties", "USA:CHN", "--as-of", "2026-03-01").stdout
    assert "USA:CHN on 2026-03-01: 25.8 per cent of border value on average." in told
    assert "S301-L3 14.0" in told and "83 FR 47974" in told


def test_between_two_days_and_over_time(tmp_path: Path) -> None:
    told = tula("world", "duties", "USA:IND", "--between", "2025-01-01", "2025-11-17").stdout
    assert "2.4 per cent of border value on 2025-01-01, 33.5 on 2025-11-17 (+31.1 points)" in told
    file = tmp_path / "timeline.csv"
    assert (
        "August 2026" in tula("world", "duties", "USA:IND", "--timeline", "--csv", str(file)).stdout
    )
    with file.open(encoding="utf-8") as lines:
        rows = {row["From"]: row for row in csv.DictReader(lines)}
    assert rows["2025-08-27"]["Begins"] == "IEEPA-EO14329"
    assert float(rows["2025-08-27"]["Duty"]) == pytest.approx(35.8)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["USA"], "name two places, such as USA:CHN"),
        (["USA:CHN", "--as-of", "March 2026"], "write it as 2026-03-01"),
        (["USA:CHN", "--as-of", "2017-01-01"], "begins on 2018-01-01"),
        (["USA:CHN", "--without", "S232-steal"], "did you mean 'S232-steel'"),
        (["USA:CHM"], "unknown region 'CHM'"),
        (["IND:RUS"], "holds no layer of IND on RUS"),
        (["USA:CHN", "--duties", "none.csv"], "none.csv: no such file"),
    ],
)
def test_what_cannot_be_read_is_told(words: list[str], told: str) -> None:
    refused = tula("world", "duties", *words)
    assert refused.exit_code == 2
    assert told in " ".join(refused.stderr.split())
