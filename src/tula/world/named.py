"""Names as types: a file's regions, sectors and ids, checked where they stand as they are read.

The validation context (``Names``) says what a study may name. Without one, as in Python, names
pass and are looked up where they are used.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import BeforeValidator

from tula.errors import did_you_mean, first_only
from tula.numbers.record import Path_, refuse
from tula.world.labels import Labels

Fault = tuple[Path_, str]


@dataclass
class Names:
    """What a study may name: its world's labels, itself, and ids by what they are ids of.

    ``labels`` are None, and a kind of id is absent, where what would hold them cannot be read:
    then such names pass. ``partner`` is that of the tie being read.
    """

    labels: Labels | None = None
    pivot: str = ""
    partner: str = ""
    known: Mapping[str, Collection[str]] = field(default_factory=dict)

    def region(self, name: str) -> str:
        """The code of a region in any usual form; a name that has none comes back as it is."""
        return (self.labels.region_vocabulary.match(name) if self.labels else None) or name


def _found(value: Any, at: Path_, find: Callable[[str], str | Fault], faults: list[Fault]) -> Any:
    """A name, or a list of them, or of lists, with every name as it is to be used."""
    if isinstance(value, list | tuple):
        return tuple(_found(one, (*at, place), find, faults) for place, one in enumerate(value))
    if not isinstance(value, str):
        return value
    answer = find(value)
    if isinstance(answer, str):
        return answer
    faults.append((at, answer[1]))
    return value


def _of_world(kind: str, groups: bool) -> BeforeValidator:
    """Names of regions or sectors in any usual form, made codes; groups too, if they may stand."""

    def check(value: Any, info: Any) -> Any:
        labels: Labels | None = getattr(info.context, "labels", None)
        if labels is None:
            return value
        vocabulary = labels.region_vocabulary if kind == "region" else labels.sector_vocabulary
        hint = first_only(vocabulary.hint)

        def find(name: str) -> str | Fault:
            code = vocabulary.match(name)
            if code is None or not (groups or code in vocabulary.codes):
                return (), f"unknown {kind} {name!r}{hint(name)}"
            return code

        faults: list[Fault] = []
        found = _found(value, (), find, faults)
        refuse(faults)
        return found

    return BeforeValidator(check)


def known(kind: str) -> BeforeValidator:
    """Ids of a kind that the study, or what it names, holds."""

    def check(value: Any, info: Any) -> Any:
        valid = getattr(info.context, "known", {}).get(kind)
        if valid is None:
            return value
        hint = first_only(lambda name: did_you_mean(name, valid))

        def find(name: str) -> str | Fault:
            return name if name in valid else ((), f"unknown {kind} {name!r}{hint(name)}")

        faults: list[Fault] = []
        found = _found(value, (), find, faults)
        refuse(faults)
        return found

    return BeforeValidator(check)


#: One name as a list of it.
LISTED = BeforeValidator(lambda value: (value,) if isinstance(value, str) else value)
#: One region of the world, and one sector.
REGION, SECTOR = _of_world("region", groups=False), _of_world("sector", groups=False)
#: Regions and groups of them, and sectors and groups of them, alone or in lists.
REGIONS, SECTORS = _of_world("region", groups=True), _of_world("sector", groups=True)
Region = Annotated[str, REGION]
Regions = Annotated[tuple[str, ...], REGIONS, LISTED]
SectorCode = Annotated[str, SECTOR]
Sectors = Annotated[tuple[str, ...], SECTORS, LISTED]
ScenarioId = Annotated[str, known("scenario")]
