"""One section per tie: sentences first, then its lines, what they rest on, and what is assumed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tula.numbers import write
from tula.numbers.estimate import Estimate
from tula.report import tie_words
from tula.report.tie_chart import tie_title
from tula.report.view import View
from tula.study.manifest import TieNumberRecord, TieRecord
from tula.study.wording import capital
from tula.ties.account import TieAccount

HEAD = {
    "value_to_pivot": "Worth to {pivot}",
    "value_to_partner": "Worth to {partner}",
    "dependence": "Dependence of {pivot}",
    "replacement_time": "Time to replace",
    "exposure": "At risk for {pivot}",
}
#: Most assumed inputs that a line names; more are only listed.
NAMED = 8
#: Start of a unit as accounts write it -> how the page does, and what the numbers are times.
UNITS = {
    "billion USD": (write.BILLION, 1.0),
    "share": ("%", 100.0),
    "relative change": ("% change", 100.0),
}
ACRONYMS = {word: word.upper() for word in ("gdp", "fob", "hhi")}
#: Between a part of a tie and what is told of it, in names of details.
PART = ": "
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
class Part:
    """Numbers of one thing within a tie, such as an order or a group of workers."""

    name: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Ground:
    """Numbers that rest on the same facts for the same reason."""

    numbers: tuple[TieNumberRecord, ...]
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
    parts: tuple[Part, ...]
    notes: tuple[str, ...]
    record: TieRecord | None

    @property
    def assumed(self) -> tuple[str, ...]:
        """Keys of the numbers that are assumed alone."""
        return tuple(one.key for one in self.inputs if one.reason and not one.evidence)

    @property
    def judged(self) -> int:
        """How many numbers take a fact and a judgement of how to read it."""
        return sum(bool(one.reason and one.evidence) for one in self.inputs)

    @property
    def inputs(self) -> tuple[TieNumberRecord, ...]:
        """The numbers that go in, those assumed alone first, those from facts alone last."""
        numbers = self.record.numbers if self.record else ()
        return tuple(sorted(numbers, key=lambda one: (not one.reason, bool(one.evidence))))

    @property
    def grounds(self) -> tuple[Ground, ...]:
        """The numbers that go in, those that rest on the same together."""
        shared: dict[tuple[tuple[str, ...], str], list[TieNumberRecord]] = {}
        for one in self.inputs:
            shared.setdefault((one.evidence, one.reason), []).append(one)
        return tuple(Ground(tuple(numbers), *ground) for ground, numbers in shared.items())


def sections(view: View) -> tuple[Section, ...]:
    """Return a section per account, in the order of the results."""
    records = view.manifest.ties
    return tuple(
        _section(view, place, account, records[place] if place < len(records) else None)
        for place, account in enumerate(view.results.ties)
    )


def failed(view: View) -> tuple[TieRecord, ...]:
    """Ties of the study that have no account: what is said of them, or why there is none."""
    return view.manifest.ties[len(view.results.ties) :]


def facts_of(record: TieRecord) -> tuple[str, ...]:
    """Ids of the facts that the numbers of a tie rest on, each once."""
    return tuple(dict.fromkeys(name for one in record.numbers for name in one.evidence))


def cited(view: View) -> Iterator[tuple[str, str, set[str]]]:
    """Anchor and id of each tie told on the page with the facts its numbers rest on."""
    for place, record in enumerate(view.manifest.ties):
        if not record.failure:
            yield _anchor(place), record.id, set(facts_of(record))


def _section(view: View, place: int, account: TieAccount, record: TieRecord | None) -> Section:
    names = {side: view.named(getattr(account, side)) for side in ("pivot", "partner")}
    return Section(
        _anchor(place),
        tie_title(view, place),
        (
            tie_words.worth(view, account),
            tie_words.hold(view, account),
            tie_words.risk(view, account),
        ),
        tuple(
            _line(view, account, getattr(account, key), words.format(**names), key in SIGNED)
            for key, words in HEAD.items()
        ),
        _details(view, account, ""),
        tuple(Part(capital(name), _details(view, account, name)) for name in _parts(account)),
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
        tie_words.billion(number * factor, signed=signed or unit == "% change")
        for number in told.numbers
    )
    interval = "" if told.exact else f"{low}{write.NO_BREAK}to {high}"
    return Line(name, tie_words.meaning(view, account, told), central, interval, unit)


def _spelled(name: str) -> str:
    """A name such as ``value_of_gdp`` in plain words."""
    words = (ACRONYMS.get(word, word) for word in name.split("_"))
    return capital(" ".join(words))


def _unit(told: str) -> tuple[str, float]:
    for start, (words, factor) in UNITS.items():
        if told == start or told.startswith(f"{start} "):
            return words + told[len(start) :], factor
    return told, 1.0


def _notes(view: View, account: TieAccount, record: TieRecord | None) -> tuple[str, ...]:
    """Notes of study and account, and a word where a central value lies outside its range."""
    told = (*(record.notes if record else ()), *account.notes)
    notes = [_sentence(view.spelled(tie_words.called(view, account, note))) for note in told]
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
