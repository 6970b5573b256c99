"""A design gives the same answer whichever way it is run, and nothing finished is lost."""

from __future__ import annotations

import hashlib
import json
import math
import multiprocessing
import os
import signal
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from small_disk import room_for
from tula.errors import TulaError
from tula.uncertainty.work import (
    IgnoredBlockWarning,
    LostWorkerWarning,
    Result,
    UnkeptBlockWarning,
    WorkerCodeError,
    WorkerLostError,
    WorkSettingsError,
    evaluate,
)
from tula.uncertainty.work.block import code_hash, evaluate_away, job_of
from tula.uncertainty.work.task import rounded
from tula.uncertainty.worker import THREAD_LIMITS
from tula.world.files import UnwritableFileError
from work_tasks import (
    BROKEN,
    DEADLY,
    ENDLESS,
    HOPELESS,
    INTERRUPTED,
    AwkwardError,
    Threads,
    Waves,
    design,
    noted,
    told,
)

TESTS = Path(__file__).resolve().parents[1]


@pytest.fixture(autouse=True)
def _the_code_of_this_moment() -> None:
    """Workers read the source when they start; it may be edited while the tests run."""
    code_hash.cache_clear()


def test_the_answer_stands_in_the_order_of_the_rows() -> None:
    rows = design()
    results = evaluate(Waves(), rows, block=3)
    waves = [result.values["wave"] for result in results if result.values]
    np.testing.assert_allclose(waves, 1e9 * np.sin(rows[:, 0]), rtol=1e-9)


def test_two_processes_give_the_same_bytes_as_none(tmp_path: Path) -> None:
    rows = design(r7=HOPELESS)
    alone = evaluate(Waves(), rows, block=3)
    log = tmp_path / "log"
    together = evaluate(Waves("logged", log), rows, block=3, jobs=2)
    assert told(together) == told(alone)
    assert noted(log) == len(rows)
    assert 1 <= noted(log, "build") <= 2


def test_the_size_of_a_block_does_not_change_the_answer() -> None:
    whole, small = (evaluate(Waves(), design(), block=size) for size in (16, 1))
    assert told(whole) == told(small)


def test_a_row_that_fails_is_told_with_its_reason_and_not_drawn_again(tmp_path: Path) -> None:
    task = Waves("hopeless", tmp_path / "log")
    results = evaluate(task, design(r7=HOPELESS), store=tmp_path)
    assert [place for place, result in enumerate(results) if result.failure] == [7]
    assert results[7].values is None
    assert str(results[7].failure).startswith("UnknownNameError: unknown region 'INDIA'")
    assert told(evaluate(task, design(r7=HOPELESS), store=tmp_path)) == told(results)
    assert noted(tmp_path / "log") == 20


def test_numbers_keep_ten_significant_digits() -> None:
    assert rounded(1 / 3) == 0.3333333333
    assert rounded(123456789.0123456) == 123456789.0
    assert rounded(0.1 + 0.2) == rounded(0.3)
    assert math.copysign(1.0, rounded(-0.0)) == 1.0
    assert math.isnan(rounded(math.nan)) and rounded(-math.inf) == -math.inf


def test_a_defect_ends_the_run_and_finished_blocks_are_kept(tmp_path: Path) -> None:
    task, rows = Waves("broken", tmp_path / "log"), design(r7=BROKEN)
    with pytest.raises(AwkwardError):
        evaluate(task, rows, block=3, store=tmp_path)
    assert len(list(tmp_path.glob("*.jsonl"))) == 2


def test_a_defect_in_a_process_ends_the_run_under_its_name() -> None:
    with pytest.raises(RuntimeError, match="AwkwardError: row: a defect") as raised:
        evaluate(Waves(), design(r7=BROKEN), block=3, jobs=2)
    assert "_evaluate" in str(raised.value.__cause__)


def test_an_interrupted_run_evaluates_only_what_is_missing(tmp_path: Path) -> None:
    rows = design(r13=INTERRUPTED)
    with pytest.raises(KeyboardInterrupt):
        evaluate(Waves("resumed", tmp_path / "log"), rows, block=4, store=tmp_path)
    before = noted(tmp_path / "log")
    calm = design()
    resumed = evaluate(Waves("resumed", tmp_path / "log"), calm, block=4, store=tmp_path)
    assert noted(tmp_path / "log") - before == 20 - 12
    assert told(resumed) == told(evaluate(Waves(), calm))


SLOW = """
import signal, sys, time
from pathlib import Path
from work_tasks import (
    BROKEN,
    DEADLY,
    HOPELESS,
    INTERRUPTED,
    AwkwardError,
    Threads,
    Waves,
    design,
    noted,
    told,
)
from tula.uncertainty.work import evaluate

class Slow(Waves):
    def _evaluate(self, row):
        time.sleep(0.1)
        return super()._evaluate(row)

if __name__ == "__main__":
    # As in a terminal: a shell's background jobs inherit an interrupt that is ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    folder = Path(sys.argv[1])
    evaluate(Slow("slow", folder / "log"), design(400), block=2, jobs=2, store=folder)
"""


@pytest.mark.parametrize("kill", ["SIGINT to all", "SIGINT to one", "SIGKILL to one"])
def test_an_ended_pool_leaves_finished_blocks_and_no_process(tmp_path: Path, kill: str) -> None:
    (tmp_path / "slow.py").write_text(SLOW)
    run = subprocess.Popen(
        [sys.executable, str(tmp_path / "slow.py"), str(tmp_path)],
        env=os.environ | {"PYTHONPATH": str(TESTS)},
        start_new_session=True,
        stderr=subprocess.DEVNULL,
    )
    _wait(lambda: len(list(tmp_path.glob("*.jsonl"))) > 2)
    send = os.killpg if kill.endswith("all") else os.kill
    send(run.pid, getattr(signal, kill.split()[0]))
    assert run.wait(timeout=60) != 0
    _wait(lambda: not _alive(run.pid))
    before, kept = noted(tmp_path / "log"), len(list(tmp_path.glob("*.jsonl")))
    evaluate(Waves("slow", tmp_path / "log"), design(400), block=2, store=tmp_path)
    assert noted(tmp_path / "log") - before == 400 - 2 * kept


def _alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def _wait(ready: Callable[[], bool], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def test_a_worker_that_dies_once_changes_nothing(tmp_path: Path) -> None:
    rows = design(r7=DEADLY)
    with pytest.warns(LostWorkerWarning, match="tried again"):
        survived = evaluate(
            Waves("deadly", spared=tmp_path / "spared"), rows, block=2, jobs=2, store=tmp_path
        )
    assert told(survived) == told(evaluate(Waves(), rows))


def test_a_worker_that_always_dies_ends_the_run_with_what_is_finished(tmp_path: Path) -> None:
    task = Waves("fatal", spared=tmp_path / "never", once=False)
    rows = design(4, r3=DEADLY)
    with (
        pytest.warns(LostWorkerWarning),
        pytest.raises(WorkerLostError, match=r"3 pools; 3 of 4 blocks .* the same command resumes"),
    ):
        evaluate(task, rows, block=1, jobs=2, store=tmp_path)


def _poison(text: str) -> dict[str, str]:
    head, _, body = text.partition("\n")
    header = json.loads(head)
    return {
        "results": f"{head}\n" + body.replace("wave", "wage", 1),
        "count": "\n".join([json.dumps(header | {"count": 3}), body]),
        "key": "\n".join([json.dumps(header | {"key": "another"}), body]),
        "rows": "\n".join([json.dumps(header | {"rows": "0" * 64}), body]),
        "results ": text[: len(text) // 2],
        "Expecting value": "",
        "no header": "[]\n" + body,
        "no result": _forged(header, body.replace('"values"', '"vales"', 1)),
        "no result ": _forged(header, "[1]\n" * 5),
        "not both": _forged(header, '{"failure": null}\n' * 5),
        "no result  ": _forged(header, f'{{"values": {{"a": {10**400}}}}}\n' * 5),
        "recursion depth": _forged(header, "[" * 100_000 + "\n"),
        "no result   ": _forged(header, '{"failure": 5}\n' * 5),
        "no result    ": _forged(header, '{"values": {"a": [1]}}\n' * 5),
        "no result     ": _forged(header, '{"values": {"a": true}}\n' * 5),
        "4 results for 5": _forged(header, "".join(body.splitlines(keepends=True)[:4])),
    }


def _forged(header: dict[str, object], body: str) -> str:
    """A block whose header vouches for its body."""
    return json.dumps(header | {"results": hashlib.sha256(body.encode()).hexdigest()}) + "\n" + body


@pytest.mark.parametrize("poison", range(16))
def test_a_poisoned_block_is_named_and_evaluated_again(tmp_path: Path, poison: int) -> None:
    task = Waves("poisoned", tmp_path / "log")
    clean = evaluate(task, design(), block=5, store=tmp_path)
    path = sorted(tmp_path.glob("*.jsonl"))[1]
    text = path.read_text(encoding="utf-8")
    reason, poisoned = list(_poison(text).items())[poison]
    path.write_text(poisoned, encoding="utf-8")
    with pytest.warns(IgnoredBlockWarning, match=reason.strip()):
        again = evaluate(task, design(), block=5, store=tmp_path)
    assert told(again) == told(clean)
    assert noted(tmp_path / "log") == 25
    assert path.read_text(encoding="utf-8") == text


def test_a_store_that_is_full_is_told_once_and_costs_no_result(tmp_path: Path) -> None:
    evaluate(Waves("full"), design(5), block=5, store=tmp_path)
    kept = {path: path.read_bytes() for path in tmp_path.iterdir()}
    with room_for(100), pytest.warns(UnkeptBlockWarning, match="File too large; the work") as told:
        results = evaluate(Waves("full"), design(), block=5, store=tmp_path)
    assert len(told) == 1
    assert len(results) == 20
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == kept


def test_who_ends_the_work_does_not_wait_for_blocks_under_way(tmp_path: Path) -> None:
    def interrupt(done: int, total: int) -> None:
        raise KeyboardInterrupt

    started = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        evaluate(
            Waves(), design(2, r1=ENDLESS), block=1, jobs=2, store=tmp_path, progress=interrupt
        )
    assert time.monotonic() - started < 120
    assert len(list(tmp_path.glob("*.jsonl"))) == 1
    assert multiprocessing.active_children() == []


def test_another_key_or_other_rows_take_nothing_from_the_store(tmp_path: Path) -> None:
    log = tmp_path / "log"
    evaluate(Waves("one", log), design(), store=tmp_path)
    evaluate(Waves("two", log), design(), store=tmp_path)
    evaluate(Waves("one", log), design()[::-1], store=tmp_path)
    assert noted(log) == 60


def test_a_longer_design_takes_the_blocks_of_a_shorter_one(tmp_path: Path) -> None:
    log, rows = tmp_path / "log", design()
    evaluate(Waves("grown", log), rows[:10], block=5, store=tmp_path)
    evaluate(Waves("grown", log), rows, block=5, store=tmp_path)
    assert noted(log) == 20


def test_progress_counts_rows_restored_ones_first(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    evaluate(Waves(), design(10), block=5, store=tmp_path)
    evaluate(Waves(), design(), block=5, store=tmp_path, progress=lambda *pair: seen.append(pair))
    assert seen == [(5, 20), (10, 20), (15, 20), (20, 20)]


def test_a_design_without_rows_has_no_results_and_builds_nothing(tmp_path: Path) -> None:
    assert evaluate(Waves("none", tmp_path / "log"), np.empty((0, 3)), jobs=2) == []
    assert not (tmp_path / "log").exists()


def test_the_function_cannot_change_the_design() -> None:
    rows = design()
    evaluate(Greedy(), rows)
    assert np.array_equal(rows, design())


class Greedy(Waves):
    def _evaluate(self, row: np.ndarray) -> dict[str, float]:
        row[:] = 0.0
        return super()._evaluate(row)


def test_a_worker_with_other_code_refuses() -> None:
    job = job_of(Waves())
    other = type(job)(job.key, job.pickled, "0" * 64)
    with pytest.raises(WorkerCodeError, match="install the same Tula"):
        evaluate_away(other, design(2))


def test_the_hash_of_the_code_sees_what_decides_numbers_and_only_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("__init__.py", "world/table.py", "report/page.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
    monkeypatch.setattr("importlib.resources.files", lambda package: tmp_path)
    fresh = code_hash.__wrapped__
    first = fresh()
    (tmp_path / "report" / "page.py").write_text("told = 1")
    assert fresh() == first
    (tmp_path / "world" / "table.py").write_text("counted = 1")
    assert fresh() != first


def test_a_process_uses_one_thread_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in THREAD_LIMITS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    (result, _) = evaluate(Threads(), design(2), block=1, jobs=2)
    assert result.values == dict.fromkeys(THREAD_LIMITS, 1.0) | {"OMP_NUM_THREADS": 3.0}


def test_a_result_has_values_or_a_failure() -> None:
    for wrong in ({}, {"values": {"a": 1.0}, "failure": "b"}):
        with pytest.raises(ValueError, match="not both"):
            Result(**wrong)


def test_settings_that_cannot_be_met_are_refused() -> None:
    with pytest.raises(WorkSettingsError, match="jobs=0, block=-1"):
        evaluate(Waves(), design(), jobs=0, block=-1)
    with pytest.raises(WorkSettingsError, match="one of them"):
        evaluate(Waves(), design(), jobs=2, cluster="tcp://127.0.0.1:8786")


def test_a_store_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UnwritableFileError, match="cannot keep blocks in"):
        evaluate(Waves(), design(), store=tmp_path / "file" / "store")


def test_a_failure_to_build_ends_the_run(tmp_path: Path) -> None:
    with pytest.raises(TulaError, match="no such study"):
        evaluate(Unbuilt("unbuilt"), design())


class Unbuilt(Waves):
    def build(self) -> object:  # type: ignore[override]
        raise TulaError("no such study")


def test_a_clean_run_says_nothing(tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        evaluate(Waves(), design(), store=tmp_path, jobs=2)
