"""Facts: dated, sourced, graded statements a study may rest its numbers on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator, model_validator

from tula.errors import UnknownNameError
from tula.file.document import read_document
from tula.file.formats import repeated
from tula.file.problems import InvalidFileError, Place
from tula.file.translate import validate
from tula.numbers.record import Record
from tula.wanted import iso_date

#: Dates that can be told to come before or after a day, and what holds on any.
_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?|FY\d{2}|law", re.ASCII)
Grade = Literal["A", "A-", "B+", "B", "B-", "C+", "C", "C-", "D"]


class Fact(Record):
    """One fact. ``value`` and ``unit`` are given together, where a single number matters;
    ``locator`` says where in the source it stands, and is needed where there is no ``url``.

    Grades: A official or wire report, checked against another; B single press report; C secondary
    page; D unverified. ``date`` is when the fact held or was published: a day, month or year of
    ISO 8601, a fiscal year such as FY25, or ``law`` for what holds as long as the law does.
    ``published`` is when it could first be read, where that is not ``date``: no number of an
    earlier day may rest on it.
    """

    id: str = Field(pattern=r"^[A-Z]+[0-9]+$")
    theme: str = Field(min_length=1)
    date: str = Field(min_length=1)
    published: str | None = None
    fact: str = Field(min_length=1)
    value: float | None = None
    unit: str | None = None
    source: str = Field(min_length=1)
    url: str = Field(default="", pattern=r"^(https?://\S+)?$")
    locator: str = ""
    grade: Grade
    notes: str = ""

    @property
    def known(self) -> str:
        """When it could be known: the date of its publication if stated, else its own."""
        return self.published or self.date

    @property
    def dated(self) -> str:
        """The day it is known from, in words that follow its id."""
        return f"was published {self.published}" if self.published else f"is dated {self.date}"

    @field_validator("date", "published")
    @classmethod
    def _day_of_the_calendar(cls, text: str | None) -> str | None:
        if text is None:
            return text
        if not _DATE.fullmatch(text):
            near = iso_date(text)
            hint = f"; write {near!r}" if near else ""
            forms = "'2025-08-06', '2025-08', '2025', 'FY25' or 'law'"
            raise ValueError(f"must be a date such as {forms}, not {text!r}{hint}")
        if text[0].isdigit():
            try:
                date.fromisoformat(text + "-01" * ((10 - len(text)) // 3))
            except ValueError:
                raise ValueError(f"{text!r} is not in the calendar") from None
        return text

    @model_validator(mode="after")
    def _complete(self) -> Fact:
        if (self.value is None) != (self.unit is None):
            raise ValueError("value and unit must be given together")
        if not (self.url or self.locator):
            raise ValueError("give url, or locator (page, table, shelf) where there is none")
        return self


class EvidenceFile(Record):
    """The content of an evidence file: a list of facts."""

    facts: tuple[Fact, ...]


@dataclass(frozen=True)
class Evidence(Mapping[str, Fact]):
    """Facts by id, with the place each stands at."""

    facts: dict[str, Fact]
    places: dict[str, Place]

    def __getitem__(self, name: str) -> Fact:
        if name not in self.facts:
            raise UnknownNameError("fact", name, self.facts)
        return self.facts[name]

    def __contains__(self, name: object) -> bool:
        return name in self.facts

    def __iter__(self) -> Iterator[str]:
        return iter(self.facts)

    def __len__(self) -> int:
        return len(self.facts)


def load_evidence(path: Path) -> Evidence:
    """Read an evidence file; ``InvalidFileError`` with every problem and its place."""
    document = read_document(path)
    content, problems = validate(EvidenceFile, document)
    problems += [*document.problems, *repeated(document, "facts", "fact")]
    if content is None or problems:
        raise InvalidFileError(problems)
    places = {fact.id: document.place(("facts", index)) for index, fact in enumerate(content.facts)}
    return Evidence({fact.id: fact for fact in content.facts}, places)
