"""The algebra of duties: bounds, coverage, overrides and exceptions, for any base and any order."""

from __future__ import annotations

from typing import Any

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings

from tula.policy import ContradictionError, Shock, Tariff, TradeAgreement, compile_shock
from tula.world.labels import Labels

pytestmark = pytest.mark.filterwarnings("ignore::tula.policy.PolicyWarning")

REGIONS, SECTORS = ("A", "B", "C", "D"), ("x", "y", "z")
LABELS = Labels(
    REGIONS, SECTORS, region_groups={"BC": ("B", "C")}, sector_groups={"xy": ("x", "y")}
)
BASE = np.random.default_rng(11).uniform(0.0, 0.4, (3, 4, 4))
NONE = np.zeros_like(BASE)

sides = st.sampled_from(["A", "B", "BC", "all"])
goods = st.sampled_from(["x", "xy", "z", "all"])
shares = st.floats(0.0, 1.0)
levels = st.floats(0.0, 0.5)
operators = st.one_of(
    st.fixed_dictionaries({"set": levels}),
    st.fixed_dictionaries({"add": st.floats(-0.2, 0.5)}),
    st.fixed_dictionaries({"multiply": st.floats(0.0, 3.0)}),
    st.fixed_dictionaries({"at_least": levels}),
    st.fixed_dictionaries({"at_most": levels}),
)
where = st.fixed_dictionaries({"importer": sides, "exporter": st.just("all"), "sectors": goods})


@st.composite
def duties(draw: st.DrawFn, overriding: bool = True) -> Tariff:
    fields = {**draw(where), **draw(operators)}
    return Tariff(**fields, coverage=draw(shares), override=overriding and draw(st.booleans()))


agreements = st.builds(
    TradeAgreement,
    members=st.just(["A", "BC"]),
    coverage=shares,
    override=st.booleans(),
)
plain = duties(overriding=False)


def run(policy: list[Any], base: np.ndarray = BASE) -> Shock:
    return compile_shock(LABELS, base, NONE, policy)


def cells(duty: Tariff) -> np.ndarray:
    """Cells of a duty, found by a measure that moves every one of them."""
    found = duty.model_copy(
        update=dict.fromkeys(("set", "multiply", "at_least", "at_most"))
        | {"add": 1.0, "coverage": 1.0, "override": False}
    )
    return np.asarray(run([found]).tariff != BASE)


def outcome(policy: list[Any]) -> Any:
    """New duties; or which pairs of measures clash, told by what they are."""
    try:
        return run(policy).tariff
    except ContradictionError as error:
        return {
            frozenset(policy[position].model_dump_json() for position in problem.instruments)
            for problem in error.problems
        }


@settings(max_examples=150, deadline=None)
@given(st.lists(duties() | agreements, max_size=5), st.randoms(use_true_random=False))
def test_the_order_of_duties_never_matters(policy: list[Any], random: Any) -> None:
    one, other = outcome(policy), outcome(random.sample(policy, len(policy)))
    assert np.array_equal(one, other) if isinstance(one, np.ndarray) else one == other


@settings(max_examples=60, deadline=None)
@given(st.lists(plain.filter(lambda one: one.set is None), max_size=3), where, levels)
def test_a_floor_holds_whatever_else_is_done(rest: list[Any], place: Any, floor: float) -> None:
    rest = [one for one in rest if one.at_most is None]
    bound = Tariff(**place, at_least=floor)
    free, held = run(rest).tariff, run([*rest, bound]).tariff
    inside = cells(bound)
    assert np.array_equal(held[inside], np.maximum(free[inside], floor))
    assert np.array_equal(held[~inside], free[~inside])
    assert np.array_equal(run([*rest, bound, bound]).tariff, held)


@settings(max_examples=60, deadline=None)
@given(st.lists(plain.filter(lambda one: one.set is None), max_size=3), where, levels)
def test_a_ceiling_holds_whatever_else_is_done(rest: list[Any], place: Any, most: float) -> None:
    rest = [one for one in rest if one.at_least is None]
    bound = Tariff(**place, at_most=most)
    free, held = run(rest).tariff, run([*rest, bound]).tariff
    inside = cells(bound)
    assert np.array_equal(held[inside], np.minimum(free[inside], most))
    assert np.array_equal(held[~inside], free[~inside])


@settings(max_examples=60, deadline=None)
@given(where, operators, shares)
def test_coverage_averages_what_is_hit_and_what_is_not(place: Any, how: Any, share: float) -> None:
    whole = run([Tariff(**place, **how)]).tariff
    part = run([Tariff(**place, **how, coverage=share)]).tariff
    assert np.allclose(part, (1.0 - share) * BASE + share * whole, rtol=0.0, atol=1e-14)


@settings(max_examples=60, deadline=None)
@given(st.lists(plain, max_size=3), plain)
def test_an_override_is_alone_on_its_cells_and_absent_elsewhere(rest: list[Any], one: Any) -> None:
    found = outcome(rest)
    both = outcome([*rest, one.model_copy(update={"override": True})])
    if isinstance(both, np.ndarray) and isinstance(found, np.ndarray):
        inside = cells(one)
        assert np.array_equal(both[inside], run([one]).tariff[inside])
        assert np.array_equal(both[~inside], found[~inside])


@settings(max_examples=60, deadline=None)
@given(where, operators.filter(lambda how: "multiply" not in how), st.floats(0.1, 1e4))
def test_a_specific_duty_is_its_share_of_the_unit_value(place: Any, how: Any, worth: float) -> None:
    ((operator, value),) = how.items()
    specific = {operator: f"{value * worth!r} USD/kg", "unit_value": f"{worth!r} USD/kg"}
    one, other = run([Tariff(**place, **how)]), run([Tariff(**place, **specific)])
    assert np.allclose(one.tariff, other.tariff, rtol=1e-12, atol=1e-15)


@settings(max_examples=60, deadline=None)
@given(where, st.sets(st.sampled_from(REGIONS)), st.sets(st.sampled_from(REGIONS)))
def test_exceptions_are_those_cells_and_no_others(place: Any, buyers: Any, sellers: Any) -> None:
    whole = cells(Tariff(**place, add=0.1))
    kept = whole.copy()
    kept[:, [code in buyers for code in REGIONS], :] = False
    kept[:, :, [code in sellers for code in REGIONS]] = False
    if kept.any():
        spared = Tariff(**place, add=0.1, except_importers=buyers, except_exporters=sellers)
        assert np.array_equal(cells(spared), kept)
