"""Equilibria of one draw, each begun where another ended and certified by itself."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple, TypeVar

import numpy as np

from tula.equilibrium.anderson import Anderson
from tula.equilibrium.approach import Found, Problem, base_blocks, find, nearby
from tula.equilibrium.calibration import Calibration
from tula.equilibrium.closures import Closure
from tula.equilibrium.errors import unwarned
from tula.equilibrium.finish import build_solution
from tula.equilibrium.solution import Solution
from tula.equilibrium.solve import conclude, pose
from tula.equilibrium.steps import Blocks, coupled_blocks
from tula.equilibrium.system import System, start
from tula.equilibrium.together import iterate_each
from tula.errors import TulaError
from tula.policy.shock import Shock, neutral
from tula.strategy.answer.composed import Plan, State

T = TypeVar("T")
Array = np.ndarray
#: Largest residual of an equation where one situation is asked for, and where draws are many:
#: incomes are then right to less than a million USD, far below what is told and draws leave open.
TOLERANCE, ROUGH = 1e-8, 1e-5

#: States set up at a time.
WINDOW = 32


class Policy(NamedTuple):
    """A policy, and what tells it from others."""

    key: tuple[int, ...]
    shock: Shock


def digest(shock: Shock, base: Calibration, but: str = "") -> tuple[int, ...]:
    """Return what tells apart policies upon one base, all but one of their fields.

    Within one process.
    """
    names = ("tariff", "export_tax", *neutral(*shock.tariff.shape[:2]))
    masks = {name: shock.moved(name, base) for name in names if name != but}
    moves = [
        (name, places.tobytes(), getattr(shock, name).ravel()[places].tobytes())
        for name, mask in masks.items()
        if mask is not None and (places := np.flatnonzero(mask)).size
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
    beside: Mapping[State, tuple[State, Array]] = {}


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
        self.known: dict[tuple[int, ...], tuple[Array, Any]] = {}
        self.solves, self.said = 0, list[str]()

    def enter(self, world: Calibration) -> None:
        """Go on in another world."""
        self.world, self.known = world, {}

    def read(
        self,
        asked: Mapping[State, Policy],
        take: Callable[[Known], T],
        refuse: Callable[[State, TulaError], None],
    ) -> dict[State, T]:
        """Return what is taken of the equilibria in states of this world; ``refuse`` is told of
        states without.

        States of one policy are one, and those that can begin by now are looked for together.
        """
        failed: dict[Hashable, TulaError] = {}
        ahead: dict[Hashable, State] = {}
        for state, policy in asked.items():
            ahead.setdefault(policy.key, state)
        left = [state for key, state in ahead.items() if key not in self.known]
        while left:
            posed: dict[State, Problem] = {}
            for state in left[:WINDOW]:
                with _noted(failed, asked[state].key):
                    posed[state] = self._posed(asked[state].shock)
            left = left[WINDOW:]
            while posed:
                ready = {state: posed.pop(state) for state in self._ready(posed)}
                for (state, problem), one in zip(ready.items(), self._near(ready), strict=True):
                    with _noted(failed, asked[state].key):
                        known = self._certified(problem, one)
                        self.known[asked[state].key] = known.found.vector, take(known)
                for state, policy in asked.items():
                    if policy.key in self.known:
                        self.states[state] = self.known[policy.key][0]
        for state, policy in asked.items():
            if policy.key in failed:
                refuse(state, failed[policy.key])
        found = [state for state, policy in asked.items() if policy.key in self.known]
        return {state: self.known[asked[state].key][1] for state in found}

    def solved(self, shock: Shock) -> Known:
        """Return the certified equilibrium under a policy; raises as ``solve``."""
        problem = self._posed(shock)
        return self._certified(problem, *self._near({(-1, -1): problem}))

    def _posed(self, shock: Shock) -> Problem:
        return pose(self.world, shock, self.closure, self.solver)

    def _certified(self, problem: Problem, found: Found | None) -> Known:
        """Return the certified equilibrium that was found near by, or is looked for."""
        near = found is not None
        if found is None:
            with unwarned():
                problem, found = find(problem, self.solver)
        self.said += [text for text in found.said if "Another equilibrium" in text]
        proven = conclude(problem, found, self.solver, with_cells=True)
        self.first.setdefault(len(found.vector), found.vector)
        if self.blocks is None and near and self.begun:
            self.blocks = self.begun.blocks
        elif self.blocks is None:
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
        beside: dict[State, tuple[State, Array]] = {
            state: (parts[0], np.zeros(0)) for state, parts in planned.composed.items()
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

    def _ready(self, posed: Mapping[State, Problem]) -> list[State]:
        """Return states that can begin by now: where they do so is known, or nothing tells it.

        The first of all goes before the others, and the first with as many wedges before those.
        """
        if self.blocks is None:
            return list(posed)[:1]
        sizes, ready = dict.fromkeys(self.first, True), list[State]()
        for state, problem in posed.items():
            near, size = self._beside(state)[0], len(start(problem.system))
            if near not in posed and (near in self.states or sizes.setdefault(size, True)):
                ready.append(state)
                sizes[size] = size in self.first
        return ready

    def _beside(self, state: State) -> tuple[State | None, Array]:
        """Return at which state another begins, and what is added to it."""
        beside = self.begun.beside if self.begun else {}
        return beside.get(state, (None, np.zeros(0)))

    def _near(self, posed: Mapping[State, Problem]) -> list[Found | None]:
        """Iterate from where each state begins; None for one that does not arrive."""
        problems = list(posed.values())
        if self.blocks is None:
            return [self._first(problems[0])]
        systems = [problem.system for problem in problems]
        firsts = [self._start(*one) for one in zip(posed, systems, strict=True)]
        each = iterate_each(systems, self.solver, self.blocks, firsts)
        return [found if found.met and found.positive else None for found in each]

    def _start(self, state: State, system: System) -> Array:
        """Return where a state begins, or the first equilibrium with as many wedges."""
        (near, step), size = self._beside(state), len(start(system))
        if near in self.states:
            return np.asarray(_fitted(self.states[near], size) + _fitted(step, size))
        if size in self.first:
            return self.first[size]
        return _fitted(next(iter(self.first.values()))[: _core(system)], size)


@contextmanager
def _noted(failed: dict[Hashable, TulaError], key: Hashable) -> Iterator[None]:
    try:
        yield
    except TulaError as failure:
        failed[key] = failure


def _fitted(vector: Array, size: int) -> Array:
    """Return unknowns with as many wedges as another's."""
    return np.pad(vector[:size], (0, max(0, size - len(vector))))


def _core(system: System) -> int:
    """Unknowns before the wedges of limits."""
    regions, each = system.size
    return regions * each
