"""Equilibria of one world looked for together: what numpy does once, it does for all of them.

Scenarios that are alike in kind stand side by side, on an axis before all others, and are iterated
as each would be by itself. One evaluation of many small arrays costs hardly more than one of few.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from operator import attrgetter
from typing import Any, NamedTuple

import numpy as np

from tula.equilibrium.anderson import WINDOW, Anderson, mixing_weights
from tula.equilibrium.approach import Found, iterate
from tula.equilibrium.cells import access_cells
from tula.equilibrium.limits import Limits
from tula.equilibrium.markets import Access
from tula.equilibrium.steps import Blocks, advance
from tula.equilibrium.system import System
from tula.shapes import Bool, Float

Array = np.ndarray

#: Cells of trade, and systems, iterated at a time: of many cells numpy's calls are the least part.
CELLS, MANY = 2**19, 32
#: Part of them that has ended when the others go on without them.
ENDED = 0.5
#: Evaluations after which those that have not arrived are left to be looked for one by one.
MOST = 2 * WINDOW


def abreast(cells: int) -> int:
    """Return how many systems of so many cells of trade are iterated at a time."""
    return min(MANY, max(1, CELLS // cells))


def iterate_each(
    systems: Sequence[System], solver: Anderson, blocks: Blocks, firsts: Sequence[Array]
) -> list[Found]:
    """Iterate systems of one world, each from its own unknowns, by blocks; in the order given.

    What has not arrived after ``MOST`` evaluations together may do so by itself.
    """
    groups: dict[Any, list[int]] = {}
    for n, system in enumerate(systems):
        groups.setdefault(_kind(system) or n, []).append(n)
    found: dict[int, Found] = {}
    for numbers in groups.values():
        many = abreast(access_cells(systems[numbers[0]].trade).size)
        for place in range(0, len(numbers), many):
            some = numbers[place : place + many]
            asked = [systems[n] for n in some], solver, blocks, [firsts[n] for n in some]
            found |= zip(some, _together(*asked), strict=True)
    return [found[n] for n in range(len(systems))]


def _kind(system: System) -> tuple[Any, ...] | None:
    """Return what systems have in common that are iterated together; None for one that is not."""
    trade, limits = system.trade, system.trade.limits
    if trade.home or trade.rigidity is not None or trade.log_pressure is not None:
        return None
    if system.endowments.corridors is not None:
        return None
    shape = None if limits is None else (limits.member.shape, limits.log_ceiling.shape)
    return shape, trade.producer is None, system.log_productivity is None


def _stacked(systems: Sequence[System]) -> System:
    """Return systems that are alike as one, what differs on an axis before all others."""
    first = systems[0]

    def pile(path: str) -> Any:
        return np.stack([attrgetter(path)(one) for one in systems])

    trade, limits = first.trade, first.trade.limits
    if limits is not None:
        names = [one.name for one in fields(Limits)]
        limits = Limits(**{name: pile(f"trade.limits.{name}") for name in names})
    better = None if first.log_productivity is None else pile("log_productivity")
    return replace(
        first,
        trade=replace(
            trade,
            access=Access(pile("trade.access.cells")),
            border=Access(pile("trade.border.cells")),
            producer=trade.producer and Access(pile("trade.producer.cells")),
            limits=limits,
        ),
        endowments=replace(first.endowments, labour=pile("endowments.labour")),
        log_productivity=better,
        transfer=pile("transfer"),
    )


def _together(
    systems: Sequence[System], solver: Anderson, blocks: Blocks, firsts: Sequence[Array]
) -> list[Found]:
    if len(systems) == 1:
        return [iterate(systems[0], solver, blocks, firsts[0])]
    found: dict[int, Found] = {}
    memory, rows = _Memory.empty(solver, np.stack(firsts)), np.arange(len(systems))
    whole, best, most = _stacked(systems), np.full(len(rows), np.inf), min(MOST, solver.max_steps)
    for taken in range(1, most + 1):
        move, violation, point = advance(whole, blocks, memory.vector)
        met, lost = violation <= solver.goal, ~(violation <= solver.trust * best[rows])
        best[rows] = np.fmin(best[rows], violation)
        for n in np.flatnonzero(met | lost | (taken == most)):
            ended = Found(memory.vector[n], _one(point, int(n)), taken, bool(met[n]))
            found.setdefault(int(rows[n]), ended)
        left = np.array([row not in found for row in rows])
        if not left.any():
            break
        memory = memory.moved(solver, move, taken)
        if lost.any() or left.mean() <= 1.0 - ENDED:
            rows, memory = rows[left], memory.of(left)
            whole = _stacked([systems[row] for row in rows])
    return [found[n] for n in range(len(systems))]


def _one(tree: Any, n: int) -> Any:
    """Return what belongs to one system."""
    if tree is None or isinstance(tree, np.ndarray):
        return None if tree is None else tree[n]
    return type(tree)(*(_one(part, n) for part in tree))


class _Memory(NamedTuple):
    """Iterates, and as ``anderson.Progress`` has it, differences of past ones and their steps.

    ``both`` adds to every difference of steps that of the iterates.
    """

    vector: Float[Array, "B U"]
    both: Float[Array, "B M U"]
    residuals: Float[Array, "B M U"]
    gram: Float[Array, "B M M"]
    before: Float[Array, "B U"]
    residual: Float[Array, "B U"]

    @classmethod
    def empty(cls, solver: Anderson, first: Float[Array, "B U"]) -> _Memory:
        """Return a memory of nothing."""
        many, size = first.shape
        held = (many, solver.memory, size)
        gram = np.zeros((many, solver.memory, solver.memory))
        return cls(first, np.zeros(held), np.zeros(held), gram, first, first)

    def of(self, some: Bool[Array, " B"]) -> _Memory:
        """Return that of some systems."""
        return _Memory(*(part[some] for part in self))

    def moved(self, solver: Anderson, residual: Float[Array, "B U"], taken: int) -> _Memory:
        """Return the next iterates, as ``anderson.step`` takes them, and the memory with these."""
        vector, both, residuals, gram = self[:4]
        move = residual
        if taken > 1:
            slot = (taken - 2) % solver.memory
            residuals[:, slot] = residual - self.residual
            both[:, slot] = residuals[:, slot] + (vector - self.before)
            used = slice(min(taken - 1, solver.memory))
            held, newest = residuals[:, used], residuals[:, slot, :, None]
            row = (held @ newest)[..., 0]
            gram[:, slot, used], gram[:, used, slot] = row, row
            against = (held @ residual[..., None])[..., 0]
            weights = mixing_weights(gram[:, used, used], against, taken - 1)
            move = residual - (weights[:, None] @ both[:, used])[:, 0]
        longest = np.maximum(np.abs(move).max(axis=-1, keepdims=True), solver.longest_step)
        move = move * (solver.longest_step / longest)
        return _Memory(vector + move, both, residuals, gram, vector, residual)
