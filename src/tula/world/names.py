"""Finding a region or a sector of one world by any of its names.

A name is found in this order: the code or group as written, or ``all``; the same in other
spelling (case, accents, Unicode form, punctuation, order of words); the name of a region or
sector; a country's other names (``tula.world.countries``) where one region is that country, an
industry's code where one sector is that industry. A country or industry that is only a part of a
region or sector is never taken for the whole: the answer says where it is.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from tula.errors import LONGEST, UnknownNameError, did_you_mean
from tula.text import unprintable
from tula.world.countries import country, key, similar

#: Keys of the codes and names of what is left of the world.
_REST = frozenset(map(key, ("ROW", "Rest of the world", "Rest of world", "WWW")))

#: Signs that no spelling of a name has.
_FOREIGN = re.compile(r"""[<>\[\]{}"#\\|^$@!=~`?]""")

#: Everyday words, without a plural s, by how tables of industries begin the word for them.
_EVERYDAY = {
    word: industry
    for industry, words in {
        "accommodation": "tourism hotel",
        "agriculture": "crop farming grain soy soybean wheat",
        "aircraft": "aeroplane airplane plane",
        "clothing": "clothe garment apparel",
        "computer": "phone semiconductor chip",
        "finance": "bank banking",
        "metal": "aluminium copper gold",
        "motor": "auto automobile automotive car",
        "pharma": "drug medicine",
    }.items()
    for word in words.split()
}

Spelled = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Vocabulary:
    """The names of one axis: codes in order, groups, what each is called and what codes hold."""

    kind: str
    codes: tuple[str, ...]
    groups: tuple[str, ...]
    names: Mapping[str, str]
    members: Mapping[str, tuple[str, ...]]

    def find(self, text: str) -> str:
        """Return the code or group that a text names, or ``"all"``.

        Raises ``UnknownNameError`` with the right code first.
        """
        found = self.match(text)
        if found is None:
            raise UnknownNameError(self.kind, text, self._valid, self.hint(text))
        return found

    def match(self, text: str) -> str | None:
        """Return the code or group that a text names, or ``"all"``; None where there is none."""
        if text in self._valid:
            return text
        named = self._named(text)
        return named[0] if len(named) == 1 else None

    def hint(self, text: str) -> str:
        """Return the end of a message about a text that is no code: the right code, if any."""
        if text in self._valid and text not in self.codes:
            return f"; it is a group: name one {self.kind}"
        named = self._named(text)
        if len(named) == 1:
            return f"; did you mean {self._spoken(named[0])}?"
        if named:
            return f"; it names {' and '.join(named)}: write one of them"
        return self._elsewhere(text, self._places(text))

    def one(self, code: str) -> str:
        """The one country or industry that a code is for certain; empty where there is none."""
        inside = self.members.get(code, ())
        if inside:
            return code if code in inside else inside[0] if len(inside) == 1 else ""
        name = self.names.get(code, code)
        return self._part(name)

    @cached_property
    def _valid(self) -> tuple[str, ...]:
        return (*self.codes, *self.groups, "all")

    @cached_property
    def _spelled(self) -> tuple[Spelled, Spelled]:
        """What each key stands for: first those of codes and groups, then those of names."""
        named = ((key(self.names[name]), name) for name in self._valid if name in self.names)
        return _gathered((key(name), name) for name in self._valid), _gathered(named)

    def _part(self, text: str) -> str:
        """The country or industry that a text names; empty if none."""
        if self.kind == "region":
            found = country(text)
            return found.code if found else ""
        held = {part.casefold(): part for parts in self.members.values() for part in parts}
        return held.get(text.strip().casefold(), "")

    def _places(self, text: str) -> tuple[str, ...]:
        """Codes that are, or else hold, the country or industry that a text names."""
        part = self._part(text)
        if not part:
            return ()
        own = tuple(code for code in self.codes if self.one(code) == part)
        return own or tuple(code for code in self.codes if part in self.members.get(code, ()))

    def _named(self, text: str) -> tuple[str, ...]:
        """Codes and groups that a text names in another spelling."""
        if unprintable(text) or _FOREIGN.search(text):
            return ()
        for spelled in self._spelled:
            if found := spelled.get(key(text)):
                return found
        places, part = self._places(text), self._part(text)
        return places if [self.one(code) for code in places] == [part] else ()

    def _elsewhere(self, text: str, places: tuple[str, ...]) -> str:
        """Say where a country or industry is, or what is near in spelling."""
        found = (country(text) or similar(text)) if self.kind == "region" else None
        if found and not places:
            places = self._places(found.code)
        alike = found.code if found and found.code in self.codes else ""
        if found and [*map(self.one, places)] == [found.code]:
            alike = places[0]
        if alike and (places or alike not in self.members):
            return f"; did you mean {self._spoken(alike)}?"
        if places:
            named = found.name if found else text
            return f"; {named} is in {' and '.join(map(self._spoken, places))}"
        if found is None:
            return self._near(text)
        alone = f"{found.name} has no region of its own here"
        rest = [c for c in self.codes if {key(c), key(self.names.get(c, c))} & _REST]
        if not rest:
            return f"{self._near(text)} {alone}"
        near = "" if len(text) > 3 else self._near(text)
        return f"; {alone}; what has none is in {self._spoken(rest[0])}{near}"

    def _near(self, text: str) -> str:
        """Ask for the codes and groups whose names hold words that begin so, or else are near in
        spelling, or list some."""
        spelled = [pair for table in self._spelled for pair in table.items()]
        sought = key(text if len(text) <= LONGEST else "")
        words = [_EVERYDAY.get(word.removesuffix("s"), word) for word in sought.split()]
        close = [
            name for name, _ in spelled if words and all(f" {word}" in f" {name}" for word in words)
        ] or difflib.get_close_matches(sought, dict(spelled), n=6, cutoff=0.5)
        near = [found for one in close for name, found in spelled if name == one]
        codes = list(dict.fromkeys(self._spoken(code) for found in near for code in found))[:3]
        return f"; did you mean {' or '.join(codes)}?" if codes else did_you_mean(text, self._valid)

    def _spoken(self, code: str) -> str:
        name = self.names.get(code, code)
        return f"{code!r} ({name})" if name != code else repr(code)


def _gathered(pairs: Iterable[tuple[str, str]]) -> Spelled:
    found: dict[str, tuple[str, ...]] = {}
    for name, code in pairs:
        if name and code not in found.get(name, ()):
            found[name] = (*found.get(name, ()), code)
    return found
