"""Codes of regions and sectors, with their names and groups: the vocabulary of one world."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from tula.errors import TulaError, UnknownNameError


class DuplicateLabelError(TulaError):
    """A code stands twice, or one code names a region and a group. Rename one of them."""


@dataclass(frozen=True)
class Labels:
    """Ordered codes of one world.

    ``regions`` and ``sectors`` give the order of every array axis. Groups map a name such as
    ``"goods"`` or ``"EAEU"`` to member codes; ``"all"`` is always defined for both.
    """

    regions: tuple[str, ...]
    sectors: tuple[str, ...]
    region_names: Mapping[str, str] = field(default_factory=dict)
    sector_names: Mapping[str, str] = field(default_factory=dict)
    region_groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sector_groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for kind, codes, groups in (
            ("region", self.regions, self.region_groups),
            ("sector", self.sectors, self.sector_groups),
        ):
            _check_codes(kind, codes, groups)
        for name in ("region_names", "sector_names", "region_groups", "sector_groups"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))

    def __reduce__(self) -> tuple[object, ...]:
        plain = (
            self.regions,
            self.sectors,
            dict(self.region_names),
            dict(self.sector_names),
            dict(self.region_groups),
            dict(self.sector_groups),
        )
        return (Labels, plain)

    def region_index(self, code: str) -> int:
        """Position of a region code; ``UnknownNameError`` with near names if absent."""
        return _index("region", code, self.regions)

    def sector_index(self, code: str) -> int:
        """Position of a sector code; ``UnknownNameError`` with near names if absent."""
        return _index("sector", code, self.sectors)

    def resolve_regions(self, names: str | Iterable[str]) -> tuple[str, ...]:
        """Expand region codes and group names to codes, in axis order, each once."""
        return _resolve("region", names, self.regions, self.region_groups)

    def resolve_sectors(self, names: str | Iterable[str]) -> tuple[str, ...]:
        """Expand sector codes and group names to codes, in axis order, each once."""
        return _resolve("sector", names, self.sectors, self.sector_groups)


def _check_codes(kind: str, codes: tuple[str, ...], groups: Mapping[str, tuple[str, ...]]) -> None:
    repeated = sorted({code for code in codes if codes.count(code) > 1})
    if repeated:
        raise DuplicateLabelError(f"{kind} codes stand more than once: {', '.join(repeated)}")
    clash = sorted((set(groups) | {"all"}) & set(codes))
    if clash:
        raise DuplicateLabelError(f"{kind} groups carry the name of a {kind}: {', '.join(clash)}")
    for members in groups.values():
        for member in members:
            if member not in codes:
                raise UnknownNameError(kind, member, codes)


def _index(kind: str, code: str, codes: tuple[str, ...]) -> int:
    try:
        return codes.index(code)
    except ValueError:
        raise UnknownNameError(kind, code, codes) from None


def _resolve(
    kind: str,
    names: str | Iterable[str],
    codes: tuple[str, ...],
    groups: Mapping[str, tuple[str, ...]],
) -> tuple[str, ...]:
    wanted: set[str] = set()
    for name in [names] if isinstance(names, str) else names:
        if name == "all":
            wanted.update(codes)
        elif name in groups:
            wanted.update(groups[name])
        elif name in codes:
            wanted.add(name)
        else:
            raise UnknownNameError(kind, name, [*codes, *groups, "all"])
    return tuple(code for code in codes if code in wanted)
