"""Words that a shell completes: studies, worlds, regions and what else goes by a name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

#: Worlds of single countries.
_COUNTRIES = ("icio-2022-countries", "icio-2022-full")


def studies() -> list[str]:
    """Studies that come with Tula."""
    from tula.study.load import built_in_studies

    return [*built_in_studies()]


def worlds() -> list[str]:
    """Worlds by name."""
    from tula.world.store import COMPUTED_WORLDS, embedded_worlds

    return [*embedded_worlds(), *COMPUTED_WORLDS]


def regions(ctx: Any, incomplete: str) -> list[tuple[str, str]]:
    """Regions and groups with their names, the last of several joined by ``,``, ``+`` or ``-``."""
    begun = max(map(incomplete.rfind, ",+-")) + 1
    head = incomplete[:begun]
    return [(head + code, name) for code, name in _known(str(ctx.params.get("world")))]


def closures() -> list[str]:
    """Closures by name."""
    from tula.equilibrium import CLOSURES

    return [*CLOSURES]


def elasticities() -> list[str]:
    """Published sets of elasticities, and the world's own."""
    from tula.world.elasticities import AS_GIVEN, elasticity_sets

    return [AS_GIVEN, *elasticity_sets()]


def formats() -> list[str]:
    """Formats in which a run is exported."""
    from tula.study.export import FORMATS

    return [*FORMATS]


def _known(world: str) -> Iterator[tuple[str, str]]:
    from tula.world import codes
    from tula.world.countries import countries

    if world in _COUNTRIES:
        names = {one.code: one.name for one in countries()}
        yield from ((code, names.get(code, "")) for code in codes.economies())
    else:
        yield from ((code, name) for code, (name, _) in codes.REGIONS.items())
    yield from codes.REGION_GROUP_NAMES.items()
