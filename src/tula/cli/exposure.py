"""``tula exposure``: who holds power over whom, and what a break would cost both sides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from tula.cli import choices, completion
from tula.cli.guard import complain, guarded, out, say, solving, working
from tula.cli.technology import Options, read, told, with_technology

if TYPE_CHECKING:
    from collections.abc import Mapping

    import xarray as xr
    from rich.table import Table

    from tula.equilibrium import Calibration, Technology
    from tula.equilibrium.closures import Closure
    from tula.strategy.withdrawal import Withdrawal
    from tula.world.economy import Economy
    from tula.world.labels import Labels

#: Partners shown where none are named, and sectors shown for each.
PARTNERS, SECTORS = 5, 3
TOLD = {
    "both": "stopped all trade{} with it",
    "sales": "stopped selling{} to it",
    "purchases": "stopped buying{} from it",
}


class _Asked(NamedTuple):
    """The question, read: who, with whom, which trade and which sectors."""

    pivot: str
    partners: dict[str, tuple[str, ...]]
    flows: str
    sectors: tuple[str, ...]
    closure: Closure
    scope: str


class _Found(NamedTuple):
    """What is told of every partner; arrays have axes sector and partner."""

    withdrawals: tuple[Withdrawal, ...]
    trade_share: Mapping[str, float]
    power: xr.DataArray
    market_power: xr.DataArray


@with_technology
@guarded
def exposure(
    pivot: Annotated[
        str,
        typer.Argument(
            metavar="REGION",
            help="Whose exposure: a region or a group.",
            autocompletion=completion.regions,
        ),
    ],
    partners: Annotated[
        str,
        typer.Option(
            metavar="CODES",
            help="Partners, each by itself: USA,RUS,EU; USA+EU is a coalition. "
            "Unsaid: the five largest partners in trade.",
            autocompletion=completion.regions,
        ),
    ] = "",
    sectors: Annotated[
        str, typer.Option(metavar="CODES", help="Only trade in these: OIL+PET or goods-PHA.")
    ] = "all",
    flows: Annotated[
        str,
        typer.Option(
            metavar="WHICH", help="What the partner stops: both ways, its sales, its purchases."
        ),
    ] = "both",
    horizon: Annotated[
        float | None,
        typer.Option(
            metavar="YEARS",
            help="Time buyers have to adjust (docs/exposure.md); unsaid: the long run.",
        ),
    ] = None,
    world: choices.World = "icio-2024",
    closure: choices.ClosureName = "fixed",
    elasticity: choices.ElasticityName = "world",
    *,
    technology: Options,
) -> None:
    """Show what each partner could cost a nation by leaving, and what leaving costs the partner.

    The loss is the change in real income when trade with the partner stops, the rest of the world
    adjusting. Power is the closed form for what cannot be replaced, sector by sector, other
    prices given. docs/exposure.md explains both and their limits.

    Exit code 0: answered; 1: no equilibrium was found; 2: the question cannot be read.
    """
    with working(f"reading world {world}"):
        economy = choices.economy(world, elasticity, horizon)
        asked = _asked(economy, pivot, partners, sectors, flows, closure)
        chosen = read(technology, economy.labels)
    with working("solving"), solving():
        found = _found(economy, chosen, asked)
    _tell(economy, asked, found, told(technology, chosen))


def _asked(
    economy: Economy, pivot: str, partners: str, sectors: str, flows: str, closure: str
) -> _Asked:
    from tula.equilibrium import CLOSURES
    from tula.errors import UnknownNameError
    from tula.strategy.withdrawal import FLOWS

    if closure not in CLOSURES:
        raise UnknownNameError("closure", closure, CLOSURES)
    if flows not in FLOWS:
        raise UnknownNameError("direction of trade", flows, FLOWS)
    labels = economy.labels
    pivot = labels.region_vocabulary.find(pivot)
    words = [word.strip() for word in partners.split(",") if word.strip()]
    named = {
        labels.region_vocabulary.match(word) or word: _chosen(word, "partners", labels)
        for word in words or _largest(economy, pivot)
    }
    chosen = _chosen(sectors, "sectors", labels)
    scope = (
        "" if chosen == labels.sectors else f" {sectors}" if flows != "both" else f" in {sectors}"
    )
    return _Asked(pivot, named, flows, chosen, CLOSURES[closure], scope)


def _chosen(text: str, option: str, labels: Labels) -> tuple[str, ...]:
    """Codes that a text such as ``goods-PHA`` or ``USA+EU`` names."""
    from tula.policy.terms import Fault, Part, WhatIfError, read_terms

    of_sectors = option == "sectors"
    vocabulary = labels.sector_vocabulary if of_sectors else labels.region_vocabulary
    faults: list[Fault] = []
    read = read_terms(Part(text, 0), vocabulary, faults)
    if faults:
        raise WhatIfError(option, text, faults)
    resolve = labels.resolve_sectors if of_sectors else labels.resolve_regions
    spared = resolve(read.spared)
    left = tuple(code for code in resolve(read.names) if code not in spared)
    if not left:
        raise WhatIfError(option, text, [Fault(Part(text, 0), f"no {vocabulary.kind} is left")])
    return left


def _largest(economy: Economy, pivot: str) -> list[str]:
    """The pivot's largest partners in trade."""
    import numpy as np

    own = [economy.labels.region_index(code) for code in economy.labels.resolve_regions(pivot)]
    both_ways = economy.trade.sum(axis=0) + economy.trade.sum(axis=0).T
    total = both_ways[own].sum(axis=0)
    total[own] = -1.0
    order = np.argsort(-total)[: min(PARTNERS, len(total) - len(own))]
    return [economy.regions[place] for place in order]


def _found(economy: Economy, technology: Technology, asked: _Asked) -> _Found:
    from tula.equilibrium import calibrate
    from tula.metrics.power import market_power_by_sector, power_by_sector
    from tula.strategy.withdrawal import withdrawals

    base = calibrate(economy, technology)
    lost = withdrawals(
        base,
        asked.pivot,
        asked.partners,
        flows=asked.flows,
        sectors=asked.sectors,
        closure=asked.closure,
        keep_last_supplier=True,
    )
    chosen = {"sector": list(asked.sectors), "region": asked.pivot}
    bought = power_by_sector(base, powers=asked.partners, buyers=asked.pivot)
    sold = market_power_by_sector(base, markets=asked.partners, sellers=asked.pivot)
    shares = {item.partner: _trade_share(base, item) for item in lost}
    return _Found(lost, shares, bought.sel(chosen), sold.sel(chosen))


def _trade_share(base: Calibration, item: Withdrawal) -> float:
    """Partner's share in the pivot's foreign trade of the sectors asked about, %."""
    labels = base.labels
    own = [labels.region_index(code) for code in item.pivot_members]
    other = [labels.region_index(code) for code in item.partner_members]
    places = [labels.sector_index(code) for code in item.sectors]
    trade = base.border_trade[places].sum(axis=0)
    both_ways = (trade + trade.T)[own]
    both_ways[:, own] = 0.0
    return float(100.0 * both_ways[:, other].sum() / both_ways.sum())


def _tell(economy: Economy, asked: _Asked, found: _Found, technology: str) -> None:
    """The answer first, then the table, what it rests on, and what could not be done."""
    answered = [item for item in found.withdrawals if not item.failure]
    if answered:
        worst = max(answered, key=lambda item: item.loss)
        say(_sentence(economy.labels, worst, len(answered), asked.scope), "bold")
    out().print(_table(found))
    origin = economy.provenance
    say(f"World {origin.name} ({origin.vintage}); elasticities {economy.elasticity_source}.")
    if technology:
        say(technology)
    say(f"Closure {asked.closure.name}; losses in % of own final spending, at base prices.")
    for item in found.withdrawals:
        for sector, importer, exporter in item.kept:
            complain(
                f"{importer} goes on buying {sector} from {exporter}: no other seller", "yellow"
            )
        if item.failure:
            complain(f"{item.pivot} without {item.partner}: {item.failure}")
    if not answered:
        raise typer.Exit(1)


def _sentence(labels: Labels, item: Withdrawal, partners: int, scope: str) -> str:
    from tula.say.words import capital, named

    names = labels.region_names
    pivot = named(names.get(item.pivot, item.pivot))
    partner = named(names.get(item.partner, item.partner))
    own = _would(item.loss, item.loss_money)
    other = _would(item.partner_loss, item.partner_loss_money)
    rank = f", the most costly of {partners} to lose," if partners > 1 else ""
    event = f"if {partner}{rank} {TOLD[item.flows].format(scope)}"
    return f"{capital(pivot)} {own} {event}; {partner} {other}."


def _would(loss: float, money: float) -> str:
    """What a loss (% of spending, million USD) says after a name."""
    from tula.numbers import write
    from tula.say.words import NEGLIGIBLE

    if abs(loss) < NEGLIGIBLE:
        return "would neither gain nor lose as much as 0.01%"
    verb = "lose" if loss > 0 else "gain"
    return (
        f"would {verb} {write.percent(abs(loss))} of real income ({write.money(abs(money))} a year)"
    )


def _table(found: _Found) -> Table:
    from rich.table import Table

    table = Table("Partner")
    for title in ("Trade %", "Power %", "Loss %", "bn USD", "Its loss %", "bn USD"):
        table.add_column(title, justify="right")
    table.add_column("Hard to buy elsewhere")
    table.add_column("Hard to sell elsewhere")
    for item in found.withdrawals:
        bought = found.power.sel(partner=item.partner)
        sold = found.market_power.sel(partner=item.partner)
        table.add_row(item.partner, *_numbers(found, item, bought), _top(bought), _top(sold))
    return table


def _numbers(found: _Found, item: Withdrawal, bought: xr.DataArray) -> list[str]:
    from tula.numbers import write

    losses = (item.loss, item.loss_money / 1000.0)
    own = (item.partner_loss, item.partner_loss_money / 1000.0)
    held = (found.trade_share[item.partner], float(bought.sum()))
    return [write.fixed(value, 2) for value in (*held, *losses, *own)]


def _top(by_sector: xr.DataArray) -> str:
    """The sectors that weigh most, with their part of the whole."""
    from tula.numbers import write

    total = float(by_sector.sum())
    if not 0.0 < total < float("inf"):
        return "" if total == 0.0 else "no other seller"
    ranked = by_sector.sortby(by_sector, ascending=False)[:SECTORS]
    parts = zip(ranked.sector.values, ranked.values, strict=True)
    shares = ((code, float(value) / total) for code, value in parts if value > 0)
    return ", ".join(
        f"{code} {write.percent(100.0 * share, write.WHOLE)}" for code, share in shares
    )
