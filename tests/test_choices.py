"""The figures on the page about choices are what the embedded world gives."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path

import pytest

import tula as tl
from command_line import tula
from tula.cli.technology import PRESETS
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
    return float((found * base)[base > 0].sum() / base.sum())


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


OPTIONS = re.findall(r"^\| `(--[^`]+)` \|.*\d \|$", PAGE, re.MULTILINE)


@pytest.mark.parametrize("options", OPTIONS)
def test_the_options_give_the_figures_told(options: str) -> None:
    duty = "--tariff USA:IND:goods:+25pp --focus IND,USA --json"
    result = tula("solve", *duty.split(), *options.split())
    assert result.exit_code == 0, result.stderr
    found = json.loads(result.stdout)
    change = found["regions"]["real_income"]
    idle = found["idle_labour_percent"].get("IND", 0.0)
    assert row(f"`{options}`") == [f"{change['IND']:.3f}", f"{change['USA']:.3f}", f"{idle:.2f}"]


def test_the_table_of_options_is_found() -> None:
    assert len(OPTIONS) == 11


@pytest.mark.parametrize("name", PRESETS["short-run"])
def test_the_preset_is_told_with_its_ranges(name: str) -> None:
    item = PRESETS["short-run"][name]
    line = f"| `{name}` | {item.value:g} | {item.low:g} to {item.high:g} | {item.why} |"
    assert line in PAGE


def test_prices_under_transformation_move_as_told(world: Economy) -> None:
    base = tl.calibrate(world, tl.Technology(transformation=1.0))
    solution = tl.solve(base, [DUTY])
    step = solution.seller_wedge * solution.cost_hat.T[:, None, :] - 1.0
    labels = world.labels
    goods = [labels.sector_index(code) for code in labels.resolve_sectors(["goods"])]
    usa, india = labels.region_index("USA"), labels.region_index("IND")
    sold = base.border_trade[goods, usa, india]
    taken = -100.0 * float((sold * step[goods, usa, india]).sum() / sold.sum())
    assert f"take {taken:.0f}% less on goods" in " ".join(PAGE.split())
    change = base.border_trade * step
    sales, purchases = -change[:, :, india].sum(), -change[:, india, :].sum()
    own = -change[:, india, india].sum()
    told = " ".join(PAGE.split())
    assert f"of the {(sales - own) / 1000:.1f} billion USD that lower prices take" in told
    assert f"{(purchases - own) / 1000:.1f} billion come back in cheaper purchases" in told


def test_wages_fall_as_told_without_a_floor_and_with_a_stuck_buyer(world: Economy) -> None:
    wages = tl.metrics.METRICS["wage"]
    free = -float(wages(tl.solve(world, [DUTY])).sel(region="IND"))
    buyer = tl.Technology(buyers=(tl.BuyerElasticity("USA", "goods", 0.07),))
    solution = tl.solve(tl.calibrate(world, buyer), [DUTY])
    stuck = -float(wages(solution).sel(region="IND"))
    told = " ".join(PAGE.split())
    assert f"without a floor India's fall by {free:.2f}%" in told
    assert f"its wages by {stuck:.2f}% only" in told
    assert goods_volume(world, solution) == pytest.approx(-20, abs=1)


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
