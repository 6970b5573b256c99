"""Write the first file of a study from what the table says."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import NamedTuple

import jinja2

from tula.errors import TulaError, UnknownNameError
from tula.file.undecided import TEMPLATE
from tula.policy.duties import embedded_duties
from tula.say.templates import FILTERS
from tula.say.words import named
from tula.study.load import STUDY_FILE
from tula.study.start.copies import EVIDENCE_FILE, scalar
from tula.study.start.sides import Side, spoken
from tula.world import codes
from tula.world.countries import country
from tula.world.economy import Economy
from tula.world.labels import Labels
from tula.world.store import BUILT_FROM

#: Files of a study and their templates.
TEMPLATES = {STUDY_FILE: "study.yaml.j2", EVIDENCE_FILE: "evidence.yaml.j2"}
#: The world in which countries stand that share a region with others, and how it is made.
COUNTRIES = "icio-2022-countries"


class Reach(NamedTuple):
    """A number of a rival's reach as a file has it, and why; without a reason its author's still.

    ``low`` and ``high`` are empty where the number has no range.
    """

    value: str
    low: str = ""
    high: str = ""
    reason: str = ""


#: What only an author knows of a rival's reach, and where it begins, the same for both.
REACH = {
    "duty": Reach("25 pp", "10 pp", "50 pp"),
    "chance": Reach("0.1", "0", "0.4"),
    "months": Reach("10", "3", "60"),
    "honoured": Reach("0.5", "0.1", "0.9"),
    "less": Reach("50%", "25%", "95%"),
    "breaks-off": Reach("0.05", "0.01", "0.2"),
    "now": Reach("0"),
}


class NotAloneError(TulaError):
    """A country shares its region with others in this world. Take a world where it stands alone."""


def region_of(labels: Labels, text: str, world: str) -> str:
    """Return the code of the one region that a text names.

    Raises ``UnknownNameError``, and ``NotAloneError`` with the world to take where the country is
    only a part of a region.
    """
    try:
        return labels.region(text)
    except UnknownNameError as error:
        found = country(text)
        if found is None or found.code not in codes.economies() or world == COUNTRIES:
            raise
        raise NotAloneError(
            f"{error}. By itself it stands among the 81 economies of {COUNTRIES}: {BUILT_FROM}, "
            f"then the same command with --world {COUNTRIES}"
        ) from None


def reach_of(rivals: Sequence[str]) -> dict[str, Reach]:
    """Return ``REACH`` of each rival, by id: ``usa-duty``."""
    return {f"{one.lower()}-{name}": told for one in rivals for name, told in REACH.items()}


def begin(
    name: str,
    economy: Economy,
    world: str,
    pivot: str,
    found: Sequence[Side],
    day: date,
    decided: Mapping[str, Reach] | None = None,
) -> dict[str, bytes]:
    """Return the files of a study, by name: it is sound, and runs.

    ``world`` is what the study calls its world; ``found`` are the two rivals as ``sides`` reads
    them; ``decided`` replaces numbers of ``reach_of``. What nobody but the author can know has a
    reason that begins with ``TEMPLATE:``. Raises ``UnknownNameError``.
    """
    asked = reach_of([one.rival for one in found])
    for id in decided or {}:
        if id not in asked:
            raise UnknownNameError("number of a rival's reach", id, asked)
    labels = economy.labels
    given = {
        "name": name,
        "world": world,
        "day": day,
        "pivot": pivot,
        "home": named(spoken(labels, pivot)),
        "pairs": [(one, other) for one, other in zip(found, found[::-1], strict=True)],
        "day_known": all(one.duties is not None for one in found),
        "moved": any(one.moved for one in found),
        "crude": "OIL" in labels.sectors
        and any(s == "OIL" for one in found for s, _ in one.inputs),
        "sector_names": {one: labels.sector_names.get(one, one) for one in labels.sectors},
        "first": embedded_duties().known_to,
        "TEMPLATE": TEMPLATE,
        "asked": asked | dict(decided or {}),
    }
    return {
        file: templates().get_template(template).render(given).encode()
        for file, template in TEMPLATES.items()
    }


@cache
def templates() -> jinja2.Environment:
    """The templates of the files that a study begins with."""
    found = jinja2.Environment(
        loader=jinja2.PackageLoader("tula.study.start", ""),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    found.filters |= FILTERS | {"named": named, "quoted": quoted, "scalar": scalar}
    return found


def quoted(text: str) -> str:
    """Return a text in double quotes, as YAML and JSON read it."""
    return json.dumps(text, ensure_ascii=False)
