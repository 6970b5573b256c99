"""The elasticity sets of a study, applied to its world."""

from __future__ import annotations

from typing import Any

import numpy as np

from tula.errors import did_you_mean
from tula.evidence import Document, Problem
from tula.study.instruments import quantity
from tula.study.schema import ElasticitySet
from tula.study.vocabulary import Path_, unknown
from tula.world.economy import Economy
from tula.world.elasticities import elasticity_sets, with_elasticity_set
from tula.world.labels import Labels

#: Name of the set a world file brings along.
AS_GIVEN = "world"


def apply_elasticities(economy: Economy, chosen: ElasticitySet) -> Economy:
    """Return the economy with the chosen set; ``world`` keeps the elasticities it came with.

    The source sentence names every sector that is set apart from its set.
    """
    if chosen.set != AS_GIVEN:
        economy = with_elasticity_set(economy, chosen.set, chosen.cap.goods, chosen.cap.services)
    if not chosen.sectors:
        return economy
    values = np.array(economy.trade_elasticity)
    for code, item in chosen.sectors.items():
        values[economy.labels.sector_index(code)] = item.theta
    apart = ", ".join(f"{code} at {item.theta:g}" for code, item in chosen.sectors.items())
    return economy.with_elasticity(values, f"{economy.elasticity_source}; {apart}")


def check_elasticities(document: Document, labels: Labels) -> list[Problem]:
    """Unknown names, numbers that rest on nothing or leave their range, an unlisted headline."""
    given = document.at(("elasticities",))
    named = given if isinstance(given, dict) else {}
    problems = unknown(document, ("headline", "elasticity"), "elasticity", named) if named else []
    for name, content in named.items():
        path: Path_ = ("elasticities", name)
        valid = {**elasticity_sets(), AS_GIVEN: ""}
        problems += unknown(document, (*path, "set"), "elasticity set", valid)
        if isinstance(content, dict):
            problems += _check_cap(document, path, content)
            problems += _check_sectors(document, path, content, labels)
    return problems


def _check_cap(document: Document, path: Path_, content: dict[str, Any]) -> list[Problem]:
    cap = content.get("cap")
    if not isinstance(cap, dict) or not cap:
        return []
    problems = []
    if content.get("set") == AS_GIVEN:
        message = f"a cap needs a published set; set: {AS_GIVEN} keeps the world's own values"
        problems.append(Problem(document.key_place((*path, "cap")), message))
    problems += _ungrounded(document, path, "cap", content)
    return problems + [
        problem for kind in cap for problem in _out_of_range(document, path, (*path, "cap", kind))
    ]


def _check_sectors(
    document: Document, path: Path_, content: dict[str, Any], labels: Labels
) -> list[Problem]:
    sectors = content.get("sectors")
    problems: list[Problem] = []
    for code, item in sectors.items() if isinstance(sectors, dict) else ():
        here = (*path, "sectors", code)
        if code not in labels.sectors:
            problems += _unknown_sector(document, here, code, labels)
        elif isinstance(item, dict):
            problems += _ungrounded(document, here, "theta", item)
            problems += _out_of_range(document, here, (*here, "theta"))
    return problems


def _unknown_sector(document: Document, here: Path_, code: str, labels: Labels) -> list[Problem]:
    message = f"unknown sector {code!r}{did_you_mean(code, labels.sectors)}"
    return [Problem(document.key_place(here), message)]


def _ungrounded(
    document: Document, path: Path_, key: str, content: dict[str, Any]
) -> list[Problem]:
    if content.get("evidence") or content.get("assumption"):
        return []
    message = f"{key} rests on nothing: add assumption: {{range, reason}} or evidence: [fact ids]"
    return [Problem(document.key_place((*path, key)), message)]


def _out_of_range(document: Document, path: Path_, number: Path_) -> list[Problem]:
    """A problem if the number leaves the range assumed beside it."""
    bounds, value = document.at((*path, "assumption", "range")), document.at(number)
    if not isinstance(bounds, list) or len(bounds) != 2 or not isinstance(value, int | float):
        return []
    low, high = (quantity(bound) for bound in bounds)
    if low is None or high is None or low <= value <= high:
        return []
    return [Problem(document.place(number), f"{value} lies outside the assumed range")]
