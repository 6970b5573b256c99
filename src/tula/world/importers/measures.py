"""The unit of a column: stated somewhere, or taken for the usual one."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from tula.shapes import Float
from tula.world.importers.tables import Table
from tula.world.importers.units import UnitError, duty_fraction, million_usd
from tula.world.problems import Problems

Array = np.ndarray


def flows_in_million_usd(
    table: Table, column: str, given: Mapping[str, str]
) -> tuple[Float[Array, " rows"], str]:
    """Return a column of flows in million USD, and the unit as stated (empty if none is).

    ``given`` are statements from elsewhere: who says so -> unit. What is wrong is noted.
    """
    factor, said = _factor(table, million_usd, given)
    return table.numbers(column) * factor, said


def duties_as_fractions(
    table: Table, column: str, given: Mapping[str, str]
) -> tuple[Float[Array, " rows"], str]:
    """Return a column of duties as fractions, and the unit as stated (empty if none is).

    A cell may carry its own sign, as in ``25%``; then bare cells need a unit that is stated.
    """
    texts = table.rows[column].astype(str).str.strip()
    signed = texts.str.endswith("%").to_numpy(dtype=bool)
    if signed.any():
        table.rows[column] = texts.str.removesuffix("%")
    factor, said = _factor(table, duty_fraction, given)
    values = table.numbers(column)
    if signed.any() and not said:
        odd = ~signed & (values != 0.0)
        table.note(f"{column} has a % in other rows: write it in all, or state the unit", odd)
    return values * np.where(signed, 0.01, factor), said or ("%" if signed.any() else "")


def stated_worth(
    stated: Mapping[str, str], unit: str | None, problems: Problems
) -> tuple[float, str]:
    """Return what one unit of a table without a column for it is in million USD, and the unit as
    stated (empty if it is not): 1 where nobody says. What is wrong is noted."""
    said = {**stated, **({} if unit is None else {"unit": unit})}
    worths = {place: _read(text, million_usd, place, problems) for place, text in said.items()}
    _refuse_two(worths, problems)
    return next(iter(worths.values()), 1.0), "; ".join(dict.fromkeys(said.values()))


def _factor(
    table: Table, worth: Callable[[str], float], given: Mapping[str, str]
) -> tuple[Float[Array, " rows"], str]:
    """Return what one unit of each row is worth, and what was stated, each text once."""
    stated, problems = {**given, **table.units}, table.problems
    worths = {place: _read(text, worth, place, problems) for place, text in stated.items()}
    rows = np.full(len(table.rows), next(iter(worths.values()), 1.0))
    said = list(stated.values())
    if "unit" in table.rows:
        positions, texts = table.texts("unit")
        each = {text: _read(text, worth, "column unit", problems) for text in texts}
        rows = np.array([*each.values(), np.nan])[positions]
        said += texts
        worths |= {f"column unit ({text})": one for text, one in each.items() if stated}
    _refuse_two(worths, problems)
    return rows, "; ".join(dict.fromkeys(said))


def _refuse_two(worths: Mapping[str, float], problems: Problems) -> None:
    if len(set(worths.values())) > 1:
        problems.add("the unit is stated in two ways, leave the right one", *worths)


def _read(text: str, worth: Callable[[str], float], place: str, problems: Problems) -> float:
    try:
        return worth(text)
    except UnitError as error:
        problems.add(str(error), place)
        return 1.0
