"""Write the first file of a study from what the table says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache

import jinja2

from tula.errors import TulaError, UnknownNameError
from tula.file.undecided import TEMPLATE
from tula.policy.duties import embedded_duties
from tula.say.templates import FILTERS
from tula.say.words import named
from tula.study.load import STUDY_FILE
from tula.study.start.copies import EVIDENCE_FILE
from tula.study.start.sides import Side
from tula.world import codes
from tula.world.countries import country
from tula.world.economy import Economy
from tula.world.labels import Labels

#: The world in which countries stand that share a region with others, and how it is made.
COUNTRIES, EXTRA = "icio-2022-countries", "pip install 'tula[data]'"


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
            f"{error}. By itself it stands among the 81 economies of {COUNTRIES}: {EXTRA}, then "
            f"the same command with --world {COUNTRIES}"
        ) from None


def begin(
    name: str, economy: Economy, world: str, pivot: str, found: Sequence[Side], day: date
) -> dict[str, bytes]:
    """Return the files of a study, by name: it is sound, and runs.

    ``world`` is what the study calls its world; ``found`` are the two rivals as ``sides`` reads
    them. What nobody but the author can know has a reason that begins with ``TEMPLATE:``.
    """
    labels = economy.labels
    given = {
        "name": name,
        "world": world,
        "day": day,
        "pivot": pivot,
        "home": named(labels.region_names.get(pivot, pivot)),
        "pairs": [(one, other) for one, other in zip(found, found[::-1], strict=True)],
        "day_known": all(one.duties is not None for one in found),
        "moved": any(one.moved for one in found),
        "crude": "OIL" in labels.sectors
        and any(s == "OIL" for one in found for s, _ in one.inputs),
        "sector_names": labels.sector_names,
        "first": embedded_duties().known_to,
        "TEMPLATE": TEMPLATE,
    }
    texts = {STUDY_FILE: "study.yaml.j2", EVIDENCE_FILE: "evidence.yaml.j2"}
    return {
        file: _templates().get_template(template).render(given).encode()
        for file, template in texts.items()
    }


@cache
def _templates() -> jinja2.Environment:
    found = jinja2.Environment(
        loader=jinja2.PackageLoader("tula.study.start", ""),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    found.filters |= FILTERS | {"named": named}
    return found
