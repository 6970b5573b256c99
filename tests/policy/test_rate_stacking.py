"""Measures on one rate stack by one rule: overrides, set, cut, multiply, add, then bounds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tula.policy import (
    ContradictionError,
    Embargo,
    ExportTax,
    Instrument,
    Shock,
    Tariff,
    TradeAgreement,
)

Compiled = Callable[..., Shock]
OIL: dict[str, Any] = {"importer": "IND", "exporter": "RUS", "sectors": "OIL"}
GOODS: dict[str, Any] = {"importer": "IND", "exporter": "all", "sectors": "goods"}
AT = (0, 0, 1)


def rate(compiled: Compiled, *policy: Instrument) -> float:
    """India's duty on Russian oil, 10% in the base."""
    return float(compiled(policy).tariff[AT])


@pytest.mark.parametrize(
    ("measure", "wanted"),
    [
        ({"at_least": "15%"}, 0.15),
        ({"at_least": "5%"}, 0.10),
        ({"at_most": "5%"}, 0.05),
        ({"at_most": "15%"}, 0.10),
        ({"at_least": "15%", "coverage": 0.4}, 0.6 * 0.10 + 0.4 * 0.15),
        ({"at_most": "5%", "coverage": 0.4}, 0.6 * 0.10 + 0.4 * 0.05),
    ],
)
def test_a_bound_moves_only_what_lies_beyond_it(
    compiled: Compiled, measure: dict[str, Any], wanted: float
) -> None:
    assert rate(compiled, Tariff(**OIL, **measure)) == pytest.approx(wanted, rel=1e-14)


def test_a_bound_holds_for_the_total_of_all_the_rest(compiled: Compiled) -> None:
    rest = [
        Tariff(**GOODS, set="20%"),
        TradeAgreement(members=["IND", "RUS"], coverage=0.5),
        Tariff(**OIL, multiply=1.5),
        Tariff(**OIL, add="7 pp"),
    ]
    assert rate(compiled, *rest) == pytest.approx(0.22)
    assert rate(compiled, *rest, Tariff(**OIL, at_least="25%")) == 0.25
    assert rate(compiled, *rest, Tariff(**OIL, at_most="12%")) == 0.12
    assert rate(compiled, *rest, Tariff(**OIL, at_least="21%")) == pytest.approx(0.22)


def test_the_highest_floor_and_the_lowest_ceiling_count(compiled: Compiled) -> None:
    floors = [Tariff(**GOODS, at_least="15%"), Tariff(**OIL, at_least="18%")]
    ceilings = [Tariff(**GOODS, at_most="30%"), Tariff(**OIL, at_most="20%")]
    assert rate(compiled, *floors, *ceilings) == 0.18
    assert rate(compiled, *floors, *ceilings, Tariff(**OIL, add="50 pp")) == 0.20


def test_a_bound_on_an_export_tax_leaves_duties_alone(compiled: Compiled) -> None:
    shock = compiled([ExportTax(**OIL, at_least="5%")])
    assert shock.export_tax[AT] == 0.05
    assert shock.tariff[AT] == 0.10


def test_an_exception_that_overrides_stands_alone(compiled: Compiled) -> None:
    default = Tariff(**GOODS, add="10 pp")
    exception = Tariff(importer="IND", exporter="RUS", sectors="goods", add="30 pp", override=True)
    shock = compiled([default, exception])
    assert shock.tariff[:3, 0, 1].tolist() == pytest.approx([0.40] * 3)
    assert shock.tariff[:3, 0, 2].tolist() == pytest.approx([0.20] * 3)
    asked = exception.model_copy(update={"override": False})
    assert rate(compiled, default, asked) == pytest.approx(0.50)


def test_the_fifteen_percent_that_include_everything(compiled: Compiled) -> None:
    worldwide = Tariff(**GOODS, add="10 pp")
    deal = Tariff(importer="IND", exporter="RUS", sectors="goods", at_least="15%", override=True)
    shock = compiled([worldwide, deal])
    assert shock.tariff[0, 0, 1] == 0.15
    assert shock.tariff[0, 0, 2] == pytest.approx(0.20)


def test_of_exceptions_the_narrowest_counts(compiled: Compiled) -> None:
    nested = [
        Tariff(**GOODS, add="10 pp"),
        Tariff(importer="IND", exporter="EAEU", sectors="goods", set="30%", override=True),
        Tariff(importer="IND", exporter="RUS", sectors=["OIL", "PHA"], set="40%", override=True),
        Tariff(**OIL, set="50%", override=True),
    ]
    shock = compiled(nested)
    assert shock.tariff[:3, 0, 1].tolist() == [0.50, 0.40, 0.30]
    assert shock.tariff[:3, 0, 3].tolist() == [0.30] * 3


def test_exceptions_on_the_same_cells_stack_as_always(compiled: Compiled) -> None:
    same = [
        Tariff(**GOODS, add="10 pp"),
        Tariff(**OIL, set="20%", override=True),
        Tariff(**OIL, add="5 pp", override=True),
    ]
    assert rate(compiled, *same) == pytest.approx(0.25)


def test_an_overridden_set_does_not_clash(compiled: Compiled) -> None:
    policy = [Tariff(**GOODS, set="10%"), Tariff(**OIL, set="50%", override=True)]
    assert rate(compiled, *policy) == 0.50


def test_an_override_puts_agreements_aside_and_an_agreement_may_override(
    compiled: Compiled,
) -> None:
    free = TradeAgreement(members=["IND", "RUS"])
    assert rate(compiled, free, Tariff(**OIL, add="5 pp", override=True)) == pytest.approx(0.15)
    spared = free.model_copy(update={"override": True})
    assert rate(compiled, spared, Tariff(**GOODS, add="25 pp")) == 0.0


def test_an_override_reaches_only_its_own_kind_of_rate(compiled: Compiled) -> None:
    policy = [
        ExportTax(**OIL, add="5 pp"),
        Embargo(**OIL),
        Tariff(**OIL, set="50%", override=True),
    ]
    shock = compiled(policy)
    assert shock.export_tax[AT] == 0.05
    assert shock.embargo[AT]


def test_exceptions_that_cross_are_refused_and_narrowing_one_works(compiled: Compiled) -> None:
    russia = Tariff(importer="IND", exporter="RUS", sectors="goods", set="40%", override=True)
    oil = {"importer": "IND", "exporter": "all", "sectors": "OIL", "set": "50%", "override": True}
    with pytest.raises(ContradictionError, match="neither being the narrower") as caught:
        compiled([russia, Tariff(**oil)])
    assert "IND from RUS (OIL)" in str(caught.value)
    assert "except_exporters" in str(caught.value)
    assert rate(compiled, russia, Tariff(**oil, except_exporters="RUS")) == 0.40


CLASHES = [
    ({"set": "20%"}, {"set": "30%"}, "set different rates on 1 cell"),
    ({"at_least": "20%"}, {"at_most": "15%"}, "ask for at least more than at most on 1 cell"),
    ({"at_most": "15%"}, {"at_least": "20%", "coverage": 0.5}, "at least more than at most"),
]


@pytest.mark.parametrize(("one", "other", "said"), CLASHES)
def test_what_cannot_both_hold_is_refused(
    compiled: Compiled, one: dict[str, Any], other: dict[str, Any], said: str
) -> None:
    with pytest.raises(ContradictionError, match=said):
        compiled([Tariff(**GOODS, **one), Tariff(**OIL, **other)])


@pytest.mark.parametrize(("one", "other", "_said"), CLASHES)
@pytest.mark.parametrize("remedy", ["keep one", "take out", "override"])
def test_each_remedy_of_a_clash_works(
    compiled: Compiled, one: dict[str, Any], other: dict[str, Any], _said: str, remedy: str
) -> None:
    spared: dict[str, Any] = {"except_exporters": "RUS"} if remedy == "take out" else {}
    first = Tariff(**GOODS, **one, **spared)
    second = Tariff(**OIL, **other, override=remedy == "override")
    compiled([first] if remedy == "keep one" else [first, second])


def test_the_account_says_who_counts_alone(compiled: Compiled) -> None:
    policy = [
        Tariff(**GOODS, add="10 pp"),
        Tariff(importer="IND", exporter="RUS", sectors="goods", set="30%", override=True),
        Tariff(**OIL, set="5%", override=True),
    ]
    default, russia, oil = compiled(policy).ledger
    assert "meets #2 on 3 cells: the one marked override counts alone" in default.note
    assert "meets #3 on 1 cell: the one marked override counts alone" in russia.note
    assert oil.note.count("the one marked override counts alone") == 2
    assert (oil.raises, oil.lowers) == (0, 1)


@pytest.mark.parametrize(
    ("spared", "left"),
    [
        ({"except_importers": "IND"}, 6),
        ({"except_exporters": ["IND", "USA"]}, 5),
        ({"except_importers": "EAEU", "except_exporters": "EAEU"}, 2),
        ({"except_importers": "EAEU", "except_partners": "USA", "except_sectors": ["PHA"]}, 5),
    ],
)
def test_both_sides_and_sectors_may_have_exceptions(
    compiled: Compiled, base: np.ndarray, spared: dict[str, Any], left: int
) -> None:
    everybody = {"importer": ["IND", "USA", "RUS"], "exporter": "all"}
    sectors = ["OIL", "PHA"] if "except_sectors" in spared else "OIL"
    shock = compiled([Tariff(**everybody, sectors=sectors, add=0.1, **spared)])
    assert int((shock.tariff != base).sum()) == left


def test_exceptions_of_an_embargo_that_acts_both_ways_hold_both_ways(compiled: Compiled) -> None:
    shut = compiled(
        [
            Embargo(
                importer="all",
                exporter="EAEU",
                sectors="OIL",
                except_importers=["EAEU", "IND"],
                both_ways=True,
            )
        ]
    ).embargo
    assert int(shut.sum()) == 4
    assert not shut[:, 0].any()
