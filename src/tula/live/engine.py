"""The engine of a page, as text to be put into it."""

from __future__ import annotations

from importlib import resources

#: Files of the engine, each named after the Python module whose work it does.
PARTS = (
    "calibration",
    "policy",
    "system",
    "blocks",
    "steps",
    "anderson",
    "approach",
    "certificate",
    "solution",
    "world",
    "situation",
)
HEAD = """\
/* One general-equilibrium world economy, solved and proved in JavaScript.

   Caliendo and Parro (2015) with factors that may be tied to sectors, ceilings on quantities by
   complementarity, Anderson acceleration of steps by region blocks, and a proof recounted from
   cells; names are those of the Python engine. S sectors, N importers, I = N exporters, K = S
   inputs. Cells of trade stand sector, importer, exporter; all else region first. Levels are
   million USD; a hat is a ratio of new to old; base world value added is the numeraire. */
"""


#: Files that a page shares with others: words, copies, colours of maps, the worker, the address.
SHARED = ("words", "take", "classes", "worker", "address")


def page_script(own: str) -> str:
    """Return the script of a page: what pages share, then its own, in one scope of its own."""
    folder = resources.files("tula.live") / "page"
    shared = "\n".join((folder / f"{part}.js").read_text("utf-8") for part in SHARED)
    return f'(() => {{\n"use strict";\n{shared}\n{own}\n}})();'


def engine() -> str:
    """Return the JavaScript that solves a world and proves what it found.

    It runs as it is in a page, in a worker and in node, and defines one name, ``Tula``.
    """
    folder = resources.files("tula.live") / "javascript"
    parts = "\n".join((folder / f"{part}.js").read_text("utf-8") for part in PARTS)
    inside = f'"use strict";\n{parts}\nreturn {{ World, Question, Refusal }};'
    return f"{HEAD}const Tula = (() => {{\n{inside}\n}})();\n"
