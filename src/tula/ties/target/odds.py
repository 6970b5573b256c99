"""The chance that growth, an agreement and reform together bring trade to its target."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations, product
from typing import Annotated

import numpy as np
from pydantic import model_validator

from tula.equilibrium import Calibration, calibrate
from tula.numbers.quantity import Growth, NotNegative, Positive, Quantity
from tula.numbers.record import Record, Unit, quantities, refuse
from tula.shapes import Bool, Float
from tula.ties.target.arithmetic import required_exports, required_growth
from tula.ties.target.deal import TradeDeal, effect, require_deal
from tula.ties.target.surface import Surface, fit_surface
from tula.uncertainty.odds import wilson
from tula.world.economy import Economy
from tula.world.named import Sectors

Array = np.ndarray

#: Largest error of interpolation accepted, in the logarithm of a trade flow.
SURFACE_TOLERANCE = 5e-3
#: Percentiles told of every simulated number.
TOLD = (10.0, 50.0, 90.0)


class TradeGoal(Record):
    """A target for two-way trade of two countries."""

    target: Annotated[Positive, Unit("bn USD a year", 100.0)]
    """Exports and imports aimed at, together."""
    years: Annotated[Positive, Unit("years", 5.0)]
    """Time until the target should be met."""
    exports: Annotated[Positive, Unit("bn USD a year", 5.0)]
    """What the pivot sells to the partner now."""
    imports: Annotated[Positive, Unit("bn USD a year", 64.0)]
    """What it buys from the partner now."""
    fuel_imports: Annotated[NotNegative, Unit("bn USD a year", 57.0)]
    """The part of imports that follows prices and volumes of fuel rather than growth."""
    export_growth: Annotated[Growth, Unit("rate a year", 0.05)]
    """Growth of exports without any deal."""
    import_growth: Annotated[Growth, Unit("rate a year", 0.05)]
    """Growth of imports other than fuel without any deal."""
    fuel_change: Annotated[Growth, Unit("relative change", -0.1)]
    """Change of fuel imports by the horizon, all told."""
    sectors: Sectors
    """Sectors or groups that count."""
    fuels: Sectors
    """Sectors or groups among them that are fuels."""

    @model_validator(mode="after")
    def _fuels_within_imports(self) -> TradeGoal:
        if self.fuel_imports.high > self.imports.low:
            why = "fuel_imports can exceed imports, of which they are a part: their ranges overlap"
            refuse([(("fuel_imports",), why)])
        return self


class TradeTarget(TradeGoal):
    """A target for two-way trade of the deal's pivot and partner."""

    deal: TradeDeal
    """The agreement that may help to meet it; filled in by the study."""


@dataclass(frozen=True)
class Chance:
    """A probability from ``draws`` draws: its standard error, and a 95% interval (Wilson)."""

    value: float
    error: float
    low: float
    high: float
    draws: int


@dataclass(frozen=True)
class Reach:
    """Trade both ways at the horizon at the ends of beliefs, agreement and reform in place.

    * ``most``, ``least``: billion USD with every belief at the end that brings trade nearest to the
      target, or leaves it farthest, and ``central`` with all in the middle;
    * ``exports``: the part of ``most`` that the pivot sells; ``target`` as it stands there;
    * ``enough``: the fewest beliefs, with their good ends, that meet the target where all others
      stand in the middle; none where it is met with all in the middle, or out of reach.
    """

    most: float
    least: float
    central: float
    exports: float
    target: float
    enough: Mapping[str, float]

    @property
    def short(self) -> float:
        """What the target lacks even there, billion USD; zero where it is met."""
        return max(0.0, self.target - self.most)


@dataclass(frozen=True)
class TargetOdds:
    """The simulated horizon.

    * ``chance``: probability of meeting the target under ``growth`` alone, with the ``agreement``,
      and with agreement and ``reform``; the same draws under all three;
    * ``told``: 10th, 50th and 90th percentile, with everything in place, of ``exports``,
      ``imports``, ``total`` and ``required_exports`` (billion USD), ``required_growth`` (a year,
      from now) and ``delivered``, the rise of exports over the rise required (1 if none is);
    * ``parts``: of the central rise of log exports, what agreement, reform and growth each add;
    * ``reach``: trade at the ends of all beliefs;
    * ``surface_error``: largest held-out error of interpolation, in log trade.
    """

    chance: Mapping[str, Chance]
    told: Mapping[str, tuple[float, float, float]]
    parts: Mapping[str, float]
    reach: Reach
    surface_error: float
    seed: int


def target_odds(
    target: TradeTarget, world: Economy | Calibration, *, draws: int = 20_000, seed: int = 0
) -> TargetOdds:
    """Simulate trade at the horizon over the ranges of all inputs.

    The engine's response to duty cut, reform and elasticity is solved on a grid and interpolated
    (``Surface``). Inputs are drawn independently. Raises ``TieNameError``, ``NoTradeError``,
    ``SurfaceError`` and the engine's errors.
    """
    calibration = world if isinstance(world, Calibration) else calibrate(world)
    require_deal(target.deal, calibration, counted=target.sectors, fuels=target.fuels)
    surface = _surface(target, calibration, seed)
    inputs = quantities(target.deal, "deal") | quantities(target)
    drawn = _draw(inputs, draws, seed)
    layers = {name: _trade(drawn, surface, name) for name in ("growth", "agreement", "reform")}
    return TargetOdds(
        chance={name: _chance(sum(flows) >= drawn["target"]) for name, flows in layers.items()},
        told=_told(drawn, *layers["reform"]),
        parts=_parts(target, surface),
        reach=_reach({name: inputs[name] for name in _TRADE}, surface),
        surface_error=float(surface.error.max()),
        seed=seed,
    )


def _surface(target: TradeTarget, calibration: Calibration, seed: int) -> Surface:
    deal = target.deal
    fuels = target.fuels if target.fuel_imports.high > 0.0 else ()

    def response(cut: float, reform: float, scale: float) -> tuple[float, ...]:
        found = effect(
            deal,
            calibration,
            counted=target.sectors,
            fuels=fuels,
            cut=cut,
            reform=reform,
            scale=scale,
        )
        return tuple(np.log([found.exports, found.imports, found.fuels]))

    ranges = [
        (deal.coverage.low * deal.use.low, deal.coverage.high * deal.use.high),
        (0.0, deal.reform.high),
        (deal.elasticity_scale.low, deal.elasticity_scale.high),
    ]
    return fit_surface(response, ranges, tolerance=SURFACE_TOLERANCE, seed=seed)


def _draw(inputs: Mapping[str, Quantity], draws: int, seed: int) -> dict[str, Float[Array, " D"]]:
    uniform = np.random.default_rng(seed).random((draws, len(inputs)))
    return {
        name: quantity.at(uniform[:, place])
        for place, (name, quantity) in enumerate(inputs.items())
    }


def _trade(
    drawn: Mapping[str, Float[Array, " D"]], surface: Surface, layer: str
) -> tuple[Float[Array, " D"], Float[Array, " D"]]:
    """Exports and imports at the horizon with the measures up to a layer."""
    reform = drawn["deal.reform"] * (layer == "reform")
    cut = drawn["deal.coverage"] * drawn["deal.use"]
    points = np.stack([cut, reform, drawn["deal.elasticity_scale"]], axis=1)
    rise = np.exp(surface(points)) if layer != "growth" else np.ones((len(cut), 3))
    years = drawn["years"]
    exports = drawn["exports"] * rise[:, 0] * (1.0 + drawn["export_growth"]) ** years
    other = (drawn["imports"] - drawn["fuel_imports"]) * rise[:, 1]
    fuel = drawn["fuel_imports"] * rise[:, 2] * (1.0 + drawn["fuel_change"])
    return exports, other * (1.0 + drawn["import_growth"]) ** years + fuel


#: What trade at the horizon, and how far it is from the target, depends on.
_TRADE = (
    *("deal.coverage", "deal.use", "deal.reform", "deal.elasticity_scale", "target", "years"),
    *("exports", "imports", "fuel_imports", "export_growth", "import_growth", "fuel_change"),
)


def _reach(inputs: Mapping[str, Quantity], surface: Surface) -> Reach:
    """Try every combination of the ends of all inputs, and of good ends with middles."""
    ranged = [name for name, one in inputs.items() if one.ranged]
    middle = {name: one.value for name, one in inputs.items()}

    def over(at: Iterable[Mapping[str, float]]) -> tuple[Array, Array, Array]:
        rows = [{**middle, **one} for one in at]
        drawn = {name: np.array([row[name] for row in rows]) for name in inputs}
        exports, imports = _trade(drawn, surface, "reform")
        return exports, exports + imports, exports + imports - drawn["target"]

    ends = [(inputs[name].low, inputs[name].high) for name in ranged]
    corners = [dict(zip(ranged, corner, strict=True)) for corner in product(*ends)]
    exports, total, margin = over(corners)
    best = int(margin.argmax())
    good = corners[best]
    subsets = [some for n in range(len(ranged) + 1) for some in combinations(ranged, n)]
    _, alone, left = over({name: good[name] for name in some} for some in subsets)
    fewest = min(
        (len(some) for some, one in zip(subsets, left, strict=True) if one >= 0), default=0
    )
    same = [n for n, some in enumerate(subsets) if len(some) == fewest]
    enough = subsets[max(same, key=lambda n: float(left[n]))] if margin[best] >= 0.0 else ()
    return Reach(
        most=float(total[best]),
        least=float(total[margin.argmin()]),
        central=float(alone[0]),
        exports=float(exports[best]),
        target={**middle, **good}["target"],
        enough={name: good[name] for name in enough},
    )


def _chance(met: Bool[Array, " D"]) -> Chance:
    draws, value = len(met), float(np.mean(met))
    error = float(np.sqrt(value * (1.0 - value) / draws))
    return Chance(value, error, *wilson(int(np.sum(met)), draws), draws)


def _told(
    drawn: Mapping[str, Float[Array, " D"]],
    exports: Float[Array, " D"],
    imports: Float[Array, " D"],
) -> dict[str, tuple[float, float, float]]:
    required = drawn["target"] - imports
    reached = required <= drawn["exports"]
    rise = np.where(reached, 1.0, required - drawn["exports"])
    growth = np.maximum(required, 0.0) / drawn["exports"]
    found = {
        "exports": exports,
        "imports": imports,
        "total": exports + imports,
        "required_exports": required,
        "required_growth": growth ** (1.0 / drawn["years"]) - 1.0,
        "delivered": np.where(reached, 1.0, (exports - drawn["exports"]) / rise),
    }
    percentiles = {name: np.percentile(values, TOLD).tolist() for name, values in found.items()}
    return {name: (low, middle, high) for name, (low, middle, high) in percentiles.items()}


def _parts(target: TradeTarget, surface: Surface) -> dict[str, float]:
    deal, scale = target.deal, target.deal.elasticity_scale.value
    points = np.array([[deal.cut, 0.0, scale], [deal.cut, deal.reform.value, scale]])
    agreement, both = surface(points)[:, 0]
    growth = target.years.value * np.log1p(target.export_growth.value)
    return {
        "agreement": float(agreement),
        "reform": float(both - agreement),
        "growth": float(growth),
        "required": float(np.log(_needed(target) / target.exports.value)),
    }


def _needed(target: TradeTarget) -> float:
    """Required exports with imports at their central level and no deal, at least today's."""
    fuel = target.fuel_imports.value
    grown = (1.0 + target.import_growth.value) ** target.years.value
    imports = (target.imports.value - fuel) * grown + fuel * (1.0 + target.fuel_change.value)
    return max(target.exports.value, required_exports(target.target.value, imports))


def central_requirement(target: TradeTarget) -> tuple[float, float]:
    """Return required exports, billion USD, and their yearly growth, at central values.

    Imports follow their own growth and the change of fuel, without any deal.
    """
    needed = _needed(target)
    return needed, required_growth(target.exports.value, needed, target.years.value)
