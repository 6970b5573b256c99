"""Lines of ties' accounts that a balance draws on, and the names of what is uncertain in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from tula.errors import did_you_mean
from tula.evidence import Document, Problem
from tula.numbers.quantity import Quantity
from tula.strategy.balance.inputs import BalanceInputs, Line
from tula.strategy.balance.parameters import drawn_lines, parameters
from tula.study.balance.names import PATH, tie_kinds
from tula.study.ties import Tie
from tula.study.vocabulary import Path_, items
from tula.ties.account import HEAD
from tula.ties.arms import tie as arms
from tula.ties.labour import valuation as labour
from tula.ties.nuclear import tie as nuclear
from tula.ties.oil import tie as oil
from tula.ties.settlement import valuation as settlement
from tula.ties.target import valuation as target

#: Something wrong in the block: path beneath ``balance``, and words.
Fault = tuple[Path_, str]

#: Unit and meaning of the lines of accounts, by kind of tie.
LINES: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "oil": oil.MEANINGS,
    "settlement": settlement.DETAILS,
    "labour": labour.DETAILS,
    "arms": arms.LINES,
    "nuclear": nuclear.LINES,
    "trade_agreement": target.DETAILS,
}
#: The unit of money, as accounts write it.
MONEY = ("billion USD a year", "bn USD a year")
#: Lines in money that every account has.
ALWAYS = ("value_to_pivot", "value_to_partner", "exposure")


def lines_wanting(document: Document, inputs: BalanceInputs) -> Iterator[Fault]:
    """Lines that the account of a tie does not have in money."""
    kinds = tie_kinds(document)
    for path, line in _adds(inputs):
        valid = money_lines(document, line.tie, kinds.get(line.tie, ""))
        if line.tie in kinds and line.line not in valid:
            near = did_you_mean(line.line, valid)
            yield (*path, "line"), f"{line.tie} has no line {line.line!r} in USD a year{near}"


def _adds(inputs: BalanceInputs) -> Iterator[tuple[Path_, Line]]:
    for key in ("courses", "situations"):
        for index, one in enumerate(getattr(inputs, key)):
            for place, line in enumerate(one.adds):
                yield (key, index, "adds", place), line
    for index, event in enumerate(inputs.events):
        if event.loss is not None:
            yield ("events", index, "loss"), event.loss


def money_lines(document: Document, tie: str, kind: str) -> tuple[str, ...]:
    """Lines of a tie's account that are money a year."""
    named = [name for name, (unit, _) in LINES.get(kind, {}).items() if unit in MONEY]
    if kind == "logistics":
        named += [f"{name} gain" for name in _risked(document, tie)]
    return tuple(dict.fromkeys((*ALWAYS, *(name for name in named if name not in HEAD))))


def _risked(document: Document, tie: str) -> list[str]:
    for content in items(document, ("ties",)):
        body = content.get("logistics") if isinstance(content, dict) else None
        if isinstance(body, dict) and body.get("id") == tie:
            risks = body.get("at_risk")
            listed = risks if isinstance(risks, list) else []
            return [str(one["name"]) for one in listed if isinstance(one, dict) and "name" in one]
    return []


def oil_tie(inputs: BalanceInputs, ties: Sequence[Tie]) -> Tie | None:
    """The oil tie of a balance; None if it has none, or none of that name could be read."""
    named = (one for one in ties if (one.kind, one.model.id) == ("oil", inputs.oil))
    return next(named, None)


def check_titles(document: Document, inputs: BalanceInputs, ties: Sequence[Tie]) -> list[Problem]:
    """Titles of parameters that the balance does not have."""
    given = document.at((*PATH, "titles"))
    tie = oil_tie(inputs, ties)
    if not isinstance(given, dict) or (inputs.oil and tie is None):
        return []
    valid = parameter_names(inputs, None if tie is None else tie.model)
    return [
        Problem(
            document.key_place((*PATH, "titles", name)),
            f"unknown parameter {name!r}{did_you_mean(name, valid)}",
        )
        for name in given
        if name not in valid
    ]


def check_grades(document: Document, inputs: BalanceInputs, ties: Sequence[Tie]) -> list[Problem]:
    """Sellers of crude replace each other alike in the world and in the oil tie's market."""
    tie = oil_tie(inputs, ties)
    if tie is None:
        return []
    market, grades = tie.model.market.elasticity, inputs.elasticities.grades
    ends = [(one.value, one.low, one.high) for one in (market, grades)]
    if np.allclose(ends[0], np.add(ends[1], 1.0)):
        return []
    message = (
        f"grades (theta) must be market.elasticity (sigma) of the tie {inputs.oil!r} less one, "
        f"range included: {_less_one(market)}"
    )
    return [Problem(document.place((*PATH, "elasticities", "grades")), message)]


def _less_one(one: Quantity) -> str:
    return f"{one.value - 1.0:g}, from {one.low - 1.0:g} to {one.high - 1.0:g}"


def parameter_names(inputs: BalanceInputs, market: oil.OilTie | None) -> tuple[str, ...]:
    """Names and groups of everything uncertain, without an account of any tie."""
    known = parameters(inputs, market)
    names = [name for one in known for name in (one.group, one.name)]
    names += [name for key, line in drawn_lines(inputs).items() for name in (line.tie, key)]
    return tuple(dict.fromkeys(names))
