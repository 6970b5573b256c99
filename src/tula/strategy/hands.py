"""What a rival can stop, flow by flow, and what that costs both sides: the symmetric table.

Each hand is stopped in part, with the scarcity rent kept by who stops or lost to nobody, and as a
whole, where no rent is left. It enters no margin: a rival that can break off has no use for less.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from tula.equilibrium.batch import solve_batch
from tula.equilibrium.calibration import Calibration
from tula.equilibrium.closures import Closure, FixedBalance
from tula.equilibrium.errors import ConvergenceError
from tula.equilibrium.solve import solve
from tula.equilibrium.technology import Technology
from tula.errors import UnknownNameError
from tula.metrics.parties import resolve_parties
from tula.policy.caps import ExportCap, ImportCap
from tula.policy.duties import DutiesOfDay
from tula.policy.instruments import Embargo, Instrument
from tula.shapes import Float
from tula.strategy.errors import LeverageError
from tula.strategy.leverage import Rivals, departure, described, sides_of
from tula.strategy.replace import ENDS, Replace
from tula.world.economy import Economy
from tula.world.labels import Labels

if TYPE_CHECKING:
    import xarray as xr

Array = np.ndarray
Side = Literal["buys", "sells"]
#: How far a hand stops: a part with the rent kept by who stops, a part with it lost, all of it.
STOPS = ("part, rent kept", "part, rent lost", "whole")
#: The hand that stops all trade, the group that goods are, and the part that stops take away.
ALL, GOODS, PART = "all", "goods", 0.5


class Hand(NamedTuple):
    """Flows a rival can stop: sides seen from the rival, and the sectors."""

    name: str
    flows: tuple[tuple[Side, tuple[str, ...]], ...]


def hands(
    world: Economy,
    pivot: str,
    rivals: Rivals,
    *,
    commodity: str | None = None,
    goods: str | Sequence[str] = GOODS,
    part: float = PART,
    replace: Replace | None = None,
    end: str = ENDS[0],
    duties: DutiesOfDay | date | None = None,
    technology: Technology | None = None,
    standing: Sequence[Instrument] = (),
    closure: Closure | None = None,
) -> xr.Dataset:
    """Return what each hand of two rivals takes from a pivot and costs the rival itself.

    ``loss`` and ``cost`` (%, of own final spending) with ``loss_money`` and ``cost_money`` by
    rival, hand and stop. Hands: stops buying goods, services, stops selling goods, services,
    either in a contested ``commodity``, and all of it; services are what is not ``goods``.
    ``part`` is the share of each flow that the partial stops take away. The belief ``replace`` is
    read at one end. ``standing`` holds with and without, such as what outlets can carry at most.

    Raises ``LeverageError``, ``InelasticDemandError``, ``UnknownNameError``, and
    ``ConvergenceError``, which names the stop without an equilibrium.
    """
    belief, closure, labels = replace or Replace(), closure or FixedBalance(), world.labels
    pivot, *names = (labels.region_vocabulary.find(name) for name in (pivot, *rivals))
    belief.check(labels)
    if not 0.0 < part < 1.0:
        raise LeverageError([f"part is {part!r}: expected a share above 0 and below 1"])
    given = belief.world(world, end, technology)
    base, always = departure(given, duties, closure, standing)
    known = hands_of(labels, commodity, goods)
    taken = takings(base, pivot, names, known, closure, part=part, standing=always)
    coords = {"rival": names, "hand": [hand.name for hand in known], "stop": list(STOPS)}
    return described(base, taken, coords).assign_attrs(
        pivot=pivot, part=part, replace_at=end, closure=closure.name
    )


def takings(
    base: Calibration,
    pivot: str,
    rivals: Sequence[str],
    known: Sequence[Hand],
    closure: Closure,
    *,
    part: float = PART,
    standing: Sequence[Instrument] = (),
) -> dict[str, Float[Array, "R H 3"]]:
    """Return the variables of ``hands`` by rival, hand and stop, in a world as it stands."""
    own, sides = resolve_parties(base.labels, (pivot,))[pivot], sides_of(base.labels, rivals)
    asked = [(r, h, stop) for r in rivals for h in known for stop in STOPS]
    moves = [list(_stopped(base, pivot, r, h, stop, 1.0 - part)) for r, h, stop in asked]
    batch = solve_batch(base, [[*standing, *move] for move in moves], closure=closure)
    rest = solve(base, standing, closure=closure).real_income_hat if standing else 1.0
    if batch.failures:
        why = batch.failures.items()
        told = (f"{asked[n][0]} {asked[n][1].name}, {asked[n][2]}: {one}" for n, one in why)
        raise ConvergenceError("; ".join(told))
    spending, members = base.final_spending, [list(places) for places in sides.values()]
    fall = (rest - batch.real_income_hat).reshape(len(rivals), len(known), len(STOPS), -1)
    lost = (fall * spending)[..., list(own)].sum(axis=-1)
    cost = np.stack([(fall[n] * spending)[..., m].sum(axis=-1) for n, m in enumerate(members)])
    size = np.array([spending[m].sum() for m in members])[:, None, None]
    return {
        "loss": 100.0 * lost / spending[list(own)].sum(),
        "loss_money": lost,
        "cost": 100.0 * cost / size,
        "cost_money": cost,
    }


def hands_of(
    labels: Labels, commodity: str | None = None, goods: str | Sequence[str] = GOODS
) -> list[Hand]:
    """Return what a rival can stop; raises ``LeverageError`` where goods are not known."""
    try:
        made = labels.resolve_sectors(goods)
    except UnknownNameError as error:
        raise LeverageError([f"{error}. Say which sectors are goods: goods=[...]"]) from error
    groups = {"goods": made, "services": tuple(s for s in labels.sectors if s not in made)}
    if commodity is not None:
        groups[commodity] = labels.resolve_sectors(commodity)
    sides: tuple[Side, ...] = ("buys", "sells")
    found = [
        Hand(f"{side} {name}", ((side, codes),))
        for name, codes in groups.items()
        for side in sides
        if codes
    ]
    return [*found, Hand(ALL, tuple((side, labels.sectors) for side in sides))]


def _stopped(
    base: Calibration, pivot: str, rival: str, hand: Hand, stop: str, left: float
) -> Iterator[Instrument]:
    """Yield the instruments with which a rival stops a hand, none where nothing is traded."""
    for side, sectors in hand.flows:
        buyer, seller = (rival, pivot) if side == "buys" else (pivot, rival)
        if not _traded(base, sectors, buyer, seller):
            continue
        where = {"importer": buyer, "exporter": seller, "sectors": sectors}
        if stop == STOPS[2]:
            yield Embargo(**where)
        elif side == "buys":
            yield ImportCap(**where, at=left, rent_to="importer" if stop == STOPS[0] else "nobody")
        else:
            keeper = "exporter" if stop == STOPS[0] else "nobody"
            yield ExportCap(**where, at=left, rent_to=keeper, together=False)


def _traded(base: Calibration, sectors: Sequence[str], buyer: str, seller: str) -> bool:
    labels = base.labels
    rows = [labels.sector_index(code) for code in sectors]
    ends = (
        [labels.region_index(r) for r in labels.resolve_regions(one)] for one in (buyer, seller)
    )
    return bool((base.border_trade[np.ix_(rows, *ends)] > 0.0).any())
