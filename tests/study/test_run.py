from pathlib import Path

import numpy as np
import pytest

from toy_study import STUDY, write_study
from tula import metrics
from tula.equilibrium import CLOSURES, Anderson, ConvergenceError, batch, solve
from tula.equilibrium.approach import Found, Problem
from tula.equilibrium.finish import Proven
from tula.equilibrium.solve import conclude
from tula.strategy.answer.errors import AnswerError
from tula.strategy.answer.result import Answer
from tula.study import run
from tula.study.effort import QUICK, Effort
from tula.study.elasticities import calibrated
from tula.study.load import Study, load_study
from tula.study.results import DATA_FILE, FILES, MANIFEST_FILE, StudyResults
from tula.study.run import Step, run_study


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return load_study(str(write_study(tmp_path_factory.mktemp("study"))))


@pytest.fixture(scope="module")
def ran(study: Study) -> StudyResults:
    return run_study(study)


def test_every_case_has_its_proof(ran: StudyResults) -> None:
    for scenario in ran.manifest.scenarios:
        assert {proof.closure for proof in scenario.certificates} == {"fixed", "balanced"}
        for proof in scenario.certificates:
            assert proof.worst_residual <= proof.tolerance
            assert abs(proof.walras) < 1e-9
        assert scenario.failures == ()


def test_the_baseline_changes_nothing(ran: StudyResults) -> None:
    still = ran.data.sel(scenario="S0")
    for name in ("real_income", "ev", "exports_change", "output_value", "price_index"):
        np.testing.assert_allclose(still[name], 0.0, atol=1e-6)
    np.testing.assert_allclose(still["exports"].sel(state="change"), 0.0, atol=1e-6)


@pytest.mark.parametrize("closure", ["fixed", "balanced"])
def test_a_still_scenario_shows_the_base_levels_under_any_headline_closure(
    tmp_path: Path, closure: str
) -> None:
    text = STUDY.replace("{closure: fixed,", f"{{closure: {closure},")
    data = run_study(load_study(str(write_study(tmp_path, text))), quick=True).data
    for name in ("pair_trade", "pivot_exports", "pair_goods_tariff", "output"):
        levels = data[name].sel(scenario="S0")
        np.testing.assert_allclose(levels.sel(state="new"), levels.sel(state="base"), rtol=1e-8)
        shared = data[name].sel(state="base")
        assert bool((shared == shared.isel(scenario=0)).where(shared.notnull(), True).all())


def test_without_two_ways_to_weigh_the_answer_tells_the_first_scenario_that_acts(
    tmp_path: Path,
) -> None:
    text = STUDY.replace("weigh: {keep: S1, give_way: S2}\n", "")
    found = run_study(load_study(str(write_study(tmp_path, text))), quick=True).manifest
    still, acting = found.scenarios[:2]
    assert still.id == "S0"
    assert found.answer.startswith(f"{acting.title}: {acting.answer.split('. ')[0]}")


def test_a_duty_on_the_pivot_is_collected_from_its_sales(ran: StudyResults) -> None:
    data = ran.data.sel(scenario="S1")
    rates = data["pair_goods_tariff"].sel(importer="USA", exporter="IND")
    assert float(rates.sel(state="change")) == pytest.approx(25.0)
    assert float(data["tariff_revenue"].sel(region="USA", state="change")) > 0.0
    sold = data["pivot_exports"].sel(importer="USA", state="change")
    assert (sold.sel(sector=["OIL", "MAN"]) < 0.0).all()
    assert float(data["duty_burden"].sel(party=["buyer", "seller"]).sum()) > 0.0


def test_flows_of_the_pivot_agree_with_the_trade_matrix(ran: StudyResults) -> None:
    data = ran.data
    home = {"exporter": "IND", "importer": "IND"}
    for name, side in (("pivot_exports", "exporter"), ("pivot_imports", "importer")):
        other = {"exporter": "importer", "importer": "exporter"}[side]
        flows = data[name].sum("sector").drop_sel({other: "IND"})
        pairs = data["pair_trade"].sel({side: "IND"}).drop_sel({other: "IND"})
        np.testing.assert_allclose(flows, pairs, atol=1e-6)
    assert float(data["pair_trade"].sel(home).max()) == 0.0


def test_every_variable_is_the_metric_of_its_name(study: Study, ran: StudyResults) -> None:
    instruments = [item.instrument for item in study.instruments["S1"]]
    world = calibrated(study.economy, study.file.elasticities["own"])
    solution = solve(world, instruments, on=study.file.on)
    for name in ("exports", "exports_change", "output", "pair_trade", "duty_burden", "wage"):
        metric = metrics.METRICS[name]
        found = ran.data[name].sel(scenario="S1")
        np.testing.assert_allclose(found, metric(solution), atol=1e-6, rtol=1e-6)
        told = [found.attrs[key] for key in ("units", "long_name", "base", "sign")]
        assert told == [metric.unit, metric.title, metric.base, metric.sign]


def test_terms_of_the_decomposition_add_up_to_the_exact_change(ran: StudyResults) -> None:
    parts = ran.data["decomposition"]
    exact = parts.sel(component="exact")
    rest = parts.drop_sel(component=["first_order", "exact"])
    np.testing.assert_allclose(rest.sum("component"), exact, atol=1e-9)
    headline = ran.data["real_income"].sel(closure="fixed", elasticity="own")
    np.testing.assert_allclose(exact, headline, atol=1e-9)


def test_the_manifest_says_what_each_number_rests_on(ran: StudyResults) -> None:
    duty, cut = (ran.manifest.scenario(name).instruments[0] for name in ("S1", "S2"))
    assert duty.evidence == ("F01",)
    (listed,) = ran.manifest.assumptions
    assert cut.assumed == (listed,)
    assert listed.key == "scenarios.S2.instruments.0.cut"
    assert listed.title.endswith(": share of the base taken away")
    assert (listed.value, listed.reason) == ("40% (20% to 60%)", "nobody knows")
    assert [fact.id for fact in ran.manifest.evidence] == ["F01", "F02"]
    assert ran.manifest.scenario("J").combined_of == ("S1", "S2")


def test_the_same_study_gives_the_same_bytes(
    study: Study, ran: StudyResults, tmp_path: Path
) -> None:
    first, second = ran.save(tmp_path / "a"), run_study(study).save(tmp_path / "b")
    for name in (DATA_FILE, MANIFEST_FILE):
        assert (first / name).read_bytes() == (second / name).read_bytes()


def test_a_failed_solve_is_recorded_its_numbers_are_missing_and_no_others(
    study: Study, ran: StudyResults, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail_with_duties_under_balance(problem: Problem, found: Found, solver: Anderson) -> Proven:
        moved = not np.array_equal(problem.shock.tariff, problem.calibration.tariff)
        if moved and problem.closure.name == "balanced":
            raise ConvergenceError("worst equation: goods market")
        return conclude(problem, found, solver)

    monkeypatch.setattr(batch, "conclude", fail_with_duties_under_balance)
    results = run_study(study)
    failures = results.manifest.scenario("S1").failures
    assert [(failure.closure, failure.elasticity) for failure in failures] == [("balanced", "own")]
    assert failures[0].message == "ConvergenceError: worst equation: goods market"
    income = results.data["real_income"].sel(region="IND", elasticity="own")
    assert np.isnan(income.sel(scenario="S1", closure="balanced"))
    assert np.isfinite(income.sel(scenario="S1", closure="fixed"))
    before = ran.data["real_income"].sel(region="IND", elasticity="own")
    beside = {"scenario": ["S0", "S2"], "closure": "balanced"}
    np.testing.assert_array_equal(income.sel(beside), before.sel(beside))
    assert results.manifest.scenario("S2").failures == ()


def test_cases_solved_together_give_what_each_gives_alone(study: Study, ran: StudyResults) -> None:
    for closure in study.file.closures:
        for elasticity, chosen in study.file.elasticities.items():
            world = calibrated(study.economy, chosen)
            for scenario, items in study.instruments.items():
                policy = [item.instrument for item in items]
                alone = solve(world, policy, closure=CLOSURES[closure], on=study.file.on)
                case = ran.data.sel(scenario=scenario, closure=closure, elasticity=elasticity)
                np.testing.assert_allclose(
                    case["real_income"], metrics.real_income(alone), rtol=0.0, atol=1e-9
                )
                np.testing.assert_allclose(case["ev"], metrics.ev(alone), rtol=1e-9, atol=1e-6)


def test_a_run_answers_what_its_study_asks(asking: Study, found: Answer) -> None:
    steps: list[Step] = []
    ran = run_study(asking, quick=True, effort=Effort(8), progress=steps.append)
    assert ran.answer == found
    assert (ran.manifest.draws, ran.manifest.answer_failure) == (8, "")
    assert [step.answer for step in steps] == [*[False] * (len(steps) - 1), True]
    assert {one.field: one.title for one in ran.manifest.beliefs}["penalty"] == "size of the duty"


def test_a_study_that_asks_nothing_draws_nothing(ran: StudyResults) -> None:
    assert ran.answer is None
    assert (ran.manifest.draws, ran.manifest.answer_failure) == (0, "")


def test_why_there_is_no_answer_is_recorded_and_the_rest_is_kept(
    asking: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise AnswerError(["no equilibrium at the medians"])

    monkeypatch.setattr(run, "begin_answer", fail)
    results = run_study(asking, quick=True)
    assert results.answer is None
    assert results.manifest.answer_failure.startswith("AnswerError: there is no answer:")
    assert "no equilibrium at the medians" in results.manifest.answer_failure
    assert results.manifest.draws == QUICK
    assert np.isfinite(results.data["real_income"]).all()


@pytest.mark.long
def test_processes_that_share_the_draws_change_no_byte(
    asking: Study, found: Answer, tmp_path: Path
) -> None:
    shared = run_study(asking, quick=True, effort=Effort(8, jobs=2))
    alone = run_study(asking, quick=True, effort=Effort(8, jobs=1))
    assert shared.answer == found
    first, second = alone.save(tmp_path / "a"), shared.save(tmp_path / "b")
    for name in FILES:
        assert (first / name).read_bytes() == (second / name).read_bytes()


def test_progress_counts_every_case_once(study: Study) -> None:
    steps: list[Step] = []
    run_study(study, quick=True, progress=steps.append)
    assert [step.done for step in steps] == [0, 1, 2, 3]
    assert {step.total for step in steps} == {4}
    assert {step.case.closure for step in steps} == {"fixed"}


def test_the_answer_ends_with_what_it_leaves_out(tmp_path: Path) -> None:
    text = STUDY.replace("horizon: long run", "horizon: Long run.\nnot_counted: strikes.")
    answer = run_study(load_study(str(write_study(tmp_path, text))), quick=True).manifest.answer
    assert answer.endswith("\n\nLong run. Not counted: strikes.")


@pytest.mark.parametrize(("day", "points"), [("2025-08-26", 1.0), ("2025-08-27", 26.0)])
def test_a_dated_instrument_acts_only_on_days_it_is_in_force(
    tmp_path: Path, day: str, points: float
) -> None:
    text = STUDY.replace("horizon: long run", f"horizon: long run\non: {day}")
    duty = (
        "      - tariff: {importer: USA, exporter: IND, sectors: goods, add: 1 pp, evidence: [F01]}"
    )
    text = text.replace("add: 25 pp", "add: 25 pp\n          start: '2025-08-27'")
    path = write_study(tmp_path, text.replace("  - id: S2", f"{duty}\n  - id: S2"))
    data = run_study(load_study(str(path)), quick=True).data
    rates = data["pair_goods_tariff"].sel(scenario="S1", importer="USA", exporter="IND")
    assert float(rates.sel(state="change")) == pytest.approx(points)
