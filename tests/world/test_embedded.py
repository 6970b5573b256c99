"""What the worlds in the package promise; docs/world.md quotes these bounds."""

import json
from dataclasses import replace
from importlib import resources
from pathlib import Path

import numpy as np
import pytest

from tula.world import codes
from tula.world.base_tariffs import (
    RCEP,
    applied_rates,
    average_duty,
    known_by_partner,
    official_averages,
)
from tula.world.build.census import customs_values
from tula.world.compare import compare
from tula.world.economy import Economy
from tula.world.store import load_world

NAMES = ("icio-2022", "icio-2024")


@pytest.fixture(scope="module", params=NAMES)
def world(request: pytest.FixtureRequest) -> Economy:
    return load_world(request.param)


@pytest.fixture(scope="module")
def exact(reference_data: Path) -> Economy:
    """The published table of 2022 at the same 33 regions and 25 sectors, with its duties."""
    base = load_world("icio-2022")
    with np.load(reference_data / "icio2022_33x25.npz") as data:
        assert tuple(data["regions"]) == base.regions
        assert tuple(data["sectors"]) == base.sectors
        return replace(
            base,
            intermediate=data["Z"].reshape(33, 25, 33, 25),
            final=data["F"].reshape(33, 25, 33),
            tariff=data["tariff"].transpose(1, 2, 0),
        )


def test_the_labels_are_the_documented_codes(world: Economy) -> None:
    assert world.labels == codes.labels()


def test_both_worlds_together_take_less_than_five_megabytes() -> None:
    folder = resources.files("tula.world") / "data"
    sizes = [len((folder / f"{name}.nc").read_bytes()) for name in NAMES]
    assert sum(sizes) < 5e6


def test_spending_is_value_added_and_duties_to_nine_digits(world: Economy) -> None:
    duties = (world.trade * world.tariff).sum()
    spending = world.expenditure.sum() - world.input_cost.sum()
    income = world.value_added.sum() + duties
    assert spending == pytest.approx(income, rel=1e-9)


def test_no_flow_is_negative_and_no_producer_lives_on_less_than_two_percent(
    world: Economy,
) -> None:
    assert world.intermediate.min() >= 0.0
    assert world.final.min() >= 0.0
    active = world.output > 0
    assert (world.value_added[active] / world.output[active]).min() >= 0.02


def test_every_source_and_step_is_on_record(world: Economy) -> None:
    assert any("OECD" in source for source in world.provenance.sources)
    assert any("BACI" in source for source in world.provenance.sources)
    assert len(world.provenance.steps) >= 5


def average(world: Economy, importer: str, exporters: str, tariff: np.ndarray) -> float:
    """Mean of duties of an importer on all goods from some exporters, by the world's trade."""
    buyer = world.labels.region_index(importer)
    goods = [world.labels.sector_index(code) for code in world.labels.sector_groups["goods"]]
    sellers = [world.labels.region_index(x) for x in world.labels.resolve_regions(exporters)]
    cells = np.ix_(goods, [buyer], [one for one in sellers if one != buyer])
    return float((tariff[cells] * world.trade[cells]).sum() / world.trade[cells].sum())


def test_average_duties_are_the_cited_ones_where_nothing_better_is_known(world: Economy) -> None:
    found = average_duty(world.labels, world.trade, world.tariff)
    better = {*known_by_partner(), *official_averages(), *RCEP}
    for importer in set(found) - better:
        assert found[importer] == pytest.approx(applied_rates()[importer], abs=1e-5)


def test_official_averages_are_met_before_china_answers_the_united_states(world: Economy) -> None:
    china, ordinary = world.labels.region_index("CHN"), world.tariff.copy()
    american, german = (world.labels.region_index(code) for code in ("USA", "DEU"))
    ordinary[:, china, american] = ordinary[:, china, german]
    for importer, official in official_averages().items():
        assert average(world, importer, "all", ordinary) == pytest.approx(official, abs=1e-5)
    assert average(world, "CHN", "USA", world.tariff - ordinary) > 0.10


def test_the_united_states_collect_what_they_collected_in_2024() -> None:
    """2.4% on all by the weights of their own statistics, 11% on China; the world's come near."""
    world = load_world("icio-2024")
    buyer, known = world.labels.region_index("USA"), customs_values(world.labels)
    duty = {
        partner: world.tariff[:, buyer, world.labels.region_index(first)]
        for partner in known
        for first in world.labels.resolve_regions(partner)[:1]
    }
    collected = sum(float(duty[one] @ known[one]) for one in known)
    assert collected / sum(one.sum() for one in known.values()) == pytest.approx(0.0245, abs=1e-4)
    on_china = float(duty["CHN"] @ known["CHN"]) / known["CHN"].sum()
    assert on_china == pytest.approx(0.1087, abs=0.003)
    assert average(world, "USA", "all", world.tariff) == pytest.approx(0.0245, abs=0.001)
    assert average(world, "USA", "CHN", world.tariff) == pytest.approx(on_china, abs=0.012)


def test_american_imports_have_the_partner_shares_of_2024_in_every_sector() -> None:
    """But for India and Russia, whose flows are published totals of their own and whose gains and
    losses others make up for user by user."""
    world = load_world("icio-2024")
    labels, buyer = world.labels, world.labels.region_index("USA")
    known = customs_values(labels)
    for code in labels.sector_groups["goods"]:
        sector = labels.sector_index(code)
        sold = {
            one: world.trade[sector, buyer, [labels.region_index(x) for x in members]].sum()
            for one in set(known) - {"IND", "RUS"}
            if (members := labels.resolve_regions(one))
        }
        counted = np.array([known[one][sector] for one in sold])
        shares = np.array(list(sold.values())) / sum(sold.values())
        np.testing.assert_allclose(shares, counted / counted.sum(), atol=2e-3)


def test_published_trade_is_in_the_world_of_2024() -> None:
    world = load_world("icio-2024")
    rows = json.loads(world.metadata["nowcast"])
    assert len(rows) == 23
    for row in rows:
        assert row["achieved"] == pytest.approx(row["target"], rel=1e-6)


def test_russian_oil_reaches_india_at_its_published_value() -> None:
    world = load_world("icio-2024")
    oil, india, russia = (
        world.labels.sector_index("OIL"),
        world.labels.region_index("IND"),
        world.labels.region_index("RUS"),
    )
    imports = np.delete(world.trade[oil, india], india)
    assert world.trade[oil, india, russia] == pytest.approx(52_770.0, rel=1e-4)
    assert world.trade[oil, india, russia] / imports.sum() == pytest.approx(0.36, abs=0.03)


@pytest.mark.reference
def test_bilateral_trade_of_2022_misses_the_published_table_by_six_percent(
    exact: Economy,
) -> None:
    found = compare(load_world("icio-2022"), exact)
    assert found.bilateral <= 0.062
    assert found.bilateral_by_sector <= 0.16


@pytest.mark.reference
def test_between_published_economies_the_error_is_below_five_percent(exact: Economy) -> None:
    found = compare(load_world("icio-2022"), exact, without=("ROW",))
    assert found.bilateral <= 0.048
    assert found.bilateral_by_sector <= 0.121


@pytest.mark.reference
def test_recorded_inputs_are_the_published_ones(exact: Economy) -> None:
    ours = load_world("icio-2022").intermediate[:32, :, :32]
    np.testing.assert_allclose(ours, exact.intermediate[:32, :, :32], rtol=1e-5, atol=0.1)


@pytest.mark.reference
def test_averages_lie_about_a_point_from_the_detailed_duties_of_2021(exact: Economy) -> None:
    """Of importers that only averages are known of; the detailed ones lack Section 301."""
    world = load_world("icio-2022")
    better = [world.labels.region_index(x) for x in (*known_by_partner(), *official_averages())]
    tariff = world.tariff.copy()
    tariff[:, better] = exact.tariff[:, better]
    assert compare(replace(world, tariff=tariff), exact).tariff <= 0.009
    assert compare(world, exact).tariff <= 0.013
