"""What every part of the page is: a folder of ``parts`` with its selection and its words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

import jinja2
import pandas as pd
from markupsafe import Markup
from pydantic import BaseModel

from tula.report.view import View
from tula.say.templates import FILTERS
from tula.strategy.answer.result import Answer
from tula.study.verdict import called, condition

_HEADING = re.compile(r"<h2>(.*?)</h2>", re.S)
#: Where on the page a part of the study stands, what it is called, and the facts it rests on.
Citing = tuple[str, str, Iterable[str]]
#: Fact id -> anchor and name of every place that cites it.
Cited = Mapping[str, list[tuple[str, str]]]


class Part:
    """One part of the page.

    ``part.py`` of its folder selects from the results what the part shows: its tables, its charts,
    the numbers in its text. ``part.html.j2`` beside it holds the words, and is given the part, the
    view, the manifest ``m`` and what is ``cited``. The folder's name is the part's anchor.
    """

    #: Word in the bar of links; empty where the part has no link.
    link = ""

    def __init__(self, view: View) -> None:
        self.view = view

    @property
    def anchor(self) -> str:
        """Name of the part's folder and of its place on the page."""
        return type(self).__module__.split(".")[-2]

    @property
    def shown(self) -> bool:
        """Whether the results have what the part tells."""
        return True

    @property
    def cited(self) -> Iterable[Citing]:
        """Places of the part that rest on facts."""
        return ()

    @property
    def taken(self) -> Mapping[str, Sequence[BaseModel]]:
        """Name of a figure, as in its ``data-csv`` -> its numbers as they were found.

        A figure without has the CSV of its table as it stands on the page.
        """
        return {}

    @property
    def script(self) -> Markup:
        """What the part does by itself once the page stands; empty where it does nothing."""
        return Markup()

    def html(self, cited: Cited) -> Markup:
        """The part as it stands on the page, its heading a link to itself."""
        template = environment().get_template(f"parts/{self.anchor}/part.html.j2")
        told = self.view.manifest
        text = template.render(part=self, view=self.view, m=told, cited=cited)
        return Markup(_HEADING.sub(rf'<h2><a class="self" href="#{self.anchor}">\1</a></h2>', text))


class AnswerPart(Part):
    """A part that tells of the answer, in studies that ask a question."""

    @property
    def shown(self) -> bool:
        """Whether the question has an answer."""
        return self.view.results.answer is not None

    @property
    def found(self) -> Answer:
        """The answer."""
        found = self.view.results.answer
        assert found is not None, "asked of a study without an answer"
        return found

    @property
    def foretells(self) -> bool:
        """Whether the fit to the draws foretells every number better than the mean of the draws."""
        return self.found.proof.fit > 0.0

    @property
    def rivals(self) -> list[str]:
        """Names of the rivals inside a sentence, in the order of their leverage."""
        return [self.view.named(one.rival) for one in self.found.powers]

    @property
    def dots(self) -> str:
        """What the dots of paths are, where there are any."""
        came = any(one.arrival for one in self.view.manifest.since)
        return "; dots: what came, growth and seasons with it" if came else ""

    def condition(self, name: str) -> str:
        """What a condition is called."""
        one = next(one for one in self.found.conditions if one.id == name)
        return str(condition(one, self.view.named).title)

    def belief(self, name: str) -> str:
        """What a belief is called."""
        return called(self.view.manifest).get(name, name)

    @property
    def home(self) -> str:
        """Name of the pivot inside a sentence."""
        return self.view.named(self.found.pivot)


def csv(rows: Sequence[BaseModel]) -> str:
    """Records as CSV, a column for every number in them: ``kept median`` for that of ``kept``.

    Lists of records in a record are left out.
    """
    flat = pd.json_normalize([row.model_dump(mode="json") for row in rows], sep=" ")
    listed = flat.map(lambda cell: isinstance(cell, list) and isinstance(next(iter(cell), 0), dict))
    return flat.loc[:, ~listed.any()].to_csv(index=False, lineterminator="\n")


def embedded(data: object) -> Markup:
    """Data as JSON that may stand in a page's script."""
    return Markup(json.dumps(data, ensure_ascii=False).replace("<", "\\u003c"))


def lowered(words: str) -> str:
    """Words with a small letter at their head, for the middle of a sentence."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


def linkable(url: str) -> bool:
    """Whether an address may stand behind a link."""
    return url.startswith(("https://", "http://"))


@cache
def environment() -> jinja2.Environment:
    """Templates of the page, of its parts and of what parts share."""
    found = jinja2.Environment(
        loader=jinja2.PackageLoader("tula.report", ""),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters |= FILTERS | {"lowered": lowered}
    found.tests["linkable"] = linkable
    return found
