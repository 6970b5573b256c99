"""One HTML page for a study: opens offline, loads nothing, is written whole or not at all."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from tula.report import accounts, figures, formats, overview, panels, tables, tie_chart, ties
from tula.report import map as worldmap
from tula.report.balance import Sheet, balance_of
from tula.report.drawing import Drawing, drawn, twice
from tula.report.published import comparisons, estimates
from tula.report.tokens import tokens
from tula.report.view import View
from tula.study.balance.terms import level, limit
from tula.study.manifest import CertificateRecord, ScenarioRecord, TieRecord
from tula.study.results import ALTERED, MANIFEST_FILE, ResultsFormatError, StudyResults
from tula.study.seals import intact, sealed
from tula.world.files import write_together

PAGE_FILE = "index.html"
#: Where the page keeps the hash of its run, and its own.
RUN, SEAL = '<meta name="tula-run" content="{}">', '<meta name="tula-seal" content="{}">'


def write_report(results: StudyResults, directory: Path) -> Path:
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


def require_own_page(results: StudyResults, directory: Path) -> bool:
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
    text = _environment().get_template("page.html.j2").render(page=Page(view))
    return sealed(re.sub(r"\n\s*\n+", "\n", text), SEAL)


@dataclass(frozen=True)
class Chapter:
    """One scenario on the page: the tables shown at once and those folded away."""

    number: int
    record: ScenarioRecord
    first: tuple[tables.Table, ...]
    more: tuple[tables.Table, ...]


@dataclass(frozen=True)
class Proof:
    """The worst of all certificates, and the equation, place and scenario it stands in."""

    solves: int
    failures: int
    worst: CertificateRecord
    place: str
    walras: float


@dataclass(frozen=True)
class Page:
    """What the template asks for."""

    view: View

    @property
    def manifest(self) -> Any:
        """The account of the run."""
        return self.view.manifest

    @property
    def seals(self) -> Markup:
        """The hash of the run, and the place of the page's own."""
        return Markup(RUN.format(self.view.results.run_hash) + "\n" + SEAL.format(""))

    @property
    def variants(self) -> int:
        """Number of variants of the model: every closure with every elasticity set."""
        return len(self.view.closures) * len(self.view.elasticities)

    @property
    def style(self) -> Markup:
        """The style sheet."""
        return Markup(tokens() + _asset("style.css"))

    @property
    def script(self) -> Markup:
        """The script: hover texts and folds opened by links, nothing the page needs to be read."""
        return Markup(_asset("script.js"))

    @property
    def actors(self) -> list[str]:
        """Names of pivot and rivals, as in a sentence."""
        return [self.view.named(code) for code in self.view.actors]

    @cached_property
    def answer(self) -> list[str]:
        """Paragraphs of the answer, less those that the balance tells in its place."""
        parts = [part.strip() for part in self.view.manifest.answer.split("\n\n")]
        told = self.balance.paragraphs if self.balance else ()
        return [part for part in parts if part and part not in told]

    @cached_property
    def balance(self) -> Sheet | None:
        """The balance; none if the study has none."""
        record = balance_of(self.view)
        return Sheet(self.view, record) if record else None

    @cached_property
    def income(self) -> Drawing:
        """Real income of pivot and rivals in every scenario."""
        label = f"What each scenario is worth to {', '.join(self.actors)}; numbers in the tables."
        narrow = (drawn(spec, label) for spec in panels.narrow(self.view))
        return Drawing(drawn(panels.wide(self.view), label), Markup("").join(narrow))

    @cached_property
    def published(self) -> Drawing | None:
        """Published estimates in percent beside ours; none if there are none."""
        groups = comparisons(self.view)
        label = "Published estimates beside the results of this study; numbers in the table."
        if not groups:
            return None
        return twice(lambda width: figures.chart(groups, "Change, %", width=width), label)

    @cached_property
    def estimates(self) -> tables.Table | None:
        """Every published estimate in a table."""
        return estimates(self.view)

    @cached_property
    def map(self) -> worldmap.WorldMap:
        """The world map."""
        return worldmap.build(self.view)

    @property
    def map_data(self) -> Markup:
        """Names and hover texts of the map's regions for the script."""
        rows = [[area.name, area.values] for area in self.map.areas]
        return Markup(json.dumps(rows, ensure_ascii=False).replace("<", "\\u003c"))

    @property
    def sizes(self) -> tables.Table:
        """All scenarios by what they are worth to the pivot."""
        return overview.sizes(self.view)

    @property
    def everyone(self) -> tables.Table:
        """All regions in all scenarios."""
        return overview.everyone(self.view)

    @cached_property
    def ties(self) -> tuple[ties.Section, ...]:
        """The ties that have an account, largest first."""
        return ties.sections(self.view)

    @property
    def named_at_most(self) -> int:
        """Number of assumed inputs of a tie that a line may name."""
        return ties.NAMED

    @property
    def untold(self) -> tuple[TieRecord, ...]:
        """Ties of the study that have no account."""
        return ties.failed(self.view)

    @cached_property
    def ties_chart(self) -> Drawing:
        """All ties on one scale."""
        return twice(
            lambda width: tie_chart.ties_chart(self.view, width), tie_chart.spoken(self.view)
        )

    @property
    def chapters(self) -> Iterator[Chapter]:
        """The scenarios with their tables."""
        view = self.view
        first = (tables.movers, tables.flows, tables.partners, tables.sectors)
        more = (accounts.decomposition, accounts.economies, accounts.duties, accounts.incidence)
        for number, record in enumerate(view.moves, start=1):
            together = overview.parts(view, record)
            folded = [read(view, record.id) for read in more]
            yield Chapter(
                number,
                record,
                (*([together] if together else []), *(read(view, record.id) for read in first)),
                tuple(table for table in folded if table),
            )

    @property
    def sensitivity(self) -> list[tuple[str, list[tables.Table]]]:
        """Real income by closure and elasticity set, for pivot and rivals."""
        return [
            (self.view.region_names[code], overview.sensitivity(self.view, code))
            for code in self.view.actors
        ]

    @property
    def baseline(self) -> list[tables.Table]:
        """Trade of the pivot before any scenario."""
        ties = [table for code in self.view.actors[1:] for table in overview.tie(self.view, code)]
        return [overview.baseline(self.view), *ties]

    @cached_property
    def cited(self) -> dict[str, list[tuple[str, str]]]:
        """Fact id -> anchor and id of each scenario and tie that cites it."""
        found: dict[str, list[tuple[str, str]]] = {
            fact.id: [] for fact in self.view.manifest.evidence
        }
        for anchor, record in self.anchored:
            own = {name for item in record.instruments for name in item.evidence}
            for name in own | set(record.evidence):
                if name in found:
                    found[name].append((anchor, record.id))
        places = (*ties.cited(self.view), *(self.balance.cited if self.balance else ()))
        for anchor, tie, facts in places:
            for name in sorted(facts & set(found)):
                found[name].append((anchor, tie))
        return found

    @property
    def anchored(self) -> list[tuple[str, ScenarioRecord]]:
        """Where on the page each scenario stands."""
        still = [("baseline", record) for record in self.view.still]
        moves = enumerate(self.view.moves, start=1)
        return still + [(f"s{number}", record) for number, record in moves]

    @cached_property
    def proof(self) -> Proof | None:
        """The largest residual over all solves; none if no solve left a certificate."""
        scenarios = self.view.manifest.scenarios
        every = [(proof, record.id) for record in scenarios for proof in record.certificates]
        if not every:
            return None
        worst, scenario = max(every, key=lambda pair: pair[0].worst_residual)
        failures = sum(len(record.failures) for record in scenarios)
        walras = max(abs(proof.walras) for proof, _ in every)
        names = {**self.view.region_names, **self.view.sector_names}
        where = [names.get(code, code) for code in (worst.region, worst.sector) if code]
        place = ", ".join([worst.equation, *where, f"scenario {scenario}"])
        return Proof(len(every), failures, worst, place, walras)


def lowered(words: str) -> str:
    """Words with a small letter at their head, for the middle of a sentence."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


def day(written: str) -> str:
    """A date as in a sentence: 12 December 2025 for 2025-12-12."""
    told = date.fromisoformat(written)
    return f"{told.day} {told:%B} {told.year}"


def _asset(name: str) -> str:
    return (resources.files("tula.report") / "templates" / name).read_text("utf-8")


def _linkable(url: str) -> bool:
    return url.startswith(("https://", "http://"))


def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("tula.report"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["scientific"] = formats.scientific
    environment.filters["day"] = day
    environment.filters["lowered"] = lowered
    environment.filters["level"] = level
    environment.filters["limit"] = limit
    environment.tests["linkable"] = _linkable
    return environment
