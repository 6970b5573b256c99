"""What a balance must make sense of beyond its names: parts that fit, and do something."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tula.evidence import Document, Problem
from tula.file.translate import PATTERNS
from tula.policy.rates import RateInstrument
from tula.strategy.balance.inputs import BalanceInputs, Power, Threat
from tula.study.balance.lines import Fault, lines_wanting
from tula.study.balance.names import PATH
from tula.study.instruments import Grounded
from tula.study.vocabulary import items

#: Every list of things with names.
LISTED = (
    *("rules", "demands", "critical", "courses", "threats", "events", "powers", "next_moves"),
    *("hedges", "situations"),
)
CODE = r"^[A-Za-z0-9][A-Za-z0-9_-]*$"

Own = Mapping[str, tuple[Grounded, ...]]


def check_use(document: Document, inputs: BalanceInputs, own: Own, names: Names) -> list[Problem]:
    """Parts of a balance that contradict each other, count twice, or do nothing."""
    faults = [
        *_called(inputs),
        *_repeated(inputs),
        *_powers(inputs, names),
        *_threats(inputs, own),
        *_counted_twice(inputs),
        *_critical(document, inputs, names),
        *_events(inputs),
        *_courses(inputs),
        *_situations(inputs),
        *lines_wanting(document, inputs),
    ]
    return [Problem(document.place((*PATH, *path)), message) for path, message in faults]


def _called(inputs: BalanceInputs) -> Iterator[Fault]:
    """Ids, names and titles without text, or with text that no name may have."""
    for key in LISTED:
        for index, one in enumerate(getattr(inputs, key)):
            name: str = getattr(one, "id", "") or getattr(one, "name", "")
            if key != "powers" and not re.fullmatch(CODE, name):
                step = "name" if key == "rules" else "id"
                yield (key, index, step), f"{step!r}: must be {PATTERNS[CODE]}, not {name!r}"
            if key not in ("rules", "situations") and not one.title.strip():
                yield (key, index, "title"), "'title': must be text that is not empty"
    if not inputs.situations:
        yield ("situations",), "name at least one situation: the first tells how things stand"


def _repeated(inputs: BalanceInputs) -> Iterator[Fault]:
    names = [rule.name for rule in inputs.rules]
    for index, name in enumerate(names):
        if name in names[:index]:
            yield ("rules", index, "name"), f"rule {name!r} stands twice"


def _powers(inputs: BalanceInputs, names: Names) -> Iterator[Fault]:
    """Every rival needs one entry, all it can do in law together."""
    given = [power.rival for power in inputs.powers]
    for index, rival in enumerate(given):
        if rival in given[:index]:
            yield (
                ("powers", index, "rival"),
                f"rival {rival!r} stands twice; say all it can do once",
            )
    for rival in names.known["rival"]:
        if rival not in given:
            yield ("powers",), f"rival {rival!r} has no powers; say what it can do in law"


def _threats(inputs: BalanceInputs, own: Own) -> Iterator[Fault]:
    asking = {demand.id: demand.rival for demand in inputs.demands}
    for index, threat in enumerate(inputs.threats):
        if asking[threat.demand] != threat.rival:
            message = f"demand {threat.demand!r} is of {asking[threat.demand]}, not {threat.rival}"
            yield ("threats", index, "demand"), message
    for key in ("threats", "powers"):
        for index, one in enumerate(getattr(inputs, key)):
            yield from _sizes(key, index, one, own)
    for key in ("threats", "next_moves"):
        for index, one in enumerate(getattr(inputs, key)):
            if not one.scenarios:
                yield (key, index, "scenarios"), f"{one.id!r} does nothing: name scenarios or moves"


def _sizes(key: str, index: int, sized: Threat | Power, own: Own) -> Iterator[Fault]:
    """Only rates that are added can be made larger or smaller."""
    size = sized.size
    if size.low == size.high == 1.0:
        return
    if not sized.scenarios:
        yield (key, index, "size"), "size needs scenarios whose rates it multiplies"
    for place, name in enumerate(sized.scenarios):
        for one in own.get(name, ()):
            item = one.instrument
            if not (isinstance(item, RateInstrument) and item.add is not None):
                message = f"size needs added rates, and {name!r} has another instrument: {item}"
                yield (key, index, "scenarios", place), message


def _counted_twice(inputs: BalanceInputs) -> Iterator[Fault]:
    """What a threat does would be added to the same done by anybody else."""
    threatened = {name: threat.id for threat in inputs.threats for name in threat.scenarios}
    for key in ("courses", "events", "powers", "next_moves", "situations"):
        for index, one in enumerate(getattr(inputs, key)):
            for place, name in enumerate(one.scenarios):
                if name in threatened:
                    message = f"{name!r} is what threat {threatened[name]!r} does: it counts twice"
                    yield (key, index, "scenarios", place), message
    for place, name in enumerate(inputs.standing):
        if name in threatened:
            message = f"{name!r} is what threat {threatened[name]!r} does: it counts twice"
            yield ("standing", place), message


def _critical(document: Document, inputs: BalanceInputs, names: Names) -> Iterator[Fault]:
    partners = {tie: names.region(code) for tie, code in _partners(document).items()}
    for index, tie in enumerate(inputs.critical):
        if tie.flow == "oil" and tie.tie != inputs.oil:
            message = f"the oil tie of the balance is {inputs.oil!r}: name the same one here"
            yield ("critical", index, "tie"), message
        elif tie.tie and partners.get(tie.tie, tie.rival) != tie.rival:
            message = f"tie {tie.tie!r} is with {partners[tie.tie]}, not with {tie.rival}"
            yield ("critical", index, "rival"), message


def _partners(document: Document) -> dict[str, str]:
    found: dict[str, Any] = {}
    for content in items(document, ("ties",)):
        for body in content.values() if isinstance(content, dict) else ():
            if isinstance(body, dict) and isinstance(body.get("id"), str):
                found[body["id"]] = body.get("partner")
    return {name: code for name, code in found.items() if isinstance(code, str)}


def _events(inputs: BalanceInputs) -> Iterator[Fault]:
    carried = any(tie.flow == "channels" for tie in inputs.critical)
    for index, event in enumerate(inputs.events):
        if not (event.oil or event.channels or event.scenarios):
            message = f"event {event.id!r} does nothing: give oil, channels or scenarios"
            yield ("events", index), message
        if event.channels and not carried:
            yield ("events", index, "channels"), "no critical tie is read from channels"
        if event.loss is not None and not event.channels:
            yield ("events", index, "loss"), "a loss is that of closed channels: add channels: true"


def _courses(inputs: BalanceInputs) -> Iterator[Fault]:
    asking = {demand.rival for demand in inputs.demands}
    for index, course in enumerate(inputs.courses):
        rival = course.aligned_with
        if rival and rival not in asking and not course.hypothetical:
            message = f"{rival} has no demand in the list: mark this course as hypothetical: true"
            yield ("courses", index), message


def _situations(inputs: BalanceInputs) -> Iterator[Fault]:
    for index, one in enumerate(inputs.situations):
        for key in ("title", "hook"):
            if not getattr(one, key).strip():
                message = f"situation {one.id!r} is no scenario of the study: give it a {key}"
                yield ("situations", index), message
