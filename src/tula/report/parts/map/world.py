"""The world map: which country belongs to which region, in which class of change, drawn as SVG."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from tula.numbers import write
from tula.report.view import View
from tula.world import codes

#: Class limits are picked from this ladder of about threefold steps, percent.
LADDER = tuple(digit * 10.0**power for power in range(-5, 4) for digit in (1, 3))
STEPS = 5
#: Sizes below this part of the largest count as about zero.
FLOOR = 1 / 400
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

    At most five, each about three times the last, from a four-hundredth of the largest size; the
    last class is open.
    """
    largest = max((abs(value) for value in values if math.isfinite(value)), default=0.0)
    inside = [limit for limit in LADDER if largest * FLOOR < limit <= largest]
    return tuple(inside[:STEPS]) or (1.0,)


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
    losses = [_key("l", write.MINUS, at, bounds) for at in reversed(range(len(bounds)))]
    gains = [_key("g", "+", at, bounds) for at in range(len(bounds))]
    return [*losses, Key("z", f"within ±{bounds[0]:g}"), *gains]


def _key(kind: str, sign: str, at: int, bounds: tuple[float, ...]) -> Key:
    name, ends = f"{kind}{at + 1 + STEPS - len(bounds)}", [f"{sign}{b:g}" for b in bounds[at:][:2]]
    if len(ends) == 1:
        return Key(name, f"beyond {ends[0]}")
    return Key(name, " to ".join(ends if kind == "g" else reversed(ends)))


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
    scenarios = [record.id for record in view.moves]
    income = {s: {r: view.real_income(s, r) for r in view.regions} for s in scenarios}
    bounds = limits(value for row in income.values() for value in row.values())
    areas = tuple(
        Area(index, names[code], shapes(placed, code), _texts(view, code), code in view.actors)
        for index, code in enumerate(view.regions)
    )
    return WorldMap(
        prepared["width"],
        prepared["height"],
        prepared["note"],
        areas,
        neutral(placed),
        tuple(names[code] for code in placed.unplaced),
        tuple(legend(bounds)),
        tuple(_classes(income[scenario], bounds) for scenario in scenarios),
        tuple(_line(view, income[scenario], scenario) for scenario in scenarios),
    )


def _classes(income: Mapping[str, float], bounds: tuple[float, ...]) -> dict[str, tuple[int, ...]]:
    """Class -> positions of the regions in it."""
    found: dict[str, tuple[int, ...]] = {}
    for index, value in enumerate(income.values()):
        name = level(value, bounds)
        found[name] = (*found.get(name, ()), index)
    return dict(sorted(found.items()))


def neutral(placed: Placement) -> tuple[Shape, ...]:
    """Return the countries that no region holds."""
    return tuple(
        Shape(shape["name"], shape["path"])
        for code, shape in world_map()["countries"].items()
        if code not in placed.countries
    )


def shapes(placed: Placement, region: str) -> tuple[Shape, ...]:
    """Return what is drawn of a region: paths first, then the points of small countries."""
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
        f"{write.change_percent(view.real_income(record.id, region))}, "
        f"{write.billions(view.ev(record.id, region), signed=True)}"
        for record in view.moves
    )


def _line(view: View, income: Mapping[str, float], scenario: str) -> str:
    """Say who gains and loses most, and what it is worth to the pivot."""
    known = {code: value for code, value in income.items() if math.isfinite(value)}
    if not known:
        return "No equilibrium was found for this scenario."
    top, bottom = max(known, key=lambda c: known[c]), min(known, key=lambda c: known[c])

    def named(code: str) -> str:
        return f"{view.region_names[code]} {write.change_percent(income[code])}"

    first = (
        f"{named(view.pivot)} ({write.billions(view.ev(scenario, view.pivot), signed=True)} a year)"
    )
    told = [first]
    for code, kind in ((bottom, "loss"), (top, "gain")):
        if code == view.pivot:
            told[0] = f"{first}, the largest {kind}"
        elif (known[code] < 0) == (kind == "loss") and write.change(known[code]) != "0":
            told.append(f"largest {kind} {named(code)}")
    return "; ".join(told) + "."
