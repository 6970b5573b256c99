"""Retaliation: in kind, by a list, by value."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest

from tula.equilibrium import calibrate, solve
from tula.policy import (
    BaseTradeError,
    Embargo,
    InertPolicyWarning,
    InstrumentError,
    Retaliation,
    Shock,
    Tariff,
    TariffQuota,
    compile_shock,
    parse_instrument,
    parse_whatif,
)
from tula.policy.duties import DutiesOfDay, DutyDayError, embedded_duties
from tula.policy.duties.answer import answered
from tula.world.labels import Labels
from tula.world.store import load_world

LABELS = Labels(
    ("USA", "CHN", "IND"), ("AGR", "MOT", "SER"), sector_groups={"goods": ("AGR", "MOT")}
)
AGR, MOT, SER = range(3)
USA, CHN, IND = range(3)
BASE = np.full((3, 3, 3), 0.05)
#: Spending such that trade at the border is 100 everywhere, and 40 of China's farm imports.
TRADE = np.full((3, 3, 3), 100.0)
TRADE[AGR, CHN, USA] = 40.0
SPENDING = TRADE * (1.0 + BASE)
HIT = Tariff(importer="USA", exporter="CHN", sectors="MOT", add="10 pp")


def answer(**fields: Any) -> Retaliation:
    return Retaliation(**{"importer": "CHN", "exporter": "USA", **fields})


def compiled(*instruments: Any, spending: np.ndarray | None = SPENDING) -> Shock:
    return compile_shock(LABELS, BASE, np.zeros_like(BASE), instruments, spending=spending)


def added(shock: Shock) -> np.ndarray:
    """Points that China adds on American goods, by sector."""
    return np.asarray(shock.tariff - BASE)[:, CHN, USA]


def test_in_kind_is_as_many_points_on_the_same_sectors() -> None:
    np.testing.assert_allclose(added(compiled(HIT, answer(in_kind=1.0))), [0.0, 0.1, 0.0])
    np.testing.assert_allclose(added(compiled(HIT, answer(in_kind="50%"))), [0.0, 0.05, 0.0])


def test_in_kind_answers_the_rise_that_results_whatever_made_it() -> None:
    more = Tariff(importer="USA", exporter="all", sectors="goods", set="20%")
    np.testing.assert_allclose(added(compiled(HIT, more, answer(in_kind=1))), [0.15, 0.25, 0.0])
    lower = Tariff(importer="USA", exporter="CHN", sectors="goods", set=0.0)
    assert not added(compiled(lower, answer(in_kind=1))).any()


def test_a_list_is_levied_on_its_sectors_where_something_was_raised() -> None:
    listed = answer(sectors="AGR", add="25 pp")
    np.testing.assert_allclose(added(compiled(HIT, listed)), [0.25, 0.0, 0.0])
    with pytest.warns(InertPolicyWarning, match="no duty on its goods is raised"):
        assert not added(compiled(listed)).any()
    unsaid = answer(add="25 pp")
    np.testing.assert_allclose(added(compiled(HIT, unsaid)), [0.0, 0.25, 0.0])


def test_a_list_can_be_cut_to_a_part_of_the_trade_hit() -> None:
    # 100 are hit; half of that is 50 of the 140 listed
    listed = answer(sectors="goods", add="28 pp", trade="50%")
    np.testing.assert_allclose(added(compiled(HIT, listed)), [0.1, 0.1, 0.0])
    short = compiled(HIT, answer(sectors="AGR", add="28 pp", trade="50%"))
    np.testing.assert_allclose(added(short), [0.28, 0.0, 0.0])
    assert "all goods listed are worth 40 million USD, less than asked" in short.ledger[1].note


def test_by_value_the_rate_takes_as_much_duty_as_was_taken() -> None:
    shock = compiled(HIT, answer(sectors="AGR", duty=1.0))
    taken = 0.1 * TRADE[MOT, USA, CHN]
    assert added(shock)[AGR] * TRADE[AGR, CHN, USA] == pytest.approx(taken)
    assert "answers USA with 25.0 pp, where 10 million USD of duty on 100" in shock.ledger[1].note
    half = compiled(HIT, answer(sectors="AGR", duty="50%"))
    assert added(half)[AGR] == pytest.approx(0.125)
    with pytest.raises(BaseTradeError, match="depends on base trade"):
        compiled(HIT, answer(sectors="AGR", duty=1.0), spending=None)


def test_everybody_may_answer_whoever_began() -> None:
    all_round = Retaliation(importer="all", exporter="all", in_kind=1.0)
    world = Tariff(importer="USA", exporter="all", sectors="goods", add="10 pp")
    shock = compiled(world, all_round)
    np.testing.assert_allclose((shock.tariff - BASE)[AGR, :, USA], [0.0, 0.1, 0.1])
    np.testing.assert_allclose((shock.tariff - BASE)[AGR, CHN, IND], 0.0)


def test_answers_are_not_answered_again_and_add_up() -> None:
    back = Retaliation(importer="USA", exporter="CHN", in_kind=1.0)
    shock = compiled(HIT, answer(in_kind=1.0), back)
    assert (shock.tariff - BASE)[MOT, USA, CHN] == pytest.approx(0.1)
    twice = compiled(HIT, answer(in_kind=1.0), answer(sectors="MOT", add="5 pp"))
    assert added(twice)[MOT] == pytest.approx(0.15)
    assert "the points add up" in twice.ledger[1].note


def test_order_does_not_matter_and_overriding_measures_stand_alone() -> None:
    one, other = compiled(HIT, answer(in_kind=1.0)), compiled(answer(in_kind=1.0), HIT)
    np.testing.assert_array_equal(one.tariff, other.tariff)
    deal = Tariff(importer="CHN", exporter="USA", sectors="MOT", set="8%", override=True)
    assert added(compiled(HIT, answer(in_kind=1.0), deal))[MOT] == pytest.approx(0.03)


def test_points_of_an_answer_count_inside_and_beyond_a_quota() -> None:
    quota = TariffQuota(
        importer="CHN", exporter="USA", sectors="MOT", inside=0.05, beyond=0.30, at=0.5
    )
    shock = compiled(HIT, quota, answer(in_kind=1.0))
    assert shock.tariff[MOT, CHN, USA] == pytest.approx(0.15)
    assert shock.limits[0].beyond == pytest.approx(1.40 / 1.15)


def test_an_embargo_is_no_duty_to_answer_in_kind() -> None:
    shut = Embargo(importer="USA", exporter="CHN", sectors="AGR")
    assert not added(compiled(shut, answer(in_kind=1.0))).any()


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({}, "give exactly one of in_kind, add, duty"),
        ({"in_kind": 1.0, "add": "5 pp"}, "got in_kind and add"),
        ({"in_kind": 1.0, "trade": 0.5}, "trade says nothing beside in_kind"),
        ({"add": "-5 pp"}, "add must be above zero"),
        ({"add": "25%"}, "would read two ways"),
        ({"rate": 0.2}, "unknown key"),
    ],
)
def test_what_cannot_be_meant_is_refused(fields: dict[str, Any], told: str) -> None:
    with pytest.raises(InstrumentError, match=told):
        answer(**fields)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("CHN:USA:kind", {"in_kind": 1.0}),
        ("CHN:USA:goods:50%kind", {"in_kind": 0.5, "sectors": "goods"}),
        ("CHN:USA:AGR+MOT:+25pp", {"add": "25 pp", "sectors": ["AGR", "MOT"]}),
        ("CHN:USA:AGR:+25pp@80%trade", {"add": "25 pp", "trade": "80%", "sectors": "AGR"}),
        ("CHN:USA:AGR:100%duty", {"duty": 1.0, "sectors": "AGR"}),
    ],
)
def test_what_ifs_say_the_same(text: str, meant: dict[str, Any]) -> None:
    found, plain = parse_whatif("retaliation", text, LABELS), answer(**meant)
    assert compiled(HIT, found).ledger[1].note == compiled(HIT, plain).ledger[1].note
    written = parse_instrument({"retaliation": {"importer": "CHN", "exporter": "USA", **meant}})
    assert written == plain


def test_a_solve_answers_with_the_duty_that_equals_the_one_taken(toy_economy: Any) -> None:
    base = calibrate(toy_economy)
    hit = Tariff(importer="USA", exporter="IND", sectors="MAN", add="10 pp")
    back = Retaliation(importer="IND", exporter="USA", sectors="OIL", duty=1.0)
    found = solve(base, [hit, back])
    usa, ind = map(base.labels.region_index, ("USA", "IND"))
    oil, man = map(base.labels.sector_index, ("OIL", "MAN"))
    points = found.shock.tariff[oil, ind, usa] - base.tariff[oil, ind, usa]
    taken = 0.1 * base.border_trade[man, usa, ind]
    assert points * base.border_trade[oil, ind, usa] == pytest.approx(taken)


def test_an_answer_becomes_layers_that_move_the_world_from_that_day() -> None:
    world, table = load_world("icio-2024"), embedded_duties()
    day, item = date(2025, 9, 1), Retaliation(importer="IND", exporter="USA", in_kind="50%")
    new = answered(table, world, item, day)
    layers = new.layers[len(table.layers) :]
    assert {(one.layer, one.authority, one.start) for one in layers} == {
        ("answer-IND-USA", "retaliation", day)
    }
    usa, ind = map(world.labels.region_index, ("USA", "IND"))
    before, after = (
        DutiesOfDay(day, one).tariff(world.labels, world.tariff, world.provenance)
        for one in (table, new)
    )
    rise = np.maximum(before[:, usa, ind] - world.tariff[:, usa, ind], 0.0)
    np.testing.assert_allclose((after - before)[:, ind, usa], 0.5 * rise, atol=1e-6)
    laid = DutiesOfDay(day, new, without=("answer-IND-USA",))
    np.testing.assert_array_equal(laid.tariff(world.labels, world.tariff, world.provenance), before)
    with pytest.raises(DutyDayError, match="no duty on its goods is raised on 2018"):
        answered(table, world, item, date(2018, 1, 15))
