"""Worlds and shocks for checking the engine."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from tula.equilibrium.calibration import Calibration  # noqa: E402
from tula.policy.shock import Shock, no_shock  # noqa: E402
from tula.world.economy import Economy, Provenance  # noqa: E402
from tula.world.labels import Labels  # noqa: E402

ShockMaker = Callable[[Calibration, int], Shock]


@pytest.fixture(scope="session")
def everything_shock() -> ShockMaker:
    """A shock from a seed that moves every field of ``Shock`` except quantity caps and bans."""
    return _everything_shock


def _everything_shock(base: Calibration, seed: int) -> Shock:
    draw = np.random.default_rng(seed)
    s, n, _ = base.tariff.shape
    abroad = ~np.eye(n, dtype=bool)[None]
    transfer = draw.normal(0.0, 0.01, n) * base.value_added
    transfer -= transfer.sum() * base.value_added / base.value_added.sum()
    return replace(
        no_shock(base.labels, base.tariff, base.export_tax),
        tariff=base.tariff + abroad * draw.uniform(0.0, 0.4, (s, n, n)),
        export_tax=base.export_tax + abroad * draw.uniform(-0.05, 0.2, (s, n, n)),
        trade_cost_hat=np.where(abroad, draw.uniform(0.8, 1.5, (s, n, n)), 1.0),
        embargo=abroad & (draw.uniform(size=(s, n, n)) < 0.15),
        productivity_hat=draw.uniform(0.9, 1.1, (n, s)),
        labour_hat=draw.uniform(0.95, 1.05, n),
        transfer=transfer,
    )


@pytest.fixture
def two_countries() -> Economy:
    """Two unequal countries, one sector, no inputs, no duties, balanced trade."""
    sales = np.array([[70.0, 10.0], [10.0, 200.0]])
    return Economy(
        labels=Labels(("HOM", "FOR"), ("ONE",)),
        intermediate=np.zeros((2, 1, 2, 1)),
        final=sales[:, None, :],
        tariff=np.zeros((1, 2, 2)),
        export_tax=np.zeros((1, 2, 2)),
        trade_elasticity=np.array([4.0]),
        elasticity_source="chosen for tests",
        provenance=Provenance("two-countries", "2000"),
    )


@pytest.fixture
def mirror_countries() -> Economy:
    """Two identical countries that trade two sectors as inputs and as final goods, untaxed."""
    return _mirror_countries()


def _mirror_countries() -> Economy:
    at_home = np.array([0.8, 0.6])
    origin = np.stack([np.array([[h, 1 - h], [1 - h, h]]) for h in at_home])
    inputs = np.array([[20.0, 30.0], [25.0, 15.0]])
    return Economy(
        labels=Labels(("ONE", "TWO"), ("MAN", "SER")),
        intermediate=np.einsum("sni,sk->isnk", origin, inputs),
        final=np.einsum("sni,s->isn", origin, np.array([60.0, 90.0])),
        tariff=np.zeros((2, 2, 2)),
        export_tax=np.zeros((2, 2, 2)),
        trade_elasticity=np.array([3.0, 6.0]),
        elasticity_source="chosen for tests",
        provenance=Provenance("mirror", "2000"),
    )


@pytest.fixture
def quiet() -> Callable[[Economy | Calibration], Shock]:
    """The shock that changes nothing in a world."""
    return lambda world: no_shock(world.labels, world.tariff, world.export_tax)
