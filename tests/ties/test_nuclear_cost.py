"""Levelised cost, vendor credit, split awards and the account of a nuclear tie."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from tula.errors import UnknownNameError
from tula.ties.nuclear import (
    AwardError,
    Credit,
    Criterion,
    NuclearTie,
    Plant,
    PlantError,
    Tender,
    account,
    capacity_after,
    capital_recovery,
    list_splits,
    rank_awards,
    vendor_concentration,
)

PLANT = Plant(
    overnight=4.0,
    construction=6.0,
    slip=1.5,
    life=60.0,
    capacity_factor=0.85,
    fixed=0.12,
    fuel=0.008,
    decommissioning=0.6,
    discount=0.07,
)
CONCENTRATION = Criterion(name="concentration", unit="HHI", worst=1.0, best=0.0)


def test_the_levelised_price_repays_all_costs_year_by_year() -> None:
    years = np.arange(1, 61)
    discount = 1.07**-years
    slices = (np.arange(200_000) + 0.5) / 200_000 * 6.0
    capital = 4.0 * np.mean(1.07 ** (6.0 - slices + 1.5))
    yearly = 0.12 + 0.008 * PLANT.energy
    costs = capital + (yearly * discount).sum() + 0.6 * discount[-1]
    energy = (8.766 * 0.85 * discount).sum()
    assert PLANT.levelised_cost == pytest.approx(costs / energy, rel=1e-9)


def test_without_discounting_costs_are_spread_evenly() -> None:
    free = replace(PLANT, discount=0.0)
    assert free.interest_factor == 1.0
    expected = ((4.0 + 0.6) / 60.0 + 0.12) / (8.766 * 0.85) + 0.008
    assert free.levelised_cost == pytest.approx(expected)


def test_a_small_discount_rate_approaches_none() -> None:
    nearly, free = replace(PLANT, discount=1e-9), replace(PLANT, discount=0.0)
    assert nearly.levelised_cost == pytest.approx(free.levelised_cost, rel=1e-6)


def test_a_year_of_standstill_costs_a_year_of_interest() -> None:
    later = replace(PLANT, slip=2.5)
    assert later.capital / PLANT.capital == pytest.approx(1.07)


def test_capital_recovery_repays_one() -> None:
    payment = capital_recovery(25.0, 0.05)
    assert sum(payment * 1.05**-year for year in range(1, 26)) == pytest.approx(1.0)


def test_a_loan_at_the_market_rate_is_no_gift() -> None:
    assert Credit(3.4, 0.06, 5.0, 14.0).worth(0.06) == pytest.approx(0.0, abs=1e-12)


def test_the_gift_in_a_loan_is_what_its_payments_fall_short_of() -> None:
    payment = 3.4 * 0.04 / (1 - 1.04**-14)
    paid = sum(3.4 * 0.04 * 1.08**-year for year in range(1, 6))
    paid += sum(payment * 1.08**-year for year in range(6, 20))
    assert Credit(3.4, 0.04, 5.0, 14.0).worth(0.08) == pytest.approx(3.4 - paid)


def test_every_fault_of_a_plant_is_named_at_once() -> None:
    with pytest.raises(PlantError, match=r"(?s)overnight -1.*capacity_factor"):
        replace(PLANT, overnight=-1.0, capacity_factor=1.2)
    with pytest.raises(PlantError, match="years 0"):
        Credit(1.0, 0.04, 1.0, 0.0)


def tender(rows: dict[str, list[float]], units: int = 5) -> Tender:
    names = "abcdefg"[: len(next(iter(rows.values())))]
    return Tender.model_validate(
        {
            "criteria": [{"name": n, "unit": "points", "worst": 0, "best": 1} for n in names],
            "bids": [
                {
                    "name": bid,
                    "vendor": bid,
                    "unit_gw": 1.0,
                    "units": units,
                    "scores": dict(zip(names, row, strict=True)),
                }
                for bid, row in rows.items()
            ],
        }
    )


def test_splits_number_as_many_as_compositions() -> None:
    splits = list_splits(tender({"A": [1.0], "B": [1.0], "C": [1.0]}), 5)
    assert len(splits) == math.comb(5 + 2, 2)
    assert all(sum(split.values()) == 5 for split in splits)
    assert len({tuple(sorted(split.items())) for split in splits}) == len(splits)


def test_no_bid_is_given_more_units_than_it_can_build() -> None:
    splits = list_splits(tender({"A": [1.0], "B": [1.0]}, units=3), 5)
    assert splits == [{"A": 3, "B": 2}, {"A": 2, "B": 3}]
    with pytest.raises(AwardError, match="1 to 6"):
        list_splits(tender({"A": [1.0], "B": [1.0]}, units=3), 7)


def test_too_many_splits_are_refused() -> None:
    with pytest.raises(AwardError, match="more than 500"):
        list_splits(tender({name: [1.0] for name in "ABCDEF"}, units=10), 10)


def test_concentration_counts_what_stands_already() -> None:
    bids = tender({"A": [1.0], "B": [1.0]})
    capacity = capacity_after(bids, {"A": 2, "B": 1}, {"A": 2.0, "Z": 3.0})
    assert capacity == {"A": 4.0, "B": 1.0, "Z": 3.0}
    assert vendor_concentration(capacity) == pytest.approx((16 + 1 + 9) / 64)
    assert math.isnan(vendor_concentration({}))


def test_equal_bids_are_split_for_the_sake_of_concentration_alone() -> None:
    found = rank_awards(
        tender({"A": [0.5], "B": [0.5]}), 4, installed={}, concentration=CONCENTRATION, draws=500
    )
    assert found.acceptability.first["2 A + 2 B"] == 1.0
    assert found.split == 1.0 and math.isnan(found.before)


def test_the_chance_of_a_split_follows_the_closed_form() -> None:
    """Two units, A better by d: sole w d > (1-w) h/2 for the half split, h = 1 - 1/2."""
    better = 0.4
    found = rank_awards(
        tender({"A": [0.5 + better], "B": [0.5]}),
        2,
        installed={},
        concentration=CONCENTRATION,
        draws=20_000,
    )
    threshold = 0.5 / (better / 2 + 0.5)
    error = math.sqrt(threshold * (1 - threshold) / 20_000)
    assert abs(found.sole - (1 - threshold)) < 4 * error
    assert found.acceptability.first["2 B"] == 0.0


def test_what_stands_already_turns_the_award_to_the_newcomer() -> None:
    found = rank_awards(
        tender({"A": [0.5], "B": [0.5]}),
        4,
        installed={"A": 6.0},
        concentration=CONCENTRATION,
        draws=200,
    )
    assert found.acceptability.first["4 B"] == 1.0
    assert found.before == 1.0 and found.after.min() == pytest.approx(0.36 + 0.16)


def test_a_scale_that_misses_the_concentrations_is_refused() -> None:
    narrow = Criterion(name="concentration", unit="HHI", worst=0.6, best=0.0)
    with pytest.raises(AwardError, match="leaves the scale"):
        rank_awards(tender({"A": [1.0], "B": [0.0]}), 2, installed={}, concentration=narrow)


def test_concentration_is_not_counted_twice() -> None:
    twice = CONCENTRATION.model_copy(update={"name": "a"})
    with pytest.raises(AwardError, match="'a' is scored by the bids already"):
        rank_awards(tender({"A": [1.0], "B": [0.0]}), 2, installed={}, concentration=twice)


def vendor(region: str, **changes: Any) -> dict[str, Any]:
    return {
        "region": region,
        "installed_gw": 2.0,
        "awarded_gw": 1.0,
        "overnight": 4.0,
        "construction": 6.0,
        "slip": 1.5,
        "life": 60.0,
        "capacity_factor": 0.85,
        "fixed": 0.12,
        "fuel": 0.008,
        "decommissioning": 0.6,
        "foreign_content": 0.4,
        "margin": 0.1,
        "loan_share": 0.0,
        "loan_rate": 0.04,
        "loan_grace": 5.0,
        "loan_years": 14.0,
        "hazard": 0.05,
        "stop_years": 2.0,
        **changes,
    }


def tie(*vendors: dict[str, Any], **changes: Any) -> NuclearTie:
    given = {"pivot": "IND", "vendors": vendors, "replacement_cost": 0.09, "discount": 0.07}
    return NuclearTie.model_validate({**given, **changes})


def test_the_account_follows_its_closed_forms() -> None:
    found = account(tie(vendor("RUS"), vendor("FRA", installed_gw=0.0)), "RUS")
    energy = 8.766 * 0.85
    levelised = found.details["levelised_cost"]
    assert found.value_to_pivot.central == pytest.approx((90.0 - levelised.central) * energy)
    assert levelised.unit == "USD per MWh"
    assert levelised.central == pytest.approx(1000.0 * PLANT.levelised_cost)
    life = (1 - 1.07**-60) / 0.07
    assert found.value_to_partner.central == pytest.approx(100.0 * 0.4 * 4.0 / life)
    assert found.dependence.central == pytest.approx(3 / 4)
    assert found.replacement_time.central == pytest.approx(7.5)
    surplus = ((0.09 - 0.008) * energy - 0.12) * life
    assert found.exposure.central == pytest.approx(50.0 * surplus * (1 - 1.07**-2))
    assert found.details["hhi_before"].central == 1.0
    assert found.details["hhi_after"].central == pytest.approx(9 / 16 + 1 / 16)


def test_a_cheap_loan_moves_value_from_the_vendor_to_the_pivot() -> None:
    plain = account(tie(vendor("RUS")), "RUS")
    lent = account(tie(vendor("RUS", loan_share=0.85)), "RUS")
    gift = lent.details["credit_gift"].central
    assert gift > 0.0
    assert lent.value_to_pivot.central - plain.value_to_pivot.central == pytest.approx(gift)
    assert plain.value_to_partner.central - lent.value_to_partner.central == pytest.approx(gift)


def test_an_uncertain_slip_widens_the_account() -> None:
    slip = {"value": 1.5, "low": 0.0, "high": 6.0}
    found = account(tie(vendor("RUS", slip=slip)), "RUS")
    assert found.value_to_pivot.low < found.value_to_pivot.central < found.value_to_pivot.high


def test_a_country_without_any_plant_has_no_concentration_before() -> None:
    found = account(tie(vendor("RUS", installed_gw=0.0)), "RUS")
    assert "hhi_before" not in found.details


def test_every_number_outside_its_domain_is_told_at_once() -> None:
    with pytest.raises(ValidationError) as caught:
        tie(vendor("RUS", hazard=1.5), vendor("FRA", life=0.0), discount=-0.1)
    told = {".".join(map(str, fault["loc"])) for fault in caught.value.errors()}
    assert told >= {"vendors.0.hazard", "vendors.1.life", "discount"}


def test_a_vendor_stands_once_and_builds_something() -> None:
    with pytest.raises(ValidationError, match=r"vendors\.1\.region: 'RUS' stands twice"):
        tie(vendor("RUS"), vendor("RUS"))
    with pytest.raises(ValidationError, match="installed_gw or awarded_gw must be above 0"):
        tie(vendor("RUS", installed_gw=0.0, awarded_gw={"value": 1, "low": 0, "high": 2}))


def test_an_unknown_vendor_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'RUS'"):
        account(tie(vendor("RUS")), "RUSS")
