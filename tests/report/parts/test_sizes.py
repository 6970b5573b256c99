"""Published estimates stand beside our figure of the same kind, and only beside that."""

from collections.abc import Callable
from typing import Any

import pytest

from made_answer import answer, answered
from tula.numbers import write
from tula.report import render
from tula.report.parts.sizes.part import Sizes
from tula.report.view import View
from tula.strategy.answer.found import Spread
from tula.strategy.answer.proofs import AloneTold, WorthAt
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
    assert [row.cells[-2] for row in Sizes(view).estimates.rows] == ["yes", "no"]
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
    assert row.cells[-3].startswith(ours)
    assert row.cells[-2:] == ("", "")
    assert part.published is None


def test_a_missed_estimate_of_income_names_the_nearest_variant(build_results: Results) -> None:
    results = build_results()
    (band,) = results.manifest.published
    data = results.data.copy(deep=True)
    data["real_income"].loc[{"scenario": band.scenario, "region": band.region}] = -0.1
    cell = {"closure": "balanced", "elasticity": "CP"}
    data["real_income"].loc[{"scenario": band.scenario, "region": band.region, **cell}] = -0.15
    missed = {"low": -0.4, "high": -0.3}
    manifest = results.manifest.model_copy(update={"hashes": {}})
    view = with_bands(StudyResults(manifest, data), missed)
    (row,) = Sizes(view).estimates.rows
    assert row.cells[-2:] == (
        "no",
        "no variant; nearest −0.15%, closure balanced, elasticities CP",
    )


@pytest.mark.parametrize(
    ("low", "high", "told"),
    [
        (11.0, 12.0, ("yes", "")),
        (13.0, 14.0, ("no", "at 0.35 (not 0.5): part still bought")),
        (6.0, 7.5, ("no", "at 1.5 (not 1): months that it lasts")),
        (
            30.0,
            40.0,
            ("no", "no single belief within its range; nearest +16.0 at 0.2 (not 0.5): "
                   "part still bought"),
        ),
        (1.0, 2.0, ("no", "no single belief within its range; nearest +7.00 at 2 (not 1): "
                          "months that it lasts")),
    ],
)  # fmt: skip
def test_a_missed_cost_says_at_which_belief_we_would_meet_it(
    build_results: Results, low: float, high: float, told: tuple[str, str]
) -> None:
    alone = AloneTold(
        scenario="tariff",
        worth=Spread(median=-10.0, low=-12.0, high=-9.0),
        beliefs=(
            WorthAt(belief="heeded", at=(0.2, 0.5, 0.8), worth=(-16.0, -10.0, -9.0)),
            WorthAt(belief="lasting", at=(0.0, 1.0, 2.0), worth=(-12.5, -8.0, -7.0)),
            WorthAt(belief="breaks", at=(0.0, 0.1, 0.2), worth=(-10.0, -10.0, -10.0)),
        ),
    )
    made = answer()
    courses = (*made.courses[:-1], made.courses[-1].model_copy(update={"alone": alone}))
    results = answered(build_results(), made.model_copy(update={"courses": courses}))
    cost = {"metric": "bill", "units": "bn USD", "ours": "cost", "low": low, "high": high}
    view = with_bands(results, cost)
    (row,) = Sizes(view).estimates.rows
    assert row.cells[-3] == "costs +10.0 (+9.00 to +12.0) bn USD"
    assert row.cells[-2:] == told
    met = int(told[0] == "yes")
    assert "proves nothing" not in Sizes(view).fitted
    fitted = tuple(one.model_copy(update={"fitted": True}) for one in view.manifest.beliefs)
    manifest = view.manifest.model_copy(update={"beliefs": fitted, "hashes": {}})
    other = View(StudyResults(manifest, results.data, results.ties, results.answer))
    assert "to which one was fitted is met proves nothing. Our range" in Sizes(other).fitted
    assert Sizes(view).fitted.endswith(f"Our range over the draws meets {met} of 1.")


def test_a_cost_that_the_answer_does_not_tell_is_the_scenario_s(build_results: Results) -> None:
    results = build_results()
    (band,) = results.manifest.published
    span = View(results).span("ev", band.scenario, band.region)
    cost = {"units": "bn USD", "ours": "cost", "low": 1e4, "high": 1e4}
    (row,) = Sizes(with_bands(results, cost)).estimates.rows
    assert row.cells[-3].startswith(f"costs {write.change(-span.central / 1000.0)} ")
    assert row.cells[-1].startswith("no variant; nearest ")
