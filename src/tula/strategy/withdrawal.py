"""What a nation loses if a partner withdraws all its ties, and what that costs the partner.

V(x) less V(x without g): real income with the partner and after an exact embargo between the two,
every other nation and market adjusting. The world's trade elasticities decide how far: pass one at
another horizon (``at_horizon``) or with another set of elasticities.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from tula.equilibrium.anderson import Anderson
from tula.equilibrium.batch import Batch, solve_batch
from tula.equilibrium.calibration import Calibration, World
from tula.equilibrium.closures import Closure, closure_of
from tula.equilibrium.errors import ConvergenceError
from tula.equilibrium.readings import real_incomes
from tula.equilibrium.solution import Solution
from tula.equilibrium.solve import compile_policy, purge_imbalances
from tula.errors import TulaError, UnknownNameError
from tula.metrics.parties import (
    EmptyPartyError,
    Parties,
    base_of,
    label_base,
    position,
    resolve_parties,
)
from tula.metrics.power import InelasticDemandError
from tula.policy.instruments import Instrument
from tula.policy.shock import LedgerEntry, Shock
from tula.shapes import Bool, Float
from tula.world.labels import Labels

if TYPE_CHECKING:
    import xarray as xr

Array = np.ndarray
#: Which trade stops, seen from the partner that withdraws: all, what it sells, what it buys.
FLOWS = ("both", "sales", "purchases")
#: Names of pivot and partner, and positions of their members.
Pair = tuple[str, str, tuple[int, ...], tuple[int, ...]]


class LastSupplierError(TulaError):
    """A withdrawal leaves buyers without any supplier of what they buy: no price can clear.

    Pass ``keep_last_supplier=True`` to let those cells trade on (the result lists them), leave the
    sector out, or measure the shortage with ``tula.metrics.rationing``.
    """


@dataclass(frozen=True)
class Withdrawal:
    """Outcome of one partner's withdrawal from one pivot; plus = a loss.

    ``loss`` and ``partner_loss`` are in % of own base final spending, ``loss_money`` and
    ``partner_loss_money`` in million USD a year at base prices. ``trade_stopped`` is the base
    border value of the trade that ends. ``kept`` lists cells (sector, importer, exporter) that
    trade on because the importer has no other supplier. ``failure`` says why there is no answer
    (losses are then not a number); it is empty otherwise.
    """

    pivot: str
    partner: str
    pivot_members: tuple[str, ...]
    partner_members: tuple[str, ...]
    flows: str
    sectors: tuple[str, ...]
    loss: float
    loss_money: float
    partner_loss: float
    partner_loss_money: float
    trade_stopped: float
    kept: tuple[tuple[str, str, str], ...] = ()
    failure: str = ""


class _Case(NamedTuple):
    """One withdrawal before it is solved: names, members, trade that stops and cells that stay."""

    pivot: str
    partner: str
    pivot_places: tuple[int, ...]
    partner_places: tuple[int, ...]
    trade_stopped: float
    kept: tuple[tuple[str, str, str], ...]


def withdrawal(
    world: World,
    pivot: str,
    partner: str | Sequence[str],
    *,
    flows: str = "both",
    sectors: str | Iterable[str] = "all",
    policy: Shock | Sequence[Instrument] = (),
    closure: Closure | str | None = None,
    keep_last_supplier: bool = False,
) -> Withdrawal:
    """Return what one partner's withdrawal costs the pivot and the partner.

    ``pivot`` is a region or a group; ``partner`` as well, or several taken as a coalition.
    ``policy`` is in force with and without the partner. Errors as ``withdrawals``, and
    ``ConvergenceError`` where there is no equilibrium without the partner.
    """
    members = (partner,) if isinstance(partner, str) else tuple(partner)
    found = withdrawals(
        world,
        pivot,
        {"+".join(members): members},
        flows=flows,
        sectors=sectors,
        policy=policy,
        closure=closure,
        keep_last_supplier=keep_last_supplier,
    )[0]
    if found.failure:
        raise ConvergenceError(f"{found.pivot} without {found.partner}: {found.failure}")
    return found


def withdrawals(
    world: World,
    pivot: str,
    partners: Parties,
    *,
    flows: str = "both",
    sectors: str | Iterable[str] = "all",
    policy: Shock | Sequence[Instrument] = (),
    closure: Closure | str | None = None,
    keep_last_supplier: bool = False,
) -> tuple[Withdrawal, ...]:
    """Return the withdrawal of each of several partners from one pivot, each by itself.

    Partners who are the pivot are left out where all regions are asked for (``None``), and members
    of the pivot are taken out of a group (``partner_members`` shows who remains). Raises
    ``LastSupplierError``, ``InelasticDemandError`` (an embargo at sigma of one or less has no
    finite cost), ``EmptyPartyError``, ``UnknownNameError``. A partner without an equilibrium has
    its ``failure`` filled.
    """
    base = _calibrated(world)
    return withdrawals_of_pairs(
        base,
        _pairs(base.labels, pivot, partners),
        flows=flows,
        sectors=sectors,
        policy=policy,
        closure=closure,
        keep_last_supplier=keep_last_supplier,
    )


def withdrawal_matrix(
    world: World,
    parties: Parties = None,
    *,
    sectors: str | Iterable[str] = "all",
    policy: Shock | Sequence[Instrument] = (),
    closure: Closure | str | None = None,
    keep_last_supplier: bool = False,
) -> xr.DataArray:
    """Return the loss of each party (region) if all trade with another (partner) stops both ways.

    One solve a pair. Unit % of the region's base final spending; plus = a loss; not a number on
    the diagonal and where there is no equilibrium (attribute ``failures`` names those pairs).
    Parties may not overlap. Errors as ``withdrawals``.
    """
    base = _calibrated(world)
    named = resolve_parties(base.labels, parties)
    for (first, one), (second, two) in combinations(named.items(), 2):
        if set(one) & set(two):
            raise EmptyPartyError(f"{first} and {second} have members in common")
    pairs = [(a, b, named[a], named[b]) for a, b in combinations(named, 2)]
    found = withdrawals_of_pairs(
        base,
        pairs,
        sectors=sectors,
        policy=policy,
        closure=closure,
        keep_last_supplier=keep_last_supplier,
    )
    names = list(named)
    values = np.full((len(names), len(names)), np.nan)
    for item in found:
        row, column = names.index(item.pivot), names.index(item.partner)
        values[row, column], values[column, row] = item.loss, item.partner_loss
    return label_base(
        values,
        position(base),
        {"region": names, "partner": names},
        name="withdrawal_loss",
        title="Loss if all trade between the two stops",
        units="%",
        base="base final spending",
        sign="plus = the region loses if the partner withdraws",
        failures="; ".join(f"{i.pivot}-{i.partner}: {i.failure}" for i in found if i.failure),
    )


def _calibrated(world: World) -> Calibration:
    if isinstance(world, Solution):
        raise TypeError("world is a Solution; pass its world, and policy=solution.shock")
    return base_of(world)


def _pairs(labels: Labels, pivot: str, partners: Parties) -> list[Pair]:
    own = resolve_parties(labels, (pivot,))[pivot]
    pairs = []
    for name, members in resolve_parties(labels, partners).items():
        foreign = tuple(place for place in members if place not in own)
        if foreign:
            pairs.append((pivot, name, own, foreign))
        elif partners is not None:
            raise EmptyPartyError(f"partner {name} has no region that is not part of {pivot}")
    return pairs


def withdrawals_of_pairs(
    base: Calibration,
    pairs: Sequence[Pair],
    *,
    flows: str = "both",
    sectors: str | Iterable[str] = "all",
    policy: Shock | Sequence[Instrument] = (),
    closure: Closure | str | None = None,
    keep_last_supplier: bool = False,
    solver: Anderson | None = None,
    executor: Executor | None = None,
) -> tuple[Withdrawal, ...]:
    """Return the withdrawal of each pair's partner from its pivot, each by itself.

    The world is solved without each partner, by ``executor`` as in ``solve_batch``, and with all of
    them where there is a policy. Errors as ``withdrawals``, and ``ConvergenceError`` there.
    """
    if flows not in FLOWS:
        raise UnknownNameError("direction of trade", flows, FLOWS)
    chosen = base.labels.resolve_sectors(sectors)
    if closure_of(closure).purge_first:
        base = purge_imbalances(base)
    shock = policy if isinstance(policy, Shock) else compile_policy(base, policy)
    _refuse_impossible(base, shock, pairs, flows, chosen, keep_last_supplier)
    if not pairs:
        return ()
    cases: list[_Case] = []

    def policies() -> Iterator[Shock]:
        if policy:
            yield shock
        for pair in pairs:
            case, stopped = _case(base, shock, pair, flows, chosen)
            cases.append(case)
            yield _without(shock, case, stopped)

    batch = solve_batch(
        base, policies(), reading=real_incomes(), closure=closure, solver=solver, executor=executor
    )
    assert batch.values is not None
    before, first = np.ones(len(base.labels.regions)), 0
    if policy:
        if 0 in batch.failures:
            raise batch.failures[0]
        before, first = batch.values[0], 1
    numbered = enumerate(cases, first)
    return tuple(_outcome(batch, n, case, before, flows, chosen) for n, case in numbered)


def _case(
    base: Calibration,
    shock: Shock,
    pair: Pair,
    flows: str,
    sectors: tuple[str, ...],
) -> tuple[_Case, Bool[Array, "S N I"]]:
    """Return a case with the cells that stop, without those that are a buyer's last suppliers."""
    pivot, partner, own, other = pair
    asked = np.zeros(base.trade_share.shape, dtype=bool)
    places = [base.labels.sector_index(code) for code in sectors]
    if flows in ("both", "sales"):
        asked[np.ix_(places, own, other)] = True
    if flows in ("both", "purchases"):
        asked[np.ix_(places, other, own)] = True
    bought = (base.trade_share > 0.0) & ~shock.embargo
    stranded = bought.any(axis=2) & ~(bought & ~asked).any(axis=2)
    kept = asked & bought & stranded[:, :, None]
    labels = base.labels
    names = tuple(
        (labels.sectors[s], labels.regions[n], labels.regions[i]) for s, n, i in np.argwhere(kept)
    )
    stopped = asked & ~kept
    traded = float(base.border_trade[stopped].sum())
    return _Case(pivot, partner, own, other, traded, names), stopped


def _without(shock: Shock, case: _Case, stopped: Bool[Array, "S N I"]) -> Shock:
    note = f"{case.partner} withdraws from {case.pivot}"
    entry = LedgerEntry("withdrawal", int(stopped.sum()), note)
    return shock.replace(embargo=shock.embargo | stopped, ledger=(*shock.ledger, entry))


def _outcome(
    batch: Batch,
    number: int,
    case: _Case,
    before: Float[Array, " N"],
    flows: str,
    sectors: tuple[str, ...],
) -> Withdrawal:
    spending = batch.calibration.final_spending
    assert batch.values is not None
    fall = before - batch.values[number]
    own, other = list(case.pivot_places), list(case.partner_places)
    loss, money = _joint(fall[own], spending[own])
    partner_loss, partner_money = _joint(fall[other], spending[other])
    regions = batch.calibration.labels.regions
    return Withdrawal(
        pivot=case.pivot,
        partner=case.partner,
        pivot_members=tuple(regions[place] for place in own),
        partner_members=tuple(regions[place] for place in other),
        flows=flows,
        sectors=sectors,
        loss=loss,
        loss_money=money,
        partner_loss=partner_loss,
        partner_loss_money=partner_money,
        trade_stopped=case.trade_stopped,
        kept=case.kept,
        failure=str(batch.failures.get(number, "")),
    )


def _joint(fall: Float[Array, " M"], spending: Float[Array, " M"]) -> tuple[float, float]:
    """Return members' joint loss in % of their spending, and in million USD."""
    money = float(fall @ spending)
    return 100.0 * money / float(spending.sum()), money


def _refuse_impossible(
    base: Calibration,
    shock: Shock,
    pairs: Sequence[Pair],
    flows: str,
    sectors: tuple[str, ...],
    keep_last_supplier: bool,
) -> None:
    """Raise for everything that has no answer before anything is solved."""
    stopped = np.zeros(len(base.labels.sectors), dtype=bool)
    lost: list[str] = []
    for pair in pairs:
        case, cells = _case(base, shock, pair, flows, sectors)
        stopped |= ((base.trade_share > 0.0) & cells).any(axis=(1, 2))
        lost += [f"{n} has no supplier of {sector} but {i}" for sector, n, i in case.kept]
    if lost and not keep_last_supplier:
        told = "; ".join(dict.fromkeys(lost))
        raise LastSupplierError(f"{told}. keep_last_supplier=True lets these cells trade")
    _refuse_inelastic(base, stopped)


def _refuse_inelastic(base: Calibration, stopped: Bool[Array, " S"]) -> None:
    """An embargo at theta of zero or less would lower prices in the CES formula: no answer."""
    theta = base.placed.trade_elasticity.min(axis=1)
    hit = [
        f"{base.labels.sectors[place]} {theta[place] + 1.0:.3g}"
        for place in np.flatnonzero(stopped & (theta <= 0.0))
    ]
    if hit:
        raise InelasticDemandError(
            f"sigma is one or less ({', '.join(hit)}): an embargo costs without limit. Take a "
            "longer horizon or other elasticities, or say what quantity remains (rationing_loss)"
        )
