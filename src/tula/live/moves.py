"""Instruments as the page's engine reads them: positions of cells, an operator and a value."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import combinations
from typing import Any

import numpy as np

from tula.live.payload import FullEngineError
from tula.policy.caps import ImportCut, QuantityCap, TariffQuota
from tula.policy.cells import place
from tula.policy.flows import TradeInstrument
from tula.policy.instruments import Embargo, Instrument, TradeAgreement, TradeCost
from tula.policy.rates import ExportTax, RateInstrument
from tula.world.labels import Labels

#: A move as plain data: kind, importers, exporters, sectors, and the fields of its kind.
Move = dict[str, Any]
#: A number of a move, or the belief that it is.
Number = float | dict[str, str]


def moves(
    item: Instrument,
    labels: Labels,
    on: date | None = None,
    beliefs: Mapping[str, str] | None = None,
) -> list[Move]:
    """Return an instrument as moves of the page's engine; none where it is not in force ``on``.

    ``beliefs`` name, by field, the belief that stands in it: the move then refers to it. Raises
    ``FullEngineError`` for what the page does not know, and ``SelectionError``.
    """
    if on is not None and not item.in_force(on):
        return []
    known = beliefs or {}

    def number(field: str, value: float) -> Number:
        return {"belief": known[field]} if field in known else float(value)

    if getattr(item, "override", False):
        raise FullEngineError(f"a page does not know override ({item.kind}): use tula solve")
    if isinstance(item, TradeAgreement):
        return _agreement(item, labels, on, known)
    if not isinstance(item, TradeInstrument):
        raise FullEngineError(f"a page does not know {item.kind}: use tula solve")
    fields = _fields(item, number)
    return [{**where, **fields} for where in _places(item, labels)]


def _fields(item: TradeInstrument, number: Any) -> Move:
    """Kind, operator and value of an instrument on flows."""
    if isinstance(item, RateInstrument):
        kind = "export-tax" if isinstance(item, ExportTax) else "tariff"
        own = {"operator": item.operator, "value": number(item.operator, item.value)}
        return {"kind": kind, **own, "coverage": number("coverage", item.coverage)}
    if isinstance(item, TradeCost):
        if item.factor is not None:
            return {"kind": "trade-cost", "value": number("factor", item.factor)}
        return {"kind": "trade-cost", "value": number("add", item.add or 0.0), "relative": True}
    if isinstance(item, Embargo):
        return {"kind": "embargo", "coverage": number("coverage", item.coverage)}
    if isinstance(item, ImportCut):
        return {"kind": "cut", "value": number("cut", item.cut)}
    if isinstance(item, QuantityCap):
        told: Move = {"kind": "import-cap", "rent": item.rent_to, "together": item.together}
        if isinstance(item, TariffQuota):
            rates = {name: number(name, getattr(item, name)) for name in ("inside", "beyond")}
            told |= {"kind": "tariff-quota", **rates}
        if item.at is not None:
            return {**told, "value": number("at", item.at)}
        return {**told, "value": number("cut", item.cut or 0.0), "less": True}
    kind = getattr(item, "kind", type(item).__name__)
    raise FullEngineError(f"a page does not know {kind}: use tula solve")


def _places(item: TradeInstrument, labels: Labels) -> list[Move]:
    """Importers, exporters and sectors of all its cells: one place, two where it is mutual."""
    (placed,) = place([(0, item)], labels)  # type: ignore[list-item]
    sectors = np.flatnonzero(placed.cells.any(axis=(1, 2)))
    pairs = np.any(placed.cells, axis=0)
    if isinstance(item, Embargo) and item.both_ways:
        (there,) = _places(item.having(both_ways=False), labels)
        back = {**there, "importers": there["exporters"], "exporters": there["importers"]}
        return [there, back]
    return [
        {
            "importers": np.flatnonzero(pairs.any(axis=1)).tolist(),
            "exporters": np.flatnonzero(pairs.any(axis=0)).tolist(),
            "sectors": sectors.tolist(),
        }
    ]


def _agreement(
    item: TradeAgreement, labels: Labels, on: date | None, known: Mapping[str, str]
) -> list[Move]:
    """An agreement between every two of its sides."""
    if known and item.phase_in:
        raise FullEngineError("a page does not know a belief on what is phased in: use tula solve")
    place([(0, item)], labels)
    spared = labels.resolve_sectors(item.except_sectors) if item.except_sectors else ()
    chosen = [one for one in labels.resolve_sectors(item.sectors) if one not in spared]
    cut: Number = {"belief": known["coverage"]} if "coverage" in known else float(item.cut(on))
    sides = [[labels.region_index(one) for one in labels.resolve_regions(m)] for m in item.members]
    return [
        {
            "kind": "agreement",
            "importers": one,
            "exporters": other,
            "sectors": [labels.sector_index(code) for code in chosen],
            "value": cut,
        }
        for one, other in combinations(sides, 2)
    ]
