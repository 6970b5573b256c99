"""How easily producers, buyers and workers adjust, as a study file states it."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, model_validator

from tula.equilibrium.wording import WORDS
from tula.numbers.quantity import Positive, Quantity, Share
from tula.numbers.record import Record, Unit, refuse
from tula.world.named import REGIONS, SECTORS

LARGEST_THETA = 100.0


def _theta(quantity: Quantity) -> Quantity:
    if not 0.0 < quantity.low <= quantity.high <= LARGEST_THETA:
        raise ValueError(f"must be above 0 and at most {LARGEST_THETA:g}; got {quantity.text}")
    return quantity


def _elasticity(quantity: Quantity) -> Quantity:
    if not 0.0 <= quantity.low <= quantity.high <= LARGEST_THETA:
        raise ValueError(f"must be 0 to {LARGEST_THETA:g}; got {quantity.text}")
    return quantity


Theta = Annotated[Quantity, AfterValidator(_theta), Unit("trade elasticity (theta)", 4.0)]
Elasticity = Annotated[Quantity, AfterValidator(_elasticity), Unit("elasticity", 0.5)]
SomeRegions = Annotated[str | tuple[str, ...], REGIONS]
SomeSectors = Annotated[str | tuple[str, ...], SECTORS]


class SpecificShare(Record):
    """Part of value added that stays in its sector."""

    sectors: SomeSectors
    """Sectors, or groups of them, whose factors stay."""
    share: Annotated[Share, Unit("share of value added", 0.5)]
    """Part of their value added that cannot leave."""
    regions: SomeRegions = "all"
    """Where."""


class Floor(Record):
    """Wages of regions do not fall below a ratio of their base."""

    regions: SomeRegions
    """Where."""
    ratio: Annotated[Positive, Unit("ratio to the base", 1.0)] = Quantity(value=1, low=1, high=1)
    """Lowest wage."""
    indexation: Annotated[Share, Unit("share", 0.0)] = Quantity(value=0, low=0, high=0)
    """Part of a rise in consumer prices that the floor follows."""


class Buyer(Record):
    """The trade elasticity (theta) of some importers for some sectors."""

    importer: SomeRegions
    """Who buys."""
    sectors: SomeSectors
    """What."""
    theta: Theta
    """How readily they turn from one seller to another."""


class TechnologyBlock(Record):
    """How easily producers, buyers and workers adjust; the fields of ``tula.Technology``."""

    value_added_and_inputs: Elasticity | None = None
    """Substitution between value added and inputs."""
    among_inputs: Elasticity | None = None
    """Substitution among inputs."""
    among_energy: Elasticity | None = None
    """Substitution among energy inputs."""
    energy: SomeSectors = "energy"
    """Sectors that are energy."""
    among_final: Elasticity | None = None
    """Substitution among what is consumed."""
    home_and_imports: Elasticity | None = None
    """Substitution between home goods and imports."""
    transformation: Elasticity | None = None
    """Transformation between sales at home and abroad."""
    labour_mobility: Elasticity | None = None
    """Mobility of workers between sectors."""
    specific_factors: tuple[SpecificShare, ...] = ()
    """Value added that stays in its sector."""
    wage_floors: tuple[Floor, ...] = ()
    """Wages that cannot fall."""
    buyers: tuple[Buyer, ...] = ()
    """Buyers with elasticities of their own."""

    @model_validator(mode="after")
    def _energy_known(self, info: Any) -> TechnologyBlock:
        labels = getattr(info.context, "labels", None)
        if self.among_energy is None or self.energy != "energy" or labels is None:
            return self
        if "energy" not in labels.sector_groups:
            message = "the world has no group 'energy': add energy: [sectors]"
            refuse([(("among_energy",), message)])
        return self


assert set(WORDS) <= set(TechnologyBlock.model_fields)
