"""Solutions to read metrics off: one by hand, one that did not move, one solved."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from factories import import_limits
from hand_made import with_cells
from tula.equilibrium import Calibration, Certificate, FixedBalance, Residual, Solution, calibrate
from tula.equilibrium import solve as solve_world
from tula.metrics.welfare import base_export_tax_revenue, base_tariff_revenue
from tula.policy.shock import Shock, no_shock
from tula.world.economy import Economy, Provenance
from tula.world.labels import Labels

PROVED = Certificate(1, 1e-10, (Residual("by hand", 0.0, "A"),), 0.0, "fixed", "by hand")


@pytest.fixture(scope="session")
def taxed_calibration(make_economy: Callable[..., Economy]) -> Calibration:
    """Four regions, three sectors, import duties and export taxes."""
    return calibrate(make_economy(4, 3, 7, export_taxes=True))


@pytest.fixture(scope="session")
def still(taxed_calibration: Calibration) -> Solution:
    """The solution of a world in which nothing happens, written down rather than solved."""
    return unmoved(taxed_calibration)


@pytest.fixture(scope="session")
def moved(taxed_calibration: Calibration) -> Solution:
    """A solved world in which duties, export taxes, costs, technology and labour all change."""
    return solve_world(
        taxed_calibration, everything(taxed_calibration, 1.0), closure=FixedBalance()
    )


@pytest.fixture(scope="session")
def capped(taxed_calibration: Calibration) -> Solution:
    """A solved world in which R00 buys at most half of what it bought from R01, at a new duty."""
    base = taxed_calibration
    shock = no_shock(base.labels, base.tariff, base.export_tax)
    tariff = shock.tariff.copy()
    tariff[:, 0, 1] += 0.05
    halved = import_limits({(sector, 0, 1): 0.5 for sector in range(len(tariff))})
    return solve_world(base, shock.replace(limits=halved, tariff=tariff))


@pytest.fixture(scope="session")
def by_hand() -> Solution:
    """Two regions, one sector, no inputs; A puts 10% on B's goods. Every figure is chosen."""
    labels = Labels(("A", "B"), ("ALL1",))
    share = np.array([[[0.8, 0.2], [0.25, 0.75]]])
    base = Calibration(
        labels=labels,
        trade_share=share,
        value_added_share=np.ones((2, 1)),
        input_share=np.zeros((2, 1, 1)),
        final_share=np.ones((2, 1)),
        tariff=np.zeros((1, 2, 2)),
        export_tax=np.zeros((1, 2, 2)),
        trade_elasticity=np.array([4.0]),
        expenditure=np.array([[100.0], [80.0]]),
        output=np.array([[100.0], [80.0]]),
        value_added=np.array([100.0, 80.0]),
        imbalance=np.zeros(2),
        provenance=Provenance("by hand", "2000"),
    )
    tariff = np.zeros((1, 2, 2))
    tariff[0, 0, 1] = 0.1
    solution = Solution(
        calibration=base,
        shock=no_shock(labels, base.tariff, base.export_tax).replace(tariff=tariff),
        closure=FixedBalance(),
        wage_hat=np.array([1.01, 0.98]),
        employment_hat=np.ones(2),
        factor_price_hat=np.array([[1.01], [0.98]]),
        cost_hat=np.array([[1.01], [0.98]]),
        price_hat=np.array([[1.02], [0.99]]),
        final_price_hat=np.array([1.02, 0.99]),
        bundle_price_hat=np.array([[1.02], [0.99]]),
        bundle_share=np.ones((2, 1)),
        expenditure=np.array([[102.0], [78.4]]),
        output=np.array([[101.0], [78.4]]),
        income=np.array([102.0, 78.4]),
        value_added=np.array([101.0, 78.4]),
        sector_value_added=np.array([[101.0], [78.4]]),
        tariff_revenue=np.array([1.02, 0.0]),
        export_tax_revenue=np.zeros(2),
        cap_rent=np.zeros(2),
        export_rent=np.zeros(2),
        imbalance=np.zeros(2),
        certificate=PROVED,
    )
    share = np.array([[[0.89, 0.11], [0.2, 0.8]]])
    return with_cells(solution, share, np.array([[[90.78, 11.22 / 1.1], [15.68, 62.72]]]))


def unmoved(base: Calibration) -> Solution:
    """Return the base written as a solution."""
    n, s = base.output.shape
    solution = Solution(
        calibration=base,
        shock=no_shock(base.labels, base.tariff, base.export_tax),
        closure=FixedBalance(),
        wage_hat=np.ones(n),
        employment_hat=np.ones(n),
        factor_price_hat=np.ones((n, s)),
        cost_hat=np.ones((n, s)),
        price_hat=np.ones((n, s)),
        final_price_hat=np.ones(n),
        bundle_price_hat=np.ones((n, s)),
        bundle_share=np.ones((n, s)),
        expenditure=base.expenditure,
        output=base.output,
        income=base.final_spending,
        value_added=base.value_added,
        sector_value_added=base.value_added_share * base.output,
        tariff_revenue=base_tariff_revenue(base),
        export_tax_revenue=base_export_tax_revenue(base),
        cap_rent=np.zeros(n),
        export_rent=np.zeros(n),
        imbalance=base.imbalance,
        certificate=PROVED,
    )
    return with_cells(solution, base.trade_share, base.border_trade)


def everything(base: Calibration, size: float) -> Shock:
    """Return a shock to every channel at once, scaled by size."""
    draw = np.random.default_rng(3)
    abroad = ~np.eye(len(base.labels.regions), dtype=bool)
    cell, (n, s) = base.trade_share.shape, base.output.shape
    transfer = draw.normal(size=n) * 0.02 * base.value_added.mean()
    return no_shock(base.labels, base.tariff, base.export_tax).replace(
        tariff=base.tariff + size * 0.2 * draw.uniform(size=cell) * abroad,
        export_tax=base.export_tax + size * 0.1 * draw.uniform(size=cell) * abroad,
        trade_cost_hat=1.0 + size * 0.1 * draw.uniform(size=cell) * abroad,
        productivity_hat=1.0 + size * 0.05 * draw.normal(size=(n, s)),
        labour_hat=1.0 + size * 0.05 * draw.normal(size=n),
        transfer=size * (transfer - transfer.mean()),
    )


@pytest.fixture(scope="session")
def shocked(taxed_calibration: Calibration) -> Callable[[float], Solution]:
    """Solve the shock to every channel at a given size."""

    def run(size: float) -> Solution:
        return solve_world(taxed_calibration, everything(taxed_calibration, size))

    return run
