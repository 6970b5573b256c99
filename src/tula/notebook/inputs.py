"""The inputs in which two solutions differ, each to be switched by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from itertools import chain
from typing import Any

import numpy as np

from tula.equilibrium.calibration import Calibration
from tula.equilibrium.closures import Closure
from tula.equilibrium.solution import Solution
from tula.equilibrium.solve import purge_imbalances, solve
from tula.policy.describe import title
from tula.policy.instruments import Instrument
from tula.policy.shock import Ledger, Shock

#: Most inputs that are told apart: 2^10 worlds.
MOST = 10
ELASTICITIES = ("trade_elasticity", "elasticity_source")
POLICY = "policy"


@dataclass(frozen=True)
class Pair:
    """Two questions that share a world, instruments, closure and day but for ``inputs``.

    ``inputs`` holds, by name, what the first and the other have in one place.
    """

    world: Calibration
    shared: Sequence[Instrument]
    closure: Closure
    on: date | None
    inputs: Mapping[str, tuple[Any, Any]]

    def solved(self, switched: frozenset[str]) -> Solution:
        """Answer the first question with these inputs of the other."""
        chosen = {name: values[name in switched] for name, values in self.inputs.items()}
        world, closure = chosen.pop("world", self.world), chosen.pop("closure", self.closure)
        day = chosen.pop("day", self.on)
        changes = chosen.pop("elasticities", {}) | chosen.pop("technology", {})
        world = replace(world, **changes) if changes else world
        policy = chosen.pop(POLICY, None)
        if policy is None:
            policy = [*self.shared, *chain.from_iterable(chosen.values())]
        return solve(world, policy, closure=closure, on=day)


def pair_of(first: Solution, other: Solution) -> Pair:
    """Return two solutions as questions that share what they share."""
    base, inputs = _worlds(first, other)
    if first.closure != other.closure:
        inputs["closure"] = (first.closure, other.closure)
    day, then = (getattr(one.shock.ledger, "on", None) for one in (first, other))
    if day != then:
        inputs["day"] = (day, then)
    had, has = _policy(first), _policy(other)
    if isinstance(had, Shock) or isinstance(has, Shock):
        return Pair(base, (), first.closure, day, inputs | {POLICY: (had, has)})
    shared, apart = _apart(had, has)
    if len(inputs) + len(apart) > MOST:
        shared, apart = [], {POLICY: (had, has)}
    return Pair(base, shared, first.closure, day, inputs | apart)


def _policy(solution: Solution) -> Sequence[Instrument] | Shock:
    ledger = solution.shock.ledger
    return list(ledger.instruments) if isinstance(ledger, Ledger) else solution.shock


def _apart(
    had: Sequence[Instrument], has: Sequence[Instrument]
) -> tuple[list[Instrument], dict[str, tuple[Any, Any]]]:
    """Return the instruments of both lists, and those of one; other numbers are one input."""
    new, shared = list(has), list[Instrument]()
    old = list[Instrument]()
    for one in had:
        (shared if one in new else old).append(one)
        if one in new:
            new.remove(one)
    apart: dict[str, tuple[Any, Any]] = {}
    for one in old:
        now = next((item for item in new if _places(item) == _places(one)), None)
        if now is not None:
            new.remove(now)
        told = f"without {title(one)}" if now is None else f"{title(now)} instead of {title(one)}"
        apart[_unique(told, apart)] = ([one], [] if now is None else [now])
    for one in new:
        apart[_unique(title(one), apart)] = ([], [one])
    return shared, apart


def _places(instrument: Instrument) -> object:
    """Who does what to whom: all that is not a number."""
    given = instrument.model_dump(exclude={"name"})
    return sorted((key, value) for key, value in given.items() if isinstance(value, str | tuple))


def _unique(name: str, taken: Mapping[str, object]) -> str:
    return name if name not in taken else f"{name} ({len(taken) + 1})"


def _worlds(first: Solution, other: Solution) -> tuple[Calibration, dict[str, tuple[Any, Any]]]:
    """Return the world of the first before its imbalances are purged, and how the other's differs.

    Where only one of them departs from balanced trade, the other has the world before.
    """
    base, there = first.calibration, other.calibration
    if other.closure.purge_first and not first.closure.purge_first:
        there = _before(base, there)
    elif first.closure.purge_first and not other.closure.purge_first:
        base = _before(there, base)
    if not _same(base, there, "trade_elasticity"):
        return base, {"world": (base, there)}
    inputs: dict[str, tuple[Any, Any]] = {}
    if any(not np.array_equal(getattr(base, name), getattr(there, name)) for name in ELASTICITIES):
        inputs["elasticities"] = (_some(base, ELASTICITIES), _some(there, ELASTICITIES))
    if base.technology != there.technology:
        inputs["technology"] = (_some(base, ("technology",)), _some(there, ("technology",)))
    return base, inputs


def _before(whole: Calibration, purged: Calibration) -> Calibration:
    """Return the world that was purged, if it is ``whole`` with other elasticities."""
    candidate = replace(whole, **_some(purged, (*ELASTICITIES, "technology")))
    return candidate if _same(purge_imbalances(candidate), purged) else purged


def _same(one: Calibration, other: Calibration, *but: str) -> bool:
    names = [field.name for field in fields(one) if field.name not in but]
    arrays = [name for name in names if isinstance(getattr(one, name), np.ndarray)]
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in arrays)


def _some(calibration: Calibration, names: Sequence[str]) -> dict[str, Any]:
    return {name: getattr(calibration, name) for name in names}
