"""The technology that an elasticity set of a study states."""

from __future__ import annotations

from tula.equilibrium.technology import BuyerElasticity, SpecificFactor, Technology, WageFloor
from tula.equilibrium.wording import WORDS
from tula.study.schema import ElasticitySet


def technology_of(chosen: ElasticitySet) -> Technology:
    """Return the technology of an elasticity set; Cobb-Douglas and free factors if it has none."""
    stated = chosen.technology
    if stated is None:
        return Technology()
    numbers = {name: getattr(stated, name) for name in WORDS}
    return Technology(
        **{name: number.value for name, number in numbers.items() if number is not None},
        energy=stated.energy,
        specific_factors=tuple(
            SpecificFactor(item.sectors, item.share.value, item.regions)
            for item in stated.specific_factors
        ),
        wage_floors=tuple(
            WageFloor(item.regions, item.ratio.value, item.indexation.value)
            for item in stated.wage_floors
        ),
        buyers=tuple(
            BuyerElasticity(item.importer, item.sectors, item.theta.value) for item in stated.buyers
        ),
    )
