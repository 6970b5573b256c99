"""What every part of the page is: a folder of ``parts`` with its selection and its words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache

import jinja2
from markupsafe import Markup

from tula.report.view import View
from tula.say.templates import FILTERS
from tula.strategy.answer.result import Answer

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

    def html(self, cited: Cited) -> Markup:
        """The part as it stands on the page."""
        template = environment().get_template(f"parts/{self.anchor}/part.html.j2")
        told = self.view.manifest
        return Markup(template.render(part=self, view=self.view, m=told, cited=cited))


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
    def home(self) -> str:
        """Name of the pivot inside a sentence."""
        return self.view.named(self.found.pivot)


def lowered(words: str) -> str:
    """Words with a small letter at their head, for the middle of a sentence."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


def day(written: str) -> str:
    """A date as in a sentence: 12 December 2025 for 2025-12-12."""
    told = date.fromisoformat(written)
    return f"{told.day} {told:%B} {told.year}"


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
    found.filters |= FILTERS | {"day": day, "lowered": lowered}
    found.tests["linkable"] = linkable
    return found
