"""Published estimates stand beside our figure of the same kind, and only beside that."""

from collections.abc import Callable
from typing import Any

import pytest

from tula.report import render
from tula.report.parts.sizes.part import Sizes
from tula.report.view import View
from tula.study.results import StudyResults

Results = Callable[..., StudyResults]


def with_bands(results: StudyResults, *changes: dict[str, Any]) -> View:
    (band,) = results.manifest.published
    bands = tuple(band.model_copy(update=change) for change in changes)
    manifest = results.manifest.model_copy(update={"published": bands, "hashes": {}})
    return View(StudyResults(manifest, results.data, results.ties, results.answer))


def test_estimates_of_income_say_whether_our_range_meets_them(build_results: Results) -> None:
    results = build_results()
    view = with_bands(results, {})
    (band,) = view.manifest.published
    span = view.span("real_income", band.scenario, band.region)
    inside = {"low": span.low, "high": span.low}
    beyond = {"low": span.high + 1.0, "high": span.high + 2.0}
    view = with_bands(results, inside, beyond)
    assert [row.cells[-1] for row in Sizes(view).estimates.rows] == ["yes", "no"]
    assert "Our range over the variants meets 1 of 2." in render(view.results)


@pytest.mark.parametrize(
    ("change", "ours"),
    [
        ({"metric": "exports", "ours": "nothing"}, "another measure"),
        ({"metric": "import bill", "units": "bn USD"}, "worth "),
    ],
)
def test_what_measures_something_else_is_not_held_against_income(
    build_results: Results, change: dict[str, Any], ours: str
) -> None:
    part = Sizes(with_bands(build_results(), change))
    (row,) = part.estimates.rows
    assert row.cells[-2].startswith(ours)
    assert row.cells[-1] == ""
    assert part.published is None
