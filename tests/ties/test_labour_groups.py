"""Workers of a labour accord by skill and sector."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from tula.equilibrium import calibrate
from tula.ties.inputs import TieNameError
from tula.ties.labour import LabourAccord, account, gains
from tula.world.economy import Economy

ACCORD: dict[str, Any] = {
    "pivot": "IND",
    "partner": "RUS",
    "permits": 0.5,
    "quota": 0.8,
    "stay": 1.5,
    "gap": 31.0,
    "labour_share": 0.5,
    "wage_elasticity": 0.3,
    "workers_abroad": 17500.0,
    "replacement_time": 2.0,
    "hazard": 0.05,
}
BUILDERS: dict[str, Any] = {
    "name": "building",
    "skill": "semi-skilled",
    "permits": 0.7,
    "home_earnings": 2600.0,
    "host_earnings": 8500.0,
    "remitted": 0.7,
    "enters": ["goods"],
    "leaves": ["goods"],
}
CODERS: dict[str, Any] = {
    "name": "technology",
    "permits": 0.3,
    "home_earnings": 9000.0,
    "host_earnings": 20000.0,
    "remitted": 0.4,
    "gap": 3.0,
}


def accord(*groups: dict[str, Any], **changes: Any) -> LabourAccord:
    return LabourAccord.model_validate({**ACCORD, "groups": groups, **changes})


def test_one_group_is_the_accord_without_groups(toy_economy: Economy) -> None:
    alone = accord({**BUILDERS, "permits": 1.0}, elasticity=2.0)
    plain = accord(home_earnings=2600.0, host_earnings=8500.0, remitted=0.7, elasticity=2.0)
    assert gains(alone, toy_economy) == gains(plain, toy_economy)


def test_groups_earn_and_send_their_average() -> None:
    home, host, sent = accord(BUILDERS, CODERS).earnings
    assert home == pytest.approx(0.7 * 2600 + 0.3 * 9000)
    assert host == pytest.approx(0.7 * 8500 + 0.3 * 20000)
    assert sent * host == pytest.approx(0.7 * 8500 * 0.7 + 0.3 * 20000 * 0.4)


def test_groups_add_up_to_the_accord(toy_economy: Economy) -> None:
    found = account(accord(BUILDERS, CODERS), toy_economy, draws=1).details
    for name in ("workers", "remittances", "share_of_gap"):
        parts = [found[f"{group}: {name}"].central for group in ("building", "technology")]
        assert sum(parts) == pytest.approx(found[name].central, rel=1e-12)
        assert min(parts) > 0.0


def test_a_group_is_held_against_its_own_shortage_where_one_is_counted(
    toy_economy: Economy,
) -> None:
    found = account(accord(BUILDERS, CODERS), toy_economy, draws=1).details
    assert found["technology: share_of_own_gap"].central == pytest.approx(0.3 * 0.5 * 1.5 / 3.0)
    assert "building: share_of_own_gap" not in found


def test_what_a_group_adds_is_told_in_the_sectors_it_enters(toy_economy: Economy) -> None:
    """The whole economy's labour earns its share of all value added."""
    base = calibrate(toy_economy)
    everywhere = {**BUILDERS, "permits": 1.0, "enters": ["all"], "leaves": []}
    found = account(accord(everywhere), base, draws=1).details
    earned = 0.5 * base.value_added[base.labels.region_index("RUS")]
    expected = 0.5 * 1.5 * 8500.0 / 1000.0 / earned
    assert found["building: added"].central == pytest.approx(float(expected))
    assert "building: withdrawn" not in found


def test_shares_of_permits_are_scaled_to_one_on_every_draw(toy_economy: Economy) -> None:
    wide = {**BUILDERS, "permits": {"value": 0.7, "low": 0.3, "high": 0.9}}
    found = account(accord(wide, CODERS), toy_economy, draws=8).details
    line = found["building: workers"]
    assert line.low < line.central < 0.5 * 1.5
    assert found["workers"].low == pytest.approx(found["workers"].high)


def test_unknown_sectors_of_a_group_are_refused(toy_economy: Economy) -> None:
    with pytest.raises(TieNameError, match="groups 'building' enters: unknown sector 'gods'"):
        account(accord({**BUILDERS, "permits": 1.0, "enters": ["gods"]}), toy_economy, draws=1)


@pytest.mark.parametrize(
    ("groups", "changes", "expected"),
    [
        ((BUILDERS,), {}, r"permits sum to 0\.7000, not 1"),
        ((BUILDERS, CODERS), {"remitted": 0.5}, "remitted: stands with each of the groups"),
        ((), {"remitted": 0.5}, "home_earnings is missing: give it, or groups"),
        ((BUILDERS, {**BUILDERS, "permits": 0.3}), {}, "'building' stands twice"),
        ((BUILDERS, CODERS), {"labour_share": 0.0}, "labour_share: must be above 0"),
    ],
)
def test_groups_that_do_not_fit_the_accord_are_refused(
    groups: tuple[dict[str, Any], ...], changes: dict[str, Any], expected: str
) -> None:
    with pytest.raises(ValidationError, match=expected):
        accord(*groups, **changes)
