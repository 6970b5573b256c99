from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from tula.errors import UnknownNameError
from tula.world import elasticities
from tula.world.codes import SECTORS, SERVICES
from tula.world.economy import Economy

SETS = ("BSY", "CP", "FGO", "GYY", "LL", "Shap", "U4")


def theta(name: str, code: str) -> float:
    return float(elasticities.trade_elasticity(name, [code])[0][0])


def test_every_set_has_a_citation_and_only_known_sets_exist() -> None:
    sets = elasticities.elasticity_sets()
    assert tuple(sets) == SETS
    assert all("(20" in citation for citation in sets.values())


def test_every_published_figure_names_its_table_and_is_used() -> None:
    published, mapping = (elasticities._rows(f) for f in ("published.csv", "mapping.csv"))
    assert all(row["table"] and float(row["value"]) > 0 for row in published)
    used = {(row["set"], row["published_sector"]) for row in mapping}
    assert used == {(row["set"], row["sector"]) for row in published}


@pytest.mark.parametrize("name", SETS)
def test_the_mapping_reproduces_the_reference_table(name: str, reference_data: Path) -> None:
    with (reference_data / "elasticities" / "elasticities_25.csv").open() as file:
        expected = {row[""]: float(row[name]) for row in csv.DictReader(file)}
    values, _ = elasticities.trade_elasticity(name, SECTORS)
    np.testing.assert_allclose(values, [expected[code] for code in SECTORS], atol=1e-4)


def test_a_sector_takes_the_mean_of_its_published_sectors() -> None:
    assert theta("CP", "WPP") == pytest.approx((11.5 + 16.52) / 2)


def test_industries_take_the_value_of_their_sector_but_machinery_is_told_apart() -> None:
    assert theta("CP", "A02") == theta("CP", "AGR") == 9.11
    assert (theta("LL", "C27"), theta("LL", "C28")) == (1.235, 7.75)


def test_caps_bind_on_their_own_kind_of_sector_and_are_stated() -> None:
    values, source = elasticities.trade_elasticity("FGO", SECTORS, cap_goods=8, cap_services=4)
    free, _ = elasticities.trade_elasticity("FGO", SECTORS)
    limit = np.array([4.0 if code in SERVICES else 8.0 for code in SECTORS])
    np.testing.assert_array_equal(values, np.minimum(free, limit))
    assert source.endswith("goods capped at 8; services capped at 4")


def test_the_source_says_which_sectors_are_assumed() -> None:
    _, source = elasticities.trade_elasticity("CP", SECTORS)
    assert "assumed 4 where the table is silent (UTL CON TRT ICT FBS PUB)" in source
    assert elasticities.assumed_sectors("FGO", SECTORS) == ()


def test_an_unknown_set_is_answered_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'Shap'"):
        elasticities.trade_elasticity("Shapiro", ["AGR"])


def test_unmapped_sectors_are_listed_at_once(toy_economy: Economy) -> None:
    with pytest.raises(elasticities.UnmappedSectorError, match=r"'MAN'.*'SER'"):
        elasticities.with_elasticity_set(toy_economy, "CP")
