"""One plain English line per instrument, for ledgers and reports."""

from __future__ import annotations

from collections.abc import Collection

from tula.policy.caps import (
    CapInstrument,
    ExportCap,
    ImportCap,
    ImportCut,
    PriceCap,
    QuantityCap,
    TariffQuota,
)
from tula.policy.instruments import (
    Embargo,
    Instrument,
    Productivity,
    Remittance,
    TradeAgreement,
    TradeCost,
    Transfer,
)
from tula.policy.labour import Labour, Migration
from tula.policy.rates import ExportTax, RateInstrument, Tariff
from tula.policy.retaliation import Retaliation

#: Longest collection that is spelled out; longer ones are counted.
SPELLED_OUT = 4


def describe(instrument: Instrument) -> str:
    """Say in one line what an instrument does, to whom, by how much and when."""
    return _effect(instrument) + _period(instrument)


def title(instrument: Instrument) -> str:
    """The line of ``describe``, led by the instrument's name where it has one."""
    line = describe(instrument)
    return f"{instrument.name}: {line}" if instrument.name else line


def _effect(instrument: Instrument) -> str:
    match instrument:
        case Productivity():
            what = f"productivity of {_sectors(instrument.sectors, instrument.except_sectors)}"
            return f"{listed(instrument.region)}: {what} x{plain(instrument.factor)}"
        case Labour():
            chosen = instrument.sectors
            where = f" in {_sectors(chosen, instrument.except_sectors)}" if chosen else ""
            return f"{listed(instrument.region)}: labour{where} x{plain(instrument.ratio)}"
        case Transfer(payer=payer, receiver=receiver, amount_musd=amount):
            return f"{payer} pays {receiver} {amount:,.10g} million USD a year"
        case Remittance(from_=source, to=to, amount_musd=amount):
            return f"workers in {source} send {amount:,.10g} million USD a year home to {to}"
        case Migration():
            return _migration(instrument)
        case TradeAgreement():
            return _agreement(instrument)
        case _:
            return _trade(instrument)


def _trade(
    item: Tariff
    | ExportTax
    | Retaliation
    | TradeCost
    | Embargo
    | ImportCut
    | ImportCap
    | ExportCap
    | TariffQuota
    | PriceCap,
) -> str:
    sectors = _sectors(item.sectors, item.except_sectors)
    buyer, seller = listed(item.importer), listed(item.exporter)
    if item.except_importers:
        buyer += f" except {listed(item.except_importers)}"
    if item.except_exporters:
        seller += f" except {listed(item.except_exporters)}"
    spared = f" (except {listed(item.except_partners, 'partners')})" if item.except_partners else ""
    match item:
        case Tariff():
            return f"{buyer}: {_operation(item)} import duty on {sectors} from {seller}{spared}"
        case ExportTax():
            return f"{seller}: {_operation(item)} export tax on {sectors} sold to {buyer}{spared}"
        case TradeCost():
            cost = f"cost of delivering {sectors} from {seller}{spared} x{plain(item.ratio)}"
            return f"{buyer}: {cost}"
        case Embargo():
            back = ", nor the other way" if item.both_ways else ""
            part = "" if item.coverage == 1.0 else f"{percent(item.coverage)}% of "
            return f"{buyer}: no purchases of {part}{sectors} from {seller}{spared}{back}"
        case ImportCut():
            cap = percent(1.0 - item.cut)
            what = f"purchases of {sectors} from {seller}{spared} capped at {cap}% of base"
            return f"{buyer}: {what}, rent to the importer"
        case Retaliation():
            return f"{buyer}: {_retaliation(item, sectors)} against {seller}{spared}"
        case TariffQuota():
            return f"{buyer}: {_two_rates(item)} on {sectors} from {seller}{spared}"
        case ImportCap():
            return f"{buyer}: purchases of {sectors} from {seller}{spared} {_ceiling(item)}"
        case ExportCap():
            return f"{seller}: sales of {sectors} to {buyer}{spared} {_ceiling(item)}"
        case PriceCap():
            return f"{buyer}: price paid to {seller}{spared} for {sectors} {_ceiling(item)}"


def _ceiling(item: CapInstrument) -> str:
    """The level, its scope where that may differ, and who keeps the rent."""
    together = isinstance(item, QuantityCap) and item.together
    scope = "" if isinstance(item, PriceCap) else " together" if together else " each"
    rent = "the rent is lost" if item.rent_to == "nobody" else f"rent to the {item.rent_to}"
    amount = f" ({item.base.part(item.ceiling)})" if item.base else ""
    return f"capped at {percent(item.ceiling)}% of base{amount}{scope}, {rent}"


def _retaliation(item: Retaliation, sectors: str) -> str:
    where = "the sectors hit" if item.sectors == ("all",) else sectors
    if item.in_kind is not None:
        return f"retaliation in kind ({percent(item.in_kind)}% of the points) on {where}"
    if item.duty is not None:
        return f"retaliation on {where} worth {percent(item.duty)}% of the duty answered"
    worth = "" if item.trade is None else f", on {percent(item.trade)}% of the trade hit"
    return f"retaliation of {percent(item.add or 0.0, signed=True)} pp on {where}{worth}"


def _two_rates(item: TariffQuota) -> str:
    scope = "together" if item.together else "each"
    amount = f" ({item.base.part(item.ceiling)})" if item.base else ""
    rent = "the rent is lost" if item.rent_to == "nobody" else f"rent to the {item.rent_to}"
    return (
        f"{percent(item.inside)}% import duty up to {percent(item.ceiling)}% of base{amount} "
        f"{scope} and {percent(item.beyond)}% beyond, {rent},"
    )


def _migration(item: Migration) -> str:
    home, host = f"{item.home_earnings_usd:,.10g}", f"{item.host_earnings_usd:,.10g}"
    line = (
        f"{item.to}: admits up to {item.workers_thousand:,.10g} thousand workers of {item.from_}, "
        f"who earn {home} USD a year at home and {host} there"
    )
    if item.remitted > 0.0:
        line += f", and send {percent(item.remitted)}% home"
    if item.wanted_thousand is not None:
        line += f"; {item.wanted_thousand:,.10g} thousand would go"
        line += f" (elasticity {plain(item.elasticity)})" if item.elasticity > 0.0 else ""
    return line


def _operation(item: RateInstrument) -> str:
    words = {
        "set": f"{percent(item.value)}%",
        "add": f"{percent(item.value, signed=True)} pp",
        "multiply": f"x{plain(item.value)}",
        "at_least": f"at least {percent(item.value)}%",
        "at_most": f"at most {percent(item.value)}%",
    }
    more = [
        item.unit_value.part(item.value) if item.unit_value else "",
        "" if item.coverage == 1.0 else f"on {percent(item.coverage)}% of trade",
        "in place of all else" if item.override else "",
    ]
    said = ", ".join(filter(None, more))
    return words[item.operator] + (f" ({said})" if said else "")


def _agreement(item: TradeAgreement) -> str:
    sides = " and ".join(listed(side) for side in item.members)
    sectors = _sectors(item.sectors, item.except_sectors)
    line = f"{sides}: import duties on {sectors} cut by {percent(item.coverage)}% between them"
    line += " (in place of all else)" if item.override else ""
    if item.phase_in == 0.0:
        return line
    reached = "" if item.year is None else f", now in year {plain(item.year)}"
    return f"{line}, phased in over {plain(item.phase_in)} years{reached}"


def _period(instrument: Instrument) -> str:
    start = f"from {instrument.start}" if instrument.start else ""
    end = f"to {instrument.end}" if instrument.end else ""
    return f" ({' '.join(filter(None, (start, end)))})" if start or end else ""


def _sectors(chosen: Collection[str], spared: Collection[str]) -> str:
    """The sectors meant; exempt ones are always named, because they decide how far it reaches."""
    return listed(chosen, "sectors") + (f" except {', '.join(spared)}" if spared else "")


def listed(names: Collection[str], plural: str = "regions") -> str:
    """Spell out a few names, count many, put ``all`` in words."""
    if tuple(names) == ("all",):
        return f"all {plural}"
    if len(names) > SPELLED_OUT:
        return f"{len(names)} {plural}"
    return ", ".join(names)


def percent(fraction: float, *, signed: bool = False) -> str:
    """Write a fraction in per cent with at least one decimal: 0.25 is ``"25.0"``."""
    text = format(100.0 * fraction, "+.6g" if signed else ".6g")
    return text if "." in text or "e" in text else f"{text}.0"


def musd(value: float) -> str:
    """Write million USD with six digits that count, and thousands apart."""
    return f"{float(f'{value:.6g}'):,.10g} million USD"


def plain(value: float) -> str:
    """Write a number without needless digits."""
    return format(value, ".6g")
