"""What a balance is announced with: bad names are told with the nearest, and all at once."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

import rivalry
from tula.strategy.balance.inputs import BalanceInputs, CriticalTie, Power


def _told(**changed: Any) -> str:
    with pytest.raises(ValidationError) as caught:
        rivalry.inputs(**changed)
    return str(caught.value)


def _with(name: str, place: int, **changed: Any) -> list[dict[str, Any]]:
    listed = list(rivalry.fields()[name])
    listed[place] = {**listed[place], **changed}
    return listed


def test_the_balance_as_it_stands_is_read() -> None:
    block = rivalry.inputs()
    assert isinstance(block, BalanceInputs)
    assert [course.id for course in block.courses] == ["keep", "trim", "stop", "turn"]
    assert block.threats[1].size.value == 1.0


def test_unknown_ids_are_told_with_the_nearest_valid_one_and_all_at_once() -> None:
    told = _told(
        demands=_with("demands", 0, tie="crud"),
        threats=_with("threats", 0, demand="oli"),
        situations=[
            {"id": "x", "course": "kep", "threats": ["penalti"], "events": ["storms"]},
        ],
    )
    for line in (
        "demand oil: tie 'crud' is not listed; did you mean 'crude'?",
        "threat penalty: demand 'oli' is not listed; did you mean 'oil'?",
        "situation x: course 'kep' is not listed; did you mean 'keep'?",
        "situation x: threats 'penalti' is not listed; did you mean 'penalty'?",
        "situation x: events 'storms' is not listed; did you mean 'storm'?",
    ):
        assert line in told


def test_ids_that_stand_twice_are_told_by_their_list_and_all_at_once() -> None:
    fields = rivalry.fields()
    names = ("demands", "critical", "courses", "threats", "events", "situations")
    told = _told(**{name: [*fields[name], fields[name][0]] for name in names})
    for name in names:
        assert f"{name}: {fields[name][0]['id']!r} stands twice" in told


def test_what_needs_the_oil_tie_says_so_where_there_is_none() -> None:
    told = _told(oil="")
    for name in ("trim", "stop", "listed"):
        assert f"{name} needs the oil tie: name it under oil" in told


def test_without_an_aligned_course_balance_has_no_price() -> None:
    courses = [one for one in rivalry.fields()["courses"] if "aligned_with" not in one]
    assert "none is aligned_with a rival, so balance has no price" in _told(courses=courses)


def test_the_first_course_keeps_the_balance() -> None:
    told = _told(courses=_with("courses", 0, aligned_with="USA"))
    assert "the first keeps the balance; it cannot be aligned_with" in told


def test_an_unknown_key_is_told_with_the_nearest() -> None:
    threats = _with("threats", 0)
    threats[0] = {**threats[0], "persistance": 0.5}
    assert "did you mean 'persistence'?" in _told(threats=threats)


@pytest.mark.parametrize(
    ("flow", "given", "message"),
    [
        ("imports", {}, "give sectors for imports and exports"),
        ("oil", {"tie": "o", "sectors": ["OIL"]}, "give sectors for imports and exports"),
        ("channels", {}, "name the tie for oil and channels"),
        ("exports", {"sectors": ["MAN"], "tie": "o"}, "name the tie for oil and channels"),
    ],
)
def test_a_critical_tie_names_what_its_flow_is_read_from(
    flow: str, given: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValidationError, match=message):
        CriticalTie.model_validate({"id": "x", "title": "x", "rival": "USA", "flow": flow, **given})


def test_a_power_that_does_nothing_is_refused() -> None:
    with pytest.raises(ValidationError, match="give scenarios, stops_sales_of, or both"):
        Power(rival="USA", title="nothing")


@pytest.mark.parametrize(
    ("key", "value"), [("persistence", 1.2), ("honoured", -0.1), ("size", 0.0)]
)
def test_chances_out_of_bounds_are_refused(key: str, value: float) -> None:
    assert f"threats.0.{key}" in _told(threats=_with("threats", 0, **{key: value}))
