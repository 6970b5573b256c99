"""What the page's form needs to begin a study, as ``tula new`` does, for any three regions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from tula.explore.template import javascript
from tula.file.undecided import TEMPLATE
from tula.numbers import write
from tula.policy.duties import embedded_duties
from tula.say.words import named
from tula.study.start import Side, all_sides, spoken
from tula.study.start.begin import REACH, TEMPLATES, templates
from tula.world.economy import Economy
from tula.world.labels import Labels

Pair = tuple[str, str]

#: What the form calls the numbers of a rival's reach.
TITLES = {
    "duty": "Duty that it would add",
    "chance": "Chance a year that it adds it",
    "months": "Months that it would last",
    "honoured": "Chance that it ends it once obeyed",
    "less": "Part of purchases from the other that it asks to give up",
    "breaks-off": "Chance within the year that it breaks off all trade",
    "now": "Does the duty stand on the day? 0 or 1",
}


def study_data(economy: Economy, on: date | None = None) -> dict[str, Any]:
    """Return what ``tula new`` reads off the table for every pivot and rival on a day.

    Unsaid, the day is the last that the table of duties knows.
    Numbers are text as a study has them. Tables have a row a pivot and a cell a rival: goods and
    services sold (``*``: a tie of their own), and inputs, as sector and part. Duties are there
    where they moved.
    """
    known = embedded_duties().known_to
    day = on or known
    assert day is not None
    labels, found = economy.labels, all_sides(economy, day)
    names = [spoken(labels, code) for code in labels.regions]
    return {
        "day": f"{day}",
        "first": f"{known}",
        "known": all(one.duties is not None for one in found.values()),
        "names": names,
        "named": list(map(named, names)),
        "sectors": {one: labels.sector_names.get(one, one) for one in labels.sectors},
        "sold": _table(labels, found, lambda one: write.figure(one.sold)),
        "services": _table(labels, found, _services),
        "inputs": _table(labels, found, lambda one: _inputs(labels, one)),
        "moved": _by_pair(found, _moved),
        "layers": _by_pair(found, lambda one: one.layers),
        "reach": REACH,
        "titles": TITLES,
        "template": TEMPLATE,
    }


def study_script() -> str:
    """Return the templates of a study's files as functions of JavaScript, by file."""
    found = (f'"{file}": {javascript(templates(), name)}' for file, name in TEMPLATES.items())
    return f"const FILES = {{\n{','.join(found)}\n}};"


def _table(labels: Labels, found: Mapping[Pair, Side], text: Callable[[Side], str]) -> list[str]:
    codes = labels.regions
    return [
        " ".join("-" if one == other else text(found[one, other]) for other in codes)
        for one in codes
    ]


def _services(one: Side) -> str:
    return write.figure(one.services) + ("*" if one.sells_services else "")


def _inputs(labels: Labels, one: Side) -> str:
    told = (f"{labels.sector_index(code)}:{write.level(part, 2)}" for code, part in one.inputs)
    return ",".join(told) or "-"


def _moved(one: Side) -> list[Any]:
    if not one.duties or not one.moved:
        return []
    duties = map(write.level, one.duties)
    return [*duties, [(f"{points}", sectors) for points, sectors in one.moved]]


def _by_pair(found: Mapping[Pair, Side], of: Callable[[Side], Any]) -> dict[str, dict[str, Any]]:
    """What there is of some pairs, by pivot and rival."""
    told: dict[str, dict[str, Any]] = {}
    for (pivot, rival), one in found.items():
        if value := of(one):
            told.setdefault(pivot, {})[rival] = value
    return told
