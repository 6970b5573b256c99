"""What a run sets in place of the study's: by address, or by name of a set of replacements."""

from __future__ import annotations

from pathlib import Path

import pytest

from toy_answer import TIED, write
from tula.file.document import Document, parse_document
from tula.file.overrides import OverrideError, Settings, overridden, read_overrides
from tula.study.load import load_study
from tula.study.schema import StudyFile

TEXT = """\
id: a study
beliefs:
  bite: {value: 0.5, low: 0.2, high: 0.9, title: how it bites, reason: A guess.}
overrides:
  mild: {bite: 0.1, ties.fuel.market.sellers.two.share: 0.4}
  harsh: {bite: 0.8}
  wrong: {bit: 0.8}
scenarios:
  - id: S1
    instruments:
      - tariff: {importer: USA, add: 25 pp}
      - embargo: {importer: IND}
ties:
  - oil:
      id: fuel
      hazard: {belief: bite}
      delay: {value: 3, low: 1, high: 6, evidence: [F01]}
      market: {sellers: [{name: one, share: 0.7}, {name: two, share: 0.3}]}
"""


def document() -> Document:
    return parse_document(TEXT, "study.yaml")


def after(*settings: str, named: tuple[str, ...] = ()) -> Document:
    return Settings(read_overrides(settings), named).applied(document())


def test_nothing_set_is_the_study_as_it_stands() -> None:
    assert after() == document()


def test_a_belief_goes_by_its_id_and_keeps_what_it_is_called() -> None:
    found = after("bite=0.3")
    assert found.at(("beliefs", "bite")) == {
        "title": "how it bites",
        "value": 0.3,
        "reason": "set for this run",
    }


def test_a_number_of_a_tie_goes_by_names_of_what_it_is_in_and_becomes_exact() -> None:
    found = after("ties.fuel.delay=4", "ties.fuel.market.sellers.two.share=0.2")
    tie = ("ties", 0, "oil")
    assert found.at((*tie, "delay")) == {"value": 4, "reason": "set for this run"}
    assert found.at((*tie, "market", "sellers", 1, "share")) == 0.2
    assert found.at((*tie, "market", "sellers", 0, "share")) == 0.7


def test_a_number_that_is_a_belief_is_set_in_that_place_alone() -> None:
    found = after("ties.fuel.hazard=0.7")
    assert found.at(("ties", 0, "oil", "hazard")) == {"value": 0.7, "reason": "set for this run"}
    assert found.at(("beliefs", "bite", "value")) == 0.5


def test_a_rate_of_an_instrument_goes_by_scenario_and_place() -> None:
    found = after("scenarios.S1.instruments.0.add=18 pp")
    assert found.at(("scenarios", 0, "instruments", 0, "tariff", "add")) == "18 pp"


def test_a_mapping_takes_the_place_of_the_whole_number() -> None:
    found = after("ties.fuel.delay={value: 2, low: 1, high: 3, evidence: [F02]}")
    assert found.at(("ties", 0, "oil", "delay")) == {
        "value": 2,
        "low": 1,
        "high": 3,
        "evidence": ["F02"],
    }


def test_named_overrides_apply_in_order_and_single_ones_after_them() -> None:
    assert after(named=("mild", "harsh")).at(("beliefs", "bite", "value")) == 0.8
    found = after("bite=0.6", named=("harsh", "mild"))
    assert found.at(("beliefs", "bite", "value")) == 0.6
    assert found.at(("ties", 0, "oil", "market", "sellers", 1, "share")) == 0.4


def test_what_was_set_is_told_in_the_order_in_which_it_applies() -> None:
    settings = Settings(read_overrides(["bite=0.6", "title=A b"]), ("harsh", "mild"))
    assert settings.told == ("override harsh", "override mild", "bite=0.6", 'title="A b"')


def test_a_study_is_not_changed_by_what_a_run_sets() -> None:
    read = document()
    overridden(read, {"bite": 0.1})
    assert read == document()


def test_every_unknown_address_is_told_with_the_nearest() -> None:
    with pytest.raises(OverrideError) as caught:
        after("bits=1", "ties.fuel.delai=2", "ties.gas.delay=2")
    lines = [line.strip() for line in str(caught.value).splitlines()]
    assert lines[0].startswith("nothing to set at 'bits'; did you mean 'bite'")
    assert lines[1].startswith("nothing to set at 'ties.fuel.delai'; did you mean 'ties.fuel.delay")
    assert lines[2].startswith("nothing to set at 'ties.gas.delay'")


def test_an_unknown_name_of_overrides_is_told_with_the_nearest() -> None:
    with pytest.raises(OverrideError, match="unknown override 'mid'; did you mean 'mild'"):
        after(named=("mid",))
    bare = parse_document("id: x\n", "study.yaml")
    with pytest.raises(OverrideError, match="unknown override 'mid'; the study has none"):
        Settings(named=("mid",)).applied(bare)


def test_a_named_override_with_an_unknown_address_is_told() -> None:
    with pytest.raises(OverrideError, match="nothing to set at 'bit'; did you mean 'bite'"):
        after(named=("wrong",))


@pytest.mark.parametrize("written", ["bite", "=3", "bite=", " = ", "bite=[1", "bite=.nan", "b=*x"])
def test_what_cannot_be_read_is_told_as_it_was_written(written: str) -> None:
    with pytest.raises(OverrideError, match="cannot read") as caught:
        read_overrides([written])
    assert repr(written) in str(caught.value)


def test_a_study_run_with_a_setting_has_the_number_and_another_hash(tmp_path: Path) -> None:
    path = str(write(tmp_path, TIED))
    plain, moved = load_study(path), load_study(path, Settings({"ties.crude-tie.hazard": 0.25}))
    oil = next(tie.model for tie in moved.ties if tie.kind == "oil")
    assert oil.hazard.text == "0.25"
    assert moved.content_hash != plain.content_hash
    assert moved.settings.told == ("ties.crude-tie.hazard=0.25",)


def test_a_key_that_the_file_leaves_out_may_be_set_where_its_type_has_it() -> None:
    bare = parse_document("id: toy\nscenarios: [{id: S, title: One}]\n", "study.yaml")
    settings = read_overrides(["seed=4", "scenarios.S.hook=It happens."])
    found = overridden(bare, settings, StudyFile).content
    assert found["seed"] == 4
    assert found["scenarios"][0] == {"id": "S", "title": "One", "hook": "It happens."}
    for name, near in (("sead", "'seed'"), ("scenarios.S.hok", "'scenarios.S.hook'")):
        with pytest.raises(OverrideError, match=rf"nothing to set at '{name}'; .*{near}"):
            overridden(bare, {name: 1}, StudyFile)
