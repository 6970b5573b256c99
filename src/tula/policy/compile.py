"""From a list of instruments to the arrays the engine reads, with an account of every one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

import numpy as np
from pydantic_core import PydanticCustomError

from tula.errors import TulaError
from tula.frozen import sealed
from tula.policy import limits, stacking, units
from tula.policy.answering import answer_layers
from tula.policy.base import PolicyInstrument
from tula.policy.cells import Placed, place
from tula.policy.contradictions import (
    refuse_contradictions,
    refuse_impossible_embargo,
    refuse_impossible_rates,
    refuse_uneven_quotas,
)
from tula.policy.describe import title
from tula.policy.effects import Scene
from tula.policy.instruments import Instrument
from tula.policy.ledger import absent_entry, entries
from tula.policy.notices import notify
from tula.policy.rate_stacking import layers, rise_beyond, stacked
from tula.policy.rates import ExportTax, Tariff
from tula.policy.shock import Ledger, LedgerEntry, Shock, no_shock
from tula.shapes import Float
from tula.world.economy import ShapeError
from tula.world.labels import Labels

__all__ = [
    "BaseRateError",
    "NotAnInstrumentError",
    "UndatedError",
    "compile_shock",
    "refuse_impossible_embargo",
]

Array = np.ndarray

Numbered = list[tuple[int, Instrument]]


class NotAnInstrumentError(TulaError):
    """Something in the list is not an instrument. Build it with ``tula.policy`` classes."""


class UndatedError(TulaError):
    """Some instruments are in force only for a time, and no day was asked. Pass ``on``."""


class UnreadableDayError(TulaError):
    """A day is a date, or text such as 2025-12-12."""


class BaseRateError(TulaError):
    """The world's base rates are not finite or not above -1. Run the checks on the world."""


def compile_shock(
    labels: Labels,
    tariff: Float[Array, "S N I"],
    export_tax: Float[Array, "S N I"],
    instruments: Iterable[Instrument],
    on: date | str | None = None,
    *,
    labour_share: Float[Array, "N S"] | None = None,
    spending: Float[Array, "S N I"] | None = None,
) -> Shock:
    """Compile instruments, in any order, into the state of policy on the day ``on``.

    ``tariff`` and ``export_tax`` are the base rates, fractions. ``labour_share`` is each sector's
    share of its region's wage bill, needed where ``Labour`` names sectors. ``spending`` is base
    spending in million USD; with it the ledger states the trade each instrument reaches.

    The stacking rule is in ``tula.policy.rate_stacking`` and ``tula.policy.stacking``. Warns with
    ``InertPolicyWarning`` where nothing of a policy changes anything, and with ``OddSizeWarning``
    of sizes out of all proportion. Raises ``UndatedError``,
    ``SelectionError`` (unknown names, empty selections), ``ContradictionError``,
    ``BaseTradeError`` (retaliation by value without ``spending``),
    ``RateRangeError``, ``LabourShareError``, ``BaseRateError``, ``ShapeError`` or
    ``NotAnInstrumentError``.
    """
    base = base_policy(labels, tariff, export_tax)
    return compile_on(base, instruments, on, labour_share, _checked_spending(spending, base))


def compile_on(
    base: Shock,
    instruments: Iterable[Instrument],
    on: date | str | None,
    labour_share: Float[Array, "N S"] | None,
    spending: Float[Array, "S N I"] | None,
) -> Shock:
    """Compile instruments as ``compile_shock``, on a base policy checked before.

    Nobody can write to the arrays: the ledger is written from them when it is first read.
    """
    labels, given = base.labels, _numbered(instruments)
    day = None if on is None else asked_day(on)
    live, absent = _split(given, day)
    placed = place(live, labels)
    refuse_contradictions(placed, labels)
    shock = _stack(base, sorted(placed, key=_canonical), day, labour_share, spending)
    refuse_impossible_rates(shock, placed)
    for array in vars(shock).values():
        if isinstance(array, np.ndarray):
            sealed(array)
    scene = Scene(base, shock, placed, day, spending)

    def account() -> tuple[LedgerEntry, ...]:
        told = entries(scene)
        told |= {position: absent_entry(item, day) for position, item in absent if day is not None}
        return tuple(told[position] for position in sorted(told))

    ledger = Ledger(account, tuple(item for _, item in given), day)
    notify(scene, ledger)
    return shock.replace(ledger=ledger)


def asked_day(day: date | str) -> date:
    """Return a day itself, or the one that a text states; raises ``UnreadableDayError``."""
    if not isinstance(day, str):
        return day.date() if isinstance(day, datetime) else day
    try:
        return units.day(day)
    except PydanticCustomError as error:
        raise UnreadableDayError(f"on {error}") from None


def base_policy(labels: Labels, tariff: Array, export_tax: Array) -> Shock:
    """Return the shock that changes nothing, once its rates are checked; errors as above."""
    n, s = len(labels.regions), len(labels.sectors)
    for name, rates in (("tariff", tariff), ("export_tax", export_tax)):
        if np.shape(rates) != (s, n, n):
            raise ShapeError(f"{name} has shape {np.shape(rates)}, expected {(s, n, n)}")
        if not np.isfinite(rates).all() or not (np.asarray(rates) > -1.0).all():
            raise BaseRateError(f"base {name} holds rates that are not finite or not above -100%")
    return no_shock(labels, tariff, export_tax)


def _checked_spending(spending: Array | None, base: Shock) -> Array | None:
    if spending is not None and np.shape(spending) != base.tariff.shape:
        raise ShapeError(f"spending has shape {np.shape(spending)}, expected {base.tariff.shape}")
    return None if spending is None else np.asarray(spending)


def _numbered(instruments: Iterable[Instrument]) -> Numbered:
    given = [instruments] if isinstance(instruments, PolicyInstrument) else list(instruments)
    for position, item in enumerate(given):
        if not isinstance(item, PolicyInstrument):
            raise NotAnInstrumentError(
                f"#{position + 1} is {item!r}: expected an instrument such as Tariff(...)"
            )
    return list(enumerate(given))


def _split(given: Numbered, on: date | None) -> tuple[Numbered, Numbered]:
    """Part the instruments in force on this day from those that are not."""
    if on is None:
        dated = [f"#{position + 1} {title(item)!r}" for position, item in given if item.dated]
        if dated:
            raise UndatedError(f"say for which day (on=date(...)): {'; '.join(dated)}")
        return given, []
    live = [pair for pair in given if pair[1].in_force(on)]
    return live, [pair for pair in given if not pair[1].in_force(on)]


def _canonical(placed: Placed) -> str:
    """Sort key that makes the result independent, bit by bit, of the order given."""
    return placed.instrument.model_dump_json()


def _stack(
    base: Shock,
    placed: list[Placed],
    on: date | None,
    labour_share: Array | None,
    spending: Array | None,
) -> Shock:
    shut = stacking.embargoes(base.embargo, placed)
    duties = layers(placed, Tariff, on)
    answered = answer_layers(placed, base.tariff, stacked(base.tariff, duties), spending)
    tariff = stacked(base.tariff, (*duties, *answered))
    rise = rise_beyond(base.tariff, tariff, placed, on, answered)
    refuse_uneven_quotas(rise, placed)
    return base.replace(
        tariff=tariff,
        export_tax=stacked(base.export_tax, layers(placed, ExportTax, on)),
        trade_cost_hat=stacking.trade_costs(base.trade_cost_hat, placed),
        embargo=shut,
        banned=stacking.banned(base.banned, placed),
        productivity_hat=stacking.productivities(base.productivity_hat, placed),
        labour_hat=stacking.labour_endowments(base.labour_hat, placed, labour_share),
        transfer=stacking.net_transfers(base.transfer, placed),
        limits=limits.limits(placed, shut, rise),
        corridors=stacking.corridors(placed),
    )
