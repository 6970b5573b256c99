"""``make incidence``: who bears duties, under the engine's options, beside the published record.

Writes docs/incidence.md. Two episodes on the embedded world: the duties of 17 November 2025, and
those of 2018-19 with the answers to them, put to the same world without them.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks.page import table
from benchmarks.worlds import ROOT
from tula.equilibrium import ConvergenceError, Solution, Technology, calibrate, solve
from tula.equilibrium.calibration import Calibration
from tula.equilibrium.closures import ProportionalBalance
from tula.equilibrium.day import duties_shock, on_day
from tula.equilibrium.errors import unwarned
from tula.equilibrium.technology import WageFloor
from tula.equilibrium.variants import (
    FIRST_RANGE,
    LONG_RANGE,
    SHORT_RUN,
    SIGMA_LONG,
    Variant,
    buyers_hit,
)
from tula.metrics.burden import Burden, burden
from tula.policy.duties import DutiesOfDay
from tula.policy.shock import Shock
from tula.world.economy import Economy
from tula.world.horizon import SIGMA_SHORT
from tula.world.store import load_world

HEAD = Path(__file__).with_name("incidence.md")
RECORD = Path(__file__).with_name("incidence_record.csv")
PAGE = ROOT / "docs" / "incidence.md"
#: Sigma of crude among sellers, for every buyer: an assumption, range 5 to 40.
CRUDE = {"OIL": 10.0}
EPISODES = ("2025", "2018")
BEFORE, WAR, NOW = date(2018, 1, 15), date(2019, 12, 31), date(2025, 11, 17)
IMPORTER, WATCHED = "USA", ("CHN", "IND")
#: Markets beside which India's sales to the United States are set (EU, Canada, Australia).
BESIDE = ("EU", "CAN", "OCE")


class Option(NamedTuple):
    """A row of the page: a world, and the sectors that keep their own elasticity in it."""

    group: str
    title: str
    variant: Variant
    own: dict[str, float]


class Row(NamedTuple):
    """What an option says of an episode; money in bn USD, volumes and idle labour in %."""

    option: Option
    borne: Burden
    share: float
    money: dict[str, float]
    world: float
    idle: float
    india: float


def options() -> Iterator[Option]:
    """Yield the engine's options, those of ``SHORT_RUN`` first."""
    for one in SHORT_RUN:
        yield Option("standing", one.title, one, CRUDE)
    stuck, first = SHORT_RUN[0], SHORT_RUN[2]
    for sigma in (
        FIRST_RANGE[0],
        SIGMA_SHORT,
        FIRST_RANGE[1],
        LONG_RANGE[0],
        SIGMA_LONG,
        LONG_RANGE[1],
    ):
        yield Option(
            "sigma of everybody", f"{sigma:g}", replace(first, hit=sigma, others=sigma), CRUDE
        )
    yield Option("sigma of everybody", f"{SIGMA_SHORT:g}, crude too", first, {})
    for sigma in (FIRST_RANGE[0], FIRST_RANGE[1]):
        yield Option("sigma of buyers hit", f"{sigma:g}", replace(stuck, hit=sigma), CRUDE)
    for sigma in (LONG_RANGE[0], None):
        told = "the world's own set" if sigma is None else f"{sigma:g}"
        yield Option("sigma of all others", told, replace(stuck, others=sigma), CRUDE)
    proportional = ProportionalBalance()
    for told, one in (("buyers hit", stuck), ("everybody 2", replace(first, hit=2.0, others=2.0))):
        yield Option("imbalances in proportion", told, replace(one, closure=proportional), CRUDE)
    for told, one in (("everybody", first), ("buyers hit", stuck)):
        for floor in (1.0, 0.99, 0.98):
            yield Option(
                "money wages", f"{told}, {floor:g} at least", replace(one, wage_floor=floor), CRUDE
            )
    real = Technology(wage_floors=(WageFloor("all", 1.0, indexation=1.0),))
    yield Option("real wages", "everybody, 1 at least", replace(first, technology=real), CRUDE)
    for told, one in (("everybody", first), ("buyers hit", stuck)):
        for slow in (5.0, 2.0):
            tied = Technology(transformation=slow)
            yield Option("destinations", f"{told}, {slow:g}", replace(one, technology=tied), CRUDE)
    yield Option(
        "workers",
        "everybody, mobility 1",
        replace(first, technology=Technology(labour_mobility=1.0)),
        CRUDE,
    )
    nests = Technology(value_added_and_inputs=0.5, among_inputs=0.2, among_final=0.9)
    yield Option("recipes", "everybody, inputs 0.2", replace(first, technology=nests), CRUDE)


def question(economy: Economy, episode: str) -> tuple[Calibration, Shock]:
    """Return the world before an episode and the move of duties, elasticities its own."""
    if episode == "2025":
        base = calibrate(economy)
        return base, duties_shock(base, DutiesOfDay(NOW))
    base = on_day(economy, DutiesOfDay(BEFORE))
    return base, duties_shock(base, DutiesOfDay(WAR, base_day=BEFORE))


def row(economy: Economy, base: Calibration, shock: Shock, option: Option) -> Row:
    """Solve an episode under an option, around the purchases made before it."""
    fitted = option.variant.world(economy, buyers_hit(base, shock), option.own)
    at = replace(base, trade_elasticity=fitted.trade_elasticity, technology=fitted.technology)
    with unwarned():
        found = solve(at, shock, closure=option.variant.closure)
    spending = at.final_spending / 1000.0
    gain = spending * (found.real_income_hat - 1.0)
    place = at.labels.region_index
    return Row(
        option,
        burden(found, IMPORTER),
        100.0 * float(found.real_income_hat[place(IMPORTER)] - 1.0),
        {code: float(gain[place(code)]) for code in (IMPORTER, *WATCHED)},
        float(gain.sum()),
        100.0 * float(1.0 - found.employment_hat.min()),
        100.0 * (_volume(found, (IMPORTER,)) / _volume(found, BESIDE) - 1.0),
    )


def _volume(found: Solution, markets: Sequence[str], seller: str = "IND") -> float:
    """Return the ratio of new to old volume of a seller's goods sold to some markets."""
    labels, base = found.labels, found.calibration.border_trade
    goods = [labels.sector_index(code) for code in labels.resolve_sectors("goods")]
    buyers = [labels.region_index(code) for code in labels.resolve_regions(markets)]
    cells = np.ix_(goods, buyers, [labels.region_index(seller)])
    price = found.cost_hat.T[:, None, :] * found.seller_wedge
    volume = found.border_trade[cells] / np.broadcast_to(price, base.shape)[cells]
    return float(volume.sum() / base[cells].sum())


def record() -> list[dict[str, str]]:
    """Return the published record, one row a figure."""
    with RECORD.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def written(rows: dict[str, list[Row | str]]) -> str:
    """Return the page: the text kept beside this script, with the tables in place."""
    text = HEAD.read_text(encoding="utf-8")
    marks = {"beside": _beside(rows), "money": _money(rows), "record": _record()}
    marks |= {episode: _episode(found) for episode, found in rows.items()}
    for mark, content in marks.items():
        text = text.replace(f"<!-- {mark} -->", content)
    return text


def _record() -> str:
    heads = ("figure", "low", "high", "unit", "what it says", "source", "grade")
    published = [
        [one["id"], one["low"], one["high"], one["unit"], one["said"], _cited(one), one["grade"]]
        for one in record()
    ]
    return table(heads, published)


def _cited(one: dict[str, str]) -> str:
    return f"[{one['source']}]({one['url']})" if one["url"] else one["source"]


def _beside(rows: dict[str, list[Row | str]]) -> str:
    """Every option beside what was published, each figure with its record at the head."""
    heads = (
        "world", "sellers 2025 (0.04 to 0.14)", "sellers 2018-19 (0)",
        "India's volume % (−24 to −18)", "USA % 2018-19 (−0.04)", "USA % 2025 (−0.4 to −0.1)",
    )  # fmt: skip
    cells = []
    for now, war in zip(*(rows[one] for one in EPISODES), strict=True):
        if isinstance(now, str) or isinstance(war, str):
            cells.append([str(now), "no equilibrium", *[""] * 4])
            continue
        figures = (f"{now.borne.relative:.3f}", f"{war.borne.relative:.3f}", f"{now.india:.0f}")
        title = f"{now.option.group}: {now.option.title}"
        cells.append([title, *figures, f"{war.share:.2f}", f"{now.share:.2f}"])
    return table(heads, cells)


def _money(rows: dict[str, list[Row | str]]) -> str:
    """Lowest and highest sum over the worlds that stand, the first world's own beside them."""
    cells = []
    for episode, found in rows.items():
        stand = [one for one in found[: len(SHORT_RUN)] if isinstance(one, Row)]
        for code in (IMPORTER, *WATCHED):
            sums = [one.money[code] for one in stand]
            figures = (f"{value:.1f}" for value in (sums[0], min(sums), max(sums)))
            cells.append([f"{code}, {episode}", *figures])
    return table(("bn USD a year", "the first world", "lowest", "highest"), cells)


def _episode(found: Sequence[Row | str]) -> str:
    heads = (
        "world", "relative", "within", "common", "imports %", "wage %", "USA bn",
        "China bn", "India bn", "world bn", "idle %",
    )  # fmt: skip
    return table(heads, [_cells(one) for one in found])


def _cells(one: Row | str) -> list[str]:
    if isinstance(one, str):
        return [one, "no equilibrium", *[""] * 9]
    borne, money = one.borne, one.money
    parts = [f"{value:.3f}" for value in (borne.relative, borne.within, borne.common)]
    changes = [f"{value:.1f}" for value in (borne.volume, borne.wage)]
    sums = [f"{money[code]:.1f}" for code in (IMPORTER, *WATCHED)]
    title = f"{one.option.group}: {one.option.title}"
    return [title, *parts, *changes, *sums, f"{one.world:.0f}", f"{one.idle:.1f}"]


def rows(economy: Economy, episode: str) -> list[Row | str]:
    """Return every option's row; one without an equilibrium is named."""
    base, shock = question(economy, episode)
    found: list[Row | str] = []
    for option in options():
        try:
            found.append(row(economy, base, shock, option))
        except ConvergenceError:
            found.append(f"{option.group}: {option.title}")
    return found


def main() -> None:
    """Run both episodes and write the page."""
    economy = load_world()
    PAGE.write_text(written({one: rows(economy, one) for one in EPISODES}), encoding="utf-8")
    print(f"wrote {PAGE}")


if __name__ == "__main__":
    main()
