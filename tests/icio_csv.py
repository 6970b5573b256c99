"""Synthetic files in the layout of the official ICIO CSV."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from tula.world.economy import Economy

CATEGORIES = ("HFCE", "NPISH", "GGFC", "GFCF", "INVNT", "DPABR")
PARTS = {"CHN": ("CHN", "CN1", "CN2"), "MEX": ("MEX", "MX1", "MX2")}


def icio_frame(economy: Economy, seed: int = 0, extended: bool = False) -> pd.DataFrame:
    """Lay an economy out as the OECD does: final demand by category with stocks that fall by a
    tenth of sales, taxes and value added below, totals last; extended: China and Mexico in parts.
    """  # fmt: skip
    draw = np.random.default_rng(seed)
    n, s = economy.final.shape[:2]
    nodes = [f"{region}_{sector}" for region in economy.regions for sector in economy.sectors]
    flows = pd.DataFrame(economy.intermediate.reshape(n * s, n * s), nodes, nodes)
    shares = draw.dirichlet(np.ones(5), (n * s, n)) * 1.1
    shares = np.insert(shares, 4, -0.1, axis=2)
    final = economy.final.reshape(n * s, n, 1) * shares
    columns = [f"{region}_{kind}" for region in economy.regions for kind in CATEGORIES]
    demand = pd.DataFrame(final.reshape(n * s, -1), nodes, columns)
    if extended:
        flows, demand = _split(flows, demand)
    return _with_totals(flows, demand)


def write_icio(frame: pd.DataFrame, path: Path) -> Path:
    """Write a frame as the OECD does, with V1 above the row labels."""
    frame.to_csv(path, index_label="V1")
    return path


def _split(flows: pd.DataFrame, demand: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Divide China and Mexico into parts; their own rows stay, with what the parts leave."""
    for whole, parts in PARTS.items():
        demand = _in_parts(demand, whole, parts)
        flows = _in_parts(_in_parts(flows, whole, parts).T, whole, parts).T
    return flows, demand


def _in_parts(frame: pd.DataFrame, whole: str, parts: tuple[str, ...]) -> pd.DataFrame:
    mine = [label for label in frame.index if label.startswith(f"{whole}_")]
    pieces = [
        (frame.loc[mine] * share).set_axis([label.replace(whole, part) for label in mine])
        for part, share in zip(parts, (0.5, 0.3, 0.2), strict=True)
    ]
    return pd.concat([frame.drop(mine), *pieces])


def _with_totals(flows: pd.DataFrame, demand: pd.DataFrame) -> pd.DataFrame:
    table = pd.concat([flows, demand.loc[flows.index]], axis=1)
    output = table.sum(axis=1)
    table["OUT"] = output
    below = pd.DataFrame(0.0, ["TLS", "VA", "OUT"], table.columns)
    cost = flows.sum()
    below.loc["TLS", flows.columns] = 0.02 * cost
    below.loc["OUT", flows.columns] = output[flows.columns]
    below.loc["VA", flows.columns] = output[flows.columns] - 1.02 * cost
    return pd.concat([table, below])
