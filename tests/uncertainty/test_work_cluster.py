"""A cluster gives the bytes that one process gives, loses no block and says what is wrong."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import dask
import pytest
from distributed import LocalCluster

from tula.uncertainty.work import (
    IdleClusterWarning,
    MissingClusterExtraError,
    UnreachableClusterError,
    WorkerLostError,
    cluster,
    code_hash,
    evaluate,
)
from work_tasks import BROKEN, DEADLY, HOPELESS, Waves, design, noted, told


@pytest.fixture(scope="module", autouse=True)
def impatient() -> Iterator[None]:
    """Give a lost worker up soon: it is not waited for, and one more attempt is made."""
    settings = {
        "distributed.comm.timeouts.connect": "5s",
        "distributed.scheduler.allowed-failures": 1,
    }
    with dask.config.set(settings):
        yield


def _cluster(workers: int) -> LocalCluster:
    """Start workers, which read the source when they start; it may be edited while tests run."""
    code_hash.cache_clear()
    return LocalCluster(
        n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=":0"
    )


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The scheduler of two worker processes."""
    with _cluster(2) as local:
        yield local.scheduler_address


def test_a_cluster_gives_the_same_bytes_as_one_process(address: str, tmp_path: Path) -> None:
    rows, log = design(r7=HOPELESS), tmp_path / "log"
    away = evaluate(Waves("away", log), rows, block=3, cluster=address)
    assert told(away) == told(evaluate(Waves(), rows, block=3))
    assert noted(log) == len(rows)
    assert 1 <= noted(log, "build") <= 2


def test_the_same_design_is_evaluated_anew_where_nothing_is_stored(
    address: str, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    for _ in range(2):
        evaluate(Waves("again", log), design(), block=10, cluster=address)
    assert noted(log) == 40


@pytest.mark.slow
def test_a_worker_that_dies_once_changes_nothing(address: str, tmp_path: Path) -> None:
    rows = design(r7=DEADLY)
    spared = tmp_path / "spared"
    survived = evaluate(Waves("deadly", spared=spared), rows, block=2, cluster=address)
    assert spared.exists()
    assert told(survived) == told(evaluate(Waves(), rows))


def test_a_defect_on_a_worker_keeps_what_is_finished(address: str, tmp_path: Path) -> None:
    log, folder = tmp_path / "log", tmp_path / "blocks"
    rows = design(r19=BROKEN)
    with pytest.raises(RuntimeError, match="AwkwardError: row: a defect"):
        evaluate(Waves("broken", log), rows, block=2, cluster=address, store=folder)
    before, kept = noted(log), len(list(folder.glob("*.jsonl")))
    assert kept > 0
    evaluate(Waves("broken", log), design(), block=2, cluster=address, store=folder)
    assert noted(log) - before == 20 - 2 * kept


@pytest.mark.slow
def test_a_cluster_whose_workers_always_die_gives_up(tmp_path: Path) -> None:
    task = Waves("fatal", spared=tmp_path / "never", once=False)
    with (
        _cluster(1) as local,
        pytest.raises(WorkerLostError, match=r"gave a block up.*[01] of 2 blocks are finished"),
    ):
        evaluate(task, design(2, r1=DEADLY), block=1, cluster=local.scheduler_address)


def test_a_cluster_without_workers_says_so_and_waits_for_one() -> None:
    with _cluster(0) as local:
        late = threading.Timer(0.5, local.scale, [1])
        late.start()
        with pytest.warns(IdleClusterWarning, match="no worker yet"):
            results = evaluate(Waves(), design(), cluster=local.scheduler_address)
    assert told(results) == told(evaluate(Waves(), design()))


def test_an_address_where_nobody_answers_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 0.5)
    with pytest.raises(UnreachableClusterError, match=r"tcp://127\.0\.0\.1:9 within 0\.5 s"):
        evaluate(Waves(), design(), cluster="tcp://127.0.0.1:9")


@pytest.mark.parametrize("address", ["nowhere://host", "notanaddress", ":", "tls://127.0.0.1:9"])
def test_an_address_that_is_none_is_named(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 0.5)
    with pytest.raises(UnreachableClusterError, match=f"at {address} within"):
        evaluate(Waves(), design(), cluster=address)


def test_a_missing_library_names_the_extra_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(MissingClusterExtraError, match=r'pip install "tula\[cluster\]"'):
        evaluate(Waves(), design(), cluster="tcp://127.0.0.1:9")
