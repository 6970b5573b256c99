"""What the answer of a study rests on, frozen on its day: sources, assumptions, fitted numbers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import NamedTuple

from tula.evidence import Fact
from tula.file.grounds import Grounds
from tula.numbers.record import Path_
from tula.study.load import Study
from tula.study.schema import Belief


class Input(NamedTuple):
    """A number behind the answer: its path, or that of its belief, and what it rests on.

    ``kind``: fitted, so that the model gives a figure of the day; sourced, by facts known on the
    day; assumed, with a reason; or defined, by whoever asks.
    """

    path: Path_
    kind: str
    facts: tuple[str, ...]


def inputs_of(study: Study) -> tuple[Input, ...]:
    """Return every number behind the answer once: its block, its scenarios, its beliefs."""
    found = {one.path: one for one in _inputs(study)}
    return tuple(found.values())


def fitted(study: Study) -> dict[str, Belief]:
    """Return the beliefs behind the answer that were fitted, by id."""
    names = [str(one.path[-1]) for one in inputs_of(study) if one.kind == "fitted"]
    return {name: study.file.beliefs[name] for name in names}


def latest(study: Study) -> Fact | None:
    """Return the fact behind the answer that became known last, by its date as text."""
    cited = (study.evidence[name] for one in inputs_of(study) for name in one.facts)
    return max(
        (one for one in cited if one.known[0].isdigit()), key=lambda f: f.known, default=None
    )


def digest(study: Study) -> str:
    """Return the SHA-256 of all that the answer is computed from: no outcome is among it."""
    asked = study.file.answer
    assert asked is not None
    parts = {
        "answer": asked.model_dump(mode="json"),
        "seed": study.file.seed,
        "scenarios": {
            name: [one.instrument.model_dump(mode="json") for one in study.instruments[name]]
            for name in asked.scenarios
        },
        "world": study.economy.provenance.content_hash,
        "duties": study.table.content_hash if asked.duties == "day" else "",
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _inputs(study: Study) -> Iterator[Input]:
    grounds = study.grounds
    for path in _paths(study):
        ground = grounds.at(path)
        where = ("beliefs", ground.belief) if ground.belief else path
        yield Input(where, _kind(study, grounds, path), ground.evidence)


def _paths(study: Study) -> Iterator[Path_]:
    """Paths of numbers in the block and in the scenarios that it uses."""
    asked = study.file.answer
    used = set(asked.scenarios) if asked else set()
    within = [one.path for name in used for one in study.instruments[name]]
    for path in study.grounds.numbers:
        if path[0] == "answer" or any(path[: len(top)] == top for top in within):
            yield path


def _kind(study: Study, grounds: Grounds, path: Path_) -> str:
    ground = grounds.at(path)
    if ground.belief and study.file.beliefs[ground.belief].fitted:
        return "fitted"
    if ground.evidence:
        return "sourced"
    return "assumed" if ground.reason else "defined"
