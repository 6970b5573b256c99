"""The elasticity sets of a study, applied to its world."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from tula.equilibrium.calibration import Calibration, calibrate
from tula.equilibrium.wording import describe
from tula.errors import TulaError
from tula.evidence import Document, Problem
from tula.study.schema import ElasticitySet
from tula.study.technology import technology_of
from tula.world.economy import Economy
from tula.world.elasticities import AS_GIVEN, with_elasticity_set, with_sector_elasticities
from tula.world.horizon import HorizonError, at_horizon


def apply_elasticities(economy: Economy, chosen: ElasticitySet) -> Economy:
    """Return the economy with the chosen set; ``world`` keeps the elasticities it came with.

    Sectors set apart come after the set, the horizon after both; the source sentence names them.
    Raises ``HorizonError``.
    """
    caps = _numbers(chosen.cap, "goods", "services")
    sectors = {code: one.value for code, one in chosen.sectors.items()}
    horizon = _numbers(chosen.horizon, "years", "sigma_short", "long_run", "adjustment_years")
    if chosen.set != AS_GIVEN:
        economy = with_elasticity_set(economy, chosen.set, caps.get("goods"), caps.get("services"))
    if sectors:
        economy = with_sector_elasticities(economy, sectors)
    return at_horizon(economy, **horizon) if horizon else economy


def _numbers(stated: object, *names: str) -> dict[str, float]:
    """Those of a block's numbers that are stated; none of a block that is left out."""
    found = {name: getattr(stated, name, None) for name in names}
    return {name: one.value for name, one in found.items() if one is not None}


def calibrated(economy: Economy, chosen: ElasticitySet) -> Calibration:
    """Return the world with the set's elasticities and technology; its source names both."""
    technology = technology_of(chosen)
    calibration = calibrate(apply_elasticities(economy, chosen), technology)
    said = describe(technology)
    if not said:
        return calibration
    source = f"{calibration.elasticity_source}; technology: {said}"
    return replace(calibration, elasticity_source=source)


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
