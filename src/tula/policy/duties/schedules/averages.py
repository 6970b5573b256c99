"""Averages of a schedule's lines over the sectors and regions of a world, period by period."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from tula.policy.duties.schedules.concordance import subheadings
from tula.policy.duties.schedules.lines import MFN, SUBHEADING, Line
from tula.policy.duties.schedules.places import Parties, Party
from tula.policy.duties.table import Layer
from tula.world.codes import industries

ONE_DAY = timedelta(days=1)


class Trade:
    """Trade by region (empty: all partners) and subheading, in any unit; falsy where unknown."""

    def __init__(
        self, values: Mapping[tuple[str, str], float], sectors: Callable[[str], tuple[str, ...]]
    ) -> None:
        self.values, self._totals = values, defaultdict[tuple[str, str], float](float)
        for (place, good), value in values.items():
            for sector in sectors(good):
                self._totals[place, sector] += value
        self._known = {place for place, _ in values}

    def __bool__(self) -> bool:
        return bool(self.values)

    def of(self, partner: str, good: str) -> float:
        """Return the trade in a subheading."""
        return self.values.get((self._place(partner), good), 0.0)

    def total(self, partner: str, sector: str) -> float:
        """Return the trade in all goods of a sector."""
        return self._totals[self._place(partner), sector]

    def _place(self, partner: str) -> str:
        return partner if partner in self._known else ""


class Rules(NamedTuple):
    """How lines become one rate of a cell.

    ``free``: layers that list what they reach, so that goods not listed bear nothing; of others
    what is not listed is not known. ``sectors`` gives the sectors of a code, ``places`` that of an
    industry.
    """

    parties: Parties
    sectors: Callable[[str], tuple[str, ...]]
    places: Mapping[str, str]
    weights: Trade
    free: frozenset[str]
    law: str
    source: str
    grade: str


class _Mean(NamedTuple):
    points: float
    coverage: float


def layers_of(lines: Sequence[Line], rules: Rules) -> Iterator[Layer]:
    """Yield the layers of all acts: one row a cell and period of the same rate."""
    acts: dict[tuple[str, str, str, str], list[Line]] = defaultdict(list)
    for line in lines:
        for region in rules.parties.find(line.importer).regions:
            acts[line.layer, line.authority, line.stacking, region].append(line)
    for (layer, authority, stacking, importer), reached in acts.items():
        for partner, sector, goods in _cells(reached, importer, rules):
            shared = Layer(layer, importer, partner, sector, 0.0, date.min)._replace(
                authority=authority,
                stacking=stacking,
                law=rules.law,
                source=rules.source,
                grade=rules.grade,
            )
            for start, end, mean in _periods(goods, partner, sector, rules, layer):
                yield _filled(shared, mean, rules)._replace(start=start, end=end)


def _filled(shared: Layer, mean: _Mean, rules: Rules) -> Layer:
    """Write a mean into a layer, with the part it reaches where that is known."""
    whole = shared._replace(points_on_cell=round(mean.points, 4))
    if shared.stacking == "replaces" or shared.sector == "goods" or mean.coverage == 0.0:
        return whole
    return whole._replace(
        rate_points=round(mean.points / mean.coverage, 4),
        coverage=round(mean.coverage, 6),
        coverage_basis="trade" if rules.weights else "tariff lines, simple average",
    )


def _cells(
    lines: Iterable[Line], importer: str, rules: Rules
) -> Iterator[tuple[str, str, list[tuple[Line, Party]]]]:
    """Yield every partner and sector with the lines that reach it."""
    found: dict[tuple[str, str], list[tuple[Line, Party]]] = defaultdict(list)
    for line in lines:
        buyer, party = rules.parties.find(line.importer), rules.parties.find(line.partner)
        for region in party.regions:
            inside = region == importer or (len(buyer.regions) > 1 and region in buyer.regions)
            if not inside:
                for sector in rules.sectors(line.code):
                    found[region, sector].append((line, party))
    for (region, sector), goods in sorted(found.items(), key=lambda one: one[0]):
        yield region, sector, goods


def _periods(
    goods: Sequence[tuple[Line, Party]], partner: str, sector: str, rules: Rules, layer: str
) -> Iterator[tuple[date, date | None, _Mean]]:
    """Yield the periods of one cell in which its mean stands, joined where it does not move."""
    free = layer in rules.free
    days = {line.start for line, _ in goods}
    days |= {line.end + ONE_DAY for line, _ in goods if line.end is not None}
    held: list[tuple[date, _Mean | None]] = []
    for day in sorted(days):
        live = [
            (line, party)
            for line, party in goods
            if line.start <= day and (line.end is None or day <= line.end)
        ]
        mean = _mean(live, partner, sector, rules, free) if live else None
        if mean is not None and free and mean.points == 0.0 and sector != "goods":
            mean = None
        if not held or held[-1][1] != mean:
            held.append((day, mean))
    ends = [day - ONE_DAY for day, _ in held[1:]]
    for (day, mean), end in zip(held, [*ends, None], strict=True):
        if mean is not None:
            yield day, end, mean


def _mean(
    live: Sequence[tuple[Line, Party]], partner: str, sector: str, rules: Rules, free: bool
) -> _Mean:
    """Average over importers and countries that a region holds: each counts once, those that no
    line names by the lines for all."""
    buyers = sorted({line.importer for line, _ in live})
    named = sorted({party.country for _, party in live if party.country})
    unnamed = max(rules.parties.size(partner) - len(named), 0)
    if not named or any(not party.country for _, party in live):
        named.append("")
    known: list[tuple[int, _Mean]] = []
    for buyer in buyers:
        for land in named:
            mine = [
                (line, party)
                for line, party in live
                if line.importer == buyer and party.country in ("", land)
            ]
            mean = _of_country(mine, partner, sector, rules, free)
            known += [] if mean is None else [(1 if land else max(unnamed, 1), mean)]
    count = sum(times for times, _ in known)
    points = sum(times * mean.points for times, mean in known)
    return _Mean(points / count, sum(times * mean.coverage for times, mean in known) / count)


def _of_country(
    live: Sequence[tuple[Line, Party]], partner: str, sector: str, rules: Rules, free: bool
) -> _Mean | None:
    """Average over goods: the narrowest lines of each subheading hold, means of national lines."""
    held: dict[str, dict[int, list[Line]]] = defaultdict(lambda: defaultdict(list))
    for line, party in live:
        held[line.code[:SUBHEADING]][party.breadth].append(line)
    if not held:
        return None
    rates = {good: _national(by[min(by)]) for good, by in held.items()}
    own = {good: _own_trade(by[min(by)]) for good, by in held.items()}
    if rules.weights:
        weight = {good: rules.weights.of(partner, good) for good in rates}
        total = rules.weights.total(partner, sector) if free else sum(weight.values())
    elif not free and all(trade is not None for trade in own.values()):
        weight = {good: trade or 0.0 for good, trade in own.items()}
        total = sum(weight.values())
    else:
        weight = dict.fromkeys(rates, 1.0)
        total = float(max(_count(sector, rules), len(rates))) if free and sector != "goods" else 0.0
    if total == 0.0:
        weight, total = dict.fromkeys(rates, 1.0), float(len(rates))
    points = sum(rates[good] * weight[good] for good in rates) / total
    reached = sum(weight[good] for good in rates if rates[good] != 0.0) / total
    return _Mean(points, reached)


def _national(lines: Sequence[Line]) -> float:
    trade = [line.trade for line in lines]
    if all(one is not None for one in trade) and sum(one or 0.0 for one in trade) > 0.0:
        return sum(line.points * (line.trade or 0.0) for line in lines) / sum(
            one or 0.0 for one in trade
        )
    return sum(line.points for line in lines) / len(lines)


def _own_trade(lines: Sequence[Line]) -> float | None:
    return (
        None if any(one.trade is None for one in lines) else sum(one.trade or 0.0 for one in lines)
    )


def _count(sector: str, rules: Rules) -> int:
    """How many subheadings a sector has."""
    counts = subheadings()
    held = (one for one in industries() if rules.places.get(one) == sector)
    return sum(counts.get(one, 0) for one in held)


def listing(lines: Iterable[Line], asked: str) -> frozenset[str]:
    """Return the layers in which goods not listed bear nothing: as asked, or all but MFN."""
    names = {line.layer for line in lines}
    if asked:
        return frozenset(names if asked == "free" else ())
    return frozenset(names - {MFN})
