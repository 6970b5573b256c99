"""Leverage: what a rival takes by breaking off, and the chance of it that must be believed.

A pivot told by rival g to drop rival h loses L_h if it obeys, and w L_g with the chance that g
breaks off if it refuses, where w is the chance that g keeps its word once obeyed. It yields if it
believes in a break-off with more than

    p = min(1, L_h / (w L_g))

No threshold and no GDP enters. Told beside it: the same with the loss of the demand actually made
in the place of L_h, and the margin 1 - q / p that a belief q leaves, one without any pressure and
zero where giving in pays.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Executor
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from tula.equilibrium.anderson import Anderson
from tula.equilibrium.batch import solve_batch
from tula.equilibrium.calibration import Calibration
from tula.equilibrium.closures import Closure, FixedBalance
from tula.equilibrium.day import moved_to_day
from tula.equilibrium.errors import ConvergenceError
from tula.equilibrium.readings import real_incomes
from tula.equilibrium.solve import purge_imbalances
from tula.equilibrium.technology import Technology
from tula.market.commodity import since
from tula.metrics.parties import resolve_parties
from tula.metrics.welfare import equivalent_variation
from tula.policy.duties import DutiesOfDay
from tula.policy.instruments import Instrument
from tula.shapes import Float
from tula.strategy.errors import LeverageError
from tula.strategy.replace import ENDS, Replace
from tula.strategy.withdrawal import Pair, Withdrawal, withdrawals_of_pairs
from tula.world.economy import Economy
from tula.world.labels import Labels

if TYPE_CHECKING:
    import xarray as xr

Array = np.ndarray
#: Names of two rivals: regions or groups.
Rivals = tuple[str, str]

#: How the variables of leverage read: title, unit, base, sign.
VARIABLES: Mapping[str, tuple[str, str, str, str]] = {
    "loss": ("Loss if the rival breaks off", "%", "final spending", "plus = the pivot loses"),
    "loss_money": (
        "Loss if the rival breaks off",
        "million USD",
        "a year",
        "plus = the pivot loses",
    ),
    "cost": ("Cost to the rival", "%", "its final spending", "plus = the rival loses"),
    "cost_money": ("Cost to the rival", "million USD", "a year", "plus = the rival loses"),
    "needed": (
        "Chance of a break-off that must be believed",
        "1",
        "giving up the other rival",
        "the pivot yields if it believes in more; 1 = it never does",
    ),
    "demanded": (
        "Loss if the demand is met",
        "million USD",
        "a year",
        "plus = the pivot loses",
    ),
    "needed_for_demand": (
        "Chance of a break-off that must be believed",
        "1",
        "meeting the demand made",
        "the pivot yields if it believes in more; 1 = it never does",
    ),
    "kept": ("Kept of the flow under the duties", "1", "the world's base year", "1 = all of it"),
    "weight": ("Size of the flow", "%", "final spending", "plus always"),
    "margin": (
        "Margin",
        "1",
        "giving up the other rival",
        "1 = no pressure, 0 = giving in pays",
    ),
}


def chance_needed(
    given_up: Float[Array, "*one"] | float,
    lost: Float[Array, "*other"] | float,
    keeps_word: float = 1.0,
) -> Float[Array, "*joint"]:
    """Return min(1, given_up / (keeps_word x lost)), both losses in one unit.

    One where the break-off costs nothing, zero where giving up costs nothing. Not a number where a
    loss is none.
    """
    up, off = np.broadcast_arrays(np.asarray(given_up, float), np.asarray(lost, float))
    threat = keeps_word * off
    part = np.divide(np.maximum(up, 0.0), threat, out=np.ones_like(up), where=threat > 0.0)
    return np.where(np.isnan(up) | np.isnan(off), np.nan, np.minimum(part, 1.0))


def margin(
    believed: Float[Array, "*one"] | float, needed: Float[Array, "*other"] | float
) -> Float[Array, "*joint"]:
    """Return 1 - believed / needed: one without pressure, zero where giving in pays.

    Minus infinity where nothing is needed and something believed.
    """
    q, p = np.broadcast_arrays(np.asarray(believed, float), np.asarray(needed, float))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(q == 0.0, np.where(np.isnan(p), np.nan, 1.0), 1.0 - q / p)


class BreakOffs(NamedTuple):
    """Break-offs of two rivals from many pivots at one end of ``replace``; axes pivot and rival."""

    base: Calibration
    found: Sequence[Sequence[Withdrawal]]

    def read(self, field: str) -> Float[Array, "P R"]:
        """Return one number of every break-off."""
        return np.array([[getattr(one, field) for one in row] for row in self.found])

    @property
    def failures(self) -> list[str]:
        """Say which break-offs have no equilibrium, and why."""
        return [
            f"{one.partner} breaks off with {one.pivot}: {one.failure}"
            for row in self.found
            for one in row
            if one.failure
        ]

    @property
    def kept(self) -> list[str]:
        """Say which cells trade on because a buyer has no other supplier."""
        cells = (cell for row in self.found for one in row for cell in one.kept)
        return list(dict.fromkeys(f"{n} goes on buying {s} from {i}" for s, n, i in cells))


def leverage(
    world: Economy,
    pivot: str,
    rivals: Rivals,
    *,
    replace: Replace | None = None,
    ends: Sequence[str] = ENDS,
    duties: DutiesOfDay | date | None = None,
    demands: Mapping[str, Sequence[Instrument]] | None = None,
    keeps_word: Mapping[str, float] | None = None,
    believed: Mapping[str, float] | None = None,
    technology: Technology | None = None,
    standing: Sequence[Instrument] = (),
    closure: Closure | None = None,
) -> xr.Dataset:
    """Return what each of two rivals takes from a pivot by breaking off, and what must be believed.

    ``VARIABLES`` by rival and end of ``replace`` (a draw needs its value alone: ``ends``);
    ``demanded`` and ``needed_for_demand`` where ``demands`` say by rival what it asks the pivot to
    do, ``margin`` where ``believed`` gives the chances that it breaks off within the year if
    refused. ``keeps_word``: chances that a rival keeps its word once obeyed, one unless said.
    Losses are those of a full break-off, all trade both ways, from the world under ``duties`` (its
    own if None). ``standing`` holds with and without it, such as what outlets can carry at most.

    Raises ``LeverageError``, ``InelasticDemandError``, ``LastSupplierError`` and
    ``ConvergenceError``, which names the break-off without an equilibrium.
    """
    belief, closure = replace or Replace(), closure or FixedBalance()
    labels, asked = world.labels, demands or {}
    pivot, *names = (labels.region_vocabulary.find(name) for name in (pivot, *rivals))
    own = resolve_parties(labels, (pivot,))
    sides = _sides(labels, names, own[pivot])
    word = chances(names, "keeps_word", keeps_word, 1.0)
    trusted = chances(names, "believed", believed, 0.0)
    _refuse_strangers(names, "demands", asked)
    belief.check(labels)
    tables, losses = [], []
    for end in ends:
        given = belief.world(world, end, technology)
        base, always = departure(given, duties, closure, standing)
        tables.append(broken_off(base, own, sides, closure, policy=always))
        if tables[-1].failures:
            raise ConvergenceError(f"replace at its {end}: {'; '.join(tables[-1].failures)}")
        each = [asked.get(name) for name in names]
        losses.append(demand_losses(base, own[pivot], each, always, closure))
    found = labelled(tables, names, own, word, ends).squeeze("region", drop=True)
    axes = ("rival", "end")
    if asked:
        demanded = np.array(losses).T
        needed = chance_needed(demanded, word[:, None] * found["loss_money"].values)
        add(found, "demanded", axes, demanded)
        add(found, "needed_for_demand", axes, needed)
    if believed:
        add(found, "margin", axes, margin(trusted[:, None], found["needed"].values))
    return found.assign_attrs(pivot=pivot, closure=closure.name, elasticities=str(belief))


def departure(
    given: Calibration,
    duties: DutiesOfDay | date | None,
    closure: Closure,
    standing: Sequence[Instrument] = (),
    solver: Anderson | None = None,
) -> tuple[Calibration, list[Instrument]]:
    """Return the world from which rivals break off, under the duties of a day or as it is, and
    what stands in it, ceilings over what is sold there."""
    if duties is None:
        return purge_imbalances(given) if closure.purge_first else given, list(standing)
    moved, base = moved_to_day(given, duties, closure=closure, solver=solver)
    return base, since(standing, moved)


def broken_off(
    base: Calibration,
    pivots: Mapping[str, tuple[int, ...]],
    rivals: Mapping[str, tuple[int, ...]],
    closure: Closure,
    *,
    policy: Sequence[Instrument] = (),
    keep_last_supplier: bool = False,
    solver: Anderson | None = None,
    executor: Executor | None = None,
) -> BreakOffs:
    """Solve the break-off of every rival from every pivot, each by itself, beside a policy."""
    pairs: list[Pair] = [(p, r, pivots[p], rivals[r]) for p in pivots for r in rivals]
    found = withdrawals_of_pairs(
        base,
        pairs,
        policy=policy,
        closure=closure,
        keep_last_supplier=keep_last_supplier,
        solver=solver,
        executor=executor,
    )
    count = len(rivals)
    return BreakOffs(base, [found[first : first + count] for first in range(0, len(found), count)])


def labelled(
    tables: Sequence[BreakOffs],
    rivals: Sequence[str],
    pivots: Iterable[str],
    keeps_word: Float[Array, " R"],
    ends: Sequence[str] = ENDS,
) -> xr.Dataset:
    """Return losses, costs and chances by region, rival and end of ``replace``."""

    def read(field: str) -> Array:
        return np.stack([table.read(field) for table in tables], axis=-1)

    money = read("loss_money")
    word = keeps_word[None, :, None]
    values = {
        "loss": read("loss"),
        "loss_money": money,
        "cost": read("partner_loss"),
        "cost_money": read("partner_loss_money"),
        "needed": chance_needed(money[:, ::-1], word * money),
    }
    coords = {"region": list(pivots), "rival": list(rivals), "end": list(ends)}
    found = described(tables[0].base, values, coords)
    return found.assign_coords(keeps_word=("rival", keeps_word))


def described(
    base: Calibration, values: Mapping[str, Array], coords: Mapping[str, Sequence[str]]
) -> xr.Dataset:
    """Label values on axes in the order of ``coords``, with what ``VARIABLES`` says of each."""
    import xarray as xr

    told = base.provenance
    origin = {"world": f"{told.name} ({told.vintage})", "elasticities": base.elasticity_source}
    found = xr.Dataset(coords=dict(coords), attrs=origin)
    for name, value in values.items():
        add(found, name, tuple(coords), value)
    return found


def sides_of(labels: Labels, rivals: Sequence[str]) -> dict[str, tuple[int, ...]]:
    """Return positions of the members of two rivals. Raises ``LeverageError`` if they overlap."""
    sides = resolve_parties(labels, rivals)
    if len(sides) != 2:
        raise LeverageError([f"expected two rivals, got {' and '.join(rivals)}"])
    if set.intersection(*map(set, sides.values())):
        raise LeverageError([f"{rivals[0]} and {rivals[1]} have members in common"])
    return sides


def _sides(
    labels: Labels, rivals: Sequence[str], own: tuple[int, ...]
) -> dict[str, tuple[int, ...]]:
    sides = sides_of(labels, rivals)
    inside = [name for name, members in sides.items() if set(members) & set(own)]
    if inside:
        raise LeverageError([f"{name} is the pivot, or holds part of it" for name in inside])
    return sides


def chances(
    rivals: Sequence[str], what: str, given: Mapping[str, float] | None, unsaid: float
) -> Float[Array, " R"]:
    """Read chances by rival, in order. Raises ``LeverageError`` for nobody's, and beyond 0 to 1."""
    told = dict(given or {})
    _refuse_strangers(rivals, what, told)
    # Whoever never keeps its word cannot be obeyed to any use.
    wrong = [
        f"{what} of {rival} is {chance!r}: expected a chance {'above' if unsaid else 'from'} 0 to 1"
        for rival, chance in told.items()
        if not (0.0 <= chance <= 1.0 and (chance > 0.0 or not unsaid))
    ]
    if wrong:
        raise LeverageError(wrong)
    return np.array([told.get(rival, unsaid) for rival in rivals])


def _refuse_strangers(rivals: Sequence[str], what: str, given: Iterable[str]) -> None:
    strangers = [name for name in given if name not in rivals]
    if strangers:
        told = " and ".join(rivals)
        raise LeverageError([f"{what} names {one!r}: the rivals are {told}" for one in strangers])


def demand_losses(
    base: Calibration,
    pivot: tuple[int, ...],
    demands: Sequence[Sequence[Instrument] | None],
    standing: Sequence[Instrument],
    closure: Closure,
    solver: Anderson | None = None,
) -> Float[Array, " R"]:
    """Return what the pivot loses by meeting each demand, million USD; not a number without one."""
    asked = [n for n, demand in enumerate(demands) if demand is not None]
    if not asked:
        return np.full(len(demands), np.nan)
    policies = [list(standing), *([*standing, *(demands[n] or ())] for n in asked)]
    batch = solve_batch(base, policies, reading=real_incomes(), closure=closure, solver=solver)
    for failure in batch.failures.values():
        raise failure
    assert batch.values is not None
    gains = [equivalent_variation(hat, batch.calibration) for hat in batch.values]
    still, *met = (float(gain[list(pivot)].sum()) for gain in gains)
    losses = np.full(len(demands), np.nan)
    losses[asked] = still - np.array(met)
    return losses


def add(found: xr.Dataset, name: str, axes: tuple[str, ...], values: Array) -> None:
    """Enter a variable with what ``VARIABLES`` says of it."""
    title, units, base, sign = VARIABLES[name]
    found[name] = (axes, values, {"long_name": title, "units": units, "base": base, "sign": sign})
