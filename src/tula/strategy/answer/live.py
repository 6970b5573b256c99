"""What a page needs to solve the world of an answer by itself, as plain data.

The world travels once; duties, instruments and elasticities travel as formulas of beliefs, so that
the page can move each of them. Names are those of the inputs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain, combinations
from typing import Any

import numpy as np

from tula.equilibrium.variants import LONG_RANGE, SIGMA_LONG
from tula.live import FullEngineError, payload
from tula.live.moves import Move, moves
from tula.live.packing import packed
from tula.market.commodity import Commodity
from tula.numbers.quantity import Quantity
from tula.strategy.answer.beliefs import Beliefs, Values
from tula.strategy.answer.inputs import SHORT_RUNS, AnswerInputs, Cause, Course, Switch
from tula.strategy.answer.policies import Names
from tula.strategy.answer.readings import cells
from tula.strategy.answer.scenarios import Scenario
from tula.strategy.answer.stand import as_it_stands, stood
from tula.strategy.answer.states import Task
from tula.world.horizon import SIGMA_SHORT

Content = dict[str, Any]
Number = float | dict[str, str]
#: How far from a whole number of points a rate may lie.
WHOLE = 1e-6


def live(task: Task, beliefs: Beliefs, most_bytes: int) -> Content:
    """Return the world and the question of an answer for the page's engine.

    ``figures`` are the Python engine's where nothing is moved. ``most_bytes`` is the text that the
    world may take. Raises ``FullEngineError`` for a world or short-run world that a page cannot
    solve, and ``AnswerError``; an instrument that it does not know shuts what it is part of, and
    is refused where that stands at first.
    """
    first, values = as_it_stands(task.inputs), beliefs.at(0)
    asked = _asked(task, beliefs)
    for one in (*asked["courses"], *asked["switches"]):
        if "full" in one and one["id"] in {first.course, *first.on}:
            raise FullEngineError(f"{one['title']}: {one['full']}")
    return {
        "world": payload(task.economy, most_bytes=most_bytes),
        "asked": asked,
        "duties": _duties(task),
        "first": {"course": first.course, "on": sorted(first.on), "happened": [], "month": 1},
        "figures": stood(task, first, 1, values).model_dump(include={"kept", "income"}),
    }


def _asked(task: Task, beliefs: Beliefs) -> Content:
    inputs, labels = task.inputs, task.economy.labels
    names = (inputs.pivot, *inputs.rivals)
    courses = [_course(task, one) for one in inputs.options]
    told = {name: (one.value, one.low, one.high) for name, one in beliefs.priors.items()}
    return {
        "pivot": labels.region_index(inputs.pivot),
        "parties": [labels.region_index(one) for one in names],
        "months": task.months.tolist(),
        "closure": inputs.closure,
        "kept": inputs.kept,
        "beliefs": {name: [float(x) for x in one] for name, one in told.items()},
        "elasticity": _elasticity(task),
        "commodities": [_commodity(task, one) for one in inputs.commodities],
        "standing": _standing(task, beliefs.at(0)),
        "ties": [_tie(inputs, task, place) for place in range(len(inputs.critical))],
        "switches": [_switch(task, one) for one in inputs.switches],
        "causes": [_cause(one) for one in inputs.causes],
        "courses": courses,
        "points": _points(task, courses),
    }


def _commodity(task: Task, one: Commodity) -> Content:
    return {
        "sector": task.economy.labels.sector_index(one.sector),
        "replace": _number(one.replace),
        "grades": _number(one.grades),
        "speed": _number(one.speed or task.inputs.elasticity.speed),
        "supply": None if one.supply is None else _number(one.supply),
    }


def _standing(task: Task, values: Values) -> list[Move]:
    """Moves that hold in every situation: outlets of commodities carry what they can."""
    labels, found = task.economy.labels, list[Move]()
    for one in task.inputs.commodities:
        for outlet, item in zip(one.outlets, one.standing(values), strict=True):
            ranged = outlet.capacity.belief and outlet.capacity.ranged
            own = {"at": outlet.capacity.belief} if ranged else {}
            found += moves(item, labels, task.inputs.announced, own)
    return found


def _number(quantity: Quantity) -> Number:
    """A number, or the belief that it is."""
    return {"belief": quantity.belief} if quantity.belief and quantity.ranged else quantity.value


def _elasticity(task: Task) -> Content:
    """Sigmas of buyers hit and of all others, by name of the path or as a number."""
    inputs, variant = task.inputs, SHORT_RUNS[task.slow]
    if variant.wage_floor is not None:
        raise FullEngineError(f"a page cannot solve the short-run world {task.slow}")
    path, labels = inputs.elasticity, task.economy.labels
    names = {SIGMA_SHORT: "slow", SIGMA_LONG: "long", LONG_RANGE[1]: "longest"}
    return {
        "first_year": _number(path.first_year),
        "long_run": _number(path.long_run),
        "speed": _number(path.speed),
        "hit": variant.hit and names.get(variant.hit, variant.hit),
        "others": variant.others and names.get(variant.others, variant.others),
        "longest": LONG_RANGE[1],
        "buyers": [
            [labels.sector_index(sector), labels.region_index(region)]
            for region, sectors in task.hit.items()
            for sector in sectors
        ],
    }


def _tie(inputs: AnswerInputs, task: Task, place: int) -> Content:
    one = inputs.critical[place]
    told = {"id": one.id, "title": one.title, "by": one.by}
    at = cells(inputs, one, task.base)
    if at is None:
        return {**told, "cells": None}
    sectors, buyer, seller = at
    n = len(task.economy.regions)
    return {**told, "cells": [int((s * n + buyer) * n + seller) for s in sectors]}


def _switch(task: Task, one: Switch) -> Content:
    return {
        "id": one.id,
        "title": one.title,
        "layers": list(one.layers),
        "size": _number(one.size),
        "rent_lost": None if one.rent_lost is None else _number(one.rent_lost),
        "carried": {name: _number(left) for name, left in one.carried.items()},
        **_moves(task, one.scenarios),
    }


def _cause(one: Cause) -> Content:
    told = {"id": one.id, "title": one.title, "layers": list(one.layers)}
    return {**told, "left": _number(one.left), "ends": list(one.ends)}


def _course(task: Task, one: Course) -> Content:
    told = {"id": one.id, "title": one.title, **_moves(task, one.scenarios), "offer": None}
    if one.offer is not None:
        told["offer"] = {"lifts": list(one.offer.lifts), **_moves(task, one.offer.gives)}
    return told


def _moves(task: Task, names: Iterable[str]) -> Content:
    """Moves of scenarios; where the page does not know one of them, why not."""
    labels, found = task.economy.labels, []
    try:
        for name in dict.fromkeys(names):
            scenario: Scenario = task.scenarios[name]
            for place, item in enumerate(scenario.instruments):
                own = {f.field: f.number.belief for f in scenario.leaves if f.place == place}
                found += moves(item, labels, task.inputs.announced, own)
    except FullEngineError as refusal:
        return {"moves": [], "full": str(refusal)}
    return {"moves": found}


def _points(task: Task, courses: Sequence[Content]) -> dict[str, float]:
    """Points of duty that one stands for, by the belief that scales them.

    What its layers add at the most; of a course that scales whole duties, what all layers of
    threats, events and causes add there but those that its offer lifts. Left out where that is no
    whole number: such layers cover no sector whole, and their rate is not known here.
    """
    inputs, found = task.inputs, dict[str, float]()
    acting: list[Switch | Cause] = [*inputs.switches, *inputs.causes]
    every = frozenset(layer for one in acting for layer in one.layers)

    def add(value: Number, off: Names, layers: Names, where: Any = ...) -> None:
        less = task.duties.without(off) - task.duties.without(off | layers)
        most = 100.0 * float(less[where].max())
        if isinstance(value, dict) and round(most) and abs(most - round(most)) < WHOLE:
            found[value["belief"]] = float(round(most))

    for one in inputs.switches:
        if one.layers:
            add(_number(one.size), frozenset(), frozenset(one.layers))
    layers = {one.id: one.layers for one in inputs.switches}
    for course in courses:
        offer = course["offer"] or {"lifts": [], "moves": []}
        lifted = frozenset(layer for name in offer["lifts"] for layer in layers.get(name, ()))
        for move in (*course["moves"], *offer["moves"]):
            if move["kind"] == "tariff" and move["operator"] == "multiply":
                where = np.ix_(move["sectors"], move["importers"], move["exporters"])
                add(move["value"], lifted, every, where)
    return found


def _duties(task: Task) -> list[Content]:
    """Duties with every set of layers laid off that a situation can ask for, by those layers."""
    acting: list[Switch | Cause] = [*task.inputs.switches, *task.inputs.causes]
    sets = [frozenset(one.layers) for one in acting if one.layers]
    asked = dict.fromkeys(frozenset(chain.from_iterable(some)) for some in _subsets(sets))
    return [{"off": sorted(one), **packed(task.duties.without(one))} for one in asked]


def _subsets(items: Sequence[Names]) -> Iterable[tuple[Names, ...]]:
    return chain.from_iterable(combinations(items, n) for n in range(len(items) + 1))
