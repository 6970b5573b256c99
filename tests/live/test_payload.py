"""What travels with a page: exact where it fits, rounded and consistent where it does not."""

from __future__ import annotations

import json

import numpy as np
import pytest

import factories
import live_settings as ask
from tula.equilibrium import SpecificFactor, Technology
from tula.live import FullEngineError, payload
from tula.live.packing import rounded
from tula.world.store import load_world


def test_the_embedded_world_travels_exactly_in_half_a_megabyte() -> None:
    found = payload(load_world("icio-2024"))
    assert found["bits"] is None
    assert len(json.dumps(found)) < 500_000


def test_a_world_that_is_too_large_travels_rounded_and_answers_alike() -> None:
    world = ask.World(factories.make_economy(9, 6, 5))
    exact = len(json.dumps(world.payload()))
    found = payload(world.economy, most_bytes=int(0.75 * exact))
    assert found["bits"] is not None
    setting = ask.Setting((ask.drawn_move(np.random.default_rng(3), world.economy),))
    whole, rough = (_answer(one, setting) for one in (world.payload(), found))
    assert 0.0 < np.abs(whole - rough).max() < 1e-6


def _answer(content: dict[str, object], setting: ask.Setting) -> np.ndarray:
    class Given(ask.World):
        def payload(self) -> dict[str, object]:
            return content

    found = ask.in_javascript([(Given(factories.toy_economy()), [setting])])
    return np.array(found[0]["realIncomeHat"])


def test_what_fits_nowhere_is_refused() -> None:
    with pytest.raises(FullEngineError, match="9 regions by 6 sectors does not fit"):
        payload(factories.make_economy(9, 6, 5), most_bytes=2_000)


def test_rounding_keeps_zeros_and_what_is_above_zero_and_no_party_is_too_small() -> None:
    values = np.array([[[0.0, 1e-12, 3e5], [0.0, 1e-9, 7e5], [0.0, 0.0, 0.0]]])
    found = rounded(values, 20)
    assert ((found > 0.0) == (values > 0.0)).all()
    assert np.abs(found[0, :, 2] - values[0, :, 2]).max() < 1e6 * 2.0**-20
    assert found[0, :, 1].sum() == pytest.approx(values[0, :, 1].sum(), rel=2.0**-19)


def test_technology_that_only_the_full_engine_knows_is_refused_all_at_once() -> None:
    nested = Technology(among_inputs=0.2, transformation=2.0)
    with pytest.raises(FullEngineError, match="among_inputs, transformation"):
        payload(factories.toy_economy(), nested)


def test_tied_factors_and_single_buyers_travel() -> None:
    tied = Technology(labour_mobility=1.0, specific_factors=(SpecificFactor("OIL", 0.5),))
    found = payload(factories.toy_economy(), tied)
    assert "specific" in found["arrays"]
    assert found["stiffness"] == 0.5


def test_the_hash_tells_worlds_apart() -> None:
    one, other = (payload(factories.make_economy(4, 3, seed)) for seed in (1, 2))
    assert one["hash"] == payload(factories.make_economy(4, 3, 1))["hash"]
    assert one["hash"] != other["hash"]
