"""Results of a study as tables: CSV with a description, Excel, the long form of pyam, Parquet,
Stata.

Every table is tidy: one row a number, labels in columns. ``datapackage.json`` beside CSV files says
what every variable is, in which unit and on what base (Data Package of frictionless data).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from io import BytesIO
from typing import Any

import pandas as pd
from pydantic import BaseModel

from tula.errors import TulaError, UnknownNameError
from tula.file.address import named
from tula.metrics.tables import tidy_values
from tula.metrics.workbook import workbook
from tula.strategy.answer.result import Answer
from tula.strategy.ranking import Ranking
from tula.study.results import StudyResults

#: Columns that the long form of ``pyam`` wants, in its order; others follow.
IAMC = ("model", "scenario", "region", "variable", "unit", "year", "value")
#: Words before the labels of axes that stand in the name of a variable of the long form.
_WORDS = {"exporter": "from ", "importer": "to "}
_COLUMNS = ("scenario", "closure", "elasticity", "region", "value")
PACKAGE = "datapackage.json"
_WHO = "bn USD a year and % of the situation beside; below zero: it pays"
#: What tables hold that are no variable of the run.
_DESCRIPTIONS = {
    "answer": "Every number and word of the answer, by its address.",
    "ties": "What each tie is worth to the pivot, with its unit and the ends of its range.",
    "who_sectors": f"What sectors of the pivot gain or pay, {_WHO}.",
    "who_jobs": f"What counted jobs of the pivot gain or pay, {_WHO}.",
    "who_households": f"What households of every region gain or pay, {_WHO}.",
    "others": "What a break-off by each rival means for every region; money in million USD a year. "
    "low and high are not bounds: they hold at the low and the high end of how easily a partner is "
    "replaced, so that most losses are larger at low.",
}


class NoYearError(TulaError):
    """A world stands for no year. Import it with ``--vintage``, or export the tables."""


class MissingParquetError(TulaError):
    """Parquet needs pyarrow. Install it: pip install 'tula[data]'."""


def tables(results: StudyResults) -> dict[str, pd.DataFrame]:
    """Return every variable as a table: a column for each axis, names of regions, and ``value``.

    Rows without a number are solves that failed, and are left out. ``answer`` and ``ties`` are
    tables where a study has them.
    """
    found = {str(name): tidy_values(array) for name, array in results.data.data_vars.items()}
    if results.answer is not None:
        found["answer"] = _flat(results.answer.model_dump(mode="json", exclude={"who", "others"}))
        found |= who_pays(results.answer)
        if results.answer.others is not None:
            found["others"] = standings(results.answer.others)
    if results.ties:
        rows = [
            {
                "tie": record.id,
                "partner": account.partner,
                "item": f"value_to_pivot.{end}",
                "value": value,
                "unit": account.value_to_pivot.unit,
            }
            for record, account in zip(results.manifest.ties, results.ties, strict=False)
            for end, value in zip(
                ("value", "low", "high"), account.value_to_pivot.numbers, strict=True
            )
        ]
        found["ties"] = pd.DataFrame(rows)
    return found


def who_pays(found: Answer) -> dict[str, pd.DataFrame]:
    """Return who pays as tables: sectors and counted jobs of the pivot, households of all regions.

    Money is bn USD a year, percentages are of the situation ``beside``; below zero: it pays.
    """
    kept: dict[str, list[tuple[str, str, Sequence[BaseModel]]]] = {
        "who_sectors": [(one.id, one.beside, one.sectors) for one in found.who],
        "who_jobs": [(one.id, one.beside, one.jobs) for one in found.who],
        "who_households": [(one.id, one.beside, one.households) for one in found.who],
    }
    made = {
        name: pd.DataFrame(
            {"case": case, "beside": beside, **cell.model_dump()}
            for case, beside, cells in cases
            for cell in cells
        )
        for name, cases in kept.items()
    }
    return {name: table for name, table in made.items() if len(table)}


def standings(found: Ranking) -> pd.DataFrame:
    """Return how all regions stand, a row for each rival's hold, at the median and both ends."""
    rows = [
        {"region": one.id, "name": one.title, "yields_to": one.yields_to, **hold}
        for one in found.regions
        for hold in one.model_dump(mode="json")["holds"]
    ]
    return pd.json_normalize(rows, sep=" ").drop(columns="flows").rename(columns={"id": "rival"})


def _flat(content: Mapping[str, Any]) -> pd.DataFrame:
    """Every number and word of a record by its address."""

    def leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
        if isinstance(value, Mapping):
            for key, member in value.items():
                yield from leaves(member, f"{path}.{key}".strip("."))
        elif isinstance(value, list):
            for place, member in enumerate(value):
                yield from leaves(member, f"{path}.{named(member, place)}")
        elif value is not None:
            yield path, value

    rows = [(path, str(value)) for path, value in leaves(content, "")]
    return pd.DataFrame(rows, columns=["item", "value"])


def long_form(results: StudyResults) -> pd.DataFrame:
    """Return all variables in the long form of ``pyam``: ``IAMC``, closure and elasticity.

    A variable's axes other than the region stand in its name, parted by ``|``; variables of pairs
    of regions have the exporter as their region. ``year`` is that of the world. Raises
    ``NoYearError``.
    """
    manifest = results.manifest
    parts = [
        _long(table, name, results)
        for name, table in tables(results).items()
        if name in results.data
    ]
    whole = pd.concat(parts, ignore_index=True)
    whole["model"] = f"Tula {manifest.versions['tula']} ({manifest.world.name})"
    year = manifest.world.vintage.strip()
    if not (len(year) == 4 and year.isdigit()):
        raise NoYearError(
            f"{manifest.world.name} stands for {year or 'no stated year'!r}, and the long form "
            "wants a year: import the world with --vintage 2024, or export csv"
        )
    whole["year"] = int(year)
    return whole[[*IAMC, "closure", "elasticity"]]


def _long(table: pd.DataFrame, name: str, results: StudyResults) -> pd.DataFrame:
    manifest, array = results.manifest, results.data[name]
    found = table.copy()
    if {"exporter", "importer"}.issubset(found):
        found["region"] = found.pop("exporter")
    elif "region" not in found:
        pivotal = {"exporter", "importer"} & {*found}
        found["region"] = manifest.pivot if pivotal else "World"
    told = pd.Series(name, index=found.index, dtype=object)
    for axis in [str(one) for one in array.dims if one in found and one not in _COLUMNS]:
        told = told.str.cat(found.pop(axis).astype(str), sep="|" + _WORDS.get(axis, ""))
    found["variable"], found["unit"] = told, array.attrs["units"]
    for axis, headline in (("closure", manifest.headline_closure),
                           ("elasticity", manifest.headline_elasticity)):  # fmt: skip
        if axis not in found:
            found[axis] = headline
    return found


def csv_files(results: StudyResults) -> dict[str, bytes]:
    """Return every table as CSV, by file name, and the package that describes them."""
    found = tables(results)
    files = {f"{name}.csv": _csv(table) for name, table in found.items()}
    package = json.dumps(_package(results, found), indent=1, ensure_ascii=False)
    return {**files, PACKAGE: f"{package}\n".encode()}


def _csv(table: pd.DataFrame) -> bytes:
    return table.to_csv(index=False, lineterminator="\n").encode()


def _package(results: StudyResults, found: Mapping[str, pd.DataFrame]) -> dict[str, Any]:
    manifest = results.manifest
    return {
        "name": manifest.id.lower(),
        "title": manifest.title,
        "description": manifest.question,
        "version": manifest.versions["tula"],
        "sources": [{"title": source} for source in manifest.world.sources],
        "resources": [_resource(results, name, table) for name, table in found.items()],
        "tula": _about(results),
    }


def _about(results: StudyResults) -> dict[str, Any]:
    """What the numbers of a run stand on."""
    manifest = results.manifest
    return {
        "run": results.run_hash,
        "study": manifest.study_hash,
        "settings": manifest.settings,
        "world": manifest.world.name,
        "seed": manifest.seed,
        "draws": manifest.draws,
    }


def _resource(results: StudyResults, name: str, table: pd.DataFrame) -> dict[str, Any]:
    attrs = results.data[name].attrs if name in results.data else {}
    value = {key: attrs[key] for key in ("base", "sign") if key in attrs}
    if "units" in attrs:
        value["unit"] = attrs["units"]
    kinds = {"f": "number", "i": "integer", "b": "boolean"}
    fields = [
        {"name": str(column), "type": kinds.get(table[column].dtype.kind, "string")}
        | (value if column == "value" else {})
        for column in table
    ]
    return {
        "name": name.replace("_", "-"),
        "path": f"{name}.csv",
        "title": attrs.get("long_name", name),
        "description": attrs.get("description", _DESCRIPTIONS.get(name, "")),
        "schema": {"fields": fields},
    }


def long_files(results: StudyResults) -> dict[str, bytes]:
    """Return the long form as one CSV file that ``pyam`` reads."""
    return {"long.csv": _csv(long_form(results))}


def parquet_files(results: StudyResults) -> dict[str, bytes]:
    """Return the long form as Parquet. Raises ``MissingParquetError``."""
    image = BytesIO()
    try:
        long_form(results).to_parquet(image, index=False, engine="pyarrow")
    except ImportError:
        raise MissingParquetError("Parquet needs pyarrow: pip install 'tula[data]'") from None
    return {"long.parquet": image.getvalue()}


def stata_files(results: StudyResults) -> dict[str, bytes]:
    """Return the long form for Stata 14 and later, without a time stamp of its own."""
    image = BytesIO()
    stamp = pd.Timestamp(year=2000, month=1, day=1)
    long_form(results).to_stata(image, write_index=False, version=118, time_stamp=stamp)
    return {"long.dta": image.getvalue()}


def excel_file(results: StudyResults) -> bytes:
    """Return every table in one workbook. Raises ``MissingExcelError``, ``SheetTooLongError``."""
    told = {str(name): array.attrs for name, array in results.data.data_vars.items()}
    about = {"title": results.manifest.title} | {
        key: "; ".join(value) if isinstance(value, tuple) else str(value)
        for key, value in _about(results).items()
    }
    return workbook(tables(results), told, about)


def excel_files(results: StudyResults) -> dict[str, bytes]:
    """Return the workbook. Raises as ``excel_file``."""
    return {"tables.xlsx": excel_file(results)}


#: Ways out by name.
FORMATS: Mapping[str, Callable[[StudyResults], dict[str, bytes]]] = {
    "csv": csv_files,
    "xlsx": excel_files,
    "pyam": long_files,
    "parquet": parquet_files,
    "stata": stata_files,
}


def exported(results: StudyResults, form: str) -> dict[str, bytes]:
    """Return files of a format by name. Raises ``UnknownNameError``."""
    if form not in FORMATS:
        raise UnknownNameError("format", form, FORMATS)
    return FORMATS[form](results)
