"""The ties and the answer of a bundled study clear one market, with one set of beliefs."""

from __future__ import annotations

import pytest

from tula.study.load import Study, load_study
from tula.ties.oil.equilibrium import clear
from tula.ties.oil.tie import OilTie


@pytest.fixture(scope="module", params=["india-2025", "turkey-2025"])
def study(request: pytest.FixtureRequest) -> Study:
    return load_study(request.param)


def tie_of(study: Study) -> OilTie:
    (found,) = (one.model for one in study.ties if one.kind == "oil")
    assert isinstance(found, OilTie)
    return found


def test_the_tie_and_the_answer_take_their_elasticities_from_the_same_beliefs(
    study: Study,
) -> None:
    tie, asked = tie_of(study), study.file.answer
    assert asked is not None
    (commodity,) = (one for one in asked.commodities if one.sector == tie.sector)
    assert commodity.supply is not None
    lost = {one.rent_lost.belief for one in asked.switches if one.rent_lost is not None}
    assert tie.market.elasticity == commodity.replace
    assert tie.market.world.supply_elasticity == commodity.supply
    assert {tie.rent_lost.belief} == lost
    assert all((commodity.replace.belief, commodity.supply.belief, *lost))


def test_the_odds_of_a_ties_pressure_are_those_of_the_answers_switch(study: Study) -> None:
    asked = study.file.answer
    assert asked is not None
    switches = {one.id: one for one in asked.switches}
    odds = {one.kind: one.model.hazard for one in study.ties if one.kind in {"oil", "settlement"}}
    banks = switches.get("banks") or switches["channels"]
    assert odds == {"oil": switches["designation"].now, "settlement": banks.back}


def test_what_firms_leave_of_the_flow_lies_in_what_is_believed_of_it() -> None:
    """Who stays follows from thresholds, what arrives was forecast: two readings of one event."""
    study = load_study("india-2025")
    tie = tie_of(study)
    pivot = tie.market.pivot
    kept = clear(tie.market, tie.pressure).volume(pivot) / clear(tie.market).volume(pivot)
    believed = study.file.beliefs["heeded-kept"]
    assert believed.low is not None
    assert believed.high is not None
    assert believed.low < kept < believed.high


def test_estimates_of_a_full_stop_beside_ours_are_of_a_year_and_of_the_same_thing() -> None:
    """A discount forgone is no loss of income, and eight months are no year."""
    published = [one for one in load_study("india-2025").file.published if one.scenario == "S2-100"]
    assert {one.beside for one in published if one.metric.startswith("direct cost")} == {"nothing"}
    bills = {one.source: (one.low, one.high) for one in published if one.beside == "cost"}
    assert bills["State Bank of India, August 2025"] == (11.7, 11.7)
    assert load_study("india-2025").file.beliefs["replace-crude"].evidence == ("M43", "M44", "O05")
