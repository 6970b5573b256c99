from collections.abc import Callable

from tula.report.parts.leverage.part import Leverage
from tula.report.view import View

Answered = Callable[..., View]


def test_both_rivals_stand_side_by_side(answered: Answered) -> None:
    part = Leverage(answered())
    told = {row.label: row.cells for row in part.table.rows}
    assert part.rivals == ["the United States", "Russia"]
    assert told["Takes from India, bn USD a year"] == ("90 (60 to 120)",) * 2
    assert told["Dropping the other pays from a belief of"] == ("25% (20 to 35)", "never")
    assert told["Meeting its demand pays from a belief of"] == ("10% (5 to 20)", "no demand")
    assert told["Believed"] == ("10% (5 to 20)",) * 2


def test_the_chart_sets_what_is_needed_against_what_is_believed(answered: Answered) -> None:
    chart = Leverage(answered()).chart
    for told in ("Needed: 25%", "Needed: never", "Needed for its demand: 10%", "Believed: 10%"):
        assert f">{told}</text>" in chart.wide


def test_what_each_could_stop_is_told_by_names(answered: Answered) -> None:
    part = Leverage(answered())
    (row,) = part.hands.rows
    assert row.label == "Buys goods: whole"
    assert row.cells == ("9", "4", "9", "4")
    assert part.columns[:2] == ["The United States takes", "The United States pays"]
