"""GTAP data bases as header-array (HAR) files, read with the optional package harpy3.

Purchases of imports are spread over origins in the proportions of trade, as in any table made from
GTAP. Duties and export taxes are those of the data. What buyers pay for international transport is
bought from the sectors and countries that supply it, in their world proportions.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from os import PathLike
from typing import NamedTuple

import numpy as np

from tula.shapes import Float
from tula.world.countries import country
from tula.world.economy import Economy
from tula.world.files import existing
from tula.world.importers.measures import stated_worth
from tula.world.importers.settings import ImportSettings, OwnRates, assemble
from tula.world.importers.tables import MissingPackageError, UnreadableTableError
from tula.world.labels import Labels
from tula.world.problems import Problems

Array = np.ndarray

#: What is read, by its header in version 10 and later, and in version 9 and before.
HEADERS: Mapping[str, tuple[str, str]] = {
    "firms_home": ("VDFB", "VDFM"),
    "firms_abroad": ("VMFB", "VIFM"),
    "households_home": ("VDPB", "VDPM"),
    "households_abroad": ("VMPB", "VIPM"),
    "government_home": ("VDGB", "VDGM"),
    "government_abroad": ("VMGB", "VIGM"),
    "investment_home": ("VDIB", ""),
    "investment_abroad": ("VMIB", ""),
    "exports": ("VXSB", "VXMD"),
    "fob": ("VFOB", "VXWD"),
    "cif": ("VCIF", "VIWS"),
    "imports": ("VMSB", "VIMS"),
    "transport": ("VST", "VST"),
}
#: The activity of version 9 that makes investment goods.
CAPITAL = "cgds"


class _Header(NamedTuple):
    values: Float[Array, "..."]
    sets: tuple[tuple[str, ...], ...]


class _Data(NamedTuple):
    """Purchases at home and abroad by commodity, use (activities, then final) and region; trade at
    four prices by commodity, source and destination; transport supplied by commodity and region."""

    regions: tuple[str, ...]
    sectors: tuple[str, ...]
    home: Float[Array, "S U N"]
    abroad: Float[Array, "S U N"]
    exports: Float[Array, "S I N"]
    fob: Float[Array, "S I N"]
    cif: Float[Array, "S I N"]
    imports: Float[Array, "S I N"]
    transport: Float[Array, "S I"]


def import_gtap(source: str | PathLike[str], settings: ImportSettings | None = None) -> Economy:
    """Import the flows of a GTAP data base (``basedata.har``), million USD unless said.

    Raises ``MissingPackageError`` without harpy3, ``UnreadableTableError`` for what is no HAR
    file, and ``TableError`` for headers that are missing or of another size.
    """
    given = settings or ImportSettings()
    path, problems = existing(source), Problems(str(source))
    data = _data(_headers(str(path)), problems)
    worth, unit = stated_worth({}, given.unit, problems)
    problems.raise_if_any()
    flows = _flows(data) * worth
    tariff, tax = _rates(data)
    codes = tuple(_code(region) for region in data.regions)
    names = {code: found.name for code in codes if (found := country(code))}
    steps = (
        f"read from GTAP file {path.name}, {unit or 'million USD'}",
        "imports by use spread over origins in the proportions of trade; transport bought from its "
        "suppliers in their world proportions",
    )
    labels = Labels(codes, data.sectors, region_names=names)
    own = OwnRates(tariff, tax, "gtap")
    return assemble(labels, flows[..., :-1], flows[..., -1], given, steps, unit, own)


def _code(region: str) -> str:
    found = country(region)
    return found.code if found else "ROW" if region.casefold() == "xtw" else region.upper()


def _headers(path: str) -> Mapping[str, _Header]:
    try:
        harpy = importlib.import_module("harpy")
        read = harpy.HarFileObj.loadFromDisk
    except (ImportError, AttributeError) as error:
        raise MissingPackageError(
            f"{path}: HAR files need harpy3; pip install tula[gtap]"
        ) from error
    try:
        content = read(path)
    except Exception as error:  # the package raises whatever its unpacking runs into
        raise UnreadableTableError(f"{path}: no header-array file ({error})") from error
    return {
        one["name"].strip().upper(): _Header(
            np.asarray(one["array"], dtype=np.float64),
            tuple(
                tuple(str(element).strip() for element in side["dim_desc"] or ())
                for side in one["sets"] or ()
            ),
        )
        for one in content["head_arrs"]
        if np.asarray(one["array"]).dtype.kind == "f"
    }


def _data(headers: Mapping[str, _Header], problems: Problems) -> _Data:
    """Pick the headers of either version; note those that are missing or of another size."""
    new = HEADERS["firms_home"][0] in headers
    wanted = {name: pair[0] if new else pair[1] for name, pair in HEADERS.items()}
    lost = [header for header in wanted.values() if header and header not in headers]
    if lost:
        problems.add("headers are missing (name the file of the flows, basedata.har)", *lost)
        problems.raise_if_any()
    found = {name: headers[header] for name, header in wanted.items() if header}
    trade = found["exports"]
    sectors, regions = trade.sets[0], trade.sets[1]
    s, n = len(sectors), len(regions)
    sizes = {"exports": (s, n, n), "fob": (s, n, n), "cif": (s, n, n), "imports": (s, n, n)}
    for name, size in sizes.items():
        if found[name].values.shape != size:
            problems.add(f"{wanted[name]} is {found[name].values.shape}, expected {size}")
    home, abroad = (_uses(found, where, new) for where in ("home", "abroad"))
    if home.shape != (s, s + 1, n) or abroad.shape != home.shape:
        problems.add(
            f"purchases are {home.shape} and {abroad.shape}, expected {(s, s + 1, n)}: every "
            "activity must make one commodity"
        )
    problems.raise_if_any()
    carried = np.zeros((s, n))
    for row, name in enumerate(found["transport"].sets[0]):
        carried[sectors.index(name)] = found["transport"].values[row]
    at = {name: found[name].values for name in sizes}
    return _Data(regions, sectors, home, abroad, transport=carried, **at)


def _uses(found: Mapping[str, _Header], where: str, new: bool) -> Float[Array, "S U N"]:
    """Purchases by activity, and all final ones together."""
    firms = found[f"firms_{where}"]
    final = found[f"households_{where}"].values + found[f"government_{where}"].values
    values = firms.values
    if new:
        final = final + found[f"investment_{where}"].values
    else:
        capital = [k for k, name in enumerate(firms.sets[1]) if name.casefold() == CAPITAL]
        final = final + values[:, capital].sum(axis=1)
        values = np.delete(values, capital, axis=1)
    return np.concatenate([values, final[:, None, :]], axis=1)


def _flows(data: _Data) -> Float[Array, "I S N U"]:
    """What producers receive, by origin, sector, destination and use."""
    paid = data.imports.sum(axis=1)
    per_dollar = np.divide(1.0, paid, out=np.zeros_like(paid), where=paid > 0.0)
    bought = data.abroad * per_dollar[:, None, :]
    flows = np.einsum("sin,sun->isnu", data.exports, bought)
    n = np.arange(len(data.regions))
    flows[n, :, n] += data.home.transpose(2, 0, 1)
    carried = ((data.cif - data.fob).sum(axis=1)[:, None, :] * bought).sum(axis=0)
    supplied = data.transport / max(float(data.transport.sum()), 1e-300)
    return np.asarray(flows + np.einsum("si,un->isnu", supplied, carried))


def _rates(data: _Data) -> tuple[Float[Array, "S N I"], Float[Array, "S N I"]]:
    """Import duties over the value at the border, export taxes over the producer's price."""
    duty, tax = data.imports - data.cif, data.fob - data.exports

    def over(part: Array, whole: Array) -> Array:
        rate = np.divide(part, whole, out=np.zeros_like(part), where=whole > 0.0)
        own = np.arange(len(data.regions))
        rate[:, own, own] = 0.0
        return np.asarray(rate.transpose(0, 2, 1))

    return over(duty, data.fob), over(tax, data.exports)
