"""The elasticity sets of a study, applied to its world."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from tula.equilibrium.calibration import Calibration, calibrate
from tula.equilibrium.wording import describe
from tula.errors import TulaError
from tula.evidence import Document, Problem
from tula.numbers.quantity import Quantity
from tula.study.schema import ElasticitySet, Horizon
from tula.study.technology import technology_of
from tula.world.economy import Economy
from tula.world.elasticities import AS_GIVEN, with_elasticity_set
from tula.world.horizon import HorizonError, at_horizon


def apply_elasticities(economy: Economy, chosen: ElasticitySet) -> Economy:
    """Return the economy with the chosen set; ``world`` keeps the elasticities it came with.

    Sectors set apart come after the set, the horizon after both; the source sentence names them.
    Raises ``HorizonError``.
    """
    if chosen.set != AS_GIVEN:
        cap = chosen.cap
        economy = with_elasticity_set(
            economy, chosen.set, _number(cap.goods), _number(cap.services)
        )
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
        name: _number(getattr(horizon, name))
        for name in ("sigma_short", "long_run", "adjustment_years")
    }
    given: dict[str, Any] = {key: value for key, value in stated.items() if value is not None}
    return at_horizon(economy, horizon.years.value, **given)


def _number(given: Quantity | None) -> float | None:
    return None if given is None else given.value


def _with_sectors(economy: Economy, chosen: ElasticitySet) -> Economy:
    values = np.array(economy.trade_elasticity)
    for code, item in chosen.sectors.items():
        values[economy.labels.sector_index(code)] = item.value
    apart = ", ".join(f"{code} at {item.value:g}" for code, item in chosen.sectors.items())
    return economy.with_elasticity(values, f"{economy.elasticity_source}; {apart}")


def check_horizons(
    document: Document, sets: Mapping[str, ElasticitySet], economy: Economy
) -> list[Problem]:
    """Horizons at which a set has no elasticities, such as a long run below the short one."""
    problems = []
    for name, chosen in sets.items():
        try:
            apply_elasticities(economy, chosen)
        except TulaError as error:
            if not isinstance(error, HorizonError):
                continue  # a name the other checks tell
            place = document.key_place(("elasticities", name, "horizon"))
            problems.append(Problem(place, str(error)))
    return problems
