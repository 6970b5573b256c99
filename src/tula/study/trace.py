"""How a figure of the results came about: what it is, the solve, the scenario, what goes in.

Every number of a run has an address, such as ``scenarios.S1.real_income.IND``,
``ties.payments.value_to_pivot`` or ``answer.courses.stay.worth.median``: the steps that lead to it
in the results. Nothing is listed by hand: what may follow a step is what stands there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from pydantic import BaseModel

from tula.described import descriptions
from tula.errors import TulaError, UnknownNameError
from tula.file.address import named
from tula.numbers import write
from tula.numbers.estimate import Estimate
from tula.strategy.answer.found import Spread
from tula.strategy.answer.result import Answer, TurnTold
from tula.study.grounds import Ground, grounds_at, grounds_of
from tula.study.manifest import CertificateRecord
from tula.study.results import StudyResults
from tula.study.verdict import called
from tula.ties.account import HEAD


class UnfinishedAddressError(TulaError):
    """An address leads to more than one number. Go on with one of the names in the message."""

    def __init__(self, address: str, names: Iterable[str]) -> None:
        listed = list(names)
        more = f" ... ({len(listed)} in all)" if len(listed) > 40 else ""
        where = f"{address} goes on with" if address else "an address starts with"
        super().__init__(f"{where}: {', '.join(listed[:40])}{more}")


@dataclass(frozen=True, kw_only=True)
class Trace:
    """A figure and its way: everything the account of a run says of it.

    ``figure`` runs over what ``range`` says. ``meaning`` says what it is; ``closure``,
    ``elasticity`` and ``proofs`` are of the solve behind it, ``found`` what else was done;
    ``subject`` and ``about`` tell the scenario, tie or question that ``grounds`` go into.
    """

    figure: Estimate
    range: str
    meaning: tuple[str, ...]
    subject: str
    about: tuple[str, ...]
    grounds: tuple[Ground, ...]
    closure: str = ""
    elasticity: str = ""
    proofs: tuple[CertificateRecord, ...] = ()
    found: tuple[str, ...] = ()


def trace(results: StudyResults, address: str) -> Trace:
    """Return how a figure came about.

    ``UnknownNameError`` names the step that leads nowhere and the nearest that do;
    ``UnfinishedAddressError`` what an address that stops early goes on with.
    """
    kinds = {"scenarios": _of_scenario}
    kinds |= {"ties": _of_tie} if results.manifest.ties else {}
    kinds |= {"answer": _of_answer} if results.answer else {}
    kind, *steps = address.split(".") if address else [""]
    if not kind:
        raise UnfinishedAddressError("", kinds)
    return kinds[_known("address", kind, kinds)](results, address, steps)


def _known(kind: str, name: str, valid: Iterable[Any]) -> str:
    names = [str(one) for one in valid]
    if name not in names:
        raise UnknownNameError(kind, name, names)
    return name


def _next(steps: list[str], at: int, kind: str, valid: Iterable[Any], address: str) -> str:
    """The step at a place, which must be one of some names."""
    if at >= len(steps):
        raise UnfinishedAddressError(address, map(str, valid))
    return _known(kind, steps[at], valid)


def _of_scenario(results: StudyResults, address: str, steps: list[str]) -> Trace:
    """A cell of the dataset: scenario, variable, then a label for every axis of its own.

    The headline closure and elasticities are meant unless two more steps name others.
    """
    told, data = results.manifest, results.data
    scenario = _next(steps, 0, "scenario", data["scenario"].values, address)
    variable = data[_next(steps, 1, "variable", data.data_vars, address)].sel(scenario=scenario)
    variants = [dim for dim in ("closure", "elasticity") if dim in variable.dims]
    axes = [str(dim) for dim in variable.dims if dim not in variants]
    labels = {
        dim: _next(steps, 2 + place, dim, data[dim].values, address)
        for place, dim in enumerate(axes)
    }
    cells, rest = variable.sel(labels), steps[2 + len(axes) :]
    case = {"closure": told.headline_closure, "elasticity": told.headline_elasticity}
    for place, dim in enumerate(variants if rest else ()):
        case[dim] = _next(rest, place, dim, data[dim].values, address)
    if rest[len(variants) :]:
        raise UnknownNameError("step", rest[len(variants)], axes, f"; {address} is too long")
    value = float(cells.sel({dim: case[dim] for dim in variants}))
    known = cells.values[np.isfinite(cells.values)] if variants else np.array([value])
    ends = (float(known.min()), float(known.max())) if known.size else (value, value)
    record = told.scenario(scenario)
    return Trace(
        figure=Estimate(value, *ends, str(variable.attrs["units"])),
        range=f"over {known.size} variants of the model",
        meaning=_meaning(variable.attrs),
        subject=f"Scenario {record.id}: {record.title}",
        about=tuple(filter(None, (record.hook, *record.notes, *record.ledger))),
        grounds=grounds_at(told, record),
        closure=case["closure"],
        elasticity=case["elasticity"],
        proofs=tuple(one for one in record.certificates if case.items() <= vars(one).items()),
    )


def _meaning(attrs: Mapping[Any, Any]) -> tuple[str, ...]:
    """What a metric's entry in the registry says."""
    return (
        f"{attrs['long_name']}: {attrs['description']}",
        f"in {attrs['units']}; measured against: {attrs['base']}",
        f"sign: {attrs['sign']}",
    )


def _of_tie(results: StudyResults, address: str, steps: list[str]) -> Trace:
    """A line of a tie's account."""
    told = results.manifest
    ids = [record.id for record in told.ties]
    place = ids.index(_next(steps, 0, "tie", ids, address))
    record = told.ties[place]
    if place >= len(results.ties):
        raise UnknownNameError("line", ".".join(steps[1:]), (), f"; {record.id}: {record.failure}")
    account = results.ties[place]
    lines = {name: getattr(account, name) for name in HEAD} | account.details
    name = _next(list(filter(None, [".".join(steps[1:])])), 0, "line", lines, address)
    line: Estimate = lines[name]
    return Trace(
        figure=line,
        range="10th to 90th percentile over the ranges of the inputs",
        meaning=(line.meaning, *((f"counting {line.counted}",) if line.counted else ())),
        subject=f"Tie {record.id}: {record.title}, with {record.partner}",
        about=(*record.notes, *account.notes),
        grounds=grounds_at(told, record),
        closure=told.headline_closure,
        elasticity=told.headline_elasticity,
    )


def _of_answer(results: StudyResults, address: str, steps: list[str]) -> Trace:
    """A number of the answer: fields and named items that lead to it."""
    record = results.answer
    assert record is not None
    figure, meaning = _followed(record, steps, address)
    proof = record.proof
    composed = (
        f"{proof.composed} states of a draw are composed of those it solves; where they were "
        f"solved as well, that was off by {proof.composed_flow:.1g} of a flow in a month and "
        f"{proof.composed_income:.1g} bn USD a year of an income at most"
    )
    return Trace(
        figure=figure,
        range="the middle four fifths",
        meaning=meaning,
        subject=f"Answer about {record.pivot}, from {record.announced}",
        about=(record.clock, *_rests(results, steps)),
        grounds=grounds_of(results.manifest, [one.belief for one in _weighty(record, steps)]),
        found=(
            f"{proof.draws} draws of beliefs counted, {proof.failed} without a solution, "
            f"{proof.paths} paths of policy in each",
            f"{proof.solves} equilibria, each with its certificate; error of interpolation between "
            f"ages {proof.interpolation:.0e}",
            *([composed] if proof.composed else []),
        ),
    )


#: Steps of the answer that are sums of money, which beliefs move otherwise than odds.
MONEY = ("price", "courses")


def _weighty(record: Answer, steps: Sequence[str]) -> list[TurnTold]:
    """Beliefs by how far each alone moves the odds, or the price if a sum is asked for."""
    return sorted(record.turning, key=lambda one: -_span(one, steps))


def _span(one: TurnTold, steps: Sequence[str]) -> float:
    told = one.price if steps[0] in MONEY else one.odds
    return max(told) - min(told) if told else 0.0


def _rests(results: StudyResults, steps: Sequence[str]) -> Iterator[str]:
    """What most of it rests on, where anything moves it."""
    record = results.answer
    assert record is not None, "asked of a run without an answer"
    first = next(iter(_weighty(record, steps)), None)
    if first is None or not _span(first, steps):
        return
    name = called(results.manifest).get(first.belief, first.belief)
    low, _, high = (write.level(value, 2) for value in first.at)
    money = first.price if steps[0] in MONEY else None
    ends = (
        [f"{write.level(told, 2)} bn USD" for told in money]
        if money
        else [f"{100.0 * told:.0f} in 100" for told in first.odds]
    )
    yield (
        f"The {'price rests' if money else 'odds rest'} most on {name}, which alone takes "
        f"{'it' if money else 'them'} from {ends[0]} at {low} to {ends[2]} at {high} (5th and 95th "
        "percentile); the rest follow in that order"
    )


def _followed(
    record: BaseModel, steps: list[str], address: str
) -> tuple[Estimate, tuple[str, ...]]:
    """The number that steps lead to in a record, and what its field says that it is.

    The median of a spread has its range, and says what the spread is of.
    """
    holder, node = record, record  # type: BaseModel, Any
    rest, said = steps, list[str]()
    while below := _below(node):
        taken = (count for count in range(len(rest), 0, -1) if ".".join(rest[:count]) in below)
        count = next(taken, 1)
        step = _next(list(filter(None, [".".join(rest[:count])])), 0, "step", below, address)
        if isinstance(node, BaseModel):
            told = descriptions(type(node)).get(step, "")
            holder, said = node, [*said, " ".join(told.split())]
        node, rest = below[step], rest[count:]
    if rest:
        raise UnknownNameError("step", rest[0], (), f"; {address} is too long")
    if isinstance(node, bool) or not isinstance(node, int | float):
        raise UnknownNameError("number", address, (), f": it is {node!r}")
    if not isinstance(holder, Spread):
        return Estimate(node, node, node), tuple(said)
    ends = (holder.low, holder.high) if steps[-1] == "median" else (node, node)
    return Estimate(node, *ends), tuple(said)


def _below(node: Any) -> dict[str, Any]:
    """What stands below a part of the results, by name; nothing below a number or a text."""
    if isinstance(node, BaseModel):
        return {name: getattr(node, name) for name in type(node).model_fields}
    if isinstance(node, Mapping):
        return {str(name): value for name, value in node.items()}
    if isinstance(node, tuple):
        return {named(one, place): one for place, one in enumerate(node)}
    return {}
