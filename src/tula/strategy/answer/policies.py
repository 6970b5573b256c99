"""Distinct states of the world under the calendar, and the policy that each of them is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, combinations
from typing import NamedTuple

import numpy as np

from tula.equilibrium.calibration import Calibration
from tula.equilibrium.solve import compile_on_rates
from tula.market.commodity import standing
from tula.policy.duties import DutiesOfDay, DutyTable
from tula.policy.instruments import Instrument
from tula.policy.shock import Shock
from tula.shapes import Float, Int
from tula.strategy.answer.beliefs import Values, value_of
from tula.strategy.answer.calendar import OFFER, ON, Calendar
from tula.strategy.answer.errors import AnswerError
from tula.strategy.answer.inputs import AnswerInputs, Course
from tula.strategy.answer.scenarios import Scenario, rents_to
from tula.world.economy import Provenance
from tula.world.labels import Labels

Array = np.ndarray
Names = frozenset[str]


class Situation(NamedTuple):
    """What moves the world: a course with moves, what stands, what has happened.

    ``lost`` are switches whose rents nobody keeps; ``acted`` is whether the course itself is
    taken, or only what others do about it.
    """

    course: str
    on: Names
    fired: Names
    offer: bool = False
    moves: tuple[str, ...] = ()
    acted: bool = True
    lost: Names = frozenset()


def situations(
    inputs: AnswerInputs,
    course: Course,
    months: Calendar,
    moves: tuple[str, ...] = (),
    acted: bool = True,
) -> tuple[list[Situation], Int[Array, " J"]]:
    """Return the situations of joint states, and the number of that of every one of these."""
    places = {name: place for place, name in enumerate(months.axes)}
    moving = [one.id for one in inputs.switches if one.moves_world and one.id in places]
    scaling = [one.id for one in inputs.causes if one.layers]
    known: dict[Situation, int] = {}
    index = list[int]()
    for state in months.states.tolist():

        def stands(names: Sequence[str], state: list[int] = state) -> Names:
            return frozenset(name for name in names if state[places[name]] == ON)

        offered = bool(course.offer and course.offer.gives and stands([OFFER]))
        one = Situation(course.id, stands(moving), stands(scaling), offered, moves, acted)
        index.append(known.setdefault(one, len(known)))
    return list(known), np.array(index)


def rents(inputs: AnswerInputs, situation: Situation) -> list[Situation]:
    """Return the situation with the rents of every set of its switches lost."""
    named = [
        one.id for one in inputs.switches if one.rent_lost is not None and one.id in situation.on
    ]
    sets = chain.from_iterable(combinations(named, n) for n in range(len(named) + 1))
    return [situation._replace(lost=frozenset(lost)) for lost in sets]


def weight(inputs: AnswerInputs, situation: Situation, values: Values) -> float:
    """Return the part that a situation with rents lost has in the situation it stands for."""
    part = 1.0
    for one in inputs.switches:
        if one.rent_lost is not None and one.id in situation.on:
            lost = value_of(one.rent_lost, values)
            part *= lost if one.id in situation.lost else 1.0 - lost
    return part


@dataclass(frozen=True)
class KnownDuties(DutiesOfDay):
    """Duties of a day, summed before."""

    known: Float[Array, "S N I"] | None = None

    def tariff(
        self, labels: Labels, base: Float[Array, "S N I"], origin: Provenance
    ) -> Float[Array, "S N I"]:
        """Return import duties (S, N, I), fractions."""
        return super().tariff(labels, base, origin) if self.known is None else self.known


@dataclass
class Duties:
    """Import duties of the announced day without some layers, kept once they are known."""

    base: Calibration
    inputs: AnswerInputs
    table: DutyTable | None
    kept: dict[Names, Float[Array, "S N I"]] = field(default_factory=dict)

    @property
    def unthreatened(self) -> KnownDuties | None:
        """Duties of the day without what threats consist of; None where the world's own stand."""
        if self.inputs.duties == "base":
            return None
        layers = frozenset(layer for threat in self.inputs.threats for layer in threat.layers)
        known = self.without(layers)
        return KnownDuties(self.inputs.announced, self.table, tuple(sorted(layers)), known=known)

    def without(self, layers: Names) -> Float[Array, "S N I"]:
        """Return duties (S, N, I), fractions, with some layers laid off.

        Errors as ``DutiesOfDay.tariff``.
        """
        if self.inputs.duties == "base":
            return self.base.tariff
        if layers not in self.kept:
            day = DutiesOfDay(self.inputs.announced, self.table, tuple(sorted(layers)))
            base = self.base
            self.kept[layers] = day.tariff(base.labels, base.tariff, base.provenance)
        return self.kept[layers]

    def require_force(self) -> None:
        """Raise ``AnswerError`` for layers that do nothing on the announced day."""
        stated = [*((one.id, one.layers) for one in self.inputs.switches)]
        stated += [(one.id, one.layers) for one in self.inputs.causes]
        whole, day = self.without(frozenset()), self.inputs.announced
        idle = [
            f"{name}: {layer} moves no duty on {day}: state what the threat does as scenarios"
            for name, layers in stated
            for layer in layers
            if np.array_equal(self.without(frozenset({layer})), whole)
        ]
        if idle:
            raise AnswerError(idle)

    def at(self, situation: Situation, values: Values) -> Float[Array, "S N I"]:
        """Return the duties of a situation.

        Layers of what does not stand are off; those of what stands are scaled by its size, and
        those that a cause has scaled by what it left: by the product, where several act on one.
        """
        off: Names = frozenset(
            layer
            for one in self.inputs.switches
            if one.id not in situation.on
            for layer in one.layers
        )
        return self._scaled_by(tuple(self._scaled(situation, values)), off)

    def _scaled_by(
        self, scaled: tuple[tuple[Names, float], ...], off: Names
    ) -> Float[Array, "S N I"]:
        """Return the duties in which each of some sets of layers is a ratio of what it was.

        A ratio mixes the duties with the set and without it, which are those of the other sets.
        """
        if not scaled:
            return self.without(off)
        (layers, ratio), *others = scaled
        level = self._scaled_by(tuple(others), off)
        if ratio == 1.0:
            return level
        less = self._scaled_by(tuple(others), off | layers)
        return np.asarray(level + (ratio - 1.0) * (level - less))

    def _scaled(self, situation: Situation, values: Values) -> Iterator[tuple[Names, float]]:
        for one in self.inputs.switches:
            if one.layers and one.id in situation.on:
                yield frozenset(one.layers), value_of(one.size, values)
        for cause in self.inputs.causes:
            if cause.id in situation.fired:
                yield frozenset(cause.layers), value_of(cause.left, values)


def instruments(
    inputs: AnswerInputs,
    scenarios: Mapping[str, Scenario],
    situation: Situation,
    values: Values,
) -> list[Instrument]:
    """Return everything that is done in a situation beside its duties, and what always stands."""
    found = standing(inputs.commodities, values)
    found += [one for name in done(inputs, situation) for one in scenarios[name].at(values)]
    for switch in inputs.switches:
        if switch.id in situation.on:
            own = [one for name in switch.scenarios for one in scenarios[name].at(values)]
            found += rents_to("nobody", own) if switch.id in situation.lost else own
    return found


def done(inputs: AnswerInputs, situation: Situation) -> tuple[str, ...]:
    """Return the scenarios that the course, its offer and the moves are, each once."""
    course = inputs.course(situation.course)
    names = list(course.scenarios if situation.acted else ())
    names += course.offer.gives if course.offer and situation.offer else ()
    names += [name for one in inputs.moves if one.id in situation.moves for name in one.scenarios]
    return tuple(dict.fromkeys(names))


def shock_of(
    inputs: AnswerInputs,
    scenarios: Mapping[str, Scenario],
    duties: Duties,
    situation: Situation,
    values: Values,
    on: Calibration,
) -> Shock:
    """Return the policy of a situation: instruments upon the duties that stand."""
    made = instruments(inputs, scenarios, situation, values)
    return compile_on_rates(on, duties.at(situation, values), made, inputs.announced)
