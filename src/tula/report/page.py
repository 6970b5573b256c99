"""One HTML page for a study: opens offline, loads nothing, is written whole or not at all."""

from __future__ import annotations

import pathlib
import re
from concurrent.futures import Executor
from importlib import resources
from typing import Any

from markupsafe import Markup

from tula.report import figures
from tula.report.drawing import Drawings
from tula.report.part import Cited, Part, csv, embedded, environment
from tula.report.parts.answer.part import Answer
from tula.report.parts.baseline.part import Baseline
from tula.report.parts.beliefs.part import Beliefs
from tula.report.parts.chances.part import Chances
from tula.report.parts.evidence.part import Evidence
from tula.report.parts.lead.part import Lead
from tula.report.parts.leverage.part import Leverage
from tula.report.parts.live.part import Live
from tula.report.parts.map.part import Map
from tula.report.parts.markets.part import Markets
from tula.report.parts.moves.part import Moves
from tula.report.parts.others.part import Others
from tula.report.parts.path.part import Path
from tula.report.parts.price.part import Price
from tula.report.parts.provenance.part import Provenance
from tula.report.parts.scenarios.part import Scenarios
from tula.report.parts.sensitivity.part import Sensitivity
from tula.report.parts.since.part import Since
from tula.report.parts.sizes.part import Sizes
from tula.report.parts.ties.part import Ties
from tula.report.parts.turning.part import Turning
from tula.report.parts.who.part import Who
from tula.report.tokens import classes, tokens
from tula.report.view import View
from tula.study.results import ALTERED, MANIFEST_FILE, ResultsFormatError, StudyResults
from tula.study.seals import intact, sealed
from tula.world.files import write_together

#: What stands between head and foot of the page, in this order, and of its appendix.
PARTS: tuple[type[Part], ...] = (
    *(Live, Chances, Leverage, Price, Who, Markets, Path, Since, Moves, Turning, Beliefs, Others),
    *(Answer, Map, Sizes, Ties, Evidence),
)
APPENDIX: tuple[type[Part], ...] = (Scenarios, Sensitivity, Baseline)
PAGE_FILE, APPENDIX_FILE = "index.html", "appendix.html"
#: Empty lines.
_EMPTY = re.compile(r"\n\s*\n+")
#: Links to a place, and places.
_LINK, _PLACE = re.compile(r'href="#([^"]+)"'), re.compile(r'\bid="([^"]+)"')
#: Where the page keeps the hash of its run, and its own.
RUN, SEAL = '<meta name="tula-run" content="{}">', '<meta name="tula-seal" content="{}">'


def ready(executor: Executor | None = None) -> None:
    """Load now what takes time to load: the templates, and what draws charts."""
    templates = environment()
    for name in templates.list_templates(extensions=["j2"]):
        templates.get_template(name)
    Drawings(executor).drawn(figures.chart([], ""), "")


def write_report(results: StudyResults, directory: pathlib.Path) -> pathlib.Path:
    """Write ``index.html`` and ``appendix.html`` of a study into a directory; return the former.

    The same results give the same bytes. A page already there is replaced only by a complete one.
    Raises ``UnknownNameError`` if the manifest names what the numbers do not have,
    ``UnwritableFileError``, and ``ResultsFormatError`` if numbers were altered or the directory
    holds those of another run.
    """
    if (directory / MANIFEST_FILE).exists():
        there = StudyResults.load(directory)
        if there.run_hash != results.run_hash:
            raise ResultsFormatError(
                f"{directory / MANIFEST_FILE} is of another run; choose another folder, or save "
                "these results there first"
            )
    write_together(directory, pages(results))
    return directory / PAGE_FILE


def require_own_page(results: StudyResults, directory: pathlib.Path) -> bool:
    """Tell whether a directory holds a page; ``ResultsFormatError`` if it is of other results."""
    page = directory / PAGE_FILE
    if not page.is_file():
        return False
    for name in (PAGE_FILE, APPENDIX_FILE):
        file = directory / name
        raw = file.read_bytes() if file.is_file() else b""
        if not intact(raw, SEAL) or RUN.format(results.run_hash).encode() not in raw:
            raise ResultsFormatError(f"{file}: {ALTERED}")
    return True


def render(results: StudyResults) -> str:
    """Return the page as text. ``ResultsFormatError`` if numbers were altered."""
    return pages(results)[PAGE_FILE]


def pages(results: StudyResults, executor: Executor | None = None) -> dict[str, str]:
    """Return page and appendix as texts by name, charts drawn by a worker if there is one.

    Errors as ``render``.
    """
    results.require_unaltered()
    view = View(results, Drawings(executor))
    page, more = (_shown(view, kinds) for kinds in (PARTS, APPENDIX))
    known = cited(view, [*page, *more])
    texts = {
        PAGE_FILE: _rendered("page", view, page, known, lead=Lead(view), foot=Provenance(view),
                             more=[part for part in more if part.link]),
        APPENDIX_FILE: _rendered("appendix", view, more, known),
    }  # fmt: skip
    whole = {name: _EMPTY.sub("\n", view.drawings.filled(text)) for name, text in texts.items()}
    return {name: sealed(text, SEAL) for name, text in _linked(whole).items()}


def _shown(view: View, kinds: tuple[type[Part], ...]) -> list[Part]:
    return [part for part in (kind(view) for kind in kinds) if part.shown]


def _rendered(template: str, view: View, parts: list[Part], known: Cited, **more: Any) -> str:
    """One page as text, before its charts are in their places and it is sealed."""
    told = [more["lead"], *parts] if "lead" in more else parts
    return (
        environment()
        .get_template(f"templates/{template}.html.j2")
        .render(
            view=view,
            m=view.manifest,
            parts=parts,
            cited=known,
            taken=embedded({k: csv(v) for part in told for k, v in part.taken.items()}),
            addresses=embedded({"addresses": _addresses(view, told)}),
            seals=Markup(RUN.format(view.results.run_hash) + "\n" + SEAL.format("")),
            style=Markup(tokens() + classes() + _asset("style.css")),
            script=Markup(_asset("script.js")),
            **more,
        )
    )


def _addresses(view: View, told: list[Part]) -> dict[str, str]:
    """Name of a figure -> where its numbers stand in the answer, for ``tula trace``."""
    found = view.results.answer
    fields = dict(found) if found else {}
    return {
        name: f"answer.{field}"
        for part in told
        for name, rows in part.taken.items()
        for field, value in fields.items()
        if value is rows or (len(rows) == 1 and value is rows[0])
    }


def _linked(texts: dict[str, str]) -> dict[str, str]:
    """Let links to a place lead to the page that has it."""
    places = {place: name for name, text in texts.items() for place in _PLACE.findall(text)}

    def lead(name: str, text: str) -> str:
        def to(link: re.Match[str]) -> str:
            there = places.get(link[1], name)
            return link[0] if there == name else f'href="{there}#{link[1]}"'

        return _LINK.sub(to, text)

    return {name: lead(name, text) for name, text in texts.items()}


def cited(view: View, parts: list[Part]) -> dict[str, list[tuple[str, str]]]:
    """Fact id -> anchor and name of every place on the page that rests on it, in its order."""
    found: dict[str, list[tuple[str, str]]] = {fact.id: [] for fact in view.manifest.evidence}
    for part in parts:
        for anchor, name, facts in part.cited:
            for fact in dict.fromkeys(facts):
                if fact in found:
                    found[fact].append((anchor, name))
    return found


def _asset(name: str) -> str:
    return (resources.files("tula.report") / "templates" / name).read_text("utf-8")
