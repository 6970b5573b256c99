"""Draws begin at another draw's equilibria, also where they are other ones."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from factories import import_limits
from tula.equilibrium import CLOSURES, ConvergenceError, calibrate, solve
from tula.equilibrium.calibration import Calibration
from tula.equilibrium.solve import conclude
from tula.policy.shock import Shock, no_shock
from tula.strategy.answer.composed import Plan, State
from tula.strategy.answer.walk import Begun, Known, Path, Policy, digest
from tula.world.economy import Economy

FIRST, SECOND, THIRD = (0, 0), (0, 1), (0, 2)
CLOSURE = CLOSURES["fixed"]


def incomes(known: Known) -> Any:
    return known.solution.real_income_hat


def read(base: Calibration, each: dict[State, Shock], begun: Begun | None = None) -> Any:
    """Read the states of a draw; returns what was read, the path and what was refused."""
    path, refused = Path(CLOSURE, begun), dict[State, str]()
    path.enter(base)
    asked = {state: Policy(digest(shock, base), shock) for state, shock in each.items()}
    found = path.read(asked, incomes, lambda state, why: refused.update({state: str(why)}))
    return found, path, refused


@pytest.fixture
def base(toy_economy: Economy) -> Calibration:
    return calibrate(toy_economy)


def shocks(base: Calibration, second: dict[str, Any]) -> dict[State, Shock]:
    still = no_shock(base.labels, base.tariff, base.export_tax)
    abroad = ~np.eye(len(base.labels.regions), dtype=bool)[None]
    taxed = still.replace(tariff=still.tariff + 0.1 * abroad)
    return {FIRST: still, SECOND: still.replace(**second), THIRD: taxed}


@pytest.mark.parametrize("limited", ["here", "there"])
def test_a_limit_may_stand_in_one_draw_and_not_in_another(base: Calibration, limited: str) -> None:
    ceiling, ban = {"limits": import_limits({(0, 0, 1): 0.4})}, np.zeros_like(base.tariff, bool)
    ban[0, 0, 1] = True
    cases = [ceiling, {"embargo": ban}]
    there, here = (shocks(base, one) for one in (cases if limited == "there" else cases[::-1]))
    order = [FIRST, SECOND, THIRD]
    begun = read(base, there)[1].handed(order, Plan(tuple(order), {}, (0,)))
    found, _, refused = read(base, here, begun)
    assert not refused
    for state, shock in here.items():
        alone = solve(base, shock, closure=CLOSURE).real_income_hat
        np.testing.assert_allclose(found[state], alone, rtol=1e-7)


def test_a_first_state_that_cannot_be_proven_holds_up_nobody(
    base: Calibration, monkeypatch: pytest.MonkeyPatch
) -> None:
    each = shocks(base, {"limits": import_limits({(0, 0, 1): 0.4})})
    expected, path, _ = read(base, each)
    begun = path.handed(list(each), Plan(tuple(each), {}, (0,)))
    calls = list[object]()

    def failing(*given: Any, **more: Any) -> Any:
        calls.append(given)
        if len(calls) == 1:
            raise ConvergenceError("not proven")
        return conclude(*given, **more)

    monkeypatch.setattr("tula.strategy.answer.walk.conclude", failing)
    found, _, refused = read(base, each, begun)
    assert refused == {FIRST: "not proven"}
    for state in (SECOND, THIRD):
        np.testing.assert_allclose(found[state], expected[state], rtol=1e-7)
