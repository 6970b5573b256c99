import numpy as np
import pytest
from pydantic import TypeAdapter

from tula.numbers.estimate import Estimate, drawn


def test_an_estimate_from_draws_has_their_percentiles_and_the_share_above_zero() -> None:
    told = drawn(3.0, np.arange(-10.0, 91.0), "years")
    assert (told.central, told.low, told.median, told.high) == (3.0, 0.0, 40.0, 80.0)
    assert told.above == pytest.approx(90 / 101)
    assert told.unit == "years"


def test_what_is_empty_is_not_written_and_what_is_written_reads_back() -> None:
    adapter = TypeAdapter(Estimate)
    for told in (Estimate(1.0, 0.5, 2.0), Estimate(0.0, 0.0, 0.0, "share", "kept", above=0.0)):
        written = adapter.dump_json(told)
        assert b"median" not in written
        assert adapter.validate_json(written) == told


def test_another_unit_leaves_the_share_above_zero() -> None:
    told = drawn(1.0, np.array([-1.0, 1.0, 2.0, 3.0]))
    scaled = told.each(lambda value: 100.0 * value)
    assert scaled.numbers == tuple(100.0 * value for value in told.numbers)
    assert scaled.above == told.above == 0.75


def test_a_central_value_outside_its_range_is_known_as_such() -> None:
    assert Estimate(0.0, 1.0, 2.0).outside
    assert not Estimate(1.0, 1.0, 2.0).outside
    assert Estimate(1.0, 1.0, 1.0).exact
