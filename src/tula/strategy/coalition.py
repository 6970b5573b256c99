"""Coalitions of senders: the target's loss, what it costs, and what each member adds.

After Chowdhry, Hinz, Kamin and Wanner (2024), "Brothers in arms: the value of coalitions in
sanctions regimes", Economic Policy 39(118). Every number comes from a certified equilibrium.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from math import comb
from typing import TypeVar

from tula.equilibrium import Anderson, Certificate, Closure
from tula.equilibrium.calibration import World, calibrated
from tula.errors import TulaError
from tula.strategy.measure import Codes, Measure
from tula.strategy.membership import Loss, Memberships, Sides, solve_memberships, take_sides
from tula.world.labels import Labels

#: Most members for whom every subset is solved (2^8 = 256 equilibria).
SHAPLEY_MEMBERS = 8


Found = TypeVar("Found")


class TooManyMembersError(TulaError):
    """A Shapley value needs every subset of the members solved; there are too many.

    Let regions that decide together act as one member by naming their group.
    """


@dataclass(frozen=True)
class MemberValue:
    """What one member's taking part changes, all else equal.

    ``target`` and ``member``: additional loss of the target and of the member itself (minus =
    it is better off inside than outside).
    """

    target: Loss
    member: Loss


@dataclass(frozen=True)
class Coalition:
    """Losses under a joint measure; plus = worse off than if nobody took part.

    * ``target_loss``; ``sender_losses`` by member, ``senders_loss`` jointly;
    * ``bystander_losses`` by region outside; ``potential_loss``: the target's loss if every
      other region took part (None where that has no equilibrium);
    * ``leave_one_out`` by member: what it adds to the coalition as it stands;
    * ``add_one_in`` by candidate: what it would add by joining;
    * ``certificates`` and ``failures`` by scenario: ``"coalition"``, ``"nobody"``,
      ``"everybody"``, ``"without X"``, ``"with X"``. A scenario that failed is missing above.
    """

    target: str
    members: tuple[str, ...]
    target_loss: Loss
    senders_loss: Loss
    sender_losses: Mapping[str, Loss]
    bystander_losses: Mapping[str, Loss]
    potential_loss: Loss | None
    leave_one_out: Mapping[str, MemberValue]
    add_one_in: Mapping[str, MemberValue]
    certificates: Mapping[str, Certificate]
    failures: Mapping[str, str]

    @property
    def effectiveness_money(self) -> float | None:
        """The target's loss per dollar the senders lose together; None if they do not lose."""
        return _ratio(self.target_loss.musd, self.senders_loss.musd)

    @property
    def effectiveness_percent(self) -> float | None:
        """The target's loss over the senders' joint loss, both in % of own real income."""
        return _ratio(self.target_loss.percent, self.senders_loss.percent)

    @property
    def share_of_potential(self) -> float | None:
        """The target's loss over its loss if every other region took part; None if unknown."""
        if self.potential_loss is None:
            return None
        return _ratio(self.target_loss.musd, self.potential_loss.musd)


def coalition(
    world: World,
    measure: Measure,
    members: str | Sequence[str],
    target: str,
    *,
    candidates: Sequence[str] | None = None,
    closure: Closure | str | None = None,
    solver: Anderson | None = None,
    on: date | str | None = None,
) -> Coalition:
    """Return what a joint measure does, with the marginal value of each member and candidate.

    ``members``, ``target`` and ``candidates`` are codes or groups; a group acts as one.
    ``candidates`` are by default all regions outside, one by one. Raises ``CoalitionError`` for
    names that do not make two sides, ``ConvergenceError`` if the coalition itself has no
    equilibrium, and the errors of ``solve`` for the instruments.
    """
    labels = calibrated(world).labels
    sides = take_sides(labels, members, target)
    inside = sides.codes(sides.members)
    outside = tuple(c for c in labels.regions if c not in inside and c not in sides.target)
    joining = _candidates(labels, sides, target, outside if candidates is None else candidates)
    scenarios = _scenarios(sides, joining, (*inside, *outside))
    runs = solve_memberships(
        world,
        measure,
        sides.target,
        scenarios.values(),
        closure=closure,
        solver=solver,
        on=on,
    )
    everybody = scenarios["everybody"]
    return Coalition(
        target=target,
        members=tuple(sides.members),
        target_loss=runs.loss(sides.target, inside),
        senders_loss=runs.loss(inside, inside),
        sender_losses={name: runs.loss(c, inside) for name, c in sides.members.items()},
        bystander_losses={code: runs.loss((code,), inside) for code in outside},
        potential_loss=runs.loss(sides.target, everybody) if runs.solved(everybody) else None,
        leave_one_out=_leaving(runs, sides, scenarios),
        add_one_in=_joining(runs, sides, joining, scenarios),
        certificates=_by_scenario(scenarios, runs.certificates),
        failures=_by_scenario(scenarios, runs.failures),
    )


def shapley_values(
    world: World,
    measure: Measure,
    members: str | Sequence[str],
    target: str,
    *,
    closure: Closure | str | None = None,
    solver: Anderson | None = None,
    on: date | str | None = None,
) -> dict[str, Loss]:
    """Return each member's part of the target's loss: its mean contribution over all orders.

    All subsets of up to ``SHAPLEY_MEMBERS`` members are solved; the parts sum to the target's
    loss under the whole coalition. Raises ``TooManyMembersError``, ``CoalitionError``, and
    ``ConvergenceError`` naming the subset if any of them has no equilibrium.
    """
    sides = take_sides(calibrated(world).labels, members, target)
    names = tuple(sides.members)
    if len(names) > SHAPLEY_MEMBERS:
        raise TooManyMembersError(
            f"{len(names)} members make {2 ** len(names)} subsets; at most {SHAPLEY_MEMBERS} "
            "members: name a group such as 'EU' to let its regions act as one"
        )
    subsets = [frozenset(found) for r in range(len(names) + 1) for found in combinations(names, r)]
    runs = solve_memberships(
        world,
        measure,
        sides.target,
        map(sides.codes, subsets),
        closure=closure,
        solver=solver,
        on=on,
    )
    worth = {subset: runs.loss(sides.target, sides.codes(subset)) for subset in subsets}
    return {name: _mean_contribution(name, names, worth) for name in names}


def _mean_contribution(
    name: str, names: tuple[str, ...], worth: Mapping[frozenset[str], Loss]
) -> Loss:
    """Average what a member adds over all orders in which the members may join."""
    percent = musd = 0.0
    for subset, without in worth.items():
        if name in subset:
            continue
        weight = 1.0 / (len(names) * comb(len(names) - 1, len(subset)))
        added = worth[subset | {name}]
        percent += weight * (added.percent - without.percent)
        musd += weight * (added.musd - without.musd)
    return Loss(percent, musd)


def _candidates(
    labels: Labels, sides: Sides, target: str, names: Sequence[str]
) -> dict[str, Codes]:
    """Resolve candidates, each judged beside the members alone."""
    found = {}
    for name in [names] if isinstance(names, str) else names:
        together = take_sides(labels, [*sides.members, name], target)
        found[name] = together.members[name]
    return found


def _scenarios(
    sides: Sides, joining: Mapping[str, Codes], everybody: Codes
) -> dict[str, frozenset[str]]:
    """Name every membership to be solved."""
    inside = frozenset(sides.codes(sides.members))
    return {
        "nobody": frozenset(),
        "coalition": inside,
        "everybody": frozenset(everybody),
        **{f"without {name}": inside - set(codes) for name, codes in sides.members.items()},
        **{f"with {name}": inside | set(codes) for name, codes in joining.items()},
    }


def _leaving(
    runs: Memberships, sides: Sides, scenarios: Mapping[str, frozenset[str]]
) -> dict[str, MemberValue]:
    inside = scenarios["coalition"]
    return {
        name: _difference(runs, sides.target, codes, inside, scenarios[f"without {name}"])
        for name, codes in sides.members.items()
        if runs.solved(scenarios[f"without {name}"])
    }


def _joining(
    runs: Memberships,
    sides: Sides,
    joining: Mapping[str, Codes],
    scenarios: Mapping[str, frozenset[str]],
) -> dict[str, MemberValue]:
    inside = scenarios["coalition"]
    return {
        name: _difference(runs, sides.target, codes, scenarios[f"with {name}"], inside)
        for name, codes in joining.items()
        if runs.solved(scenarios[f"with {name}"])
    }


def _difference(
    runs: Memberships, target: Codes, member: Codes, more: frozenset[str], fewer: frozenset[str]
) -> MemberValue:
    def added(codes: Codes) -> Loss:
        high, low = runs.loss(codes, more), runs.loss(codes, fewer)
        return Loss(high.percent - low.percent, high.musd - low.musd)

    return MemberValue(added(target), added(member))


def _by_scenario(
    scenarios: Mapping[str, frozenset[str]], found: Mapping[frozenset[str], Found]
) -> dict[str, Found]:
    return {name: found[key] for name, key in scenarios.items() if key in found}


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole > 0.0 else None
