"""How easily buyers, producers and factors adjust: elasticities beyond those of trade.

The default is Caliendo and Parro's economy: Cobb-Douglas everywhere but among origins, and one
factor that moves freely between sectors. Elasticities of substitution are tariff-exclusive sigmas;
a value of one is Cobb-Douglas exactly, below one the bundle's parts are complements.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, partial
from math import inf, isnan
from typing import Any

import numpy as np

from tula.equilibrium.errors import TechnologyError
from tula.errors import UnknownNameError
from tula.frozen import Frozen
from tula.shapes import Bool, Float
from tula.world.labels import Labels

Array = np.ndarray
Names = str | tuple[str, ...]

#: Trade elasticities nearer to zero than this are zero: powers of them would lose their digits.
UNIT_WITHIN = 1e-5


@dataclass(frozen=True)
class BuyerElasticity:
    """A trade elasticity (theta = sigma - 1) that holds for some importers and sectors only.

    Used for the buyers that a shock hits before they could look for other suppliers.
    """

    importer: Names
    sectors: Names
    trade_elasticity: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "importer", _names(self.importer))
        object.__setattr__(self, "sectors", _names(self.sectors))

    def faults(self) -> list[str]:
        """Return what is wrong with it, in words."""
        if _within(self.trade_elasticity, -1.0, inf) and -1.0 < self.trade_elasticity < inf:
            return []
        return [
            f"trade elasticity of {_text(self.importer)} in {_text(self.sectors)} is "
            f"{self.trade_elasticity!r}: expected theta = sigma - 1, above -1"
        ]


@dataclass(frozen=True)
class SpecificFactor:
    """A part of value added that stays in its sector: the oil field, the mine, the plant.

    ``share`` is its share of value added. It earns the sector's rent, and makes supply slope up.
    """

    sectors: Names
    share: float
    regions: Names = "all"

    def __post_init__(self) -> None:
        object.__setattr__(self, "sectors", _names(self.sectors))
        object.__setattr__(self, "regions", _names(self.regions))

    def faults(self) -> list[str]:
        """Return what is wrong with it, in words."""
        if _within(self.share, 0.0, 1.0):
            return []
        place = _text(self.sectors)
        return [f"specific factor in {place}: share is {self.share!r}, expected 0 to 1"]


@dataclass(frozen=True)
class WageFloor:
    """Wages of the regions cannot fall below ``ratio`` times their base; part of labour stays idle.

    The floor is in the numeraire (base world value added) and rises with the region's final
    prices to the power ``indexation``: 0 a money wage, 1 a real wage.
    """

    regions: Names
    ratio: float = 1.0
    indexation: float = 0.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "regions", _names(self.regions))

    def faults(self) -> list[str]:
        """Return what is wrong with it, in words."""
        place, wrong = _text(self.regions), []
        if not (_within(self.ratio, 0.0, inf) and 0.0 < self.ratio < inf):
            wrong.append(f"wage floor of {place}: ratio is {self.ratio!r}, expected above zero")
        if not _within(self.indexation, 0.0, 1.0):
            wrong.append(
                f"wage floor of {place}: indexation is {self.indexation!r}, expected 0 to 1"
            )
        return wrong


@dataclass(frozen=True)
class Technology:
    """Elasticities of substitution and transformation; labels are resolved by ``calibrate``.

    * ``value_added_and_inputs``: between value added and the bundle of inputs;
    * ``among_inputs``: among inputs; ``among_energy``: among the carriers in ``energy``, which
      then form a bundle that is one input beside the others (None: no such bundle);
    * ``among_final``: among sectors in final demand;
    * ``home_and_imports``: between home supply and the bundle of imports (None: home is one origin
      among many); origins within imports keep the trade elasticity;
    * ``transformation``: of a producer's output across destinations; infinite: one price for all;
    * ``labour_mobility``: elasticity of labour supply to a sector, 0 stuck to infinite free
      (Roy-Frechet);
    * ``specific_factors``, ``wage_floors``, ``buyers``: see there.

    Raises ``TechnologyError``, with everything wrong at once.
    """

    value_added_and_inputs: float = 1.0
    among_inputs: float = 1.0
    among_energy: float | None = None
    energy: Names = "energy"
    among_final: float = 1.0
    home_and_imports: float | None = None
    transformation: float = inf
    labour_mobility: float = inf
    specific_factors: tuple[SpecificFactor, ...] = ()
    wage_floors: tuple[WageFloor, ...] = ()
    buyers: tuple[BuyerElasticity, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "energy", _names(self.energy))
        wrong = _wrong_elasticities(self)
        for field, kind in _MEMBERS.items():
            members, faults = _members(getattr(self, field), field, kind)
            object.__setattr__(self, field, members)
            wrong += faults or [fault for member in members for fault in member.faults()]
        if wrong:
            raise TechnologyError("\n  ".join(["the technology cannot be used:", *wrong]))

    @property
    def nests_costs(self) -> bool:
        """Whether costs are not Cobb-Douglas throughout."""
        unit = self.value_added_and_inputs == 1.0 and self.among_inputs == 1.0
        return not unit or self.among_energy not in (None, 1.0)

    @property
    def ties_factors(self) -> bool:
        """Whether factor prices differ between sectors."""
        return self.labour_mobility != inf or bool(self.specific_factors)


#: Fields that hold an elasticity, and whether it may be infinite.
_ELASTICITIES = {
    "value_added_and_inputs": False,
    "among_inputs": False,
    "among_energy": False,
    "among_final": False,
    "home_and_imports": False,
    "transformation": True,
    "labour_mobility": True,
}


def _wrong_elasticities(technology: Technology) -> list[str]:
    wrong = []
    for name, may_be_infinite in _ELASTICITIES.items():
        value = getattr(technology, name)
        if value is None and name in _OPTIONAL:
            continue
        if not _number(value) or value < 0.0 or (value == inf and not may_be_infinite):
            end = " (infinite is allowed)" if may_be_infinite else ""
            wrong.append(f"{name} is {value!r}: expected a number of zero or more{end}")
    return wrong


def _members(value: object, field: str, kind: type) -> tuple[tuple[Any, ...], list[str]]:
    """Return the entries of a list, and what is wrong with them as entries."""
    entries = tuple(value) if isinstance(value, list | tuple) else (value,)
    strange = [entry for entry in entries if not isinstance(entry, kind)]
    faults = [f"{field} holds {entry!r}: expected {kind.__name__}(...)" for entry in strange]
    return entries, faults


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and not isnan(value)


def _within(value: object, low: float, high: float) -> bool:
    return _number(value) and low <= value <= high  # type: ignore[operator]


def _names(names: object) -> Any:
    """Return a list of names as a tuple, which can be compared and hashed."""
    return tuple(names) if isinstance(names, list | set | frozenset) else names


def _text(names: Names) -> str:
    return names if isinstance(names, str) else ", ".join(map(str, names))


_MEMBERS = {
    "specific_factors": SpecificFactor,
    "wage_floors": WageFloor,
    "buyers": BuyerElasticity,
}
_OPTIONAL = ("among_energy", "home_and_imports")


@dataclass(frozen=True, eq=False)
class PlacedTechnology(Frozen):
    """A technology on the labels of one world.

    * ``trade_elasticity`` (S, N): theta by sector and importer; ``by_buyer`` says whether
      importers differ;
    * ``energy`` (S,): carriers of the energy bundle; none where there is no bundle;
    * ``specific_share`` (N, S): share of value added that stays in its sector;
    * ``wage_floor`` (N,): least ratio of new to old wage, 0 = none; ``indexation`` (N,): elasticity
      of the floor to final prices.
    """

    trade_elasticity: Float[Array, "S N"]
    by_buyer: bool
    energy: Bool[Array, " S"]
    specific_share: Float[Array, "N S"]
    wage_floor: Float[Array, " N"]
    indexation: Float[Array, " N"]


def place_technology(
    technology: Technology, labels: Labels, trade_elasticity: Float[Array, " S"]
) -> PlacedTechnology:
    """Resolve names; raises ``TechnologyError`` with all unknown ones and what is near them.

    Later entries of a list overrule earlier ones on the same places.
    """
    wrong: list[str] = []
    regions, sectors = labels.regions, labels.sectors
    n, s = len(regions), len(sectors)
    theta = np.repeat(trade_elasticity[:, None], n, axis=1)
    specific, floor, indexation = np.zeros((n, s)), np.zeros(n), np.zeros(n)
    of_regions = cache(partial(_mask, labels.resolve_regions, regions, wrong))
    of_sectors = cache(partial(_mask, labels.resolve_sectors, sectors, wrong))
    for buyer in technology.buyers:
        rows, columns = of_sectors(buyer.sectors), of_regions(buyer.importer)
        theta[rows[:, None] & columns] = buyer.trade_elasticity
    for factor in technology.specific_factors:
        rows, columns = of_regions(factor.regions), of_sectors(factor.sectors)
        specific[rows[:, None] & columns] = factor.share
    for wages in technology.wage_floors:
        rows = of_regions(wages.regions)
        floor[rows], indexation[rows] = wages.ratio, wages.indexation
    energy = of_sectors(technology.energy if technology.among_energy is not None else ())
    if wrong:
        raise TechnologyError("\n  ".join(["the technology cannot be used:", *wrong]))
    return PlacedTechnology(theta, bool(technology.buyers), energy, specific, floor, indexation)


def _mask(
    resolve: Callable[[Names], tuple[str, ...]],
    codes: Iterable[str],
    wrong: list[str],
    names: Names,
) -> Bool[Array, " C"]:
    try:
        chosen = resolve(names)
    except UnknownNameError as error:
        wrong.append(str(error))
        chosen = ()
    inside = frozenset(chosen)
    return np.array([code in inside for code in codes], dtype=bool)
