"""The game: backward induction, threats and what they buy, access, capture, price."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import pairwise, product
from typing import Any

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings

import rivalry
from tula.equilibrium import FixedBalance, calibrate, solve
from tula.policy import Embargo, ImportCap
from tula.strategy.balance.inputs import BalanceInputs, Situation
from tula.strategy.balance.model import Draw, Game, Node
from tula.strategy.balance.states import State
from tula.ties.oil.equilibrium import clear
from tula.ties.oil.parts import Regime
from tula.world.economy import Economy

CHANCES = {
    "chance__listed": 0.35, "chance__storm": 0.2,
    "persistence__penalty": 0.7, "honoured__penalty": 0.4,
    "persistence__reprisal": 0.25, "honoured__reprisal": 0.9,
}  # fmt: skip
WHOLE = [{"name": "whole", "access": 0.5, "loss": 0.99}]
shares = st.floats(0.0, 1.0)
chances = st.fixed_dictionaries(dict.fromkeys(CHANCES, shares))


@pytest.fixture(scope="module")
def game() -> Game:
    return rivalry.game(**CHANCES)


def _posed(block: BalanceInputs, **values: float) -> Game:
    """A game of other inputs on the same world."""
    return Game(
        block, rivalry.engine_side(block), rivalry.drawn(block, rivalry.oil_tie(), **values)
    )


def _again(game: Game, **values: float) -> Game:
    """The same game on another draw, its solved nodes kept."""
    drawn = rivalry.drawn(game.inputs, rivalry.oil_tie(), **values)
    return replace(game, draw=replace(drawn, oil=game.draw.oil))


# The tree, written out by hand: who is met by whom, what each leaf states, what it pays.


def _weights(draw: Draw, met: frozenset[str]) -> Iterator[tuple[frozenset[str], float]]:
    """Threats in force after: is each honoured, and if not, does it still stand?"""
    names = ("penalty", "reprisal")
    for honoured, lasts in product(product((True, False), repeat=2), repeat=2):
        weight, standing = 1.0, set()
        for name, kept, on in zip(names, honoured, lasts, strict=True):
            word, part = draw.honoured[name], draw.persistence[name]
            weight *= (word if kept else 1.0 - word) * (part if on else 1.0 - part)
            if on and not (kept and name in met):
                standing.add(name)
        yield frozenset(standing), weight


def _leaf(economy: Economy, course: str, events: frozenset[str], threats: frozenset[str]) -> float:
    """Income at a leaf, bn USD a year, from one solve of the world and one of the oil market."""
    stated = rivalry.scenarios()
    names = ["duty", *(["shun"] if course == "turn" else [])]
    names += ["storm"] if "storm" in events else []
    names += [{"penalty": "more", "reprisal": "reprisal"}[threat] for threat in sorted(threats)]
    policy = [one for name in names for one in stated[name]]
    tie = rivalry.oil_tie()
    ceilings = {"IND": 0.0} if course == "stop" else {}
    designated = ("one",) if "listed" in events else ()
    before = clear(tie.market)
    after = clear(tie.market, Regime(designated=designated, ceilings=ceilings))
    share = after.volume("IND") / before.volume("IND")
    place = {"importer": "IND", "exporter": "RUS", "sectors": "OIL"}
    limit = [Embargo(**place)] if share == 0.0 else [ImportCap(cut=1.0 - share, **place)]
    limited = solve(economy, [*policy, *(limit if share < 1.0 else [])], closure=FixedBalance())
    free = solve(economy, policy, closure=FixedBalance())
    spending = float(calibrate(economy).final_spending[0])
    income = spending * (float(limited.real_income_hat[0]) - 1.0) / 1000.0
    return income + _oil(before, after, limited, free)


def _oil(before: Any, after: Any, limited: Any, free: Any) -> float:
    """What the market knows and the world does not: discount, risk, the rest of the price."""
    weight = np.array(limited.calibration.border_trade[0])
    seller = weight[:, 1].copy()
    seller[1] = 0.0
    np.fill_diagonal(weight, 0.0)
    weight[:, 1] = 0.0
    world, partner = (
        float((kind * limited.cost_hat[:, 0]).sum() / (kind * free.cost_hat[:, 0]).sum())
        for kind in (weight, seller[:, None] * np.eye(4)[1])
    )
    change = after.discount("IND") - before.discount("IND") - before.benchmark * (world - partner)
    money = 0.365 * after.volume("IND") * change
    money -= after.risk_borne("IND") - before.risk_borne("IND")
    return money - 1.25 * (after.benchmark - before.benchmark * world)


def test_the_worth_of_every_course_is_that_of_the_tree_counted_leaf_by_leaf(game: Game) -> None:
    theta = np.array(rivalry.world().trade_elasticity)
    theta[0] = 9.0
    economy = rivalry.world().with_elasticity(theta, "as the game's")
    met = {"keep": frozenset(), "stop": frozenset({"penalty"}), "turn": frozenset({"reprisal"})}
    leaves: dict[Any, float] = {}
    for course in game.inputs.courses:
        if course.id not in met:
            continue
        expected = 0.0
        for listed, storm in product((True, False), repeat=2):
            events = frozenset(["listed"] * listed + ["storm"] * storm)
            chance = (0.35 if listed else 0.65) * (0.2 if storm else 0.8)
            for threats, weight in _weights(game.draw, met[course.id]):
                leaf = (course.id, events, threats)
                if leaf not in leaves:
                    leaves[leaf] = _leaf(economy, *leaf)
                expected += chance * weight * leaves[leaf]
        assert game.worth(course) == pytest.approx(expected, rel=1e-8)


@settings(max_examples=25, deadline=None)
@given(values=chances)
def test_probabilities_of_events_and_shares_of_the_year_sum_to_one(
    game: Game, values: dict[str, float]
) -> None:
    other = _again(game, **values)
    assert sum(weight for _, weight in other.events()) == pytest.approx(1.0)
    for course in (other.inputs.courses[0], other.inputs.courses[2]):
        for events, _ in other.events():
            assert sum(part for _, part in other.standing(course, events)) == pytest.approx(1.0)


@settings(max_examples=25, deadline=None)
@given(values=chances, levels=st.lists(st.floats(0.05, 0.95), min_size=3, max_size=3))
def test_access_is_a_probability_and_never_rises_with_the_share_that_a_rule_asks_for(
    game: Game, values: dict[str, float], levels: list[float]
) -> None:
    rules = [{"name": str(k), "access": level, "loss": 0.1} for k, level in enumerate(levels)]
    other = replace(_again(game, **values), inputs=rivalry.inputs(rules=rules))
    found = other.access(other.inputs.courses[0])
    for tie in ("crude", "machines", "market"):
        by_level = [found[str(k)][tie] for k in np.argsort(levels)]
        assert all(-1e-12 <= chance <= 1.0 + 1e-12 for chance in by_level)
        assert all(low >= high - 1e-12 for low, high in pairwise(by_level))


def test_access_counts_the_events_and_the_part_of_the_year_in_which_a_flow_is_kept(
    game: Game,
) -> None:
    found = game.access(game.inputs.courses[0])["main"]
    assert found["crude"] == pytest.approx(1.0 - 0.35)
    assert found["machines"] == pytest.approx(1.0)


def test_a_share_at_the_edge_of_a_rule_is_kept() -> None:
    rules = [{"name": "edge", "access": 0.65, "loss": 0.1}]
    posed = _posed(rivalry.inputs(rules=rules), chance__listed=0.0)
    assert posed.access(posed.inputs.courses[1])["edge"]["crude"] == pytest.approx(1.0)


def test_without_any_pressure_keeping_is_free_and_every_other_course_is_free_or_aligned() -> None:
    courses = {"keep": "free", "trim": "free", "stop": "aligned", "turn": "aligned"}
    situations = [
        {"id": name, "course": name, "standing": False} for name in courses
    ]  # fmt: skip
    block = rivalry.inputs(rules=WHOLE, situations=situations, standing=[])
    calm = _posed(
        block, chance__listed=0.0, chance__storm=0.0, persistence__penalty=0.0,
        persistence__reprisal=0.0,
    )  # fmt: skip
    play = calm.play()
    assert play.price < 0.0
    assert play.worth["keep"] == pytest.approx(0.0, abs=1e-9 * calm.gdp)
    assert set(play.access["whole"].values()) == {1.0}
    for situation in block.situations:
        judged = calm.situation(situation)
        assert judged.verdicts["whole"].state == courses[situation.id]


@pytest.fixture(scope="module")
def eventless() -> Game:
    return _posed(rivalry.inputs(events=[], situations=[]))


def _worths(game: Game, **values: float) -> Mapping[str, float]:
    other = _again(game, **values)
    return {course.id: other.worth(course) for course in other.inputs.courses}


def test_no_course_gains_by_a_larger_threat_or_a_more_lasting_one(eventless: Game) -> None:
    for name, levels in (("size", (0.5, 1.0, 2.0, 4.0)), ("persistence", (0.0, 0.4, 1.0))):
        found = [_worths(eventless, **{f"{name}__penalty": level}) for level in levels]
        for less, more in pairwise(found):
            assert more["keep"] < less["keep"]
            assert max(more.values()) < max(less.values())
            assert all(more[course] < less[course] for course in less)


def test_a_promise_that_is_kept_more_often_pays_those_who_comply_and_nobody_else(
    eventless: Game,
) -> None:
    found = [_worths(eventless, honoured__penalty=chance) for chance in (0.1, 0.5, 1.0)]
    for less, more in pairwise(found):
        assert more["stop"] > less["stop"]
        assert [more[name] for name in ("keep", "trim", "turn")] == [
            less[name] for name in ("keep", "trim", "turn")
        ]


def test_a_threat_never_made_and_one_always_lifted_are_the_same_to_those_who_comply(
    eventless: Game,
) -> None:
    lifted = _worths(eventless, honoured__penalty=1.0, persistence__penalty=1.0)
    never = _worths(eventless, honoured__penalty=0.0, persistence__penalty=0.0)
    assert lifted["stop"] == pytest.approx(never["stop"], rel=1e-12)
    assert lifted["keep"] < never["keep"]


def test_the_price_is_that_of_the_best_course_that_gives_in_to_either_rival(game: Game) -> None:
    worth = {"keep": 1.0, "trim": 9.0, "stop": 3.0, "turn": 5.0}
    assert game.price(worth, "keep") == 4.0
    assert game.price(worth, "turn") == 0.0


def test_giving_in_to_one_rival_meets_its_demand_and_leaves_the_others_threat_standing(
    game: Game,
) -> None:
    courses = {course.id: course for course in game.inputs.courses}
    both = frozenset({"penalty", "reprisal"})
    standing = {name: game.standing_threats(Node(courses[name], both)) for name in courses}
    assert standing == {"keep": both, "trim": both, "stop": {"reprisal"}, "turn": {"penalty"}}
    assert game.met(Node(courses["stop"])) == {"USA": True, "RUS": False}
    assert game.met(Node(courses["turn"])) == {"USA": False, "RUS": True}


def test_a_demand_that_nothing_enforces_aligns_nobody(game: Game) -> None:
    demands = [{**one, "enforced": False} for one in rivalry.fields()["demands"]]
    quiet = replace(game, inputs=rivalry.inputs(demands=demands))
    assert quiet.met(Node(quiet.inputs.courses[2])) == {}


def test_a_threat_carried_out_takes_nothing_off_what_its_rival_can_take_away(game: Game) -> None:
    keep = game.inputs.courses[0]
    before, after = (game.losses(Node(keep, on)) for on in (frozenset(), frozenset({"penalty"})))
    assert after["law"]["USA"] == pytest.approx(before["law"]["USA"], rel=1e-9)
    assert after["full"]["USA"] == pytest.approx(before["full"]["USA"], rel=1e-9)
    assert 0.0 < before["law"]["USA"] < before["full"]["USA"]


def test_a_power_used_already_takes_nothing_off_what_its_rival_can_take_away(game: Game) -> None:
    keep, power = game.inputs.courses[0], game.inputs.powers[0]
    before, after = (game.losses(Node(keep, scenarios=on)) for on in ((), power.scenarios))
    assert after["law"][power.rival] == pytest.approx(before["law"][power.rival], rel=1e-9)
    assert after["law"][power.rival] > 0.0


def test_what_a_rival_can_take_in_law_is_the_fall_of_income_through_all_its_moves(
    game: Game,
) -> None:
    theta = np.array(rivalry.world().trade_elasticity)
    theta[0] = 1.0
    economy = rivalry.world().with_elasticity(theta, "where a seller withdraws")
    stated = rivalry.scenarios()
    hit = solve(economy, [*stated["duty"], *stated["more"]], closure=FixedBalance())
    spending = float(hit.calibration.final_spending[0])
    lost = spending * (1.0 - float(hit.real_income_hat[0])) / 1000.0
    found = game.losses(Node(game.inputs.courses[0], standing=False))["law"]["USA"]
    assert found == pytest.approx(lost / game.gdp, rel=1e-8)


def test_larger_duties_in_law_take_away_more(game: Game) -> None:
    node = Node(game.inputs.courses[0])
    found = [
        replace(game, draw=replace(game.draw, power={**game.draw.power, "USA": size})).losses(node)
        for size in (0.5, 1.0, 3.0)
    ]
    lost = [losses["law"]["USA"] for losses in found]
    assert 0.0 < lost[0] < lost[1] < lost[2]
    assert {losses["law"]["RUS"] for losses in found} == {found[0]["law"]["RUS"]}


def test_closed_channels_carry_what_the_tie_that_names_them_says(game: Game) -> None:
    fields = rivalry.fields()
    payments = {"id": "payments", "title": "p", "rival": "RUS", "flow": "channels", "tie": "bank"}
    other = {**payments, "id": "clearing", "tie": "house"}
    closing = {"id": "closing", "title": "c", "chance": 0.5, "channels": True, "lasts": 1.0}
    block = rivalry.inputs(
        critical=[*fields["critical"], payments, other], events=[*fields["events"], closing]
    )
    lines = {"bank.worst_coverage": 0.6, "house.worst_coverage": 1.3}
    closed = replace(game, inputs=block, draw=replace(game.draw, lines=lines))
    node = Node(block.courses[0], events=frozenset({"closing"}))
    kept = {tie.id: closed.kept(tie, node) for tie in block.critical[-2:]}
    assert kept == {"payments": 0.6, "clearing": 1.0}
    assert closed.kept(block.critical[-1], Node(block.courses[0])) == 1.0


@pytest.mark.parametrize(("ceiling", "part"), [(None, 1.0), (0.8, 0.5), (0.6, 0.0), (0.0, 0.0)])
def test_closed_channels_cost_only_what_is_bought_beyond_what_still_passes(
    game: Game, ceiling: float | None, part: float
) -> None:
    fields = rivalry.fields()
    payments = {"id": "payments", "title": "p", "rival": "RUS", "flow": "channels", "tie": "bank"}
    closing = {
        "id": "closing", "title": "c", "chance": 0.5, "channels": True, "lasts": 1.0,
        "loss": {"tie": "bank", "line": "worst_loss"},
    }  # fmt: skip
    block = rivalry.inputs(
        critical=[*fields["critical"], payments], events=[*fields["events"], closing]
    )
    lines = {"bank.worst_coverage": 0.6, "bank.worst_loss": 2.0}
    closed = replace(game, inputs=block, draw=replace(game.draw, lines=lines))
    course = block.courses[0].model_copy(update={"ceiling": ceiling})
    assert closed.closed_out(Node(course)) == 0.0
    found = closed.closed_out(Node(course, events=frozenset({"closing"})))
    assert found == pytest.approx(2.0 * part, abs=1e-9)


def test_a_game_without_oil_and_without_events_is_played_on_trade_alone() -> None:
    fields = rivalry.fields()
    block = rivalry.inputs(
        oil="", events=[], situations=[], demands=fields["demands"][1:],
        critical=fields["critical"][1:], threats=fields["threats"][1:],
        courses=[fields["courses"][0], fields["courses"][3]],
    )  # fmt: skip
    bare = Game(block, rivalry.engine_side(block), rivalry.drawn(block, None))
    play = bare.play()
    keep = [Node(block.courses[0], frozenset(on)) for on in ((), ("reprisal",))]
    assert play.worth["keep"] == pytest.approx(
        0.7 * bare.income(keep[0]) + 0.3 * bare.income(keep[1])
    )


def test_an_account_line_is_added_to_income_with_its_factor(game: Game) -> None:
    adds = [{"tie": "pact", "line": "value", "factor": -2.0}]
    situation = Situation(id="x", title="x", course="keep", adds=adds, standing=False)
    posed = replace(game, draw=replace(game.draw, lines={"pact.value": 1.5}))
    assert posed.situation(situation).income == pytest.approx(-3.0)
    assert posed.situation(situation).price == pytest.approx(
        posed.situation(situation.model_copy(update={"adds": ()})).price
    )


def test_a_threat_costs_the_rival_what_its_own_duty_takes_from_its_income(game: Game) -> None:
    keep = game.inputs.courses[0]
    calm, stands = (
        game.rival_income(Node(keep, on), "USA") for on in (frozenset(), frozenset({"penalty"}))
    )
    assert game.threat_cost("penalty") == pytest.approx(calm - stands)


def test_a_tight_rule_breaks_what_a_loose_one_calls_free() -> None:
    rules = [{"name": "loose", "access": 0.05, "loss": 0.99}, *rivalry.fields()["rules"][:2]]
    posed = _posed(rivalry.inputs(rules=rules))
    found = posed.situation(posed.inputs.situations[0]).verdicts
    assert found["loose"].state is State.FREE
    assert found["strict"].state is State.CAPTURED
