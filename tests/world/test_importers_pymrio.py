from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from tula.world.economy import Economy
from tula.world.importers import TableError, import_world
from tula.world.importers.pymrio_tables import UnitError

pymrio = pytest.importorskip("pymrio")


def system(economy: Economy, unit: str = "M USD") -> SimpleNamespace:
    n, s = economy.final.shape[:2]
    nodes = pd.MultiIndex.from_product([economy.regions, economy.sectors])
    buyers = pd.MultiIndex.from_product([economy.regions, ["households", "government"]])
    final = np.repeat(economy.final.reshape(n * s, n) / 2, 2, axis=1)
    return SimpleNamespace(
        name="toy",
        Z=pd.DataFrame(economy.intermediate.reshape(n * s, n * s), nodes, nodes),
        Y=pd.DataFrame(final, nodes, buyers),
        unit=pd.DataFrame({"unit": unit}, index=nodes),
    )


def test_flows_come_back_by_label_whatever_the_order_of_rows(toy_economy: Economy) -> None:
    source = system(toy_economy)
    source.Y = source.Y.sample(frac=1, random_state=3)
    source.Z = source.Z.sample(frac=1, axis=1, random_state=4)
    world = import_world(source, "pymrio", name="toy")
    assert np.array_equal(world.intermediate, toy_economy.intermediate)
    np.testing.assert_allclose(world.final, toy_economy.final, rtol=1e-15)


def test_another_currency_needs_its_worth(toy_economy: Economy) -> None:
    source = system(toy_economy, "M.EUR")
    with pytest.raises(UnitError, match=r"states M\.EUR; give million_usd"):
        import_world(source, "pymrio")
    world = import_world(source, "pymrio", million_usd=1.05)
    np.testing.assert_allclose(world.intermediate, toy_economy.intermediate * 1.05)


def test_missing_and_doubled_labels_are_listed_together(toy_economy: Economy) -> None:
    source = system(toy_economy)
    source.Z = source.Z.drop(columns=[("IND", "OIL")])
    source.Y = pd.concat([source.Y.drop(index=[("RUS", "SER")]), source.Y.iloc[[0]]])
    with pytest.raises(TableError) as caught:
        import_world(source, "pymrio")
    message = str(caught.value)
    assert "columns of Z are missing: IND/OIL" in message
    assert "rows of Y are missing: RUS/SER" in message
    assert "rows of Y stand more than once: IND/OIL" in message


def test_a_system_without_flows_says_what_to_do() -> None:
    with pytest.raises(TableError, match=r"calc_all\(\)"):
        import_world(SimpleNamespace(), "pymrio")


def test_the_example_system_of_pymrio_can_be_imported() -> None:
    source = pymrio.load_test()
    world = import_world(source, "pymrio", million_usd=1.0)
    assert (len(world.regions), len(world.sectors)) == (6, 8)
    assert world.intermediate.sum() == pytest.approx(source.Z.to_numpy().sum())
