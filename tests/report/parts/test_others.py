import csv
from collections.abc import Callable
from io import StringIO

import pytest

import made_answer
from tula.report import render
from tula.report.part import csv as written
from tula.report.parts.others.part import Others
from tula.report.view import View

Answered = Callable[..., View]


def test_the_pivot_is_told_with_its_place_beside_its_neighbours_and_both_ends(
    answered: Answered,
) -> None:
    part = Others(answered())
    assert part.place == 7
    assert [part.ranking.place(one.id) for one in part.near] == [1, 2, 3, 5, 6, 7, 8, 9, 12, 13, 14]
    text = render(answered().results)
    assert "Of 14 regions in the order of how evenly the United States and Russia hold" in text
    assert "India stands in place 7." in text
    assert "tula rank USA RUS --as-of 2025-12-12" in text


def test_the_command_asks_for_what_the_page_shows(answered: Answered) -> None:
    shown = made_answer.OTHERS.model_copy(
        update={"replace": ("2:1.5:4", "OIL=6:3:12"), "closure": "balanced"}
    )
    assert Others(answered(others=shown)).command == (
        "tula rank USA RUS --as-of 2025-12-12 --replace 2:1.5:4 --replace OIL=6:3:12 "
        "--closure balanced"
    )


def test_every_region_can_be_taken_with_both_rivals(answered: Answered) -> None:
    rows = list(csv.DictReader(StringIO(written(Others(answered()).taken["others"]))))
    assert [row["region"] for row in rows] == [one.id for one in made_answer.OTHERS.regions]
    assert float(rows[6]["holds RUS needed value"]) == 0.6
    assert float(rows[6]["holds RUS needed low"]) == pytest.approx(0.55)


def test_the_table_has_all_regions_with_whom_they_yield_to(answered: Answered) -> None:
    rows = Others(answered()).table.rows
    assert len(rows) == 14
    assert rows[6].label == "7. India"
    assert rows[6].cells == ("60 (Russia)", "9.0", "9.0", "90")
    assert rows[6].strong


def test_without_a_ranking_there_is_no_such_part(answered: Answered) -> None:
    view = answered(others=None)
    assert not Others(view).shown
    assert 'id="others"' not in render(view.results)
