from collections.abc import Callable

from made_answer import FRONTIER
from tula.report import render
from tula.report.parts.moves.part import Moves
from tula.report.view import View

Answered = Callable[..., View]


def test_sets_stand_beside_the_course_as_it_stands(answered: Answered) -> None:
    part = Moves(answered())
    assert part.columns == [
        *("Moves", "Cost, bn USD", "Balance fails", "Fuel sold"),
        "A break-off by the United States",
    ]
    assert [(row.label, row.cells) for row in part.table.rows] == [
        ("As it stands", ("0", "47%", "41%", "6%")),
        ("A", ("0.02", "35%", "25%", "6%")),
        ("A + B (a bound)", ("0.09", "32%", "22%", "6%")),
    ]


def test_a_bound_is_marked_in_the_chart_and_all_are_read_out(answered: Answered) -> None:
    chart = Moves(answered()).chart
    assert "A + B (a bound): 0.09, 32%. A: term contracts; B: stocks." in chart.narrow


def test_without_a_move_that_helps_there_is_no_part(answered: Answered) -> None:
    view = answered(frontier=FRONTIER[:1])
    assert not Moves(view).shown
    assert 'id="moves"' not in render(view.results)
