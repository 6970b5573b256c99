import numpy as np
import pytest

from tula.world import base_tariffs, codes
from tula.world.base_tariffs import (
    AGREEMENTS,
    MissingRateError,
    NoDutiableImportsError,
    applied_rates,
    average_duty,
    sector_classes,
)
from tula.world.labels import Labels

WORLD = codes.labels()


def some_trade(seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).lognormal(0, 1, (25, 33, 33))


def test_averages_over_imports_are_the_cited_ones() -> None:
    trade = some_trade()
    found = average_duty(WORLD, trade, base_tariffs.base_tariffs(WORLD, trade))
    for importer, cited in applied_rates().items():
        assert found[importer] == pytest.approx(cited, abs=1e-12)


def test_own_sales_and_services_bear_no_duty() -> None:
    duty = base_tariffs.base_tariffs(WORLD, some_trade())
    services = [WORLD.sector_index(code) for code in codes.SERVICES]
    assert not duty[services].any()
    assert not np.einsum("snn->sn", duty).any()


@pytest.mark.parametrize("agreement", AGREEMENTS, ids=lambda a: "-".join(a.members))
def test_members_of_an_agreement_pay_nothing_to_each_other(
    agreement: base_tariffs.Agreement,
) -> None:
    duty = base_tariffs.base_tariffs(WORLD, some_trade())
    members = [WORLD.region_index(code) for code in WORLD.resolve_regions(agreement.members)]
    for name in agreement.sectors:
        sectors = np.flatnonzero(sector_classes(WORLD)[name])
        assert not duty[np.ix_(sectors, members, members)].any()


def test_partners_outside_pay_one_rate_that_makes_up_for_oil_free_of_duty() -> None:
    trade = some_trade()
    duty = base_tariffs.base_tariffs(WORLD, trade)
    india, steel, oil = (
        WORLD.region_index("IND"),
        WORLD.sector_index("ISM"),
        WORLD.sector_index("OIL"),
    )
    goods = sector_classes(WORLD)["other goods"]
    bought = np.delete(trade[:, india], india, axis=1).sum(axis=1)
    expected = 0.061 * bought[goods].sum() / (bought[goods].sum() - bought[oil])
    np.testing.assert_allclose(np.delete(duty[steel, india], india), expected, rtol=1e-12)


def test_crude_oil_enters_free_of_duty_everywhere() -> None:
    duty = base_tariffs.base_tariffs(WORLD, some_trade())
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
