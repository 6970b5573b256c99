import numpy as np
import pytest

from tula.world import base_tariffs, codes
from tula.world.base_tariffs import (
    AGREEMENTS,
    RCEP,
    RCEP_CUT,
    MissingRateError,
    NoDutiableImportsError,
    applied_rates,
    average_duty,
    average_rates,
    known_by_partner,
    official_averages,
    read_table,
    sector_classes,
)
from tula.world.labels import Labels

WORLD = codes.labels()


def some_trade(seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).lognormal(0, 1, (25, 33, 33))


def at(sector: str, importer: str, exporter: str) -> tuple[int, int, int]:
    places = WORLD.region_index(importer), WORLD.region_index(exporter)
    return WORLD.sector_index(sector), *places


def test_averages_over_imports_are_the_cited_ones() -> None:
    trade = some_trade()
    found = average_duty(WORLD, trade, average_rates(WORLD, trade))
    for importer, cited in applied_rates().items():
        assert found[importer] == pytest.approx(cited, abs=1e-12)


def test_averages_stay_where_nothing_better_is_known() -> None:
    trade = some_trade()
    found = average_duty(WORLD, trade, base_tariffs.base_tariffs(WORLD, trade))
    better = {*known_by_partner(), *official_averages(), *RCEP}
    assert len(set(found) - better) > 20
    for importer in set(found) - better:
        assert found[importer] == pytest.approx(applied_rates()[importer], abs=1e-12)


def test_the_united_states_charge_each_partner_what_was_collected() -> None:
    duty = base_tariffs.base_tariffs(WORLD, some_trade())
    assert duty[at("TEX", "USA", "CHN")] == pytest.approx(0.18209)
    assert duty[at("ELE", "USA", "CHN")] == pytest.approx(0.029)
    assert duty[at("ISM", "USA", "IND")] == pytest.approx(0.0825)
    assert duty[at("FOO", "USA", "DEU")] == duty[at("FOO", "USA", "REU")] == pytest.approx(0.02894)


def test_official_averages_are_met_before_answers_to_others_are_added() -> None:
    trade = some_trade()
    duty = base_tariffs.base_tariffs(WORLD, trade)
    answer = next(row for row in read_table("partner_duties.csv") if row["part"] == "added")
    goods = [WORLD.sector_index(code) for code in WORLD.sector_groups["goods"]]
    for code in goods:
        added = float(answer[WORLD.sectors[code]]) / 100
        usual = duty[at(WORLD.sectors[code], "CHN", "DEU")]
        assert duty[at(WORLD.sectors[code], "CHN", "USA")] == pytest.approx(usual + added)
        duty[at(WORLD.sectors[code], "CHN", "USA")] -= added
    for importer, official in official_averages().items():
        buyer = WORLD.region_index(importer)
        value = np.delete(trade[goods, buyer], buyer, axis=1)
        found = (np.delete(duty[goods, buyer], buyer, axis=1) * value).sum() / value.sum()
        assert found == pytest.approx(official, rel=1e-12)


def test_members_of_rcep_have_taken_off_a_part_of_what_older_agreements_left() -> None:
    trade = some_trade()
    duty, plain = base_tariffs.base_tariffs(WORLD, trade), average_rates(WORLD, trade)
    for one, other in (("JPN", "CHN"), ("VNM", "JPN"), ("OCE", "CHN")):
        assert duty[at("TEX", one, other)] == pytest.approx(
            (1 - RCEP_CUT) * plain[at("TEX", one, other)]
        )
    assert duty[at("TEX", "CHN", "JPN")] == pytest.approx(
        (1 - RCEP_CUT) * duty[at("TEX", "CHN", "KOR")]
    )
    assert duty[at("TEX", "JPN", "KOR")] == plain[at("TEX", "JPN", "KOR")]
    assert not duty[at("TEX", "CHN", "VNM")].any()


def test_own_sales_and_services_bear_no_duty() -> None:
    duty = base_tariffs.base_tariffs(WORLD, some_trade())
    services = [WORLD.sector_index(code) for code in codes.SERVICES]
    assert not duty[services].any()
    assert not np.einsum("snn->sn", duty).any()


@pytest.mark.parametrize("agreement", AGREEMENTS, ids=lambda a: "-".join(a.members))
def test_members_of_an_agreement_pay_nothing_to_each_other(
    agreement: base_tariffs.Agreement,
) -> None:
    duty = average_rates(WORLD, some_trade())
    members = [WORLD.region_index(code) for code in WORLD.resolve_regions(agreement.members)]
    for name in agreement.sectors:
        sectors = np.flatnonzero(sector_classes(WORLD)[name])
        assert not duty[np.ix_(sectors, members, members)].any()


def test_partners_outside_pay_one_rate_that_makes_up_for_oil_free_of_duty() -> None:
    trade = some_trade()
    duty = average_rates(WORLD, trade)
    india, steel, oil = (
        WORLD.region_index("IND"),
        WORLD.sector_index("ISM"),
        WORLD.sector_index("OIL"),
    )
    goods = sector_classes(WORLD)["other goods"]
    bought = np.delete(trade[:, india], india, axis=1).sum(axis=1)
    expected = 0.061 * bought[goods].sum() / (bought[goods].sum() - bought[oil])
    np.testing.assert_allclose(np.delete(duty[steel, india], india), expected, rtol=1e-12)


def test_crude_oil_enters_free_where_only_averages_are_known() -> None:
    duty = average_rates(WORLD, some_trade())
    assert not duty[WORLD.sector_index("OIL")].any()


def test_every_region_has_a_cited_rate() -> None:
    assert set(applied_rates()) == set(WORLD.regions)


def test_a_region_without_a_cited_rate_is_named() -> None:
    labels = Labels(
        regions=("IND", "XXX"),
        sectors=("AGR", "MAC"),
        sector_groups={"food": ("AGR",), "goods": ("AGR", "MAC")},
    )
    with pytest.raises(MissingRateError, match="XXX"):
        base_tariffs.base_tariffs(labels, np.ones((2, 2, 2)))


def test_an_average_that_too_few_partners_would_have_to_bear_is_refused() -> None:
    trade = some_trade()
    belarus, partners = WORLD.region_index("BLR"), WORLD.resolve_regions("EAEU")
    outside = [i for i, code in enumerate(WORLD.regions) if code not in partners]
    trade[:, belarus, outside] *= 1e-6
    with pytest.raises(NoDutiableImportsError, match="BLR"):
        base_tariffs.base_tariffs(WORLD, trade)
