"""What every importer needs beside the flows: duties, elasticities, sources and rules."""

from __future__ import annotations

from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np

from tula.shapes import Float
from tula.world.checks import require_sound
from tula.world.economy import Economy, Provenance, stated_units
from tula.world.elasticities import elasticity_sets, trade_elasticity
from tula.world.importers.broad import spread
from tula.world.importers.measures import duties_as_fractions
from tula.world.importers.regroup import regroup
from tula.world.importers.tables import ZERO_ROWS, Table
from tula.world.labels import Labels
from tula.world.problems import Problems, raise_all

Array = np.ndarray
Place = str | PathLike[str]

#: What to do about a sector without an elasticity.
ONE_FOR_ALL = "a row 'all' or of a group gives what sectors without their own take, such as all,4"


@dataclass(frozen=True)
class ImportSettings:
    """How to read a table.

    * ``name``, ``vintage``, ``sources``: for the provenance of all results;
    * ``unit`` of the flows, such as ``USD bn`` or ``million EUR at 1.08`` (``tula.world.importers
      .units``); unsaid: what the table states, or else million USD;
    * ``tariffs``, ``export_taxes``: tables (importer, exporter, sector, rate); without one all
      rates are zero, which the provenance says;
    * ``duty_unit`` of their rates, ``percent`` or ``fraction``; unsaid: what the table states, or
      else fractions;
    * ``elasticities``: a published set by name, or a table (sector, theta, optional source);
      without either the uniform set ``U4``;
    * ``negatives``: ``refuse`` negative flows, or set them to ``zero`` and report the amount;
      ``None`` leaves it to the importer (the OECD's sets them to zero, the others refuse);
    * ``to``: put regions and sectors together on the way in, as in an embedded world
      (``icio-2024``) or as a file says (``tula.world.importers.regroup``); duties and elasticities
      then go by the new codes;
    * ``sparse``: absent rows of the tables are zero; the provenance says how many.

    A unit that is stated, here or in the table, is believed; one that is taken for granted has to
    agree with the whole table (``docs/checks.md``).
    """

    name: str = "imported"
    vintage: str = "not stated"
    sources: tuple[str, ...] = ()
    unit: str | None = None
    tariffs: Place | None = None
    export_taxes: Place | None = None
    duty_unit: str | None = None
    elasticities: Place | None = None
    negatives: Literal["refuse", "zero"] | None = None
    sparse: bool = False
    to: Place | None = None


class OwnRates(NamedTuple):
    """Rates that a source holds itself, fractions (S, N, I), and the classification of its sectors
    (``regroup``)."""

    tariff: Float[Array, "S N I"] | None = None
    export_tax: Float[Array, "S N I"] | None = None
    table: str = "isic"


NO_RATES = OwnRates()


def assemble(
    labels: Labels,
    intermediate: Float[Array, "I S N K"],
    final: Float[Array, "I S N"],
    settings: ImportSettings,
    steps: tuple[str, ...],
    flow_unit: str = "",
    own: OwnRates = NO_RATES,
) -> Economy:
    """Join flows (million USD) with duties and elasticities, and refuse an unsound economy.

    ``flow_unit`` is the unit of the flows where somebody stated it; ``own`` are rates that the
    source holds itself, used where the settings name no table. Negative flows are dealt with before
    regions and sectors are put together. Raises ``TableError`` for the companion tables,
    ``UnsoundEconomyError`` for the whole.
    """
    if settings.negatives == "zero":
        intermediate, note = without_negatives("intermediate", intermediate)
        final, more = without_negatives("final", final)
        steps = (*steps, *note, *more)
    if settings.to is not None:
        rates = own.tariff, own.export_tax
        put = regroup(settings.to, own.table, labels, (intermediate, final), rates)
        labels, intermediate, final = put.labels, put.intermediate, put.final
        own, steps = (
            own._replace(tariff=put.rates[0], export_tax=put.rates[1]),
            (*steps, *put.steps),
        )
    notes: list[Problems] = []
    tariff = _rates(settings.tariffs, "import duties", labels, settings, notes, own.tariff)
    export_tax = _rates(
        settings.export_taxes, "export taxes", labels, settings, notes, own.export_tax
    )
    theta, source = _elasticities(settings.elasticities, labels, notes)
    raise_all(notes)
    economy = Economy(
        labels=labels,
        intermediate=intermediate,
        final=final,
        tariff=tariff.values,
        export_tax=export_tax.values,
        trade_elasticity=theta,
        elasticity_source=source,
        provenance=Provenance(
            name=settings.name,
            vintage=settings.vintage,
            sources=settings.sources,
            steps=(*steps, tariff.step, export_tax.step),
        ),
        metadata=stated_units(flow_unit, tariff.unit, export_tax.unit),
    )
    require_sound(economy)
    return economy


def without_negatives(name: str, flows: Array) -> tuple[Array, tuple[str, ...]]:
    """Set negative flows to zero; return them with a sentence on how much that was, if any.

    A fall in stocks is then not subtracted from sales: the seller's output and value added are
    larger by it, as if what left the stocks had been made in the same year.
    """
    below = flows < 0
    if not below.any():
        return flows, ()
    amount = -float(flows[below].sum())
    share = amount / float(np.abs(flows).sum())
    step = f"{int(below.sum())} negative {name} flows set to zero: {amount:.6g} million USD"
    return np.where(below, 0.0, flows), (f"{step}, {share:.2g} of all {name} flows",)


class _Rates(NamedTuple):
    """Rates as fractions by sector, importer and exporter; a sentence; the unit as stated."""

    values: Float[Array, "S N I"]
    step: str
    unit: str


def _rates(
    place: Place | None,
    what: str,
    labels: Labels,
    settings: ImportSettings,
    notes: list[Problems],
    own: Array | None,
) -> _Rates:
    """Read the rates of a table; without one those of the source, or zero."""
    n, s = len(labels.regions), len(labels.sectors)
    if place is None and own is not None:
        return _Rates(own, f"{what}: as the source has them", "")
    if place is None:
        return _Rates(np.zeros((s, n, n)), f"{what}: none given, all zero", "")
    table = Table(Path(place), ("importer", "exporter", "sector", "rate"), measure="rate")
    stated = {} if settings.duty_unit is None else {"duty_unit": settings.duty_unit}
    given, unit = duties_as_fractions(table, "rate", stated)
    rates, reached = spread(table, ("sector", "importer", "exporter"), labels, given)
    if not settings.sparse:
        remedy = f"{ZERO_ROWS}; or write one row for all, see docs/your-table.md"
        table.note_missing([labels.sectors, labels.regions, labels.regions], reached, remedy)
    notes.append(table.problems)
    absent = int(reached.size - reached.sum())
    zero = f"; {absent} absent rows read as zero" if absent else ""
    return _Rates(rates, f"{what}: {table.path.name}, {unit or 'fractions'}{zero}", unit)


def _elasticities(
    place: Place | None, labels: Labels, notes: list[Problems]
) -> tuple[Float[Array, " S"], str]:
    """Read theta by sector from a published set or a table, with its source."""
    sectors = labels.sectors
    if place is None:
        return trade_elasticity("U4", sectors)
    if isinstance(place, str) and (place in elasticity_sets() or "." not in place):
        return trade_elasticity(place, sectors)
    table = Table(Path(place), ("sector",), optional=("theta", "sigma", "source"))
    theta, reached = spread(table, ("sector",), labels, _theta(table))
    table.note_missing([sectors], reached, ONE_FOR_ALL)
    notes.append(table.problems)
    if "source" not in table.rows:
        return theta, f"table {table.path.name}{' (sigma - 1)' * ('sigma' in table.rows)}"
    return theta, "; ".join(table.texts("source")[1])


def _theta(table: Table) -> Float[Array, " rows"]:
    """The column theta, or sigma less one."""
    given = [name for name in ("theta", "sigma") if name in table.rows]
    if len(given) != 1:
        table.problems.add(f"one column, theta or sigma, is needed; found {len(given)}")
        table.problems.raise_if_any()
    return table.numbers(given[0]) - (given[0] == "sigma")
