"""Who stands on which side, and real incomes by who takes part."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np

from tula.equilibrium import (
    Anderson,
    Calibration,
    Certificate,
    Closure,
    ConvergenceError,
    solve_batch,
)
from tula.equilibrium.calibration import World, calibrated
from tula.errors import TulaError, UnknownNameError
from tula.shapes import Float
from tula.strategy.measure import Codes, Measure
from tula.world.labels import Labels

Array = np.ndarray


class CoalitionError(TulaError):
    """Members and target do not make two sides. ``problems`` lists all that is wrong.

    Name each region once, as a code or within a group, and leave the target out of the members.
    """

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(self.problems))


class Loss(NamedTuple):
    """A loss of real income; plus = worse off.

    ``percent`` of real income without the measure; ``musd``: equivalent variation at base
    prices, million USD.
    """

    percent: float
    musd: float


@dataclass(frozen=True)
class Sides:
    """The target's codes, and each member's codes by the name it was given under."""

    target: Codes
    members: Mapping[str, Codes]

    def codes(self, names: Iterable[str]) -> Codes:
        """Return the codes of the members named."""
        return tuple(code for name in names for code in self.members[name])


def take_sides(labels: Labels, members: str | Sequence[str], target: str) -> Sides:
    """Resolve members and target, each a code or a group that acts as one.

    Raises ``CoalitionError`` for unknown names (with the nearest valid ones), a region named
    twice, a member that is also target, and an empty list.
    """
    problems: list[str] = []
    given = [members] if isinstance(members, str) else list(members)
    if not given:
        problems.append("no members: name at least one region or group")
    found = {name: _resolve(labels, "member", name, problems) for name in given}
    aim = _resolve(labels, "target", target, problems)
    for place, name in enumerate(given):
        both = [code for code in found[name] if code in aim]
        if both:
            problems.append(f"member {name!r} is also target ({', '.join(both)})")
        earlier = {code for other in given[:place] for code in found[other]}
        twice = [code for code in found[name] if code in earlier]
        if twice:
            problems.append(f"member {name!r} is named twice ({', '.join(twice)})")
    if problems:
        raise CoalitionError(problems)
    return Sides(aim, found)


def _resolve(labels: Labels, role: str, name: str, problems: list[str]) -> Codes:
    try:
        return labels.resolve_regions(name)
    except UnknownNameError as error:
        problems.append(f"{role}: {error}")
        return ()


@dataclass(frozen=True, eq=False)
class Memberships:
    """Real incomes by membership, a membership being the codes that take part.

    ``real_income_hat`` (N,) counts from the base world; memberships without an equilibrium are
    absent from it and named in ``failures``, with the reason. ``certificates`` has the others.
    """

    calibration: Calibration
    real_income_hat: Mapping[frozenset[str], Float[Array, " N"]]
    certificates: Mapping[frozenset[str], Certificate]
    failures: Mapping[frozenset[str], str]

    def solved(self, membership: Iterable[str]) -> bool:
        """Whether this membership has an equilibrium."""
        return frozenset(membership) in self.real_income_hat

    def loss(self, codes: Codes, membership: Iterable[str]) -> Loss:
        """Return the joint loss of some regions against nobody taking part.

        Raises ``ConvergenceError`` with the reason where either equilibrium is missing.
        """
        places = [self.calibration.labels.region_index(code) for code in codes]
        spending = self.calibration.final_spending[places]
        quiet, new = self._hat(())[places], self._hat(membership)[places]
        musd = float(((quiet - new) * spending).sum())
        return Loss(100.0 * musd / float((quiet * spending).sum()), musd)

    def _hat(self, membership: Iterable[str]) -> Float[Array, " N"]:
        key = frozenset(membership)
        if key in self.failures:
            who = ", ".join(sorted(key)) or "nobody"
            raise ConvergenceError(f"no equilibrium when {who} takes part: {self.failures[key]}")
        return self.real_income_hat[key]


def solve_memberships(
    world: World,
    measure: Measure,
    target: Codes,
    memberships: Iterable[Iterable[str]],
    *,
    closure: Closure | str | None = None,
    solver: Anderson | None = None,
    on: date | str | None = None,
) -> Memberships:
    """Solve the world once for every different membership, and for nobody taking part.

    A membership whose measure leaves a buyer without supplier, or that has no equilibrium, is a
    named failure; errors in the instruments themselves are raised, as by ``solve``.
    """
    calibration = calibrated(world)
    keys = list(dict.fromkeys([frozenset[str](), *map(frozenset, memberships)]))
    policies = {key: measure(_ordered(calibration.labels, key), target) for key in keys}
    batch = solve_batch(calibration, list(policies.values()), closure=closure, solver=solver, on=on)
    failures = {keys[number]: str(why) for number, why in batch.failures.items()}
    hats = batch.real_income_hat
    proofs = zip(keys, batch.certificates, strict=True)
    return Memberships(
        calibration=batch.calibration,
        real_income_hat={key: hats[b] for b, key in enumerate(keys) if key not in failures},
        certificates={key: proof for key, proof in proofs if proof is not None},
        failures=failures,
    )


def _ordered(labels: Labels, membership: frozenset[str]) -> Codes:
    return tuple(code for code in labels.regions if code in membership)
