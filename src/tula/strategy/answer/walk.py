"""Equilibria of one draw, each begun where another ended and certified by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from tula.equilibrium.anderson import Anderson
from tula.equilibrium.approach import Found, Problem, base_blocks, find, iterate, nearby
from tula.equilibrium.calibration import Calibration
from tula.equilibrium.closures import Closure
from tula.equilibrium.errors import unwarned
from tula.equilibrium.finish import build_solution
from tula.equilibrium.solution import Solution
from tula.equilibrium.solve import conclude, pose
from tula.equilibrium.steps import Blocks, coupled_blocks
from tula.equilibrium.system import System, start
from tula.policy.shock import Shock, neutral
from tula.shapes import Float
from tula.strategy.answer.composed import Plan, State
from tula.strategy.answer.readings import Readings

Array = np.ndarray
#: Largest residual of an equation where one situation is asked for, and where draws are many:
#: incomes are then right to less than a million USD, far below what is told and draws leave open.
TOLERANCE, ROUGH = 1e-8, 1e-5


class Policy(NamedTuple):
    """A policy, and what tells it from others."""

    key: tuple[int, ...]
    shock: Shock


def digest(shock: Shock, base: Calibration, but: str = "") -> tuple[int, ...]:
    """Return what tells apart policies upon one base, all but one of their fields.

    Within one process.
    """
    masks = {name: shock.moved(name) for name in neutral(*shock.tariff.shape[:2])}
    for name in ("tariff", "export_tax"):
        new, old = getattr(shock, name), getattr(base, name)
        masks[name] = None if new is old else new != old
    moves = [
        (name, places.tobytes(), getattr(shock, name).ravel()[places].tobytes())
        for name, mask in masks.items()
        if name != but and mask is not None and (places := np.flatnonzero(mask)).size
    ]
    beside = [
        value.tobytes() if isinstance(value, np.ndarray) else value
        for one in (*shock.limits, *shock.corridors)
        for name, value in vars(one).items()
        if name != "instrument"
    ]
    return hash(tuple(moves)), hash(tuple(beside))


class Known(NamedTuple):
    """A policy's equilibrium: what was asked, where the iteration stopped, what came of it."""

    problem: Problem
    found: Found
    solution: Solution


class Begun(NamedTuple):
    """An equilibrium near by, and the steps measured there.

    ``beside`` gives for other states, where they begin: at which one, and what is added to it.
    """

    blocks: Blocks
    vector: Array
    beside: Mapping[State, tuple[State, Array | float]] = {}


class Path:
    """Equilibria of one draw, one world after another, each begun where another ended.

    All go by the steps measured at the first, or where that one began: ``begun``.
    """

    def __init__(
        self, closure: Closure, begun: Begun | None = None, tolerance: float = TOLERANCE
    ) -> None:
        self.closure, self.solver = closure, Anderson(tolerance=tolerance)
        self.begun = begun
        self.blocks: Blocks | None = None
        self.first: dict[int, Array] = {}
        self.states: dict[State, Array] = {}
        self.known: dict[tuple[int, ...], tuple[Array, Array]] = {}
        self.solves, self.said = 0, list[str]()

    def enter(self, world: Calibration) -> None:
        """Go on in another world."""
        self.world, self.known = world, {}

    def read(self, state: State, policy: Policy, readings: Readings) -> Float[Array, " R"]:
        """Return the readings in a state; raises as ``solve``."""
        if policy.key not in self.known:
            known = self.solved(policy.shock, state)
            self.known[policy.key] = known.found.vector, readings.of(known.solution)
        self.states[state], read = self.known[policy.key]
        return read

    def solved(self, shock: Shock, state: State | None = None) -> Known:
        """Return the certified equilibrium under a policy; raises as ``solve``."""
        problem = pose(self.world, shock, self.closure, self.solver)
        if self.blocks is None:
            found = self._first(problem)
            self.blocks = self.begun.blocks if found and self.begun else None
        else:
            found = self._near(problem, self.blocks, state)
        if found is None:
            with unwarned():
                problem, found = find(problem, self.solver)
        self.said += [text for text in found.said if "Another equilibrium" in text]
        proven = conclude(problem, found, self.solver, with_cells=True)
        self.first.setdefault(len(found.vector), found.vector)
        if self.blocks is None:
            own = base_blocks(problem.calibration)
            self.blocks = coupled_blocks(own, problem.system, found.vector)
        self.solves += 1
        return Known(problem, found, build_solution(problem, proven).holding(proven.cells))

    def handed(self, order: Sequence[State], planned: Plan) -> Begun | None:
        """Return where another draw begins that solves some states in an order, and maybe others.

        Each at the nearest one before it, and as far from that as here; None without the first.
        """
        if self.blocks is None or order[0] not in self.states:
            return None
        beside: dict[State, tuple[State, Array | float]] = {
            state: (parts[0], 0.0) for state, parts in planned.composed.items()
        }
        known = [state for state in order if state in self.states]
        for n, state in enumerate(known[1:], 1):
            here = self.states[state]
            apart = {one: here - _fitted(self.states[one], len(here)) for one in known[:n]}
            near = min(apart, key=lambda one: float(np.abs(apart[one]).sum()))
            beside[state] = near, apart[near]
        return Begun(self.blocks, self.states[order[0]], beside)

    def _first(self, problem: Problem) -> Found | None:
        """Iterate from where the path begins; None where that is nowhere or does not arrive."""
        if self.begun is None or len(self.begun.vector) != len(start(problem.system)):
            return None
        return nearby(problem, self.solver, self.begun.blocks, self.begun.vector)

    def _near(self, problem: Problem, blocks: Blocks, state: State | None) -> Found | None:
        """Iterate from where the state begins, or from the first equilibrium with as many wedges.

        None where that does not arrive.
        """
        size = len(start(problem.system))
        beside = self.begun.beside if self.begun else {}
        near, step = beside.get(state, (None, 0.0)) if state else (None, 0.0)
        if near in self.states:
            first = _fitted(self.states[near], size) + step
        elif size in self.first:
            first = self.first[size]
        else:
            core = next(iter(self.first.values()))[: _core(problem.system)]
            first = _fitted(core, size)
        found = iterate(problem.system, self.solver, blocks, first)
        return found if found.met and found.positive else None


def _fitted(vector: Array, size: int) -> Array:
    """Return unknowns with as many wedges as another's."""
    return np.pad(vector[:size], (0, max(0, size - len(vector))))


def _core(system: System) -> int:
    """Unknowns before the wedges of limits."""
    regions, each = system.size
    return regions * each
