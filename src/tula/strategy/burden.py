"""Side payments among senders under which all lose the same share of real income.

Chowdhry, Hinz, Kamin and Wanner (2024) propose such transfers; here they are part of the
equilibrium: they change spending, prices and thereby every loss, and the equations are solved
with that counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from tula.equilibrium import (
    Anderson,
    Calibration,
    Closure,
    Solution,
    gradient,
    solve,
)
from tula.equilibrium.calibration import World, calibrated
from tula.errors import TulaError
from tula.policy import Transfer
from tula.policy.instruments import Instrument
from tula.shapes import Float
from tula.strategy.measure import Codes
from tula.strategy.stakes import weighted_income

Array = np.ndarray

#: Largest difference of the senders' log real incomes that counts as equality.
EQUALITY_TOLERANCE = 1e-8
#: Newton steps before the equations count as unsolved.
MOST_STEPS = 20
#: Payments below this share of all that is paid are rounding, not policy.
LEAST_PAYMENT = 1e-12


class BurdenSharingError(TulaError):
    """No side payments that equalise losses were found, or fewer than two senders were named.

    Name two senders or more; where a sender would have to pay more than it can spend, try a
    smaller measure.
    """


@dataclass(frozen=True)
class EqualBurden:
    """Payments that make every sender lose the same share of real income.

    * ``payments``: the instruments, each from one sender to another; ``received`` by sender:
      net receipts, million USD in the numeraire, summing to zero;
    * ``common_loss``: what every sender loses, % of real income (minus = gains);
      ``loss_before`` by sender: the same without payments;
    * ``inequality``: largest difference between the senders' real-income ratios, over their
      mean, read off the solution under ``payments``; ``solution`` is that solution, certified.
    """

    payments: tuple[Transfer, ...]
    received: Mapping[str, float]
    common_loss: float
    loss_before: Mapping[str, float]
    inequality: float
    solution: Solution

    @property
    def moved(self) -> float:
        """Money that changes hands, million USD: the receipts of those who receive."""
        return sum(amount for amount in self.received.values() if amount > 0.0)


def equal_burden(
    world: World,
    policy: Sequence[Instrument],
    senders: str | Sequence[str],
    *,
    closure: Closure | str | None = None,
    solver: Anderson | None = None,
    on: date | str | None = None,
) -> EqualBurden:
    """Return the payments among senders that equalise their losses under a policy.

    Newton's method on the equality of log real incomes, with exact derivatives in the payments.
    ``senders`` are codes or groups; every region of a group is a sender of its own. Losses count
    from the base world. Raises ``BurdenSharingError``, ``UnknownNameError`` and the errors of
    ``solve``.
    """
    calibration = calibrated(world)
    codes = calibration.labels.resolve_regions(senders)
    if len(codes) < 2:
        raise BurdenSharingError(f"payments need two senders or more; got {', '.join(codes)}")
    places = [calibration.labels.region_index(code) for code in codes]
    received, step = np.zeros(len(codes)), 0
    options = _Options(calibration, tuple(policy), codes, closure, solver, on)
    hats = before = options.solve(received).real_income_hat[places]
    while _inequality(hats) > EQUALITY_TOLERANCE / 100.0 and step < MOST_STEPS:
        received = received + _newton_step(options.slopes(received), np.log(hats))
        hats = options.solve(received).real_income_hat[places]
        step += 1
    return _judged(options, received, before)


@dataclass(frozen=True)
class _Options:
    """A policy to be solved with different payments among the senders."""

    calibration: Calibration
    policy: tuple[Instrument, ...]
    codes: Codes
    closure: Closure | str | None
    solver: Anderson | None
    on: date | str | None

    def with_payments(self, received: Float[Array, " M"]) -> list[Instrument]:
        return [*self.policy, *payments_between(self.codes, received)]

    def solve(self, received: Float[Array, " M"]) -> Solution:
        return solve(
            self.calibration,
            self.with_payments(received),
            closure=self.closure,
            solver=self.solver,
            on=self.on,
        )

    def slopes(self, received: Float[Array, " M"]) -> Float[Array, "M M"]:
        """Derivatives of each sender's log real income (rows) in each one's receipts."""
        places = [self.calibration.labels.region_index(code) for code in self.codes]
        rows = []
        for code in self.codes:
            found = gradient(
                self.calibration,
                self.with_payments(received),
                weighted_income({code: 1.0}),
                closure=self.closure,
                solver=self.solver,
                on=self.on,
            )
            rows.append(found.transfer[places] / found.value)
        return np.stack(rows)


def _newton_step(slopes: Float[Array, "M M"], log_hat: Float[Array, " M"]) -> Float[Array, " M"]:
    """Return the change of receipts, summing to zero, that equalises incomes to first order.

    Unknowns are the M receipts and the common level; the last equation is the sum.
    """
    m = len(log_hat)
    system = np.block([[slopes, -np.ones((m, 1))], [np.ones((1, m)), np.zeros((1, 1))]])
    return np.asarray(np.linalg.solve(system, np.append(-log_hat, 0.0))[:m])


def _judged(
    options: _Options, received: Float[Array, " M"], before: Float[Array, " M"]
) -> EqualBurden:
    """Solve under the payments as instruments and require the proof of equality."""
    codes = options.codes
    solution = options.solve(received)
    places = [options.calibration.labels.region_index(code) for code in codes]
    hats = solution.real_income_hat[places]
    inequality = _inequality(hats)
    if not inequality < EQUALITY_TOLERANCE:
        low, high = codes[int(np.argmin(hats))], codes[int(np.argmax(hats))]
        raise BurdenSharingError(
            f"losses of {low} and {high} still differ by {inequality:.1e} after {MOST_STEPS} "
            f"steps; tolerance {EQUALITY_TOLERANCE:.0e}"
        )
    return EqualBurden(
        payments=payments_between(codes, received),
        received=dict(zip(codes, map(float, received), strict=True)),
        common_loss=100.0 * (1.0 - float(hats.mean())),
        loss_before=dict(zip(codes, map(float, 100.0 * (1.0 - before)), strict=True)),
        inequality=inequality,
        solution=solution,
    )


def _inequality(hats: Float[Array, " M"]) -> float:
    return float((hats.max() - hats.min()) / hats.mean())


def payments_between(codes: Codes, received: Float[Array, " M"]) -> tuple[Transfer, ...]:
    """Return at most M - 1 payments with these net receipts (million USD, summing to zero)."""
    left = np.array(received, dtype=np.float64)
    least = LEAST_PAYMENT * max(1.0, float(np.abs(left).sum()))
    payments = []
    for _ in range(len(codes)):
        payer, receiver = int(np.argmin(left)), int(np.argmax(left))
        amount = min(-left[payer], left[receiver])
        if amount <= least:
            break
        payments.append(
            Transfer(payer=codes[payer], receiver=codes[receiver], amount_musd=float(amount))
        )
        left[payer] += amount
        left[receiver] -= amount
    return tuple(payments)
