"""What is told of a ranking is what the ranking found."""

from __future__ import annotations

import pytest

from tula.strategy.rank import rank
from tula.strategy.ranking import page_data
from tula.world.economy import Economy


def test_every_figure_is_that_of_the_ranking(toy_economy: Economy) -> None:
    found = rank(toy_economy, "USA", "RUS")
    told = page_data(found)
    assert told.rivals == ("USA", "RUS")
    assert [one.id for one in told.regions] == found.region.values.tolist()
    for one in told.regions:
        for hold in one.holds:
            for name in ("needed", "loss", "loss_money", "cost", "cost_money"):
                for end in ("value", "low", "high"):
                    cell = found[name].sel(region=one.id, rival=hold.id, end=end)
                    assert getattr(getattr(hold, name), end) == float(cell)
        assert one.kept is None


def test_a_region_yields_to_the_rival_with_the_smaller_chance(toy_economy: Economy) -> None:
    told = page_data(rank(toy_economy, "USA", "RUS"))
    for place, one in enumerate(told.known, 1):
        assert one.least is not None
        assert one.least.needed.value == min(hold.needed.value for hold in one.holds)  # type: ignore[type-var]
        low, high = one.least.needed.range
        assert low <= one.least.needed.value <= high  # type: ignore[operator]
        assert told.place(one.id) == place
    assert told.place("USA") == 0


def test_the_median_alone_leaves_the_ends_untold(toy_economy: Economy) -> None:
    whole, median = (
        page_data(rank(toy_economy, "USA", "RUS", ends=ends))
        for ends in (("value", "low", "high"), ("value",))
    )
    for one, other in zip(whole.regions, median.regions, strict=True):
        assert other.holds[0].needed.low is None
        assert other.holds[0].needed.value == pytest.approx(one.holds[0].needed.value, rel=1e-9)


def test_a_region_without_an_equilibrium_is_told_of_without_a_place(toy_economy: Economy) -> None:
    found = rank(toy_economy, "USA", "RUS")
    first = str(found.region.values[0])
    found["needed"].loc[{"region": first, "rival": "RUS"}] = float("nan")
    told = page_data(found)
    assert told.place(first) == 0
    assert next(one for one in told.regions if one.id == first).least is None
