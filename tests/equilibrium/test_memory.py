"""Memory: flat over many sizes of world, and bounded however many scenarios stream."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from weakref import WeakSet

import numpy as np
import pytest
from distributed import Client, LocalCluster

import factories
from tula.equilibrium import Calibration, calibrate, solve, solve_batch
from tula.equilibrium.batch import AHEAD
from tula.equilibrium.readings import real_income
from tula.equilibrium.traced import MOST_SIZES, bounded, load_jax
from tula.policy import Shock, Tariff, no_shock

MAPS = Path("/proc/self/maps")
#: Scenarios that stream, and how many of them make a chunk.
MANY, CHUNK = 160, 8


@pytest.mark.skipif(not MAPS.exists(), reason="no list of memory maps on this system")
@pytest.mark.parametrize("sizes", [60, pytest.param(200, marks=pytest.mark.long)])
def test_memory_maps_stay_flat_over_many_sizes_of_world(sizes: int) -> None:
    counted = []
    for number in range(sizes):
        world = factories.make_economy(2 + number % 20, 2 + number // 20, number)
        buyer, seller = world.labels.regions[:2]
        solve(world, [Tariff(importer=buyer, exporter=seller, sectors="all", add=0.2)])
        counted.append(len(MAPS.read_bytes().splitlines()))
    assert max(counted) <= counted[10] + 20


@pytest.mark.gradients
def test_compiled_code_is_let_go_beyond_a_number_of_sizes() -> None:
    jax = load_jax()
    compiled = jax.jit(lambda values: values @ values)
    for size in range(1, 2 * MOST_SIZES):
        bounded(compiled)(jax.numpy.asarray(np.ones(size)))
        assert 1 <= compiled._cache_size() <= MOST_SIZES


class Stream:
    """Scenarios made as they are asked for, and how many of them were alive at once at most."""

    def __init__(self, base: Calibration, number: int) -> None:
        self.base, self.number, self.most = base, number, 0
        self.alive: WeakSet[Shock] = WeakSet()

    def __iter__(self) -> Iterator[Shock]:
        for step in range(self.number):
            tariff = np.array(self.base.tariff)
            tariff[0, 1, 0] += 0.1 * step / self.number
            shock = no_shock(self.base.labels, tariff, self.base.export_tax)
            self.alive.add(shock)
            self.most = max(self.most, len(self.alive))
            yield shock


@pytest.fixture
def base(monkeypatch: pytest.MonkeyPatch) -> Calibration:
    monkeypatch.setattr("tula.equilibrium.batch.CHUNK", CHUNK)
    return calibrate(factories.make_economy(2, 2))


def test_scenarios_stream_through_bounded_memory(base: Calibration) -> None:
    stream = Stream(base, MANY)
    batch = solve_batch(base, iter(stream), reading=real_income(base.labels.regions[1]))
    assert stream.most <= 2 * CHUNK
    assert batch.values is not None and batch.values.shape == (MANY,)
    assert batch.failures == {} and batch.state is None and batch.certificates == ()


def test_they_stream_through_the_workers_of_a_cluster_to_the_same_numbers(
    base: Calibration,
) -> None:
    stream, reading = Stream(base, MANY), real_income(base.labels.regions[1])
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0") as cluster,
        Client(cluster) as client,
    ):
        away = solve_batch(base, iter(stream), reading=reading, executor=client.get_executor())
    assert stream.most <= CHUNK * (AHEAD * 2 + 2)
    here = solve_batch(base, iter(Stream(base, MANY)), reading=reading)
    np.testing.assert_array_equal(away.values, here.values)
