"""Many scenarios on one world in one call, each with its own certificate."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from datetime import date
from functools import reduce
from itertools import chain, islice
from typing import Literal, NamedTuple, TypeVar, get_args

import numpy as np

from tula.equilibrium.anderson import Anderson
from tula.equilibrium.approach import Problem, base_blocks, find
from tula.equilibrium.calibration import Calibration, World, calibrated
from tula.equilibrium.certificate import Certificate, judge
from tula.equilibrium.closures import Closure
from tula.equilibrium.errors import (
    CalibrationError,
    ConvergenceError,
    MultipleEquilibriaWarning,
)
from tula.equilibrium.finish import Proven, build_solution
from tula.equilibrium.limits import active_limits
from tula.equilibrium.placing import Sizes, sizes
from tula.equilibrium.prepare import prepare
from tula.equilibrium.readings import Reading
from tula.equilibrium.scenarios import Scenarios
from tula.equilibrium.solution import Solution
from tula.equilibrium.solve import Policy, conclude, pose
from tula.equilibrium.system import State, evaluate, start, state_of
from tula.equilibrium.together import abreast, iterate_each
from tula.equilibrium.traced import cores, on_device, run_all
from tula.errors import TulaError, UnknownNameError
from tula.frozen import Frozen, sealed
from tula.policy.contradictions import NoSupplierError
from tula.shapes import Float, Int
from tula.shown import Card, Shown
from tula.world.economy import origin

Array = np.ndarray
Library = Literal["numpy", "jax"]
V = TypeVar("V")

#: Scenarios held in memory at a time; on an accelerator, solved side by side.
CHUNK = 64
#: Evaluations after which a scenario leaves those beside it and is solved by itself.
BESIDE = 60
#: Chunks that wait for each worker of an executor.
AHEAD = 2


@dataclass(frozen=True, eq=False, repr=False)
class Batch(Shown, Scenarios, Frozen):
    """Outcomes of B scenarios, in the order given, to iterate over and to read metrics off.

    ``worst`` (B,): largest residual of each scenario's certificate; ``evaluations`` (B,);
    ``failures`` says, by scenario number, why there is no solution (its rows are NaN); ``said``
    what stays open about one, the texts of ``MultipleEquilibriaWarning``.

    Without a reading, ``state`` holds the fields of ``State`` with B leading (levels in million
    USD, hats as ratios, sectors before regions), ``certificates`` one entry per scenario, None
    for a failure, and ``solution`` gives all of one scenario of a list. With a reading, ``values``
    (B, ...) holds what was read and nothing else is kept.
    """

    calibration: Calibration
    worst: Float[Array, " B"]
    evaluations: Int[Array, " B"]
    failures: dict[int, TulaError]
    said: dict[int, tuple[str, ...]]
    values: Float[Array, "B ..."] | None = None
    state: State | None = None
    certificates: tuple[Certificate | None, ...] = ()
    asked: _Asked | None = None
    scenarios: tuple[str | int, ...] = ()

    def _card(self) -> Card:
        base, failed = self.calibration, {self.scenarios[n]: e for n, e in self.failures.items()}
        facts = {
            "scenarios": ", ".join(map(str, self.scenarios)),
            **base.basis(),
            "worst residual": f"{np.nanmax(self.worst, initial=0.0):.1e}",
            "not solved": "; ".join(f"{name}: {why}" for name, why in failed.items()) or "none",
        }
        return Card(f"Batch of {len(self)} scenarios on {origin(base.provenance)}", facts)

    @property
    def certificate(self) -> Certificate:
        """The proof with the largest residual; raises the first failure where there is none."""
        found = [one for one in self.certificates if one is not None]
        if not found:
            raise self.failures.get(0, CalibrationError("the batch kept only its reading"))
        return max(found, key=lambda one: one.worst.value)

    @property
    def real_income_hat(self) -> Float[Array, "B N"]:
        """Ratio of new to old real income by scenario and region; not with a reading."""
        if self.state is None:
            raise CalibrationError("the batch kept only its reading: ask for it without one")
        spending = self.state.income / self.calibration.final_spending
        return np.asarray(spending / self.state.final_price_hat)

    def solution(self, number: int) -> Solution:
        """All of one scenario, as ``solve`` returns it, of a list of policies without a reading.

        Raises the scenario's failure if it has one.
        """
        if self.state is None or self.asked is None:
            raise CalibrationError(
                "the batch did not keep what was asked: pass a list of policies, and no reading"
            )
        if number in self.failures:
            raise self.failures[number]
        task, policies, others = self.asked
        problem = others.get(number) or _posed(task, policies[number])
        certificate = self.certificates[number]
        assert certificate is not None
        state = State(*(leaf[number] for leaf in self.state))
        return build_solution(problem, Proven(_narrowed(state, problem.system.wedges), certificate))


class _One(NamedTuple):
    """What is kept of one scenario: its state, or what was read of it.

    ``other`` is the problem in the place of the one posed, where price ceilings end purchases.
    """

    kept: State | Array
    certificate: Certificate | None = None
    worst: float = np.nan
    evaluations: int = 0
    failure: TulaError | None = None
    said: tuple[str, ...] = ()
    other: Problem | None = None


class _Task(NamedTuple):
    """What every chunk of a batch shares; it can be sent to another process."""

    calibration: Calibration
    closure: Closure | str | None
    solver: Anderson
    on: date | str | None
    reading: Reading | None
    library: Library


class _Asked(NamedTuple):
    """What each scenario of a batch asked for; ``others`` as ``_One.other``, by number."""

    task: _Task
    policies: tuple[Policy, ...]
    others: dict[int, Problem]


def solve_batch(
    world: World,
    policies: Iterable[Policy] | Mapping[str, Policy],
    *,
    reading: Reading | None = None,
    closure: Closure | str | None = None,
    solver: Anderson | None = None,
    on: date | str | None = None,
    library: Library = "numpy",
    executor: Executor | None = None,
) -> Batch:
    """Solve many scenarios; one without a solution is named in ``failures``, never replaced.

    So is one whose embargo leaves a buyer without a supplier: the others lose nothing by it.
    ``policies`` may have names, ``{"name": [Tariff(...)], ...}``, or be an iterator: scenarios are
    posed as they come. With a ``reading`` such as
    ``readings.real_income("IND")`` only its values are kept, so that any number of scenarios
    streams through bounded memory. ``library="jax"`` solves them in compiled code, side by side on
    an accelerator; on a processor, one a core, it is not the faster at any size measured.
    ``executor`` spreads chunks over its workers: ``ProcessPoolExecutor(4)``, or
    ``client.get_executor()`` of a dask cluster; the numbers do not depend on it.

    Errors in the instruments themselves are raised, as by ``solve``; an empty batch is a
    ``CalibrationError``, a library of another name an ``UnknownNameError``. Warns once of each
    thing that stays open, as ``solve``.
    """
    if library not in get_args(Library):
        raise UnknownNameError("library", str(library), get_args(Library))
    solver = solver or Anderson()
    purged = pose(world, (), closure, solver, on).calibration
    calibration = calibrated(world)
    task = _Task(calibration, closure, solver, on, reading, library)
    names = tuple(policies) if isinstance(policies, Mapping) else ()
    policies = list(policies.values()) if isinstance(policies, Mapping) else policies
    held = tuple(policies) if reading is None and isinstance(policies, Sequence) else ()
    chunks = [_packed(task, chunk) for chunk in _chunks(task, iter(policies), executor)]
    if not chunks:
        raise CalibrationError("a batch needs at least one scenario")
    kept = [chunk.kept for chunk in chunks]
    failures = _numbered(chunk.failures for chunk in chunks)
    values = None if reading is None else np.concatenate(_arrays(kept))
    state = _joined(_states(kept), np.concatenate) if reading is None else None
    for array in (*(state or ()), *([] if values is None else [values])):
        array[list(failures)] = np.nan
    said = _numbered(chunk.said for chunk in chunks)
    for text in dict.fromkeys(text for texts in said.values() for text in texts):
        warnings.warn(text, MultipleEquilibriaWarning, stacklevel=2)
    return Batch(
        calibration=purged,
        worst=sealed(np.concatenate([chunk.worst for chunk in chunks])),
        evaluations=sealed(np.concatenate([chunk.evaluations for chunk in chunks])),
        failures=failures,
        said=said,
        values=None if values is None else sealed(values),
        state=state,
        certificates=tuple(one for chunk in chunks for one in chunk.certificates),
        asked=_Asked(task, held, _numbered(chunk.others for chunk in chunks)) if held else None,
        scenarios=names or tuple(range(sum(len(chunk.worst) for chunk in chunks))),
    )


def _numbered(parts: Iterable[Sequence[V | None]]) -> dict[int, V]:
    """Entries of all parts that are not empty, by their number in the whole."""
    return {number: one for number, one in enumerate(chain.from_iterable(parts)) if one}


class _Packed(NamedTuple):
    """A chunk's outcomes as few arrays; the certificates are kept only with states."""

    kept: State | Array
    certificates: tuple[Certificate | None, ...]
    worst: Array
    evaluations: Array
    failures: tuple[TulaError | None, ...]
    said: tuple[tuple[str, ...], ...]
    others: tuple[Problem | None, ...]


def _packed(task: _Task, chunk: list[_One]) -> _Packed:
    kept, certificates, worst, evaluations, failures, said, others = zip(*chunk, strict=True)
    whole = task.reading is None
    return _Packed(
        _joined(_states(kept), np.stack) if whole else np.stack(_arrays(kept)),
        certificates if whole else (),
        np.array(worst),
        np.array(evaluations),
        failures,
        said,
        others if whole else (),
    )


def _chunks(
    task: _Task, policies: Iterator[Policy], executor: Executor | None
) -> Iterator[list[_One]]:
    """Yield the outcomes of ``CHUNK`` scenarios after another, in order."""
    cut = iter(lambda: list(islice(policies, CHUNK)), [])
    if executor is None:
        yield from (_solve_chunk(task, chunk) for chunk in cut)
        return
    waiting: list[Future[list[_One]]] = []
    for chunk in cut:
        waiting.append(executor.submit(_solve_chunk, task, chunk))
        if len(waiting) >= AHEAD * _workers(executor):
            yield waiting.pop(0).result()
    for future in waiting:
        yield future.result()


def _workers(executor: Executor) -> int:
    """Return how many chunks an executor solves at a time; a cluster may grow and shrink."""
    client = getattr(executor, "_client", None)
    threads = sum(client.nthreads().values()) if client else getattr(executor, "_max_workers", 0)
    return threads or cores()


def _solve_chunk(task: _Task, policies: Sequence[Policy]) -> list[_One]:
    if task.library == "jax":
        return _solved(task, policies, side_by_side)
    many = abreast(task.calibration.trade_share.size)
    windows = (policies[n : n + many] for n in range(0, len(policies), many))
    return [one for window in windows for one in _solved(task, window, _together)]


def _solved(
    task: _Task,
    policies: Sequence[Policy],
    look: Callable[[_Task, Sequence[Problem]], list[_One]],
) -> list[_One]:
    posed = [_posed_or_failed(task, policy) for policy in policies]
    problems = [one for one in posed if isinstance(one, Problem)]
    solved = iter(look(task, problems) if problems else ())
    return [next(solved) if isinstance(one, Problem) else one for one in posed]


def _posed(task: _Task, policy: Policy) -> Problem:
    return pose(task.calibration, policy, task.closure, task.solver, task.on)


def _posed_or_failed(task: _Task, policy: Policy) -> Problem | _One:
    try:
        return _posed(task, policy)
    except NoSupplierError as failure:
        return _failed(task, failure)


def _failed(task: _Task, failure: TulaError) -> _One:
    """A failure in the place of numbers; those of the base stand in for their shape."""
    problem = _posed(task, ())
    system = problem.system
    base = state_of(system, evaluate(system, start(system))[1])
    return _One(_read(task, problem, base), failure=failure)


def _together(task: _Task, problems: Sequence[Problem]) -> list[_One]:
    """Iterate scenarios together; one alone, and those that do not arrive, are looked for alone."""
    if len(problems) == 1:
        return [_alone(task, problems[0])]
    some = [problem for problem in problems if not problem.must_descend]
    blocks, systems = base_blocks(problems[0].calibration), [problem.system for problem in some]
    each = iterate_each(systems, task.solver, blocks, [start(system) for system in systems])
    found = {
        id(problem): one
        for problem, one in zip(some, each, strict=True)
        if one.met and one.positive
    }
    return [_alone(task, problem, found.get(id(problem))) for problem in problems]


def _alone(task: _Task, problem: Problem, found: Found | None = None) -> _One:
    """Prove what was found of a scenario, or look for it."""
    try:
        settled = problem
        if found is None:
            settled, found = find(problem, task.solver)
        state, certificate, _ = conclude(settled, found, task.solver)
    except ConvergenceError as failure:
        return _failed(task, failure)
    kept = _kept(task, settled, state, certificate)
    other = None if settled is problem else settled
    return kept._replace(said=found.said, other=other)


def _kept(task: _Task, problem: Problem, state: State, certificate: Certificate) -> _One:
    worst = certificate.worst.value
    return _One(_read(task, problem, state), certificate, worst, certificate.iterations)


def _read(task: _Task, problem: Problem, state: State) -> State | Array:
    if task.reading is None:
        return state
    return np.asarray(task.reading(problem.calibration)(problem.system, state), dtype=float)


def side_by_side(task: _Task, problems: Sequence[Problem]) -> list[_One]:
    """Iterate scenarios in compiled code; those it does not settle are solved alone."""
    together = [problem for problem in problems if not problem.must_descend]
    if not together:
        return [_alone(task, problem) for problem in problems]
    room = reduce(Sizes.joined, (sizes(one.calibration, one.shock) for one in together)).rounded()
    systems = [prepare(one.calibration, one.shock, one.closure, room) for one in together]
    blocks = base_blocks(problems[0].calibration)
    solved = run_all(on_device(systems), blocks, task.solver, BESIDE)
    found = {}
    for problem, result in zip(together, solved, strict=True):
        limits = active_limits(problem.calibration, problem.shock)
        labels, tolerance = problem.calibration.labels, task.solver.tolerance
        certificate = judge(
            labels, limits, result.gaps, int(result.evaluations), tolerance, problem.closure.name
        )
        if certificate.holds:
            found[id(problem)] = _kept(task, problem, result.state, certificate)
    return [found.get(id(problem)) or _alone(task, problem) for problem in problems]


def _states(kept: Sequence[State | Array]) -> list[State]:
    return [one for one in kept if isinstance(one, State)]


def _arrays(kept: Sequence[State | Array]) -> list[Array]:
    return [one for one in kept if not isinstance(one, State)]


def _joined(states: Sequence[State], join: Callable[..., Array]) -> State:
    """Join states; lists of wedges and corridors are filled up with zeros to one length."""

    def level(leaves: Sequence[Array]) -> Array:
        width = max(leaf.shape[-1] for leaf in leaves)
        return join([_widened(leaf, width) for leaf in leaves])

    return State(*map(level, zip(*states, strict=True)))


def _narrowed(state: State, wedges: int) -> State:
    """Cut off the zeros by which the list of wedges was filled up."""
    return state._replace(wedge=state.wedge[:wedges])


def _widened(leaf: Array, width: int) -> Array:
    missing = width - leaf.shape[-1]
    return np.pad(leaf, [(0, 0)] * (leaf.ndim - 1) + [(0, missing)]) if missing else leaf
