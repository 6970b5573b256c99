"""A world with the duties of a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from tula.equilibrium.anderson import Anderson
from tula.equilibrium.calibration import Calibration, calibrate
from tula.equilibrium.closures import Closure
from tula.equilibrium.solve import rebase
from tula.policy.duties import DutiesOfDay
from tula.policy.shock import Shock, no_shock
from tula.world.economy import Economy


def on_day(
    world: Economy | Calibration,
    day: date | DutiesOfDay,
    *,
    closure: Closure | None = None,
    solver: Anderson | None = None,
) -> Calibration:
    """Return the world once it has adjusted to the import duties of a day.

    Its base year becomes the equilibrium under them, with the elasticities, technology and closure
    given; in the hat algebra a question put to it has the effect that it has as the difference of
    two solves from one base year, with and without the question. A wage floor that binds, or a
    quota of workers, cannot be carried over (``RebaseError``). Errors and warnings besides as
    ``DutiesOfDay.tariff`` and ``solve``.
    """
    duties = day if isinstance(day, DutiesOfDay) else DutiesOfDay(day)
    base = calibrate(world) if isinstance(world, Economy) else world
    _, found = rebase(base, duties_shock(base, duties), closure=closure, solver=solver)
    told = f"duties as of {duties.day}"
    told += f" without {', '.join(duties.without)}" if duties.without else ""
    origin = base.provenance
    return replace(found, provenance=replace(origin, steps=(*origin.steps, told)))


def duties_shock(base: Calibration, duties: DutiesOfDay) -> Shock:
    """Return the move from a world's own import duties to those of a day, and nothing else."""
    tariff = duties.tariff(base.labels, base.tariff, base.provenance)
    return no_shock(base.labels, tariff, base.export_tax)
