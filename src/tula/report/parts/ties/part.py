"""What the ties of a study are worth: sentences first, then lines, and what they rest on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from tula.numbers import write
from tula.numbers.estimate import Estimate
from tula.report.drawing import Drawing
from tula.report.part import Citing, Part
from tula.report.parts.ties import chart, words
from tula.report.view import View
from tula.say.words import capital
from tula.study.manifest import NumberRecord, TieRecord
from tula.ties.account import PART, TieAccount

HEAD = {
    "value_to_pivot": "Worth to {pivot}",
    "value_to_partner": "Worth to {partner}",
    "dependence": "Dependence of {pivot}",
    "replacement_time": "Time to replace",
    "exposure": "At risk for {pivot}",
}
#: Start of a unit as accounts write it -> how the page does, and what the numbers are times.
UNITS = {
    "million USD": (write.BILLION, 1e-3),
    "share": ("%", 100.0),
    "relative change": ("% change", 100.0),
}
ACRONYMS = {word: word.upper() for word in ("gdp", "fob", "hhi")}
ARROW = "\N{RIGHTWARDS ARROW}"
SIGNED = ("value_to_pivot", "value_to_partner")


@dataclass(frozen=True)
class Line:
    """One number of an account as the page writes it; ``interval`` is empty where none is given."""

    name: str
    meaning: str
    central: str
    interval: str
    unit: str


@dataclass(frozen=True)
class Piece:
    """Numbers of one thing within a tie, such as an order or a group of workers."""

    name: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Ground:
    """Numbers that rest on the same facts for the same reason."""

    numbers: tuple[NumberRecord, ...]
    evidence: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class Section:
    """A tie on the page; ``record`` is what the study says of its numbers, if it does.

    ``details`` are further numbers of the whole tie, ``parts`` those of things within it.
    """

    anchor: str
    title: str
    sentences: tuple[str, ...]
    head: tuple[Line, ...]
    details: tuple[Line, ...]
    parts: tuple[Piece, ...]
    notes: tuple[str, ...]
    record: TieRecord | None

    @property
    def assumed(self) -> tuple[NumberRecord, ...]:
        """The numbers that are assumed alone."""
        return tuple(one for one in self.inputs if one.reason and not one.evidence)

    @property
    def judged(self) -> int:
        """How many numbers take a fact and a judgement of how to read it."""
        return sum(bool(one.reason and one.evidence) for one in self.inputs)

    @property
    def inputs(self) -> tuple[NumberRecord, ...]:
        """The numbers that go in, those assumed alone first, those from facts alone last."""
        numbers = self.record.numbers if self.record else ()
        return tuple(sorted(numbers, key=lambda one: (not one.reason, bool(one.evidence))))

    @property
    def grounds(self) -> tuple[Ground, ...]:
        """The numbers that go in, those that rest on the same together."""
        shared: dict[tuple[tuple[str, ...], str], list[NumberRecord]] = {}
        for one in self.inputs:
            shared.setdefault((one.evidence, one.reason), []).append(one)
        return tuple(Ground(tuple(numbers), *ground) for ground, numbers in shared.items())


class Ties(Part):
    """The ties of a study that have an account, the largest first, then those that have none."""

    link = "Ties"
    #: Most assumed inputs that a line names; more are only listed.
    named_at_most = 8

    @property
    def shown(self) -> bool:
        """Whether the study has a tie."""
        return bool(self.sections or self.failed)

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """A section per account, in the order of the results."""
        records = self.view.manifest.ties
        return tuple(
            _section(self.view, place, account, records[place] if place < len(records) else None)
            for place, account in enumerate(self.view.results.ties)
        )

    @property
    def failed(self) -> tuple[TieRecord, ...]:
        """Ties that have no account."""
        return self.view.manifest.ties[len(self.view.results.ties) :]

    @cached_property
    def chart(self) -> Drawing:
        """All ties on one scale."""
        view = self.view
        return view.drawings.twice(lambda width: chart.ties_chart(view, width), chart.spoken(view))

    @property
    def cited(self) -> Iterator[Citing]:
        """Each tie told on the page with the facts its numbers rest on."""
        for section, record in zip(self.sections, self.view.manifest.ties, strict=False):
            facts = (name for one in record.numbers for name in one.evidence)
            yield section.anchor, record.id, dict.fromkeys(facts)


def _section(view: View, place: int, account: TieAccount, record: TieRecord | None) -> Section:
    names = {side: view.named(getattr(account, side)) for side in ("pivot", "partner")}
    return Section(
        _anchor(place),
        chart.tie_title(view, place),
        words.sentences(view, account),
        tuple(
            _line(view, account, getattr(account, key), words.format(**names), key in SIGNED)
            for key, words in HEAD.items()
        ),
        _details(view, account, ""),
        tuple(Piece(capital(name), _details(view, account, name)) for name in _parts(account)),
        _notes(view, account, record),
        record,
    )


def _parts(account: TieAccount) -> tuple[str, ...]:
    """What details are told of by names such as ``order: price``, in their order."""
    named = (name.rpartition(PART)[0] for name in account.details)
    return tuple(dict.fromkeys(name for name in named if name))


def _details(view: View, account: TieAccount, part: str) -> tuple[Line, ...]:
    """Lines of one part of a tie, or ("") of the whole of it."""
    split = {name: name.rpartition(PART) for name in account.details}
    return tuple(
        _line(view, account, told, _spelled(split[name][2]))
        for name, told in account.details.items()
        if split[name][0] == part
    )


def _anchor(place: int) -> str:
    return f"tie{place + 1}"


def _line(view: View, account: TieAccount, told: Estimate, name: str, signed: bool = False) -> Line:
    unit, factor = _unit(told.unit)
    central, low, high = (
        words.figure(number * factor, signed=signed or unit == "% change")
        for number in told.numbers
    )
    interval = "" if told.exact else f"{low}{write.NO_BREAK}to {high}"
    return Line(name, words.meaning(view, account, told), central, interval, unit)


def _spelled(name: str) -> str:
    """A name such as ``value_of_gdp`` in plain words."""
    spelled = (ACRONYMS.get(word, word) for word in name.split("_"))
    return capital(" ".join(spelled))


def _unit(told: str) -> tuple[str, float]:
    for start, (unit, factor) in UNITS.items():
        if told == start or told.startswith(f"{start} "):
            return unit + told[len(start) :], factor
    return told, 1.0


def _notes(view: View, account: TieAccount, record: TieRecord | None) -> tuple[str, ...]:
    """Notes of the study as they are, those of the account with names for codes, and a word where a
    central value lies outside its range."""
    told = [_sentence(view.spelled(words.called(view, account, note))) for note in account.notes]
    notes = [*(record.notes if record else ()), *told]
    every = (*(getattr(account, key) for key in HEAD), *account.details.values())
    if any(one.outside for one in every):
        notes.append(
            "A central value may lie outside its range: it is taken at the likeliest value of "
            "every input, and the likeliest may be an end of what is plausible."
        )
    return tuple(dict.fromkeys(notes))


def _sentence(text: str) -> str:
    text = text.replace("->", ARROW)
    return capital(text if text.endswith((".", "!", "?")) else f"{text}.")
