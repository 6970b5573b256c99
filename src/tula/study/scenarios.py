"""Scenarios put together: which instruments each one has, its own and those it combines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from tula.equilibrium.calibration import Calibration
from tula.equilibrium.solve import compile_policy
from tula.errors import TulaError, did_you_mean
from tula.evidence import Document, Place, Problem
from tula.numbers.record import Path_
from tula.policy.cells import PolicyError
from tula.policy.contradictions import refuse_impossible_embargo
from tula.policy.notices import inert, unnotified
from tula.policy.rates import RateInstrument
from tula.policy.shock import LedgerEntry
from tula.study.instruments import Grounded
from tula.study.schema import Scenario


def scenario_ids(document: Document) -> dict[str, int]:
    """Ids of the scenarios with the position each first stands at."""
    found: dict[str, int] = {}
    for index, scenario in enumerate(document.items(("scenarios",))):
        name = scenario.get("id") if isinstance(scenario, dict) else None
        if isinstance(name, str):
            found.setdefault(name, index)
    return found


def combined(document: Document, index: int) -> tuple[list[int], list[Problem]]:
    """Positions of all scenarios a scenario consists of, itself last; problems if it cannot."""
    known, order = scenario_ids(document), list[int]()
    problems: list[Problem] = []

    def visit(position: int, above: tuple[int, ...]) -> None:
        for path, name in document.texts(("scenarios", position, "combine")):
            if name not in known:
                message = f"unknown scenario {name!r}{did_you_mean(name, known)}"
                problems.append(Problem(document.place(path), message))
            elif known[name] in (*above, position):
                message = f"scenario {name!r} combines itself"
                problems.append(Problem(document.place(path), message))
            else:
                visit(known[name], (*above, position))
        if position not in order:
            order.append(position)

    visit(index, ())
    return order, problems


def layers_of(order: Sequence[int], scenarios: Mapping[int, Scenario]) -> tuple[str, ...]:
    """Layers of duty that some scenarios lay on together, each once."""
    return tuple(dict.fromkeys(name for place in order for name in scenarios[place].layers))


def check_policy(
    document: Document,
    index: int,
    grounded: Sequence[Grounded],
    calibration: Calibration,
    day: date | None,
    moved: bool = False,
) -> list[Problem]:
    """Problems that show only when a scenario's instruments meet the world and one another.

    A policy that changes nothing on the ``day`` is an error, unless layers of duty in
    ``calibration`` have ``moved`` already; instruments that do nothing, or not what they seem to,
    are warned of where they stand.
    """
    where: Path_ = ("scenarios", index)
    owner = f"scenario {document.at((*where, 'id'))!r}"
    try:
        instruments = [item.instrument for item in grounded]
        with unnotified():
            shock = compile_policy(calibration, instruments, day)
        theta = calibration.placed.trade_elasticity
        refuse_impossible_embargo(shock, calibration.trade_share, calibration.labels, theta)
    except PolicyError as error:
        places = [_place(document, where, grounded, item.instruments) for item in error.problems]
        messages = [item.message for item in error.problems]
    except TulaError as error:
        places, messages = [_place(document, where, grounded, ())], [str(error)]
    else:
        return _account(document, where, owner, grounded, shock.ledger, moved)
    return [
        Problem(place, f"{owner}: {' '.join(message.split())}")
        for place, message in zip(places, messages, strict=True)
    ]


def _account(
    document: Document,
    where: Path_,
    owner: str,
    grounded: Sequence[Grounded],
    ledger: Sequence[LedgerEntry],
    moved: bool,
) -> list[Problem]:
    """What the account of a compiled policy shows that its author may not mean."""
    own = [
        pair for pair in zip(grounded, ledger, strict=True) if pair[0].path[: len(where)] == where
    ]
    problems = [
        Problem(document.key_place(item.path), message, warning=True)
        for item, entry in own
        for message in _odd(owner, item, entry)
    ]
    if inert(ledger) and not moved:
        absent = "nothing is in force on the day asked about (on)"
        why = "nothing changes" if any(entry.in_force for entry in ledger) else absent
        message = f"{owner}: {why}: correct dates, names or rates, or leave the instruments out"
        problems.append(Problem(_place(document, where, grounded, ()), message))
    return problems


def _odd(owner: str, item: Grounded, entry: LedgerEntry) -> Iterator[str]:
    if not entry.in_force:
        yield f"{entry.instrument}: {entry.note}"
    elif entry.idle:
        yield f"{owner}: {entry.instrument}: {entry.idle}: it changes nothing"
    if entry.odd:
        yield f"{entry.instrument}: {entry.odd}"
    rate = item.instrument
    if isinstance(rate, RateInstrument) and rate.set and entry.lowers:
        yield (
            f"{owner}: {entry.instrument}: it raises the rate on {entry.raises} of "
            f"{entry.cells} cells and lowers it on {entry.lowers}; at_least leaves higher rates "
            "as they are"
        )


def study_day(document: Document) -> date | None:
    """The day under ``on``; None where there is none, or none that can be read."""
    given = document.at(("on",))
    try:
        return date.fromisoformat(given) if isinstance(given, str) else None
    except ValueError:
        return None


def _place(
    document: Document, own: Path_, grounded: Sequence[Grounded], positions: tuple[int, ...]
) -> Place:
    """Where the last instrument at fault stands, or what brings it in."""
    if positions and grounded[positions[-1]].path[: len(own)] == own:
        return document.key_place(grounded[positions[-1]].path)
    key = "combine" if document.at((*own, "combine")) else "instruments"
    return document.place((*own, key))
