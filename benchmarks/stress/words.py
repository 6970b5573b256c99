"""What-ifs with a part spoilt, as ``tula solve`` and ``tula optimal --given`` take them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from functools import partial

from benchmarks.stress.outcomes import VALUES, counted
from tula.policy.forms import WHATIF_FORMS
from tula.policy.instruments import Instrument
from tula.policy.whatif import parse_whatif
from tula.world.labels import Labels
from tula.world.store import load_world

#: One sound part for every word of the forms.
SOUND = {
    "RATE": "+25pp",
    "FACTOR": "x1.05",
    "SHARE": "35%",
    "SECTORS": "OIL",
    "AMOUNT": "5bn",
    "CEILING": "65%/each",
    "LEVEL": "80%",
    "OVERRIDE": "override",
    "RENT": "importer",
    "WORKERS": "70k",
    "HOME": "2400usd",
    "HOST": "6000usd",
}
REGIONS = ("USA", "IND", "RUS", "EU", "all-CHN", "IND+USA")
PARTS = (
    *VALUES,
    *SOUND.values(),
    "=10%",
    "x0",
    "x-1",
    "=nan",
    "+1e400pp",
    "-200pp",
    "0bn",
    "1e30bn",
)


def run(seed: int = 0, count: int = 3000) -> dict[str, int]:
    """Return how many of ``count`` what-ifs were read and refused, and every defect."""
    labels = load_world().labels
    return counted(_trials(labels, random.Random(seed), count))


def _trials(
    labels: Labels, rng: random.Random, count: int
) -> Iterator[tuple[str, Callable[[], Instrument]]]:
    for _ in range(count):
        kind = rng.choice(list(WHATIF_FORMS))
        words = WHATIF_FORMS[kind].replace("[:", ":").replace("]", "").split(":")
        parts = [SOUND.get(word) or rng.choice(REGIONS) for word in words]
        for _ in range(rng.choice((0, 1, 1, 1, 2, 3))):
            _spoil(parts, rng)
        text = ":".join(parts)
        yield f"{kind} {text[:80]!r}", partial(parse_whatif, kind, text, labels)


def _spoil(parts: list[str], rng: random.Random) -> None:
    """Change one part in place, drop it, add one, or put a sign into it."""
    place = rng.randrange(len(parts))
    match rng.choice(("part", "part", "drop", "add", "sign")):
        case "part":
            parts[place] = rng.choice(PARTS)
        case "drop" if len(parts) > 1:
            del parts[place]
        case "add":
            parts.insert(place, rng.choice(PARTS))
        case _:
            at = rng.randrange(len(parts[place]) + 1)
            sign = chr(rng.choice((0, 27, 0xA0, 0x200B, 0x2212, *range(33, 127))))
            parts[place] = parts[place][:at] + sign + parts[place][at:]
