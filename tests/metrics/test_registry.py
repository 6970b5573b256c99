"""Every metric carries what a reader needs, and reads nothing off a world that did not move."""

from __future__ import annotations

import numpy as np
import pytest

from tula import metrics
from tula.equilibrium import Solution
from tula.errors import UnknownNameError

UNDEFINED_WITHOUT_CHANGE = {"pass_through", "seller_share"}


@pytest.mark.parametrize("name", metrics.METRICS)
def test_an_unchanged_world_shows_exactly_zero_change(name: str, still: Solution) -> None:
    array = metrics.METRICS[name](still)
    change = array.sel(state="change") if "state" in array.dims else array
    if name in UNDEFINED_WITHOUT_CHANGE:
        assert bool(change.isnull().all())
    else:
        assert (change.fillna(0.0).to_numpy() == 0.0).all()
        assert bool(change.notnull().any())


@pytest.mark.parametrize("name", metrics.METRICS)
def test_a_metric_states_unit_base_sign_closure_and_world(name: str, moved: Solution) -> None:
    entry, array = metrics.METRICS[name], metrics.METRICS[name](moved)
    assert array.name == name
    assert array.dims == entry.dims
    assert all(array.coords[dim].size == array.sizes[dim] for dim in array.dims)
    expected = {"units": entry.unit, "base": entry.base, "sign": entry.sign, "closure": "fixed"}
    assert expected.items() <= array.attrs.items()
    assert all(array.attrs[key] for key in ("description", "long_name", "world"))


@pytest.mark.parametrize(
    "name", [name for name, entry in metrics.METRICS.items() if "state" in entry.dims]
)
def test_base_plus_change_is_new(name: str, moved: Solution) -> None:
    array = metrics.METRICS[name](moved)
    total = array.sel(state="base") + array.sel(state="change")
    np.testing.assert_allclose(total, array.sel(state="new"), rtol=1e-12, atol=1e-9)


def test_every_metric_is_a_function_of_the_package() -> None:
    for name, entry in metrics.METRICS.items():
        assert getattr(metrics, name).__wrapped__ is entry.reader


def test_an_unknown_metric_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(UnknownNameError, match="real_income"):
        metrics.find_metric("real_incom")
