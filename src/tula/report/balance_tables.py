"""Tables of the balance: odds with errors, situations, thresholds of the rules, slack."""

from __future__ import annotations

from dataclasses import dataclass

from tula.numbers import write
from tula.numbers.estimate import Estimate
from tula.report.tables import Row, Table
from tula.report.view import View
from tula.study.balance.records import (
    BalanceRecord,
    Odds,
    SituationRecord,
    VerdictRecord,
)
from tula.study.balance.terms import conditioned, shares, ties
from tula.study.balance.turns import beyond, place, span, spelled
from tula.study.wording import capital, joined


@dataclass(frozen=True)
class Judgement:
    """State of a situation by one rule, and who or what brought it about."""

    rule: str
    state: str
    by: str


def odds(record: BalanceRecord) -> Table | None:
    """Probability of each state with its Monte Carlo standard error; None without odds."""
    if not record.odds:
        return None
    rows = [
        Row(
            f"{capital(conditioned(record, found.rule))}, {name}",
            tuple(_with_error(o) for o in told),
        )
        for found in record.odds
        for name, told in (("course kept", found.kept), ("course worth most", found.best))
    ]
    states = [one.state for one in record.odds[0].kept]
    return Table(
        "Odds of the five states, %",
        ("Thresholds", *states),
        tuple(rows),
        "After ±: Monte Carlo standard error, in percentage points. Where no draw has a state, or "
        f"every one, the 95% (Wilson) interval stands instead.{_failed(record)}",
    )


def _failed(record: BalanceRecord) -> str:
    """What stands in brackets where draws failed, as a sentence; empty where none did."""
    if not any(_bounds(one) for found in record.odds for one in (*found.kept, *found.best)):
        return ""
    return (
        " In brackets: what the share would be if none, and if all, of the draws without an answer "
        "had ended there."
    )


def situations(view: View, record: BalanceRecord) -> Table:
    """Every situation at central inputs: income, price and what either rival can take."""
    losses = record.situations[0].losses
    return Table(
        "The same situations in money",
        (
            "Situation",
            "Income, bn USD a year",
            "Price, bn USD a year",
            *(f"{view.region_names[one.rival]} can take, % of GDP" for one in losses),
        ),
        tuple(
            Row(
                f"{one.id} {one.title}",
                (
                    write.change(one.income),
                    write.change(one.price),
                    *(write.number(100 * loss.law) for loss in one.losses),
                ),
            )
            for one in record.situations
        ),
        f"The next year, as if each lasted all of it{_world(record)}; central inputs."
        f"{_in_force(record)} Income: against a year without pressure. Price: of autonomy, what "
        "the best way of giving in would bring instead, free of the threats whose demand it meets. "
        "What a rival can take: by what it can do in law. Nothing here is weighed by its chance: "
        "the price at the head of this page is.",
    )


def _world(record: BalanceRecord) -> str:
    return f", in a world in which {record.world}" if record.world else ""


def _in_force(record: BalanceRecord) -> str:
    """What stands in which situations, as a sentence; empty if nothing does in any."""
    titles = dict.fromkeys(title for one in record.situations for title in one.in_force)
    told = [f"'{title}' in {_where(record, title)}" for title in titles]
    return f" In force: {'; '.join(told)}." if told else ""


def _where(record: BalanceRecord, title: str) -> str:
    """Situations in which something stands, or those in which it does not, if they are fewer."""
    inside = [one.id for one in record.situations if title in one.in_force]
    outside = [one.id for one in record.situations if title not in one.in_force]
    if not outside:
        return "all"
    return f"all but {joined(outside)}" if len(outside) < len(inside) else joined(inside)


def kept(record: BalanceRecord) -> Table:
    """What every situation leaves of each critical tie, at central inputs."""
    return Table(
        "What is left of the ties, % of their reference flow",
        ("Situation", *(tie.title for tie in record.situations[0].ties)),
        tuple(
            Row(f"{one.id} {one.title}", tuple(f"{100 * tie.kept:.0f}" for tie in one.ties))
            for one in record.situations
        ),
    )


def searched(view: View, record: BalanceRecord) -> Table:
    """Every input in which a turn was looked for, with its range."""
    return Table(
        "Where something turns, one input at a time",
        ("Input", "Turns at", "In the study", "Searched", "Beyond this, or all over the range"),
        tuple(
            Row(
                capital(spelled(record, one.title, view.named)),
                (
                    place(one),
                    write.quantity(one.central, one.unit),
                    span(one),
                    capital(spelled(record, beyond(record, one), view.named)),
                ),
            )
            for one in record.break_evens
        ),
    )


def judged(
    view: View, record: BalanceRecord
) -> list[tuple[SituationRecord, tuple[Judgement, ...]]]:
    """Every situation with its state by each rule."""
    names = ties(record) | view.region_names
    return [
        (one, tuple(_judgement(told, names) for told in one.verdicts)) for one in record.situations
    ]


def rules(record: BalanceRecord) -> Table:
    """The readings of the definition, with their thresholds."""
    measures = {"law": "what it can do in law", "full": "the end of all its trade"}
    return Table(
        "The same definition with other thresholds",
        ("Name", "Each tie keeps at least", "A rival can take, of GDP, at most", "Measured by"),
        tuple(
            Row(
                rule.name,
                (
                    write.limit(rule.access),
                    write.limit(rule.loss),
                    measures.get(rule.measure, rule.measure),
                ),
                strong=place == 0,
            )
            for place, rule in enumerate(record.rules)
        ),
    )


def losses(view: View, record: BalanceRecord) -> Table | None:
    """What each rival could take away, with its range; None if none has a power."""
    if not record.losses:
        return None
    return Table(
        "Income lost if it did, share of GDP",
        ("Rival", "What it can do in law", "Lost by that", "Lost by the end of all its trade"),
        tuple(
            Row(
                view.region_names[one.rival],
                (capital(one.power), shares(one.law), shares(one.full)),
            )
            for one in record.losses
        ),
        f"Where the course is kept and every threat stands, but for what the rival itself has done "
        f"of it. In brackets: 10th to 90th percentile of {record.draws} draws."
        f"{_outside([told for one in record.losses for told in (one.law, one.full)])}",
    )


def variants(record: BalanceRecord) -> Table | None:
    """The same game in other worlds; None if it was played in one only."""
    if not record.variants:
        return None
    titles = {one.id: one.title for one in record.courses}
    return Table(
        "The same game under other assumptions on the world",
        (
            "Assumption",
            "Price, bn USD a year",
            "Price, % of GDP",
            "Course worth most",
            f"State: {record.situations[0].title}" if record.situations else "State",
        ),
        tuple(
            Row(
                capital(one.title),
                (
                    write.change(one.price),
                    write.change(100 * one.price_of_gdp),
                    titles.get(one.best, one.best),
                    one.state,
                ),
            )
            for one in record.variants
        ),
        "At central inputs. The price weighs threats and events by their chances; the state is "
        "that of one situation.",
    )


def slack(view: View, record: BalanceRecord) -> Table | None:
    """What each rival has from its own part in the game; None if nothing was measured."""
    if not record.slack:
        return None
    rows = tuple(
        Row(
            view.region_names[one.rival],
            (
                capital(spelled(record, one.title, view.named)),
                write.ranged(one.value, write.number, f" {one.unit}"),
                capital(spelled(record, one.meaning, view.named)),
            ),
        )
        for one in record.slack
    )
    return Table(
        "Does its part pay each rival?",
        ("Rival", "What", "How much", "What it means"),
        rows,
        f"In brackets: 10th to 90th percentile.{_outside([one.value for one in record.slack])}",
    )


def _outside(ranges: list[Estimate]) -> str:
    """Why a central figure may lie outside its range, as a sentence; empty where none does."""
    if not any(one.outside for one in ranges):
        return ""
    return (
        " A central figure outside takes the likeliest value of every input, which may be an end "
        "of its range."
    )


def _judgement(told: VerdictRecord, names: dict[str, str]) -> Judgement:
    return Judgement(told.rule, told.state, joined([names.get(by, by) for by in told.by]))


def _with_error(one: Odds) -> str:
    """A share with its error; the interval where the error of none or all is no measure.

    Bounds stand behind it where draws failed.
    """
    if one.error == 0.0:
        return f"{100 * one.low:.0f} to {100 * one.high:.0f}{_bounds(one)}"
    return f"{100 * one.share:.0f} ± {100 * one.error:.1f}{_bounds(one)}"


def _bounds(one: Odds) -> str:
    """Bounds on a share, in brackets; empty where no draw failed."""
    if one.least == one.most:
        return ""
    return f" ({100 * one.least:.1f} to {100 * one.most:.1f})"
