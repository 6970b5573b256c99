"""What the models of ties share: estimates over the ranges of inputs, names held to a world."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Annotated, TypeVar

from pydantic import AfterValidator

from tula.errors import TulaError, UnknownNameError, did_you_mean
from tula.numbers.quantity import Share, above_zero
from tula.numbers.record import Path_, Record, fixed, quantities
from tula.ties.account import lines_of
from tula.ties.quantity import DRAWS, Estimate, spread
from tula.world.labels import Labels
from tula.world.named import Fault

T = TypeVar("T", bound=Record)
#: A share that is above zero over its whole range.
SomeShare = Annotated[Share, AfterValidator(above_zero)]


class TieNameError(TulaError):
    """Regions or sectors that a tie names are not in the world. Each line gives the nearest."""


def repeated(record: Record, *lists: str, key: str = "name") -> list[Fault]:
    """Return a fault for each item of a record's lists called, by its ``key``, as one before it."""
    seen, found = set[str](), list[Fault]()
    for field in lists:
        for place, item in enumerate(getattr(record, field)):
            name = getattr(item, key)
            if name in seen:
                found.append(((field, place, key), f"{name!r} stands twice"))
            seen.add(name)
    return found


def unknown(at: Path_, kind: str, name: str, valid: Collection[str]) -> list[Fault]:
    """Return a fault if a name at a path is not among the valid ones, with the nearest of them."""
    return [] if name in valid else [(at, f"unknown {kind} {name!r}{did_you_mean(name, valid)}")]


def estimates(
    inputs: T,
    model: Callable[[T], Mapping[str, float]],
    meanings: Mapping[str, tuple[str, str]],
    *,
    draws: int = DRAWS,
    seed: int = 0,
) -> dict[str, Estimate]:
    """Return an estimate of every number the model reads off the inputs, over their ranges.

    ``meanings`` gives (unit, meaning) for each of them. Quantities are drawn independently.
    """
    found = spread(
        lambda values: model(fixed(inputs, values)), quantities(inputs), draws=draws, seed=seed
    )
    return lines_of(found, meanings)


def require_names(
    labels: Labels,
    regions: Mapping[str, str | tuple[str, ...]],
    sectors: Mapping[str, tuple[str, ...]] | None = None,
) -> None:
    """Raise one ``TieNameError`` for every region or sector named that the world does not hold.

    Keys say which input names it. A single code must be a region; a tuple may hold groups.
    """
    problems = []
    for field, named in regions.items():
        try:
            if isinstance(named, str):
                labels.region_index(named)
            else:
                labels.resolve_regions(named)
        except UnknownNameError as error:
            problems.append(f"{field}: {error}")
    for field, names in (sectors or {}).items():
        try:
            labels.resolve_sectors(names)
        except UnknownNameError as error:
            problems.append(f"{field}: {error}")
    if problems:
        raise TieNameError("\n  ".join(["the world does not hold what the tie names:", *problems]))
