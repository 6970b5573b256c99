"""Published trade elasticities, mapped to the sectors of the embedded world.

The tables in ``elasticity_tables`` hold every published figure in its own classification and the
published sectors that stand for each of ours; ``docs/elasticities.md`` discusses both. A sector
takes the plain mean of its published sectors. All values are used as theta = sigma - 1.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np

from tula.errors import TulaError, UnknownNameError, did_you_mean
from tula.shapes import Float
from tula.world.codes import GOODS, SECTORS, industries
from tula.world.economy import Economy
from tula.world.store import world_of

Array = np.ndarray

#: Where a set is named: the elasticities that the world brings along.
AS_GIVEN = "world"
#: Theta of a sector that a table does not cover: the uniform value of set U4. Assumption; range
#: 2.79 (least estimate of Simonovska & Waugh 2014) to 8.28 (Eaton & Kortum 2002).
ASSUMED_THETA = 4.0
#: Weight of electrical equipment (ISIC 27) in MAC = ISIC 27 and 28. Assumption; range 0.39 (its
#: share in world gross output of the two, OECD ICIO 2022) to 0.50 (in cross-border intermediate
#: sales). Over the range MAC moves by -0.31 to +0.95 in set CP, by less than 0.55 in the others.
ELECTRICAL_SHARE = 0.4168
#: How near a value is to a published sigma to be it, and the part of sectors that have to be.
SAME_SIGMA, MOST_SECTORS = 0.006, 0.8


class UnmappedSectorError(TulaError):
    """No published elasticity is mapped to a sector code. Use codes of the embedded world or of
    the OECD ICIO, or give your own values with ``Economy.with_elasticity``."""  # fmt: skip


@dataclass(frozen=True)
class ElasticitySet:
    """A published table: its name, citation, and whether it states theta (or that is open)."""

    name: str
    citation: str
    published_as: str


def elasticity_sets() -> dict[str, str]:
    """Names of the published sets and their citations, sorted by name."""
    return {name: table.citation for name, table in _sets().items()}


def elasticity_set(name: str) -> ElasticitySet:
    """Return one set's description; ``UnknownNameError`` names the nearest set."""
    if name not in _sets():
        raise UnknownNameError("elasticity set", name, _sets())
    return _sets()[name]


def trade_elasticity(
    name: str,
    sectors: Iterable[str],
    cap_goods: float | None = None,
    cap_services: float | None = None,
) -> tuple[Float[Array, " S"], str]:
    """Return theta of each sector (dimensionless, S values) and the sentence that sources it.

    ``sectors`` are codes of the embedded world or of the OECD ICIO (any, for ``U4`` without
    caps). Values above a cap are set to it. Raises ``UnknownNameError``, and
    ``UnmappedSectorError`` with all codes at once.
    """
    table, codes = elasticity_set(name), tuple(sectors)
    if name == "U4" and cap_goods is None and cap_services is None:
        return np.full(len(codes), ASSUMED_THETA), _source(table, (), None, None)
    unknown = [code for code in codes if code not in SECTORS and code not in industries()]
    if unknown:
        raise UnmappedSectorError(_unmapped(unknown))
    values = np.array([_value(name, code) for code in codes])
    services = np.array([_parent(code) not in GOODS for code in codes])
    for chosen, cap in ((~services, cap_goods), (services, cap_services)):
        if cap is not None:
            values = np.where(chosen, np.minimum(values, cap), values)
    return values, _source(table, codes, cap_goods, cap_services)


def with_elasticity_set(
    economy: Economy | str,
    name: str,
    cap_goods: float | None = None,
    cap_services: float | None = None,
) -> Economy:
    """Return the economy with a published set of elasticities and its source.

    Raises ``UnknownNameError``, ``UnmappedSectorError``.
    """
    economy = world_of(economy)
    values, source = trade_elasticity(name, economy.sectors, cap_goods, cap_services)
    return economy.with_elasticity(values, source)


def with_sector_elasticities(economy: Economy, values: Mapping[str, float]) -> Economy:
    """Return the economy with theta of some sectors set apart, which its source names.

    Raises ``UnknownNameError``.
    """
    theta = np.array(economy.trade_elasticity)
    for code, value in values.items():
        theta[economy.labels.sector_index(code)] = value
    apart = ", ".join(f"{code} at {value:g}" for code, value in values.items())
    return economy.with_elasticity(theta, f"{economy.elasticity_source}; {apart}")


def assumed_sectors(name: str, sectors: Iterable[str]) -> tuple[str, ...]:
    """Sectors for which a set is silent, wholly or in part: ``ASSUMED_THETA`` stands there."""
    elasticity_set(name)
    if name == "U4":
        return ()
    mapped = {sector for table, sector in _mapped_values() if table == name}
    return tuple(code for code in sectors if not mapped.issuperset(_components(code)))


def published_as_sigma(sectors: Iterable[str], theta: Float[Array, " S"]) -> str:
    """Name of the set whose sigmas stand in place of thetas; empty if there is none.

    A set is recognised by three sectors or more, not all alike, nearly all of which agree.
    """
    pairs = [(code, value) for code, value in zip(sectors, theta.tolist(), strict=True)]
    known = [(code, value) for code, value in pairs if code in SECTORS or code in industries()]
    for name in _sets():
        silent = assumed_sectors(name, [code for code, _ in known])
        gaps = [value - _value(name, code) for code, value in known if code not in silent]
        alike = sum(abs(gap - 1.0) < SAME_SIGMA for gap in gaps)
        varied = {_value(name, code) for code, _ in known if code not in silent}
        if len(gaps) > 2 and len(varied) > 1 and alike >= MOST_SECTORS * len(gaps):
            return name
    return ""


def _value(name: str, code: str) -> float:
    parts = [_mapped_values().get((name, part), ASSUMED_THETA) for part in _components(code)]
    if len(parts) == 1:
        return parts[0]
    return ELECTRICAL_SHARE * parts[0] + (1.0 - ELECTRICAL_SHARE) * parts[1]


def _components(code: str) -> tuple[str, ...]:
    """Entries of the mapping behind a code: itself, its sector, or the two parts of MAC."""
    if code in ("C27", "C28"):
        return (code,)
    parent = _parent(code)
    return ("C27", "C28") if parent == "MAC" else (parent,)


def _parent(code: str) -> str:
    return code if code in SECTORS else industries()[code]


@cache
def _sets() -> dict[str, ElasticitySet]:
    return {row["name"]: ElasticitySet(**row) for row in _rows("sets.csv")}


@cache
def _mapped_values() -> dict[tuple[str, str], float]:
    """Mean of the published values behind each (set, sector)."""
    published = {(r["set"], r["sector"]): float(r["value"]) for r in _rows("published.csv")}
    members: dict[tuple[str, str], list[float]] = {}
    for row in _rows("mapping.csv"):
        value = published[row["set"], row["published_sector"]]
        members.setdefault((row["set"], row["sector"]), []).append(value)
    return {key: sum(values) / len(values) for key, values in members.items()}


def _rows(file: str) -> list[dict[str, str]]:
    source = resources.files("tula.world") / "elasticity_tables" / file
    return list(csv.DictReader(source.read_text(encoding="utf-8").splitlines()))


def _unmapped(unknown: list[str]) -> str:
    known = did_you_mean(unknown[0], (*SECTORS, *industries()))
    return (
        f"published sets have no elasticity of {', '.join(map(repr, unknown))}{known} Give a table "
        "of your own instead: sector, theta or sigma"
    )


def _source(
    table: ElasticitySet,
    codes: tuple[str, ...],
    cap_goods: float | None,
    cap_services: float | None,
) -> str:
    parts = [f"{table.name}: {table.citation}"]
    assumed = assumed_sectors(table.name, codes)
    if assumed:
        parts.append(f"assumed {ASSUMED_THETA:g} where the table is silent ({' '.join(assumed)})")
    caps = (("goods", cap_goods), ("services", cap_services))
    parts += [f"{kind} capped at {cap:g}" for kind, cap in caps if cap is not None]
    return "; ".join(parts)
