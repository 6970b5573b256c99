"""The build of the embedded worlds; skipped where the source packages are not installed."""

import numpy as np
import pandas as pd
import pytest

from tula.world import codes
from tula.world.build.__main__ import rounded
from tula.world.build.assemble import aggregate_table, assemble, round_flow
from tula.world.build.estimate import WorldTable, estimate_world, mineral_imports
from tula.world.build.margins import InconsistentTotalsError, derive_margins
from tula.world.build.sources import (
    IcioTable,
    MissingSourceError,
    national_totals,
    package_file,
    read_icio,
)
from tula.world.build.update import (
    gdp_ratio,
    mineral_prices,
    nowcast_2024,
    partner_share,
    read_targets,
)
from tula.world.economy import Economy
from tula.world.nowcast import Flows
from tula.world.store import load_world


@pytest.fixture(scope="module")
def source() -> IcioTable:
    try:
        return read_icio()
    except MissingSourceError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def world(source: IcioTable) -> WorldTable:
    try:
        return estimate_world(source, national_totals(), mineral_imports(source))
    except MissingSourceError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def economy(world: WorldTable) -> Economy:
    return assemble(*aggregate_table(world))


def output_of(world: WorldTable) -> np.ndarray:
    return np.asarray(world.intermediate.sum(axis=(2, 3)) + world.final.sum(axis=2))


def test_a_package_that_is_not_there_is_named() -> None:
    with pytest.raises(MissingSourceError, match="no-such-package"):
        package_file("no-such-package", "data.npz")


def test_national_totals_cover_every_economy_and_world_trade_balances() -> None:
    totals = national_totals()
    assert set(totals.index) == set(codes.economies())
    exports, imports = totals["exports_2022"].sum(), totals["imports_2022"].sum()
    assert exports == pytest.approx(imports, rel=1e-4)


def test_totals_that_imply_a_negative_flow_are_refused_with_the_economy(
    source: IcioTable,
) -> None:
    totals = national_totals().copy()
    totals.loc["IND", "exports_2022"] = 1_000.0
    with pytest.raises(InconsistentTotalsError, match="IND: exports"):
        derive_margins(source, totals, np.zeros(len(source.economies)))


def test_recorded_inputs_and_outputs_stay_as_published(
    source: IcioTable, world: WorldTable
) -> None:
    n = len(source.economies)
    np.testing.assert_array_equal(world.intermediate[:n, :, :n], source.intermediate)
    np.testing.assert_allclose(output_of(world)[:n], source.output, rtol=1e-8, atol=1e-5)


@pytest.mark.parametrize(
    ("column", "measure"),
    [
        ("final_expenditure_2022", lambda w: w.final.sum(axis=(0, 1))),
        (
            "value_added_2022",
            lambda w: output_of(w).sum(axis=1) - w.intermediate.sum(axis=(0, 1, 3)),
        ),
        (
            "exports_2022",
            lambda w: (
                output_of(w).sum(axis=1)
                - np.einsum("isik->i", w.intermediate)
                - np.einsum("isi->i", w.final)
            ),
        ),
    ],
)
def test_published_totals_are_met_by_every_economy(
    world: WorldTable, column: str, measure: object
) -> None:
    published = national_totals().loc[list(world.economies), column].to_numpy()
    found = measure(world)  # type: ignore[operator]
    np.testing.assert_allclose(found, published, rtol=1e-3, atol=1.0)


def test_aggregation_keeps_the_sum_of_all_flows(world: WorldTable) -> None:
    intermediate, final = aggregate_table(world)
    assert intermediate.shape == (33, 25, 33, 25)
    assert intermediate.sum() == pytest.approx(world.intermediate.sum(), rel=1e-12)
    assert final.sum() == pytest.approx(world.final.sum(), rel=1e-12)


def test_rounding_keeps_five_digits_and_zero() -> None:
    values = np.array([0.0, 1.0, 123456.789, 3.1e-7])
    np.testing.assert_allclose(round_flow(values), values, rtol=4e-6)
    assert round_flow(values)[0] == 0.0


def test_gdp_moves_with_current_dollars_then_real_growth() -> None:
    ratio = gdp_ratio(codes.labels(), national_totals())
    assert ratio[0] == pytest.approx(3549.9 / 3353.5 * 1.0649, rel=1e-9)


def test_economies_without_gdp_move_with_the_others() -> None:
    labels, totals = codes.labels(), national_totals()
    known = totals.dropna(subset=["gdp_2022"])
    new = known["gdp_2023"] * (1 + known["real_growth_2024_pct"] / 100)
    ratio = pd.Series(gdp_ratio(labels, totals), index=list(labels.regions))
    assert ratio["TWN"] == ratio["ROW"] == pytest.approx(new.sum() / known["gdp_2022"].sum())


def test_oil_and_coal_fell_in_price_for_every_exporter(economy: Economy) -> None:
    for ratio in mineral_prices(economy.labels).values():
        assert ratio.min() > 0.4
        assert ratio.max() < 0.8


def test_partner_shares_sum_to_one_or_are_left_where_partners_are_unpublished(
    economy: Economy,
) -> None:
    flows = Flows(economy.intermediate, economy.final)
    share = partner_share(economy.labels, flows, "OIL", (270900, 271111, 271121))
    totals = dict(zip(economy.regions, share.sum(axis=0), strict=True))
    assert {code for code, total in totals.items() if total == 0.0} == {"TUR", "BLR"}
    assert all(total == pytest.approx(1.0) for total in totals.values() if total > 0)


def test_every_target_names_its_fact() -> None:
    assert all(target.fact and target.source for target in read_targets())


def test_the_build_gives_the_embedded_worlds(economy: Economy) -> None:
    for built in (rounded(economy), rounded(nowcast_2024(economy, national_totals()))):
        stored = load_world(built.provenance.name)
        for name in ("intermediate", "final", "tariff", "trade_elasticity"):
            ours, theirs = getattr(built, name), getattr(stored, name)
            np.testing.assert_allclose(ours, theirs, rtol=2e-5, atol=1e-9)
        assert built.provenance.steps == stored.provenance.steps
