from collections.abc import Callable

from tula.report.parts.path.part import Path
from tula.report.view import View

Answered = Callable[..., View]


def test_every_tie_has_a_panel(answered: Answered) -> None:
    drawn = "".join(chart.wide for chart in Path(answered()).ties)
    for told in ("Fuel sold, % of 2024", "Cloth sold, % of 2024", "Paying sold, % carried"):
        assert f">{told}</text>" in drawn


def test_every_month_is_told_with_the_chances_of_what_stands(answered: Answered) -> None:
    rows = Path(answered()).table.rows
    assert [row.label for row in rows] == ["1, from 12 Dec", "2, from 12 Jan", "3, from 12 Feb"]
    assert rows[1].cells == ("80%", "64%", "78%", "35%")
