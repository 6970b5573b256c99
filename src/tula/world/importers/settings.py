"""What every importer needs beside the flows: duties, elasticities, sources and rules."""

from __future__ import annotations

from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Literal

import numpy as np
from jaxtyping import Float

from tula.world.checks import require_sound
from tula.world.economy import Economy, Provenance
from tula.world.elasticities import elasticity_sets, trade_elasticity
from tula.world.importers.problems import Problems, raise_all
from tula.world.importers.tables import Table
from tula.world.labels import Labels

Array = np.ndarray
Place = str | PathLike[str]


@dataclass(frozen=True)
class ImportSettings:
    """How to read a table.

    * ``name``, ``vintage``, ``sources``: for the provenance of all results;
    * ``tariffs``, ``export_taxes``: tables (importer, exporter, sector, rate), fractions; without
      one all rates are zero, which the provenance says;
    * ``elasticities``: a published set by name, or a table (sector, theta, optional source);
      without either the uniform set ``U4``;
    * ``negatives``: ``refuse`` negative flows, or set them to ``zero`` and report the amount;
      ``None`` leaves it to the importer (the OECD's sets them to zero, the others refuse);
    * ``sparse``: absent rows of the tables are zero; the provenance says how many.
    """

    name: str = "imported"
    vintage: str = "not stated"
    sources: tuple[str, ...] = ()
    tariffs: Place | None = None
    export_taxes: Place | None = None
    elasticities: Place | None = None
    negatives: Literal["refuse", "zero"] | None = None
    sparse: bool = False


def assemble(
    labels: Labels,
    intermediate: Float[Array, "I S N K"],
    final: Float[Array, "I S N"],
    settings: ImportSettings,
    steps: tuple[str, ...],
) -> Economy:
    """Join flows (million USD) with duties and elasticities, and refuse an unsound economy.

    Raises ``TableError`` for the companion tables, ``UnsoundEconomyError`` for the whole.
    """
    notes: list[Problems] = []
    tariff, duty_step = _rates(settings.tariffs, "import duties", labels, settings, notes)
    export_tax, tax_step = _rates(settings.export_taxes, "export taxes", labels, settings, notes)
    theta, source = _elasticities(settings.elasticities, labels.sectors, notes)
    raise_all(notes)
    if settings.negatives == "zero":
        intermediate, note = without_negatives("intermediate", intermediate)
        final, more = without_negatives("final", final)
        steps = (*steps, *note, *more)
    economy = Economy(
        labels=labels,
        intermediate=intermediate,
        final=final,
        tariff=tariff,
        export_tax=export_tax,
        trade_elasticity=theta,
        elasticity_source=source,
        provenance=Provenance(
            name=settings.name,
            vintage=settings.vintage,
            sources=settings.sources,
            steps=(*steps, duty_step, tax_step),
        ),
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


def _rates(
    place: Place | None,
    what: str,
    labels: Labels,
    settings: ImportSettings,
    notes: list[Problems],
) -> tuple[Float[Array, "S N I"], str]:
    """Read rates by sector, importer and exporter, with a sentence about them."""
    n, s = len(labels.regions), len(labels.sectors)
    if place is None:
        return np.zeros((s, n, n)), f"{what}: none given, all zero"
    table = Table(Path(place), ("importer", "exporter", "sector", "rate"))
    keys = {"sector": labels.sectors, "importer": labels.regions, "exporter": labels.regions}
    rates, absent = table.cells(keys, table.numbers("rate"), settings.sparse)
    notes.append(table.problems)
    zero = f"; {absent} absent rows read as zero" if absent else ""
    return rates, f"{what}: {table.path.name}{zero}"


def _elasticities(
    place: Place | None, sectors: tuple[str, ...], notes: list[Problems]
) -> tuple[Float[Array, " S"], str]:
    """Read theta by sector from a published set or a table, with its source."""
    if place is None:
        return trade_elasticity("U4", sectors)
    if isinstance(place, str) and (place in elasticity_sets() or "." not in place):
        return trade_elasticity(place, sectors)
    table = Table(Path(place), ("sector", "theta"), optional=("source",))
    theta, _ = table.cells({"sector": sectors}, table.numbers("theta"), sparse=False)
    notes.append(table.problems)
    if "source" not in table.rows:
        return theta, f"table {table.path.name}"
    return theta, "; ".join(table.texts("source")[1])
