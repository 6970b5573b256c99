"""What the world economy says about oil: its prices and quantities, read off a solution."""

from __future__ import annotations

import numpy as np

from tula.equilibrium import Solution
from tula.shapes import Float

Array = np.ndarray


def world_oil_price(solution: Solution, sector: str, partner: str) -> float:
    """World price of a sector's goods, ratio to base: exporters' prices weighted by base trade.

    Export taxes and exporters' rents are in, import duties out; own sales and the partner's exports
    do not count. Numeraire: base world value added.
    """
    labels, calibration = solution.labels, solution.calibration
    s, excluded = labels.sector_index(sector), labels.region_index(partner)
    weight = _base_border_trade(solution, s)
    np.fill_diagonal(weight, 0.0)
    weight[:, excluded] = 0.0
    tax_hat = (1.0 + solution.shock.export_tax[s]) / (1.0 + calibration.export_tax[s])
    price = solution.cost_hat[:, s] * solution.seller_wedge[s] * tax_hat
    return float((weight * price).sum() / weight.sum())


def partner_oil_price(solution: Solution, sector: str, partner: str) -> float:
    """Price of the partner's exports at its port, ratio to base, weighted by base trade.

    Export taxes and rents it keeps are in (a subsidy lowers it); numeraire as for the world price.
    """
    labels, calibration = solution.labels, solution.calibration
    s, i = labels.sector_index(sector), labels.region_index(partner)
    weight = _base_border_trade(solution, s)[:, i]
    weight[i] = 0.0
    tax_hat = (1.0 + solution.shock.export_tax[s, :, i]) / (1.0 + calibration.export_tax[s, :, i])
    paid = tax_hat * solution.seller_wedge[s, :, i] * solution.cost_hat[i, s]
    return float((weight * paid).sum() / weight.sum())


def quantity_hat(solution: Solution, sector: str, importer: str, exporter: str) -> float:
    """Ratio of new to old quantity delivered in one cell that trades in the base."""
    labels, shock = solution.labels, solution.shock
    s = labels.sector_index(sector)
    n, i = labels.region_index(importer), labels.region_index(exporter)
    calibration = solution.calibration
    tax_hat = (1.0 + shock.export_tax[s, n, i]) / (1.0 + calibration.export_tax[s, n, i])
    seller = solution.cost_hat[i, s] * solution.seller_wedge[s, n, i]
    price_hat = seller * tax_hat * solution.trade_cost_hat[s, n, i]
    value_hat = solution.border_trade[s, n, i] / _base_border_trade(solution, s)[n, i]
    return float(value_hat / price_hat)


def quantities_sold(solution: Solution, sector: str, partner: str) -> Float[Array, " N"]:
    """Deliveries of the partner to each importer, million USD at base prices; own sales are 0."""
    labels = solution.labels
    s, i = labels.sector_index(sector), labels.region_index(partner)
    base = _base_border_trade(solution, s)[:, i]
    sold = [
        value * quantity_hat(solution, sector, code, partner) if value > 0.0 and n != i else 0.0
        for n, (code, value) in enumerate(zip(labels.regions, base, strict=True))
    ]
    return np.array(sold)


def implied_elasticity(reference: Solution, solution: Solution, sector: str, partner: str) -> float:
    """Supply plus demand elasticity that the engine's own answer amounts to.

    Barrels that no longer leave the partner, over the world's output of the sector, against the
    rise of the world price: eps = -ln(1 - lost / Q) / ln(P_hat), the oil market's formula.
    Compare it with the published sets to see how much of a world price effect the engine lacks.
    """
    labels = solution.labels
    s = labels.sector_index(sector)
    old, new = (quantities_sold(one, sector, partner).sum() for one in (reference, solution))
    output = (reference.output[:, s] / reference.cost_hat[:, s]).sum()
    price = world_oil_price(solution, sector, partner) / world_oil_price(reference, sector, partner)
    return float(-np.log(1.0 - (old - new) / output) / np.log(price))


def _base_border_trade(solution: Solution, s: int) -> Float[Array, "N I"]:
    calibration = solution.calibration
    spending = calibration.trade_share[s] * calibration.expenditure[:, s, None]
    return np.asarray(spending / (1.0 + calibration.tariff[s]))
