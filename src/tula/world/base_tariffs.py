"""Base import duties: by partner and sector for the United States and China, averages elsewhere.

The United States bear what was collected in 2024, China its ordinary rates by sector with its
answers on top. An approximation for all others: two averages stand for each importer, one for food
(AGR, FOO) and one for other goods; partners in a customs union or free-trade area with the importer
are free, and so are crude oil and natural gas; everything else pays the one rate that keeps the
importer's average. Where an importer has an official average over all goods, its ordinary duties
are scaled to it. Better duties come in by import.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np

from tula.errors import TulaError
from tula.shapes import Bool, Float
from tula.world.labels import Labels

Array = np.ndarray

SOURCES = (
    "US Census Bureau, International Trade data 2024: duty collected over customs value by partner "
    "and sector, and imports of the United States (public domain)",
    "Bown, Jung and Zhang (2019), PIIE: China's rates at ten digits, ordinary and in answer to the "
    "United States, as averages by sector",
    "World Bank, World Development Indicators, TM.TAX.MRCH.WM.AR.ZS (CC BY 4.0): China's average "
    "duty of 2022; Government of India: India's",
    "Teti (2024), Global Tariff Database: average applied duties of 2021 on food and on other "
    "goods by all other importers, weighted by imports of 2022, preferences included",
)
STEPS = (
    "Base duties of the United States: as collected in 2024, by partner and sector",
    "Base duties of China: ordinary rates by sector, free for ASEAN, Australia and New Zealand, "
    "scaled to the World Bank's average of 2.18%; answers to the United States on top, as enacted",
    "Base duties of all others: cited averages by importer (India's scaled to the 4.6% of its "
    "government), one rate for all partners, zero inside customs unions and free-trade areas",
    "RCEP, in force since 2022, no average published: duties between its members that no older "
    "agreement takes off are a quarter lower (assumption, range 0 to 60%)",
)
#: Largest duty the spreading may give, as a fraction. Assumption: duties above it are prohibitive.
MAXIMUM = 1.0


#: Sectors that enter free of duty everywhere. Assumption, range 0 to 5%: India has charged nothing
#: by value on crude oil since June 2011 (Exim Guru, 2016-01-29; 5% before), and importers of crude
#: at large charge little or nothing. An average over all goods would put 6% on India's oil bill.
UNDUTIED = frozenset({"OIL"})


#: The part of their duties that members of RCEP (Regional Comprehensive Economic Partnership, 1
#: January 2022; Korea and Indonesia joined later) have taken off between each other where no older
#: agreement had. Assumption, range 0 to 0.6: they fall in steps, over up to twenty years and on
#: about nine tenths of lines; no average is published.
RCEP, RCEP_CUT = ("CHN", "JPN", "OCE", "SGP", "VNM", "OAS"), 0.25


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


def read_table(name: str) -> list[dict[str, str]]:
    """Return the rows of a table beside the build, without its notes."""
    file = resources.files("tula.world.build") / "tables" / name
    lines = [x for x in file.read_text(encoding="utf-8").splitlines() if not x.startswith("#")]
    return list(csv.DictReader(lines))


@cache
def applied_rates() -> dict[str, tuple[float, float]]:
    """Average duties by importer on food and on other goods, fractions of import value."""
    return {
        row["importer"]: (float(row["agrifood_pct"]) / 100, float(row["other_goods_pct"]) / 100)
        for row in read_table("applied_tariffs.csv")
    }


@cache
def official_averages() -> dict[str, float]:
    """Official averages over all goods of the importers that have one, fractions."""
    return {
        row["importer"]: float(row["official_pct"]) / 100
        for row in read_table("applied_tariffs.csv")
        if row["official_pct"]
    }


@cache
def known_by_partner() -> frozenset[str]:
    """Importers whose duties are known by partner and sector."""
    return frozenset(row["importer"] for row in read_table("partner_duties.csv"))


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
    """Return the duties of the base year, fractions of import value.

    ``trade`` (million USD) weights averages over partners abroad. Raises ``MissingRateError``,
    ``NoDutiableImportsError``.
    """
    duty = average_rates(labels, trade)
    _overlay(labels, duty, "ordinary")
    _cut_inside_rcep(labels, duty)
    goods = np.isin(labels.sectors, labels.sector_groups["goods"])
    value = np.where(np.eye(len(labels.regions)) > 0, 0.0, trade[goods])
    for importer, official in official_averages().items():
        buyer = labels.region_index(importer)
        duty[:, buyer] *= official * value[:, buyer].sum() / (duty[goods] * value)[:, buyer].sum()
    added = np.zeros_like(duty)
    _overlay(labels, added, "added")
    return np.asarray(duty + added)


def _overlay(labels: Labels, duty: Float[Array, "S N I"], part: str) -> None:
    """Write what is known by partner and sector over ``duty``."""
    for row in read_table("partner_duties.csv"):
        if row["part"] == part:
            buyer, cells = labels.region_index(row["importer"]), _by_sector(labels, row)
            for seller in labels.resolve_regions(row["exporter"].split()):
                if seller != row["importer"]:
                    duty[:, buyer, labels.region_index(seller)] = cells


def _by_sector(labels: Labels, row: Mapping[str, str]) -> Float[Array, " S"]:
    return np.array([float(row.get(code, "0")) / 100 for code in labels.sectors])


def _cut_inside_rcep(labels: Labels, duty: Float[Array, "S N I"]) -> None:
    inside = [labels.region_index(code) for code in RCEP]
    duty[np.ix_(range(len(duty)), inside, inside)] *= 1.0 - RCEP_CUT


def average_rates(labels: Labels, trade: Float[Array, "S N I"]) -> Float[Array, "S N I"]:
    """Return duties (fractions) whose averages over imports are the cited ones of each importer.

    Arguments and errors as ``base_tariffs``.
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
