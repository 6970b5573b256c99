"""A study's balance played over draws: what is recorded, and that it is the same every way."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from shutil import copy

import numpy as np
import pytest
from distributed import LocalCluster

import toy_balance_block as toy
from tula.equilibrium import CLOSURES, ConvergenceError
from tula.numbers.quantity import Quantity
from tula.strategy.balance import turning
from tula.strategy.balance.engine_side import EngineSide
from tula.strategy.balance.parameters import drawn_lines
from tula.strategy.balance.states import State
from tula.study.balance import variants
from tula.study.balance.drawn import Drawn
from tula.study.balance.records import BalanceRecord
from tula.study.balance.run import Effort, draw
from tula.study.balance.situations import in_force
from tula.study.balance.table import Table, block_of, table_of
from tula.study.load import Study, load_study
from tula.study.results import BALANCE_FILE, ResultsFormatError, StudyResults
from tula.study.run import run_study
from tula.ties.account import TieAccount
from tula.ties.kinds import DRAWS as DRAWS_OF_TIES
from tula.uncertainty.draws import saltelli
from tula.uncertainty.survival import monthly
from tula.uncertainty.work import Result

DRAWS = 8
PENALTY = "25 more points of duty for Russian crude"
#: Numbers of a range that carry a unit.
NUMBERS = ("central", "low", "median", "high")


@pytest.fixture(scope="module", autouse=True)
def little_beside_the_draws() -> Iterator[None]:
    """Ties' accounts only feed the balance here, and what turns is searched for coarsely."""
    with pytest.MonkeyPatch.context() as patch:
        for kind in DRAWS_OF_TIES:
            patch.setitem(DRAWS_OF_TIES, kind, 8)
        patch.setattr(turning, "POINTS", 3)
        yield


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("store")


@pytest.fixture(scope="module")
def india() -> Study:
    return load_study("india-2025")


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return load_study(str(toy.write(tmp_path_factory.mktemp("played"))))


@pytest.fixture(scope="module")
def results(study: Study, store: Path) -> StudyResults:
    return run_study(study, quick=True, effort=Effort(DRAWS, store=store))


@pytest.fixture(scope="module")
def record(results: StudyResults) -> BalanceRecord:
    assert results.manifest.balance_failure == ""
    assert results.balance is not None
    return results.balance


def test_the_manifest_tells_the_draws(results: StudyResults) -> None:
    assert results.manifest.draws == DRAWS


def test_no_draw_fails(record: BalanceRecord) -> None:
    assert record.failures == ()
    assert record.draws == 2 * DRAWS


def test_every_rule_has_odds_of_the_five_states_that_add_up(record: BalanceRecord) -> None:
    for odds in record.odds:
        for chances in (odds.kept, odds.best):
            assert [one.state for one in chances] == [state.value for state in State]
            assert sum(one.share for one in chances) == pytest.approx(1.0)


def test_the_price_is_what_giving_in_is_worth_over_keeping(record: BalanceRecord) -> None:
    worth = {one.id: one.worth.central for one in record.courses}
    aligned = [worth[one.id] for one in record.courses if one.aligned_with]
    assert record.price.central == pytest.approx(max(aligned) - worth[record.courses[0].id])
    for number in NUMBERS:
        share = getattr(record.price_of_gdp, number)
        assert share == pytest.approx(getattr(record.price, number) / record.gdp)


def test_nothing_is_required_of_a_government_that_gains(record: BalanceRecord) -> None:
    for number in NUMBERS:
        share = getattr(record.price_of_gdp, number)
        assert getattr(record.required, number) == max(0.0, share)


def test_a_price_is_above_zero_in_as_many_draws_whatever_it_is_told_in(
    record: BalanceRecord,
) -> None:
    assert record.price.above is not None
    assert record.price_of_gdp.above == record.required.above == record.price.above


def test_what_a_rival_can_take_away_has_a_range_by_either_measure(record: BalanceRecord) -> None:
    assert [one.rival for one in record.losses] == ["USA", "RUS"]
    for told in (measure for one in record.losses for measure in (one.law, one.full)):
        assert told.low < told.high
        assert told.median is not None


def test_every_situation_tells_what_stands_in_it(record: BalanceRecord) -> None:
    assert [(one.id, one.in_force) for one in record.situations] == [
        ("NOW", ("a duty",)),
        ("S0", ()),
        ("TRADE", ()),
    ]


@pytest.mark.parametrize(
    ("name", "stands"),
    [
        ("NOW", ("US duty on India: the first 25 points", PENALTY)),
        ("S0", ()),
        ("S1-25", ("US duty on India: the first 25 points",)),
        ("S2-100", ("US duty on India: the first 25 points", PENALTY)),
        ("YIELD", ("US duty on India: the first 25 points",)),
    ],
)
def test_what_stands_whatever_the_pivot_does_stands_where_the_study_says_so(
    india: Study, name: str, stands: tuple[str, ...]
) -> None:
    (asked,) = (one for one in block_of(india).inputs.situations if one.id == name)
    assert in_force(india, asked) == stands


def test_survival_starts_at_most_at_one_and_never_rises(record: BalanceRecord) -> None:
    for curve in record.survival:
        assert curve.share[0] <= 1.0
        assert (np.diff(curve.share) <= 1e-12).all()


def test_a_variant_that_changes_nothing_has_the_price_of_the_game(record: BalanceRecord) -> None:
    same = [one for one in record.variants if one.title == "trade imbalances as they are"]
    assert [one.price for one in same] == [pytest.approx(record.price.central, rel=1e-9)]
    assert len(record.variants) > len(same)


def test_every_drawn_input_says_what_it_rests_on(record: BalanceRecord) -> None:
    lines = [one for one in record.inputs if one.name.startswith("oil.")]
    assert lines
    assert all(one.evidence or one.reason for one in record.inputs)


@pytest.fixture(scope="module")
def accounts(results: StudyResults) -> dict[str, TieAccount]:
    return {record.id: one for record, one in zip(results.manifest.ties, results.ties, strict=True)}


@pytest.fixture(scope="module")
def table(study: Study, accounts: dict[str, TieAccount]) -> Table:
    return table_of(study, accounts)


def test_the_game_is_played_under_the_closure_announced(
    study: Study, accounts: dict[str, TieAccount]
) -> None:
    other = replace(study, balance=replace(block_of(study), closure="balanced"))
    first, second = (table_of(one, accounts).engine.closure for one in (study, other))
    assert (first, second) == (CLOSURES["fixed"], CLOSURES["balanced"])
    titles = [one.title for one in variants.listed(other, block_of(other))]
    assert titles[:2] == ["trade balanced", "trade imbalances as they are"]


def test_one_network_sets_what_is_carried_and_what_that_costs(table: Table) -> None:
    wide = Quantity(value=0.5, low=0.4, high=0.7)
    known = tuple(
        one._replace(known=wide) if one.group == "rails" and one.name in used else one
        for used in [drawn_lines(table.inputs)]
        for one in table.known
    )
    spread = replace(table, known=known)
    count = sum(len(factor.priors) for factor in spread.factors)
    assert count == len(spread.priors) - 1
    for end, carried, lost in ((0.0, 0.4, 0.7), (1.0, 0.7, 0.4)):
        values = spread.values(np.full(count, end))
        assert values["rails.worst_coverage"] == pytest.approx(carried)
        assert values["rails.worst_loss"] == pytest.approx(lost)


def test_lines_that_situations_add_are_not_drawn(table: Table) -> None:
    assert "rails.value_to_pivot" in {one.name for one in table.known} - set(table.priors)


@pytest.mark.parametrize("share", [0.0, 0.25, 0.6, 1.0])
def test_in_the_long_run_a_threat_stands_for_its_share_of_the_year(
    table: Table, share: float
) -> None:
    (switch,) = [
        one for one in table.switches(table.game({"persistence.penalty": share}))
        if one.name == "penalty"
    ]  # fmt: skip
    arrives, ends = monthly(switch.arrives), monthly(switch.ends)
    assert arrives / (arrives + ends) == pytest.approx(share, abs=0.005)


@pytest.fixture(scope="module")
def alone(study: Study, table: Table, accounts: dict[str, TieAccount], store: Path) -> Drawn:
    """The draws of the run, read back from where it kept them."""
    return draw(study, table, accounts, Effort(DRAWS, store=store))


def test_odds_are_bounded_by_what_the_draws_that_failed_could_have_been(alone: Drawn) -> None:
    lost = Drawn(alone.design, [Result(failure="no equilibrium"), *alone.results[1:]])
    draws = 2 * DRAWS
    for whole, one in zip(alone.rule_odds("main").kept, lost.rule_odds("main").kept, strict=True):
        assert whole.least == whole.share == whole.most
        assert one.least == pytest.approx(one.share * (draws - 1) / draws)
        assert one.most == pytest.approx(one.least + 1 / draws)


@pytest.mark.slow
def test_two_processes_give_the_same_numbers(
    study: Study, table: Table, accounts: dict[str, TieAccount], alone: Drawn
) -> None:
    assert draw(study, table, accounts, Effort(DRAWS, jobs=2)).results == alone.results


@pytest.mark.slow
def test_a_cluster_gives_the_same_numbers(
    study: Study, table: Table, accounts: dict[str, TieAccount], alone: Drawn
) -> None:
    with LocalCluster(
        n_workers=1, threads_per_worker=1, processes=True, dashboard_address=None
    ) as cluster:
        effort = Effort(DRAWS, cluster=cluster.scheduler_address)
        assert draw(study, table, accounts, effort).results == alone.results


def test_a_run_goes_on_from_the_draws_that_another_finished(
    study: Study,
    table: Table,
    accounts: dict[str, TieAccount],
    alone: Drawn,
    store: Path,
    tmp_path: Path,
) -> None:
    finished = sorted(store.iterdir())
    assert len(finished) == DRAWS
    for block in finished[1:]:
        copy(block, tmp_path)
    told: list[int] = []
    effort = Effort(DRAWS, store=tmp_path)
    again = draw(study, table, accounts, effort, lambda what, done, total: told.append(done))
    rows = len(alone.results) // DRAWS
    assert told == [rows * done for done in range(1, DRAWS + 1)]
    assert {one.name for one in tmp_path.iterdir()} == {one.name for one in finished}
    assert again.results == alone.results


def test_a_longer_run_begins_with_the_draws_of_a_shorter_one(table: Table, alone: Drawn) -> None:
    longer = saltelli(table.factors, 2 * DRAWS, alone.design.seed)
    rows = longer.rows_of(alone.design)
    assert np.array_equal(longer.uniforms[rows], alone.design.uniforms)


def test_every_analysis_tells_something(record: BalanceRecord) -> None:
    assert record.shapley and record.break_evens and record.frontiers
    assert record.slack and record.next_moves and record.influence


def test_a_balance_comes_back_from_disk_as_it_was(results: StudyResults, tmp_path: Path) -> None:
    assert StudyResults.load(results.save(tmp_path)).balance == results.balance


def test_a_balance_of_another_run_is_refused(results: StudyResults, tmp_path: Path) -> None:
    path = results.save(tmp_path) / BALANCE_FILE
    told = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps({**told, "gdp": 1.0}), "utf-8")
    with pytest.raises(ResultsFormatError, match=r"balance\.json: not what manifest\.json tells"):
        StudyResults.load(tmp_path)


def test_a_balance_that_cannot_be_played_is_told_and_the_rest_kept(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise ConvergenceError("no equilibrium")

    monkeypatch.setattr(EngineSide, "read", refuse)
    results = run_study(study, quick=True, effort=Effort(DRAWS))
    assert results.balance is None
    assert results.manifest.balance_failure == "ConvergenceError: no equilibrium"
    assert np.isfinite(results.data["real_income"].values).all()
