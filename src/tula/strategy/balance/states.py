"""The five states of a balance, in the order in which they are tested.

Balance is access (every critical tie keeps its flow), non-capture (no rival can take away too
much), autonomy (no rival's enforced demands are met) and incentives (nobody gains by leaving it;
the price says whether the government would). The definition is this project's own, set out in
``docs/balance.md``; its thresholds come from the study.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

#: Rounding that a probability or a share may have.
ROUNDING = 1e-9


class State(StrEnum):
    """What has become of a balance; it is broken in the first three."""

    CAPTURED = "captured"
    ALIGNED = "aligned"
    HOLLOW = "hollow"
    COSTLY = "costly"
    FREE = "free"

    @property
    def broken(self) -> bool:
        """Whether the balance is lost."""
        return self in (State.CAPTURED, State.ALIGNED, State.HOLLOW)


@dataclass(frozen=True)
class Standing:
    """What a state is judged by.

    * ``losses``: share of GDP that each rival can take away;
    * ``met``: whether every enforced demand of a rival is met, by rival with such demands;
    * ``access``: probability that each critical tie keeps the share the rule asks for;
    * ``price``: of autonomy, any unit; above zero, balance costs something.
    """

    losses: Mapping[str, float]
    met: Mapping[str, bool]
    access: Mapping[str, float]
    price: float


@dataclass(frozen=True)
class Verdict:
    """A state and who or what brought it about: rivals, or critical ties; empty if it holds."""

    state: State
    by: tuple[str, ...] = ()


def judge(standing: Standing, loss: float, confidence: float) -> Verdict:
    """Return the state: captured, aligned, hollow, costly or free, the first that applies.

    ``loss`` is the most of GDP a rival may be able to take away, ``confidence`` the least
    probability of access. Numbers that are not known (NaN) fail their test.
    """
    captors = tuple(rival for rival, lost in standing.losses.items() if not lost <= loss + ROUNDING)
    if captors:
        return Verdict(State.CAPTURED, captors)
    masters = tuple(rival for rival, met in standing.met.items() if met)
    if masters:
        return Verdict(State.ALIGNED, masters)
    closed = tuple(
        tie for tie, chance in standing.access.items() if not chance >= confidence - ROUNDING
    )
    if closed:
        return Verdict(State.HOLLOW, closed)
    return Verdict(State.FREE if standing.price <= ROUNDING else State.COSTLY)
