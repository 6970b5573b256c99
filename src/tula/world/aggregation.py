"""Merge, split and reorder the regions and sectors of an economy, keeping what must be kept.

Merging adds flows. Duties become averages weighted by what they are levied on, so that revenue,
expenditure, output and imbalances stay what they were; where nothing is traded the highest member
rate stands. Elasticities are weighted by sales. Value added of a merged sector moves slightly
between intermediate and final use, because its buyers now pay one average duty.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import chain
from types import EllipsisType

import numpy as np

from tula.errors import TulaError
from tula.shapes import Float, Int
from tula.world.economy import Economy
from tula.world.grouping import merged_labels, merging_step, region_split
from tula.world.labels import Labels
from tula.world.names import Vocabulary
from tula.world.store import world_of

Array = np.ndarray
#: New code -> old ones, by any name, or groups of them; ``...`` for all that no other names.
Groups = Mapping[str, Iterable[str] | EllipsisType]


class GroupingError(TulaError):
    """Members of new regions or sectors are missing, doubled or unknown; all are listed. Name
    each old code exactly once, or those left over by ``"rest": ...``."""  # fmt: skip


def aggregate(
    economy: Economy | str,
    regions: Groups | None = None,
    sectors: Groups | None = None,
    region_names: Mapping[str, str] | None = None,
    sector_names: Mapping[str, str] | None = None,
) -> Economy:
    """Return the economy with regions and sectors merged: new code -> members.

    Members are codes, names or groups, ``...`` all that no other new code takes:
    ``{"EU": "EU", "USA": "USA", "rest": ...}``. ``None`` leaves an axis alone; new codes stand in
    the order given. Names default to those of the members, of a group or of all others to the new
    code. Groups survive where no new code cuts through them. Raises ``GroupingError``.
    """
    economy = world_of(economy)
    labels = economy.labels
    by_region, region_faults = _grouping(regions, labels.region_vocabulary, labels.region_groups)
    by_sector, sector_faults = _grouping(sectors, labels.sector_vocabulary, labels.sector_groups)
    _refuse([*region_faults, *sector_faults])
    if by_region is None and by_sector is None:
        return economy
    n_of, s_of = _members(by_region, economy.regions), _members(by_sector, economy.sectors)
    names = _group_names(regions, labels.region_groups) | dict(region_names or {})
    inside = _group_names(sectors, labels.sector_groups) | dict(sector_names or {})
    labels, dropped = merged_labels(labels, by_region, by_sector, names, inside)
    step = merging_step(economy, by_region, by_sector, dropped)
    trade = economy.trade
    return replace(
        economy,
        labels=labels,
        intermediate=merge_axes(economy.intermediate, n_of, s_of, n_of, s_of),
        final=merge_axes(economy.final, n_of, s_of, n_of),
        tariff=average(economy.tariff, trade * (1.0 + economy.export_tax), s_of, n_of, n_of),
        export_tax=average(economy.export_tax, trade, s_of, n_of, n_of),
        trade_elasticity=average(economy.trade_elasticity, economy.output.sum(axis=0), s_of),
        elasticity_source=economy.elasticity_source
        + ("; averaged by sales" if by_sector is not None else ""),
        provenance=replace(
            economy.provenance, steps=(*economy.provenance.steps, step), content_hash=""
        ),
    )


def reorder(
    economy: Economy,
    regions: Iterable[str] | None = None,
    sectors: Iterable[str] | None = None,
) -> Economy:
    """Return the same economy with its axes in another order. Raises ``GroupingError``."""
    labels = economy.labels
    new_regions = economy.regions if regions is None else tuple(regions)
    new_sectors = economy.sectors if sectors is None else tuple(sectors)
    faults = _faults([(code, "") for code in new_regions], labels.region_vocabulary)
    faults += _faults([(code, "") for code in new_sectors], labels.sector_vocabulary)
    _refuse(faults)
    n = np.array([economy.regions.index(code) for code in new_regions])
    s = np.array([economy.sectors.index(code) for code in new_sectors])
    turned = replace(labels, regions=new_regions, sectors=new_sectors)
    return replace(_taken(economy, n, s), labels=turned)


def split_region(economy: Economy, code: str, halves: tuple[str, str]) -> Economy:
    """Return the economy with one region cut into two identical halves, side by side.

    Each half has half of every flow with others and a quarter of the home flow with itself and
    with its twin, at the old rates. No other region can tell the difference. Raises
    ``UnknownNameError``, ``DuplicateLabelError``.
    """
    at = economy.labels.region_index(code)
    n = np.insert(np.arange(len(economy.regions)), at, at)
    share = np.where(n == at, 0.5, 1.0)
    grown = _taken(economy, n, np.arange(len(economy.sectors)), share)
    return replace(grown, labels=region_split(economy.labels, code, halves))


def _taken(
    economy: Economy, n: Int[Array, " N"], s: Int[Array, " S"], share: Array | float = 1.0
) -> Economy:
    """Pick regions n (each with its share of flows) and sectors s; labels are numbers as yet."""
    share = np.broadcast_to(np.asarray(share, dtype=float), n.shape)
    flow = share[:, None, None] * share[None, None, :]
    picked = {
        "intermediate": economy.intermediate[np.ix_(n, s, n, s)] * flow[..., None],
        "final": economy.final[np.ix_(n, s, n)] * flow,
        "tariff": economy.tariff[np.ix_(s, n, n)],
        "export_tax": economy.export_tax[np.ix_(s, n, n)],
        "trade_elasticity": economy.trade_elasticity[s],
    }
    labels = Labels(tuple(map(str, range(n.size))), tuple(map(str, range(s.size))))
    return replace(economy, labels=labels, **picked)


def _grouping(
    groups: Groups | None, vocabulary: Vocabulary, known: Mapping[str, tuple[str, ...]]
) -> tuple[dict[str, tuple[str, ...]] | None, list[str]]:
    """Return the groups as tuples (None if they change nothing) and what is wrong with them."""
    if groups is None:
        return None, []
    kind, codes = vocabulary.kind, vocabulary.codes

    def expanded(members: Iterable[str] | EllipsisType) -> tuple[str, ...]:
        given = [members] if isinstance(members, str) else () if members is ... else members
        found = [vocabulary.match(member) or member for member in given]
        return tuple(
            chain.from_iterable(codes if m == "all" else known.get(m, (m,)) for m in found)
        )

    plain = {new: expanded(members) for new, members in groups.items()}
    taken = set(chain.from_iterable(plain.values()))
    rest = [new for new, members in groups.items() if members is ...]
    plain |= dict.fromkeys(rest, tuple(code for code in codes if code not in taken))
    faults = [f"{kind} {new!r} has no members" for new, members in plain.items() if not members]
    faults += _faults(
        [(code, new) for new, members in plain.items() for code in members], vocabulary
    )
    unchanged = tuple(plain.items()) == tuple((code, (code,)) for code in codes)
    return (None if unchanged else plain), faults


def _group_names(groups: Groups | None, known: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Return the new codes made of a group, or of all others, as their own names."""
    named = (groups or {}).items()
    return {new: new for new, members in named if members is ... or str(members) in known}


def _faults(given: Iterable[tuple[str, str]], vocabulary: Vocabulary) -> list[str]:
    """What is wrong with codes, each with the group that it was given to."""
    kind, codes = vocabulary.kind, vocabulary.codes
    groups: dict[str, list[str]] = {}
    for code, group in given:
        groups.setdefault(code, []).append(group)
    unknown = [code for code in groups if code not in codes]
    faults = [f"unknown {kind} {code!r}{vocabulary.hint(code)}" for code in unknown]
    for code, where in groups.items():
        if len(where) > 1:
            within = f", in {' and '.join(map(repr, where))}" if all(where) else ""
            faults.append(f"{kind} {code!r} stands {len(where)} times{within}")
    absent = [repr(code) for code in codes if code not in groups]
    if absent:
        one = len(absent) == 1
        faults.append(
            f"{kind}{'' if one else 's'} {', '.join(absent)} {'is' if one else 'are'} missing"
        )
    return faults


def _refuse(faults: list[str]) -> None:
    if faults:
        rest = any(fault.endswith("missing") for fault in faults)
        remedy = ['"rest": ... takes all that are missing'] if rest else []
        raise GroupingError("; ".join([*faults, *remedy]))


def _members(groups: dict[str, tuple[str, ...]] | None, codes: tuple[str, ...]) -> Array:
    """Membership matrix (new, old) of zeros and ones."""
    chosen = groups or {code: (code,) for code in codes}
    return np.array([[float(code in set(group)) for code in codes] for group in chosen.values()])


def merge_axes(values: Array, *members: Array) -> Array:
    """Sum an array over the members of each new code, axis by axis."""
    for axis, membership in enumerate(members):
        values = np.moveaxis(np.tensordot(membership, values, axes=(1, axis)), 0, axis)
    return np.ascontiguousarray(values)


def average(rates: Array, weights: Array, *members: Array) -> Float[Array, "*merged"]:
    """Average rates by weights over the members of each new code; a cell with one member keeps its
    rate exactly, and where nothing weighs the highest stands."""
    count = merge_axes(np.ones_like(rates), *members)
    total = merge_axes(weights, *members)
    weighted = merge_axes(rates * weights, *members) / np.where(total > 0, total, 1.0)
    averaged = np.where(total > 0, weighted, _highest(rates, *members))
    return np.asarray(np.where(count == 1, merge_axes(rates, *members), averaged))


def _highest(rates: Array, *members: Array) -> Array:
    for axis, membership in enumerate(members):
        picks = [rates.take(np.flatnonzero(row), axis).max(axis) for row in membership]
        rates = np.stack(picks, axis)
    return rates
