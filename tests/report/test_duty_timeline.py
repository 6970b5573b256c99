"""The picture of a duty over time."""

from __future__ import annotations

from datetime import date
from xml.etree import ElementTree

import pytest

from tula.policy.duties import embedded_duties
from tula.policy.duties.tell import PairDuties
from tula.report.duty_timeline import COLOURS, REST, Moment, timeline, timeline_page
from tula.world.store import load_world

MOMENTS = [
    Moment(date(2020, 1, 1), {"MFN": 2.0}),
    Moment(date(2021, 1, 1), {"MFN": 2.0, "S301": 10.0}),
    Moment(date(2022, 1, 1), {"MFN": 2.0, "zero": -1.0}),
]


def test_the_picture_stands_alone_and_says_its_numbers() -> None:
    drawn = timeline("Duty of A:B", "made", MOMENTS, date(2023, 1, 1))
    root = ElementTree.fromstring(drawn)
    assert float(root.attrib["width"]) > 800 and "var(--" not in drawn
    for part in ("12.0 from 2021-01-01", "1.0 from 2022-01-01", "S301", "zero"):
        assert part in drawn
    assert drawn == timeline("Duty of A:B", "made", MOMENTS, date(2023, 1, 1))


def test_many_layers_are_drawn_as_the_largest_and_the_rest() -> None:
    many = [Moment(date(2020, 1, 1), {f"layer-{k:02}": float(k + 1) for k in range(20)})]
    drawn = timeline("Duty", "made", many, date(2021, 1, 1))
    assert REST in drawn and "layer-19" in drawn and "layer-00" not in drawn
    assert all(colour in drawn for colour in COLOURS)


@pytest.mark.parametrize("day", [date(2019, 1, 1), date(2025, 9, 1), date(2026, 8, 1)])
def test_layers_add_up_to_the_average(day: date) -> None:
    found = PairDuties(embedded_duties(), load_world("icio-2024"), "USA", "EU")
    assert sum(found.parts(day).values()) == pytest.approx(found.average(day))


def test_the_page_holds_picture_turns_and_laws() -> None:
    drawn = timeline("Duty of A:B", "made", MOMENTS, date(2023, 1, 1))
    page = timeline_page(
        "Duty of <A:B>", drawn, [["From", "Duty"], ["2020-01-01", "2.0"]], [["Layer"], ["S & T"]]
    )
    assert drawn in page
    for part in ("Duty of &lt;A:B&gt;", "<td>2020-01-01</td>", "<td>S &amp; T</td>"):
        assert part in page
    assert "http" not in page.replace("http-equiv", "").replace("http://www.w3.org", "")
