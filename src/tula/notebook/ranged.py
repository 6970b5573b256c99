"""A result with its range over what is not known of the world: elasticities and the base table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from tula.equilibrium.calibration import calibrate
from tula.equilibrium.closures import Closure
from tula.equilibrium.day import question_of_day
from tula.equilibrium.errors import unwarned
from tula.equilibrium.solution import Solution
from tula.equilibrium.solve import solve
from tula.equilibrium.technology import Technology
from tula.errors import TulaError
from tula.metrics.registry import Metric, find_metric
from tula.policy.duties import DutiesOfDay
from tula.policy.instruments import Instrument
from tula.shapes import Float
from tula.uncertainty.draws import Design, saltelli
from tula.uncertainty.inputs import TABLE, drawn_elasticities, drawn_table, factors
from tula.uncertainty.sobol import indices
from tula.world.economy import Economy
from tula.world.store import world_of

if TYPE_CHECKING:
    import xarray as xr

Array = np.ndarray

#: Metrics whose range is told unless others are asked for.
RANGED = ("real_income", "ev")
#: Percentiles of a range, and its middle.
PERCENTILES = (10.0, 50.0, 90.0)
#: Draws of the design unless said otherwise: four times as many solves.
DRAWS = 32
#: Part of all solves that may be without an equilibrium.
MOST_FAILED = 0.1


class RangeError(TulaError):
    """Too many draws have no equilibrium, or a metric has more than one number a region."""


def with_range(
    world: Economy | str,
    policy: Sequence[Instrument] = (),
    *,
    metrics: Iterable[str] = RANGED,
    closure: Closure | str | None = None,
    technology: Technology | None = None,
    duties: DutiesOfDay | None = None,
    table_error: Mapping[str, float] | None = None,
    draws: int = DRAWS,
    seed: int = 0,
) -> xr.Dataset:
    """Return metrics of a policy by region with their 10th to 90th percentile and what is to blame.

    Every draw has elasticities and a base table of its own, in balance, and is a world of its own:
    the policy is compiled and solved there, upon the ``duties`` of a day if given. Every metric is
    a variable over ``what`` (central, p10, p50, p90) and region; ``NAME_blame`` is the total index
    of every factor (``tula.uncertainty.sobol``). ``table_error`` by sector replaces the measured
    error of embedded tables; tables of one's own are taken as exact without it. ``draws`` is a
    power of two; attributes tell draws, failures and what was drawn.

    Raises ``RangeError``, ``DrawsError``, ``UnknownNameError``, and as ``solve`` where the central
    case fails.
    """
    economy, entries = world_of(world), [find_metric(name) for name in metrics]
    wide = [one.name for one in entries if one.dims != ("region",)]
    if wide:
        raise RangeError(
            f"{', '.join(wide)} has more than one number a region: real_income has one"
        )
    design = saltelli(factors(economy, table_error), draws, seed)

    def solved(one: Economy) -> Solution:
        base = calibrate(one, technology or Technology())
        if duties is None:
            return solve(base, policy, closure=closure)
        return solve(*question_of_day(base, duties, policy, closure=closure), closure=closure)

    central = solved(economy)
    every = np.full((len(entries), len(design.values), len(economy.regions)), np.nan)
    failures: dict[str, int] = {}
    with unwarned():
        for row, one in enumerate(_worlds(economy, design, table_error)):
            try:
                found = solved(one)
            except TulaError as failure:
                told = f"{type(failure).__name__}: {failure}".splitlines()[0]
                failures[told] = failures.get(told, 0) + 1
                continue
            every[:, row] = [entry.values(found) for entry in entries]
    if sum(failures.values()) > MOST_FAILED * len(design.values):
        raise RangeError(
            f"{sum(failures.values())} of {len(design.values)} draws have no equilibrium: "
            f"{max(failures, key=lambda told: failures[told])}"
        )
    return _dataset(entries, central, every, design, sum(failures.values()))


def _worlds(
    economy: Economy, design: Design, error: Mapping[str, float] | None
) -> Iterator[Economy]:
    """The world of every row; a table is drawn once for all rows that share it."""
    width = len(design.factors[0].priors)

    @cache
    def table(draw: float) -> Economy:
        return drawn_table(economy, draw, error)

    for row in design.values:
        base = table(float(row[width])) if len(row) > width else economy
        yield drawn_elasticities(base, row[:width])


def _dataset(
    entries: Sequence[Metric],
    central: Solution,
    every: Float[Array, "M R N"],
    design: Design,
    lost: int,
) -> xr.Dataset:
    import xarray as xr

    regions = list(central.labels.regions)
    groups = list(design.groups)
    found = {}
    for entry, values in zip(entries, every, strict=True):
        told = np.nanpercentile(values[design.independent], PERCENTILES, axis=0)
        rows = np.vstack([entry.values(central)[None], told])
        attrs = {"unit": entry.unit, "long_name": entry.title}
        found[entry.name] = (("what", "region"), rows, attrs)
        blame = np.stack(
            [indices(design, values[:, place], resamples=1).total for place in range(len(regions))],
            axis=1,
        )
        meaning = "share of the variance that would remain if all but this factor were known"
        found[f"{entry.name}_blame"] = (("factor", "region"), blame, {"long_name": meaning})
    what = ["central", *(f"p{percentile:.0f}" for percentile in PERCENTILES)]
    return xr.Dataset(
        found,
        coords={"what": what, "region": regions, "factor": groups},
        attrs={
            "draws": int(design.independent.sum()),
            "solves": len(design.values),
            "failed": lost,
            "seed": design.seed,
            "elasticities": f"{central.calibration.elasticity_source}; drawn by how published "
            "sets differ",
            "base_table": "drawn by its measured error" if TABLE in groups else "taken as exact",
        },
    )
