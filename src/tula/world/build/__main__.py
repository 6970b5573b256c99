"""``python -m tula.world.build [FOLDER]``: build both embedded worlds and write them."""

from __future__ import annotations

import logging
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

from tula.world.build.assemble import aggregate_table, assemble, round_flow
from tula.world.build.estimate import estimate_world, mineral_imports
from tula.world.build.sources import national_totals, read_icio
from tula.world.build.update import nowcast_2024
from tula.world.economy import Economy
from tula.world.store import load_world, save_world

DATA = Path(__file__).resolve().parent.parent / "data"

#: Digits of duties as fractions: coarser than what linear algebra libraries leave to chance.
DUTY_DIGITS = 7

log = logging.getLogger("tula.world.build")


def build() -> tuple[Economy, Economy]:
    """Return the worlds of 2022 and 2024; the same sources give the same figures."""
    table, totals = read_icio(), national_totals()
    log.info("read %d economies, %d industries", len(table.economies), len(table.industries))
    world = estimate_world(table, totals, mineral_imports(table))
    log.info("estimated final demand and the rest of the world")
    old = assemble(*aggregate_table(world))
    new = nowcast_2024(old, totals)
    log.info("moved the table to 2024")
    return rounded(old), rounded(new)


def rounded(economy: Economy) -> Economy:
    """Return the economy with flows and duties at the precision they are stored in."""
    return replace(
        economy,
        tariff=np.round(economy.tariff, DUTY_DIGITS),
        intermediate=round_flow(economy.intermediate),
        final=round_flow(economy.final),
    )


def main(arguments: list[str]) -> None:
    """Write ``icio-2022.nc`` and ``icio-2024.nc`` into a folder (default: the package data)."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    folder = Path(arguments[0]) if arguments else DATA
    folder.mkdir(parents=True, exist_ok=True)
    for economy in build():
        path = save_world(economy, folder / f"{economy.provenance.name}.nc", compact=True)
        digest = load_world(path).provenance.content_hash
        size = path.stat().st_size / 1e6
        least = np.nanmin(value_added_share(economy))
        log.info("%s: %.2f MB, least value added %.3f, hash %s", path, size, least, digest)


def value_added_share(economy: Economy) -> np.ndarray:
    """Value added over output by producer; NaN where there is no output."""
    output = np.where(economy.output > 0, economy.output, np.nan)
    return np.asarray(economy.value_added / output)


if __name__ == "__main__":
    main(sys.argv[1:])
