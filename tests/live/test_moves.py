"""Instruments and the moves that stand for them on the page do the same to the world."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest

import factories
import live_settings as ask
from tula.equilibrium import solve
from tula.live import FullEngineError, payload
from tula.live.moves import moves
from tula.policy import (
    Embargo,
    ExportTax,
    ImportCap,
    ImportCut,
    Tariff,
    TariffQuota,
    TradeAgreement,
    TradeCost,
    Transfer,
)
from tula.policy.caps import ExportCap
from tula.policy.instruments import Instrument

ALL = {"importer": "USA", "exporter": "all"}
LISTS: tuple[list[Any], ...] = (
    [Tariff(**ALL, sectors="all", except_sectors=["SER"], except_exporters=["RUS"], add=0.3)],
    [Tariff(**ALL, sectors="MAN", set=0.4, coverage=0.5), Tariff(**ALL, sectors="all", add=0.1)],
    [Tariff(**ALL, sectors="all", multiply=2.0, coverage=0.25)],
    [
        Tariff(**ALL, sectors="all", at_least=0.2, coverage=0.5),
        Tariff(importer="IND", exporter="all", sectors="all", at_most=0.02, coverage=0.5),
    ],
    [ExportTax(importer="all", exporter="RUS", sectors="OIL", add=0.2, coverage=0.7)],
    [TradeCost(**ALL, sectors="MAN", add=0.05), TradeCost(**ALL, sectors="OIL", factor=0.97)],
    [Embargo(importer="IND", exporter="RUS", sectors="OIL", both_ways=True)],
    [Embargo(importer="IND", exporter="RUS", sectors="all", coverage=0.4, both_ways=True)],
    [
        Embargo(importer="IND", exporter="RUS", sectors="OIL", coverage=0.5),
        ImportCap(importer="IND", exporter="RUS", sectors="OIL", at=0.3),
    ],
    [ImportCap(importer="IND", exporter="RUS", sectors="OIL", cut=0.4, rent_to="nobody")],
    [ImportCut(importer="IND", exporter="RUS", sectors="OIL", cut=0.4)],
    [ExportCap(importer="all", exporter="RUS", sectors="OIL", at=0.7)],
    [
        TariffQuota(
            importer="IND", exporter="RUS", sectors="OIL", cut=0.2, inside=0.01, beyond=0.6
        ),
        TradeAgreement(members=["IND", "RUS"], coverage=0.5),
    ],
    [
        TariffQuota(**ALL, sectors="MAN", at=0.95, inside=0, beyond=0.1, together=True),
        ImportCut(importer="USA", exporter="IND", sectors="MAN", cut=0.3),
    ],
    [TradeAgreement(members=["IND", "RUS", "ROW"], sectors="all", coverage=0.8)],
    [TradeAgreement(members=["IND", "USA"], phase_in=4.0, year=1.0)],
)


@pytest.mark.parametrize("given", LISTS, ids=lambda given: given[0].kind)
def test_both_engines_give_the_same(given: list[Instrument]) -> None:
    economy = factories.toy_economy()
    asked = [move for item in given for move in moves(item, economy.labels)]
    for move in asked:
        if move.pop("relative", False):
            move["value"] = 1.0 + move["value"]
        if move.pop("less", False):
            move["value"] = 1.0 - move["value"]
    setting = ask.Setting(tuple(asked)).as_asked()
    (there,) = ask.in_node([{"payload": payload(economy), "settings": [setting]}])
    here = solve(economy, given).real_income_hat
    assert np.abs(here - 1.0).max() > 1e-6
    assert np.abs(np.array(there["realIncomeHat"]) - here).max() < 1e-10


def test_what_is_not_in_force_moves_nothing() -> None:
    item = Tariff(**ALL, sectors="all", add=0.1, start="2026-01-01")
    labels = factories.toy_economy().labels
    assert moves(item, labels, date(2025, 12, 31)) == []
    assert len(moves(item, labels, date(2026, 1, 1))) == 1


def test_a_belief_stands_in_the_place_of_its_number() -> None:
    item = Tariff(**ALL, sectors="all", add=0.1)
    (move,) = moves(item, factories.toy_economy().labels, beliefs={"add": "duty"})
    assert move["value"] == {"belief": "duty"}
    assert move["coverage"] == 1.0


@pytest.mark.parametrize(
    "item",
    [
        Transfer(payer="USA", receiver="IND", amount_musd=5.0),
        Tariff(**ALL, sectors="all", set=0.1, override=True),
    ],
)
def test_what_only_the_full_engine_knows_is_refused(item: Instrument) -> None:
    with pytest.raises(FullEngineError, match="use tula solve"):
        moves(item, factories.toy_economy().labels)
