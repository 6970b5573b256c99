"""Payments that make senders lose the same share."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from scipy.optimize import root

from tula.equilibrium import BalancedTrade, Closure, FixedBalance, solve
from tula.errors import UnknownNameError
from tula.policy import Tariff, Transfer
from tula.policy.instruments import Instrument
from tula.strategy.burden import BurdenSharingError, EqualBurden, equal_burden, payments_between
from tula.strategy.measure import JointEmbargo
from tula.world.economy import Economy

pytestmark = pytest.mark.gradients

SENDERS = ("R01", "R02", "R03")
CLOSURES = [FixedBalance(), BalancedTrade()]


@pytest.fixture(scope="module")
def world(make_economy: Callable[..., Economy]) -> Economy:
    return make_economy(5, 2, 3)


@pytest.fixture(scope="module")
def embargo() -> Sequence[Instrument]:
    return JointEmbargo("S00")(SENDERS, ("R00",))


@pytest.fixture(scope="module", params=CLOSURES, ids=lambda closure: closure.name)
def shared(
    request: pytest.FixtureRequest, world: Economy, embargo: Sequence[Instrument]
) -> tuple[EqualBurden, Closure]:
    closure: Closure = request.param
    return equal_burden(world, embargo, SENDERS, closure=closure), closure


def test_senders_lose_the_same_share_when_the_payments_are_solved_again(
    world: Economy, embargo: Sequence[Instrument], shared: tuple[EqualBurden, Closure]
) -> None:
    burden, closure = shared
    again = solve(world, [*embargo, *burden.payments], closure=closure).real_income_hat[1:4]
    assert np.ptp(again) / again.mean() < 1e-8
    assert burden.inequality < 1e-8
    assert 100.0 * (1.0 - again.mean()) == pytest.approx(burden.common_loss, rel=1e-7)
    assert burden.solution.certificate.holds


def test_without_payments_losses_differ_and_lie_on_both_sides_of_the_common_one(
    shared: tuple[EqualBurden, Closure],
) -> None:
    burden, _ = shared
    losses = burden.loss_before.values()
    assert max(losses) - min(losses) > 0.01
    assert min(losses) < burden.common_loss < max(losses)


def test_payments_sum_to_zero_and_the_instruments_pay_them(
    shared: tuple[EqualBurden, Closure],
) -> None:
    burden, _ = shared
    assert sum(burden.received.values()) == pytest.approx(0.0, abs=1e-9 * burden.moved)
    net = dict.fromkeys(SENDERS, 0.0)
    for payment in burden.payments:
        net[payment.payer] -= payment.amount_musd
        net[payment.receiver] += payment.amount_musd
    for name in SENDERS:
        assert net[name] == pytest.approx(burden.received[name], abs=1e-9 * burden.moved)
    assert len(burden.payments) < len(SENDERS)
    hardest = max(burden.loss_before, key=lambda name: burden.loss_before[name])
    assert burden.received[hardest] > 0.0


def test_the_payments_are_those_a_derivative_free_root_finder_ends_at(
    world: Economy, embargo: Sequence[Instrument]
) -> None:
    burden = equal_burden(world, embargo, SENDERS)
    size = burden.moved

    def gaps(paid: np.ndarray) -> np.ndarray:
        received = np.append(paid, -paid.sum()) * size
        policy = [*embargo, *payments_between(SENDERS, received)]
        return np.diff(solve(world, policy).real_income_hat[1:4]) * 1e3

    found = root(gaps, np.zeros(2), method="hybr", options={"xtol": 1e-9})
    expected = np.array([burden.received[name] for name in SENDERS[:2]]) / size
    np.testing.assert_allclose(found.x, expected, atol=1e-5)


def test_equal_losses_need_no_payment(make_economy: Callable[..., Economy]) -> None:
    burden = equal_burden(make_economy(5, 2, 3), [], SENDERS)
    assert burden.payments == () and burden.moved == 0.0
    assert burden.common_loss == pytest.approx(0.0, abs=1e-10)


def test_senders_that_gain_share_their_gain(world: Economy) -> None:
    duty = [Tariff(importer=("R01", "R02"), exporter="R00", sectors="goods", add=0.05)]
    burden = equal_burden(world, duty, ("R01", "R02"))
    assert burden.inequality < 1e-8
    assert min(burden.loss_before.values()) < burden.common_loss < max(burden.loss_before.values())


def test_payments_settle_every_account_by_fewer_transfers_than_there_are_parties() -> None:
    received = np.array([5.0, -2.0, -4.0, 1.0])
    payments = payments_between(("A", "B", "C", "D"), received)
    assert payments == (
        Transfer(payer="C", receiver="A", amount_musd=4.0),
        Transfer(payer="B", receiver="A", amount_musd=1.0),
        Transfer(payer="B", receiver="D", amount_musd=1.0),
    )


def test_one_sender_alone_and_an_unknown_one_are_refused(world: Economy) -> None:
    with pytest.raises(BurdenSharingError, match="two senders or more; got R01"):
        equal_burden(world, [], "R01")
    with pytest.raises(UnknownNameError, match="unknown region 'R1'; did you mean"):
        equal_burden(world, [], ["R1", "R02"])
