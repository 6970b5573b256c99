"""A commodity as a study states it: how sellers replace each other, how supply answers, outlets."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

import numpy as np
from pydantic import AfterValidator, Field, model_validator

from tula.equilibrium.calibration import World
from tula.equilibrium.solution import Solution
from tula.equilibrium.solve import compile_policy
from tula.equilibrium.technology import SpecificFactor, Technology
from tula.market.supply import tied_supply
from tula.numbers.quantity import Positive, Quantity, Values, value_of
from tula.numbers.record import Record, Unit, refuse
from tula.policy.caps import ExportCap, Recipient
from tula.policy.instruments import Instrument
from tula.policy.units import Fraction
from tula.world.named import Region, Regions, SectorCode


def _above_one(quantity: Quantity) -> Quantity:
    if quantity.low <= 1.0:
        raise ValueError(
            f"must be above one over its whole range, below it a lost seller costs without limit; "
            f"low is {quantity.low:g}"
        )
    return quantity


Replace = Annotated[Quantity, AfterValidator(_above_one), Unit("sigma", 2.0)]
Sigma = Annotated[Positive, Unit("sigma", 2.0)]


def sigma(age: float, first: float, long: float, speed: float) -> float:
    """Return sigma at an age in years: flat through the first year, then towards the long run."""
    return long - (long - first) * float(np.exp(-max(0.0, age - 1.0) / speed))


class Outlet(Record):
    """A way out with a capacity, such as a pipe or a port: no more than that can be sold by it."""

    name: Annotated[str, Field(min_length=1)]
    """What it is called."""
    exporter: Region
    """Whose it is."""
    importers: Regions = ("all",)
    """To whom it leads."""
    except_importers: Regions = ()
    """Who of them is reached in other ways."""
    capacity: Annotated[Positive, Unit("ratio", 1.2)]
    """What it carries at most, over what went there in the base year."""
    rent_to: Recipient
    """Who keeps the rent where it is full: importer, exporter or nobody."""


class Commodity(Record):
    """A good with a market of its own: sellers who replace each other on their own path, supply
    that is tied for some time, and outlets."""

    sector: SectorCode
    """Sector of the world that it is."""
    replace: Replace
    """Sigma in the first year, and where a seller is lost altogether."""
    grades: Sigma
    """Sigma in the long run; at least that of the first year, or losses would grow with time."""
    speed: Annotated[Positive, Unit("years", 3.5)] | None = None
    """Years on the way after the first; left out, those of all goods."""
    supply: Annotated[Positive, Unit("elasticity", 0.15)] | None = None
    """Short-run elasticity of supply, everywhere; left out, supply is free."""
    outlets: tuple[Outlet, ...] = ()
    """Ways out with a capacity."""

    @model_validator(mode="after")
    def _sound(self) -> Commodity:
        if self.grades.high < self.replace.value:
            why = (
                f"is {self.grades.high:g}, below replace ({self.replace.value:g}): sellers "
                "replace each other better with time, not worse"
            )
            refuse([(("grades",), why)])
        return self

    def sigma(self, age: float, values: Values, speed: float) -> float:
        """Return sigma at an age in years, never falling; ``speed`` is that of all goods, years."""
        first = value_of(self.replace, values)
        long = max(first, value_of(self.grades, values))
        own = speed if self.speed is None else value_of(self.speed, values)
        return sigma(age, first, long, own)

    def tied(self, world: World, values: Values) -> tuple[SpecificFactor, ...]:
        """Return what stays in the sector while supply is short; errors as ``tied_supply``."""
        if self.supply is None:
            return ()
        return tied_supply(world, self.sector, value_of(self.supply, values)).factors

    def standing(self, values: Values) -> tuple[Instrument, ...]:
        """Return what holds in every situation: outlets carry no more than they can."""
        return tuple(
            ExportCap(
                name=one.name,
                importer=one.importers,
                exporter=one.exporter,
                except_importers=one.except_importers,
                sectors=self.sector,
                at=Fraction(value_of(one.capacity, values)),
                rent_to=one.rent_to,
                together=True,
            )
            for one in self.outlets
        )


def since(standing: Iterable[Instrument], moved: Solution) -> list[Instrument]:
    """Return ceilings of sales over what was sold in a solution in place of the base year."""
    return [
        one.model_copy(update={"at": one.ceiling / _sold(one, moved)})
        if isinstance(one, ExportCap)
        else one
        for one in standing
    ]


def _sold(cap: ExportCap, moved: Solution) -> float:
    """Return what is sold under a ceiling in a solution, ratio to the base year."""
    cells = tuple(compile_policy(moved.calibration, [cap]).limits[0].cells.T)
    price = moved.cost_hat[cells[2], cells[0]] * moved.seller_wedge[cells]
    taxed = (1.0 + moved.shock.export_tax[cells]) / (1.0 + moved.calibration.export_tax[cells])
    volume = moved.border_trade[cells] / (price * taxed * moved.trade_cost_hat[cells])
    base = moved.calibration.border_trade[cells] / (1.0 + moved.calibration.export_tax[cells])
    return float((volume / (1.0 + moved.calibration.export_tax[cells])).sum() / base.sum())


def technology_of(commodities: Iterable[Commodity], world: World, values: Values) -> Technology:
    """Return the technology with the supply of commodities tied as far as it is short."""
    factors = [factor for one in commodities for factor in one.tied(world, values)]
    return Technology(specific_factors=tuple(factors))


def standing(commodities: Iterable[Commodity], values: Values) -> list[Instrument]:
    """Return what holds in every situation of all commodities."""
    return [one for each in commodities for one in each.standing(values)]
