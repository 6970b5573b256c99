"""Failures of policy choice, one class each: a choice that fails its proof is never returned."""

from __future__ import annotations

from collections.abc import Iterable

from tula.errors import TulaError


class PolicyChoiceError(TulaError):
    """The question cannot be asked as it stands. Every problem is listed with what to write."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n  ".join(["the choice cannot be posed:", *self.problems]))


class ProofError(TulaError):
    """A policy was sought and none could be proven; each kind below says why."""


class UnfinishedSearchError(ProofError):
    """The slope did not vanish within the evaluations allowed.

    Allow more (``evaluations``), or a looser ``tolerance``, or narrower bounds. At the edge where a
    limit of the base policy or a wage floor just binds no slope vanishes, and nothing is proven:
    bound the rates to one side of it.
    """


class NotAMaximumError(ProofError):
    """The slope vanishes where the objective still bends upwards: a saddle or a valley.

    Start elsewhere (``start``), or narrow the bounds around the policies you mean.
    """


class ProfitableDeviationError(ProofError):
    """A player gains by leaving the point found: it is no Nash equilibrium.

    Tariff games may have several equilibria; start the game elsewhere (``start``).
    """


class NotBetterError(ProofError):
    """An agreement found is worth less than what stands beside it: a lesser peak.

    Start the search at the better point (``start``).
    """


class NoCommonGainError(ProofError):
    """No start was found from which every player gains on the threat point.

    Allow larger transfers, or give a ``start`` at which all gain.
    """


class MisreadPayoffError(ProofError):
    """The payoff that was maximised is not the one that the solution shows.

    A defect, or a technology that the objective does not know: pass ``objective`` yourself.
    """


class LeverageError(TulaError):
    """The question who can break off with whom cannot be asked. Every problem is listed."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n  ".join(["leverage cannot be told:", *self.problems]))
