"""Who is meant by an importer or a partner of a schedule, among the regions of a world."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from tula.policy.duties.table import embedded_duties
from tula.world.countries import countries, country
from tula.world.importers.broad import EVERYONE
from tula.world.labels import Labels

#: How schedules call the European Union.
UNION = frozenset({"eu", "eun", "eu27", "eu28", "european union", "918", "97"})
#: Codes and names of what is left of the world.
REST = ("ROW", "WWW")


class Party(NamedTuple):
    """One side of a line: regions that it stands for, or one country, and how narrow that is.

    ``regions`` is empty where nobody knows the name; ``country`` is set for a country that is a
    part of its region; ``breadth`` orders everyone (2) after a group or region (1) and a country.
    """

    regions: tuple[str, ...]
    country: str = ""
    breadth: int = 1


class Parties:
    """Finds parties by name; a country without a region of its own is in the one that holds it."""

    def __init__(self, labels: Labels) -> None:
        self._labels = labels
        members = labels.region_vocabulary.members
        self._inside: Mapping[str, str] = {
            one: code for code in labels.regions for one in members.get(code, (code,))
        }
        self._alone = {code for code in labels.regions if len(members.get(code, (code,))) == 1}
        self._rest = next((code for code in REST if code in labels.regions), "")
        self._known: dict[str, Party] = {}

    def find(self, text: str) -> Party:
        """Return who is meant."""
        if text not in self._known:
            self._known[text] = self._find(text)
        return self._known[text]

    def size(self, region: str) -> int:
        """Return how many countries a region holds."""
        if region == self._rest:
            return sum(one.code not in self._inside for one in countries())
        return len(self._labels.region_vocabulary.members.get(region, (region,)))

    def strangers(self, texts: Iterable[str]) -> list[str]:
        """Return the names that stand for nobody in this world, with the nearest right ones."""
        vocabulary = self._labels.region_vocabulary
        unknown = [one for one in dict.fromkeys(texts) if not self.find(one).regions]
        return [f"{one!r}{vocabulary.hint(one)}" for one in unknown]

    def _find(self, text: str) -> Party:
        plain, labels = text.strip().casefold(), self._labels
        if plain in EVERYONE or plain == "all":
            return Party(labels.regions, breadth=2)
        if plain in UNION and "EU" in labels.region_groups:
            return Party(labels.region_groups["EU"])
        if name := labels.region_vocabulary.match(text):
            return Party(labels.resolve_regions(name))
        if found := country(text):
            region = self._inside.get(found.code, self._rest)
            whole = region in self._alone and region != self._rest
            return Party(
                (region,) if region else (), "" if whole else found.code, 1 if whole else 0
            )
        places = embedded_duties().places.get(text, ())
        return Party(tuple(code for code in labels.regions if code in places))
