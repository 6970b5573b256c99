"""What a replication hands back, and how it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from tula import replicate
from tula.errors import UnknownNameError
from tula.replicate.report import compare


def row(reproduced: float) -> replicate.ReplicationRow:
    return replicate.ReplicationRow("welfare", "A", "%", 1.31, reproduced, None, 0.005, "by hand")


def report(*rows: replicate.ReplicationRow) -> replicate.ReplicationReport:
    return replicate.ReplicationReport("toy", "Toy", "By hand", rows, ())


def test_a_row_agrees_when_it_rounds_to_the_published_figure() -> None:
    assert row(1.3149).agrees
    assert not row(1.3151).agrees


def test_a_report_agrees_only_if_every_row_does() -> None:
    assert report(row(1.31), row(1.312)).agrees
    assert not report(row(1.31), row(1.4)).agrees


def test_the_table_shows_difference_and_verdict() -> None:
    table = report(row(1.4)).to_frame()
    assert table["difference"].item() == pytest.approx(0.09)
    assert not table["agrees"].item()


def test_a_comparison_names_the_worst_place() -> None:
    found = compare("x", "other", "%", {"A": 1.0, "B": 2.0}, {"A": 1.1, "B": 2.5}, 0.2)
    assert (found.place, found.worst, found.figures, found.agrees) == ("B", 0.5, 2, False)


@pytest.mark.parametrize("place", ["A", "B"])
def test_a_figure_that_is_not_a_number_never_agrees(place: str) -> None:
    theirs = {"A": 1.0, "B": 1.0}
    found = compare("x", "other", "%", theirs | {place: float("nan")}, theirs, 0.2)
    assert found.place == place
    assert not found.agrees


def test_a_comparison_refuses_to_drop_places() -> None:
    with pytest.raises(KeyError, match="B"):
        compare("x", "other", "%", {"A": 1.0, "B": 2.0}, {"A": 1.0}, 0.1)


@pytest.mark.parametrize("name", replicate.available())
def test_missing_files_are_named_all_at_once(name: str, tmp_path: Path) -> None:
    with pytest.raises(replicate.MissingReferenceError) as caught:
        replicate.run(name, tmp_path)
    assert str(caught.value).count(",") >= 1
    assert str(tmp_path) in str(caught.value)


def test_an_unknown_replication_is_refused_with_the_nearest_name(tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match="cp2015"):
        replicate.run("cp2014", tmp_path)
