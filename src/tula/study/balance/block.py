"""The balance of a study file: what it is judged by and played with, and what that rests on."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tula.equilibrium import Calibration
from tula.errors import TulaError
from tula.evidence import Document, Problem, validate
from tula.file.address import address
from tula.file.grounds import Grounds
from tula.policy import Instrument
from tula.strategy.balance.inputs import BalanceInputs
from tula.study.balance.checks import check_use
from tula.study.balance.lines import check_grades, check_titles
from tula.study.balance.moves import Moves, check_nodes, read_moves
from tula.study.balance.names import PATH, check_names
from tula.study.elasticities import apply_elasticities
from tula.study.grounding import rangeless
from tula.study.instruments import Grounded
from tula.study.scenarios import scenario_ids
from tula.study.schema import ElasticitySet
from tula.study.ties import Tie, TieNumber
from tula.study.vocabulary import closure_names, items, unknown
from tula.world.economy import Economy
from tula.world.named import Names

#: Keys of the block that belong to the study, not to the model of the balance.
STUDY_KEYS = ("world", "closure", "moves", "titles", "notes")
#: Keys whose numbers define what balance is, or that cite facts themselves.
DEFINITIONS = ("rules", "confidence", "demands")
#: Lists of the model that a complaint about one of their items begins with.
LISTS = {"demand": "demands", "threat": "threats", "situation": "situations"}


@dataclass(frozen=True)
class BalanceBlock:
    """The balance of a study that passed every check.

    * ``elasticities``: of the world the game is played in; ``closure``: what it does with trade
      imbalances, one of the study's closures;
    * ``grounds``: what each number rests on; thresholds and demands' levels have none;
    * ``titles``: words for readers by name or group of an uncertain parameter;
    * ``demand_evidence``: ids of facts by id of the demand;
    * ``moves`` the block states itself, and their titles, by id; ``notes`` are for readers;
    * ``stated``: what each scenario and each move states itself, by id.
    """

    inputs: BalanceInputs
    elasticities: ElasticitySet
    closure: str
    grounds: tuple[TieNumber, ...]
    titles: Mapping[str, str]
    demand_evidence: Mapping[str, tuple[str, ...]]
    moves: Mapping[str, tuple[Grounded, ...]]
    move_titles: Mapping[str, str]
    notes: tuple[str, ...]
    stated: Mapping[str, tuple[Instrument, ...]]


def read_balance(
    document: Document,
    grounds: Grounds,
    economy: Economy | None,
    calibration: Calibration | None,
    ties: Sequence[Tie],
    instruments: Mapping[str, tuple[Grounded, ...]],
    names: Names,
) -> tuple[BalanceBlock | None, list[Problem]]:
    """Return the balance of a study, or None where it has none or with everything wrong with it.

    ``instruments`` are those of every scenario, what it combines included; they, ``economy`` and
    ``calibration`` may be lacking, and ``ties`` may not be all, where the study has other faults.
    """
    body = document.at(PATH)
    if PATH not in document.values or (body is not None and not isinstance(body, dict)):
        return None, []
    if not body:
        return None, [Problem(document.key_place(PATH), "the balance is empty; drop the key")]
    moves, problems = read_moves(document, grounds, names)
    world, found = _world(document, economy, names)
    closure, more = _closure(document)
    problems += found + more + check_names(document, grounds)
    inputs, found = _modelled(document, {k: body[k] for k in body if k not in STUDY_KEYS}, names)
    problems += found
    if inputs is not None:
        problems += rangeless(document, grounds, [(PATH, inputs)])
    if inputs is not None:
        own = stated(document, instruments, moves)
        problems += check_use(document, inputs, own, names)
        problems += check_titles(document, inputs, ties)
        problems += check_grades(document, inputs, ties)
        if calibration is not None and not problems:
            problems += check_nodes(document, inputs, own, calibration)
    if inputs is None or world is None or problems:
        return None, problems
    return _block(document, grounds, inputs, world, closure, moves, own), []


def _block(
    document: Document,
    grounds: Grounds,
    inputs: BalanceInputs,
    world: ElasticitySet,
    closure: str,
    moves: Moves,
    own: Mapping[str, tuple[Grounded, ...]],
) -> BalanceBlock:
    return BalanceBlock(
        inputs=inputs,
        elasticities=world,
        closure=closure,
        grounds=_numbers(document, grounds),
        titles=document.at((*PATH, "titles")) or {},
        demand_evidence={
            one.id: grounds.at((*PATH, "demands", place)).evidence
            for place, one in enumerate(inputs.demands)
        },
        moves=moves.instruments,
        move_titles=moves.titles,
        notes=tuple(items(document, (*PATH, "notes"))),
        stated={name: tuple(one.instrument for one in listed) for name, listed in own.items()},
    )


def stated(
    document: Document, instruments: Mapping[str, tuple[Grounded, ...]], moves: Moves
) -> dict[str, tuple[Grounded, ...]]:
    """What each scenario, and each move, states itself: not what it combines."""
    places = scenario_ids(document)
    own = {
        name: tuple(one for one in listed if one.path[:2] == ("scenarios", places[name]))
        for name, listed in instruments.items()
    }
    return own | dict(moves.instruments)


def _numbers(document: Document, grounds: Grounds) -> tuple[TieNumber, ...]:
    """What every uncertain number rests on."""
    body = document.at(PATH)
    return tuple(
        TieNumber(address(body, number.path[len(PATH) :]), number, grounds.at(number.path))
        for number in grounds.within(PATH)
        if number.path[1] not in (*STUDY_KEYS, *DEFINITIONS)
    )


def _world(
    document: Document, economy: Economy | None, names: Names
) -> tuple[ElasticitySet | None, list[Problem]]:
    """The elasticity set under ``world``, and what is wrong with it."""
    path = (*PATH, "world")
    content = document.at(path)
    if content is None:
        message = "key 'world' is missing: the elasticities of the world the game is played in"
        return None, [Problem(document.key_place(PATH), message)]
    chosen, problems = validate(ElasticitySet, document, path, names)
    if isinstance(content, dict) and "technology" in content:
        place = document.key_place((*path, "technology"))
        problems.append(Problem(place, "the game has no technology; only elasticities"))
    if economy is not None and chosen is not None and not problems:
        problems += _beside(document, economy, chosen)
    return (None if problems else chosen), problems


def _closure(document: Document) -> tuple[str, list[Problem]]:
    """The name under ``closure``, and what is wrong with it."""
    path = (*PATH, "closure")
    name = document.at(path)
    listed = closure_names(document)
    if name is None:
        message = f"key 'closure' is missing: one of the study's closures, {', '.join(listed)}"
        return "", [Problem(document.key_place(PATH), message)]
    if not isinstance(name, str):
        return "", [Problem(document.place(path), f"expected the name of a closure, got {name!r}")]
    return name, unknown(document, path, "closure of the study", listed)


def _beside(document: Document, economy: Economy, chosen: ElasticitySet) -> list[Problem]:
    try:
        apply_elasticities(economy, chosen)
    except TulaError as error:
        return [Problem(document.key_place((*PATH, "world")), str(error))]
    return []


def _modelled(
    document: Document, fields: dict[str, Any], names: Names
) -> tuple[BalanceInputs | None, list[Problem]]:
    """The block read by its model."""
    if "pivot" in fields:
        message = "the pivot is the study's and is not written again"
        return None, [Problem(document.key_place((*PATH, "pivot")), message)]
    given = fields | {"situations": _titled(document, fields.get("situations"))}
    content = document.content | {"balance": {k: v for k, v in given.items() if v is not None}}
    whole = replace(document, content=content)
    inputs, problems = validate(BalanceInputs, whole, PATH, names)
    if inputs is None:  # what is wrong besides names is told at once with them
        inputs, _ = validate(BalanceInputs, whole, PATH, Names(pivot=names.pivot))
    return inputs, [_placed(document, one) for one in problems]


def _titled(document: Document, situations: Any) -> Any:
    """Situations with the title and hook of the scenario they are called after."""
    if not isinstance(situations, list):
        return situations
    places = scenario_ids(document)

    def filled(one: Any) -> Any:
        place = places.get(str(one.get("id"))) if isinstance(one, dict) else None
        if place is None:
            return one
        scenario = document.at(("scenarios", place))
        words = {key: scenario[key] for key in ("title", "hook") if key in scenario}
        return {**words, **one}

    return [filled(one) for one in situations]


def _placed(document: Document, problem: Problem) -> Problem:
    """A complaint about an item of a list, moved from the whole block to the item it names."""
    begins = re.match(r"(\w+) (\S+): (\w+)", problem.message)
    if begins is None or begins[1] not in LISTS or problem.place != document.place(PATH):
        return problem
    path = (*PATH, LISTS[begins[1]])
    for index, one in enumerate(items(document, path)):
        if isinstance(one, dict) and one.get("id") == begins[2]:
            return Problem(document.place((*path, index, begins[3])), problem.message)
    return problem
