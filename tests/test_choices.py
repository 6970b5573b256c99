"""The figures on the page about choices are what the embedded world gives."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

import tula as tl
from tula.equilibrium import CLOSURES
from tula.world.economy import Economy

PAGE = (Path(__file__).resolve().parents[1] / "docs" / "choices.md").read_text(encoding="utf-8")
DUTY = tl.Tariff(importer="USA", exporter="IND", sectors="goods", add="25 pp")


@pytest.fixture(scope="module")
def world() -> Economy:
    return tl.load_world("icio-2024")


def row(first: str) -> list[str]:
    """Cells of the one table row that starts with a word and holds numbers."""
    found = [line for line in PAGE.splitlines() if re.match(rf"\| {re.escape(first)} \|.*\d", line)]
    assert len(found) == 1
    return [cell.strip().replace("−", "-") for cell in found[0].strip("|").split("|")][1:]


def income(solution: tl.Solution, regions: Iterable[str]) -> list[str]:
    found = tl.metrics.real_income(solution)
    return [f"{float(found.sel(region=code)):.3f}" for code in regions]


def goods_volume(world: Economy, solution: tl.Solution) -> float:
    """Change of the volume of Indian goods sold to the United States, per cent."""
    goods = list(world.labels.resolve_sectors(["goods"]))
    places = [world.labels.sector_index(code) for code in goods]
    buyer, seller = (world.labels.region_index(code) for code in ("USA", "IND"))
    base = world.trade[places, buyer, seller]
    moved = tl.metrics.METRICS["trade_volume_change"](solution)
    found = moved.sel(importer="USA", exporter="IND", sector=goods).values
    return float((found * base).sum() / base.sum())


@pytest.mark.parametrize("closure", ["fixed", "proportional", "balanced"])
def test_the_closures_give_the_incomes_told(world: Economy, closure: str) -> None:
    solution = tl.solve(world, [DUTY], closure=CLOSURES[closure])
    assert row(closure) == income(solution, ("IND", "USA"))


@pytest.mark.parametrize("horizon", ["0.25", "1", "5", "none"])
def test_the_horizons_give_the_figures_told(world: Economy, horizon: str) -> None:
    then = world if horizon == "none" else tl.at_horizon(world, float(horizon))
    solution = tl.solve(then, [DUTY])
    theta = then.trade_elasticity
    wages = float(tl.metrics.METRICS["wage"](solution).sel(region="IND"))
    assert row(horizon) == [
        f"{theta.min():.2f} to {theta.max():.2f}",
        f"{goods_volume(world, solution):.0f}",
        *income(solution, ["IND"]),
        f"{wages:.2f}",
    ]


def test_the_published_sets_give_the_range_told(world: Economy) -> None:
    found = [
        float(
            tl.metrics.real_income(tl.solve(tl.with_elasticity_set(world, name), [DUTY])).sel(
                region="IND"
            )
        )
        for name in tl.elasticity_sets()
    ]
    assert f"India −{-max(found):.2f} to −{-min(found):.2f}% of real income" in PAGE


def test_the_python_example_runs() -> None:
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    exec(compile(code, "docs/choices.md", "exec"), {})
