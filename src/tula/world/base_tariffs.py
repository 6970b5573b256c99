"""Base import duties: cited averages by importer, spread over partners.

An approximation. Two averages stand for each importer, one for food (AGR, FOO) and one for other
goods; partners in a customs union or free-trade area with the importer are free, and so are crude
oil and natural gas; everything else pays the one rate that keeps the importer's average. Better
duties come in by import.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np

from tula.errors import TulaError
from tula.shapes import Bool, Float
from tula.world.labels import Labels

Array = np.ndarray

SOURCE = (
    "Teti (2024), Global Tariff Database: average applied duties of 2021 on food and on other "
    "goods by importer, weighted by imports of 2022, preferences included"
)
#: Largest duty the spreading may give, as a fraction. Assumption: duties above it are prohibitive.
MAXIMUM = 1.0


#: Sectors that enter free of duty everywhere. Assumption, range 0 to 5%: India has charged nothing
#: by value on crude oil since June 2011 (Exim Guru, 2016-01-29; 5% before), and importers of crude
#: at large charge little or nothing. An average over all goods would put 6% on India's oil bill.
UNDUTIED = frozenset({"OIL"})


class MissingRateError(TulaError):
    """A region has no cited average duty. Add it to ``applied_tariffs.csv`` with its source, or
    import duties of your own."""  # fmt: skip


class NoDutiableImportsError(TulaError):
    """An importer's cited average cannot be met: too few of its imports come from partners that
    pay duty. Check the list of agreements."""  # fmt: skip


@dataclass(frozen=True)
class Agreement:
    """Members (regions or groups) that trade the sectors of a group free of duty, and why."""

    members: tuple[str, ...]
    sectors: tuple[str, ...]
    text: str


_ALL, _OTHER = ("food", "other goods"), ("other goods",)

#: Customs unions and free-trade areas in force in 2021 that free all or nearly all trade.
AGREEMENTS = (
    Agreement(("EU",), _ALL, "Treaty on the Functioning of the European Union, article 28"),
    Agreement(("EAEU",), _ALL, "Treaty on the Eurasian Economic Union, 29 May 2014"),
    Agreement(("EU", "GBR"), _ALL, "EU-UK Trade and Cooperation Agreement, 30 December 2020"),
    Agreement(("EU", "TUR"), _OTHER, "EC-Turkey Association Council, decision 1/95"),
    Agreement(("EU", "EFT"), _OTHER, "EEA Agreement 1992; EEC-Switzerland Agreement 1972"),
    Agreement(("GBR", "EFT"), _OTHER, "UK-Switzerland 2019; UK-Iceland-Norway 2021"),
    Agreement(("GBR", "TUR"), _OTHER, "UK-Turkey Free Trade Agreement, 29 December 2020"),
    Agreement(("EFT", "TUR"), _OTHER, "EFTA-Turkey Agreement 1991, new text 2018"),
    Agreement(("EU", "ISR"), _OTHER, "EC-Israel Association Agreement 1995"),
    Agreement(("EU", "MEX"), _OTHER, "EC-Mexico Joint Council, decision 2/2000"),
    Agreement(("EU", "KOR"), _OTHER, "EU-Korea Free Trade Agreement 2010"),
    Agreement(("EU", "CAN"), _OTHER, "Comprehensive Economic and Trade Agreement 2016"),
    Agreement(("USMCA",), _ALL, "United States-Mexico-Canada Agreement 2018"),
    Agreement(("USA", "ISR"), _OTHER, "United States-Israel Free Trade Area Agreement 1985"),
    Agreement(("USA", "KOR"), _OTHER, "United States-Korea Free Trade Agreement 2007"),
    Agreement(("GULF",), _ALL, "Gulf Cooperation Council customs union, 2003"),
    Agreement(("ASEAN",), _OTHER, "ASEAN Trade in Goods Agreement 2009"),
)


@cache
def applied_rates() -> dict[str, tuple[float, float]]:
    """Average duties by importer on food and on other goods, fractions of import value."""
    file = resources.files("tula.world.build") / "tables" / "applied_tariffs.csv"
    lines = [x for x in file.read_text(encoding="utf-8").splitlines() if not x.startswith("#")]
    return {
        row["importer"]: (float(row["agrifood_pct"]) / 100, float(row["other_goods_pct"]) / 100)
        for row in csv.DictReader(lines)
    }


def sector_classes(labels: Labels) -> dict[str, Bool[Array, " S"]]:
    """Which sectors are food and which are other goods; all others bear no duty."""
    food = set(labels.sector_groups["food"])
    goods = set(labels.sector_groups["goods"])
    return {
        "food": np.array([code in food for code in labels.sectors]),
        "other goods": np.array([code in goods - food for code in labels.sectors]),
    }


def free_of_duty(labels: Labels, sector_class: str) -> Bool[Array, "N I"]:
    """Pairs (importer, exporter) that trade a class of goods free of duty, own sales included."""
    free = np.eye(len(labels.regions)).astype(bool)
    for agreement in AGREEMENTS:
        if sector_class in agreement.sectors:
            members = labels.resolve_regions(agreement.members)
            inside = np.array([code in members for code in labels.regions])
            free |= inside[:, None] & inside
    return free


def base_tariffs(labels: Labels, trade: Float[Array, "S N I"]) -> Float[Array, "S N I"]:
    """Return duties (fractions) whose averages over imports are the cited ones.

    ``trade`` (million USD) weights the averages over partners abroad. Raises
    ``MissingRateError``, ``NoDutiableImportsError``.
    """
    missing = [code for code in labels.regions if code not in applied_rates()]
    if missing:
        raise MissingRateError(f"no cited average duty for {', '.join(missing)}")
    cited = np.array([applied_rates()[code] for code in labels.regions])
    duty = np.zeros_like(trade)
    undutied = np.array([code in UNDUTIED for code in labels.sectors])
    for column, (name, sectors) in enumerate(sector_classes(labels).items()):
        free = free_of_duty(labels, name)
        value = np.where(np.eye(len(labels.regions)) > 0, 0.0, trade[sectors].sum(axis=0))
        paying = sectors & ~undutied
        dutiable = np.where(free, 0.0, trade[paying].sum(axis=0)).sum(axis=1)
        rate = cited[:, column] * value.sum(axis=1) / np.maximum(dutiable, 1e-30)
        _check_rates(labels, name, rate)
        duty[paying] = np.where(free, 0.0, rate[:, None])
    return duty


def _check_rates(labels: Labels, name: str, rate: Float[Array, " N"]) -> None:
    high = [
        f"{code} {value:.0%}"
        for code, value in zip(labels.regions, rate, strict=True)
        if value > MAXIMUM
    ]
    if high:
        raise NoDutiableImportsError(f"{name}: {', '.join(high)} on the partners left")


def average_duty(
    labels: Labels, trade: Float[Array, "S N I"], tariff: Float[Array, "S N I"]
) -> dict[str, tuple[float, float]]:
    """Average duties by importer on food and other goods from abroad, weighted by ``trade``."""
    abroad = trade * (np.eye(len(labels.regions)) == 0)
    means = [
        (tariff[sectors] * abroad[sectors]).sum(axis=(0, 2)) / abroad[sectors].sum(axis=(0, 2))
        for sectors in sector_classes(labels).values()
    ]
    return {
        code: (float(food), float(other))
        for code, food, other in zip(labels.regions, *means, strict=True)
    }
