"""The page solves the world of a study's answer as the Python engine does, whatever stands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import live_settings as ask
import toy_answer
from tula.live import FullEngineError
from tula.strategy.answer.answer import prepared
from tula.strategy.answer.live import live
from tula.strategy.answer.policies import Situation
from tula.strategy.answer.stand import stood
from tula.study.load import load_study
from tula.study.remade import remade

#: Ties as ratios, and incomes in bn USD.
RATIO, MONEY = 1e-8, 1e-6
State = dict[str, Any]


class Asked:
    """A study's question, for the page and in Python."""

    def __init__(self, study: str) -> None:
        loaded = load_study(study)
        inputs = loaded.file.answer
        assert inputs is not None
        scenarios = remade({n: loaded.instruments[n] for n in inputs.scenarios}, loaded.grounds)
        self.task, self.drawn, _ = prepared(inputs, loaded.economy, scenarios, 8, 0, loaded.table)
        self.content = live(self.task, self.drawn, 1_400_000)
        self.first: State = {**self.content["first"], "offer": False, "beliefs": {}}

    def drawn_state(self, draw: np.random.Generator) -> State:
        """Anything may stand, at any values of the beliefs, in any month."""
        inputs = self.task.inputs
        course = inputs.options[int(draw.integers(len(inputs.options)))]
        priors = self.content["asked"]["beliefs"]
        return {
            "course": course.id,
            "offer": bool(course.offer) and bool(draw.random() < 0.5),
            "on": [one.id for one in inputs.switches if draw.random() < 0.5],
            "happened": [one.id for one in inputs.causes if draw.random() < 0.5],
            "month": int(draw.integers(1, inputs.months + 1)),
            "beliefs": {name: float(draw.uniform(*ends)) for name, (_, *ends) in priors.items()},
        }

    def apart(self, states: list[State]) -> tuple[float, float]:
        """Return the largest differences in ties and incomes, both engines asked."""
        gaps = []
        for state, there in zip(
            states, ask.in_node([{"question": self.content, "states": states}]), strict=True
        ):
            asked = Situation(
                state["course"],
                frozenset(state["on"]),
                frozenset(state["happened"]),
                state["offer"],
            )
            here = stood(self.task, asked, state["month"], {**self.drawn.at(0), **state["beliefs"]})
            assert "refused" not in there, there
            assert there["proof"]["holds"]
            incomes = np.array(there["ev"])[self.content["asked"]["parties"]] / 1e3
            gaps.append(
                (
                    np.abs(np.array(there["ties"]) - list(here.kept.values())).max(),
                    np.abs(incomes - list(here.income.values())).max(),
                )
            )
        ties, incomes = np.max(gaps, axis=0)
        return float(ties), float(incomes)


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Asked:
    return Asked(str(toy_answer.write(Path(tmp_path_factory.mktemp("live")))))


def test_with_nothing_moved_the_page_has_the_figures_of_the_run(toy: Asked) -> None:
    (found,) = ask.in_node([{"question": toy.content, "states": [toy.first]}])
    figures = toy.content["figures"]
    assert found["ties"] == pytest.approx(list(figures["kept"].values()), abs=RATIO)
    incomes = [found["ev"][n] / 1e3 for n in toy.content["asked"]["parties"]]
    assert incomes == pytest.approx(list(figures["income"].values()), abs=MONEY)


def test_in_random_states_both_engines_find_the_same(toy: Asked) -> None:
    draw = np.random.default_rng(3)
    ties, incomes = toy.apart([toy.drawn_state(draw) for _ in range(12)])
    assert ties < RATIO
    assert incomes < MONEY


def test_where_a_threat_and_a_cause_act_on_one_layer_both_engines_find_the_same(
    tmp_path: Path,
) -> None:
    """Half of it stands, of which three fifths are left."""
    rows = """layer,authority,importer,partner,sector,points_on_cell,start
none,,USA,IND,goods,0,2000-01-01
wall,orders,USA,IND,goods,40,2025-08-01
fence,orders,USA,RUS,goods,20,2025-08-01
"""
    (tmp_path / "layers.csv").write_text(rows)
    size = "layers: [wall]\n      size: {value: 0.5, reason: Half.}"
    cause = """  causes:
    - id: court
      title: a ruling
      chance: {value: 0.5, reason: A coin.}
      layers: [orders]
      left: {value: 0.6, reason: Most.}
"""
    text = toy_answer.ASKING.replace("on: 2025", "duties: layers.csv\non: 2025", 1)
    text = text.replace("duties: base", "duties: day").replace("scenarios: [PENALTY]", size, 1)
    asked = Asked(
        str(toy_answer.write(tmp_path, text.replace("  events:", f"{cause}  events:", 1)))
    )
    state = {**asked.first, "happened": ["court"]}
    there = [{**state, "on": on} for on in ([], ["duty"], ["duty", "listing"])]
    ties, incomes = asked.apart([asked.first, *there])
    assert ties < RATIO
    assert incomes < MONEY


@pytest.mark.parametrize(
    ("study", "points"),
    [("india-2025", {"penalty-size": 25.0, "deal-left": 25.0}), ("canada-2026", {})],
)
@pytest.mark.slow
def test_a_ratio_of_duties_is_told_in_points_where_their_rate_is_known(
    study: str, points: dict[str, float]
) -> None:
    """What a deal leaves is of the duty without the one that it lifts; a share has no rate."""
    assert Asked(study).content["asked"]["points"] == points


def test_what_a_state_gives_does_not_depend_on_the_way_to_it(toy: Asked) -> None:
    draw = np.random.default_rng(4)
    states = [toy.drawn_state(draw) for _ in range(5)]
    along = ask.in_node([{"question": toy.content, "states": [*states, states[0]]}])
    assert along[0]["ev"] == along[-1]["ev"]


def test_an_instrument_that_the_page_does_not_know_shuts_only_what_it_is_part_of(
    tmp_path: Path,
) -> None:
    paid = """      - transfer: {payer: IND, receiver: USA, amount_musd: 5, evidence: [F01]}
"""
    stop = "sectors: OIL, evidence: [F02]}\n"
    text = toy_answer.STUDY.replace(stop, stop + paid, 1)
    asked = Asked(str(toy_answer.write(tmp_path, text))).content["asked"]
    told = {one["id"]: one.get("full", "") for one in asked["courses"]}
    assert told["keep"] == ""
    assert "transfer" in told["stop"]
    content = Asked(str(toy_answer.write(tmp_path, text))).content
    state = {**content["first"], "offer": False, "beliefs": {}, "course": "stop"}
    (found,) = ask.in_node([{"question": content, "states": [state]}])
    assert "transfer" in found["refused"]


def test_what_stands_at_first_and_is_not_known_to_the_page_is_refused(tmp_path: Path) -> None:
    paid = "      - transfer: {payer: IND, receiver: USA, amount_musd: 5, evidence: [F01]}\n"
    head = "    hook: The duty is put on India.\n    instruments:\n"
    text = toy_answer.STUDY.replace(head, head + paid, 1)
    with pytest.raises(FullEngineError, match=r"a duty for the oil: .*transfer"):
        Asked(str(toy_answer.write(tmp_path, text)))


@pytest.mark.slow
@pytest.mark.parametrize("study", ["canada-2026", "india-2025", "turkey-2025"])
def test_in_the_studies_both_engines_find_the_same(study: str) -> None:
    asked, draw = Asked(study), np.random.default_rng(5)
    ties, incomes = asked.apart([asked.first, *(asked.drawn_state(draw) for _ in range(6))])
    assert ties < RATIO
    assert incomes < MONEY
