"""The parts of the reference that are read off the program while the site is built."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from types import ModuleType
from typing import Any

import typer.main
from typer.cli import get_docs_for_click

import tula
from tula.cli import app
from tula.metrics import METRICS
from tula.policy.ledger import OVERRIDE, RULES
from tula.world import codes

#: Rooms in the order of the reference, and what each is for.
ROOMS = {
    "world": "Worlds",
    "policy": "Policy",
    "equilibrium": "Equilibrium",
    "notebook": "In a notebook",
    "strategy": "Strategy",
}


def commands() -> str:
    """Every command with its arguments and options, from the parser itself."""
    root = typer.main.get_command(app)
    told = get_docs_for_click(obj=root, ctx=typer.Context(root, info_name="tula"), name="tula")
    text = told.replace("\b", "")  # keeps a terminal's help from filling the lines anew
    shown = re.sub(r"^Examples:\n((?:  .+\n)+)", _examples, text.split("\n", 1)[1], flags=re.M)
    return re.sub(r"^```console$", "```text", shown, flags=re.M)


def _examples(found: re.Match[str]) -> str:
    return f"**Examples**:\n\n```text\n{inspect.cleandoc('  ' + found[1].strip())}\n```\n"


def names() -> str:
    """Every public name of ``tula``, ``tula.plot`` and ``tula.strategy``, by room."""
    known = public()
    return "\n".join(
        f"## {title}\n\n"
        + "\n".join(_entry(*one) for one in known.items() if _room(one[1]) == room)
        for room, title in ROOMS.items()
    )


def public() -> dict[str, Any]:
    """Functions and classes that people import, by the name they are called by."""
    rooms = {f"tula.{name}": getattr(tula, name) for name in ("plot", "readings", "strategy")}
    homes = {"tula": tula} | rooms
    found = {f"{home}.{name}": getattr(module, name)
             for home, module in homes.items() for name in _names(module)}  # fmt: skip
    return {name: thing for name, thing in found.items() if callable(thing)}


def _names(module: ModuleType) -> list[str]:
    own = [name for name, thing in inspect.getmembers(module, inspect.isfunction)
           if thing.__module__ == module.__name__ and name[0] != "_"]  # fmt: skip
    return list(getattr(module, "__all__", own))


def _room(thing: Any) -> str:
    return str(thing.__module__).split(".")[1]


def _entry(name: str, thing: Any) -> str:
    """One name, with what autodoc reads off the source."""
    kind, members = ("class", "   :members:\n") if inspect.isclass(thing) else ("function", "")
    home = f"{thing.__module__}.{thing.__qualname__}"
    return f"### `{name}`\n\n```{{eval-rst}}\n.. auto{kind}:: {home}\n{members}```\n"


def metrics() -> str:
    """Every metric: what it is, its unit, what it is measured against, its axes."""
    return "\n".join(
        f"## `{entry.name}`\n\n{entry.title}, {entry.unit}; axes {', '.join(entry.dims)}; against "
        f"{entry.base}; {entry.sign}.\n\n{entry.description}\n"
        for entry in METRICS.values()
    )


def classification() -> str:
    """Regions, sectors and groups of the embedded worlds."""
    notes = codes.REGION_GROUP_NOTES
    tables = {
        "Regions": [(code, name, who) for code, (name, who) in codes.REGIONS.items()],
        "Groups of regions": [
            (code, notes[code], who) for code, who in codes.REGION_GROUPS.items()
        ],
        "Sectors": [(code, name, what) for code, (name, what) in codes.SECTORS.items()],
        "Groups of sectors": [(code, "", what) for code, what in codes.SECTOR_GROUPS.items()],
    }
    return "\n".join(_table(title, rows) for title, rows in tables.items())


def _table(title: str, rows: Iterable[tuple[str, str, Iterable[str]]]) -> str:
    lines = (f"| `{code}` | {said} | {' '.join(members)} |" for code, said, members in rows)
    return "\n".join([f"## {title}\n", "| code | | members |", "|---|---|---|", *lines, ""])


def stacking() -> str:
    """The rule that holds where two instruments act on one cell."""
    met = [*RULES.items(), (("one that overrides", "any on the same rate"), OVERRIDE)]
    lines = (f"| {', '.join(pair).replace('_', ' ')} | {rule} |" for pair, rule in met)
    return "\n".join(["| meet | rule |", "|---|---|", *lines])


def errors() -> str:
    """Every error and warning by room, with what its docstring says went wrong and what to do."""
    told = sorted(_raised(), key=lambda one: (_room(one), one.__name__))
    return "\n".join(
        f"## In `tula.{room}`\n\n" + "\n".join(map(_told, found))
        for room, found in groupby(told, key=_room)
    )


def _told(error: type) -> str:
    parent = error.__bases__[0].__name__
    return f"### `{error.__name__}`\n\n*a {parent}*\n\n{inspect.cleandoc(error.__doc__ or '')}\n"


def _raised() -> Iterable[type]:
    """Errors and warnings that are public and Tula's own."""
    for module in pkgutil.walk_packages(tula.__path__, "tula."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    found = {*_heirs(tula.TulaError), *_heirs(Warning)}
    return [one for one in found if one.__module__.startswith("tula.") and one.__name__[0] != "_"]


def _heirs(parent: type) -> Iterator[type]:
    yield parent
    for heir in parent.__subclasses__():
        yield from _heirs(heir)


#: What stands in each page of the reference in place of its mark.
PARTS = {
    "cli": commands,
    "api": names,
    "metrics": metrics,
    "codes": classification,
    "stacking": stacking,
    "errors": errors,
}
MARK = "<!-- read off the program -->"


def fill(_app: object, page: str, source: list[str]) -> None:
    """Put the generated part of a page of the reference in its place."""
    room, _, name = page.rpartition("/")
    if room == "docs/reference" and name in PARTS:
        before, mark, after = source[0].partition(MARK)
        if not mark:
            raise ValueError(f"{page}.md lacks the line {MARK}")
        source[0] = before + PARTS[name]() + after
