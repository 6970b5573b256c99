"""What the models of ties share: estimates over the ranges of inputs, names held to a world."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from tula.errors import TulaError, UnknownNameError
from tula.numbers.record import Record, fixed, quantities
from tula.ties.quantity import DRAWS, Estimate, spread
from tula.world.labels import Labels
from tula.world.named import Fault

T = TypeVar("T", bound=Record)


class TieNameError(TulaError):
    """Regions or sectors that a tie names are not in the world. Each line gives the nearest."""


def repeated(at: str, key: str, names: Iterable[str]) -> list[Fault]:
    """Return a fault for each item of the list at ``at`` named, by its ``key``, as one before."""
    listed = list(names)
    return [
        ((at, place, key), f"{name!r} stands twice")
        for place, name in enumerate(listed)
        if name in listed[:place]
    ]


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
    return {name: Estimate(*found[name], *meanings[name]) for name in found}


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
