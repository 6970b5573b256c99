"""Study files with a line spoilt: every one is refused at a place in it, or sound.

The study of Türkiye that comes with Tula is copied, one to three of its lines are changed, and it
is checked; nothing is solved.
"""

from __future__ import annotations

import random
import re
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.stress.outcomes import VALUES, counted
from tula.evidence import InvalidFileError, errors_in
from tula.study.load import built_in_studies, check_study

STUDY = "turkey-2025"
#: Lines that no file begins or holds, and ways to spoil a whole text.
LINES = ("%YAML 1.1\n---", "---", "...", "\tx: 1", "? [a, b]\n: c", "x: 1", "<<: {a: 1}", "- - -")
ENCODINGS = ("utf-16", "utf-32", "latin-1", "utf-8-sig")


def run(seed: int = 0, count: int = 300) -> dict[str, int]:
    """Return how many of ``count`` spoilt studies were read and refused, and every defect."""
    with TemporaryDirectory() as folder:
        work = Path(folder) / "study"
        shutil.copytree(built_in_studies()[STUDY].parent, work)
        return counted(_trials(work, random.Random(seed), count))


def _trials(work: Path, rng: random.Random, count: int) -> Iterator[tuple[str, Callable[[], None]]]:
    whole = {name: (work / name).read_text("utf-8") for name in ("study.yaml", "evidence.yaml")}
    for number in range(count):
        name = rng.choice(("study.yaml", "study.yaml", "evidence.yaml"))
        for other, text in whole.items():
            (work / other).write_text(text, encoding="utf-8")
        content = _spoilt(whole[name], rng)
        (work / name).write_bytes(content)
        yield f"{name} {number}", partial(_checked, work / "study.yaml")


def _checked(path: Path) -> None:
    """Check a study as the command does."""
    problems = check_study(path)
    if errors_in(problems):
        raise InvalidFileError(problems)


def _spoilt(text: str, rng: random.Random) -> bytes:
    lines = text.split("\n")
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        _spoil(lines, rng)
    spoilt = "\n".join(lines)
    if rng.random() < 0.05:
        return spoilt[: rng.randrange(len(spoilt))].encode()
    encoding = rng.choice(ENCODINGS) if rng.random() < 0.05 else "utf-8"
    return spoilt.encode(encoding, errors="replace")


def _spoil(lines: list[str], rng: random.Random) -> None:
    """Change one line in place: its value, its key, its indentation, or whether it is there."""
    place = rng.randrange(len(lines))
    key = re.match(r"\s*(?:- )?[\w-]+: ", lines[place])
    match rng.choice(("value", "value", "value", "key", "indent", "drop", "twice", "line", "char")):
        case "value" if key:
            lines[place] = key[0] + rng.choice(VALUES)
        case "key" if key:
            lines[place] = key[0].rstrip(": ") + rng.choice(("s: ", "X: ", " : ")) + "1"
        case "indent":
            lines[place] = rng.choice((" ", "  ", "\t", "- ")) + lines[place]
        case "drop":
            del lines[place]
            lines.append("")
        case "twice":
            lines.insert(place, lines[place])
        case "line":
            lines.insert(rng.choice((0, place)), rng.choice(LINES))
        case _:
            at = rng.randrange(len(lines[place]) + 1)
            sign = chr(rng.choice((0, 7, 27, 0x9B, 0x2028, 0x202E, *b"[]{}:&*!|>%@`#'\"")))
            lines[place] = lines[place][:at] + sign + lines[place][at:]
