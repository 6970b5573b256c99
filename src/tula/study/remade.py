"""Scenarios of a study whose numbers are beliefs, ready to be made anew in every draw."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from tula.errors import TulaError
from tula.file.grounds import Grounds, Number, quantity
from tula.numbers.quantity import Quantity
from tula.strategy.answer.scenarios import Leaf, Scenario
from tula.study.instruments import Grounded


class UnmadeBeliefError(TulaError):
    """A belief stands where a number of an instrument cannot be made anew in every draw.

    State it as a number, ``25 pp`` or ``65%`` in a field of its own.
    """


def remade(instruments: Mapping[str, Iterable[Grounded]], grounds: Grounds) -> dict[str, Scenario]:
    """Return every scenario by id, with the numbers of it that are beliefs with a range.

    Raises ``UnmadeBeliefError``.
    """
    return {name: _scenario(tuple(listed), grounds) for name, listed in instruments.items()}


def _scenario(listed: tuple[Grounded, ...], grounds: Grounds) -> Scenario:
    leaves = (leaf for place, one in enumerate(listed) for leaf in _leaves(place, one, grounds))
    return Scenario(tuple(one.instrument for one in listed), tuple(leaves))


def _leaves(place: int, one: Grounded, grounds: Grounds) -> Iterator[Leaf]:
    for number in grounds.within(one.path):
        belief = grounds.stated[number.path].belief if number.path in grounds.stated else ""
        if not belief or not number.ranged:
            continue
        below = number.path[len(one.path) :]
        if len(below) != 1:
            raise UnmadeBeliefError(
                f"belief {belief!r} stands in {'.'.join(map(str, below))} of "
                f"{one.instrument.kind}: only in a field of an instrument can it be drawn"
            )
        yield Leaf(place, str(below[0]), _prior(belief, number))


def _prior(belief: str, number: Number) -> Quantity:
    value, low, high = (quantity(one) for one in (number.value, number.low, number.high))
    if value is None or low is None or high is None:
        raise UnmadeBeliefError(
            f"belief {belief!r} is {number.text}: in an instrument it must be a plain number, "
            "percentage points or per cent"
        )
    return Quantity(value=value, low=low, high=high, belief=belief)
