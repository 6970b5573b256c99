"""Every figure of the results has an address, and the address tells how it came about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tula.errors import UnknownNameError
from tula.numbers.estimate import Estimate
from tula.say.templates import told
from tula.strategy.answer.result import Answer, TurnTold
from tula.study.grounds import grounds_of
from tula.study.load import Study
from tula.study.manifest import InstrumentRecord, NumberRecord, TieRecord
from tula.study.results import StudyResults
from tula.study.run import run_study
from tula.study.schema import StudyFile
from tula.study.trace import UnfinishedAddressError, _below, _weighty, trace
from tula.ties.account import HEAD, account_of


def shares(meaning: str) -> Estimate:
    return Estimate(1000.0, 500.0, 2000.0, "million USD a year", meaning)


@pytest.fixture
def whole(results: StudyResults, found: Answer) -> StudyResults:
    """Results with a tie, an assumption and an answer."""
    lines = {name: shares(f"the {name}") for name in HEAD} | {"squad: price.low": shares("a price")}
    assumed = NumberRecord(
        key="scenarios.S1.cut", title="cut", value="40% (20% to 60%)", reason="No source"
    )
    number = NumberRecord(
        key="ties.fuel.market.need", title="Fuel: need", value="4.5 (4 to 5)", evidence=("F01",)
    )
    tie = TieRecord(
        id="fuel", kind="oil", title="Fuel", partner="BBB", notes=("A note.",), numbers=(number,)
    )
    still, moved = results.manifest.scenarios
    instruments = (*moved.instruments, InstrumentRecord(text="AAA cuts", assumed=(assumed,)))
    told = results.manifest.model_copy(
        update={
            "ties": (tie,),
            "hashes": {},
            "scenarios": (still, moved.model_copy(update={"instruments": instruments})),
        }
    )
    return StudyResults(told, results.data, (account_of("oil", "AAA", "BBB", lines),), found)


def test_every_cell_of_every_variable_has_an_address(whole: StudyResults) -> None:
    draw = np.random.default_rng(3)
    for name, variable in whole.data.data_vars.items():
        axes = [dim for dim in variable.dims if dim not in ("scenario", "closure", "elasticity")]
        labels = {dim: str(draw.choice(variable[dim].values)) for dim in ("scenario", *axes)}
        address = ".".join(("scenarios", labels["scenario"], str(name), *(labels[a] for a in axes)))
        cell = variable.sel(labels)
        if "closure" in cell.dims:
            cell = cell.sel(closure="fixed", elasticity="FGO")
        found = trace(whole, address)
        assert found.figure.central == float(cell)
        assert found.figure.unit == variable.attrs["units"]
        assert variable.attrs["base"] in found.meaning[1]


def test_another_variant_is_named_behind_the_labels(whole: StudyResults) -> None:
    headline = trace(whole, "scenarios.S1.real_income.AAA")
    other = trace(whole, "scenarios.S1.real_income.AAA.balanced.FGO")
    cells = whole.data["real_income"].sel(scenario="S1", region="AAA", elasticity="FGO")
    assert (headline.figure.central, other.figure.central) == tuple(map(float, cells))
    assert headline.figure.numbers[1:] == (float(cells.min()), float(cells.max()))
    assert [proof.closure for proof in headline.proofs] == ["fixed"]
    assert (other.closure, other.proofs) == ("balanced", ())


def test_a_scenario_is_told_with_its_instruments_and_what_they_rest_on(whole: StudyResults) -> None:
    text = told(
        "trace",
        address="scenarios.S1.wage.BBB",
        t=trace(whole, "scenarios.S1.wage.BBB"),
        m=whole.manifest,
    )
    for words in (
        "Wage: Change in the price of value added",
        "sign: plus = more than in the base",
        "closure fixed: imbalance fixed",
        "proven in 12 evaluations: largest residual 3.0\u00a0×\u00a010⁻¹² (goods market, AAA)",
        "Scenario S1: A duty",
        "1. BBB adds 25 pp on AAA",
        "F01 (2025-08-06, grade A): A duty was announced [Gazette, https://example.org]",
        "2. AAA cuts, cut: 40% (20% to 60%) [scenarios.S1.cut]",
        "assumed: No source",
    ):
        assert words in text


@pytest.mark.parametrize("line", [*HEAD, "squad: price.low"])
def test_a_line_of_a_tie_is_told_with_every_number_that_goes_in(
    whole: StudyResults, line: str
) -> None:
    found = trace(whole, f"ties.fuel.{line}")
    assert found.figure.numbers == (1000.0, 500.0, 2000.0)
    (ground,) = found.grounds
    assert ground.number == whole.manifest.ties[0].numbers[0]
    assert ground.facts[0].id == "F01"


def numbers(node: Any, steps: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], float]]:
    """Every number below a node with its steps."""
    if isinstance(node, Estimate):
        yield steps, node.central
    elif isinstance(node, int | float) and not isinstance(node, bool):
        yield steps, node
    for name, below in _below(node).items():
        yield from numbers(below, (*steps, name))


def test_every_number_of_an_answer_has_an_address_of_its_own(whole: StudyResults) -> None:
    found = list(numbers(whole.answer, ()))
    assert len(found) > 200
    assert len({steps for steps, _ in found}) == len(found)
    for steps, value in found:
        assert trace(whole, ".".join(("answer", *steps))).figure.central == value


@pytest.mark.parametrize(
    "address",
    [
        "answer.courses.stop.worth.median",
        "answer.powers.USA.needed.high",
        "answer.path.2.ties_met",
        "answer.turning.penalty.odds.0",
        "answer.joint.label.distance",
    ],
)
def test_items_of_an_answer_go_by_what_they_are_called(whole: StudyResults, address: str) -> None:
    assert np.isfinite(trace(whole, address).figure.central)


def test_a_figure_of_the_answer_tells_what_it_is_its_draws_and_its_proof(
    whole: StudyResults, found: Answer
) -> None:
    traced = trace(whole, "answer.odds")
    assert traced.meaning == ("Chance over draws and paths that every condition is met.",)
    assert traced.subject == "Answer about IND, from 2025-12-12"
    assert f"{found.proof.draws} draws of beliefs" in traced.found[0]
    assert f"{found.proof.solves} equilibria" in traced.found[1]


def test_a_median_has_its_range_and_says_what_it_is_the_median_of(
    whole: StudyResults, found: Answer
) -> None:
    assert found.price is not None
    told, traced = found.price.price, trace(whole, "answer.price.price.median")
    assert (traced.figure.central, traced.figure.low, traced.figure.high) == (
        told.median, told.low, told.high,
    )  # fmt: skip
    assert any("bn USD: above zero, balance costs" in line for line in traced.meaning)


@pytest.mark.parametrize("address", ["answer.odds", "answer.price.price.median"])
def test_the_belief_that_moves_a_figure_most_stands_first_and_is_named(
    whole: StudyResults, found: Answer, address: str
) -> None:
    money = "price" in address

    def span(one: TurnTold) -> float:
        told = one.price if money else one.odds
        assert told is not None
        return max(told) - min(told)

    most = max(found.turning, key=span)
    traced = trace(whole, address)
    assert traced.about[1].startswith(f"The {'price rests' if money else 'odds rest'} most on ")
    assert _weighty(found, address.split(".")[1:])[0] == most


def test_the_beliefs_behind_an_answer_are_its_grounds(asking: Study, found: Answer) -> None:
    manifest = run_study(replace(asking, file=_without_question(asking)), quick=True).manifest
    told = grounds_of(manifest, [one.id for one in found.beliefs])
    turned = grounds_of(manifest, [one.id for one in reversed(found.beliefs)])
    assert turned == told[::-1]
    by_name = {one.number.title: one for one in told}
    assert len(by_name) == len(found.beliefs)
    assert by_name["size of the duty"].facts[0].id == "F01"
    assert by_name["rent that is lost"].number.reason == "Nobody knows."


def _without_question(study: Study) -> StudyFile:
    return study.file.model_copy(update={"answer": None})


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("scenario.S1", "unknown address 'scenario'; did you mean 'scenarios'?"),
        ("scenarios.S9", "unknown scenario 'S9'; valid: S0"),
        ("scenarios.S1.real_incom", "unknown variable 'real_incom'; did you mean 'real_income'"),
        ("scenarios.S1.real_income.AAB", "unknown region 'AAB'; did you mean 'AAA'"),
        ("scenarios.S1.real_income.AAA.fix", "unknown closure 'fix'; did you mean 'fixed'?"),
        (
            "scenarios.S1.wage.AAA.more",
            "unknown step 'more'; scenarios.S1.wage.AAA.more is too long",
        ),
        ("ties.fuels.exposure", "unknown tie 'fuels'; did you mean 'fuel'?"),
        ("ties.fuel.exposed", "unknown line 'exposed'; did you mean 'exposure'?"),
        ("answer.prices", "unknown step 'prices'; did you mean 'price'"),
        ("answer.odds.low", "unknown step 'low'; answer.odds.low is too long"),
        ("answer.pivot", "unknown number 'answer.pivot': it is 'IND'"),
    ],
)
def test_a_step_that_leads_nowhere_is_named_with_the_nearest(
    whole: StudyResults, address: str, said: str
) -> None:
    with pytest.raises(UnknownNameError) as error:
        trace(whole, address)
    assert str(error.value).startswith(said)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("", "an address starts with: scenarios, ties, answer"),
        ("scenarios", "scenarios goes on with: S0, S1"),
        ("scenarios.S1.pair_trade.AAA", "scenarios.S1.pair_trade.AAA goes on with: AAA, BBB, CCC"),
        ("scenarios.S1.ev.AAA.fixed", "scenarios.S1.ev.AAA.fixed goes on with: FGO"),
        ("ties.fuel", "ties.fuel goes on with: value_to_pivot"),
        ("answer.courses", "answer.courses goes on with: keep, stop"),
    ],
)
def test_an_address_that_stops_early_is_answered_with_what_follows(
    whole: StudyResults, address: str, said: str
) -> None:
    with pytest.raises(UnfinishedAddressError) as error:
        trace(whole, address)
    assert str(error.value).startswith(said)


def test_a_tie_without_an_account_says_why(whole: StudyResults) -> None:
    (tie,) = whole.manifest.ties
    lost = tie.model_copy(update={"id": "lost", "failure": "no such sector"})
    told = whole.manifest.model_copy(update={"ties": (tie, lost), "hashes": {}})
    with pytest.raises(UnknownNameError, match="lost: no such sector"):
        trace(replace(whole, manifest=told), "ties.lost.exposure")


def test_results_without_ties_or_answer_have_scenarios_alone(results: StudyResults) -> None:
    with pytest.raises(UnfinishedAddressError, match=r"an address starts with: scenarios$"):
        trace(results, "")
