"""Duties collected and their height."""

from __future__ import annotations

import numpy as np

from tula import metrics
from tula.equilibrium import Solution


def test_revenue_is_rate_times_border_value(by_hand: Solution) -> None:
    revenue = metrics.tariff_revenue(by_hand)
    np.testing.assert_allclose(revenue.sel(region="A"), [0.0, 1.02, 1.02])
    np.testing.assert_allclose(revenue.sel(region="B"), 0.0)


def test_revenue_share_is_over_spending_of_the_same_state(by_hand: Solution) -> None:
    share = metrics.tariff_revenue_share(by_hand).sel(region="A", state="new").item()
    np.testing.assert_allclose(share, 100 * 1.02 / 102.0)


def test_revenue_of_the_metrics_is_the_revenue_of_the_solver(moved: Solution) -> None:
    rate = metrics.effective_tariff(moved).sel(state="new")
    imports = metrics.imports(moved).sel(state="new").sum("sector")
    expected = metrics.tariff_revenue(moved).sel(state="new")
    np.testing.assert_allclose(rate.to_numpy() / 100 * imports.to_numpy(), expected)


def test_the_effective_tariff_of_one_partner_is_its_rate(by_hand: Solution) -> None:
    rate = metrics.pair_effective_tariff(by_hand).sel(importer="A", exporter="B")
    np.testing.assert_allclose(rate, [0.0, 10.0, 10.0])
    assert np.isnan(metrics.pair_effective_tariff(by_hand).sel(importer="A", exporter="A")).all()


def test_the_effective_tariff_lies_between_the_rates_by_pair(moved: Solution) -> None:
    by_pair = metrics.pair_effective_tariff(moved)
    mean = metrics.effective_tariff(moved)
    for state in ("base", "new"):
        assert bool((mean.sel(state=state) >= by_pair.sel(state=state).min("exporter")).all())
        assert bool((mean.sel(state=state) <= by_pair.sel(state=state).max("exporter")).all())


def test_statutory_and_effective_rates_share_their_base(moved: Solution) -> None:
    statutory, effective = (
        metrics.pair_statutory_tariff(moved),
        metrics.pair_effective_tariff(moved),
    )
    np.testing.assert_array_equal(statutory.sel(state="base"), effective.sel(state="base"))


def test_export_tax_revenue_is_what_the_solver_collected(moved: Solution) -> None:
    revenue = metrics.export_tax_revenue(moved).sel(state="new")
    sold = moved.border_trade / (1 + moved.shock.export_tax)
    np.testing.assert_allclose(revenue, (moved.shock.export_tax * sold).sum(axis=(0, 1)))


def test_duties_on_goods_leave_services_out(moved: Solution) -> None:
    labels = moved.labels
    goods = [labels.sector_index(code) for code in labels.goods]
    trade, rate = moved.calibration.border_trade[goods], moved.shock.tariff[goods]
    found = metrics.pair_goods_tariff(moved).sel(state="new").to_numpy()
    for n, i in np.ndindex(found.shape):
        flow = trade[:, n, i].sum()
        if n != i and flow > 0:
            np.testing.assert_allclose(found[n, i], 100 * (rate * trade)[:, n, i].sum() / flow)
