"""What limits and labour markets leave: labour at work and idle, rents of scarcity, remittances."""

from __future__ import annotations

import numpy as np

from tula.equilibrium.calibration import Calibration
from tula.equilibrium.solution import Solution
from tula.metrics.arrays import percent
from tula.metrics.registry import MONEY, PERCENT, metric
from tula.shapes import Float

Array = np.ndarray
NEW = "level; none in the base, world value added held at its base value"


@metric(title="Employment", unit=PERCENT, dims=("region",), base="base labour, all of it at work")
def employment(solution: Solution) -> Float[Array, " N"]:
    """Change in labour at work in the region, those admitted counted where they work."""
    at_work = solution.employment_hat * _labour(solution)
    return percent(at_work / _base_labour(solution.calibration))


@metric(title="Idle labour", unit=MONEY, dims=("region",), base="level; base wages, none idle")
def idle_labour(solution: Solution) -> Float[Array, " N"]:
    """What labour that a wage floor leaves idle would earn in a year at base wages."""
    return np.asarray((1.0 - solution.employment_hat) * _labour(solution))


@metric(title="Export rent", unit=MONEY, dims=("region",), base=NEW)
def export_rent(solution: Solution) -> Float[Array, " N"]:
    """Rents of limits on quantities and prices that exporters keep."""
    return np.array(solution.export_rent)


@metric(title="Rent of limits", unit=MONEY, dims=("recipient", "region"), base=NEW)
def limit_rent(solution: Solution) -> Float[Array, "3 N"]:
    """Scarcity rents by who keeps them; what nobody keeps stands with the importer that pays it."""
    return np.stack([solution.cap_rent, solution.export_rent, _wasted(solution)])


@metric(title="Remittances through corridors", unit=MONEY, dims=("region",), base=NEW)
def corridor_remittances(solution: Solution) -> Float[Array, " N"]:
    """Remittances of those admitted through corridors: plus = received, minus = paid, net."""
    net = np.zeros(len(solution.labels.regions))
    for one in solution.corridors:
        net[solution.labels.region_index(one.source)] += one.remitted
        net[solution.labels.region_index(one.host)] -= one.remitted
    return net


def _base_labour(calibration: Calibration) -> Float[Array, " N"]:
    """Return what base labour earns, specific factors left out, million USD."""
    earned = calibration.value_added_share * calibration.output
    return np.asarray((earned * (1.0 - calibration.placed.specific_share)).sum(axis=1))


def _labour(solution: Solution) -> Float[Array, " N"]:
    """Return the new labour force at base wages, idle and admitted counted, million USD."""
    labour = _base_labour(solution.calibration) * solution.shock.labour_hat
    for one, found in zip(solution.shock.corridors, solution.corridors, strict=True):
        labour[one.host] += found.used * one.host_value
        labour[one.source] -= found.used * one.home_value
    return np.asarray(labour)


def _wasted(solution: Solution) -> Float[Array, " N"]:
    """Return by importer what limits whose rent nobody keeps use up, at border prices."""
    kept = solution.limit_wedges
    lost = solution.border_trade / kept.exporter * (1.0 - 1.0 / kept.nobody)
    return np.asarray(lost.sum(axis=(0, 2)))
