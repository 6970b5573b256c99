"""A world as it travels with a page: flows, rates, elasticities, names and where it came from.

Shares and levels are computed from the flows on arrival, so that they agree with one another
whatever the flows were rounded to.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

import numpy as np

from tula.equilibrium.calibration import Calibration, calibrate
from tula.equilibrium.technology import Technology
from tula.errors import TulaError
from tula.live.packing import packed, packed_roughly
from tula.policy.duties import DutiesOfDay
from tula.world.economy import Economy
from tula.world.elasticities import (
    AS_GIVEN,
    UnmappedSectorError,
    elasticity_sets,
    with_elasticity_set,
)
from tula.world.horizon import HorizonError, at_horizon

Array = np.ndarray

#: Years after a change that a page offers, beside the long run.
YEARS = (10.0, 5.0, 2.0, 1.0)
#: Name of the long run among the horizons.
LONG_RUN = "long"
#: Bits kept of each buyer's and seller's total where the exact world is too large to travel.
BITS = (26, 24, 22, 20, 19, 18, 17, 16)
#: Layout of what is returned here; a page refuses any other.
FORMAT = 1


class FullEngineError(TulaError):
    """The world or its technology is more than a page can solve. Use ``tula solve`` on it.

    A page knows trade between many origins, duties, taxes, costs, embargoes, quotas, tariff quotas,
    and factors tied to sectors. Nests of inputs, of final demand and of home supply, output tied to
    destinations and wage floors need the full engine.
    """


def payload(
    economy: Economy,
    technology: Technology | None = None,
    duties: DutiesOfDay | None = None,
    most_bytes: int = 1_450_000,
) -> dict[str, Any]:
    """Return a world as plain data of at most ``most_bytes`` of text, with all a page asks of it.

    ``duties``: the import duties of a day, to which the page lets the world adjust first. Flows are
    exact where they fit, else rounded to ``bits`` of each buyer's and seller's total. Raises
    ``FullEngineError`` and the errors of ``calibrate`` and ``DutiesOfDay.tariff``.
    """
    technology = technology or Technology()
    _require_known(technology)
    calibration = calibrate(economy, technology)
    content = _described(calibration, duties) | {
        "elasticities": _elasticities(economy),
        "buyers": _buyers(calibration),
        "stiffness": 1.0 / (1.0 + technology.labour_mobility),
    }
    for bits in (None, *BITS):
        content["bits"], content["arrays"] = bits, _arrays(calibration, duties, bits)
        if len(json.dumps(content)) <= most_bytes:
            content["hash"] = _hash(content)
            return content
    n, s = len(economy.regions), len(economy.sectors)
    raise FullEngineError(f"a world of {n} regions by {s} sectors does not fit into a page")


def _require_known(technology: Technology) -> None:
    """Refuse what the page's engine does not know, all at once."""
    plain = Technology()
    names = (
        "value_added_and_inputs", "among_inputs", "among_energy", "among_final",
        "home_and_imports", "transformation", "wage_floors",
    )  # fmt: skip
    wrong = [name for name in names if getattr(technology, name) != getattr(plain, name)]
    if wrong:
        raise FullEngineError(f"a page cannot solve with {', '.join(wrong)}: use tula solve")


def _described(calibration: Calibration, duties: DutiesOfDay | None) -> dict[str, Any]:
    labels, origin = calibration.labels, calibration.provenance
    return {
        "format": FORMAT,
        "name": origin.name,
        "vintage": origin.vintage,
        "sources": list(origin.sources),
        "world_hash": origin.content_hash,
        "day": duties and str(duties.day),
        "regions": _named(labels.regions, labels.region_names),
        "sectors": _named(labels.sectors, labels.sector_names),
        "region_groups": _groups(labels.region_groups, labels.regions),
        "sector_groups": _groups(labels.sector_groups, labels.sectors),
    }


def _named(codes: Sequence[str], names: Mapping[str, str]) -> list[list[str]]:
    return [[code, names.get(code, code)] for code in codes]


def _groups(groups: Mapping[str, Sequence[str]], codes: Sequence[str]) -> dict[str, list[int]]:
    return {name: [codes.index(code) for code in members] for name, members in groups.items()}


def _elasticities(economy: Economy) -> dict[str, dict[str, Any]]:
    """Return theta of every sector by set and horizon; sets that do not know the sectors go."""
    found = {AS_GIVEN: _by_horizon(economy)}
    for name in elasticity_sets():
        try:
            found[name] = _by_horizon(with_elasticity_set(economy, name))
        except UnmappedSectorError:
            continue
    return found


def _by_horizon(economy: Economy) -> dict[str, Any]:
    theta = {LONG_RUN: economy.trade_elasticity.tolist()}
    for years in YEARS:
        try:
            theta[f"{years:g}"] = at_horizon(economy, years).trade_elasticity.tolist()
        except HorizonError:  # of a horizon already, or below the short run
            break
    return {"source": economy.elasticity_source, "theta": theta}


def _buyers(calibration: Calibration) -> list[list[float]]:
    """Return sector, importer and theta where a buyer has an elasticity of its own."""
    placed = calibration.placed.trade_elasticity
    own = placed != calibration.trade_elasticity[:, None]
    return [[int(s), int(n), float(placed[s, n])] for s, n in np.argwhere(own)]


def _arrays(
    calibration: Calibration, duties: DutiesOfDay | None, bits: int | None
) -> dict[str, Any]:
    spending, output = calibration.expenditure.T, calibration.output
    bought = calibration.trade_share * spending[:, :, None]
    inputs = calibration.input_share * output[:, None, :]
    found = {"tariff": packed(calibration.tariff)}
    if bits is None:
        found |= {"bought": packed(bought), "inputs": packed(inputs)}
    else:
        found["bought"] = packed_roughly(bought, bits)
        found["inputs"] = packed_roughly(inputs, bits)
    if calibration.export_tax.any():
        found["export_tax"] = packed(calibration.export_tax)
    if calibration.technology.ties_factors:
        found["specific"] = packed(calibration.placed.specific_share)
    if duties is not None:
        day = duties.tariff(calibration.labels, calibration.tariff, calibration.provenance)
        found["day_tariff"] = packed(day)
    return found


def _hash(content: Mapping[str, Any]) -> str:
    return sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
