"""A function reaches every worker once, and does there what it would do here."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tula.uncertainty import worker
from tula.uncertainty.work.shelf import Pool
from work_tasks import Carried


@pytest.mark.parametrize("chunk", [1, 3])
def test_a_function_travels_once_to_each_worker(chunk: int) -> None:
    with Pool(2, worker.ready(), worker.start) as pool:
        for times in (1, 2):
            found = list(pool.map(Carried(7), range(9), chunksize=chunk))
            assert [number for number, *_ in found] == [7 * number for number in range(9)]
            assert all(unpacked <= times for *_, unpacked in found)
            assert os.getpid() not in {process for _, process, _ in found}


def test_what_was_laid_down_goes_with_the_work() -> None:
    with Pool(1, worker.ready(), worker.start) as pool:
        held = [len(list(Path("/proc/self/fd").iterdir())) for _ in range(5) if
                list(pool.map(Carried(1), range(2)))]  # fmt: skip
        assert max(held) == held[0]
