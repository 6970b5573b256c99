"""Failures of calibration and solution, one class each."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from tula.errors import TulaError


class CalibrationError(TulaError):
    """The table does not define the model's shares. Run ``check_economy`` on it."""


class TechnologyError(TulaError):
    """Elasticities or factor shares are out of range, or name places that do not exist."""


class MultipleEquilibriaWarning(UserWarning):
    """With elasticities of substitution below one there may be more than one equilibrium.

    The one reported is reached by lowering elasticities step by step from values above one.
    """


@contextmanager
def unwarned() -> Iterator[None]:
    """Solve without ``MultipleEquilibriaWarning``, for callers that report it in their own way."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MultipleEquilibriaWarning)
        yield


class ConvergenceError(TulaError):
    """The equations were not met to tolerance; no numbers are returned.

    The message names the worst equation, region and sector. Remedies: more steps
    (``Anderson(max_steps=...)``), a looser tolerance, a smaller shock applied in stages, or, where
    the residual does not fall at all, a shock under which no equilibrium exists.
    """


class NonFiniteError(ConvergenceError):
    """The iteration left the positive numbers: the shock admits no equilibrium near the base.

    Check for a region cut off from all its markets, or an imbalance larger than its income.
    """


class NegativeError(ConvergenceError):
    """The equations are met only where something is negative that cannot be: no equilibrium.

    An income that falls below zero takes consumption with it. Take less from the region named.
    """


class VanishingTradeError(TulaError):
    """Duties or costs are so large that what is traded falls below the smallest number there is.

    Use an embargo in their place.
    """


class LibraryError(TulaError):
    """A library that part of the work needs is absent or set up in a way that cannot serve.

    The message says what to install or to set.
    """


class ForeignShockError(TulaError):
    """A compiled shock belongs to another world. Pass the instruments instead."""


class RebaseError(TulaError):
    """A solution cannot become a base year: some of its prices are not taxes and not costs.

    Limits that bind and quotas of workers hold prices apart by what no base rate states, and idle
    labour is no base endowment. Put an import duty in the place of a limit, or leave them out.
    """
