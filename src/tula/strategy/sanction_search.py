"""The sanction that senders would choose, in general equilibrium and with proof.

Senders maximise W_S - rho W_T: their joint real income less ``willingness`` (rho) times the
target's, both in money at base prices. rho is what they would give up, in dollars, for one dollar
of the target's loss (de Souza, Hu, Li and Mei 2022; Becko 2024).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from math import inf, isinf

import numpy as np
from scipy.optimize import brentq

from tula.equilibrium import Anderson, Closure, Solution
from tula.equilibrium.calibration import World, calibrated
from tula.policy.instruments import Instrument
from tula.policy.shock import Shock
from tula.shapes import Float
from tula.strategy.arena import Arena, Effort, Progress, open_arena
from tula.strategy.ascent import climb
from tula.strategy.guess import first_guess
from tula.strategy.levers import DutyLevers, JointLevers, duty_levers
from tula.strategy.membership import Loss, Sides, take_sides
from tula.strategy.payoff import require_agreement
from tula.strategy.proof import PeakProof
from tula.strategy.sanction import SanctionError
from tula.strategy.search import EVALUATIONS, TOLERANCE, Allowance, search
from tula.strategy.space import Names, PolicySpace, as_spaces
from tula.strategy.stakes import weighted_income

Array = np.ndarray

#: Percentage points by which the cost may miss the budget it should exhaust.
BUDGET_TOLERANCE = 1e-5


@dataclass(frozen=True, eq=False)
class Sanction:
    """The senders' best duties on a target, with losses against the base policy and the proof.

    * ``willingness``: dollars the senders give up for the last dollar of the target's loss
      (infinite: harm at any price); ``names``, ``rates`` (L,): levers and rates, fractions;
    * ``target_loss``, ``senders_loss`` (joint), ``sender_losses``, ``bystander_losses``:
      plus = worse off;
    * ``base`` and ``solution``: the two equilibria; ``proof``: slope, curvature, binding bounds.
    """

    senders: tuple[str, ...]
    target: str
    willingness: float
    names: tuple[str, ...]
    rates: Float[Array, " L"]
    target_loss: Loss
    senders_loss: Loss
    sender_losses: Mapping[str, Loss]
    bystander_losses: Mapping[str, Loss]
    base: Solution
    solution: Solution
    proof: PeakProof
    effort: Effort


@dataclass(frozen=True)
class SanctionTools:
    """What the senders may set, each for itself: duties on trade with the target.

    ``instrument``, ``by``, ``sectors``, ``except_sectors`` and ``bounds`` are those of
    ``PolicySpace``; the rate replaces what stood there. A rate at its upper bound means that the
    senders would go further: towards an embargo.
    """

    instrument: str | tuple[str, ...] = "tariff"
    by: str = "uniform"
    sectors: Names = "goods"
    except_sectors: Names = ()
    bounds: tuple[float, float] = (0.0, 2.0)


def optimal_sanction(
    world: World,
    senders: str | Sequence[str],
    target: str,
    willingness: float,
    tools: SanctionTools | None = None,
    *,
    policy: Shock | Sequence[Instrument] = (),
    closure: Closure | str | None = None,
    solver: Anderson | None = None,
    on: date | str | None = None,
    search_effort: Allowance | None = None,
    progress: Progress | None = None,
) -> Sanction:
    """Return the duties that maximise the senders' real income less rho times the target's.

    Exact slopes of the general equilibrium; senders (codes or groups) act jointly, each region
    with its own levers. ``willingness`` may be infinite. Raises ``SanctionError``,
    ``CoalitionError``, ``PolicyChoiceError``, ``UnfinishedSearchError``, ``NotAMaximumError``
    and the errors of ``solve``.
    """
    if not willingness >= 0.0:
        raise SanctionError(f"willingness {willingness}: give zero or a positive number")
    case = _open(
        world, senders, target, tools, policy, closure, solver, on, search_effort, progress
    )
    weight = 1.0 if isinf(willingness) else willingness / (1.0 + willingness)
    return case.proved(weight, case.first_guess())


def largest_harm(
    world: World,
    senders: str | Sequence[str],
    target: str,
    budget_percent: float,
    tools: SanctionTools | None = None,
    *,
    policy: Shock | Sequence[Instrument] = (),
    closure: Closure | str | None = None,
    solver: Anderson | None = None,
    on: date | str | None = None,
    search_effort: Allowance | None = None,
    progress: Progress | None = None,
) -> Sanction:
    """Return the duties that harm the target most at a cost of at most the budget.

    ``budget_percent`` of the senders' joint real income, counted from the base policy. The
    willingness is found at which the best sanction costs exactly that; it is infinite where even
    the most harmful duties cost less. Raises ``SanctionError`` where the budget is negative or
    the cost jumps over it, and the errors of ``optimal_sanction``.
    """
    if not budget_percent >= 0.0:
        raise SanctionError(f"budget {budget_percent}%: give zero or a positive number")
    case = _open(
        world, senders, target, tools, policy, closure, solver, on, search_effort, progress
    )
    weight = _exhausting_weight(case, budget_percent)
    found = case.proved(weight, case.tried[weight])
    spent = found.senders_loss.percent
    if weight < 1.0 and not abs(spent - budget_percent) <= BUDGET_TOLERANCE:
        raise SanctionError(
            f"the cost of the best sanction jumps over the budget of {budget_percent:g}%: to "
            f"{spent:.6g}% at a willingness of {found.willingness:.4g}. Choose another budget, or "
            "finer levers"
        )
    return found


@dataclass(eq=False)
class _Case:
    """One question on one arena. A weight w in 0..1 stands for rho = w / (1 - w)."""

    arena: Arena
    sides: Sides
    target: str
    players: tuple[DutyLevers, ...]
    allowance: Allowance
    base: Solution
    tried: dict[float, Float[Array, " L"]] = field(default_factory=dict)

    @property
    def levers(self) -> JointLevers[DutyLevers]:
        """All senders' levers, named with their sender."""
        return JointLevers(self.players)

    def first_guess(self) -> Float[Array, " L"]:
        return first_guess(self.arena, self.players)

    def objective(self, weight: float) -> dict[str, float]:
        """Weights on real incomes, in units of the senders' base spending."""
        senders = self.sides.codes(self.sides.members)
        spending = self.arena.calibration.final_spending
        labels = self.arena.calibration.labels
        unit = sum(float(spending[labels.region_index(code)]) for code in senders)
        harm = dict.fromkeys(self.sides.target, -weight / unit)
        return {**dict.fromkeys(senders, (1.0 - weight) / unit), **harm}

    def shown(self, weight: float, solution: Solution) -> float:
        """Return the objective from the solution's own real incomes."""
        worth = solution.real_income_hat * solution.calibration.final_spending
        places = solution.labels.region_index
        return float(sum(w * worth[places(code)] for code, w in self.objective(weight).items()))

    def climb(self, weight: float) -> Float[Array, " L"]:
        """Return the best rates, started from those of the next lower weight tried."""
        lower = max((other for other in self.tried if other <= weight), default=None)
        start = self.first_guess() if lower is None else self.tried[lower]
        found = climb(
            self.arena.look(self.levers, weighted_income(self.objective(weight))),
            start,
            self.levers.box,
            tolerance=self.allowance.tolerance,
            evaluations=self.allowance.evaluations,
        )
        self.tried[weight] = found.rates
        return found.rates

    def cost(self, weight: float) -> float:
        """Return what the best sanction at this weight costs the senders jointly, %."""
        solution = self.arena.solve(self.levers, self.climb(weight))
        return self.loss(self.sides.codes(self.sides.members), solution).percent

    def loss(self, codes: Sequence[str], solution: Solution) -> Loss:
        """Return the joint loss of some regions against the base policy."""
        places = [solution.labels.region_index(code) for code in codes]
        spending = solution.calibration.final_spending[places]
        quiet = self.base.real_income_hat[places]
        musd = float(((quiet - solution.real_income_hat[places]) * spending).sum())
        return Loss(100.0 * musd / float((quiet * spending).sum()), musd)

    def proved(self, weight: float, start: Float[Array, " L"]) -> Sanction:
        """Search from this start and others, prove the peak and read off the losses."""
        look = self.arena.look(self.levers, weighted_income(self.objective(weight)))
        who = ", ".join(self.sides.members)
        found = search(look, self.levers, start, self.allowance, who)
        solution = self.arena.solve(self.levers, found.peak.rates)
        require_agreement(who, found.peak.value, self.shown(weight, solution))
        senders = self.sides.codes(self.sides.members)
        outside = set(solution.labels.regions) - set(senders) - set(self.sides.target)
        return Sanction(
            senders=tuple(self.sides.members),
            target=self.target,
            willingness=inf if weight == 1.0 else weight / (1.0 - weight),
            names=self.levers.names,
            rates=found.peak.rates,
            target_loss=self.loss(self.sides.target, solution),
            senders_loss=self.loss(senders, solution),
            sender_losses={
                name: self.loss(codes, solution) for name, codes in self.sides.members.items()
            },
            bystander_losses={
                code: self.loss((code,), solution)
                for code in solution.labels.regions
                if code in outside
            },
            base=self.base,
            solution=solution,
            proof=found.proof(solution.certificate),
            effort=self.arena.effort(),
        )


def _open(
    world: World,
    senders: str | Sequence[str],
    target: str,
    tools: SanctionTools | None,
    policy: Shock | Sequence[Instrument],
    closure: Closure | str | None,
    solver: Anderson | None,
    on: date | str | None,
    search_effort: Allowance | None,
    progress: Progress | None,
) -> _Case:
    tools = tools or SanctionTools()
    sides = take_sides(calibrated(world).labels, senders, target)
    spaces = [
        PolicySpace(
            player=code,
            instrument=tools.instrument,
            by=tools.by,
            sectors=tools.sectors,
            except_sectors=tools.except_sectors,
            partners=sides.target,
            bounds=tools.bounds,
        )
        for code in sides.codes(sides.members)
    ]
    as_spaces(spaces, spaces[0], calibrated(world).labels)
    arena = open_arena(world, policy, closure, solver, on, progress)
    arena.doing = f"sanction on {target}"
    players = duty_levers(spaces, arena.calibration, arena.shock)
    named = tuple(
        replace(one, names=tuple(f"{one.space.player}: {name}" for name in one.names))
        for one in players
    )
    allowance = search_effort or Allowance(TOLERANCE, EVALUATIONS, other_starts=1)
    return _Case(arena, sides, target, named, allowance, arena.solve())


def _exhausting_weight(case: _Case, budget: float) -> float:
    """Return the weight at which the best sanction costs the budget, or 1 if none does.

    The cost rises with the weight: whoever values harm more pays no less for it.
    """
    if case.cost(0.0) > budget:
        raise SanctionError(
            f"even without any wish to harm the duties within the bounds cost more than {budget}%: "
            "lower the lower bound"
        )
    if case.cost(1.0) <= budget:
        return 1.0
    weight = float(brentq(lambda w: case.cost(w) - budget, 0.0, 1.0, xtol=1e-9, rtol=1e-9))
    case.climb(weight)
    return weight
