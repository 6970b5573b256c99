"""Whatever a block gave, the store gives back to the last bit."""

from __future__ import annotations

import math
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tula.uncertainty.work.block import Block, blocks_of
from tula.uncertainty.work.store import BlockStore
from tula.uncertainty.work.task import SIGNIFICANT_DIGITS, Result, rounded

VALUES = st.dictionaries(st.text(), st.floats().map(rounded), max_size=4)
RESULTS = st.one_of(
    VALUES.map(lambda values: Result(values=values)),
    st.text().map(lambda reason: Result(failure=reason)),
)


@settings(max_examples=50, deadline=None)
@given(st.lists(RESULTS, max_size=5), st.text())
def test_a_stored_block_comes_back_as_it_was(results: list[Result], key: str) -> None:
    block = Block(3, np.linspace(0.0, 1.0, 2 * len(results)).reshape(-1, 2))
    with TemporaryDirectory() as folder:
        BlockStore(Path(folder), key).write(block, results)
        read = BlockStore(Path(folder), key).read(block)
        assert BlockStore(Path(folder), key + "x").read(block) is None
    assert repr(read) == repr(results)


@settings(max_examples=200, deadline=None)
@given(st.floats(min_value=-1e300, max_value=1e300))
def test_rounding_is_close_and_rounds_once(value: float) -> None:
    once = rounded(value)
    assert rounded(once) == once
    assert math.isclose(
        once, value, rel_tol=0.5001 * 10.0 ** (1 - SIGNIFICANT_DIGITS), abs_tol=5e-324
    )


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 40), st.integers(1, 12))
def test_blocks_hold_every_row_once_and_in_order(rows: int, size: int) -> None:
    design = np.arange(3.0 * rows).reshape(rows, 3)
    blocks = blocks_of(design, size)
    assert [block.index for block in blocks] == list(range(math.ceil(rows / size)))
    assert np.array_equal(np.concatenate([np.empty((0, 3)), *(b.rows for b in blocks)]), design)
