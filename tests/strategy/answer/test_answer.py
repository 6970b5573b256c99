"""What the answer is where it is known beforehand."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

import tula as tl
from strategy.answer import made
from tula.strategy.answer.answer import _counted, answer
from tula.strategy.answer.errors import AnswerError
from tula.strategy.answer.inputs import AnswerInputs
from tula.strategy.answer.margins import Powers
from tula.strategy.answer.result import Answer
from tula.strategy.answer.scenarios import Scenario
from tula.strategy.answer.states import Solved
from tula.strategy.leverage import leverage
from tula.strategy.replace import Replace
from tula.world.labels import Labels


def ask(world: Any = None, *, seed: int = 0, draws: int = 8, **changes: Any) -> Answer:
    """Return the answer to a made study."""
    return answer(
        made.block(**changes), world or made.world(), made.scenarios(), draws=draws, seed=seed
    )


@cache
def calm() -> Answer:
    """Return the answer without any pressure."""
    return ask(options=[made.KEEP, made.STOP])


def test_without_pressure_balance_holds_with_every_margin_one_and_costs_nothing() -> None:
    found = calm()
    assert found.label == "holds"
    assert found.odds == 1.0
    for condition in found.conditions:
        assert condition.margin.low == pytest.approx(1.0, abs=1e-6)
    assert found.price is not None
    assert found.price.price.high <= 0.0
    assert found.reason is None


def test_a_government_that_obeys_a_demand_on_a_tie_is_aligned() -> None:
    obeys = {"id": "keep", "title": "It obeys", "scenarios": ["stop"], "meets": {"no_gas": 1.0}}
    found = ask(options=[obeys, {"id": "other", "title": "It refuses"}], threats=[made.THREAT])
    assert (found.label, found.reason, found.decides) == ("broken", "aligned", "no_gas")
    fails = {one.id: one.fails for one in found.conditions}
    assert fails["gas"] == 0.0
    assert found.demands[0].own.median == 1.0


def test_firms_that_flee_make_it_hollow_though_the_government_refuses() -> None:
    found = ask(threats=[made.THREAT], events=[made.SHUNNED])
    assert (found.label, found.reason, found.decides) == ("broken", "hollow", "gas")
    assert found.demands[0].own.median == 0.0
    assert found.demands[0].anybody is not None
    assert found.demands[0].anybody.median == pytest.approx(0.7, abs=1e-3)


def test_a_flow_above_its_reference_is_told_as_it_is_and_counts_as_kept() -> None:
    gift = {"id": "gift", "title": "Less duty", "scenarios": ["gift"], "now": 1.0, "months": 1000.0}
    found = ask(events=[gift])
    told = {one.id: one.kept for one in found.ties}
    margins = {one.id: one.margin for one in found.conditions}
    assert told["goods"].low > 1.01
    assert margins["goods"].high == 1.0


def test_half_a_tie_given_up_when_asked_is_obeying() -> None:
    half = {"id": "keep", "title": "Half", "scenarios": ["half"], "meets": {"no_gas": 0.5}}
    found = ask(options=[half], threats=[made.THREAT])
    assert (found.label, found.reason) == ("broken", "aligned")
    assert found.price is None


def test_a_demand_on_no_tie_is_met_by_its_own_share() -> None:
    demands = [{"id": "arms", "title": "No arms of Two", "by": "ONE"}]
    threat = {**made.THREAT, "demand": "arms"}
    course = {"id": "keep", "title": "It obeys", "meets": {"arms": 0.95}}
    found = ask(demands=demands, threats=[threat], options=[course])
    assert (found.label, found.reason, found.decides) == ("broken", "aligned", "arms")
    less = {**course, "meets": {"arms": 0.45}}
    held = ask(demands=demands, threats=[threat], options=[less])
    margins = {one.id: one.margin.median for one in held.conditions}
    assert margins["arms"] == pytest.approx(0.5)
    assert held.label == "holds"


def test_a_rival_whose_break_off_is_believed_beyond_its_price_captures() -> None:
    believed = {"ONE": {"chance": 0.3}, "TWO": {"chance": 0.0}}
    found = ask(made.world(one=0.1), break_offs=believed)
    assert (found.label, found.reason, found.decides) == ("broken", "captured", "ONE")
    one = found.powers[0]
    assert one.needed.median < 0.3
    assert found.powers[1].needed.median == 1.0


def test_break_offs_go_by_who_replaces_a_lost_partner_whatever_the_age_of_duties() -> None:
    world = made.world(one=0.1)
    alone = leverage(world, "PIV", ("ONE", "TWO"), replace=Replace(2.5, 2.5, 2.5))
    for told in ask(world, replace=2.5).powers:
        money = alone["loss_money"].sel(rival=told.rival, end="value").item()
        assert told.loss.low == told.loss.high == pytest.approx(money / 1e3, rel=1e-4)


def test_power_that_both_rivals_have_alike_rules_nobody() -> None:
    """A large loss says nothing: what counts is one rival against the other."""
    believed = {"ONE": {"chance": 0.3}, "TWO": {"chance": 0.3}}
    found = ask(made.world(one=0.1, two=0.1), break_offs=believed)
    assert found.label == "holds"
    one, two = found.powers
    assert one.loss.median > 0.02 * made.SIZE[0] / 1e3
    assert one.loss.median == pytest.approx(two.loss.median, rel=1e-6)
    assert one.needed.median == pytest.approx(1.0, abs=1e-6)


@cache
def shunned_at_times() -> Answer:
    """Return the answer where firms turn from the gas for part of the year."""
    event = {**made.SHUNNED, "now": 0.7, "months": made.believed("months", 8.0, 3.0, 24.0)}
    return ask(threats=[made.THREAT], events=[event], draws=16)


def test_firms_that_flee_at_times_leave_it_open_and_say_what_would_turn_it() -> None:
    found = shunned_at_times()
    assert found.label == "open"
    assert found.decides == "gas"
    assert found.error > 0.0
    assert found.turning[0].belief == "months"
    assert found.turning[0].odds[0] > found.turning[0].odds[2]
    label = found.joint[0]
    assert label.distance is not None
    assert next(iter(label.steps)) == "months"
    assert found.beliefs[0].id == "first"
    assert {one.belief for one in found.turning} == {one.id for one in found.beliefs}


def test_the_flow_of_the_year_counts_and_not_the_share_of_months() -> None:
    """A tie of which events leave 30% for two months of twelve is kept to 88% over the year."""
    event = {**made.SHUNNED, "months": 2.0}
    found = ask(events=[event])
    gas = next(tie for tie in found.ties if tie.id == "gas")
    assert gas.kept.median > 0.8
    assert found.path[0].ties_met == 0.0
    assert found.odds > 0.5


def test_odds_and_chances_equal_a_recount_of_paths_and_draws() -> None:
    found = shunned_at_times()
    assert found.odds == pytest.approx(1.0 - found.conditions[0].fails, abs=1e-12)
    gas = next(tie for tie in found.ties if tie.id == "gas")
    assert gas.below == pytest.approx(found.conditions[0].fails, abs=1e-12)
    assert found.path[0].never_below == found.path[0].ties_met
    never = [month.never_below for month in found.path]
    assert never == sorted(never, reverse=True)


@pytest.mark.slow
def test_odds_their_error_and_the_price_can_be_counted_again_from_the_draws() -> None:
    assert {one.price for one in shunned_at_times().draws} == {None}
    event = {**made.SHUNNED, "now": 0.5, "months": 6.0, "back": 0.3}
    found = ask(threats=[made.THREAT], events=[event], options=[made.KEEP, made.STOP])
    odds = np.array([one.odds for one in found.draws])
    assert len(odds) == found.proof.draws
    assert odds.mean() == pytest.approx(found.odds, abs=1e-12)
    assert odds.std(ddof=1) / np.sqrt(len(odds)) == pytest.approx(found.error, abs=1e-12)
    assert found.price is not None
    prices = [one.price for one in found.draws]
    low, median, high = np.percentile(np.array(prices, dtype=float), [10, 50, 90])
    told = found.price.price
    assert (told.low, told.median, told.high) == pytest.approx((low, median, high), abs=1e-9)
    assert all(one.beliefs.keys() == {b.id for b in found.beliefs} for one in found.draws)


def test_the_sooner_pressure_is_known_to_end_the_better_and_never_is_worst() -> None:
    event = {**made.SHUNNED, "now": 1.0, "months": 60.0, "back": 0.0}
    cause = {"id": "peace", "title": "Peace", "chance": 0.5, "ends": [event["id"]]}
    found = ask(events=[event], causes=[cause])
    (peace,) = found.dated
    assert len(peace.odds) == found.months - 1
    assert np.diff(peace.odds).max() < 0.03
    assert peace.odds[0] > found.odds > peace.never
    begun = ask(events=[event], causes=[{**cause, "now": 0.5}])
    assert begun.dated == ()


def test_the_share_at_which_the_label_would_turn_lies_on_the_right_side() -> None:
    found = shunned_at_times()
    assert found.holds_from is not None
    assert found.broken_from is not None
    assert found.holds_from < found.kept < found.broken_from
    event = {**made.SHUNNED, "now": 0.7, "months": made.believed("months", 8.0, 3.0, 24.0)}
    asked = {"threats": [made.THREAT], "events": [event], "draws": 16}
    lower = ask(**asked, kept=found.holds_from - 1e-6)
    higher = ask(**asked, kept=min(found.broken_from + 1e-6, 0.9999))
    assert (lower.label, higher.label) == ("holds", "broken")


def test_an_offer_is_a_course_worth_its_chance_of_being_kept() -> None:
    def course(chance: float) -> dict[str, Any]:
        offer = {"by": "ONE", "gives": ["gift"], "lifts": ["duty"], "honoured": chance}
        meets = {"no_gas": 1.0}
        return {
            "id": f"deal{chance:g}".replace(".", "_"),
            "title": "A deal",
            "scenarios": ["stop"],
            "meets": meets,
            "offer": offer,
        }

    options = [{"id": "keep", "title": "On"}, course(0.0), course(0.5), course(1.0)]
    found = ask(options=options, threats=[made.THREAT])
    never, half, always = (one.worth.median for one in found.courses[1:])
    assert never < half < always
    assert half == pytest.approx(0.5 * (never + always), rel=0.02)
    assert found.price is not None
    assert found.price.course == "deal1"
    gain = next(one.gain for one in found.courses if one.id == "deal1")
    assert found.price.price == gain


def test_moves_that_lower_the_chance_of_failing_stand_on_the_frontier() -> None:
    event = {
        **made.SHUNNED,
        "now": 0.5,
        "months": 6.0,
        "scenarios": ["shunned_by"],
    }
    moves = [
        {"id": "contracts", "title": "More is kept", "cost": 0.5, "beliefs": {"shunned_to": 0.6}},
        {"id": "nothing", "title": "Nothing but a cost", "cost": 1.0, "scenarios": ["gift_to_two"]},
    ]
    gas = {"importer": "PIV", "exporter": "TWO", "sectors": "GAS"}
    from tula.strategy.answer.scenarios import Leaf

    shunned = Scenario(
        (tl.ImportCap(**gas, at=0.3, rent_to="importer"),),
        (Leaf(0, "at", made.believed("shunned_to", 0.3, 0.2, 0.4)),),
    )
    given = {
        **made.scenarios(),
        "shunned_by": shunned,
        "gift_to_two": [tl.Tariff(importer="PIV", exporter="ONE", sectors="SRV", add=0.001)],
    }
    found = answer(made.block(events=[event], moves=moves), made.world(), given, draws=8)
    sets = [one.moves for one in found.frontier]
    assert sets[0] == ()
    assert ("contracts",) in sets
    assert all("nothing" not in one for one in sets)
    assert found.frontier[-1].fails < found.frontier[0].fails
    assert found.frontier[0].fails == pytest.approx(1.0 - found.odds, abs=1e-12)
    assert found.frontier[0].decides == found.conditions[0].fails


def test_scenarios_that_are_missing_and_rents_that_nobody_is_named_for_are_refused() -> None:
    given = made.scenarios()
    del given["stop"]
    given["shunned"] = [tl.ImportCap(importer="PIV", exporter="TWO", sectors="GAS", at=0.3)]
    with pytest.raises(AnswerError) as told:
        answer(made.block(events=[made.SHUNNED]), made.world(), given, draws=8)
    assert len(told.value.problems) == 2
    assert "rent_to" in str(told.value)
    assert "'stop'" in str(told.value)


def test_a_tie_without_any_flow_is_refused() -> None:
    critical = [{"id": "x", "title": "Nothing", "bought_from": "TWO", "sectors": "GAS"}]
    with pytest.raises(AnswerError, match="no flow to keep"):
        ask(made.world(two=0.0), critical=critical, demands=[], options=[{"id": "k", "title": "k"}])


@pytest.mark.slow
def test_the_same_seed_gives_the_same_bytes_and_another_one_others() -> None:
    event = {**made.SHUNNED, "now": 0.7, "months": made.believed("months", 8.0, 3.0, 24.0)}
    texts = [ask(events=[event], seed=seed).model_dump_json() for seed in (0, 0, 1)]
    assert texts[0] == texts[1] != texts[2]


@pytest.mark.long
def test_names_orders_and_units_of_money_move_nothing() -> None:
    event = {**made.SHUNNED, "now": 0.7, "months": made.believed("months", 8.0, 3.0, 24.0)}
    asked = {"threats": [made.THREAT], "events": [event], "options": [made.KEEP, made.STOP]}
    plain = ask(**asked)
    other = made.world(regions=("TWO", "RES", "PIV", "ONE"), sectors=("SRV", "GAS", "GDS"))
    moved = ask(other, **asked)
    richer = ask(made.world(unit=1000.0), **asked)
    for found in (moved, richer):
        assert found.odds == plain.odds
        for one, two in zip(found.ties, plain.ties, strict=True):
            assert one.kept.median == pytest.approx(two.kept.median, rel=1e-8)
    assert plain.price is not None
    assert richer.price is not None
    assert richer.price.price.median == pytest.approx(1000 * plain.price.price.median, rel=1e-6)
    renamed = answer(
        AnswerInputs.model_validate(other_names(made.block(**asked).model_dump(mode="json"))),
        replace(made.world(), labels=Labels(("AAA", "BBB", "CCC", "DDD"), ("GAS", "XXX", "SRV"))),
        {
            name: [type(one).model_validate(other_names(one.model_dump(exclude_unset=True)))
                   for one in done]
            for name, done in made.scenarios().items()
        },
        draws=8,
    )  # fmt: skip
    assert renamed.odds == plain.odds
    assert renamed.price is not None
    assert renamed.price.price == plain.price.price


def other_names(content: Any) -> Any:
    """Return what is stated with every region and most sectors called otherwise."""
    names = {"PIV": "AAA", "ONE": "BBB", "TWO": "CCC", "RES": "DDD", "GDS": "XXX"}
    text = json.dumps(content)
    for old, new in names.items():
        text = text.replace(f'"{old}"', f'"{new}"')
    return json.loads(text)


def test_the_month_by_month_path_is_the_one_that_the_answer_is_read_off() -> None:
    found = shunned_at_times()
    standing = [month.chances["shunned"] for month in found.path]
    assert standing[0] == pytest.approx(0.7)
    assert np.all(np.diff(standing) < 0.0)
    assert {one.month for one in found.path} == set(range(1, 13))


def test_one_draw_of_64_may_be_without_an_equilibrium_and_the_medians_never() -> None:
    def counted(*missing: int) -> list[int]:
        read = np.zeros((65, 1, 1, 1))
        read[list(missing)] = np.nan
        some = np.zeros((65, 2))
        powers = Powers(some, some, some, some, some)
        return _counted([Solved(one, 1, ("none",), ()) for one in read], powers).tolist()

    assert counted(7) == [n for n in range(1, 65) if n != 7]
    with pytest.raises(AnswerError, match="in 3% of the draws"):
        counted(7, 8)
    with pytest.raises(AnswerError, match="at the medians"):
        counted(0)
