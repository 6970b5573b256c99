"""One HTML page for a study: opens offline, loads nothing, is written whole or not at all."""

from __future__ import annotations

import pathlib
import re
from importlib import resources

from markupsafe import Markup

from tula.report.part import Part, csv, embedded, environment
from tula.report.parts.answer.part import Answer
from tula.report.parts.baseline.part import Baseline
from tula.report.parts.beliefs.part import Beliefs
from tula.report.parts.chances.part import Chances
from tula.report.parts.evidence.part import Evidence
from tula.report.parts.lead.part import Lead
from tula.report.parts.leverage.part import Leverage
from tula.report.parts.map.part import Map
from tula.report.parts.moves.part import Moves
from tula.report.parts.path.part import Path
from tula.report.parts.price.part import Price
from tula.report.parts.provenance.part import Provenance
from tula.report.parts.scenarios.part import Scenarios
from tula.report.parts.sensitivity.part import Sensitivity
from tula.report.parts.since.part import Since
from tula.report.parts.sizes.part import Sizes
from tula.report.parts.ties.part import Ties
from tula.report.parts.turning.part import Turning
from tula.report.tokens import tokens
from tula.report.view import View
from tula.study.results import ALTERED, MANIFEST_FILE, ResultsFormatError, StudyResults
from tula.study.seals import intact, sealed
from tula.world.files import write_together

#: What stands between head and foot of the page, in this order.
PARTS: tuple[type[Part], ...] = (
    *(Chances, Leverage, Price, Path, Since, Moves, Turning, Beliefs),
    *(Answer, Map, Sizes, Ties, Scenarios, Sensitivity, Baseline, Evidence),
)
PAGE_FILE = "index.html"
#: Where the page keeps the hash of its run, and its own.
RUN, SEAL = '<meta name="tula-run" content="{}">', '<meta name="tula-seal" content="{}">'


def write_report(results: StudyResults, directory: pathlib.Path) -> pathlib.Path:
    """Write ``index.html`` for a study into a directory and return its path.

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
    write_together(directory, {PAGE_FILE: render(results)})
    return directory / PAGE_FILE


def require_own_page(results: StudyResults, directory: pathlib.Path) -> bool:
    """Tell whether a directory holds a page; ``ResultsFormatError`` if it is of other results."""
    page = directory / PAGE_FILE
    if not page.is_file():
        return False
    raw = page.read_bytes()
    if not intact(raw, SEAL) or RUN.format(results.run_hash).encode() not in raw:
        raise ResultsFormatError(f"{page}: {ALTERED}")
    return True


def render(results: StudyResults) -> str:
    """Return the page as text. ``ResultsFormatError`` if numbers were altered."""
    results.require_unaltered()
    view = View(results)
    lead = Lead(view)
    parts = [part for part in (kind(view) for kind in PARTS) if part.shown]
    text = (
        environment()
        .get_template("templates/page.html.j2")
        .render(
            view=view,
            m=view.manifest,
            lead=lead,
            parts=parts,
            foot=Provenance(view),
            cited=cited(view, parts),
            taken=embedded({k: csv(v) for part in [lead, *parts] for k, v in part.taken.items()}),
            seals=Markup(RUN.format(results.run_hash) + "\n" + SEAL.format("")),
            style=Markup(tokens() + _asset("style.css")),
            script=Markup(_asset("script.js")),
        )
    )
    return sealed(re.sub(r"\n\s*\n+", "\n", text), SEAL)


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
