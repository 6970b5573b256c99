"""A study's text becomes an answer: beliefs reach the block and the instruments as one number."""

from __future__ import annotations

from typing import Any

import pytest

from strategy.answer import made
from tula.file.document import Document, parse_document
from tula.file.grounds import Grounds, lift
from tula.file.problems import Problem
from tula.file.translate import validate
from tula.numbers.record import quantities
from tula.strategy.answer.answer import answer
from tula.strategy.answer.inputs import AnswerInputs
from tula.strategy.answer.scenarios import Scenario
from tula.study.instruments import Grounded, grounded
from tula.study.remade import UnmadeBeliefError, remade
from tula.study.schema import Scenario as Written
from tula.world.named import Names

TEXT = """
beliefs:
  left: {value: 0.5, low: 0.3, high: 0.9, reason: fitted}
  months: {value: 10, low: 3, high: 60, reason: assumed}
  first: {value: 1.4, low: 1.2, high: 1.6, reason: assumed}
  duty: {value: 12 pp, low: 8 pp, high: 20 pp, reason: assumed}
scenarios:
  - id: shunned
    title: Firms turn from the gas
    instruments:
      - import_cap: {importer: PIV, exporter: TWO, sectors: GAS, at: {belief: left},
                     rent_to: importer}
  - id: duty
    title: A duty
    instruments:
      - tariff: {importer: ONE, exporter: PIV, sectors: GDS, add: {belief: duty}}
  - id: stop
    title: No gas
    instruments:
      - embargo: {importer: PIV, exporter: TWO, sectors: GAS, reason: what is asked}
answer:
  announced: 2025-01-01
  since: 2024-10-01
  duties: base
  elasticity: {first_year: {belief: first}, long_run: 3, speed: 3.5, reason: assumed}
  replace: {value: 2, reason: assumed}
  critical:
    - {id: gas, title: Gas of Two, bought_from: TWO, sectors: GAS, by: volume}
  demands:
    - {id: no_gas, title: No gas, by: ONE, tie: gas, meeting: [stop]}
  options:
    - {id: keep, title: It goes on}
    - {id: stop, title: It obeys, scenarios: [stop], meets: {no_gas: 1.0}}
  threats:
    - {id: duty, title: A duty, demand: no_gas, scenarios: [duty], now: 1,
       months: {belief: months}, honoured: 0.5, reason: assumed}
  events:
    - {id: shunned, title: Firms turn, scenarios: [shunned], rent_lost: 0.5, now: 0.5,
       months: {belief: months}, back: 0.1, reason: assumed}
  break_offs: {ONE: {chance: 0.05}, TWO: {chance: 0}}
"""


def lifted(text: str = TEXT) -> tuple[Document, Grounds, list[Problem]]:
    """Return the text without grounds, and the grounds."""
    document = parse_document(text, "study.yaml")
    found, grounds, problems = lift(document, ("instruments", "answer"), document.at(("beliefs",)))
    return found, grounds, [one for one in problems if not one.warning]


def names() -> Names:
    """Return what may be named."""
    known = {"scenario": ("shunned", "duty", "stop"), "layer": ()}
    return Names(made.world().labels, "PIV", "", known)


def read(text: str = TEXT) -> tuple[AnswerInputs | None, dict[str, Scenario], list[Problem]]:
    """Return the block and the scenarios of a text, and what is wrong with it."""
    document, grounds, problems = lifted(text)
    listed = validate(tuple[Written, ...], document, ("scenarios",), names())[0]
    inputs, found = validate(AnswerInputs, document, ("answer",), names())
    instruments: dict[str, Any] = {}
    for place, one in enumerate(listed or ()):
        where = ("scenarios", place, "instruments")
        instruments[one.id] = grounded(where, one.instruments, grounds)
    return inputs, remade(instruments, grounds), problems + found


def test_a_belief_is_one_number_in_the_block_and_in_instruments() -> None:
    inputs, scenarios, problems = read()
    assert problems == []
    assert inputs is not None
    assert inputs.pivot == "PIV"
    stated = {q.belief: q.text for q in quantities(inputs).values() if q.belief}
    assert stated == {"first": "1.4 (1.2 to 1.6)", "months": "10 (3 to 60)"}
    (leaf,) = scenarios["shunned"].leaves
    assert (leaf.field, leaf.number.text, leaf.number.belief) == ("at", "0.5 (0.3 to 0.9)", "left")
    (cap,) = scenarios["shunned"].at({"left": 0.75})
    assert cap.ceiling == 0.75  # type: ignore[union-attr]
    (tariff,) = scenarios["duty"].at({"duty": 0.2})
    assert tariff.add == pytest.approx(0.2)  # type: ignore[union-attr]
    assert scenarios["stop"].leaves == ()


def test_the_text_of_a_study_is_answered() -> None:
    inputs, scenarios, _ = read()
    assert inputs is not None
    found = answer(inputs, made.world(), scenarios, draws=8)
    assert {one.id for one in found.beliefs} == {"left", "months", "first", "duty"}
    assert found.decides == "gas"


def test_what_is_wrong_in_the_block_is_told_where_it_stands() -> None:
    text = TEXT.replace("honoured: 0.5, reason", "honored: 0.5, reason")
    (missing, unknown) = read(text)[2]
    assert "unknown key 'honored'; did you mean 'honoured'?" in unknown.message
    assert "'honoured' is missing" in missing.message
    text = TEXT.replace("tie: gas,", "tie: gass,")
    (wrong,) = read(text)[2]
    assert "did you mean 'gas'" in wrong.message
    assert wrong.place.line is not None
    assert "tie: gass" in text.splitlines()[wrong.place.line - 1]


def test_a_belief_that_no_draw_can_change_is_refused() -> None:
    amount = "value: 5 mb/d, low: 3 mb/d, high: 9 mb/d"
    _, grounds, _ = lifted(TEXT.replace("value: 0.5, low: 0.3, high: 0.9", amount))
    path = ("scenarios", 0, "instruments", 0, "import_cap")
    cap = Grounded(path, made.scenarios()["shunned"][0], (), "", ())
    with pytest.raises(UnmadeBeliefError, match="plain number"):
        remade({"shunned": [cap]}, grounds)
