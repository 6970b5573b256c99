"""Logistics pacts and joint exercises: access gained, and what signalling costs elsewhere.

A pact with one side may delay an agreement with another. The expected cost of that signal is the
probability of a delay times its length times what the delayed agreement is worth a year, which
the engine says.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated

from pydantic import model_validator

from tula.equilibrium import Calibration, calibrate, solve
from tula.numbers.quantity import NotNegative, Positive, Share
from tula.numbers.record import Record, Unit, refuse
from tula.policy import Instrument, TradeAgreement, TradeCost
from tula.ties.account import TieAccount, account_of
from tula.ties.inputs import estimates, repeated, require_names
from tula.world.economy import Economy
from tula.world.named import Region, Regions, Sectors


class Facility(Record):
    """One kind of access: ports, airfields, berths; ships, aircraft or troops at a time."""

    kind: str
    """What is counted, in words."""
    gained: Annotated[NotNegative, Unit("count", 5.0)]
    """How many the pivot gains."""
    granted: Annotated[NotNegative, Unit("count", 5.0)]
    """How many the partner gains."""


class Service(Record):
    """A use that access saves money on."""

    name: str
    """What it is, in words."""
    uses: Annotated[Positive, Unit("uses a year", 10.0)]
    """How often the pivot makes use of it."""
    saving: Annotated[NotNegative, Unit("million USD a use", 0.2)]
    """What each use saves."""


class AgreementAtRisk(Record):
    """A trade agreement of the pivot with others that the pact may delay."""

    name: str
    """What it is called."""
    members: Regions
    """Regions or groups on the other side."""
    sectors: Sectors
    """Sectors or groups whose duties are in question."""
    coverage: Annotated[Share, Unit("share", 0.9)]
    """Share of the dutiable trade whose duty goes."""
    use: Annotated[Share, Unit("share", 0.8)]
    """Share of that trade which claims the preference."""
    reform: Annotated[Share, Unit("share of value", 0.02)]
    """Fall of other costs of trade, both ways."""
    chance: Annotated[Share, Unit("probability", 0.1)]
    """Chance that the pact delays the agreement."""
    delay: Annotated[NotNegative, Unit("years", 1.5)]
    """How long the delay is, if it comes."""


class LogisticsPact(Record):
    """A pact by which two countries let each other's forces use their facilities."""

    pivot: Region
    """The middle power; filled in by the study."""
    partner: Region
    """The other side of the pact."""
    term: Annotated[Positive, Unit("years", 5.0)]
    """How long the pact is in force."""
    facilities: tuple[Facility, ...]
    """Access by kind, as counts."""
    services: tuple[Service, ...]
    """What access saves; empty: no worth of access is claimed, only its break-even."""
    at_risk: tuple[AgreementAtRisk, ...]
    """Agreements with others that the pact may delay."""
    dependence: Annotated[Share, Unit("share", 0.2)]
    """Share of the pivot's need for such access that the partner covers."""
    replacement_time: Annotated[Positive, Unit("years", 1.0)]
    """Time until other access covers half of it."""

    @model_validator(mode="after")
    def _names_once(self) -> LogisticsPact:
        facilities = repeated(self, "facilities", key="kind")
        refuse([*facilities, *repeated(self, "services"), *repeated(self, "at_risk")])
        return self

    @property
    def saved(self) -> float:
        """What the services save at central values, billion USD a year."""
        return sum(service.uses.value * service.saving.value for service in self.services) / 1000.0

    @property
    def uses(self) -> float:
        """Uses of access a year at central values."""
        return sum(service.uses.value for service in self.services)


@dataclass(frozen=True)
class Signal:
    """What one agreement at risk stands for: ``gain`` a year, billion USD, and expected ``cost``.

    ``cost`` = chance × delay × gain, billion USD in all, never below zero: delaying an agreement
    that costs the pivot is no cost. ``break_even_chance`` is the chance at which the cost eats up
    the pact's savings over its term, None where no chance up to 1 does.
    """

    agreement: str
    gain: float
    cost: float
    break_even_chance: float | None


def yearly_gain(pivot: str, agreement: AgreementAtRisk, calibration: Calibration) -> float:
    """Return what an agreement is worth to the pivot, billion USD a year (equivalent variation)."""
    place = calibration.labels.region_index(pivot)
    hat = solve(calibration, _moves(pivot, agreement)).real_income_hat[place]
    return float((hat - 1.0) * calibration.final_spending[place]) / 1000.0


def _moves(pivot: str, agreement: AgreementAtRisk) -> list[Instrument]:
    cut = agreement.coverage.value * agreement.use.value
    sides = [(pivot,), agreement.members]
    moves: list[Instrument] = [
        TradeAgreement(members=sides, sectors=agreement.sectors, coverage=cut)
    ]
    if agreement.reform.value > 0.0:
        factor = 1.0 - agreement.reform.value
        moves += [
            TradeCost(importer=one, exporter=other, sectors=agreement.sectors, factor=factor)
            for one, other in (sides, sides[::-1])
        ]
    return moves


def signalling_cost(chance: float, delay: float, gain: float) -> float:
    """Return chance × delay × yearly gain, in the unit of the gain; zero for a loss."""
    return chance * delay * max(0.0, gain)


def signals(pact: LogisticsPact, world: Economy | Calibration) -> tuple[Signal, ...]:
    """Return the signalling cost of every agreement at risk, at central values.

    Raises ``TieNameError`` and the engine's errors.
    """
    calibration = _ready(pact, world)
    return tuple(_signal(pact, agreement, calibration) for agreement in pact.at_risk)


def _signal(pact: LogisticsPact, agreement: AgreementAtRisk, calibration: Calibration) -> Signal:
    gain = yearly_gain(pact.pivot, agreement, calibration)
    cost = signalling_cost(agreement.chance.value, agreement.delay.value, gain)
    certain = signalling_cost(1.0, agreement.delay.value, gain)
    saved = pact.saved * pact.term.value
    return Signal(agreement.name, gain, cost, saved / certain if certain > saved else None)


def _ready(pact: LogisticsPact, world: Economy | Calibration) -> Calibration:
    calibration = world if isinstance(world, Calibration) else calibrate(world)
    members = {f"at_risk {one.name!r} members": one.members for one in pact.at_risk}
    sectors = {f"at_risk {one.name!r} sectors": one.sectors for one in pact.at_risk}
    named: dict[str, str | tuple[str, ...]] = {"pivot": pact.pivot, "partner": pact.partner}
    require_names(calibration.labels, named | members, sectors)
    return calibration


_MONEY = "bn USD a year"
_LINES: dict[str, tuple[str, str]] = {
    "value_to_pivot": (_MONEY, "savings less expected signalling cost, spread over the term"),
    "value_to_partner": (_MONEY, "not valued: no figure for the partner's savings is taken"),
    "dependence": ("share", "share of the pivot's need for such access that the partner covers"),
    "replacement_time": ("years", "until other access covers half of it"),
    "exposure": (_MONEY, "expected signalling cost, spread over the term"),
}


def account(
    pact: LogisticsPact, world: Economy | Calibration, *, draws: int = 64, seed: int = 0
) -> TieAccount:
    """Return the account of a pact, solving each agreement at risk on every draw."""
    calibration = _ready(pact, world)
    meanings = _LINES | _details(pact)
    found = estimates(
        pact, lambda drawn: _numbers(drawn, calibration), meanings, draws=draws, seed=seed
    )
    if not pact.services:
        worth = found["value_to_pivot"]
        found["value_to_pivot"] = replace(
            worth, counted="costs alone: no worth of access is claimed"
        )
    return account_of("logistics pact", pact.pivot, pact.partner, found, _notes(pact))


def _details(pact: LogisticsPact) -> dict[str, tuple[str, str]]:
    """Unit and meaning of the details of one pact."""
    named = {
        "signalling_cost": ("bn USD", "expected cost of signalling over the whole term"),
    }
    if pact.services:
        named["break_even_saving"] = ("million USD a use", "saving that pays for the signalling")
    for facility in pact.facilities:
        named[f"{facility.kind} gained"] = ("count", "access the pivot gains")
        named[f"{facility.kind} granted"] = ("count", "access the partner gains")
    for agreement in pact.at_risk:
        named[f"{agreement.name} gain"] = (_MONEY, "worth of the agreement at risk to the pivot")
    return named


def _numbers(pact: LogisticsPact, calibration: Calibration) -> dict[str, float]:
    found = [_signal(pact, agreement, calibration) for agreement in pact.at_risk]
    cost = sum(signal.cost for signal in found)
    yearly = cost / pact.term.value
    numbers = {
        "value_to_pivot": pact.saved - yearly,
        "value_to_partner": 0.0,
        "dependence": pact.dependence.value,
        "replacement_time": pact.replacement_time.value,
        "exposure": yearly,
        "signalling_cost": cost,
    }
    if pact.services:
        numbers["break_even_saving"] = 1000.0 * yearly / pact.uses
    for facility in pact.facilities:
        numbers[f"{facility.kind} gained"] = facility.gained.value
        numbers[f"{facility.kind} granted"] = facility.granted.value
    return numbers | {f"{signal.agreement} gain": signal.gain for signal in found}


def _notes(pact: LogisticsPact) -> tuple[str, ...]:
    notes = ["The partner's own savings are not valued; its line is zero by construction."]
    if not pact.services:
        notes.append("Read access as counts, and its cost apart.")
    return tuple(notes)
