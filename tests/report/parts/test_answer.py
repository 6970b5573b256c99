import json
import re
from typing import Any

import pytest

from tula.report import figures
from tula.report.parts.answer import panels
from tula.report.view import View
from tula.study.results import StudyResults


@pytest.fixture(scope="module")
def view(results: StudyResults) -> View:
    return View(results)


def _domains(spec: dict[str, Any]) -> list[list[float]]:
    """Limits of the horizontal axes that are drawn."""
    found = []
    for layer in [spec, *spec.get("layer", [])]:
        for inner in [layer, *layer.get("layer", [])]:
            x = inner.get("encoding", {}).get("x", {})
            if x.get("axis") and x["scale"]["domain"] not in found:
                found.append(x["scale"]["domain"])
    return found


def _reach(view: View, codes: tuple[str, ...]) -> tuple[float, float]:
    spans = [view.span("ev", record.id, code) for record in view.moves for code in codes]
    return min(s.low for s in spans) / 1e3, max(s.high for s in spans) / 1e3


def test_the_axis_of_the_pivot_ends_where_its_own_ranges_end(view: View) -> None:
    pivot, rivals = _domains(panels.wide(view))
    for domain, codes in ((pivot, view.actors[:1]), (rivals, view.actors[1:])):
        low, high = _reach(view, codes)
        room = 0.05 * (max(high, 0.0) - min(low, 0.0))
        assert min(low, 0.0) - room < domain[0] < min(low, 0.0)
        assert max(high, 0.0) < domain[1] < max(high, 0.0) + room


def test_on_a_phone_the_pivot_stands_before_its_rivals_on_another_scale(view: View) -> None:
    pivot, rivals = panels.narrow(view)
    assert _domains(pivot) != _domains(rivals)
    assert "India" in json.dumps(pivot)
    assert "Russia " not in json.dumps(pivot).replace("Russian", "")
    assert "Russia " in json.dumps(rivals)


def test_every_title_stands_once_in_the_order_of_the_study(view: View) -> None:
    drawn = figures.svg(panels.wide(view), "chart")
    words = " ".join(re.findall(r"<text[^>]*>([^<]*)<", drawn))
    places = [words.index(record.title) for record in view.moves]
    assert places == sorted(places)
    assert [words.count(record.title) for record in view.moves] == [1] * len(places)


def test_the_number_of_each_row_is_written_with_its_percentage(view: View) -> None:
    for group, record in zip(panels.income(view), view.moves, strict=True):
        assert group.heading == record.title
        assert all(re.fullmatch(r".*bn USD \(.*%\)", row.label) for row in group.rows)
