"""The world map: which country belongs to which region, in which class of change, drawn as SVG."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from tula.report import formats
from tula.report.view import View
from tula.world import codes

#: Class limits are picked from this ladder; each step is about threefold.
LADDER = tuple(
    digit * 10.0**power for power in range(-3, 3) for digit in (1, 3) if (power, digit) != (-3, 1)
)
STEPS = 5
#: The code, in the embedded world, of every country without a region of its own.
REST = "ROW"


@cache
def world_map() -> dict[str, Any]:
    """The prepared country shapes; ``tools/prepare_map.py`` makes them."""
    text = (resources.files("tula.report") / "assets" / "world_map.json").read_text("utf-8")
    prepared: dict[str, Any] = json.loads(text)
    return prepared


@dataclass(frozen=True)
class Placement:
    """Country code -> region code, and the regions that no country could be found for."""

    countries: Mapping[str, str]
    unplaced: tuple[str, ...]


def place(names: Mapping[str, str]) -> Placement:
    """Find the countries of each region (code -> name).

    A region of the embedded world (same code, same name) has that world's members; any other code
    is taken as a country's ISO 3166 code. Countries of no region fall to the rest of the world,
    but only where the world has that region and every other region was placed.
    """
    prepared = world_map()
    known = {*prepared["countries"], *prepared["points"]}
    countries: dict[str, str] = {}
    unplaced = []
    for code, name in names.items():
        own = codes.REGIONS.get(code, ("", ()))
        members = [m for m in (own[1] if own[0] == name else (code,)) if m in known]
        if not members and code != REST:
            unplaced.append(code)
        countries.update(dict.fromkeys(members, code))
    if REST in names and not unplaced:
        rest = [code for code in prepared["countries"] if code not in countries]
        countries.update(dict.fromkeys(rest, REST))
    elif REST in names:
        unplaced.append(REST)
    return Placement(countries, tuple(unplaced))


def limits(values: Iterable[float]) -> tuple[float, ...]:
    """Limits of the classes of size, ascending, for changes in percent.

    At most five, picked so that the smallest quarter of sizes is "about zero" and the largest
    falls in the last class; steps are threefold, or tenfold where the sizes are far apart.
    """
    sizes = sorted(abs(value) for value in values if math.isfinite(value) and value)
    if not sizes:
        return (1.0,)
    start, end = sizes[len(sizes) // 4], sizes[-1]
    inside = [limit for limit in LADDER if start / 2 <= limit <= end] or [
        min(LADDER, key=lambda limit: abs(limit - end))
    ]
    if len(inside) > STEPS:
        inside = [limit for limit in inside if math.log10(limit) % 1 == 0]
    return tuple(inside[-STEPS:])


def level(value: float, bounds: tuple[float, ...]) -> str:
    """Class of a change: ``l1``.. for losses, ``g1``.. for gains, ``z`` near zero, ``na``."""
    if not math.isfinite(value):
        return "na"
    place_in = sum(abs(value) >= bound for bound in bounds)
    if place_in == 0:
        return "z"
    return f"{'g' if value > 0 else 'l'}{place_in + STEPS - len(bounds)}"


@dataclass(frozen=True)
class Key:
    """One entry of the legend."""

    level: str
    text: str


def legend(bounds: tuple[float, ...]) -> list[Key]:
    """Entries from the greatest loss to the greatest gain."""
    shift = STEPS - len(bounds)
    sizes = []
    for at, bound in enumerate(bounds, start=1):
        upper = f" to {bounds[at]:g}" if at < len(bounds) else " or more"
        sizes.append((f"{at + shift}", f"{bound:g}{upper}"))
    losses = [Key(f"l{step}", f"{formats.MINUS}{text}") for step, text in reversed(sizes)]
    gains = [Key(f"g{step}", f"+{text}") for step, text in sizes]
    return [*losses, Key("z", f"under {bounds[0]:g} either way"), *gains]


@dataclass(frozen=True)
class Shape:
    """A country to draw: its name and either a path or a point."""

    name: str
    path: str = ""
    x: int = 0
    y: int = 0


@dataclass(frozen=True)
class Area:
    """A region to draw: its shapes, and the text of each scenario for its tooltip."""

    index: int
    name: str
    shapes: tuple[Shape, ...]
    values: tuple[str, ...]
    actor: bool


@dataclass(frozen=True)
class WorldMap:
    """Everything the template draws."""

    width: int
    height: int
    note: str
    areas: tuple[Area, ...]
    neutral: tuple[Shape, ...]
    unplaced: tuple[str, ...]
    keys: tuple[Key, ...]
    levels: tuple[Mapping[str, tuple[int, ...]], ...]
    lines: tuple[str, ...]


def build(view: View) -> WorldMap:
    """Place the regions, class their changes by scenario and prepare the drawing."""
    prepared, names = world_map(), view.region_names
    placed = place(names)
    scenarios = [record.id for record in view.manifest.scenarios]
    income = {s: {r: view.real_income(s, r) for r in view.regions} for s in scenarios}
    bounds = limits(value for row in income.values() for value in row.values())
    areas = tuple(
        Area(index, names[code], _shapes(placed, code), _texts(view, code), code in view.actors)
        for index, code in enumerate(view.regions)
    )
    levels = []
    for scenario in scenarios:
        classes: dict[str, list[int]] = {}
        for index, code in enumerate(view.regions):
            classes.setdefault(level(income[scenario][code], bounds), []).append(index)
        levels.append({name: tuple(members) for name, members in sorted(classes.items())})
    neutral = tuple(
        Shape(shape["name"], shape["path"])
        for code, shape in prepared["countries"].items()
        if code not in placed.countries
    )
    return WorldMap(
        prepared["width"],
        prepared["height"],
        prepared["note"],
        areas,
        neutral,
        tuple(names[code] for code in placed.unplaced),
        tuple(legend(bounds)),
        tuple(levels),
        tuple(_line(view, income[scenario], scenario) for scenario in scenarios),
    )


def _shapes(placed: Placement, region: str) -> tuple[Shape, ...]:
    prepared, found = world_map(), []
    for code, owner in placed.countries.items():
        if owner != region:
            continue
        if code in prepared["countries"]:
            shape = prepared["countries"][code]
            found.append(Shape(shape["name"], shape["path"]))
        else:
            point = prepared["points"][code]
            found.append(Shape(point["name"], "", point["x"], point["y"]))
    return tuple(sorted(found, key=lambda shape: shape.path == ""))


def _texts(view: View, region: str) -> tuple[str, ...]:
    return tuple(
        f"{formats.percent(view.real_income(record.id, region))}, "
        f"{formats.billions(view.ev(record.id, region))}"
        for record in view.manifest.scenarios
    )


def _line(view: View, income: Mapping[str, float], scenario: str) -> str:
    """Say who gains and loses most, and what it is worth to the pivot."""
    known = {code: value for code, value in income.items() if math.isfinite(value)}
    if not known:
        return "No equilibrium was found for this scenario."
    top, bottom = max(known, key=lambda c: known[c]), min(known, key=lambda c: known[c])

    def named(code: str) -> str:
        return f"{view.region_names[code]} {formats.percent(income[code])}"

    worth = formats.billions(view.ev(scenario, view.pivot))
    extremes = [f"largest gain {named(top)}"] if known[top] > 0 else []
    extremes += [f"largest loss {named(bottom)}"] if known[bottom] < 0 else []
    return "; ".join([f"{named(view.pivot)} ({worth} a year)", *extremes]) + "."
