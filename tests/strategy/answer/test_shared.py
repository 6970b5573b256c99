"""An answer is the same to the last byte however its draws are shared out."""

from __future__ import annotations

from concurrent.futures import Executor
from functools import cache

import pytest
from distributed import Client, LocalCluster

from small_disk import room_for
from strategy.answer import made
from tula.strategy.answer.answer import answer
from tula.strategy.answer.result import Answer
from tula.strategy.answer.shared import shared
from tula.study.effort import Effort

GIFT = {"id": "gift", "title": "A gift", "scenarios": ["gift"], "now": 0.2, "months": 6.0}
EVENTS = [{**made.SHUNNED, "months": 5.0, "back": 0.3, "rent_lost": 0.5}, {**GIFT, "back": 0.2}]
LATER = {"id": "later", "title": "Half of it", "scenarios": ["half"], "meets": {"no_gas": 0.5}}


def ask(executor: Executor | None, draws: int = 8) -> Answer:
    """Answer a study that composes some of its states."""
    inputs = made.block(
        since="2023-10-01",
        elasticity={"first_year": made.believed("first", 0.9, 0.7, 1.2), "long_run": 3, "speed": 3},
        threats=[{**made.THREAT, "now": 0.8, "back": 0.2}],
        events=EVENTS,
        options=[made.KEEP, made.STOP, LATER],
    )
    return answer(inputs, made.world(), made.scenarios(), draws=draws, executor=executor)


@cache
def alone() -> Answer:
    """Return the answer of this process alone."""
    return ask(None)


def test_the_study_composes_states_and_tells_by_how_much_they_are_off() -> None:
    proof = alone().proof
    assert proof.composed > 0
    assert 0.0 < proof.composed_flow < 0.05 and 0.0 < proof.composed_income < 5.0


@pytest.mark.long
@pytest.mark.parametrize("jobs", [2, 3])
def test_processes_of_one_machine_change_no_byte(jobs: int) -> None:
    with Effort(8, jobs=jobs).workers() as workers:
        assert ask(workers).model_dump_json() == alone().model_dump_json()


@pytest.mark.slow
def test_a_cluster_changes_no_byte() -> None:
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0") as local,
        Client(local) as client,
    ):
        assert ask(client.get_executor()).model_dump_json() == alone().model_dump_json()


def test_results_stand_in_the_order_of_the_items() -> None:
    with Effort(8, jobs=2).workers() as workers:
        assert shared(divmod, 7, range(1, 40), workers) == [divmod(7, n) for n in range(1, 40)]


def test_a_full_disk_is_named() -> None:
    with (
        Effort(8, jobs=2).workers() as workers,
        room_for(1000),
        pytest.raises(OSError, match="packed"),
    ):
        shared(divmod, bytes(100_000), range(3), workers)
