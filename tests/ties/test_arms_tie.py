"""The statute as a lottery, and the account of an arms tie."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from tula.errors import UnknownNameError
from tula.ties.arms import (
    ArmsTie,
    Chance,
    Statute,
    account,
    allocate,
    annuity,
    designated_by,
    expected_loss,
    frontier,
    order_from,
    play,
    yearly_hazard,
)

STATUTE: dict[str, Any] = {
    "name": "statute",
    "enacted": "2017-08-02",
    "chance": {"alpha": 2, "beta": 6},
    "delay": {"value": 17, "low": 9, "high": 36},
    "loss": {"value": 8.5, "low": 4.0, "high": 13.0},
    "lasts": {"value": 3, "low": 1, "high": 5},
}


def statute(**changes: Any) -> Statute:
    return Statute.model_validate({**STATUTE, **changes})


def supplier(region: str, **changes: Any) -> dict[str, Any]:
    return {
        "region": region,
        "stock_share": 0.5,
        "delivery_share": 0.5,
        "hazard": 0.1,
        "substitutability": 0.3,
        "spares_years": 0.0,
        "failure_years": 2.0,
        "delivery_delay": 4.0,
        "price": 1.0,
        **changes,
    }


def tie(**changes: Any) -> ArmsTie:
    given = {
        "pivot": "IND",
        "suppliers": [
            supplier("RUS", stock_share=0.6, delivery_share=0.4),
            supplier("FRA", stock_share=0.4, delivery_share=0.6, price=1.2, hazard=0.02),
        ],
        "stock": 100.0,
        "imports": 4.0,
        "retirement": 0.04,
        "discount": 0.06,
        "switching_cost": 0.3,
        "margin": 0.1,
        "readiness_value": 30.0,
    }
    return ArmsTie.model_validate({**given, **changes})


def test_the_prior_has_a_mean_of_a_quarter_and_an_interval_from_eight_to_fortyfive() -> None:
    chance = Chance.model_validate({"alpha": 2, "beta": 6})
    assert chance.value == 0.25
    low, high = chance.at(np.array([0.1, 0.9]))
    assert (round(float(low), 2), round(float(high), 2)) == (0.08, 0.45)


def test_a_case_without_designation_lowers_the_chance() -> None:
    chance = Chance.model_validate({"alpha": 2, "beta": 6}).after(designated=0, spared=2)
    assert chance.value == pytest.approx(0.2)


@pytest.mark.parametrize(
    "given",
    [
        0.25,
        {"alpha": 0, "beta": 0},
        {"alpha": "many", "beta": 6},
        {"value": 0.3, "low": 0, "high": 1},
    ],
)
def test_a_chance_without_its_distribution_is_refused(given: Any) -> None:
    with pytest.raises(ValidationError):
        Chance.model_validate(given)


def test_designation_is_certain_in_time_once_the_longest_delay_is_over() -> None:
    delivery, found = date(2019, 7, 12), statute()
    assert designated_by(found, delivery, date(2020, 3, 1)) == 0.0
    assert 0.0 < designated_by(found, delivery, date(2020, 12, 14)) < 0.25
    assert designated_by(found, delivery, date(2023, 1, 1)) == pytest.approx(0.25)


def test_a_statute_threatens_only_between_enactment_and_repeal() -> None:
    assert designated_by(statute(), date(2016, 1, 1), date(2030, 1, 1)) == 0.0
    short = statute(repealed="2020-06-01")
    frozen = designated_by(short, date(2019, 7, 12), date(2020, 6, 1))
    assert 0.0 < frozen == designated_by(short, date(2019, 7, 12), date(2030, 1, 1))
    assert designated_by(short, date(2021, 1, 1), date(2030, 1, 1)) == 0.0


def test_an_exact_delay_falls_on_one_day() -> None:
    found = statute(delay=17)
    assert designated_by(found, date(2019, 7, 12), date(2020, 12, 10)) == 0.0
    assert designated_by(found, date(2019, 7, 12), date(2020, 12, 14)) == 0.25


def test_yearly_hazards_add_up_to_the_chance() -> None:
    hazard = yearly_hazard(0.25, 5.0)
    assert 1.0 - (1.0 - hazard) ** 5 == pytest.approx(0.25)


def test_the_expected_loss_of_exact_sizes_ranges_only_with_the_chance() -> None:
    found = expected_loss(statute(delay=12, loss=8.0, lasts=2), 0.05, draws=4096)
    worth = 8000.0 * annuity(2.0, 0.05) / 1.05
    assert found.central == pytest.approx(0.25 * worth)
    assert found.low == pytest.approx(0.0788 * worth, rel=0.01)
    assert found.high == pytest.approx(0.4526 * worth, rel=0.01)


def test_played_outcomes_average_to_the_expected_loss() -> None:
    exact = statute(delay=12, loss=8.0, lasts=2)
    found = play(exact, date(2024, 1, 1), 0.05, draws=2**14)
    assert found.designated.mean() == pytest.approx(0.25, abs=0.005)
    assert found.loss.mean() == pytest.approx(0.25 * 8.0 * annuity(2.0, 0.05) / 1.05, rel=0.02)
    assert (found.loss[~found.designated] == 0.0).all()
    assert np.isnan(found.months[~found.designated]).all()


def test_a_repeal_before_the_shortest_delay_ends_the_lottery() -> None:
    found = play(statute(repealed="2019-10-01"), date(2019, 7, 12), 0.05)
    assert not found.designated.any() and (found.loss == 0.0).all()


def test_a_statute_with_a_negative_size_or_reversed_dates_is_refused() -> None:
    with pytest.raises(ValidationError, match=r"(?s)delay\n.*zero or more.*loss\n.*zero or more"):
        statute(delay=-1, loss=-2)
    with pytest.raises(ValidationError, match=r"repealed: .* not after enacted"):
        statute(repealed="2010-01-01")


def test_the_account_follows_its_closed_forms() -> None:
    found = account(tie(), "RUS")
    moving = (0.06 + 0.04) * 0.3 * 0.6 * 100.0
    dearer = 0.2 * 0.4 * 4.0
    unready = 0.6 * 0.7 * 2.0 * (0.1 - 0.02)
    saved = moving + dearer - 30.0 * unready
    assert found.value_to_pivot.central == pytest.approx(1000.0 * saved)
    assert found.value_to_partner.central == pytest.approx(100.0 * 0.4 * 4.0)
    assert found.dependence.central == pytest.approx(0.6)
    assert found.replacement_time.central == pytest.approx(4.0 + 0.5 * 0.6 * 100.0 / 4.0)
    assert found.details["stock_hhi"].central == pytest.approx(0.6**2 + 0.4**2)
    assert found.details["spares_flow"].central == pytest.approx(40.0 * 0.6 * 100.0)
    assert found.exposure.central == found.exposure.high == 0.0


def test_exact_inputs_leave_no_range() -> None:
    found = account(tie(), "FRA")
    for line in (found.value_to_pivot, found.replacement_time, *found.details.values()):
        assert line.low == pytest.approx(line.central) and line.high == pytest.approx(line.central)


def test_two_equal_suppliers_are_worth_only_the_cost_of_moving() -> None:
    twins = [supplier("AAA"), supplier("BBB")]
    found = account(tie(suppliers=twins), "AAA")
    assert found.value_to_pivot.central == pytest.approx((60.0 + 40.0) * 0.3 * 0.5 * 100.0)


def test_only_the_threatened_supplier_brings_exposure() -> None:
    threatened = tie(statute=STATUTE, threatened="RUS", transactions=1.0)
    exposed = account(threatened, "RUS").exposure
    assert exposed.low < exposed.central < exposed.high
    expected = 0.25 * 8500.0 * annuity(3.0, 0.06) / 1.06 ** (17 / 12)
    assert exposed.central == pytest.approx(expected)
    assert account(threatened, "FRA").exposure.high == 0.0
    assert account(threatened, "RUS", on=date(2016, 1, 1)).exposure.high == 0.0


def test_more_transactions_raise_exposure_less_than_in_proportion() -> None:
    once, thrice = (
        account(tie(statute=STATUTE, threatened="RUS", transactions=number), "RUS").exposure.central
        for number in (1.0, 3.0)
    )
    assert thrice == pytest.approx(once * (1 - 0.75**3) / 0.25)


def test_an_order_from_the_tie_prices_and_risks_as_the_tie_does() -> None:
    order = order_from(tie(), price=5.0, capacity={"RUS": 1.0, "FRA": 0.5})
    assert order.size == pytest.approx(0.05)
    found = allocate(order, np.array([0.8, 0.2]))
    assert found.cost == pytest.approx(5.0 * (0.8 + 1.2 * 0.2))
    after = (0.6 + 0.05 * 0.8) / 1.05
    assert found.readiness_loss == pytest.approx(0.7 * (0.1 * after + 0.02 * (1 - after)))
    assert [corner.shares["RUS"] for corner in frontier(order)] == pytest.approx([1.0, 0.5])


def test_an_order_names_the_capacity_of_every_supplier() -> None:
    with pytest.raises(UnknownNameError, match="'FRA, USA'; capacity names each of RUS, FRA"):
        order_from(tie(), price=5.0, capacity={"RUS": 1.0, "USA": 0.5})


def test_renaming_the_suppliers_changes_no_number() -> None:
    renamed = tie(
        suppliers=[
            supplier("XXX", stock_share=0.6, delivery_share=0.4),
            supplier("YYY", stock_share=0.4, delivery_share=0.6, price=1.2, hazard=0.02),
        ]
    )
    assert account(renamed, "XXX").value_to_pivot == account(tie(), "RUS").value_to_pivot


def test_every_number_outside_its_domain_is_told_at_once() -> None:
    faulty = [supplier("RUS", substitutability=1.5), supplier("FRA", price=0.0)]
    with pytest.raises(ValidationError) as caught:
        tie(suppliers=faulty, stock=0.0, margin=1.5, retirement={"value": 1, "low": 0, "high": 1})
    told = {".".join(map(str, fault["loc"])): fault["msg"] for fault in caught.value.errors()}
    assert "above zero" in told["stock"] and "above zero" in told["retirement"]
    assert "5% is 0.05" in told["margin"] and "5% is 0.05" in told["suppliers.0.substitutability"]
    assert "above zero" in told["suppliers.1.price"]


def test_every_contradiction_of_a_tie_is_told_at_once_at_its_place() -> None:
    twice = [supplier("RUS", stock_share=0.9), supplier("RUS")]
    with pytest.raises(ValidationError) as caught:
        tie(suppliers=twice, statute=STATUTE, threatened="RUSS")
    for words in (
        "suppliers.1.region: 'RUS' stands twice",
        "suppliers: stock_share sums to 1.4",
        "threatened: unknown supplier 'RUSS'; did you mean 'RUS'",
    ):
        assert words in str(caught.value)


def test_a_statute_threatens_somebody() -> None:
    with pytest.raises(ValidationError, match="statute: give statute and threatened together"):
        tie(statute=STATUTE)


def test_a_misspelt_key_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(ValidationError, match="did you mean 'switching_cost'"):
        tie(swiching_cost=0.2)


def test_an_unknown_partner_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'FRA'"):
        account(tie(), "FRAU")
