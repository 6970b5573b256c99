"""Scenarios of a study as questions that the explorer can begin with."""

from __future__ import annotations

from pathlib import Path

import pytest

import factories
import toy_study
from tula.explore.presets import presets, stated_as
from tula.live import FullEngineError
from tula.live.moves import moves
from tula.policy import Embargo, ExportTax, ImportCut, Tariff, TariffQuota, TradeCost
from tula.study.load import load_study

LABELS = factories.toy_economy().labels


def test_scenarios_are_stated_as_moves_of_the_page(tmp_path: Path) -> None:
    study = load_study(str(toy_study.write_study(tmp_path)))
    found = {one.title: one.moves for one in presets(study, LABELS)}
    assert found == {
        "S1: Duty": "tariff=USA:IND:goods:+25pp",
        "S2: Less oil": "import-cap=IND:RUS:OIL:60%/each:importer",
        "J: Both": "tariff=USA:IND:goods:+25pp&import-cap=IND:RUS:OIL:60%/each:importer",
    }


def test_what_the_controls_cannot_state_is_left_out(tmp_path: Path) -> None:
    text = toy_study.STUDY.replace("add: 25 pp", "multiply: 2")
    study = load_study(str(toy_study.write_study(tmp_path, text)))
    assert [one.title for one in presets(study, LABELS)] == ["S2: Less oil"]


@pytest.mark.parametrize(
    ("item", "said"),
    [
        (
            Tariff(importer="USA", exporter="IND", sectors="OIL", add=0.25, coverage=0.6),
            "tariff=USA:IND:OIL:+15pp",
        ),
        (
            Tariff(importer="USA", exporter="IND", sectors="all", at_least=0.1),
            "tariff=USA:IND:all:>=10%",
        ),
        (
            ExportTax(importer="all", exporter="RUS", sectors="OIL", set=0.3),
            "export-tax=RUS:IND+USA+ROW:OIL:=30%",
        ),
        (
            TariffQuota(
                importer="IND", exporter="RUS", sectors="OIL", cut=0.2, inside=0.02, beyond=1.061
            ),
            "tariff-quota=IND:RUS:OIL:2%:106.1%:80%/each:importer",
        ),
        (
            Embargo(importer="IND", exporter="RUS", sectors="OIL", coverage=0.05),
            "embargo=IND:RUS:OIL:5%",
        ),
        (Embargo(importer="IND", exporter="RUS", sectors="OIL"), "embargo=IND:RUS:OIL"),
        (ImportCut(importer="IND", exporter="RUS", sectors="OIL", cut=0.4), "cut=IND:RUS:OIL:40%"),
        (
            TradeCost(importer="IND", exporter="RUS", sectors="SER", factor=0.97),
            "trade-cost=IND:RUS:SER:-3%",
        ),
    ],
)
def test_a_move_is_written_as_the_page_writes_it(item: Tariff, said: str) -> None:
    (move,) = moves(item, LABELS)
    assert stated_as(move, LABELS) == said


def test_a_share_of_a_rate_that_is_set_has_no_control() -> None:
    item = Tariff(importer="USA", exporter="IND", sectors="OIL", set=0.3, coverage=0.5)
    (move,) = moves(item, LABELS)
    with pytest.raises(FullEngineError, match="no control for set"):
        stated_as(move, LABELS)
