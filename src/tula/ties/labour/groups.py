"""Workers by skill and sector: who goes, what each sends, what part of the shortage it fills."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import numpy as np

from tula.equilibrium import Calibration
from tula.numbers.quantity import Positive, Share
from tula.numbers.record import Record, Unit
from tula.world.labels import Labels
from tula.world.named import Fault, Sectors

#: Shares given as rounded percentages may miss one by this much; they are then scaled to one.
ROUNDING = 0.005
_MONEY = "bn USD a year"


class WorkerGroup(Record):
    """One kind of workers under an accord."""

    name: str
    """What the group is called."""
    skill: str = ""
    """What they can do, in words."""
    permits: Annotated[Share, Unit("share", 0.7)]
    """The group's share of all permits; the shares of all groups sum to 1."""
    home_earnings: Annotated[Positive, Unit("USD a year", 3000.0)]
    """What a worker of the group earns at home, at base wages."""
    host_earnings: Annotated[Positive, Unit("USD a year", 8500.0)]
    """What a worker of the group earns in the host, at base wages."""
    remitted: Annotated[Share, Unit("share", 0.6)]
    """Share of host earnings sent home."""
    gap: Annotated[Positive | None, Unit("thousand people", 800.0)] = None
    """The host's shortage of this kind of labour, where there is a count."""
    leaves: Sectors = ()
    """Sectors or groups of the world in which they worked at home."""
    enters: Sectors = ()
    """Sectors or groups of the world in which they will work in the host."""


def shares(groups: Sequence[WorkerGroup]) -> tuple[float, ...]:
    """Return each group's share of the permits, scaled to sum to one."""
    whole = sum(group.permits.value for group in groups)
    return tuple(group.permits.value / whole for group in groups)


def averages(groups: Sequence[WorkerGroup]) -> tuple[float, float, float]:
    """Return home and host earnings of the average worker, USD a year, and the share sent home."""
    weight = np.array(shares(groups))
    home = np.array([group.home_earnings.value for group in groups])
    host = np.array([group.host_earnings.value for group in groups])
    sent = np.array([group.remitted.value for group in groups])
    each = float(weight @ host)
    return float(weight @ home), each, float(weight @ (host * sent)) / each


def faults(groups: Sequence[WorkerGroup]) -> list[Fault]:
    """Return what is wrong with the shares of groups taken together."""
    found: list[Fault] = []
    whole = sum(group.permits.value for group in groups)
    if abs(whole - 1.0) > ROUNDING:
        found.append((("groups",), f"permits sum to {whole:.4f}, not 1"))
    if all(group.permits.low == 0.0 for group in groups):
        found.append((("groups",), "every share of permits may be 0; one must be above it"))
    return found


def meanings(group: WorkerGroup, labels: Labels) -> dict[str, tuple[str, str]]:
    """Return unit and meaning of what is told of a group, by name."""
    of = f", {group.skill}" if group.skill else ""
    told = {
        "workers": ("thousand", f"workers present in the host{of}"),
        "remittances": (_MONEY, "earnings sent home"),
        "share_of_gap": ("share", "of the host's whole shortage of labour"),
    }
    if group.gap is not None:
        told["share_of_own_gap"] = ("share", "of the host's shortage in this work")
    if group.enters:
        where = _listed(group.enters, labels)
        told["added"] = ("share", f"added to what labour earns in the host in {where}")
    if group.leaves:
        where = _listed(group.leaves, labels)
        told["withdrawn"] = ("share", f"taken from what labour earns in the pivot in {where}")
    return {f"{group.name}: {name}": meaning for name, meaning in told.items()}


def _listed(sectors: Sequence[str], labels: Labels) -> str:
    named = (labels.sector_names.get(code, code) for code in sectors)
    return ", ".join(name[:1].lower() + name[1:] for name in named)


def group_numbers(
    groups: Sequence[WorkerGroup],
    calibration: Calibration,
    pair: tuple[str, str],
    *,
    workers: float,
    remittances: float,
    gap: float,
    labour_share: float,
) -> dict[str, float]:
    """Return what is told of every group, by the names of ``meanings``.

    ``pair``: codes of pivot and host; ``workers`` thousand and ``remittances`` of all groups.
    ``labour_share`` of value added is taken for both countries.
    """
    found: dict[str, float] = {}
    sent = [
        share * group.host_earnings.value * group.remitted.value
        for share, group in zip(shares(groups), groups, strict=True)
    ]
    for share, part, group in zip(shares(groups), sent, groups, strict=True):
        present = share * workers
        told = {
            "workers": present,
            "remittances": remittances * part / sum(sent) if sum(sent) > 0.0 else 0.0,
            "share_of_gap": present / gap,
        }
        if group.gap is not None:
            told["share_of_own_gap"] = present / group.gap.value
        sides = (
            ("added", pair[1], group.enters, group.host_earnings.value),
            ("withdrawn", pair[0], group.leaves, group.home_earnings.value),
        )
        for name, region, sectors, each in sides:
            if sectors:
                paid = labour_share * _value_added(calibration, region, sectors)
                told[name] = present * each / 1000.0 / paid
        found |= {f"{group.name}: {name}": value for name, value in told.items()}
    return found


def _value_added(calibration: Calibration, region: str, sectors: Sequence[str]) -> float:
    """Value added of a region in some sectors, million USD."""
    labels = calibration.labels
    places = [labels.sector_index(code) for code in labels.resolve_sectors(tuple(sectors))]
    earned = calibration.value_added_share * calibration.output
    return float(np.asarray(earned)[labels.region_index(region), places].sum())
