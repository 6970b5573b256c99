"""The long format: one row a flow, in CSV or Parquet; ``docs/your-table.md`` documents it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from tula.errors import TulaError, UnknownNameError, did_you_mean
from tula.world.economy import Economy
from tula.world.files import replacing
from tula.world.importers.measures import flows_in_million_usd
from tula.world.importers.settings import ImportSettings, assemble
from tula.world.importers.tables import Axis, Table
from tula.world.labels import Labels
from tula.world.problems import raise_all

Array = np.ndarray
#: Code in column ``use`` of purchases by households, government and investment.
FINAL = "FINAL"
SUFFIXES = (".csv", ".csv.gz", ".parquet")


class IncompleteFolderError(TulaError):
    """A folder does not hold the tables of the long format. Add the files that are named."""


def import_long(source: str | PathLike[str], settings: ImportSettings | None = None) -> Economy:
    """Import a folder of long-format tables.

    ``flows``, ``regions`` and ``sectors`` are needed; ``tariffs``, ``export_taxes``,
    ``elasticities`` and ``groups`` are read where present, unless the settings name others. All
    problems of a table are raised at once as ``TableError``.
    """
    given = settings or ImportSettings()
    files = _files(Path(source))
    labels = _labels(files)
    columns = ("exporter", "sector", "importer", "use", "value")
    flows = Table(files["flows"], columns, measure="value")
    region, sector = labels.region_vocabulary, labels.sector_vocabulary
    keys = {
        "exporter": Axis(labels.regions, region.match, region.hint),
        "sector": Axis(labels.sectors, sector.match, sector.hint),
        "importer": Axis(labels.regions, region.match, region.hint),
        "use": Axis(
            (*labels.sectors, FINAL),
            lambda use: use if use == FINAL else sector.match(use),
            sector.hint,
        ),
    }
    n = len(labels.regions)
    stated = {} if given.unit is None else {"unit": given.unit}
    million, unit = flows_in_million_usd(flows, "value", stated)
    values, absent = flows.cells(keys, million, given.sparse)
    if absent and not given.sparse and not values[np.arange(n), :, np.arange(n)].any():
        flows.problems.add("no region sells anything to itself: give output less exports there")
    flows.problems.raise_if_any()
    steps = [f"read from long-format {files['flows'].name}, {unit or 'million USD'}"]
    if absent:
        steps.append(f"{absent} absent flows read as zero")
    return assemble(
        labels, values[..., :-1], values[..., -1], _with_files(given, files), tuple(steps), unit
    )


def write_long(
    economy: Economy, folder: str | PathLike[str], suffix: str = ".csv"
) -> tuple[Path, ...]:
    """Write an economy as long-format tables into an existing folder; return their paths.

    Numbers are written so that they read back exactly. Raises ``UnwritableFileError``.
    """
    paths = []
    for name, table in _tables(economy).items():
        path = Path(folder) / f"{name}{suffix}"
        with replacing(path) as temporary:
            if suffix == ".parquet":
                table.to_parquet(temporary, index=False)
            else:
                packed: Any = {"method": "gzip", "mtime": 0} if suffix.endswith(".gz") else None
                table.to_csv(temporary, index=False, compression=packed)
        paths.append(path)
    return tuple(paths)


def _files(folder: Path) -> dict[str, Path]:
    """Find the tables of a folder; refuse a folder with missing or doubled ones."""
    if not folder.is_dir():
        kind = "a file, not a folder" if folder.exists() else "no such folder"
        wanted = "name the folder that holds flows, regions and sectors"
        raise IncompleteFolderError(f"{folder}: {kind}; {wanted}")
    names = ("flows", "regions", "sectors", "tariffs", "export_taxes", "elasticities", "groups")
    found = {
        name: [path for suffix in SUFFIXES if (path := folder / f"{name}{suffix}").is_file()]
        for name in names
    }
    faults = [f"{n} is missing" for n in ("flows", "regions", "sectors") if not found[n]]
    faults += [
        f"{name} stands {len(paths)} times" for name, paths in found.items() if len(paths) > 1
    ]
    if faults:
        raise IncompleteFolderError(f"{folder}: {'; '.join(faults)} ({' or '.join(SUFFIXES)})")
    return {name: paths[0] for name, paths in found.items() if paths}


def _with_files(settings: ImportSettings, files: Mapping[str, Path]) -> ImportSettings:
    """Fill companion tables found in the folder into settings that name none."""
    return replace(
        settings,
        tariffs=settings.tariffs or files.get("tariffs"),
        export_taxes=settings.export_taxes or files.get("export_taxes"),
        elasticities=settings.elasticities or files.get("elasticities"),
    )


def _labels(files: Mapping[str, Path]) -> Labels:
    """Read codes, names and groups, in the order of their rows."""
    tables = {kind: Table(files[kind], ("code", "name")) for kind in ("regions", "sectors")}
    names = {kind: _names(table, kind == "sectors") for kind, table in tables.items()}
    plain = Labels(
        regions=tuple(names["regions"]),
        sectors=tuple(names["sectors"]),
        region_names=names["regions"],
        sector_names=names["sectors"],
    )
    groups: dict[str, dict[str, tuple[str, ...]]] = {"region": {}, "sector": {}}
    collected = [table.problems for table in tables.values()]
    if "groups" in files:
        table = Table(files["groups"], ("kind", "group", "code"))
        groups = _groups(table, plain)
        collected.append(table.problems)
    raise_all(collected)
    return replace(plain, region_groups=groups["region"], sector_groups=groups["sector"])


def _names(table: Table, refuse_final: bool) -> dict[str, str]:
    codes, distinct = table.texts("code")
    texts, spoken = table.texts("name")
    if len(distinct) == 0:
        table.problems.add("there are no codes")
    for position, code in enumerate(distinct):
        if (codes == position).sum() > 1:
            table.problems.add("code stands more than once", code)
    if refuse_final and FINAL in distinct:
        table.problems.add(f"{FINAL} is reserved for final use and cannot be a sector")
    pairs = zip(codes, texts, strict=True)
    return {distinct[code]: spoken[text] for code, text in pairs if min(code, text) >= 0}


def _groups(table: Table, labels: Labels) -> dict[str, dict[str, tuple[str, ...]]]:
    finders = {"region": labels.region, "sector": labels.sector}
    kinds = table.codes("kind", Axis(tuple(finders), str, lambda k: did_you_mean(k, finders)))
    groups, members = table.texts("group"), table.texts("code")
    result: dict[str, dict[str, tuple[str, ...]]] = {kind: {} for kind in finders}
    for kind, group, member in zip(kinds, groups[0], members[0], strict=True):
        if min(kind, group, member) < 0:
            continue
        name, code, called = tuple(finders)[kind], members[1][member], groups[1][group]
        try:
            gathered = result[name].get(called, ())
            result[name][called] = (*gathered, finders[name](code))
        except UnknownNameError as error:
            table.problems.add(f"{name} group {called!r} has unknown member{error.hint}", code)
    return result


def _tables(economy: Economy) -> dict[str, pd.DataFrame]:
    labels = economy.labels
    uses = np.concatenate([economy.intermediate, economy.final[..., None]], axis=3)
    regions, sectors = labels.regions, labels.sectors
    rates = {"sector": sectors, "importer": regions, "exporter": regions}
    flows = {
        "exporter": regions, "sector": sectors, "importer": regions, "use": (*sectors, FINAL)
    }  # fmt: skip
    groups = [
        (kind, group, code)
        for kind, named in (("region", labels.region_groups), ("sector", labels.sector_groups))
        for group, members in named.items()
        for code in members
    ]
    theta = _melted({"sector": sectors}, economy.trade_elasticity, "theta")
    return {
        "flows": _melted(flows, uses, "value"),
        "tariffs": _melted(rates, economy.tariff, "rate"),
        "export_taxes": _melted(rates, economy.export_tax, "rate"),
        "elasticities": theta.assign(source=economy.elasticity_source),
        "regions": _named(regions, labels.region_names),
        "sectors": _named(sectors, labels.sector_names),
        "groups": pd.DataFrame(groups, columns=["kind", "group", "code"], dtype=str),
    }


def _named(codes: tuple[str, ...], names: Mapping[str, str]) -> pd.DataFrame:
    return pd.DataFrame({"code": codes, "name": [names.get(code, code) for code in codes]})


def _melted(keys: Mapping[str, tuple[str, ...]], values: Array, column: str) -> pd.DataFrame:
    """One row a cell, in axis order."""
    index = pd.MultiIndex.from_product(list(keys.values()), names=list(keys))
    return index.to_frame(index=False).assign(**{column: values.ravel()})
