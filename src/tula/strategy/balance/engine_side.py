"""The world economy at the nodes of the game: solved once for each distinct set of moves."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple, TypeVar

import numpy as np

from tula.equilibrium import Calibration, Closure, FixedBalance, Solution, calibrate, solve
from tula.errors import TulaError
from tula.policy import Embargo, ImportCap, Instrument
from tula.policy.rates import RateInstrument
from tula.strategy.balance.inputs import CriticalTie
from tula.ties.oil.engine_prices import partner_oil_price, world_oil_price
from tula.world.economy import Economy

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
#: Million USD in a billion.
MILLION = 1000.0


#: Sets of elasticities of which the nodes are kept: those of one base row of a design, and the
#: world's own.
WORLDS = 6


class ThreatSizeError(TulaError):
    """The size of a threat multiplies added rates, and its scenario states another measure.

    Leave ``size`` out (it is 1 then), or state the threat by duties with ``add``.
    """


class NoTradeError(TulaError):
    """A critical tie has no trade in the base year, so no share of it can be kept.

    Name sectors that the two trade, or leave the tie out.
    """


class Moves(NamedTuple):
    """What is in force in the engine: scenarios, threats and powers with the size of their duties,
    and the share of the oil tie's base volume that is bought (1: no limit)."""

    scenarios: tuple[str, ...] = ()
    threats: tuple[tuple[str, float], ...] = ()
    bought: float = 1.0


class Elasticity(NamedTuple):
    """Trade elasticities (theta): factor on those of the world, and that of the one sector."""

    scale: float
    sector: float


class Reading(NamedTuple):
    """What is kept of a solve.

    ``income``: equivalent variation by region, bn USD a year; ``flows``: ratio of new to base
    border value (numeraire: base world value added) by critical tie; ``oil_world``,
    ``oil_partner``: price ratios of the oil tie's sector, 1 without an oil tie.
    """

    income: Mapping[str, float]
    flows: Mapping[str, float]
    oil_world: float
    oil_partner: float


@dataclass(frozen=True)
class OilLink:
    """Where the oil tie stands in the world: buyer, seller and sector."""

    pivot: str
    partner: str
    sector: str


class _Known(NamedTuple):
    """The world at one set of elasticities, and its nodes solved so far."""

    calibration: Calibration
    nodes: dict[tuple[Moves, tuple[Embargo, ...]], Reading]


@dataclass(eq=False)
class EngineSide:
    """Solves a world under the moves of a game and keeps what the game asks of a solution.

    ``instruments`` are those each scenario states itself, ``threats`` the scenarios of threats and
    powers (``BalanceInputs.sized``); ``regions`` those whose income is kept, the pivot first;
    ``worst`` is the largest residual of all solves so far. Not for use by several threads.
    """

    world: Economy
    instruments: Mapping[str, Sequence[Instrument]]
    threats: Mapping[str, tuple[str, ...]]
    regions: tuple[str, ...]
    critical: tuple[CriticalTie, ...]
    oil: OilLink | None
    sector: str
    on: date | None = None
    closure: Closure = field(default_factory=FixedBalance)
    solves: int = 0
    worst: float = 0.0
    _worlds: dict[Elasticity, _Known] = field(default_factory=dict, init=False)

    def gdp(self, region: str) -> float:
        """Value added of a region in the base year, bn USD."""
        place = self.world.labels.region_index(region)
        return float(self.world.value_added[place].sum()) / MILLION

    def forget(self) -> None:
        """Drop what was kept; a node asked for again is solved again, to the same numbers."""
        self._worlds.clear()

    def calibration(self, elasticity: Elasticity) -> Calibration:
        """The world at given elasticities."""
        return self._known(elasticity).calibration

    def _known(self, elasticity: Elasticity) -> _Known:
        """The world at given elasticities with its nodes; of many, the last asked for are kept."""
        return recalled(
            self._worlds, elasticity, lambda: _Known(self._calibrated(elasticity), {}), WORLDS
        )

    def _calibrated(self, elasticity: Elasticity) -> Calibration:
        theta = np.array(self.world.trade_elasticity) * elasticity.scale
        place = self.world.labels.sector_index(self.sector)
        theta[place] = elasticity.sector
        source = f"{self.world.elasticity_source}; times {elasticity.scale:.4g}, "
        source += f"{self.sector} at {theta[place]:.4g}"
        return calibrate(self.world.with_elasticity(theta, source))

    def read(
        self, elasticity: Elasticity, moves: Moves, stopped: tuple[Embargo, ...] = ()
    ) -> Reading:
        """Solve the world under moves and the trade ``stopped`` besides, or recall it.

        Errors as ``tula.solve``; ``ThreatSizeError``.
        """
        nodes = self._known(elasticity).nodes
        if (moves, stopped) not in nodes:
            policy = [*self.policy(moves), *self._limit(moves.bought), *stopped]
            nodes[moves, stopped] = self._reading(self._solve(elasticity, policy))
        return nodes[moves, stopped]

    def policy(self, moves: Moves) -> list[Instrument]:
        """The instruments of moves, but for the limit on oil."""
        found = [item for name in moves.scenarios for item in self.instruments[name]]
        for threat, size in moves.threats:
            for name in self.threats[threat]:
                found += [scaled(item, size) for item in self.instruments[name]]
        return found

    def _limit(self, bought: float) -> list[Instrument]:
        link = self.oil
        if bought >= 1.0 or link is None:
            return []
        places = {"importer": link.pivot, "exporter": link.partner, "sectors": link.sector}
        if bought <= 0.0:
            return [Embargo(name="oil no longer bought", **places)]
        return [ImportCap(name="oil no longer bought", cut=1.0 - bought, **places)]

    def _solve(self, elasticity: Elasticity, policy: list[Instrument]) -> Solution:
        self.solves += 1
        found = solve(self.calibration(elasticity), policy, closure=self.closure, on=self.on)
        self.worst = max(self.worst, found.certificate.worst.value)
        return found

    def _reading(self, solution: Solution) -> Reading:
        labels, base = self.world.labels, solution.calibration.final_spending
        at = {code: labels.region_index(code) for code in self.regions}
        income = {
            code: float(base[n] * (solution.real_income_hat[n] - 1.0)) / MILLION
            for code, n in at.items()
        }
        link = self.oil
        places = (link.sector, link.partner) if link else ("", "")
        return Reading(
            income,
            {tie.id: self._flow(solution, tie) for tie in self.critical if tie.sectors},
            world_oil_price(solution, *places) if link else 1.0,
            partner_oil_price(solution, *places) if link else 1.0,
        )

    def _flow(self, solution: Solution, tie: CriticalTie) -> float:
        labels = self.world.labels
        rows = [labels.sector_index(code) for code in labels.resolve_sectors(tie.sectors)]
        home, rival = (labels.region_index(code) for code in (self.regions[0], tie.rival))
        buyer, seller = (home, rival) if tie.flow == "imports" else (rival, home)
        new, old = (
            float(one.border_trade[rows, buyer, seller].sum())
            for one in (solution, solution.calibration)
        )
        if old <= 0.0:
            raise NoTradeError(f"{tie.id}: {labels.regions[seller]} sells {labels.regions[buyer]} "
                               f"nothing of {', '.join(tie.sectors)}")  # fmt: skip
        return new / old


def recalled(kept: dict[K, V], key: K, make: Callable[[], V], most: int) -> V:
    """Return what is kept under a key, made if need be; of more than ``most`` the one that was
    asked for longest ago is dropped."""
    found = kept.pop(key) if key in kept else make()
    kept[key] = found
    if len(kept) > most:
        del kept[next(iter(kept))]
    return found


def scaled(instrument: Instrument, size: float) -> Instrument:
    """Return an instrument whose added rate is multiplied; ``ThreatSizeError`` if it adds none."""
    if size == 1.0:
        return instrument
    if isinstance(instrument, RateInstrument) and instrument.add is not None:
        return instrument.model_copy(update={"add": instrument.add * size})
    raise ThreatSizeError(f"a threat's size of {size:.4g} cannot multiply {instrument!r}")
