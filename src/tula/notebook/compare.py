"""What moved between solutions, by how much, and what each input that differs has to do with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any, overload

import numpy as np

from tula.equilibrium.errors import unwarned
from tula.equilibrium.solution import Solution
from tula.errors import TulaError
from tula.metrics.registry import find_metric
from tula.metrics.tables import OVERVIEW
from tula.notebook.inputs import pair_of
from tula.shown import Card, Shown, ranked

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from tula.study.compare import Compared
    from tula.study.results import StudyResults

Array = np.ndarray
#: Points of real income by which an input's parts may miss what moved: solves are not exact.
EXACT = 1e-6
#: The input that stands for all, where they cannot be told apart.
ALL = "all that differs"


class ComparisonError(TulaError):
    """Two solutions or more are compared, on the same regions and sectors, or two runs of studies.

    Aggregate one first.
    """


@dataclass(frozen=True, eq=False, repr=False)
class Comparison(Shown):
    """What moved between solutions, from the first to each other.

    ``data`` has every metric by ``solution``, what moved of it since the first (``NAME_moved``),
    and ``part`` (solution, input, region): what each input that differs adds to the change in real
    income, in points of base final spending, averaged over every order in which the inputs could
    change (Shapley); the parts add up to it. ``why`` says where they could not be told apart.
    """

    data: xr.Dataset
    why: Mapping[str, str]

    def to_dataset(self) -> xr.Dataset:
        """Return the labelled figures."""
        return self.data

    def to_frame(self) -> pd.DataFrame:
        """Return the parts as a long table: solution, input, region, part."""
        return self.data["part"].drop_vars("region_name").to_series().dropna().reset_index()

    def _card(self) -> Card:
        first, *others = self.data["solution"].values.tolist()
        names = self.data["region_name"].values.tolist()
        facts = {}
        for name in others:
            moved = self.data["real_income_moved"].sel(solution=name)
            gains, losses = ranked(names, moved.values.tolist(), unit="")
            facts[f"{name}: more"], facts[f"{name}: less"] = gains, losses
        part = self.data["part"].stack(row=("solution", "input")).transpose("row", "region")
        rows = [
            (str(row[0]), str(row[1]), *(text for text in ranked(names, values.tolist(), 2, "")))
            for row, values in zip(part["row"].values, part.values, strict=True)
            if np.isfinite(values).any()
        ]
        facts |= {f"{name}: note": text for name, text in self.why.items()}
        head = ("solution", "input that differs", "adds most", "takes most")
        return Card(
            f"Real income against {first!r}, points of base final spending", facts, head, rows
        )


@overload
def compare(solutions: Mapping[str, Solution], metrics: Iterable[str] = OVERVIEW) -> Comparison: ...


@overload
def compare(solutions: Mapping[str, StudyResults], *, why: str = "") -> Compared: ...


def compare(
    solutions: Mapping[str, Solution] | Mapping[str, StudyResults],
    metrics: Iterable[str] = OVERVIEW,
    why: str = "",
) -> Comparison | Compared:
    """Compare solutions, or two runs of studies, with the first: what moved, by how much, and why.

    Of runs ``why`` names the study of both: it is run with every mixture of what was set
    differently, 2^n - 2 times for n settings, to tell each one's part.

    Inputs of solutions are the world, elasticities, technology, closure, day, and every instrument
    that only one of two has; one with other numbers on the same places is one input. With n of them
    2^n worlds are solved; more than ten, and policies that come from arrays, are one input. Raises
    ``ComparisonError`` and ``UnknownNameError``.
    """
    if not isinstance(solutions, Mapping):
        raise ComparisonError('give each a name: compare({"before": one, "after": other})')
    if any(not isinstance(one, Solution) for one in solutions.values()):
        return _runs([*solutions.values()], why)
    return _compared(solutions, metrics)


def _runs(runs: Sequence[Any], why: str) -> Compared:
    from tula.study.compare import compare as compared
    from tula.study.parts import parts
    from tula.study.results import StudyResults

    if len(runs) != 2 or not all(isinstance(one, StudyResults) for one in runs):
        raise ComparisonError("compare solutions, or two runs of studies")
    found = compared(*runs)
    return replace(found, parts=parts(why, *runs)) if why else found


def _compared(solutions: Mapping[str, Any], metrics: Iterable[str]) -> Comparison:
    import xarray as xr

    names, found = [*solutions], [*solutions.values()]
    axes = {(one.labels.regions, one.labels.sectors) for one in found}
    if len(found) < 2 or len(axes) > 1:
        raise ComparisonError("compare two or more solutions on the same regions and sectors")
    entries = dict.fromkeys([find_metric(name) for name in ("real_income", *metrics)])
    along = xr.Variable("solution", names)
    data = {one.name: xr.concat([one(s) for s in found], along, combine_attrs="drop_conflicts")
            for one in entries}  # fmt: skip
    for one in entries:
        moved = data[one.name] - data[one.name].isel(solution=0, drop=True)
        unit = "points" if one.unit == "%" else one.unit
        moved.attrs = {
            "long_name": one.title,
            "units": unit,
            "base": names[0],
            "sign": "plus = more",
        }
        data[f"{one.name}_moved"] = moved
    parts: dict[str, dict[str, Array]] = {names[0]: {}}
    why: dict[str, str] = {}
    for name, other in zip(names[1:], found[1:], strict=True):
        parts[name], note = _parts(found[0], other)
        why |= {name: note} if note else {}
    data["part"] = _labelled(parts, data["real_income"])
    return Comparison(xr.Dataset(data, attrs={"first": names[0], **why}), why)


def _labelled(parts: Mapping[str, Mapping[str, Array]], like: xr.DataArray) -> xr.DataArray:
    """Stack parts; an input that does not differ between two solutions is not a number there."""

    inputs = [*dict.fromkeys(name for one in parts.values() for name in one)]
    none = np.full(like.sizes["region"], np.nan)
    values = [[one.get(name, none) for name in inputs] for one in parts.values()]
    region = like.isel(solution=0, drop=True)
    empty = region.expand_dims({"solution": [*parts], "input": inputs})
    found = empty.copy(data=np.reshape(values, empty.shape))
    found.attrs = {
        "long_name": "Part of an input in the change of real income",
        "units": "points",
        "base": "base final spending",
        "sign": "plus = raises real income",
    }
    return found


def _parts(first: Solution, other: Solution) -> tuple[dict[str, Array], str]:
    """Return each input's part by region, and why they could not be told apart if so."""
    from tula.strategy.shapley import shapley

    start, end = 100.0 * first.real_income_hat, 100.0 * other.real_income_hat
    pair = pair_of(first, other)

    @cache
    def worth(on: frozenset[str]) -> Array:
        return 100.0 * pair.solved(on).real_income_hat

    try:
        with unwarned():
            missed = [worth(frozenset()) - start, worth(frozenset(pair.inputs)) - end]
            if np.abs(missed).max() > EXACT:
                return {ALL: end - start}, "the solutions cannot be made again from their inputs"
            return shapley([*pair.inputs], worth), ""
    except TulaError as error:
        return {ALL: end - start}, f"a mixture of their inputs has no solution: {error}"
