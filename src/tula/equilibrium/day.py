"""A world with the duties of a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from tula.equilibrium.anderson import Anderson
from tula.equilibrium.approach import go_by
from tula.equilibrium.calibration import Calibration, World, calibrated
from tula.equilibrium.closures import Closure
from tula.equilibrium.solution import Solution
from tula.equilibrium.solve import compile_policy, rebase
from tula.policy.duties import DutiesOfDay, DutyDayError, read_day
from tula.policy.instruments import Instrument
from tula.policy.shock import Shock, no_shock

#: How the step begins that tells a world's duties.
STEP = "duties as of"


def on_day(
    world: World,
    day: date | str | DutiesOfDay,
    *,
    closure: Closure | str | None = None,
    solver: Anderson | None = None,
) -> Calibration:
    """Return the world once it has adjusted to the import duties of a day.

    Its base year becomes the equilibrium under them, with the elasticities, technology and closure
    given; in the hat algebra a question put to it has the effect that it has as the difference of
    two solves from one base year, with and without the question. A wage floor that binds, or a
    quota of workers, cannot be carried over (``RebaseError``). A world that is one of a day already
    is refused (``DutyDayError``). Errors and warnings besides as ``DutiesOfDay.tariff`` and
    ``solve``.
    """
    return moved_to_day(world, day, closure=closure, solver=solver)[1]


def moved_to_day(
    world: World,
    day: date | str | DutiesOfDay,
    *,
    closure: Closure | str | None = None,
    solver: Anderson | None = None,
) -> tuple[Solution, Calibration]:
    """Return the solution by which a world adjusts to the duties of a day, and ``on_day``."""
    day = read_day(day) if isinstance(day, str) else day
    duties = day if isinstance(day, DutiesOfDay) else DutiesOfDay(day)
    base = calibrated(world)
    moved, found = rebase(base, duties_shock(base, duties), closure=closure, solver=solver)
    origin = base.provenance
    found = replace(found, provenance=replace(origin, steps=(*origin.steps, duties.told)))
    return moved, go_by(found, base)


def duties_shock(base: Calibration, duties: DutiesOfDay) -> Shock:
    """Return the move from a world's own import duties to those of a day, and nothing else."""
    had = [step for step in base.provenance.steps if step.startswith(STEP)]
    if had and duties.base_day is None:
        raise DutyDayError(
            f"{base.provenance.name} is a world with the {had[-1]} already: put {duties.day} to "
            "the world that it was made from, or state base_day"
        )
    tariff = duties.tariff(base.labels, base.tariff, base.provenance)
    return no_shock(base.labels, tariff, base.export_tax)


def question_of_day(
    base: Calibration,
    duties: DutiesOfDay,
    instruments: Sequence[Instrument] = (),
    *,
    closure: Closure | str | None = None,
) -> tuple[Calibration, Shock]:
    """Return the world before a question as of a day, and the move that the question is.

    Before, all duties of the day are in force; after, those laid off (``duties.without``) are not,
    and the instruments are. With nothing laid off and no instrument the question is what duties did
    since the base year: before is the base. Errors and warnings as ``on_day``.
    """
    if not (duties.without or instruments):
        return base, duties_shock(base, duties)
    before = on_day(base, replace(duties, without=()), closure=closure)
    after = replace(before, tariff=duties_shock(base, duties).tariff)
    return before, compile_policy(after if duties.without else before, instruments, duties.day)
