"""Properties of order frontiers and of rankings under unknown weights."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tula.ties.arms import Offer, Order, allocate, frontier
from tula.ties.nuclear import smaa, uniform_weights

seeds = st.integers(min_value=0, max_value=10_000)


@settings(max_examples=40, deadline=None)
@given(seed=seeds, suppliers=st.integers(min_value=2, max_value=6))
def test_no_random_split_lies_below_the_frontier(seed: int, suppliers: int) -> None:
    draw = np.random.default_rng(seed)
    held = draw.dirichlet(np.ones(suppliers))
    capacity = draw.uniform(2.0 / suppliers, 1.0, suppliers).clip(max=1.0)
    offers = tuple(
        Offer(str(place), *draw.uniform(1.0, 2.0, 1), capacity[place], held[place], draw.random())
        for place in range(suppliers)
    )
    order = Order(offers, float(draw.uniform(0.05, 0.5)))
    corners = frontier(order)
    levels = np.array([corner.readiness_loss for corner in corners])
    costs = np.array([corner.cost for corner in corners])
    assert (np.diff(levels) < 0.0).all() and (np.diff(costs) > 0.0).all()
    for shares in draw.dirichlet(np.ones(suppliers), 200):
        if (shares <= capacity).all():
            found = allocate(order, shares)
            line = np.interp(found.readiness_loss, levels[::-1], costs[::-1])
            assert found.readiness_loss >= levels[-1] - 1e-9
            assert found.cost >= line - 1e-9


@settings(max_examples=25, deadline=None)
@given(
    seed=seeds,
    alternatives=st.integers(min_value=2, max_value=6),
    criteria=st.integers(min_value=1, max_value=5),
)
def test_ranks_share_out_every_draw(seed: int, alternatives: int, criteria: int) -> None:
    draw = np.random.default_rng(seed)
    values = draw.integers(0, 3, (200, alternatives, criteria)) / 2.0
    weights = uniform_weights(criteria, 200, draw)
    found = smaa(values, weights, [str(a) for a in range(alternatives)], "abcde"[:criteria])
    np.testing.assert_allclose(found.ranks.sum(axis=0), 1.0, atol=1e-12)
    np.testing.assert_allclose(found.ranks.sum(axis=1), 1.0, atol=1e-12)
    first = found.ranks[:, 0]
    np.testing.assert_allclose(first @ np.nan_to_num(found.central_weights), weights.mean(axis=0))
