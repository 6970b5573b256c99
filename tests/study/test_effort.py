"""Draws are shared among processes that keep to one thread, and a lost one is told."""

from __future__ import annotations

import os

import pytest
from distributed import LocalCluster

from tula.study.effort import Effort
from tula.uncertainty.work import UnreachableClusterError, WorkerLostError
from tula.uncertainty.worker import THREAD_LIMITS


def test_one_job_is_this_process() -> None:
    with Effort(8).workers() as workers, Effort(8).drawer() as drawer:
        assert (workers, drawer) == (None, None)


def test_every_process_keeps_to_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in THREAD_LIMITS:
        monkeypatch.delenv(name, raising=False)
    with Effort(8, jobs=2).workers() as workers:
        assert workers is not None
        assert list(workers.map(os.getenv, THREAD_LIMITS)) == ["1"] * len(THREAD_LIMITS)
        assert workers.submit(os.getpid).result() != os.getpid()


def test_a_process_that_dies_is_told() -> None:
    with (
        pytest.raises(WorkerLostError, match="give fewer jobs"),
        Effort(8, jobs=2).workers() as workers,
    ):
        assert workers is not None
        workers.submit(os._exit, 1).result()


def test_workers_of_a_cluster_do_the_same() -> None:
    with (
        LocalCluster(n_workers=1, processes=False, dashboard_address=":0") as local,
        Effort(8, cluster=local.scheduler_address).workers() as workers,
    ):
        assert workers is not None
        assert list(workers.map(abs, [-1, 2])) == [1, 2]


def test_a_scheduler_that_does_not_answer_is_named() -> None:
    with (
        pytest.raises(UnreachableClusterError, match="nowhere://host"),
        Effort(8, cluster="nowhere://host").workers(),
    ):
        pass
