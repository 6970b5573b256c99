"""What a solve cannot be asked, said before anything is computed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from tula.equilibrium.calibration import Calibration, World
from tula.equilibrium.errors import ForeignShockError, RebaseError
from tula.policy.contradictions import refuse_impossible_embargo
from tula.policy.shock import Shock

if TYPE_CHECKING:
    from tula.equilibrium.solution import Solution


def refuse_wrong_kinds(world: object, policy: object) -> None:
    """Raise ``TypeError`` with what to pass instead."""
    if not isinstance(world, World):
        raise TypeError(
            f"world is {_kind(world)}; pass load_world(name), its name or calibrate(economy)"
        )
    if isinstance(policy, str) or not isinstance(policy, Shock | Iterable):
        raise TypeError(f"policy is {_kind(policy)}; pass a list of instruments, [Tariff(...)]")


def _kind(value: object) -> str:
    return f"the class {value.__name__}" if isinstance(value, type) else f"{value!r:.60}"


def refuse_foreign(policy: object, calibration: Calibration) -> None:
    """Raise ``ForeignShockError`` for a shock compiled on other labels.

    A compiled shock holds positions, not names: those of another world mean other places.
    """
    if not isinstance(policy, Shock):
        return
    here, there = calibration.labels, policy.labels
    if (here.regions, here.sectors) != (there.regions, there.sectors):
        raise ForeignShockError(
            "the shock was compiled for other regions or sectors; "
            "pass the instruments and they are compiled for this world"
        )


def refuse_lost_suppliers(calibration: Calibration, shock: Shock) -> None:
    """Raise ``NoSupplierError`` where an embargo leaves a buyer without a supplier it needs."""
    refuse_impossible_embargo(
        shock,
        calibration.trade_share,
        calibration.labels,
        calibration.placed.trade_elasticity,
    )


def refuse_rebase(solution: Solution) -> None:
    """Raise ``RebaseError`` for a solution whose prices are held apart by more than base rates."""
    problems = [f"the limit of {one.instrument} binds" for one in solution.limits if one.binds]
    problems += [f"{one.instrument} is a quota of workers" for one in solution.corridors]
    idle = solution.employment_hat < 1.0
    codes = zip(solution.calibration.labels.regions, idle, strict=True)
    problems += [f"part of the labour of {code} is idle" for code, hit in codes if hit]
    if problems:
        raise RebaseError(f"the solution cannot be a base year: {'; '.join(problems)}")
