"""What is wrong with what the answer is asked, where it shows only among several of its parts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tula.errors import did_you_mean
from tula.numbers.quantity import Quantity
from tula.numbers.record import Path_, quantities
from tula.strategy.answer.forecast import out_of_time
from tula.world.named import Fault

if TYPE_CHECKING:
    from tula.strategy.answer.inputs import AnswerInputs

_SWITCHES = "threats+events+causes"


def faults(inputs: AnswerInputs) -> list[Fault]:
    """Return ids that stand twice or that nothing has, and numbers not stated as they must be."""
    return [
        *_names(inputs),
        *_twice(inputs),
        *_rivals(inputs),
        *_days(inputs),
        *_effects(inputs),
        *out_of_time(inputs.forecasts, inputs.announced, inputs.months),
        *_priors(inputs),
    ]


def _days(inputs: AnswerInputs) -> Iterator[Fault]:
    if inputs.since > inputs.announced:
        yield ("since",), f"lies after the announced day {inputs.announced}"


def _rivals(inputs: AnswerInputs) -> Iterator[Fault]:
    if len(inputs.break_offs) != 2:
        yield ("break_offs",), f"names {len(inputs.break_offs)} rivals: there are two"
    if inputs.pivot in inputs.break_offs:
        yield ("break_offs", inputs.pivot), "is the pivot, not a rival of its own"
    for place, tie in enumerate(inputs.critical):
        for key in ("bought_from", "sold_to"):
            if getattr(tie, key) == inputs.pivot:
                yield ("critical", place, key), "is the pivot, which does not trade with itself"
    for place, demand in enumerate(inputs.demands):
        if demand.by not in inputs.break_offs:
            near = did_you_mean(demand.by, inputs.break_offs)
            yield ("demands", place, "by"), f"{demand.by!r} is no rival of break_offs{near}"
    for place, course in enumerate(inputs.options):
        if course.offer and course.offer.by not in inputs.break_offs:
            near = did_you_mean(course.offer.by, inputs.break_offs)
            at = ("options", place, "offer", "by")
            yield at, f"{course.offer.by!r} is no rival of break_offs{near}"


def _effects(inputs: AnswerInputs) -> Iterator[Fault]:
    """Events that do nothing, and layers where no duties of a day stand."""
    for place, event in enumerate(inputs.events):
        if not (event.moves_world or event.carried):
            yield ("events", place), "does nothing: state scenarios, layers or carried"
    for key in ("threats", "events", "causes"):
        for place, one in enumerate(getattr(inputs, key)):
            if one.layers and inputs.duties == "base":
                yield (key, place, "layers"), "layers are in force only with duties: day"


def _names(inputs: AnswerInputs) -> Iterator[Fault]:
    """Ids that stand twice, and ids that nothing has."""
    ids = {
        key: [one.id for one in getattr(inputs, key)]
        for key in (
            "critical", "demands", "options", "threats", "events", "causes", "moves", "forecasts"
        )
    }  # fmt: skip
    switches = [*ids["threats"], *ids["events"], *ids["causes"]]
    for key, listed in ids.items():
        for place, name in enumerate(listed):
            if listed.index(name) < place or (
                key in ("events", "causes") and switches.count(name) > 1
            ):
                yield (key, place, "id"), f"{name!r} stands twice"
    conditions = [*ids["critical"], *ids["demands"], *inputs.break_offs]
    for place, name in enumerate(ids["demands"]):
        if conditions.count(name) > 1:
            yield ("demands", place, "id"), f"{name!r} is a tie, a rival or another demand as well"
    for place, name in enumerate(ids["critical"]):
        if name in inputs.break_offs:
            yield ("critical", place, "id"), f"{name!r} is a rival as well"
    for path, kind, name in _references(inputs):
        valid = [one for key in kind.split("+") for one in ids[key]]
        if name not in valid:
            yield path, f"unknown {name!r} of {kind.replace('+', ' or ')}{_near(name, valid)}"


def _twice(inputs: AnswerInputs) -> Iterator[Fault]:
    """Scenarios and layers that one list names twice: they would act twice."""
    for key in ("demands", "options", "threats", "events", "causes", "moves"):
        for place, one in enumerate(getattr(inputs, key)):
            for name in ("meeting", "scenarios", "layers"):
                listed = getattr(one, name, ())
                for n, member in enumerate(listed):
                    if member in listed[:n]:
                        yield (key, place, name, n), f"{member!r} stands twice in {name}"


def _near(name: str, valid: list[str]) -> str:
    return did_you_mean(name, valid) if valid else "; there are none"


def _references(inputs: AnswerInputs) -> Iterator[tuple[Path_, str, str]]:
    """Every use of an id: where it stands, what it is an id of, and itself."""
    for n, demand in enumerate(inputs.demands):
        if demand.tie is not None:
            yield ("demands", n, "tie"), "critical", demand.tie
    for n, course in enumerate(inputs.options):
        for name in course.meets:
            yield ("options", n, "meets", name), "demands", name
        for m, name in enumerate(course.offer.lifts if course.offer else ()):
            yield ("options", n, "offer", "lifts", m), "threats", name
    for n, threat in enumerate(inputs.threats):
        yield ("threats", n, "demand"), "demands", threat.demand
    for key in ("threats", "events"):
        for n, switch in enumerate(getattr(inputs, key)):
            for name in switch.carried:
                yield (key, n, "carried", name), "critical", name
    for n, cause in enumerate(inputs.causes):
        for m, name in enumerate(cause.ends):
            yield ("causes", n, "ends", m), "threats+events", name
        for key in ("brings", "returns"):
            for name in getattr(cause, key):
                yield ("causes", n, key, name), "threats+events", name
    for n, one in enumerate(inputs.forecasts):
        for key, kind in (("tie", "critical"), ("kept", "critical"), ("stands", _SWITCHES)):
            if (name := getattr(one, key)) is not None:
                yield ("forecasts", n, key), kind, name


def _priors(inputs: AnswerInputs) -> Iterator[Fault]:
    """Ranges that are nobody's belief, and beliefs stated in two ways."""
    stated: dict[str, Quantity] = {}
    for name, quantity in quantities(inputs).items():
        path = tuple(int(step) if step.isdigit() else step for step in name.split("."))
        if quantity.ranged and not quantity.belief:
            yield path, "has a range: state it under beliefs, and write {belief: id} here"
        elif quantity.belief and stated.setdefault(quantity.belief, quantity) != quantity:
            yield path, f"belief {quantity.belief!r} is stated with other numbers elsewhere"
