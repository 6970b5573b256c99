"""A price has a sign only where draws, ends of sigma, supply and short-run worlds agree on it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import tula as tl
from strategy.answer import made
from tula.equilibrium import calibrate
from tula.equilibrium.variants import SHORT_RUN
from tula.strategy.answer import price as priced
from tula.strategy.answer.answer import answer
from tula.strategy.answer.price import best, courses, giving

NEARLY = {"id": "nearly", "title": "It hardly changes", "meets": {"no_gas": 0.01}}
ELSE = {"id": "else", "title": "Something else", "scenarios": ["gift"]}


def test_courses_that_meet_nothing_of_a_demand_do_not_give_in() -> None:
    inputs = made.block(options=[made.KEEP, made.STOP, NEARLY, ELSE])
    assert [one.id for one in giving(inputs)] == ["stop", "nearly"]
    assert giving(made.block(options=[made.KEEP, ELSE])) == ()


def test_the_best_course_is_chosen_once_on_the_mean_over_draws() -> None:
    """Chosen draw by draw it would be worth what no government could know."""
    inputs = made.block(options=[made.KEEP, made.STOP, NEARLY])
    worth = {
        "keep": np.array([0.0, 0.0, 0.0]),
        "stop": np.array([3.0, -1.0, -1.0]),
        "nearly": np.array([0.1, 0.1, 0.2]),
    }
    found = best(inputs, worth)
    assert found is not None
    assert found.id == "stop"
    money = {name: np.stack([one, 0.5 * one], axis=1) for name, one in worth.items()}
    told = {one.id: one.gain.median for one in courses(inputs, money, {})}
    assert told == {"keep": 0.0, "stop": -1.0, "nearly": 0.1}
    common = {one.id: one.common.median for one in courses(inputs, money, {})}
    assert common == {name: 0.5 * gain for name, gain in told.items()}


@pytest.mark.parametrize(
    ("shares", "money", "sign"),
    [
        ([0.9, 0.8, 1.0], [1.0, 2.0], 1),
        ([0.9, 0.7, 1.0], [1.0, 2.0], 0),
        ([0.9, 0.8, 1.0], [1.0, -2.0], 0),
        ([0.1, 0.0, 0.2], [-1.0, None], -1),
        ([0.1, 0.0, 0.2], [-1.0, 0.5], 0),
        ([0.44], [1.0], 0),
    ],
)
def test_four_fifths_of_draws_and_all_worlds_make_a_sign(
    shares: list[float], money: list[float | None], sign: int
) -> None:
    assert priced._sign(shares, money) == sign


def test_ends_are_solved_only_where_draws_and_worlds_agree_and_worlds_always() -> None:
    def ask(*options: Any) -> Any:
        given = {**made.scenarios(), "nothing": made.scenarios()["gift"]}
        inputs = made.block(options=[made.KEEP, *options], threats=[made.THREAT])
        return answer(inputs, made.world(), given, draws=8).price

    found = ask(made.STOP)
    assert set(found.by_world) == {one.name for one in SHORT_RUN}
    assert (found.sign, found.above) == (-1, 0.0)
    assert set(found.agreement) == {
        "sigma 1.2, supply as stated",
        "sigma 1.2, supply free",
        "sigma 1.6, supply as stated",
        "sigma 1.6, supply free",
    }
    assert found.by_world["buyers-hit"] == pytest.approx(found.price.median, rel=0.01)


@pytest.mark.parametrize(
    ("rent_to", "other"), [("importer", "rents-lost"), ("nobody", "rents-to-buyers")]
)
def test_a_price_that_rests_on_who_keeps_a_rent_has_no_sign(rent_to: Any, other: str) -> None:
    """Whichever side the study names, the other is solved beside it; an embargo leaves none."""
    gas = tl.ImportCap(importer="PIV", exporter="TWO", sectors="GAS", at=0.9, rent_to=rent_to)
    less = {**made.STOP, "scenarios": ["less"]}
    inputs = made.block(options=[made.KEEP, less], threats=[])
    found = answer(inputs, made.world(), {**made.scenarios(), "less": [gas]}, draws=8).price
    assert found is not None
    own, beside = found.price.median, found.by_world[other]
    assert own * beside < 0.0
    assert (own > 0.0) == (rent_to == "importer")
    assert found.sign == 0
    assert other not in found.common_by_world


def test_the_common_part_differs_by_short_run_world_and_the_relative_hardly_does() -> None:
    """A duty lifted from all that the pivot sells moves its wage: the more, the slower buyers."""
    threat = {**made.THREAT, "scenarios": ["wide"], "honoured": 1.0}
    given = {
        **made.scenarios(),
        "wide": [tl.Tariff(importer="ONE", exporter="PIV", sectors=["GDS", "SRV"], add=0.2)],
        "nothing": [tl.Tariff(importer="PIV", exporter="ONE", sectors="SRV", add=1e-6)],
    }
    obeys = {"id": "obeys", "title": "It obeys", "scenarios": ["nothing"], "meets": {"no_gas": 1.0}}
    inputs = made.block(options=[made.KEEP, obeys], threats=[threat])
    found = answer(inputs, made.world(one=0.1), given, draws=8).price
    assert found is not None
    assert found.price.low > 0.0
    assert 0.0 < found.common.median < found.price.median
    own, quick, slow = (
        found.common_by_world[name] for name in ("buyers-hit", "buyers-hit-elastic", "first-year")
    )
    assert own == pytest.approx(found.common.median, rel=0.01)
    assert quick < own < slow
    relative = [
        found.by_world[name] - found.common_by_world[name]
        for name in ("buyers-hit-elastic", "buyers-hit", "first-year")
    ]
    whole = [found.by_world[name] for name in ("buyers-hit-elastic", "buyers-hit", "first-year")]
    assert max(relative) - min(relative) < 0.5 * (max(whole) - min(whole))


def test_wages_of_an_economy_that_all_move_alike_are_common_and_nothing_else() -> None:
    """A single taxed seller of one good: the first-order gain of its wage on what it sells."""
    from tula.strategy.answer.readings import through_wages

    world = calibrate(made.world(one=0.1))
    duty = [tl.Tariff(importer="ONE", exporter="PIV", sectors="GDS", add=0.001)]
    found = tl.solve(world, duty)
    place = world.labels.region_index("PIV")
    money = through_wages(found, place)
    exact = world.final_spending[place] * (found.real_income_hat[place] - 1.0) / 1e3
    assert money < 0.0
    assert money == pytest.approx(exact, rel=0.05)
    assert through_wages(tl.solve(world, []), place) == pytest.approx(0.0, abs=1e-9)
