from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

import factories
import tula as tl
from tula.equilibrium import Calibration, Solution
from tula.notebook.compare import ALL, Comparison, ComparisonError
from tula.world.economy import Economy

DUTY = tl.Tariff(importer="USA", exporter="IND", sectors="goods", add=0.1)
MORE = tl.Tariff(importer="USA", exporter="IND", sectors="goods", add=0.3)
ANSWER = tl.Tariff(importer="IND", exporter="USA", sectors="goods", add=0.3)
DATED = tl.Tariff(importer="USA", exporter="IND", sectors="goods", add=0.1, start="2025-01-01")
STIFF = tl.Technology(labour_mobility=1.0)


def inputs(comparison: Comparison, solution: str = "b") -> list[str]:
    part = comparison.data.part.sel(solution=solution).dropna("input")
    return [str(name) for name in part.input.values]


def adds_up(comparison: Comparison) -> bool:
    moved = comparison.data.real_income_moved
    return bool(abs(comparison.data.part.sum("input") - moved).max() < 1e-6)


def loose(world: Economy) -> Calibration:
    theta = np.full(len(world.sectors), 2.0)
    return replace(tl.calibrate(world), trade_elasticity=theta, elasticity_source="two")


def another(world: Economy) -> Economy:
    return factories.make_economy(4, 3, 1, regions=world.regions, sectors=world.sectors)


#: Two solutions of a world, and what differs between them.
PAIRS: dict[str, tuple[Callable[[Economy], tuple[Solution, Solution]], set[str]]] = {
    "an answer": (
        lambda w: (tl.solve(w, [DUTY]), tl.solve(w, [DUTY, ANSWER])),
        {"IND: +30.0 pp import duty on goods from USA"},
    ),
    "a higher rate": (
        lambda w: (tl.solve(w, [DUTY]), tl.solve(w, [MORE])),
        {
            "USA: +30.0 pp import duty on goods from IND instead of "
            "USA: +10.0 pp import duty on goods from IND"
        },
    ),
    "none": (
        lambda w: (tl.solve(w, [DUTY]), tl.solve(w)),
        {"without USA: +10.0 pp import duty on goods from IND"},
    ),
    "twice": (
        lambda w: (tl.solve(w), tl.solve(w, [DUTY, DUTY])),
        {
            "USA: +10.0 pp import duty on goods from IND",
            "USA: +10.0 pp import duty on goods from IND (2)",
        },
    ),
    "closure": (
        lambda w: (tl.solve(w, [DUTY]), tl.solve(w, [DUTY], closure="proportional")),
        {"closure"},
    ),
    "to balanced": (
        lambda w: (tl.solve(w, [DUTY]), tl.solve(w, [DUTY], closure="balanced")),
        {"closure"},
    ),
    "from balanced": (
        lambda w: (tl.solve(w, [DUTY], closure="balanced"), tl.solve(w, [DUTY])),
        {"closure"},
    ),
    "elasticities": (
        lambda w: (tl.solve(w, [DUTY]), tl.solve(loose(w), [DUTY])),
        {"elasticities"},
    ),
    "technology": (
        lambda w: (tl.solve(w, [DUTY]), tl.solve(tl.calibrate(w, STIFF), [DUTY])),
        {"technology"},
    ),
    "two": (
        lambda w: (tl.solve(w, [DUTY]), tl.solve(loose(w), [DUTY], closure="balanced")),
        {"closure", "elasticities"},
    ),
    "world": (
        lambda w: (tl.solve(w, [DUTY]), tl.solve(another(w), [DUTY])),
        {"world"},
    ),
    "day": (
        lambda w: (tl.solve(w, [DATED], on="2025-02-01"), tl.solve(w, [DATED], on="2024-02-01")),
        {"day"},
    ),
    "arrays": (
        lambda w: (tl.solve(w, [DUTY]), tl.solve(w, tl.tariff_array(w, 0.1))),
        {"policy"},
    ),
    "nothing": (
        lambda w: (tl.solve(w, [DUTY]), tl.solve(w, [DUTY])),
        set(),
    ),
}


@pytest.mark.filterwarnings("ignore::tula.policy.InertPolicyWarning")
@pytest.mark.parametrize("case", PAIRS)
def test_the_parts_of_the_inputs_that_differ_add_up(case: str, toy_economy: Economy) -> None:
    solved, named = PAIRS[case]
    first, other = solved(toy_economy)
    found = tl.compare({"a": first, "b": other})
    assert set(inputs(found)) == named
    assert adds_up(found)
    assert found.why == {}


def test_two_inputs_share_as_in_every_order(toy_economy: Economy) -> None:
    both = {"a": tl.solve(toy_economy), "b": tl.solve(toy_economy, [DUTY, ANSWER])}
    part = tl.compare(both).data.part.sel(solution="b", region="IND")
    income = [
        100.0 * tl.solve(toy_economy, policy).real_income_hat[0]
        for policy in ([], [DUTY], [ANSWER], [DUTY, ANSWER])
    ]
    none, duty, answer, together = income
    assert part.sel(input="IND: +30.0 pp import duty on goods from USA").item() == pytest.approx(
        ((answer - none) + (together - duty)) / 2.0, abs=1e-8
    )


def test_several_are_compared_with_the_first_in_the_order_given(toy_economy: Economy) -> None:
    solutions = {
        "z": tl.solve(toy_economy, [DUTY]),
        "b": tl.solve(toy_economy),
        "a": tl.solve(toy_economy, [ANSWER]),
    }
    found = tl.compare(solutions, ["trade_balance"])
    assert found.data.solution.values.tolist() == ["z", "b", "a"]
    assert found.data.trade_balance_moved.dims == ("solution", "region", "state")
    assert found.data.real_income.attrs["units"] == "%"
    assert found.data.real_income_moved.attrs["units"] == "points"
    told = found.to_frame()
    assert list(told.columns) == ["solution", "input", "region", "part"]
    assert "without USA: +10.0 pp" in repr(found)


def test_a_mixture_without_a_solution_is_said(toy_economy: Economy) -> None:
    base = tl.calibrate(toy_economy)
    start, end = tl.solve(base, [DUTY]), tl.solve(base, [MORE])
    object.__setattr__(end, "income", end.income * 1.01)
    found = tl.compare({"a": start, "b": end})
    assert inputs(found) == [ALL] and adds_up(found)
    assert "cannot be made again" in found.why["b"]
    assert "cannot be made again" in repr(found)


def test_more_inputs_than_can_be_told_apart_are_one(toy_economy: Economy) -> None:
    many = [
        tl.Tariff(importer=importer, exporter=exporter, sectors=sector, add=0.01)
        for importer in toy_economy.regions
        for exporter in toy_economy.regions
        if importer != exporter
        for sector in ("OIL",)
    ]
    found = tl.compare({"a": tl.solve(toy_economy), "b": tl.solve(toy_economy, many)})
    assert inputs(found) == ["policy"] and adds_up(found)


def test_what_cannot_be_compared_is_refused(toy_economy: Economy) -> None:
    one = tl.solve(toy_economy)
    other = tl.solve(factories.make_economy(3, 2))
    for wrong in ({"a": one}, {"a": one, "b": other}):
        with pytest.raises(ComparisonError):
            tl.compare(wrong)
    with pytest.raises(ComparisonError, match="give each a name"):
        tl.compare([one, one])
    with pytest.raises(tl.TulaError, match="unknown metric"):
        tl.compare({"a": one, "b": one}, ["welfar"])
