from dataclasses import replace

import numpy as np
import pytest

from tula.errors import UnknownNameError
from tula.world.economy import Economy
from tula.world.labels import Labels
from tula.world.nowcast import (
    Flows,
    Target,
    UnreachableTargetError,
    achieved,
    fit_partners,
    meet_targets,
    reprice,
    resource,
)

LABELS = Labels(regions=("HOM",), sectors=("OIL", "MAN"))
#: One region: OIL sells 2 to itself, 30 to MAN, 8 to final; MAN sells 10, 20 and 70.
TABLE = Flows(
    intermediate=np.array([[2.0, 30.0], [10.0, 20.0]]).reshape(1, 2, 1, 2),
    final=np.array([8.0, 70.0]).reshape(1, 2, 1),
)


def flows_of(economy: Economy) -> Flows:
    return Flows(economy.intermediate, economy.final)


def target(value: float, **changes: object) -> Target:
    given = Target("RUS", "IND", ("OIL",), value, "T00", "a source")
    return replace(given, **changes)  # type: ignore[arg-type]


def test_a_new_oil_price_reaches_other_prices_through_costs_alone() -> None:
    new = reprice(TABLE, LABELS, {"OIL": np.array([0.5])})
    price = new.output / TABLE.output
    expected = (30.0 / 100.0 * 0.5 + 50.0 / 100.0) / (1.0 - 20.0 / 100.0)
    np.testing.assert_allclose(price, [[0.5, expected]], rtol=1e-12)


def test_repricing_leaves_value_added_elsewhere_as_it_was(toy_economy: Economy) -> None:
    old = flows_of(toy_economy)
    ratio = np.full(len(toy_economy.regions), 0.8)
    new = reprice(old, toy_economy.labels, {"OIL": ratio})
    np.testing.assert_allclose(new.value_added[:, 1:], old.value_added[:, 1:], rtol=1e-10)


def test_a_producer_keeps_a_tenth_of_its_price_as_value_added() -> None:
    new = reprice(TABLE, LABELS, {"OIL": np.array([0.1])})
    assert (new.output / TABLE.output)[0, 0] == pytest.approx((12.0 / 40.0) / 0.9)


def test_a_price_of_one_changes_nothing(toy_economy: Economy) -> None:
    old = flows_of(toy_economy)
    new = reprice(old, toy_economy.labels, {"OIL": np.ones(len(toy_economy.regions))})
    np.testing.assert_allclose(new.intermediate, old.intermediate, rtol=1e-12)


def test_an_unknown_sector_is_refused_with_the_nearest_name(toy_economy: Economy) -> None:
    with pytest.raises(UnknownNameError, match="OIL"):
        reprice(flows_of(toy_economy), toy_economy.labels, {"OLI": np.ones(4)})


def test_new_partner_shares_keep_each_users_imports(toy_economy: Economy) -> None:
    old, labels = flows_of(toy_economy), toy_economy.labels
    share = np.zeros((4, 4))
    share[labels.region_index("RUS"), labels.region_index("IND")] = 1.0
    new = resource(old, labels, "OIL", share)
    np.testing.assert_allclose(new.trade[:, 0].sum(axis=0), old.trade[:, 0].sum(axis=0))
    assert new.trade[3, 0, 0] == 0.0
    np.testing.assert_array_equal(new.trade[:, 0, 1:], old.trade[:, 0, 1:])


def test_new_partners_keep_what_each_user_imports(toy_economy: Economy) -> None:
    old, labels = flows_of(toy_economy), toy_economy.labels
    sales = old.trade[:, 0, 0]
    wanted = np.array([5.0, 0.2, 0.5, 0.3]) * sales[1:].sum()
    new = fit_partners(old, labels, "OIL", labels.regions[0], wanted)
    np.testing.assert_allclose(new.trade[1:, 0, 0], wanted[1:], rtol=1e-9)
    np.testing.assert_array_equal(new.trade[0], old.trade[0])
    for name in ("intermediate", "final"):
        before, after = getattr(old, name), getattr(new, name)
        np.testing.assert_allclose(after[1:, 0, 0].sum(0), before[1:, 0, 0].sum(0), rtol=1e-9)
        np.testing.assert_array_equal(after[:, 1:], before[:, 1:])
    kept = fit_partners(old, labels, "OIL", labels.regions[0], sales)
    np.testing.assert_allclose(kept.intermediate, old.intermediate, rtol=1e-9)


def test_a_new_partner_gets_the_users_of_all_imports_and_a_lost_one_sells_nothing(
    toy_economy: Economy,
) -> None:
    old, labels = flows_of(toy_economy), toy_economy.labels
    intermediate, final = old.intermediate.copy(), old.final.copy()
    intermediate[3, 0, 0], final[3, 0, 0] = 0.0, 0.0
    flows = Flows(intermediate, final)
    total = flows.trade[1:, 0, 0].sum()
    new = fit_partners(flows, labels, "OIL", labels.regions[0], np.array([0, 0.5, 0, 0.5]) * total)
    assert not new.intermediate[2, 0, 0].any() and new.final[2, 0, 0] == 0.0
    np.testing.assert_allclose(new.trade[[1, 3], 0, 0], 0.5 * total, rtol=1e-9)
    assert (new.intermediate[3, 0, 0][flows.intermediate[1:, 0, 0].sum(0) > 0] > 0).all()


def test_targets_and_value_added_are_met_together(toy_economy: Economy) -> None:
    old, labels = flows_of(toy_economy), toy_economy.labels
    wanted = old.value_added.sum(axis=1) * np.array([1.1, 0.9, 1.0, 1.05])
    oil = float(old.trade[1, 0, 0])
    targets = [
        target(1.3 * oil),
        target(
            1.2 * float(old.trade[0, :, 2].sum()), exporter="IND", importer="USA", sectors=("all",)
        ),
    ]
    new = meet_targets(old, old, labels, wanted, targets)
    np.testing.assert_allclose(new.value_added.sum(axis=1), wanted, rtol=1e-10)
    for row in achieved(new, labels, targets):
        assert row["achieved"] == pytest.approx(row["target"], rel=1e-9)


def test_a_wider_target_is_met_on_what_a_narrower_one_leaves(toy_economy: Economy) -> None:
    old, labels = flows_of(toy_economy), toy_economy.labels
    oil, every = float(old.trade[1, 0, 0]), float(old.trade[1, :, 0].sum())
    targets = [target(1.1 * every, sectors=("all",)), target(1.2 * oil)]
    new = meet_targets(old, old, labels, old.value_added.sum(axis=1), targets)
    assert new.trade[1, 0, 0] == pytest.approx(1.2 * oil, rel=1e-9)
    assert new.trade[1, :, 0].sum() == pytest.approx(1.1 * every, rel=1e-9)


def test_a_wider_target_may_lie_below_what_narrower_ones_are_yet_to_give_up(
    toy_economy: Economy,
) -> None:
    old, labels = flows_of(toy_economy), toy_economy.labels
    oil, every = float(old.trade[1, 0, 0]), float(old.trade[1, :, 0].sum())
    assert oil > 0.0
    targets = [
        target(0.2 * oil + 0.5 * (every - oil), sectors=("all",)),
        target(0.1 * oil),
    ]
    new = meet_targets(old, old, labels, old.value_added.sum(axis=1), targets)
    for row in achieved(new, labels, targets):
        assert row["achieved"] == pytest.approx(row["target"], rel=1e-9)


def test_input_shares_by_good_stay_when_partners_move(toy_economy: Economy) -> None:
    old, labels = flows_of(toy_economy), toy_economy.labels
    targets = [target(1.3 * float(old.trade[1, 0, 0]))]
    new = meet_targets(old, old, labels, old.value_added.sum(axis=1), targets)
    for flows in (old, new):
        share = flows.intermediate.sum(axis=0) / flows.output
        np.testing.assert_allclose(share, old.intermediate.sum(axis=0) / old.output, rtol=1e-9)


def test_without_targets_the_table_stays(toy_economy: Economy) -> None:
    old = flows_of(toy_economy)
    new = meet_targets(old, old, toy_economy.labels, old.value_added.sum(axis=1), [])
    np.testing.assert_allclose(new.intermediate, old.intermediate, rtol=1e-9)


def test_a_total_below_its_parts_is_refused_with_its_fact(toy_economy: Economy) -> None:
    old, labels = flows_of(toy_economy), toy_economy.labels
    oil = float(old.trade[1, 0, 0])
    targets = [target(oil), target(0.5 * oil, sectors=("all",), fact="T06")]
    with pytest.raises(UnreachableTargetError, match="T06"):
        meet_targets(old, old, labels, old.value_added.sum(axis=1), targets)


def test_a_sole_supplier_cannot_be_cut_back_without_another_to_fill_in(
    toy_economy: Economy,
) -> None:
    labels = toy_economy.labels
    flows = flows_of(toy_economy)
    intermediate, final = flows.intermediate.copy(), flows.final.copy()
    intermediate[[0, 2, 3], 0, 0] = 0.0
    final[[0, 2, 3], 0, 0] = 0.0
    lone = Flows(intermediate, final)
    targets = [target(0.5 * float(lone.trade[1, 0, 0]))]
    with pytest.raises(UnreachableTargetError, match="no other supplier"):
        meet_targets(lone, lone, labels, flows.value_added.sum(axis=1), targets)
