"""Scenarios of a study as questions that a page can begin with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from urllib.parse import quote

from tula.live import FullEngineError
from tula.live.moves import Move, moves
from tula.study.load import Study
from tula.world.labels import Labels

#: Moves that a page takes at a time.
MOST = 12


class Preset(NamedTuple):
    """What readers see it called, and its moves as in the page's address."""

    title: str
    moves: str


def presets(study: Study, known: Labels) -> tuple[Preset, ...]:
    """Return the scenarios of a study that the controls of the page can state.

    ``known`` are the labels of the page's world, whose groups they may name. Elasticities are the
    page's own: figures are those of the report where these are the same.
    """
    labels, found = study.economy.labels, list[Preset]()
    for scenario in study.file.scenarios:
        items = [one.instrument for one in study.instruments[scenario.id]]
        try:
            stated = [one for item in items for one in moves(item, labels, study.file.on)]
            fields = [stated_as(one, known) for one in stated]
        except FullEngineError:
            continue
        if fields and len(fields) <= MOST and not study.layers(scenario.id):
            found.append(Preset(f"{scenario.id}: {scenario.title}", "&".join(fields)))
    return tuple(found)


def stated_as(move: Move, labels: Labels) -> str:
    """Return a move as a field of the page's address.

    Raises ``FullEngineError`` for what the controls of the page do not state.
    """
    who, whom = move["importers"], move["exporters"]
    if move["kind"] == "export-tax":
        who, whom = whom, who
    parts = [
        _named(who, labels.regions, labels.region_groups),
        _named(whom, labels.regions, labels.region_groups),
        _named(move["sectors"], labels.sectors, labels.sector_groups),
    ]
    amount = _amount(move)
    return f"{move['kind']}={':'.join([*parts, *([amount] if amount else [])])}"


def _named(places: Sequence[int], codes: Sequence[str], groups: Mapping[str, Sequence[str]]) -> str:
    chosen = [codes[place] for place in places]
    if len(chosen) == len(codes):
        return "all"
    if len(chosen) == 1:
        return quote(chosen[0])
    group = next((name for name, members in groups.items() if set(members) == set(chosen)), None)
    return quote(group) if group else "+".join(map(quote, chosen))


def _amount(move: Move) -> str:
    """The value as the command line writes it; empty for an embargo on all goods."""
    kind = move["kind"]
    coverage = float(move.get("coverage", 1.0))
    if kind == "embargo":
        return "" if coverage == 1.0 else f"{_number(100.0 * coverage)}%"
    value = float(move["value"])
    if kind in ("tariff", "export-tax"):
        if move["operator"] == "add":
            return f"{_signed(100.0 * value * coverage)}pp"
        mark = {"set": "=", "at_least": ">="}.get(move["operator"])
        if mark is None or coverage != 1.0:
            raise FullEngineError(f"the page has no control for {move['operator']}")
        return f"{mark}{_number(100.0 * value)}%"
    if kind == "trade-cost":
        return f"{_signed(100.0 * (value if move.get('relative') else value - 1.0))}%"
    if kind in ("import-cap", "tariff-quota"):
        level = 1.0 - value if move.get("less") else value
        counted = "together" if move["together"] else "each"
        rates = "".join(
            f"{_number(100.0 * move[one])}%:" for one in ("inside", "beyond") if one in move
        )
        return f"{rates}{_number(100.0 * level)}%/{counted}:{move['rent']}"
    return f"{_number(100.0 * value)}%"


def _number(value: float) -> str:
    return f"{round(value, 6):.10g}"


def _signed(value: float) -> str:
    return f"{'' if value < 0 else '+'}{_number(value)}"
