"""A question that cannot be answered is refused where it stands when the study is checked."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

import factories
import toy_answer
import toy_study
from tula.file.overrides import Settings
from tula.study.askable import MoveLeftOutWarning
from tula.study.load import check_study, load_study

STUDY = toy_answer.ASKING
MOVE = "    - {id: m%d, title: more, cost: {value: 1, evidence: [F02]}, scenarios: [PENALTY]}\n"
EVENT = (
    "    - {id: e%d, title: more, scenarios: [STOP], now: {value: 0, reason: none stands}, "
    "months: {value: 6, reason: half a year}}\n"
)
CAPPED = (
    "import_cap:\n          importer: IND\n          exporter: RUS\n          sectors: OIL\n"
    "          at: 40%\n"
)
KEPT = "          at: 40%\n          rent_to: importer\n"
LISTED = "      scenarios: [SHUNNED]\n"


def told(folder: Path, text: str) -> list[str]:
    path = toy_answer.write(folder, text)
    return [str(one).replace(f"{folder}/", "") for one in check_study(path)]


def line_of(text: str, part: str) -> int:
    assert text.count(part) >= 1, part
    return text[: text.index(part)].count("\n") + 1


@pytest.mark.parametrize(
    ("old", "new", "where", "expected"),
    [
        (
            KEPT,
            "          at: 40%\n",
            CAPPED,
            "import_cap names nobody who keeps its rent: state rent_to as importer (licences of "
            "buyers), exporter (a restraint of sellers) or nobody (used up by queues and risk)",
        ),
        (
            CAPPED + "          rent_to: importer\n",
            CAPPED.replace("import_cap", "import_cut").replace("at: 40%", "cut: 60%"),
            "import_cut:",
            "import_cut says nothing of its rent: write import_cap, with the same cut and rent_to",
        ),
        (
            "beliefs: {designated: {",
            "beliefs: {designates: {",
            "beliefs: {designates",
            "unknown belief that the answer draws 'designates'; did you mean 'designated'?",
        ),
        (
            "scenarios: [PENALTY]",
            "scenarios: [PENALTY, PENALTY]",
            "scenarios: [PENALTY, PENALTY]",
            "'PENALTY' stands twice in scenarios",
        ),
        (
            "beliefs:\n",
            "beliefs:\n  seed: {value: 1, reason: none}\n",
            "  seed:",
            "belief 'seed' is called like a key of the study: give it another id",
        ),
        (
            "high: 50 pp, title: size of the duty",
            "high: 50, title: size of the duty",
            "  penalty:",
            "'high' cannot stand in tariff: add: 50 would be 5000 pp: if you mean 50 pp",
        ),
        (
            "          at: 40%",
            "          at: {value: 40%, low: -10%, high: 90%, reason: none}",
            "          at:",
            "'low' cannot stand in import_cap: at: must be zero or more, got -0.1",
        ),
        (
            "penalty: {value: 25 pp, low: 10 pp",
            "penalty: {value: 25 pp, low: 60 pp",
            "  penalty:",
            "the range runs from high to low; swap its ends",
        ),
        (
            "bought_from: RUS, sectors: [OIL]",
            "bought_from: IND, sectors: [OIL]",
            "{id: crude",
            "is the pivot, which does not trade with itself",
        ),
        (
            "  moves:\n",
            "  moves:\n" + "".join(MOVE % n for n in range(8)),
            "  moves:\n",
            "9 moves: state at most 6",
        ),
        (
            "  moves:\n",
            "  moves:\n" + "".join(MOVE % n for n in range(4)),
            "  moves:\n",
            "4 moves with scenarios: state at most 3",
        ),
        (
            "  events:\n",
            "  events:\n" + "".join(EVENT % n for n in range(15)),
            "{id: keep",
            "17 threats, events and causes make 131072 joint states: leave some out",
        ),
        ("  pivot: IND\n", "  pivot: ROW\n", "  pivot: ROW", "'ROW' is not the study's pivot"),
        ("    RUS: {chance", "    ROW: {chance", "    ROW:", "'ROW' is no rival of the study"),
        (
            "announced: 2025-12-12",
            "announced: 2025-12-13",
            "announced:",
            "lies after the day of the study, 2025-12-12",
        ),
    ],
)  # fmt: skip
def test_what_has_no_answer_is_told_with_its_line_and_a_remedy(
    tmp_path: Path, old: str, new: str, where: str, expected: str
) -> None:
    assert old in STUDY
    text = STUDY.replace(old, new, 1)
    found = told(tmp_path, text)
    assert any(
        one.startswith(f"study.yaml:{line_of(text, where)}:") and expected in one for one in found
    ), found


def test_a_tie_without_a_flow_in_the_base_year_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, flows = factories.toy_economy(), {}
    pivot, seller, oil = 0, 1, 0
    for name in ("intermediate", "final"):
        flows[name] = getattr(world, name).copy()
        flows[name][pivot, oil, pivot] += flows[name][seller, oil, pivot]
        flows[name][seller, oil, pivot] = 0.0
    world = replace(world, **flows)
    monkeypatch.setattr(factories, "toy_economy", lambda: world)
    found = told(tmp_path, STUDY)
    start = f"study.yaml:{line_of(STUDY, '{id: crude')}:"
    assert [one.startswith(start) for one in found if "there is no flow to keep" in one] == [True]


def test_a_limit_that_the_answer_does_not_use_names_its_rent_too(tmp_path: Path) -> None:
    (found,) = told(tmp_path, toy_study.STUDY.replace("          rent_to: importer\n", "", 1))
    assert "import_cap names nobody who keeps its rent" in found


@pytest.mark.parametrize("name", ["canada-2026", "india-2025", "turkey-2025"])
def test_every_belief_that_a_move_changes_can_be_set(name: str) -> None:
    asked = load_study(name).file.answer
    assert asked is not None
    assert asked.moves
    every = {belief: to for move in asked.moves for belief, to in move.beliefs.items()}
    with pytest.warns(MoveLeftOutWarning, match="is left out"):
        study = load_study(name, Settings(every))
    assert study.file.answer is not None
    assert not [move.id for move in study.file.answer.moves if move.beliefs]
    for move in asked.moves:
        assert any(f"move '{move.id}' is left out" in one.message for one in study.warnings)


@pytest.mark.parametrize("name", ["canada-2026", "india-2025", "turkey-2025"])
def test_what_beliefs_are_called_stands_alone(name: str) -> None:
    """A title is read in a table or on the first screen, where nothing went before."""
    beliefs = load_study(name).document.at(("beliefs",))
    titles = [one["title"] for one in beliefs.values()]
    pointing = re.compile(r"^(months )?(it|they) |that (it|they) |size of that|of those| them$")
    assert [one for one in titles if pointing.search(one)] == []


def test_a_belief_may_be_set_anywhere_in_its_own_range() -> None:
    with pytest.warns(MoveLeftOutWarning, match="'barrels'"):
        study = load_study("india-2025", Settings({"replace-crude": 12}))
    assert study.file.answer is not None
    assert study.file.answer.commodities[0].replace.value == 12.0


def test_everything_that_is_wrong_is_told_at_once_beside_other_faults(tmp_path: Path) -> None:
    text = STUDY.replace(KEPT, "          at: 40%\n").replace("{designated: {", "{x: {")
    found = told(tmp_path, text.replace("exporter: IND, sectors: goods, add", "exporter: IDN, add"))
    for said in ("who keeps its rent", "belief that the answer draws 'x'", "unknown region 'IDN'"):
        assert any(said in one for one in found), found
