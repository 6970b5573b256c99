"""``tula world duties``."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from command_line import plain, tula
from tula.numbers.write import MINUS


def test_a_pair_on_a_day_is_told_by_sector_and_law() -> None:
    told = tula("world", "duties", "USA:CHN", "--as-of", "2026-03-01").stdout
    assert "USA:CHN on 2026-03-01: 25.5 per cent of border value on average." in told
    assert "S301-L3 14.0" in told and "83 FR 47974" in told


def test_between_two_days_and_over_time(tmp_path: Path) -> None:
    told = tula("world", "duties", "USA:IND", "--between", "2025-01-01", "2025-11-17").stdout
    assert "2.3 per cent of border value on 2025-01-01, 34.1 on 2025-11-17 (+31.7 points)" in told
    file = tmp_path / "timeline.csv"
    assert (
        "August 2026" in tula("world", "duties", "USA:IND", "--timeline", "--csv", str(file)).stdout
    )
    with file.open(encoding="utf-8") as lines:
        rows = {row["From"]: row for row in csv.DictReader(lines)}
    assert rows["2025-08-27"]["Begins"] == "IEEPA-EO14329"
    assert float(rows["2025-08-27"]["Duty"]) == pytest.approx(35.6, abs=0.05)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["USA"], "name two places, such as USA:CHN"),
        (["USA:CHN", "--as-of", "March 2026"], "write it as 2026-03-01"),
        (["USA:CHN", "--as-of", "2017-01-01"], "begins on 2018-01-01"),
        (["USA:CHN", "--without", "S232-steal"], "did you mean 'S232-steel'"),
        (["USA:CHM"], "unknown region 'CHM'"),
        (["IND:RUS"], "holds no layer of IND on RUS"),
        (["USA:CHN", "--timeline", "--as-of", "2025-01-01"], "three views, one at a time"),
        (["USA:CHN", "--timeline", "--without", "S232-steel"], "goes with the first two"),
        (["USA:CHN", "--duties", "none.csv"], "none.csv: no such file"),
    ],
)
def test_what_cannot_be_read_is_told(words: list[str], told: str) -> None:
    refused = tula("world", "duties", *words)
    assert refused.exit_code == 2
    assert told in " ".join(refused.stderr.split())


def test_a_what_if_can_be_asked_as_of_a_day() -> None:
    day = ["solve", "--as-of", "2025-11-17", "--focus", "IND"]
    since, laid_off, question = (
        plain(tula(*day, *more))
        for more in (
            (),
            ("--without", "IEEPA-EO14329"),
            ("--tariff", "USA:CHN:goods:+10pp"),
        )
    )
    assert "Before: the duties as of 2024-07-01, the world's own." in since
    assert "India loses 0.13%" in since
    assert "After: the same without IEEPA-EO14329." in laid_off
    assert "India gains 0.05%" in laid_off
    assert "Before: the duties as of 2025-11-17. After: the same and what was asked." in question


def test_a_day_after_the_table_ends_is_told() -> None:
    assert "ends with August 2026" in plain(tula("solve", "--as-of", "2026-10-01"))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--tariff", "USA:CHN:goods:+10pp", "--without", "S301"], "--as-of 2026-03-01"),
        (["--as-of", "2026-01-01", "--without", "S232-stel"], "did you mean 'S232-steel'"),
        (["--as-of", "01/02/2026"], "write it as 2026-03-01"),
    ],
)
def test_days_that_cannot_be_asked_are_told(words: list[str], told: str) -> None:
    refused = tula("solve", *words)
    assert refused.exit_code == 2
    assert told in plain(refused)


@pytest.mark.parametrize(
    "view", [["--as-of", "2026-08-01"], ["--between", "2025-01-01", "2026-08-01"]]
)
def test_a_layer_on_many_sellers_is_told_once_with_its_sum(view: list[str], tmp_path: Path) -> None:
    file = tmp_path / "all.csv"
    tula("world", "duties", "USA:all", *view, "--csv", str(file))
    with file.open(encoding="utf-8") as lines:
        rows = list(csv.reader(lines))[1:]
    for row in rows:
        parts = [part.rsplit(" ", 1) for part in row[-1].split(", ") if part]
        assert len({name for name, _ in parts}) == len(parts)
        points = [float(told.replace(MINUS, "-")) for _, told in parts]
        assert sum(points) == pytest.approx(float(row[-2]), abs=0.4)


def test_a_schedule_is_imported_as_layers_that_answer_a_day(tmp_path: Path) -> None:
    schedule, layers = tmp_path / "hs.csv", tmp_path / "layers.csv"
    schedule.write_text(
        "partner,hs,rate (%),start,layer\n"
        "CHN,870323,25,2018-07-06,S301-X\nall,870323,2.5,2018-01-01,MFN\n"
    )
    told = plain(
        tula("world", "import-duties", "lines", str(schedule), str(layers), "--importer", "USA")
    )
    assert "2 of 2 lines found a sector" in told and "free of S301-X" in told
    shown = tula("world", "duties", "USA:CHN", "--duties", str(layers), "--as-of", "2026-03-01")
    assert "S301-X 0.3" in shown.stdout and "MFN 2.5" in shown.stdout


def test_a_schedule_that_cannot_be_right_writes_nothing(tmp_path: Path) -> None:
    schedule, layers = tmp_path / "hs.csv", tmp_path / "layers.csv"
    schedule.write_text("hs,rate (%)\n10121,25\n")
    words = ["lines", str(schedule), str(layers), "--importer", "USA", "--start", "2018-01-01"]
    refused = tula("world", "import-duties", *words)
    assert refused.exit_code == 2 and not layers.exists()
    assert "lost its leading zero" in " ".join(refused.stderr.split())
    assert tula("world", "import-duties", *words, "--restore-zeros").exit_code == 0


def test_the_timeline_is_drawn_layer_by_layer(tmp_path: Path) -> None:
    picture = tmp_path / "india.svg"
    told = tula("world", "duties", "USA:IND", "--timeline", "--svg", str(picture)).stdout
    drawn = picture.read_text(encoding="utf-8")
    assert f"Drawn: {picture}" in " ".join(told.split())
    for part in ("<svg", "Duty of USA:IND", "IEEPA-EO14329", "35.6 from 2025-08-27"):
        assert part in drawn
    for words, fault in (
        (["--svg", str(picture)], "say --timeline too"),
        (["--timeline", "--svg", "india.png"], "ends in .svg"),
    ):
        refused = tula("world", "duties", "USA:IND", *words)
        assert refused.exit_code == 2 and fault in " ".join(refused.stderr.split())


def test_an_answer_is_added_to_the_table(tmp_path: Path) -> None:
    target = tmp_path / "answered.csv"
    words = ["IND:USA:kind", str(target), "--as-of", "2025-09-01"]
    told = plain(tula("world", "answer-duties", *words))
    assert "layers of answer-IND-USA added" in told
    shown = tula("world", "duties", "IND:USA", "--duties", str(target), "--as-of", "2025-11-17")
    assert "answer-IND-USA" in shown.stdout
