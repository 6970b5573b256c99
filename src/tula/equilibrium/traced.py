"""What needs jax: derivatives, and scenarios side by side on an accelerator.

Nothing else in this room imports jax. It is loaded when asked for, in double precision, with
compiled code kept between runs in a folder of bounded size.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import fields, replace
from functools import cache, partial
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple, TypeVar

import numpy as np

from tula.equilibrium.anderson import Anderson, Progress, begin, step
from tula.equilibrium.arrays import RECORDS, Array, record
from tula.equilibrium.cells import counted
from tula.equilibrium.certificate import Gaps, gaps
from tula.equilibrium.errors import LibraryError
from tula.equilibrium.steps import Blocks, Paces, advance, paces
from tula.equilibrium.system import State, System, evaluate, start, state_of
from tula.shapes import Bool, Float, Int

T = TypeVar("T")

#: Bytes of compiled code kept on disk, the longest unused let go first.
MOST_COMPILED = 512 * 2**20
#: Compiled functions of one kind kept in memory; each size of world is one.
MOST_SIZES = 16

#: Records that jax has been told of.
_KNOWN: set[type] = set()


def compilation_cache() -> Path:
    """Return where compiled code is kept: ``TULA_CACHE_DIR``, or the user's cache directory."""
    from platformdirs import user_cache_path

    chosen = os.environ.get("TULA_CACHE_DIR")
    return Path(chosen) if chosen else user_cache_path("tula") / "compiled"


def sweep(folder: Path, most: int = MOST_COMPILED) -> None:
    """Delete the files longest unused until the folder holds at most so many bytes."""
    seen = []
    for file in folder.glob("*"):
        with suppress(OSError):
            seen.append((file.stat().st_atime, file.stat().st_size, file))
    held = sum(size for _, size, _ in seen)
    for _, size, file in sorted(seen, key=lambda one: one[0]):
        if held <= most:
            return
        with suppress(OSError):
            file.unlink()
        held -= size


def load_jax() -> ModuleType:
    """Return jax in double precision, knowing this package's records.

    Raises ``LibraryError`` where it is not installed, finds no device, or has been set to single
    precision.
    """
    jax = _imported()
    if not jax.config.jax_enable_x64:
        raise LibraryError(
            "jax computes in single precision, which loses the digits a certificate asks for: call "
            'jax.config.update("jax_enable_x64", True), or leave JAX_ENABLE_X64 unset'
        )
    for one in RECORDS[len(_KNOWN) :]:
        jax.tree_util.register_pytree_node(one, _parts, partial(_whole, one))
        _KNOWN.add(one)
    return jax


def _parts(made: Any) -> tuple[list[Any], tuple[Any, ...]]:
    """Return a record's arrays, and its other fields, which compiled code takes as they are."""
    values = [(one.metadata.get("static"), getattr(made, one.name)) for one in fields(made)]
    return [value for still, value in values if not still], tuple(
        value for still, value in values if still
    )


def _whole(kind: type, still: tuple[Any, ...], moving: Iterable[Any]) -> Any:
    """Put a record together again; arrays may have axes of a batch before their own."""
    made: Any = object.__new__(kind)
    parts = (iter(moving), iter(still))
    for one in fields(kind):
        value = next(parts[bool(one.metadata.get("static"))])
        object.__setattr__(made, one.name, value)
    return made


@cache
def _imported() -> ModuleType:
    try:
        import jax
    except ImportError as absent:
        raise LibraryError(
            "derivatives, and what searches by them, need jax: pip install 'tula[gradients]'"
        ) from absent
    update: Any = jax.config.update
    update("jax_enable_x64", True)
    if getattr(jax.config, "jax_compilation_cache_dir", None) is None:
        sweep(compilation_cache())
        update("jax_compilation_cache_dir", str(compilation_cache()))
        update("jax_persistent_cache_min_compile_time_secs", 0.0)
        update("jax_persistent_cache_min_entry_size_bytes", -1)
    try:
        jax.devices()
    except (RuntimeError, AssertionError) as absent:
        wanted = os.environ.get("JAX_PLATFORMS", "")
        raise LibraryError(
            f"jax finds no device of the kind asked for (JAX_PLATFORMS={wanted}): unset "
            "JAX_PLATFORMS or set it to cpu"
        ) from absent
    return jax


def on_device(tree: T) -> T:
    """Return the same arrays as jax holds them."""
    jax = load_jax()
    moved: T = jax.tree.map(jax.numpy.asarray, tree)
    return moved


def as_argument(function: T) -> T:
    """Return a function that compiled code can take: records as they are, any other by identity."""
    jax = load_jax()
    if type(function) not in _KNOWN:
        passed: T = jax.tree_util.Partial(function)
        return passed
    values = {one.name: getattr(function, one.name) for one in fields(function)}  # type: ignore[arg-type]
    inner = {name: as_argument(value) for name, value in values.items() if callable(value)}
    return replace(function, **inner)  # type: ignore[type-var]


def on_host(tree: T) -> T:
    """Wait for the numbers and return them as arrays that numpy reads."""
    moved: T = load_jax().tree.map(np.asarray, tree)
    return moved


@record
class _Choice:
    """Steps by region blocks where they still help, by paces elsewhere."""

    blocks: Blocks
    paces: Paces
    by_blocks: Bool[Array, ""]

    def step(self, violation: Float[Array, " U"]) -> Float[Array, " U"]:
        """Return the move."""
        return load_jax().lax.cond(self.by_blocks, self.blocks.step, self.paces.step, violation)


class Reached(NamedTuple):
    """Where a traced iteration stopped."""

    vector: Float[Array, " U"]
    violation: Float[Array, ""]
    evaluations: Int[Array, ""]


def fixed_point(system: System, blocks: Blocks, solver: Anderson, steps: int) -> Reached:
    """Iterate from the base year, at most ``steps`` evaluations; jax arrays throughout."""
    jax = load_jax()
    slow = paces(system)

    def look(vector: Array, by_blocks: Array) -> tuple[Array, Array]:
        return advance(system, _Choice(blocks, slow, by_blocks), vector)[:2]

    first = start(system)
    return accelerate(look, first, solver, steps, jax)


def accelerate(
    look: Any, first: Float[Array, " U"], solver: Anderson, steps: int, jax: ModuleType
) -> Reached:
    """Iterate ``look`` (unknowns, by blocks or not: move and violation) to the solver's goal."""
    xp = jax.numpy

    def going(carry: tuple[Array, Progress, Array]) -> Array:
        _, progress, violation = carry
        return xp.logical_not(violation <= solver.goal) & (progress.taken < steps)

    def onward(carry: tuple[Array, Progress, Array]) -> tuple[Array, Progress, Array]:
        vector, progress, _ = carry
        move, violation = look(vector, progress.by_blocks)
        after, moved = step(solver, progress, vector, move, violation)
        return xp.where(violation <= solver.goal, vector, after), moved, violation

    begun = jax.tree.map(xp.asarray, begin(solver, first, True))
    begun = (first, begun, xp.asarray(np.inf))
    vector, progress, violation = jax.lax.while_loop(going, onward, begun)
    return Reached(vector, violation, progress.taken)


class Solved(NamedTuple):
    """What the compiled loop returns per scenario: largest gap per equation stands in ``gaps``."""

    state: State
    gaps: Gaps
    evaluations: Int[Array, ""]


@cache
def _runs() -> tuple[Any, Any]:
    """Return the compiled iteration of one scenario, and of many side by side."""
    jax = load_jax()

    def run(system: System, blocks: Blocks, solver: Anderson, steps: int) -> Solved:
        reached = fixed_point(system, blocks, solver, steps)
        state = state_of(system, evaluate(system, reached.vector)[1])
        return Solved(state, gaps(system, state, counted(system, state)), reached.evaluations)

    def run_all(systems: System, blocks: Blocks, solver: Anderson, steps: int) -> Solved:
        return jax.vmap(lambda one: run(one, blocks, solver, steps))(systems)

    return tuple(jax.jit(one, static_argnums=(2, 3)) for one in (run, run_all))


def run_all(systems: list[System], blocks: Blocks, solver: Anderson, steps: int) -> list[Solved]:
    """Iterate scenarios of one world in compiled code: side by side on an accelerator.

    A processor gains nothing by waiting for the slowest: there each core takes one at a time.
    """
    jax = load_jax()
    one, side_by_side = (bounded(compiled) for compiled in _runs())
    blocks = on_device(blocks)
    if jax.default_backend() == "cpu":
        with ThreadPoolExecutor(cores()) as pool:
            return list(pool.map(lambda each: on_host(one(each, blocks, solver, steps)), systems))
    stacked = jax.tree.map(lambda *leaves: jax.numpy.stack(leaves), *systems)
    found = on_host(side_by_side(stacked, blocks, solver, steps))
    return [jax.tree.map(lambda leaf, b=b: leaf[b], found) for b in range(len(systems))]


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def bounded(compiled: Any) -> Any:
    """Return a compiled function, emptied first where it holds code for too many sizes."""
    if compiled._cache_size() >= MOST_SIZES:
        compiled.clear_cache()
    return compiled
