"""Files of the first layout are brought to today's with their comments and their order."""

from __future__ import annotations

from pathlib import Path

import pytest
from ruamel.yaml import YAML

import toy_study
from tula.errors import TulaError
from tula.file.document import parse_document
from tula.file.formats import require_format
from tula.file.upgrade import upgraded
from tula.study.load import check_study

#: A study as the first layout had it, with every place where grounds stood.
OLD = """\
# What this is for.
id: toy
title: A toy   # shown on top
question: What does a duty cost?
pivot: IND
rivals: [USA, RUS]
world: toy.nc
horizon: long run
evidence: evidence.yaml

# Two ways to read elasticities.
elasticities:
  own: {set: world}
  capped:
    set: FGO
    cap: {goods: 8, services: 4}
    assumption: {range: [4, 12], reason: Estimates differ.}   # a wide range
    sectors:
      OIL: {theta: 9, assumption: {range: [4, 39], reason: Crude is alike.}}
      MAN: {theta: 5, evidence: [F01]}
    horizon: {years: 1, assumption: {range: [0.5, 5], reason: The next year.}}
    technology:
      among_inputs: {value: 0.2, assumption: {range: [0, 1], reason: Little.}}
      specific_factors:
        - {sectors: OIL, share: 0.5, evidence: [F01]}

scenarios:
  - id: S0
    title: Nothing
    evidence: [F02]

  # The news of August.
  - id: S1
    title: Duty
    instruments:
      - tariff: {importer: USA, exporter: IND, sectors: goods, add: 25 pp, evidence: [F01]}
      - import_cut:
          importer: IND
          exporter: RUS
          sectors: OIL
          cut: 40%   # of the volume
          assumption: {range: [20%, 60%], reason: Nobody knows.}

ties:
  - alignment:
      id: votes
      title: Votes
      partner: RUS
      rival: USA
      agreements: [{name: votes, votes: 13, pivot_with_rival: 0.25, partner_with_rival: 0.28}]
      evidence: {agreements: [F01]}
  - trade_agreement:
      id: deal
      title: An agreement
      partner: RUS
      bloc: [RUS]
      sectors: [goods]
      # of tariff lines
      coverage: {value: 0.8, low: 0.6, high: 0.9}
      use: {value: 0.6, low: 0.3, high: 0.9}
      reform: 0
      elasticity_scale: 1
      replacement_time: {value: 3, low: 1, high: 6}
      hazard: {value: 0.05, low: 0, high: 0.2}
      evidence:
        elasticity_scale: [F01]
        coverage: [F01, F02]
      assumptions:
        use: Nobody has counted.
        reform: None is planned.
        replacement_time: A guess.
        hazard: A guess.   # of ours
"""
COMMENTS = [
    "# What this is for.",
    "# shown on top",
    "# Two ways to read elasticities.",
    "# a wide range",
    "# The news of August.",
    "# of the volume",
    "# of tariff lines",
    "# of ours",
]
NEW, NOTES = upgraded(OLD)


def test_the_new_file_is_a_sound_study(tmp_path: Path) -> None:
    assert check_study(toy_study.write_study(tmp_path, NEW)) == []


def test_every_comment_stands_once_and_in_order() -> None:
    places = [NEW.index(comment) for comment in COMMENTS]
    assert places == sorted(places)
    assert [NEW.count(comment) for comment in COMMENTS] == [1] * len(COMMENTS)


def test_a_comment_of_its_own_line_stands_above_what_it_stood_above() -> None:
    lines = [line.strip() for line in NEW.splitlines()]
    after = {one: lines[lines.index(one) + 1] for one in COMMENTS[:-1] if one in lines}
    assert after["# Two ways to read elasticities."] == "elasticities:"
    assert after["# The news of August."] == "- id: S1"
    assert after["# of tariff lines"].startswith("coverage:")
    assert lines[-1] == COMMENTS[-1]


def test_empty_lines_between_parts_are_kept() -> None:
    for part in ("# Two ways", "scenarios:", "  # The news", "ties:"):
        assert f"\n\n{part}" in NEW


def test_keys_keep_their_order() -> None:
    old, new = YAML(typ="safe").load(OLD), YAML(typ="safe").load(NEW)
    assert list(new) == ["format", *old]
    deal = [key for key in old["ties"][1]["trade_agreement"] if not key.startswith(("ev", "as"))]
    assert list(new["ties"][0]["trade_agreement"]) == deal


def test_numbers_take_their_grounds_into_their_own_places() -> None:
    new = YAML(typ="safe").load(NEW)
    deal = new["ties"][0]["trade_agreement"]
    assert deal["coverage"] == {"value": 0.8, "low": 0.6, "high": 0.9, "evidence": ["F01", "F02"]}
    assert deal["reform"] == {"value": 0, "reason": "None is planned."}
    cap = new["scenarios"][1]["instruments"][1]["import_cap"]
    assert cap["rent_to"] == "importer"
    cut = cap["cut"]
    assert cut == {"value": "40%", "low": "20%", "high": "60%", "reason": "Nobody knows."}
    capped = new["elasticities"]["capped"]
    assert capped["cap"]["goods"] == {"value": 8, "low": 4, "high": 12}
    assert capped["reason"] == "Estimates differ."
    assert capped["sectors"]["OIL"] == {
        "value": 9,
        "low": 4,
        "high": 39,
        "reason": "Crude is alike.",
    }
    assert list(capped) == ["set", "cap", "reason", "sectors", "horizon", "technology"]
    (part,) = capped["technology"]["specific_factors"]
    assert part == {"sectors": "OIL", "share": 0.5, "evidence": ["F01"]}


def test_a_scene_is_told_from_what_numbers_rest_on() -> None:
    still, moved = YAML(typ="safe").load(NEW)["scenarios"]
    assert still["facts"] == ["F02"]
    assert moved["instruments"][0]["tariff"]["evidence"] == ["F01"]


def test_a_tie_that_is_read_no_more_is_left_out_and_said_so() -> None:
    assert "votes" not in NEW
    (note,) = NOTES
    assert "'alignment'" in note
    assert "left out" in note


def test_an_earlier_question_is_left_out_and_said_so() -> None:
    text, notes = upgraded(f"{OLD}balance:\n  tolerance: 2%\n  evidence: {{tolerance: [F01]}}\n")
    assert text == NEW
    assert notes[-1].startswith("balance: is asked in another way and was left out")


def test_a_file_of_today_comes_back_byte_for_byte() -> None:
    assert upgraded(NEW) == (NEW, [])


def test_an_old_file_is_refused_with_the_remedy() -> None:
    with pytest.raises(TulaError, match=r"run 'tula upgrade study\.yaml'"):
        require_format(parse_document(OLD, "study.yaml"))
    assert require_format(parse_document(NEW, "study.yaml")).at(("format",)) == 2
