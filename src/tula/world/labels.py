"""Codes of regions and sectors, with their names and groups: the vocabulary of one world."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

from tula.errors import TulaError, UnknownNameError
from tula.text import unprintable
from tula.world.names import Vocabulary


class DuplicateLabelError(TulaError):
    """A code stands twice, or one code names a region and a group. Rename one of them."""


class UnprintableLabelError(TulaError):
    """A code or name holds a control character or half of a pair. Remove it."""


@dataclass(frozen=True)
class Labels:
    """Ordered codes of one world.

    ``regions`` and ``sectors`` give the order of every array axis. Groups map a name such as
    ``"goods"`` or ``"EAEU"`` to member codes; ``"all"`` is always defined for both. Members say
    which countries (alpha-3) or industries a code holds, where that is known. Wherever a name is
    looked up, any of its spellings will do (``tula.world.names``).
    """

    regions: tuple[str, ...]
    sectors: tuple[str, ...]
    region_names: Mapping[str, str] = field(default_factory=dict)
    sector_names: Mapping[str, str] = field(default_factory=dict)
    region_groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sector_groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    region_members: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sector_members: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for kind, codes, groups in (
            ("region", self.regions, self.region_groups),
            ("sector", self.sectors, self.sector_groups),
        ):
            _check_codes(kind, codes, groups)
        _check_text(self)
        for name in _MAPPINGS:
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))

    def __hash__(self) -> int:
        return hash((self.regions, self.sectors))

    def __reduce__(self) -> tuple[object, ...]:
        plain = (self.regions, self.sectors, *(dict(getattr(self, name)) for name in _MAPPINGS))
        return (Labels, plain)

    @cached_property
    def region_vocabulary(self) -> Vocabulary:
        """Region codes and groups by any of their names."""
        from tula.world.codes import known_regions

        names, members = known_regions(self)
        return Vocabulary("region", self.regions, tuple(self.region_groups), names, members)

    @cached_property
    def sector_vocabulary(self) -> Vocabulary:
        """Sector codes and groups by any of their names."""
        from tula.world.codes import known_sectors

        names, members = known_sectors(self)
        return Vocabulary("sector", self.sectors, tuple(self.sector_groups), names, members)

    @cached_property
    def goods(self) -> tuple[str, ...]:
        """Sectors of the group ``goods``; all sectors where a world has no such group."""
        return self.resolve_sectors("goods" if "goods" in self.sector_groups else "all")

    def region(self, name: str) -> str:
        """Code of the one region that a name stands for; ``UnknownNameError`` for any other."""
        return _one(self.region_vocabulary, name)

    def sector(self, name: str) -> str:
        """Code of the one sector that a name stands for; ``UnknownNameError`` for any other."""
        return _one(self.sector_vocabulary, name)

    def region_index(self, name: str) -> int:
        """Position of a region; ``UnknownNameError`` with the right code if it is none."""
        return self.regions.index(name if name in self.regions else self.region(name))

    def sector_index(self, name: str) -> int:
        """Position of a sector; ``UnknownNameError`` with the right code if it is none."""
        return self.sectors.index(name if name in self.sectors else self.sector(name))

    def resolve_regions(self, names: str | Iterable[str]) -> tuple[str, ...]:
        """Expand regions and groups, by any name, to codes, in axis order, each once."""
        return _resolve(self.region_vocabulary, names, self.region_groups)

    def resolve_sectors(self, names: str | Iterable[str]) -> tuple[str, ...]:
        """Expand sectors and groups, by any name, to codes, in axis order, each once."""
        return _resolve(self.sector_vocabulary, names, self.sector_groups)


_MAPPINGS = (
    "region_names",
    "sector_names",
    "region_groups",
    "sector_groups",
    "region_members",
    "sector_members",
)


def _check_text(labels: Labels) -> None:
    codes = (*labels.regions, *labels.sectors, *labels.region_groups, *labels.sector_groups)
    for text in (*codes, *labels.region_names.values(), *labels.sector_names.values()):
        if found := unprintable(text):
            raise UnprintableLabelError(f"{text!r} holds {found}; remove it")


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


def _one(vocabulary: Vocabulary, name: str) -> str:
    found = vocabulary.find(name)
    if found in vocabulary.codes:
        return found
    raise UnknownNameError(vocabulary.kind, name, vocabulary.codes, vocabulary.hint(found))


def _resolve(
    vocabulary: Vocabulary, names: str | Iterable[str], groups: Mapping[str, tuple[str, ...]]
) -> tuple[str, ...]:
    wanted: set[str] = set()
    for name in [names] if isinstance(names, str) else names:
        found = vocabulary.find(name)
        wanted.update(vocabulary.codes if found == "all" else groups.get(found, (found,)))
    return tuple(code for code in vocabulary.codes if code in wanted)
