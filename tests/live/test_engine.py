"""The page's engine gives what the Python engine gives."""

from __future__ import annotations

import json
from collections import Counter
from math import inf
from typing import Any

import numpy as np
import pytest

import live_settings as ask
from tula.equilibrium.outcomes import LimitOutcome
from tula.errors import TulaError
from tula.live.engine import engine

pytestmark = pytest.mark.filterwarnings("ignore::tula.policy.notices.PolicyWarning")

#: Points of real income, and trade over the largest flow of the world.
POINTS, FLOWS = 1e-7, 1e-9
#: The same in points where both engines solve closely, and how closely.
CLOSE_POINTS, CLOSE = 1e-9, 1e-12


def _apart(world: ask.World, setting: ask.Setting, found: dict[str, Any], tolerance: float) -> Any:
    """Return the largest differences in real income (points) and trade; both may refuse."""
    try:
        solution = ask.in_python(world, setting, tolerance)
    except TulaError as refusal:
        assert "refused" in found, f"only Python refuses {setting}: {refusal}"
        return 0.0, 0.0
    assert "refused" not in found, f"only the page refuses {setting}: {found}"
    assert found["proof"]["holds"]
    income = 100.0 * np.abs(np.array(found["realIncomeHat"]) - solution.real_income_hat).max()
    there = np.array(found["trade"]).reshape(solution.border_trade.shape)
    flows = np.abs(there - solution.border_trade).max() / solution.border_trade.max()
    return income, flows


def _largest(count: int, worlds: int, seed: int, tolerance: float) -> tuple[float, float]:
    draw = np.random.default_rng(seed)
    asked = [
        (world, [ask.drawn_setting(draw, world) for _ in range(count // worlds)])
        for world in ask.drawn_worlds(draw, worlds)
    ]
    found = iter(ask.in_javascript(asked, tolerance=tolerance))
    apart = [_apart(world, one, next(found), tolerance) for world, some in asked for one in some]
    assert len(apart) >= count // worlds * worlds
    return tuple(max(column) for column in zip(*apart, strict=True))  # type: ignore[return-value]


def test_a_dozen_random_questions_have_the_answers_of_the_python_engine() -> None:
    income, flows = _largest(12, 6, seed=1, tolerance=1e-10)
    assert income < POINTS
    assert flows < FLOWS


@pytest.mark.slow
def test_300_random_questions_have_the_answers_of_the_python_engine() -> None:
    income, flows = _largest(300, 30, seed=2, tolerance=1e-10)
    assert income < POINTS
    assert flows < FLOWS


@pytest.mark.slow
def test_solved_closely_both_engines_agree_within_a_billionth_of_a_point() -> None:
    income, _ = _largest(90, 30, seed=4, tolerance=CLOSE)
    assert income < CLOSE_POINTS


def test_tariff_quotas_below_at_and_above_their_limit_have_the_answers_of_the_python_engine() -> (
    None
):
    draw, seen = np.random.default_rng(6), Counter[str]()
    asked = [
        (world, [_with_a_quota(draw, world) for _ in range(4)])
        for world in ask.drawn_worlds(draw, 8)[2:]
    ]
    found = iter(ask.in_javascript(asked, tolerance=CLOSE))
    for world, some in asked:
        for one in some:
            told = next(found)
            income, flows = _apart(world, one, told, CLOSE)
            assert income < CLOSE_POINTS, one
            assert flows < FLOWS, one
            if "refused" not in told:
                solution = ask.in_python(world, one, CLOSE)
                seen.update(_regime(limit) for limit in solution.limits if limit.beyond < inf)
    assert min(seen[regime] for regime in ("below", "at", "above")) >= 20, seen


def _with_a_quota(draw: np.random.Generator, world: ask.World) -> ask.Setting:
    """A tariff quota, at times beside another move, with its quantity near what is bought."""
    move = ask.drawn_move(draw, world.economy, "tariff-quota")
    move["value"] = round(float(draw.uniform(0.5, 1.5)), 3)
    others = [ask.drawn_move(draw, world.economy)] if draw.random() < 0.5 else []
    return ask.Setting((move, *others), str(draw.choice(["fixed", "proportional"])))


def _regime(limit: LimitOutcome) -> str:
    return "above" if limit.used > 1.0 else "at" if limit.binds else "below"


def _toy(**technology: Any) -> ask.World:
    import factories

    return ask.World(factories.toy_economy(), ask.Technology(**technology))


def _move(kind: str, importers: list[int], exporters: list[int], **more: Any) -> ask.Move:
    return {"kind": kind, "importers": importers, "exporters": exporters, "sectors": [0], **more}


QUOTA = _move(
    "tariff-quota", [0], [1], value=0.8, inside=0.1, beyond=0.5, together=True, rent="importer"
)


def _one(world: ask.World, *moves: ask.Move, **more: str) -> dict[str, Any]:
    return ask.in_javascript([(world, [ask.Setting(moves, **more)])])[0]


def test_no_move_gives_the_base_year_to_the_last_digit() -> None:
    found = _one(_toy())
    assert np.abs(np.array(found["realIncomeHat"]) - 1.0).max() < 1e-13
    assert found["proof"]["evaluations"] == 1


def test_a_certificate_that_misses_its_tolerance_gives_no_number() -> None:
    world, ruin = _toy(), _move("tariff", [0], [1], operator="set", value=-0.99)
    found = _one(world, ruin | {"exporters": [1, 2, 3], "sectors": [0, 1, 2]})
    assert set(found) == {"refused"}
    assert "no equilibrium was found" in found["refused"]


@pytest.mark.parametrize(
    ("moves", "said"),
    [
        (
            [
                _move("tariff", [0], [1], operator="set", value=0.1),
                _move("tariff", [0], [1, 2], operator="set", value=0.2),
            ],
            "different levels",
        ),
        (
            [
                _move("tariff", [0], [1], operator="at_least", value=0.5),
                _move("tariff", [0], [1], operator="at_most", value=0.2),
            ],
            "at least more than",
        ),
        ([_move("tariff", [0], [1], operator="add", value=-2.0)], "-100% or less"),
        (
            [
                _move("import-cap", [0], [1], value=0.5, together=False, rent="importer"),
                _move("import-cap", [0], [1], value=0.5, together=False, rent="exporter"),
            ],
            "one recipient",
        ),
        ([QUOTA, _move("tariff", [0], [1], operator="set", value=0.1)], "different levels"),
        ([{**QUOTA, "beyond": 0.1}], "above the rate inside"),
        ([{**QUOTA, "value": 0.0}], "nothing comes in"),
        (
            [
                {**QUOTA, "exporters": [1, 2]},
                _move("tariff", [0], [1], operator="add", value=0.2),
            ],
            "different ratios",
        ),
        ([_move("embargo", [0], [0])], "touches no trade"),
        ([_move("agreement", [0, 1], [1, 2], value=1.0)], "both sides"),
    ],
)
def test_what_python_refuses_the_page_refuses_with_a_reason(
    moves: list[ask.Move], said: str
) -> None:
    world = _toy()
    with pytest.raises(TulaError):
        ask.in_python(world, ask.Setting(tuple(moves)))
    assert said in _one(world, *moves)["refused"]


def test_an_embargo_on_what_buyers_cannot_do_without_is_refused() -> None:
    import factories

    economy = factories.toy_economy()
    economy = economy.with_elasticity(np.full(3, -0.1), "complements")
    found = _one(ask.World(economy), _move("embargo", [0], [1]))
    assert "no price makes up" in found["refused"]


def test_steps_from_the_last_answer_lead_where_a_fresh_start_leads() -> None:
    world = _toy()
    moves = [_move("tariff", [2], [0], operator="add", value=part / 10.0) for part in range(11)]
    along = ask.in_javascript([(world, [ask.Setting((one,)) for one in moves])])
    alone = _one(world, moves[-1])
    gap = np.array(along[-1]["realIncomeHat"]) - np.array(alone["realIncomeHat"])
    assert np.abs(gap).max() < 1e-10


def test_the_engine_is_plain_text_that_a_page_can_hold() -> None:
    assert "</script" not in engine()
    assert json.dumps(engine())
