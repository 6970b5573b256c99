"""Scenarios whose numbers may be beliefs: made anew at the values of every draw."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tula.numbers.quantity import Quantity
from tula.policy.caps import CapInstrument, ImportCut, Recipient, keeper
from tula.policy.instruments import Instrument
from tula.policy.rates import RateInstrument
from tula.policy.units import Fraction
from tula.strategy.answer.beliefs import Values, value_of
from tula.strategy.answer.errors import AnswerError


@dataclass(frozen=True)
class Leaf:
    """A number of an instrument that is a belief: which instrument, which field."""

    place: int
    field: str
    number: Quantity


@dataclass(frozen=True)
class Scenario:
    """Instruments at the values of their beliefs, and which of their numbers are beliefs."""

    instruments: tuple[Instrument, ...]
    leaves: tuple[Leaf, ...] = ()

    def at(self, values: Values) -> tuple[Instrument, ...]:
        """Return the instruments at the values of a draw."""
        made = list(self.instruments)
        for leaf in self.leaves:
            value = Fraction(value_of(leaf.number, values))
            made[leaf.place] = made[leaf.place].having(**{leaf.field: value})
        return tuple(made)


def rents_to(recipient: Recipient, instruments: Iterable[Instrument]) -> tuple[Instrument, ...]:
    """Return instruments with the rents of their ceilings kept by one side, or by nobody."""
    return tuple(
        one.having(rent_to=recipient) if isinstance(one, CapInstrument) else one
        for one in instruments
    )


def scenarios_of(
    given: Mapping[str, Scenario | Sequence[Instrument]], asked: Iterable[str]
) -> dict[str, Scenario]:
    """Return the scenarios asked for. Raises ``AnswerError`` for unknown ones and unnamed rents."""
    wanted = dict.fromkeys(asked)
    problems = [f"scenario {name!r} is not among those given" for name in wanted.keys() - given]
    found = {
        name: one if isinstance(one := given[name], Scenario) else Scenario(tuple(one))
        for name in wanted
        if name in given
    }
    problems += [
        f"scenario {name}: {fault}"
        for name, one in found.items()
        for fault in filter(None, map(unnamed_rent, one.instruments))
    ]
    if problems:
        raise AnswerError(sorted(problems))
    return found


def unnamed_rent(instrument: Instrument) -> str:
    """Return what is missing where nobody is named who keeps the rent of a limit; else nothing."""
    if isinstance(instrument, ImportCut):
        return (
            "import_cut says nothing of its rent: write import_cap, with the same cut and rent_to"
        )
    if keeper(instrument):
        return (
            f"{instrument.kind} names nobody who keeps its rent: state rent_to as importer "
            "(licences of buyers), exporter (a restraint of sellers) or nobody (used up by queues "
            "and risk)"
        )
    return ""


def moves_terms(scenario: Scenario) -> bool:
    """Whether it can gain through a rent or the terms of trade: a bound, not a promise."""
    return any(isinstance(one, CapInstrument | RateInstrument) for one in scenario.instruments)
