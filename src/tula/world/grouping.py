"""Labels of merged and split regions and sectors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from tula.world.economy import Economy
from tula.world.labels import Labels
from tula.world.names import Vocabulary

Merge = Mapping[str, tuple[str, ...]] | None


def merged_labels(
    labels: Labels,
    by_region: Merge,
    by_sector: Merge,
    region_names: Mapping[str, str],
    sector_names: Mapping[str, str],
) -> tuple[Labels, tuple[str, ...]]:
    """Return the labels after a merge, and the names of groups that a new code cuts through."""
    regions = by_region or {code: (code,) for code in labels.regions}
    sectors = by_sector or {code: (code,) for code in labels.sectors}
    region_groups = _merged_groups(labels.region_groups, regions)
    sector_groups = _merged_groups(labels.sector_groups, sectors)
    merged = Labels(
        regions=tuple(regions),
        sectors=tuple(sectors),
        region_names=_merged_names(labels.region_names, regions) | dict(region_names),
        sector_names=_merged_names(labels.sector_names, sectors) | dict(sector_names),
        region_groups=region_groups,
        sector_groups=sector_groups,
        region_members=_merged_members(labels.region_vocabulary, by_region),
        sector_members=_merged_members(labels.sector_vocabulary, by_sector),
    )
    kept = {*region_groups, *sector_groups, *regions, *sectors}
    lost = (*labels.region_groups, *labels.sector_groups)
    return merged, tuple(name for name in lost if name not in kept)


def merging_step(
    economy: Economy, by_region: Merge, by_sector: Merge, dropped: tuple[str, ...]
) -> str:
    """Return the provenance sentence of a merge."""
    digest = economy.provenance.content_hash[:12]
    parts = [f"merged from {economy.provenance.name}{f' ({digest})' if digest else ''}"]
    for kind, merge in (("regions", by_region), ("sectors", by_sector)):
        if merge is not None:
            joined = ", ".join(f"{new} = {'+'.join(old)}" for new, old in merge.items())
            parts.append(f"{kind}: {joined}")
    if dropped:
        parts.append(f"groups dropped because a merge cuts through them: {', '.join(dropped)}")
    return "; ".join(parts)


def region_split(labels: Labels, code: str, halves: tuple[str, str]) -> Labels:
    """Return the labels with one region replaced by its two halves, in its groups too."""
    name = labels.region_names.get(code, code)
    names = {key: value for key, value in labels.region_names.items() if key != code}
    return replace(
        labels,
        regions=_replaced(labels.regions, code, halves),
        region_names=names | dict.fromkeys(halves, f"{name} (half)"),
        region_groups={
            group: _replaced(members, code, halves)
            for group, members in labels.region_groups.items()
        },
    )


def _replaced(codes: tuple[str, ...], code: str, halves: tuple[str, str]) -> tuple[str, ...]:
    return tuple(new for old in codes for new in (halves if old == code else (old,)))


def _merged_groups(
    groups: Mapping[str, tuple[str, ...]], merge: Mapping[str, tuple[str, ...]]
) -> dict[str, tuple[str, ...]]:
    """Keep the groups that whole new codes make up; a group named like a new code is the code."""
    merged = {}
    for name, members in groups.items():
        inside = tuple(new for new, old in merge.items() if set(old) <= set(members))
        covered = {code for new in inside for code in merge[new]}
        if covered == set(members) and name not in merge:
            merged[name] = inside
    return merged


def _merged_members(vocabulary: Vocabulary, merge: Merge) -> dict[str, tuple[str, ...]]:
    """What each new code holds, as far as that is known of the old ones; kept without a merge."""
    held = vocabulary.members
    if merge is None:
        return dict(held)
    inside = {
        new: [part for code in old for part in held.get(code, (vocabulary.one(code),))]
        for new, old in merge.items()
    }
    return {new: tuple(filter(None, parts)) for new, parts in inside.items() if any(parts)}


def _merged_names(names: Mapping[str, str], merge: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Name a new code after its members: all of up to three, otherwise two and a count."""
    merged = {}
    for new, old in merge.items():
        known = [names.get(code, code) for code in old]
        shown = known if len(known) <= 3 else [*known[:2], f"{len(known) - 2} more"]
        merged[new] = " + ".join(shown)
    return merged
