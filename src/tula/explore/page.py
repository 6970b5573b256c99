"""One HTML page that solves a world by itself: opens offline, loads nothing, written whole."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from tula._version import __version__
from tula.errors import TulaError
from tula.explore.presets import Preset
from tula.explore.study import study_data, study_script
from tula.live import engine, page_script, payload
from tula.policy.duties import DutiesOfDay
from tula.report.parts.map.world import Shape, neutral, place, shapes, world_map
from tula.report.tokens import classes, tokens
from tula.say.words import named
from tula.world.codes import known_regions
from tula.world.countries import country
from tula.world.economy import Economy
from tula.world.files import write_whole
from tula.world.labels import Labels

#: Regions and sectors that a page can hold.
MOST_REGIONS, MOST_SECTORS = 81, 50
#: Text that a page may take, and what all but the world takes of it.
MOST_BYTES, REST_BYTES = 1_720_000, 215_000
#: Files of the page's script, in order.
PARTS = (
    "words",
    "moves",
    "state",
    "worker",
    "says",
    "map",
    "tables",
    "controls",
    "texts",
    "share",
    "start",
    "study",
    "form",
)
#: Points of duty that a fresh page begins with.
FIRST_POINTS = 10
#: Closures and how the page calls them.
CLOSURES = {
    "fixed": "fixed",
    "proportional": "in proportion",
    "balanced": "none (balanced)",
}


class WorldTooLargeError(TulaError):
    """A world has more regions or sectors than a page can hold. Merge some with ``tl.aggregate``.

    The message says which groups would make it small enough.
    """


def write_explorer(
    economy: Economy,
    path: Path,
    *,
    world: str,
    duties: DutiesOfDay | None = None,
    scenarios: Sequence[Preset] = (),
) -> Path:
    """Write the page of a world and return its path; ``world`` is how ``load_world`` finds it.

    ``scenarios`` are questions to begin with (``tula.explore.presets``). With ``duties`` the world
    first adjusts to the import duties of a day. The same world gives the
    same bytes. Raises ``WorldTooLargeError``, ``UnwritableFileError`` and the errors of
    ``tula.live.payload``.
    """
    return write_whole(path, render(economy, world=world, duties=duties, scenarios=scenarios))


def render(
    economy: Economy,
    *,
    world: str,
    duties: DutiesOfDay | None = None,
    scenarios: Sequence[Preset] = (),
) -> str:
    """Return the page as text; errors as ``write_explorer``."""
    _require_small(economy.labels)
    study = study_data(economy, duties.day if duties else None)
    room = MOST_BYTES - REST_BYTES - len(json.dumps(study, ensure_ascii=False).encode())
    content = payload(economy, duties=duties, most_bytes=room)
    names = spoken_names(economy.labels)
    content["regions"] = [[code, names[code]] for code in economy.regions]
    without = duties.without if duties else ()
    page = Page(economy, content, names, world, study, tuple(scenarios), without)
    return environment().get_template("page.html.j2").render(page=page)


def spoken_names(labels: Labels) -> dict[str, str]:
    """Return regions by code with their names; countries that the world does not name by theirs."""
    stated, found = known_regions(labels)[0], {}
    for code in labels.regions:
        known = country(code)
        plain = known.name if known is not None and known.code == code else code
        found[code] = stated.get(code, plain)
    return found


@dataclass(frozen=True)
class Drawn:
    """The map: what is drawn of each region, of no region, and regions with no place on it."""

    width: int
    height: int
    note: str
    regions: tuple[tuple[Shape, ...], ...]
    neutral: tuple[Shape, ...]
    unplaced: tuple[str, ...]


@dataclass(frozen=True)
class Page:
    """What the template asks for."""

    economy: Economy
    content: Mapping[str, Any]
    names: Mapping[str, str]
    world: str
    study: Mapping[str, Any]
    scenarios: tuple[Preset, ...] = ()
    without: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The world and its year, and the day of its duties."""
        day = f", import duties of {self.content['day']}" if self.content["day"] else ""
        return f"{self.content['name']} ({self.content['vintage']}){day}"

    @property
    def style(self) -> Markup:
        """The report's colours and this page's own style."""
        return sheet("explore.css")

    @property
    def script(self) -> Markup:
        """What draws the page."""
        inside = "\n".join((study_script(), *(text_of(f"script/{part}.js") for part in PARTS)))
        return Markup(page_script(inside))

    @property
    def engine(self) -> Markup:
        """What solves the world, for the worker."""
        return Markup(engine())

    @property
    def payload(self) -> Markup:
        """The world, as JSON that cannot end its element."""
        return _json(self.content)

    @property
    def data(self) -> Markup:
        """Names in sentences, what the page begins with, and how choices are called."""
        labels, day = self.economy.labels, self.content["day"]
        first, second = _largest(self.economy)
        what = "goods" if "goods" in labels.sector_groups else "all"
        move = {"kind": "tariff", "who": [first], "whom": [second], "what": [what]}
        return _json(
            {
                "version": __version__,
                "world": self.world,
                "day": day,
                "base": f"the world under the import duties of {day}"
                if day
                else f"the base year {self.content['vintage']}".rstrip(),
                "spoken": [named(self.names[code]) for code in labels.regions],
                "groups": dict(known_regions(labels)[0]),
                "closures": CLOSURES,
                "elasticities": {
                    name: "the world's own" if name == "world" else f"set {name}"
                    for name in self.content["elasticities"]
                },
                "without": list(self.without),
                "scenarios": [one._asdict() for one in self.scenarios],
                "first": [move | {"operator": "add", "value": FIRST_POINTS}],
                "study": self.study,
                "pair": [labels.region_index(first), labels.region_index(second)],
            }
        )

    @property
    def map(self) -> Drawn:
        """The world map, yet without changes."""
        return drawn_map(self.names)

    @property
    def ground(self) -> str:
        """What the world is and how exactly it travelled."""
        bits = self.content["bits"]
        exact = "The page holds the world's flows exactly."
        if bits is not None:
            exact = (
                f"So that the page stays small its flows are rounded to one part in 2^{bits} of "
                "what a region buys, or sells, of a sector."
            )
        return f"{exact} Elasticities of the world: {self.economy.elasticity_source}."

    @property
    def sources(self) -> tuple[str, ...]:
        """Citations of the world, and of the published sets of elasticities."""
        sets = self.content["elasticities"]
        return (*self.content["sources"], *(s["source"] for n, s in sets.items() if n != "world"))

    @property
    def hashes(self) -> str:
        """Hashes of the world's content, where it is known, and of the copy in this page."""
        world = self.content["world_hash"]
        return f"{f'World {world}; its' if world else 'The'} copy here {self.content['hash']}."


def drawn_map(names: Mapping[str, str]) -> Drawn:
    """Return the world map for regions by code with their names."""
    prepared, placed = world_map(), place(names)
    return Drawn(
        prepared["width"],
        prepared["height"],
        prepared["note"],
        tuple(shapes(placed, code) for code in names),
        neutral(placed),
        tuple(names[code] for code in placed.unplaced),
    )


def sheet(name: str) -> Markup:
    """Return the colours that pages share and a page's own style."""
    return Markup(f"{tokens()}\n{classes()}\n{text_of(name)}")


def _largest(economy: Economy) -> tuple[str, str]:
    """Return the two regions that spend most, but for the rest of the world."""
    spending = economy.final_spending
    order = sorted(range(len(spending)), key=lambda place: -spending[place])
    codes = [economy.regions[place] for place in order]
    named_ones = [code for code in codes if code != "ROW"] or codes
    return (named_ones * 2)[0], (named_ones * 2)[1]


def _require_small(labels: Labels) -> None:
    """Refuse more than a page holds, and say what to merge."""
    told = []
    for noun, codes, groups, most in (
        ("regions", labels.regions, labels.region_groups, MOST_REGIONS),
        ("sectors", labels.sectors, labels.sector_groups, MOST_SECTORS),
    ):
        if len(codes) > most:
            told.append(
                f"{len(codes)} {noun}, at most {most}: {_merging(noun, codes, groups, most)}"
            )
    if told:
        raise WorldTooLargeError(
            f"the world is too large for a page ({'; '.join(told)}); "
            "tula solve answers on all of it"
        )


def _merging(
    noun: str, codes: tuple[str, ...], groups: Mapping[str, tuple[str, ...]], most: int
) -> str:
    """Name disjoint groups, the largest first, that bring the number down to what is held."""
    taken: set[str] = set()
    chosen: list[str] = []
    left = len(codes)
    for name, members in sorted(groups.items(), key=lambda item: -len(item[1])):
        if left > most and len(members) > 1 and not taken & set(members):
            taken |= set(members)
            chosen.append(f"{name} ({len(members)})")
            left -= len(members) - 1
    call = f"tl.aggregate(world, {noun}={{...}})"
    if chosen and left <= most:
        return f"merge {', '.join(chosen)} with {call}"
    again = f" {', '.join(chosen)} and" if chosen else ""
    return f"merge{again} {left - most + 1} or more of the others with {call}"


def _json(content: object) -> Markup:
    text = json.dumps(content, ensure_ascii=False).replace("<", "\\u003c")
    return Markup(text)


def text_of(name: str) -> str:
    """Return a file of this room."""
    return (resources.files("tula.explore") / name).read_text("utf-8")


def environment() -> jinja2.Environment:
    """Templates of this room."""
    return jinja2.Environment(
        loader=jinja2.FunctionLoader(text_of),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
