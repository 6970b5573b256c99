"""The nowcast of the embedded world: from the table of 2022 to figures of 2024."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from tula.shapes import Float
from tula.world import codes
from tula.world.base_tariffs import base_tariffs, read_table
from tula.world.build.assemble import membership
from tula.world.build.census import fit_american_imports
from tula.world.build.sources import COAL, HYDROCARBONS, baci_trade, baci_unit_value
from tula.world.economy import Economy
from tula.world.labels import Labels
from tula.world.nowcast import Flows, Target, achieved, meet_targets, reprice, resource

Array = np.ndarray

#: Sectors whose partners and prices come from BACI, and the products behind them.
MINERALS = {"OIL": HYDROCARBONS, "COA": COAL}
#: A pair the table shows above MATERIAL (million USD) and BACI below UNSEEN of it in 2022 counts
#: as unpublished (flows of ROW, themselves estimates, never do); an importer with more than GAP
#: of its imports unpublished keeps its partners.
MATERIAL, UNSEEN, GAP = 1_000.0, 0.05, 0.25
#: Border value of an exporter's own product over its basic value, at most. Assumption, range 1.5
#: to 3: Russia's exports in BACI are 1.3 times its output in the table, France's forty times.
REEXPORT = 2.0
#: An exporter whose border value exceeds its basic value by this factor, relative to the world,
#: sells its oil through its own traders: see ``move_margins``.
MARGIN_RATIO, MARGIN_EXPORTS = 1.25, 10_000.0

SOURCES = (
    "World Bank, World Development Indicators: GDP in current USD 2022 and 2023, real growth 2024",
    "Trade of India and of Russia as published for 2024 or FY25: each flow with its source in "
    "the world's metadata (nowcast) and in docs/world.md",
)
STEPS = (
    "Nowcast: oil, gas and coal at unit values of 2024 (BACI); other prices follow costs",
    "Nowcast: partners in oil, gas and coal as in BACI 2024, imports by importer kept",
    "Nowcast: goods imports of the United States with the partner shares of 2024 in each sector "
    "(US Census Bureau); their level by sector and user stays the table's",
    "Nowcast: oil traders' margins moved from transport and trade to oil where they stand out",
    "Nowcast: value added by region moved by GDP 2022-2023 (current USD) and real growth 2024 "
    "(World Bank)",
    "Nowcast: trade of India with Russia, the United States, Belarus, Kazakhstan and the world as "
    "published for 2024 or FY25; trade of Russia with the United States, the European Union and "
    "China as published for 2024",
)


def nowcast_2024(economy: Economy, totals: pd.DataFrame) -> Economy:
    """Return the world of 2022 moved to 2024, with targets and results in its metadata.

    Dollars are those of 2023 with the volumes of 2024. Duties have the same averages over the new
    imports; elasticities stay. Raises the errors of ``tula.world.nowcast``.
    """
    labels = economy.labels
    old = Flows(economy.intermediate, economy.final)
    prices = mineral_prices(labels)
    base = reprice(old, labels, prices)
    moved = base
    for sector, products in MINERALS.items():
        moved = resource(moved, labels, sector, partner_share(labels, old, sector, products))
    moved = fit_american_imports(moved, labels)
    moved = move_margins(moved, base, labels, margin_exporters(labels, old))
    targets = read_targets()
    wanted = old.value_added.sum(axis=1) * gdp_ratio(labels, totals)
    new = meet_targets(moved, base, labels, wanted, targets)
    old_source = economy.provenance
    return replace(
        economy,
        intermediate=new.intermediate,
        final=new.final,
        tariff=base_tariffs(labels, np.ascontiguousarray(new.trade.transpose(1, 2, 0))),
        provenance=replace(
            old_source,
            name="icio-2024",
            vintage="2024",
            sources=(*old_source.sources, *SOURCES),
            steps=(*old_source.steps, *STEPS),
        ),
        metadata={**economy.metadata, **_record(labels, new, targets, prices)},
    )


def _record(
    labels: Labels, new: Flows, targets: Sequence[Target], prices: dict[str, Array]
) -> dict[str, str]:
    """What the nowcast aimed at and what it reached, as text for the file."""
    by_region = {
        sector: dict(zip(labels.regions, ratio.round(4).tolist(), strict=True))
        for sector, ratio in prices.items()
    }
    return {
        "prices": "million USD, basic prices; prices of 2023, volumes of 2024",
        "nowcast": json.dumps(achieved(new, labels, targets)),
        "nowcast_prices": json.dumps(by_region),
    }


def read_targets() -> tuple[Target, ...]:
    """Read the published flows the nowcast reproduces."""
    return tuple(
        Target(
            exporter=row["exporter"],
            importer=row["importer"],
            sectors=tuple(row["sectors"].split()),
            value=float(row["usd_billion"]) * 1e3,
            fact=row["fact"],
            source=row["source"],
            both_ways=row["both_ways"] == "yes",
        )
        for row in read_table("nowcast_targets.csv")
    )


def mineral_prices(labels: Labels) -> dict[str, Float[Array, " I"]]:
    """Prices of 2024 over 2022 by sector and exporter: world unit values of BACI products.

    Products are weighted by the exporter's sales of 2022; who exports none gets world weights.
    """
    result = {}
    for sector, products in MINERALS.items():
        sales = np.array([regional_trade(labels, 2022, (p,)).sum(axis=1) for p in products])
        weight = np.where(sales.sum(axis=0) > 0, sales, sales.sum(axis=1, keepdims=True))
        ratio = [baci_unit_value(2024, p) / baci_unit_value(2022, p) for p in products]
        result[sector] = np.asarray(np.array(ratio) @ weight / weight.sum(axis=0))
    return result


def partner_share(
    labels: Labels, old: Flows, sector: str, products: Sequence[int]
) -> Float[Array, "I N"]:
    """Partner shares of 2024 in BACI; a column of zeros where BACI's partners are unpublished.

    An exporter counts only as far as twice its output of 2022 covers its exports in BACI then:
    the rest is re-exported, and the table books re-exports with the first seller.
    """
    seen, new = (regional_trade(labels, year, products) for year in (2022, 2024))
    output = old.output[:, labels.sector_index(sector)]
    covered = np.minimum(1.0, REEXPORT * output / np.maximum(seen.sum(axis=1), 1e-30))
    new = new * covered[:, None]
    table = old.trade[:, labels.sector_index(sector)].copy()
    np.fill_diagonal(table, 0.0)
    unpublished = (table > MATERIAL) & (seen < UNSEEN * table)
    unpublished[labels.region_index("ROW")] = False
    unpublished[:, labels.region_index("ROW")] = False
    missing = np.where(unpublished, table, 0.0).sum(axis=0) / np.maximum(table.sum(axis=0), 1e-30)
    share = new / np.maximum(new.sum(axis=0), 1e-30)
    return np.asarray(share * (missing <= GAP))


def margin_exporters(labels: Labels, old: Flows) -> tuple[str, ...]:
    """Exporters of oil whose border value stands out above the table's basic value in 2022."""
    border = regional_trade(labels, 2022, HYDROCARBONS).sum(axis=1)
    table = old.trade[:, labels.sector_index("OIL")].copy()
    np.fill_diagonal(table, 0.0)
    basic = table.sum(axis=1)
    high = border > MARGIN_RATIO * border.sum() / basic.sum() * basic
    return tuple(np.array(labels.regions)[high & (basic > MARGIN_EXPORTS)].tolist())


def move_margins(moved: Flows, base: Flows, labels: Labels, exporters: Sequence[str]) -> Flows:
    """Lower trade and transport exports by what oil exports gained in ``moved`` over ``base``.

    Basic prices book the margin of an exporter's traders as trade services; BACI's border values
    hold it in the oil. Each user's purchases of trade services stay: other suppliers fill in.
    """
    oil, services = labels.sector_index("OIL"), labels.sector_index("TRT")
    intermediate, final = moved.intermediate.copy(), moved.final.copy()
    for code in exporters:
        o = labels.region_index(code)
        abroad = np.arange(len(labels.regions)) != o
        gain = moved.trade[o, oil, abroad].sum() - base.trade[o, oil, abroad].sum()
        exports = base.trade[o, services, abroad].sum()
        kept = 1.0 - min(max(gain / exports, 0.0), 1.0)
        for array in (intermediate[:, services], final[:, services]):
            before = array.sum(axis=0)
            array[o, abroad] *= kept
            others = np.arange(len(array)) != o
            rest = array[others].sum(axis=0)
            array[others] *= np.where(rest > 0, (before - array[o]) / np.maximum(rest, 1e-30), 1.0)
    return Flows(intermediate, final)


def gdp_ratio(labels: Labels, totals: pd.DataFrame) -> Float[Array, " N"]:
    """Value added of 2024 over 2022 by region: GDP to 2023 in current USD, then real growth.

    Economies without GDP figures take the ratio of all others together.
    """
    known = totals.dropna(subset=["gdp_2022", "gdp_2023", "real_growth_2024_pct"])
    old, growth = known["gdp_2022"], 1.0 + known["real_growth_2024_pct"] / 100.0
    new = known["gdp_2023"] * growth
    parent = pd.Series(codes.economies()).loc[known.index]
    ratio = new.groupby(parent).sum() / old.groupby(parent).sum()
    return np.asarray(ratio.reindex(list(labels.regions)).fillna(new.sum() / old.sum()), float)


def regional_trade(labels: Labels, year: int, products: Sequence[int]) -> Float[Array, "I N"]:
    """BACI trade between regions, million USD, without trade inside a region."""
    parent = codes.economies()
    trade = baci_trade(year, tuple(products), tuple(parent))
    member = membership(list(parent.values()), labels.regions)
    between = member @ trade @ member.T
    np.fill_diagonal(between, 0.0)
    return np.asarray(between)
