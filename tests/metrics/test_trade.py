"""Trade at the border adds up, and to the imbalance."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from hand_made import with_cells
from tula import metrics
from tula.equilibrium import Solution


def test_border_value_leaves_import_duty_out(by_hand: Solution) -> None:
    trade = metrics.trade_value(by_hand).sel(importer="A", exporter="B").squeeze()
    np.testing.assert_allclose(trade.sel(state=["base", "new"]), [20.0, 11.22 / 1.1])


def test_volume_deflates_value_by_the_border_price(by_hand: Solution) -> None:
    volume = metrics.trade_volume_change(by_hand).sel(importer="A", exporter="B").item()
    np.testing.assert_allclose(volume, 100 * (11.22 / 1.1 / 0.98 / 20 - 1))


def test_the_volume_of_an_embargoed_cell_falls_by_all_of_it(by_hand: Solution) -> None:
    bought = np.array([[[102.0, 0.0], [15.68, 62.72]]])
    embargoed = with_cells(by_hand, at_border=bought)
    assert metrics.trade_volume_change(embargoed).sel(importer="A", exporter="B").item() == -100.0


def test_exports_and_imports_are_sums_over_partners(moved: Solution) -> None:
    trade = metrics.trade_value(moved)
    foreign = trade.where(trade["importer"] != trade["exporter"], 0.0)
    exports = foreign.sum("importer").rename(exporter="region").transpose("region", "sector", ...)
    imports = foreign.sum("exporter").rename(importer="region").transpose("region", "sector", ...)
    np.testing.assert_allclose(metrics.exports(moved), exports)
    np.testing.assert_allclose(metrics.imports(moved), imports)


def test_world_exports_are_world_imports(moved: Solution) -> None:
    exports, imports = metrics.exports(moved).sum(), metrics.imports(moved).sum()
    np.testing.assert_allclose(exports, imports)


def test_totals_move_as_their_levels_say(moved: Solution) -> None:
    for change, level in (
        (metrics.exports_change(moved), metrics.exports(moved)),
        (metrics.imports_change(moved), metrics.imports(moved)),
    ):
        total = level.sum("sector")
        expected = 100 * total.sel(state="change") / total.sel(state="base")
        np.testing.assert_allclose(change, expected)


def test_the_pair_change_is_the_change_of_the_sum_over_sectors(moved: Solution) -> None:
    trade = metrics.trade_value(moved).sum("sector")
    expected = 100 * (trade.sel(state="new") / trade.sel(state="base") - 1)
    np.testing.assert_allclose(metrics.pair_trade_change(moved), expected)


def test_exports_less_imports_plus_imbalance_is_zero_before_and_after(moved: Solution) -> None:
    balance = metrics.trade_balance(moved)
    size = moved.calibration.value_added.sum()
    assert np.abs(balance.sel(state="base") + moved.calibration.imbalance).max() < 1e-9 * size
    assert np.abs(balance.sel(state="new") + moved.imbalance).max() < 1e-8 * size


def test_supplier_shares_of_the_foreign_market_sum_to_one_hundred(moved: Solution) -> None:
    shares = metrics.supplier_share(moved).sel(state=["base", "new"]).sum("exporter")
    np.testing.assert_allclose(shares, 100.0)


def test_import_penetration_is_one_less_the_home_share(by_hand: Solution) -> None:
    share = metrics.import_share(by_hand).squeeze()
    np.testing.assert_allclose(share.sel(state="base"), [20.0, 25.0])
    np.testing.assert_allclose(share.sel(state="change"), [-9.0, -5.0])


def test_a_cell_without_base_trade_has_no_percentage_change(by_hand: Solution) -> None:
    share = np.array([[[1.0, 0.0], [0.25, 0.75]]])
    base = replace(by_hand.calibration, trade_share=share)
    closed = with_cells(replace(by_hand, calibration=base), share, by_hand.border_trade)
    change = metrics.trade_value_change(closed)
    assert np.isnan(change.sel(importer="A", exporter="B").item())
    assert np.isfinite(change.sel(importer="B", exporter="A").item())


def test_trade_between_two_regions_sums_its_sectors_and_leaves_own_sales_out(
    moved: Solution,
) -> None:
    pairs, cells = metrics.pair_trade(moved), metrics.trade_value(moved).sum("sector")
    same = pairs.importer == pairs.exporter
    np.testing.assert_allclose(pairs, cells.where(~same, 0.0))
    base, change = pairs.sel(state="base"), pairs.sel(state="change")
    np.testing.assert_allclose(
        (100 * change / base).where(~same), metrics.pair_trade_change(moved).where(~same)
    )
