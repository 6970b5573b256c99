"""The terms of an agreement: whose income counts how much, who may pay whom, and else what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite

import numpy as np

from tula.equilibrium import Calibration
from tula.errors import did_you_mean
from tula.shapes import Float
from tula.strategy.arena import Arena
from tula.strategy.duty_game import Nash
from tula.strategy.levers import Box, TransferLevers
from tula.strategy.space import PolicySpace, refuse
from tula.world.labels import Labels

Array = np.ndarray

#: Rules that name weights; any others are given region by region.
WEIGHT_RULES = ("income", "equal")


def refuse_terms(
    spaces: Sequence[PolicySpace],
    weights: str | Mapping[str, float],
    threat: Nash | None,
    transfers: float,
    arena: Arena,
) -> None:
    """Raise ``PolicyChoiceError`` with everything wrong with the terms of an agreement."""
    problems = [
        f"{space.player}: an agreement serves real incomes; leave out weights and objective"
        for space in spaces
        if space.weights or space.objective is not None
    ]
    problems += _weight_problems(weights, arena.calibration.labels)
    problems += _threat_problems(threat, arena)
    if not (isfinite(transfers) and transfers >= 0):
        problems.append(f"transfers: {transfers} is not a share of spending, zero or more")
    if transfers and len(spaces) < 2:
        problems.append("transfers: a single player has nobody to pay")
    refuse(problems)


def _threat_problems(threat: Nash | None, arena: Arena) -> list[str]:
    if threat is None:
        return []
    there, here = threat.solution, arena.calibration.labels
    if (there.labels.regions, there.labels.sectors) != (here.regions, here.sectors):
        return ["threat: it was played on another world"]
    played = there.certificate.closure
    if played != arena.closure.name:
        return [f"threat: it was played under the {played} closure, not {arena.closure.name}"]
    return []


def _weight_problems(weights: str | Mapping[str, float], labels: Labels) -> list[str]:
    if isinstance(weights, str):
        near = did_you_mean(weights, WEIGHT_RULES)
        return [] if weights in WEIGHT_RULES else [f"weights: unknown rule {weights!r}{near}"]
    found = [
        f"weights: unknown region {name!r}{labels.region_vocabulary.hint(name)}"
        for name in weights
        if name not in labels.regions
    ]
    found += [
        f"weights: {name} has weight {value}; a weight is finite and not negative"
        for name, value in weights.items()
        if not (isfinite(value) and value >= 0)
    ]
    if not found and not sum(weights.values()) > 0:
        found.append("weights: no region has any weight")
    return found


def pareto_weights(
    weights: str | Mapping[str, float], players: Sequence[str], calibration: Calibration
) -> Float[Array, " N"]:
    """Return weights by region, summing to one."""
    labels = calibration.labels
    value = np.zeros(len(labels.regions))
    if isinstance(weights, str):
        places = [labels.region_index(code) for code in players]
        value[places] = calibration.final_spending[places] if weights == "income" else 1.0
    else:
        for code, given in weights.items():
            value[labels.region_index(code)] = given
    return np.asarray(value / value.sum())


def payment_levers(
    spaces: Sequence[PolicySpace], calibration: Calibration, largest: float
) -> tuple[TransferLevers, ...]:
    """Return payment levers, the player that spends most being the other side of all."""
    if largest == 0:
        return ()
    labels, spending = calibration.labels, calibration.final_spending
    places = np.array([labels.region_index(space.player) for space in spaces])
    places = places[np.argsort(spending[places], kind="stable")]
    payer, others = labels.regions[places[-1]], places[:-1]
    box = Box(*(np.full(len(others), bound) for bound in (-largest, largest, 1.0, 0.0)))
    names = tuple(f"payment from {payer} to {labels.regions[place]}" for place in others)
    return (TransferLevers(names, box, places, spending[others]),)
