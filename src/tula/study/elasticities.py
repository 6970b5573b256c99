"""The elasticity sets of a study, applied to its world."""

from __future__ import annotations

from typing import Any

from tula.evidence import Document, Problem
from tula.study.instruments import quantity
from tula.study.schema import ElasticitySet
from tula.study.vocabulary import Path_, unknown
from tula.world.economy import Economy
from tula.world.elasticities import elasticity_sets, with_elasticity_set

#: Name of the set a world file brings along.
AS_GIVEN = "world"


def apply_elasticities(economy: Economy, chosen: ElasticitySet) -> Economy:
    """Return the economy with the chosen set; ``world`` keeps the elasticities it came with."""
    if chosen.set == AS_GIVEN:
        return economy
    return with_elasticity_set(economy, chosen.set, chosen.cap.goods, chosen.cap.services)


def check_elasticities(document: Document) -> list[Problem]:
    """Unknown sets and groups, caps that rest on nothing, a headline that is not in the list."""
    given = document.at(("elasticities",))
    named = given if isinstance(given, dict) else {}
    problems = unknown(document, ("headline", "elasticity"), "elasticity", named) if named else []
    for name, content in named.items():
        path: Path_ = ("elasticities", name)
        valid = {**elasticity_sets(), AS_GIVEN: ""}
        problems += unknown(document, (*path, "set"), "elasticity set", valid)
        problems += _check_cap(document, path, content if isinstance(content, dict) else {})
    return problems


def _check_cap(document: Document, path: Path_, content: dict[str, Any]) -> list[Problem]:
    cap = content.get("cap")
    if not isinstance(cap, dict) or not cap:
        return []
    problems = []
    if content.get("set") == AS_GIVEN:
        message = f"a cap needs a published set; set: {AS_GIVEN} keeps the world's own values"
        problems.append(Problem(document.key_place((*path, "cap")), message))
    if not content.get("evidence") and not content.get("assumption"):
        message = "cap rests on nothing: add assumption: {range, reason} or evidence: [fact ids]"
        problems.append(Problem(document.key_place((*path, "cap")), message))
    return problems + _out_of_range(document, path, cap)


def _out_of_range(document: Document, path: Path_, cap: dict[str, Any]) -> list[Problem]:
    bounds = document.at((*path, "assumption", "range"))
    if not isinstance(bounds, list) or len(bounds) != 2:
        return []
    low, high = (quantity(bound) for bound in bounds)
    return [
        Problem(document.place((*path, "cap", kind)), f"{value} lies outside the assumed range")
        for kind, value in cap.items()
        if isinstance(value, int | float) and low is not None and high is not None
        if not low <= value <= high
    ]
