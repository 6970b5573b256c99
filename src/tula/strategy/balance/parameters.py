"""Everything uncertain in a balance, by name, and the draw that values of it make."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from tula.numbers.quantity import Quantity
from tula.numbers.record import quantities
from tula.strategy.balance.inputs import BalanceInputs, Line
from tula.strategy.balance.model import Draw
from tula.strategy.balance.oil_side import OilMarkets
from tula.ties.account import HEAD, TieAccount
from tula.ties.oil.tie import OilTie
from tula.ties.quantity import Estimate

#: Numbers of an oil tie that the game has its own of, or that it does not use.
NOT_OIL = ("hazard", "penalty", "persistence", "gdp", "replacement_time", "supply_set")
#: Substitution between sellers of crude (sigma), which the game's ``grades`` states as theta.
GRADES = "market.elasticity"
#: The line of a settlement tie that tells what the closure of its channels costs.
CLOSED_LOSS = "worst_loss"


class Parameter(NamedTuple):
    """One uncertain number. Those of a ``group`` are varied together in sensitivity analysis.

    ``known`` is a quantity with its range, or an estimate with its 10th and 90th percentiles.
    ``mirrors`` names another that is low where this one is high; the two are drawn as one.
    """

    name: str
    group: str
    known: Quantity | Estimate
    mirrors: str = ""


def parameters(
    inputs: BalanceInputs,
    oil: OilTie | None,
    accounts: Mapping[str, TieAccount] | None = None,
) -> tuple[Parameter, ...]:
    """List what is uncertain. ``accounts`` are by the study's id of the tie; without them, the
    lines of accounts are left out."""
    lines = _lines(inputs, accounts) if accounts is not None else ()
    return (*_own(inputs), *_oil(oil), *lines)


def _own(inputs: BalanceInputs) -> Iterator[Parameter]:
    for name in ("scale", "grades", "lost"):
        yield Parameter(name, name, getattr(inputs.elasticities, name))
    for threat in inputs.threats:
        for name in ("size", "persistence", "honoured"):
            yield Parameter(f"{name}.{threat.id}", f"{name}.{threat.id}", getattr(threat, name))
    for event in inputs.events:
        for name in ("chance", "lasts"):
            yield Parameter(f"{name}.{event.id}", f"chance.{event.id}", getattr(event, name))
    for power in inputs.powers:
        yield Parameter(f"power.{power.rival}", "lost", power.size)


def _oil(oil: OilTie | None) -> Iterator[Parameter]:
    for name, quantity in quantities(oil).items() if oil else ():
        if name != GRADES and name.split(".")[0] not in NOT_OIL:
            group = "premiums" if name.endswith("premium") else "oil"
            yield Parameter(f"oil.{name}", group, quantity)


def _lines(inputs: BalanceInputs, accounts: Mapping[str, TieAccount]) -> Iterator[Parameter]:
    drawn, mirrored = drawn_lines(inputs), mirrors(inputs)
    for name, line in used_lines(inputs).items():
        known = line_of(accounts[line.tie], line.line)
        exact = Quantity.model_validate(known.central)
        yield Parameter(name, line.tie, known if name in drawn else exact, mirrored.get(name, ""))


def drawn_lines(inputs: BalanceInputs) -> dict[str, Line]:
    """Lines of ties' accounts that the game rests on, by name."""
    lines = [line for course in inputs.courses for line in course.adds]
    lines += [event.loss for event in inputs.events if event.loss]
    lines += [tie.coverage for tie in inputs.critical if tie.flow == "channels"]
    return {line.name: line for line in lines}


def used_lines(inputs: BalanceInputs) -> dict[str, Line]:
    """Those, and the lines that situations add, which are told at their central values alone."""
    lines = [line for situation in inputs.situations for line in situation.adds]
    return {line.name: line for line in lines} | drawn_lines(inputs)


def mirrors(inputs: BalanceInputs) -> dict[str, str]:
    """What closed channels cost, by the share of payments still carried: one network sets both."""
    carried = {tie.tie: tie.coverage.name for tie in inputs.critical if tie.flow == "channels"}
    losses = [event.loss for event in inputs.events if event.channels and event.loss]
    return {line.name: carried[line.tie] for line in losses
            if line.tie in carried and line.line == CLOSED_LOSS}  # fmt: skip


def line_of(account: TieAccount, name: str) -> Estimate:
    """A line of an account; ``KeyError`` if it has none of the name."""
    found: Estimate = getattr(account, name) if name in HEAD else account.details[name]
    return found


def central(known: tuple[Parameter, ...]) -> dict[str, float]:
    """Central values by name."""
    return {one.name: one.known.value if isinstance(one.known, Quantity) else one.known.central
            for one in known}  # fmt: skip


def draw_of(inputs: BalanceInputs, oil: OilMarkets | None, values: Mapping[str, float]) -> Draw:
    """Return the draw that values by name make."""

    def by_id(name: str) -> dict[str, float]:
        start = f"{name}."
        return {key.removeprefix(start): v for key, v in values.items() if key.startswith(start)}

    return Draw(
        scale=values["scale"],
        grades=values["grades"],
        lost=values["lost"],
        size=by_id("size"),
        persistence=by_id("persistence"),
        honoured=by_id("honoured"),
        chance=by_id("chance"),
        lasts=by_id("lasts"),
        power=by_id("power"),
        oil=None if oil is None else oil.at({**by_id("oil"), GRADES: 1.0 + values["grades"]}),
        lines={name: values[name] for name in used_lines(inputs)},
    )
