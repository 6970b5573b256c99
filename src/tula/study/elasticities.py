"""The elasticity sets of a study, applied to its world."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from tula.equilibrium.calibration import Calibration, calibrate
from tula.equilibrium.wording import describe
from tula.errors import TulaError
from tula.evidence import Document, Problem
from tula.study.instruments import quantity
from tula.study.schema import ElasticitySet, Horizon, StudyFile
from tula.study.technology import check_technology, technology_of
from tula.study.vocabulary import Path_, unknown
from tula.world.economy import Economy
from tula.world.elasticities import AS_GIVEN, elasticity_sets, with_elasticity_set
from tula.world.horizon import HorizonError, at_horizon
from tula.world.labels import Labels


def apply_elasticities(economy: Economy, chosen: ElasticitySet) -> Economy:
    """Return the economy with the chosen set; ``world`` keeps the elasticities it came with.

    Sectors set apart come after the set, the horizon after both; the source sentence names them.
    Raises ``HorizonError``.
    """
    if chosen.set != AS_GIVEN:
        economy = with_elasticity_set(economy, chosen.set, chosen.cap.goods, chosen.cap.services)
    if chosen.sectors:
        economy = _with_sectors(economy, chosen)
    return economy if chosen.horizon is None else _then(economy, chosen.horizon)


def calibrated(economy: Economy, chosen: ElasticitySet) -> Calibration:
    """Return the world with the set's elasticities and technology; its source names both."""
    technology = technology_of(chosen)
    calibration = calibrate(apply_elasticities(economy, chosen), technology)
    said = describe(technology)
    if not said:
        return calibration
    source = f"{calibration.elasticity_source}; technology: {said}"
    return replace(calibration, elasticity_source=source)


def _then(economy: Economy, horizon: Horizon) -> Economy:
    stated = {
        "sigma_short": horizon.sigma_short,
        "long_run": horizon.long_run,
        "adjustment_years": horizon.adjustment_years,
    }
    given: dict[str, Any] = {key: value for key, value in stated.items() if value is not None}
    return at_horizon(economy, horizon.years, **given)


def _with_sectors(economy: Economy, chosen: ElasticitySet) -> Economy:
    values = np.array(economy.trade_elasticity)
    for code, item in chosen.sectors.items():
        values[economy.labels.sector_index(code)] = item.theta
    apart = ", ".join(f"{code} at {item.theta:g}" for code, item in chosen.sectors.items())
    return economy.with_elasticity(values, f"{economy.elasticity_source}; {apart}")


def check_horizons(document: Document, file: StudyFile | None, economy: Economy) -> list[Problem]:
    """Horizons at which the set has no elasticities, such as a long run below the short one."""
    problems = []
    for name, chosen in file.elasticities.items() if file is not None else ():
        try:
            apply_elasticities(economy, chosen)
        except TulaError as error:
            if not isinstance(error, HorizonError):
                continue  # a name the other checks tell
            place = document.key_place(("elasticities", name, "horizon"))
            problems.append(Problem(place, str(error)))
    return problems


def check_elasticities(document: Document, labels: Labels) -> list[Problem]:
    """Unknown names, numbers that rest on nothing or leave their range, an unlisted headline."""
    given = document.at(("elasticities",))
    named = given if isinstance(given, dict) else {}
    problems = unknown(document, ("headline", "elasticity"), "elasticity", named) if named else []
    for name, content in named.items():
        problems += check_set(document, ("elasticities", name), content, labels)
    return problems


def check_set(document: Document, path: Path_, content: object, labels: Labels) -> list[Problem]:
    """Unknown names, and numbers that rest on nothing or leave their range, of one set."""
    valid = {**elasticity_sets(), AS_GIVEN: ""}
    problems = unknown(document, (*path, "set"), "elasticity set", valid)
    if isinstance(content, dict):
        problems += _check_cap(document, path, content)
        problems += _check_sectors(document, path, content, labels)
        problems += check_technology(document, path, labels)
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
    message = f"unknown sector {code!r}{labels.sector_vocabulary.hint(code)}"
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
