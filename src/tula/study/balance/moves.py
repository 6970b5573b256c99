"""Moves that a balance states itself, and whether what stands together can stand together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from pydantic import TypeAdapter

from tula.equilibrium import Calibration
from tula.evidence import Document, Problem, validate
from tula.file.grounds import Grounds
from tula.policy.union import Instrument, WrittenInstrument
from tula.strategy.balance.inputs import BalanceInputs, Situation
from tula.study.balance.names import PATH, Texts, move_ids
from tula.study.instruments import Grounded, grounded
from tula.study.scenarios import check_together, scenario_ids
from tula.study.vocabulary import Path_, items
from tula.world.named import Names

MOVE_KEYS = ("id", "title", "instruments")
INSTRUMENTS: TypeAdapter[tuple[Instrument, ...]] = TypeAdapter(tuple[WrittenInstrument, ...])


class Moves(NamedTuple):
    """What moves do, and what they are called, by id."""

    instruments: Mapping[str, tuple[Grounded, ...]]
    titles: Mapping[str, str]


def read_moves(document: Document, grounds: Grounds, names: Names) -> tuple[Moves, list[Problem]]:
    """The moves of a balance with everything wrong with them."""
    problems: list[Problem] = []
    found: dict[str, tuple[Grounded, ...]] = {}
    titles: dict[str, str] = {}
    for index, content in enumerate(items(document, (*PATH, "moves"))):
        path: Path_ = (*PATH, "moves", index)
        if not isinstance(content, dict):
            message = "write the move as {id, title, instruments: [...]}"
            problems.append(Problem(document.place(path), message))
            continue
        problems += Texts(document, path, MOVE_KEYS).problems(("id", "title"))
        stated, wrong = _stated(document, path, grounds, names)
        problems += wrong
        if isinstance(content.get("id"), str):
            found[content["id"]] = tuple(stated)
            titles[content["id"]] = str(content.get("title", ""))
    return Moves(found, titles), problems + _taken(document)


def _stated(
    document: Document, path: Path_, grounds: Grounds, names: Names
) -> tuple[list[Grounded], list[Problem]]:
    here = (*path, "instruments")
    if not items(document, here):
        return [], [Problem(document.place(here), "a move needs a list of instruments")]
    found, problems = validate(INSTRUMENTS, document, here, names)
    if found is None:
        return [], problems
    return grounded(here, found, grounds), []


def _taken(document: Document) -> list[Problem]:
    """Ids of moves that scenarios, or other moves, have already."""
    scenarios, problems = scenario_ids(document), []
    seen: set[str] = set()
    for index, name in move_ids(document):
        place = document.place((*PATH, "moves", index, "id"))
        if name in scenarios:
            problems.append(Problem(place, f"{name!r} is the id of a scenario; rename the move"))
        if name in seen:
            problems.append(Problem(place, f"move {name!r} stands twice"))
        seen.add(name)
    return problems


def check_nodes(
    document: Document,
    inputs: BalanceInputs,
    own: Mapping[str, tuple[Grounded, ...]],
    calibration: Calibration,
) -> list[Problem]:
    """Problems with instruments that cannot be in force together where the balance needs them."""
    problems = []
    for path, owner, given in (*_moves(document, inputs), *_situations(inputs)):
        names = list(given)
        if not own.keys() >= set(names):
            continue  # some of it has faults of its own, which are told
        grounded = [one for name in dict.fromkeys(names) for one in own[name]]
        problems += check_together(document, path, owner, grounded, calibration)
    return problems


Node = tuple[Path_, str, Iterable[str]]


def _moves(document: Document, inputs: BalanceInputs) -> Iterator[Node]:
    """Each move alone, and what rivals and players could do once everything stands."""
    for index, name in move_ids(document):
        yield (*PATH, "moves", index), f"move {name!r}", (name,)
    first = inputs.situations[0] if inputs.situations else None
    now = tuple(_in_force(inputs, first)) if first is not None else inputs.standing
    for index, power in enumerate(inputs.powers):
        owner = f"powers of {power.rival} in the first situation"
        yield (*PATH, "powers", index), owner, (*now, *power.scenarios)
    for index, move in enumerate(inputs.next_moves):
        owner = f"next move {move.id!r} in the first situation"
        yield (*PATH, "next_moves", index), owner, (*now, *move.scenarios)


def _situations(inputs: BalanceInputs) -> Iterator[Node]:
    for index, situation in enumerate(inputs.situations):
        owner = f"situation {situation.id!r}"
        yield (*PATH, "situations", index), owner, _in_force(inputs, situation)


def _in_force(inputs: BalanceInputs, situation: Situation) -> Iterator[str]:
    """Scenarios and moves in force in a situation, those of its threats last."""
    yield from inputs.standing if situation.standing else ()
    yield from next(one.scenarios for one in inputs.courses if one.id == situation.course)
    for event in inputs.events:
        yield from event.scenarios if event.id in situation.events else ()
    yield from situation.scenarios
    for threat in inputs.threats:
        yield from threat.scenarios if threat.id in situation.threats else ()
