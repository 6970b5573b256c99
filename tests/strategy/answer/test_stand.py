"""One situation of the answer, put to its world for certain."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import toy_answer
from tula.cli.stand import UnreadableValueError, _values
from tula.errors import TulaError
from tula.strategy.answer.proofs import StandTold
from tula.strategy.answer.stand import Asked, BeyondBeliefWarning, stand
from tula.study.load import load_study
from tula.study.remade import remade


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Any:
    study = load_study(str(toy_answer.write(Path(tmp_path_factory.mktemp("stand")))))
    inputs = study.file.answer
    assert inputs is not None
    named = {name: study.instruments[name] for name in inputs.scenarios}

    def ask(**more: Any) -> StandTold:
        return stand(inputs, study.economy, remade(named, study.grounds), Asked(**more))

    return ask


def test_unsaid_the_first_month_stands_as_is_likeliest(asked: Any) -> None:
    found = asked()
    assert (found.course, found.on, found.month) == ("keep", ("duty", "listing"), 1)
    assert found == asked(on=["duty", "listing"])


def test_what_stands_takes_from_the_ties_that_it_is_about(asked: Any) -> None:
    alone = asked(on=[])
    assert alone.kept["crude"] == pytest.approx(1.0, abs=1e-8)
    assert alone.kept["payments"] == 1.0
    listed = asked(on=["listing"])
    assert listed.kept["crude"] == pytest.approx(0.4, abs=1e-8)
    assert listed.kept["payments"] == 0.6
    assert asked(on=["duty"]).kept["goods"] < 0.9
    assert asked(on=[], course="stop").kept["crude"] == 0.0


def test_rents_lost_in_part_lie_between_rents_kept_and_rents_lost(asked: Any) -> None:
    kept, half, lost = (
        asked(on=["listing"], beliefs={"lost": part}).income["IND"] for part in (0.0, 0.5, 1.0)
    )
    assert lost < half < kept
    assert half == pytest.approx(0.5 * (kept + lost))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"on": ["dutty"]}, "did you mean 'duty'"),
        ({"happened": ["court"]}, "unknown cause 'court'"),
        ({"course": "sotp"}, "did you mean 'stop'"),
        ({"month": 3}, "expected 1 to 2"),
        ({"offer": True}, "done for no offer"),
        ({"beliefs": {"penal": 1.0}}, "did you mean 'penalty'"),
        ({"beliefs": {"penalty": float("nan")}}, "no number"),
    ],
)
def test_what_cannot_be_asked_is_told_with_what_can(
    asked: Any, wrong: dict[str, Any], said: str
) -> None:
    with pytest.raises(TulaError, match=said):
        asked(**wrong)


def test_a_value_that_a_range_leaves_out_is_answered_and_said(asked: Any) -> None:
    with pytest.warns(BeyondBeliefWarning, match="outside .* held plausible"):
        asked(beliefs={"first-year": 0.001})


def test_a_belief_is_written_as_in_a_study() -> None:
    assert _values(["duty=18 pp", "part=65%", "months=8"]) == pytest.approx(
        {"duty": 0.18, "part": 0.65, "months": 8.0}
    )
    with pytest.raises(UnreadableValueError, match="such as duty=18pp"):
        _values(["duty=x"])
