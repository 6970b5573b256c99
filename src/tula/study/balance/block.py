"""The balance of a study file: what it is judged by and played with, and what that rests on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from tula.equilibrium import Calibration
from tula.errors import TulaError
from tula.evidence import Document, Problem, validate
from tula.policy import Instrument
from tula.strategy.balance.inputs import BalanceInputs
from tula.study.balance.checks import check_use
from tula.study.balance.lines import check_grades, check_titles
from tula.study.balance.moves import Moves, check_nodes, read_moves
from tula.study.balance.names import PATH, check_names, demands_of
from tula.study.complaints import exact, told, unless_unknown
from tula.study.elasticities import apply_elasticities, check_set
from tula.study.instruments import Grounded
from tula.study.scenarios import scenario_ids
from tula.study.schema import ElasticitySet
from tula.study.tie_numbers import GroundedNumber, ground, numbers_in
from tula.study.ties import Tie
from tula.study.vocabulary import closure_names, items, unknown
from tula.world.economy import Economy

#: Keys of the block that belong to the study, not to the model of the balance.
STUDY_KEYS = ("world", "closure", "moves", "titles", "notes", "evidence", "assumptions")
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
    grounds: tuple[GroundedNumber, ...]
    titles: Mapping[str, str]
    demand_evidence: Mapping[str, tuple[str, ...]]
    moves: Mapping[str, tuple[Grounded, ...]]
    move_titles: Mapping[str, str]
    notes: tuple[str, ...]
    stated: Mapping[str, tuple[Instrument, ...]]


def read_balance(
    document: Document,
    economy: Economy | None,
    calibration: Calibration | None,
    ties: tuple[Tie, ...],
    instruments: Mapping[str, tuple[Grounded, ...]],
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
    labels = None if economy is None else economy.labels
    moves, problems = read_moves(document, labels)
    world, found = _world(document, economy)
    closure, more = _closure(document)
    problems += found + more + check_names(document, labels)
    inputs, grounded, found = _inputs(document, body)
    problems += found
    if inputs is not None:
        own = stated(document, instruments, moves)
        problems += check_use(document, inputs, own)
        problems += check_titles(document, inputs, ties)
        problems += check_grades(document, inputs, ties)
        if calibration is not None and not problems:
            problems += check_nodes(document, inputs, own, calibration)
    if inputs is None or world is None or problems:
        return None, problems
    return _block(document, inputs, world, closure, grounded, moves, own), []


def _block(
    document: Document,
    inputs: BalanceInputs,
    world: ElasticitySet,
    closure: str,
    grounded: tuple[GroundedNumber, ...],
    moves: Moves,
    own: Mapping[str, tuple[Grounded, ...]],
) -> BalanceBlock:
    return BalanceBlock(
        inputs=inputs,
        elasticities=world,
        closure=closure,
        grounds=grounded,
        titles=document.at((*PATH, "titles")) or {},
        demand_evidence={name: tuple(cited) for name, cited in demands_of(document).items()},
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


def _world(
    document: Document, economy: Economy | None
) -> tuple[ElasticitySet | None, list[Problem]]:
    """The elasticity set under ``world``, and what is wrong with it."""
    path = (*PATH, "world")
    content = document.at(path)
    if content is None:
        message = "key 'world' is missing: the elasticities of the world the game is played in"
        return None, [Problem(document.key_place(PATH), message)]
    chosen, problems = validate(ElasticitySet, document, path)
    if isinstance(content, dict) and "technology" in content:
        place = document.key_place((*path, "technology"))
        problems.append(Problem(place, "the game has no technology; only elasticities"))
    if economy is None:
        return chosen, problems
    problems += check_set(document, path, content, economy.labels)
    if chosen is not None and not problems:
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


def _inputs(
    document: Document, body: dict[str, Any]
) -> tuple[BalanceInputs | None, tuple[GroundedNumber, ...], list[Problem]]:
    """The block read by its model, and what every number of it rests on."""
    fields = {key: body[key] for key in body if key not in STUDY_KEYS}
    uncertain = {key: value for key, value in fields.items() if key not in DEFINITIONS}
    numbers = [
        one for key, value in uncertain.items() for one in numbers_in(value, (*PATH, key), key)
    ]
    grounded, bare = ground(document, PATH, numbers, "balance")
    inputs, problems = _modelled(document, fields)
    problems += unless_unknown(bare, problems)
    if inputs is not None:
        problems += exact(document, {"": inputs}, grounded, PATH)
    return inputs, grounded, problems


def _modelled(
    document: Document, fields: dict[str, Any]
) -> tuple[BalanceInputs | None, list[Problem]]:
    if "pivot" in fields:
        message = "the pivot is the study's and is not written again"
        return None, [Problem(document.key_place((*PATH, "pivot")), message)]
    given = {
        **fields,
        "pivot": document.at(("pivot",)),
        "demands": _without_facts(fields.get("demands")),
        "situations": _titled(document, fields.get("situations")),
    }
    given = {key: value for key, value in given.items() if value is not None}
    try:
        return BalanceInputs.model_validate(given), []
    except ValidationError as error:
        complaints = [one for item in error.errors() for one in told(document, PATH, item)]
        return None, [_placed(document, one) for one in complaints]


def _without_facts(demands: Any) -> Any:
    if not isinstance(demands, list):
        return demands
    return [
        {key: value for key, value in one.items() if key != "evidence"}
        if isinstance(one, dict)
        else one
        for one in demands
    ]


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
