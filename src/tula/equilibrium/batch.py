"""Many scenarios on one world in one call, each with its own certificate."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from datetime import date
from functools import reduce
from itertools import islice
from operator import length_hint
from typing import Literal, NamedTuple

import numpy as np
from jaxtyping import Float, Int

from tula.equilibrium.anderson import Anderson
from tula.equilibrium.approach import Problem, base_blocks, find
from tula.equilibrium.calibration import Calibration, calibrate
from tula.equilibrium.certificate import Certificate, judge
from tula.equilibrium.closures import Closure
from tula.equilibrium.errors import CalibrationError, ConvergenceError
from tula.equilibrium.limits import active_limits
from tula.equilibrium.placing import Sizes, sizes
from tula.equilibrium.prepare import prepare
from tula.equilibrium.readings import Reading
from tula.equilibrium.solve import conclude, pose
from tula.equilibrium.system import State, evaluate, start, state_of
from tula.equilibrium.traced import cores, installed, on_device, run_all
from tula.frozen import Frozen, sealed
from tula.policy.instruments import Instrument
from tula.policy.shock import Shock
from tula.world.economy import Economy

Array = np.ndarray
Policy = Shock | Sequence[Instrument]
Library = Literal["numpy", "jax"]

#: Scenarios held in memory at a time; on an accelerator, solved side by side.
CHUNK = 64
#: Scenarios from which compiled code saves more than the seconds that compiling it takes.
MANY = 10_000
#: Evaluations after which a scenario leaves those beside it and is solved by itself.
TOGETHER = 60
#: Chunks that wait for each worker of an executor.
AHEAD = 2


@dataclass(frozen=True, eq=False)
class Batch(Frozen):
    """Outcomes of B scenarios, in the order given.

    ``worst`` (B,): largest residual of each scenario's certificate; ``evaluations`` (B,);
    ``failures`` says, by scenario number, why there is no solution (its rows are NaN).

    Without a reading, ``state`` holds the fields of ``State`` with B leading (levels in million
    USD, hats as ratios, sectors before regions) and ``certificates`` one entry per scenario, None
    for a failure. With a reading, ``values`` (B, ...) holds what was read and nothing else is kept.
    """

    calibration: Calibration
    worst: Float[Array, " B"]
    evaluations: Int[Array, " B"]
    failures: dict[int, str]
    values: Float[Array, "B ..."] | None = None
    state: State | None = None
    certificates: tuple[Certificate | None, ...] = ()

    @property
    def real_income_hat(self) -> Float[Array, "B N"]:
        """Ratio of new to old real income by scenario and region; not with a reading."""
        if self.state is None:
            raise CalibrationError("the batch kept only its reading: ask for it without one")
        spending = self.state.income / self.calibration.final_spending
        return np.asarray(spending / self.state.final_price_hat)


class _One(NamedTuple):
    """What is kept of one scenario: its state, or what was read of it."""

    kept: State | Array
    certificate: Certificate | None
    worst: float
    evaluations: int
    failure: str


class _Task(NamedTuple):
    """What every chunk of a batch shares; it can be sent to another process."""

    calibration: Calibration
    closure: Closure | None
    solver: Anderson
    on: date | None
    reading: Reading | None
    library: Library


def solve_batch(
    world: Economy | Calibration,
    policies: Iterable[Policy],
    *,
    reading: Reading | None = None,
    closure: Closure | None = None,
    solver: Anderson | None = None,
    on: date | None = None,
    library: Library | None = None,
    executor: Executor | None = None,
) -> Batch:
    """Solve many scenarios; one without a solution is named in ``failures``, never replaced.

    ``policies`` may be an iterator: scenarios are posed as they come. With a ``reading`` such as
    ``readings.real_income("IND")`` only its values are kept, so that any number of scenarios
    streams through bounded memory. ``library="jax"`` solves them in compiled code, one a core or,
    on an accelerator, side by side; it is chosen where installed for ``MANY`` scenarios or more
    that no executor spreads. ``executor`` spreads chunks over its workers:
    ``ProcessPoolExecutor(4)``, or ``client.get_executor()`` of a dask cluster; the numbers do not
    depend on it.

    Errors in the policies themselves are raised, as by ``solve``; an empty batch is a
    ``CalibrationError``.
    """
    solver = solver or Anderson()
    purged = pose(world, (), closure, solver, on).calibration
    calibration = calibrate(world) if isinstance(world, Economy) else world
    if library is None:
        compiled = executor is None and length_hint(policies) >= MANY and installed()
        library = "jax" if compiled else "numpy"
    task = _Task(calibration, closure, solver, on, reading, library)
    chunks = [_packed(task, chunk) for chunk in _chunks(task, iter(policies), executor)]
    if not chunks:
        raise CalibrationError("a batch needs at least one scenario")
    kept = [chunk.kept for chunk in chunks]
    certificates = [one for chunk in chunks for one in chunk.certificates]
    failures = [why for chunk in chunks for why in chunk.failures]
    return Batch(
        calibration=purged,
        worst=sealed(np.concatenate([chunk.worst for chunk in chunks])),
        evaluations=sealed(np.concatenate([chunk.evaluations for chunk in chunks])),
        failures={number: why for number, why in enumerate(failures) if why},
        values=None if reading is None else sealed(np.concatenate(_arrays(kept))),
        state=_joined(_states(kept), np.concatenate) if reading is None else None,
        certificates=tuple(certificates),
    )


class _Packed(NamedTuple):
    """A chunk's outcomes as few arrays; the certificates are kept only with states."""

    kept: State | Array
    certificates: tuple[Certificate | None, ...]
    worst: Array
    evaluations: Array
    failures: tuple[str, ...]


def _packed(task: _Task, chunk: list[_One]) -> _Packed:
    kept, certificates, worst, evaluations, failures = zip(*chunk, strict=True)
    whole = task.reading is None
    return _Packed(
        _joined(_states(kept), np.stack) if whole else np.stack(_arrays(kept)),
        certificates if whole else (),
        np.array(worst),
        np.array(evaluations),
        failures,
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
    workers = getattr(executor, "_max_workers", None) or cores()
    for chunk in cut:
        waiting.append(executor.submit(_solve_chunk, task, chunk))
        if len(waiting) >= AHEAD * workers:
            yield waiting.pop(0).result()
    for future in waiting:
        yield future.result()


def _solve_chunk(task: _Task, policies: Sequence[Policy]) -> list[_One]:
    if task.library == "numpy":
        return [_alone(task, _posed(task, policy)) for policy in policies]
    problems = [_posed(task, policy) for policy in policies]
    return side_by_side(task, problems)


def _posed(task: _Task, policy: Policy) -> Problem:
    return pose(task.calibration, policy, task.closure, task.solver, task.on)


def _alone(task: _Task, problem: Problem) -> _One:
    try:
        problem, found = find(problem, task.solver)
        state, certificate = conclude(problem, found, task.solver)
    except ConvergenceError as failure:
        system = problem.system
        base = _read(task, problem, state_of(system, evaluate(system, start(system))[1]))
        blank = State(*map(_blank, base)) if isinstance(base, State) else _blank(base)
        return _One(blank, None, np.nan, 0, str(failure))
    return _kept(task, problem, state, certificate)


def _kept(task: _Task, problem: Problem, state: State, certificate: Certificate) -> _One:
    read, worst = _read(task, problem, state), certificate.worst.value
    return _One(read, certificate, worst, certificate.iterations, "")


def _read(task: _Task, problem: Problem, state: State) -> State | Array:
    if task.reading is None:
        return state
    return np.asarray(task.reading(problem.calibration)(problem.system, state), dtype=float)


def _blank(values: Array) -> Array:
    return np.full_like(values, np.nan)


def side_by_side(task: _Task, problems: Sequence[Problem]) -> list[_One]:
    """Iterate scenarios in compiled code; those it does not settle are solved alone."""
    together = [problem for problem in problems if not problem.must_descend]
    room = reduce(Sizes.joined, (sizes(one.calibration, one.shock) for one in together)).rounded()
    systems = [prepare(one.calibration, one.shock, one.closure, room) for one in together]
    blocks = base_blocks(problems[0].calibration)
    solved = run_all(on_device(systems), blocks, task.solver, TOGETHER)
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


def _widened(leaf: Array, width: int) -> Array:
    missing = width - leaf.shape[-1]
    return np.pad(leaf, [(0, 0)] * (leaf.ndim - 1) + [(0, missing)]) if missing else leaf
