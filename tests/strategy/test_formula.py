"""The war by Lashkaripour's formula: equilibria alone, no proof, near the exact one."""

from __future__ import annotations

import numpy as np
import pytest

from pure_trade import made_world, pure_economy, two_regions
from tula.equilibrium import BalancedTrade, LibraryError, traced
from tula.strategy.duty_game import nash
from tula.strategy.errors import PolicyChoiceError
from tula.strategy.guess import sufficient_tariffs
from tula.strategy.optimal import optimal_tariffs
from tula.world.economy import Economy


def _small() -> Economy:
    return made_world(0, 5, 4)


def test_the_rates_are_the_formula_at_the_equilibrium_they_make() -> None:
    found = nash(_small(), "all", sectors="all", method="formula")
    rates = np.concatenate(found.rates)
    np.testing.assert_allclose(rates, sufficient_tariffs(found.solution), rtol=1e-6)
    assert found.solution.certificate.holds


@pytest.mark.gradients
def test_between_two_regions_and_one_sector_the_formula_is_near_the_exact_war() -> None:
    world, closure = pure_economy(two_regions(), 3.0), BalancedTrade()
    quick = nash(world, "all", closure=closure, method="formula")
    exact = nash(world, "all", closure=closure)
    np.testing.assert_allclose(np.concatenate(quick.rates), np.concatenate(exact.rates), rtol=0.02)


@pytest.mark.gradients
def test_among_many_the_formula_is_near_the_exact_war() -> None:
    quick = nash(_small(), "all", sectors="all", closure=BalancedTrade(), method="formula")
    exact = nash(_small(), "all", sectors="all", closure=BalancedTrade())
    apart = np.abs(np.concatenate(quick.rates) - np.concatenate(exact.rates))
    assert 0 < apart.max() < 0.1


def test_the_formula_is_no_proof_and_says_so() -> None:
    war = nash(_small(), "all", method="formula")
    best = optimal_tariffs(_small(), "A", method="formula")
    for proof in (war.proof, best.proof):
        assert not proof.proven
        assert str(proof).startswith("none, the rates are those of a formula")
    assert war.effort.adjoint_solves == best.effort.adjoint_solves == 0


def test_the_formula_asks_for_no_derivatives(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent() -> None:
        raise LibraryError("no jax")

    monkeypatch.setattr(traced, "_imported", absent)
    assert nash(_small(), "all", method="formula").players == tuple("ABCDE")
    with pytest.raises(LibraryError, match="no jax"):
        nash(_small(), "all")


def test_what_the_formula_does_not_know_is_told_at_once() -> None:
    with pytest.raises(PolicyChoiceError) as told:
        nash(
            _small(),
            "all",
            by="cell",
            instrument="export_tax",
            weights={"G0": 1.2},
            method="formula",
        )
    for part in ("by: the formula", "instrument: the formula", "weights: the formula"):
        assert part in str(told.value)
    with pytest.raises(PolicyChoiceError, match="did you mean 'formula'"):
        optimal_tariffs(_small(), "A", method="formulae")
