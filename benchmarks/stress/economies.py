"""Random economies and policies, mild to absurd, each from a seed and a number."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from tula.policy.shock import Shock, no_shock
from tula.world.economy import Economy, Provenance
from tula.world.labels import Labels

Array = np.ndarray
Draw = np.random.Generator

#: Regions and sectors of an economy, drawn with these odds.
SHAPES = ((3, 2), (3, 2), (3, 2), (1, 1), (4, 3))
#: What is extreme about an economy or its policy.
KINDS = ("mild", "elasticities", "duties", "closed", "gaps", "costs", "everything")
CLOSURES = ("fixed", "proportional", "balanced")
#: Least share of value added in output; the calibration lifts smaller ones.
LEAST_VALUE_ADDED = 0.011


class Case(NamedTuple):
    """One economy, one policy, one closure, and what is extreme about them."""

    kind: str
    economy: Economy
    shock: Shock
    closure: str


def case(seed: int, number: int) -> Case | None:
    """Draw a case; None where duties leave some industry next to no value added."""
    draw = np.random.default_rng([seed, number])
    kind = str(draw.choice(KINDS))
    drawn = economy(draw, *SHAPES[draw.integers(len(SHAPES))], kind)
    factor = (1 + drawn.export_tax) * (1 + drawn.tariff)
    inputs = np.einsum("isnk,sni->nk", drawn.intermediate, factor)
    if (inputs > (1 - LEAST_VALUE_ADDED) * drawn.output).any():
        return None
    wild = kind in ("duties", "everything")
    shock = policy(draw, drawn, wild=wild, dear=kind in ("costs", "everything"))
    return Case(kind, drawn, shock, str(draw.choice(CLOSURES)))


def policy(
    draw: Draw,
    economy: Economy,
    *,
    wild: bool,
    dear: bool,
    share: float = 0.5,
    subsidy: float = 0.9,
) -> Shock:
    """Draw duties on a share of cells, costs, embargoes, productivity, labour and a transfer.

    Wild duties run to 5,000%, half of them from minus ``subsidy`` to 100%, others to 60%; dear
    costs multiply by up to 7.
    """
    shape, n = economy.tariff.shape, len(economy.regions)
    abroad = np.broadcast_to(~np.eye(n, dtype=bool), shape)
    mild, heavy = draw.uniform(0, 0.6, shape), np.exp(draw.uniform(-2, np.log(50), shape))
    low = draw.uniform(-subsidy, 1.0, shape)
    rate = np.where(draw.random(shape) < 0.5, low, heavy) if wild else mild
    hit = abroad & (draw.random(shape) < share)
    costly = abroad & (draw.random(shape) < 0.3) & (dear or draw.random() < 0.3)
    banned = abroad & (draw.random(shape) < 0.2 * share) & (draw.random() < 0.4)
    transfer = np.zeros(n)
    if n > 1 and draw.random() < 0.3:
        transfer[:2] = np.array([-1.0, 1.0]) * draw.uniform(0, 0.05) * economy.value_added.min()
    return no_shock(economy.labels, economy.tariff, economy.export_tax).replace(
        tariff=np.where(hit, rate, economy.tariff),
        trade_cost_hat=np.where(costly, np.exp(draw.uniform(-1, 2, shape)), 1.0),
        embargo=banned,
        productivity_hat=_moved(draw, economy.output.shape, 0.4),
        labour_hat=_moved(draw, (n,), 0.3),
        transfer=transfer,
    )


def _moved(draw: Draw, shape: tuple[int, ...], odds: float) -> Array:
    moved = np.exp(draw.normal(0, 0.3, shape))
    return moved if draw.random() < odds else np.ones(shape)


def economy(draw: Draw, n: int, s: int, kind: str) -> Economy:
    """Draw shares, technology and final demand; output follows from them."""
    low, high = (0.1, 60.0) if kind in ("elasticities", "everything") else (2.0, 8.0)
    tariff = _rates(draw, n, s, 3.0 if kind == "everything" else 0.15)
    export_tax = _rates(draw, n, s, 0.05 * (draw.random() < 0.4))
    gaps = 0.3 * (kind in ("gaps", "everything"))
    size = draw.lognormal(8.0, 1.0 if draw.random() < 0.7 else 4.0, n)
    home = 10.0 ** draw.uniform(2, 7) if kind == "closed" else 1.0
    factor = (1 + tariff) * (1 + export_tax)
    origin = _origins(draw, size, s, home, gaps) / factor
    technology = draw.uniform(0.2, 1.0, (n, s, s)) * (draw.random((n, s, s)) >= gaps)
    total = technology.sum(axis=1, keepdims=True)
    technology *= draw.uniform(0.2, 0.6, (n, 1, s)) / np.where(total > 0, total, 1.0)
    demand = draw.uniform(0.5, 1.5, (n, s)) * size[:, None]
    final = np.einsum("sni,ns->isn", origin, demand)
    per_unit = np.einsum("sni,nsk->isnk", origin, technology)
    leontief = np.eye(n * s) - per_unit.reshape(n * s, n * s)
    output = np.linalg.solve(leontief, final.sum(axis=2).ravel()).reshape(n, s)
    regions, sectors = (tuple(f"{a}{i:02d}" for i in range(m)) for a, m in (("R", n), ("S", s)))
    return Economy(
        labels=Labels(regions, sectors),
        intermediate=per_unit * output,
        final=final,
        tariff=tariff,
        export_tax=export_tax,
        trade_elasticity=np.exp(draw.uniform(np.log(low), np.log(high), s)),
        elasticity_source="drawn",
        provenance=Provenance(f"drawn-{n}x{s}", "2000"),
    )


def _origins(draw: Draw, size: Array, s: int, home: float, gaps: float) -> Array:
    """Draw shares of spending (S, N, I); with gaps, some flows and some home sales are zero."""
    n, own = len(size), np.arange(len(size))
    weight = draw.uniform(0.2, 1.0, (s, n, n)) * size / size.sum()
    weight[draw.random((s, n, n)) < gaps] = 0.0
    weight[:, own, own] += home
    abroad = weight.sum(axis=2) - weight[:, own, own]
    weight[:, own, own] *= (draw.random((s, n)) >= gaps / 2) | (abroad == 0.0)
    return np.asarray(weight / weight.sum(axis=2, keepdims=True))


def _rates(draw: Draw, n: int, s: int, top: float) -> Array:
    rates = draw.uniform(0.0, 1.0, (s, n, n)) * top
    rates[:, np.arange(n), np.arange(n)] = 0.0
    return rates
