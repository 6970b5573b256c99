"""Plain sentences of what a run found about the balance, for the page and for the terminal.

``name`` gives a region's name inside a sentence: ``View.named`` or ``Teller.name``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tula.strategy.balance.found import Frontier
from tula.strategy.balance.inputs import Rule
from tula.strategy.balance.states import State
from tula.study.balance.records import (
    BalanceRecord,
    CourseRecord,
    HedgeRecord,
    SurvivalRecord,
)
from tula.study.balance.terms import (
    MEANINGS,
    amounts,
    chance,
    conditioned,
    holding,
    leading,
    limit,
    money,
    ruled,
    shares,
    taken,
    ties,
    yielding,
)
from tula.study.balance.turns import about, paying, turns
from tula.study.wording import capital, figure, joined, percent, possessive

Name = Callable[[str], str]
#: Billion USD a year below which two courses come to the same.
SAME = 0.05
#: Most break-evens and inputs named in a paragraph; the page lists all.
NAMED = 3
#: Even odds.
HALF = 0.5
#: Share of GDP that is told as nothing.
LEAST = 0.00005


def answer(record: BalanceRecord, name: Name) -> list[str]:
    """Paragraphs: the answer in exactly two sentences, the caveat if there is one, then odds,
    price, what breaks the balance, what holds it, and how sure this is."""
    parts = (
        " ".join(opening(record, name)),
        caveat(record, name),
        odds(record),
        price(record, name),
        breaks(record, name),
        holds(record, name),
        sureness(record),
    )
    return [part for part in parts if part]


def opening(record: BalanceRecord, name: Name) -> tuple[str, str]:
    """Two sentences: can the pivot keep its balance, and at what price, with what to gain."""
    return _verdict(record, name), _bargain(record, name)


def _verdict(record: BalanceRecord, name: Name) -> str:
    home = name(record.pivot)
    if not record.odds:
        return f"Whether {home} keeps its balance is not known, as no odds were drawn."
    rule, found = record.rules[0], leading(record.odds[0].kept)
    state = State(found.state)
    how_often = f"{chance(found.share)} of draws"
    heads = {
        State.CAPTURED: f"No: {home} is most likely captured ({how_often})",
        State.ALIGNED: f"No: {home} is most likely aligned ({how_often})",
        State.HOLLOW: f"No, only in name: {possessive(home)} balance is most likely hollow "
        f"({how_often})",
        State.COSTLY: f"Yes, at a price: {possessive(home)} balance most likely holds but costs "
        f"({how_often})",
        State.FREE: f"Yes: {possessive(home)} balance most likely holds and pays for itself "
        f"({how_often})",
    }
    return f"{heads[state]}, as {_why(record, rule, state, name)}."


def _why(record: BalanceRecord, rule: Rule, state: State, name: Name) -> str:
    if state is State.CAPTURED:
        return captors(record, rule, name) or (
            f"a rival could take away more than {limit(rule.loss)} of its GDP"
        )
    if state is State.ALIGNED:
        asked = [one for one in record.demands if one.enforced]
        met = joined([f"{name(one.rival)} asks ({one.title})" for one in asked])
        return f"it does what {met}" if met else MEANINGS[state]
    if state is State.HOLLOW:
        return _closed(record, rule)
    return (
        f"every tie it needs keeps {limit(rule.access)} of its flow, no rival can take "
        f"away more than {limit(rule.loss)} of GDP and no demand is met"
    )


def captors(record: BalanceRecord, rule: Rule, name: Name) -> str:
    """Which rivals can take away more than a rule allows; empty if none at central inputs."""
    over = [(name(one.rival), taken(one, rule)) for one in record.losses]
    told = [f"{who} could take away {percent(100 * n)}" for who, n in over if n > rule.loss]
    most = limit(rule.loss)
    return f"{joined(told)} of GDP, where {most} is the limit" if told else ""


def _closed(record: BalanceRecord, rule: Rule) -> str:
    """Ties that keep too little too often, the worst first; at least the worst."""
    titles = ties(record)
    order = sorted(record.access.items(), key=lambda item: item[1].central)
    short = [(tie, kept) for tie, kept in order if kept.central < record.confidence] or order[:1]
    if not short:
        return "a tie it needs keeps too little of its flow"
    told = [f"{chance(kept.central)} for {titles.get(tie, tie)}" for tie, kept in short]
    return (
        f"the chance of keeping {limit(rule.access)} of the flow is only {joined(told)}, where "
        f"balance needs {chance(record.confidence)}"
    )


def _bargain(record: BalanceRecord, name: Name) -> str:
    """What keeping the course gains or loses: against giving in, and against what is worth most."""
    home, other = name(record.pivot), yielding(record)
    giving = f"if it gives in and {other.title}" if other else "if it gives in"
    return f"Keeping its course, {home} {_against(record, giving)}{_deviation(record, other)}."


def _against(record: BalanceRecord, giving: str) -> str:
    """How the pivot fares against the best way of giving in."""
    told = record.price
    if abs(told.central) < SAME:
        return f"is as well off as {giving}"
    side = "worse" if told.central > 0 else "better"
    share = percent(abs(100 * record.price_of_gdp.central))
    much = f"{money(abs(told.central))} a year ({share} of GDP)"
    if told.median is None or told.above is None:
        return f"is {much} {side} off than {giving}"
    likely = told.above if told.central > 0 else 1.0 - told.above
    turned = " on the other side" if told.median * told.central < 0 else ""
    return (
        f"is {side} off in {chance(likely)} of draws than {giving}, by {much} at the study's "
        f"central inputs and {money(abs(told.median))}{turned} in the middle of the draws"
    )


def _deviation(record: BalanceRecord, other: CourseRecord | None) -> str:
    """What another course than keeping and giving in is worth more than the one kept."""
    first = record.courses[0]
    best = max(record.courses, key=lambda course: course.worth.central)
    more = best.worth.central - first.worth.central
    if more < SAME:
        return ", and no other course is worth more"
    if other and best.id == other.id:
        return ", the course worth most"
    joint = "but" if record.price.central <= -SAME else "and"
    return f", {joint} {money(more)} worse off than if it {best.title}"


def caveat(record: BalanceRecord, name: Name) -> str:
    """One line where the end of all trade as measure gives another state; empty if none does."""
    for found in record.odds[1:]:
        rule, told = ruled(record, found.rule), leading(found.kept)
        if rule.measure == "full" and told.state != leading(record.odds[0].kept).state:
            why = captors(record, rule, name)
            reason = f", as {why}" if why and told.state == State.CAPTURED else ""
            return (
                f"Caveat: if rivals may end all trade, and not only do what they can in law, "
                f"{name(record.pivot)} is {told.state}{reason}."
            )
    return ""


def odds(record: BalanceRecord) -> str:
    """How likely each state is by the first rule, and whether balance holds by the others."""
    if not record.odds:
        return ""
    first, *rest = record.odds
    rule, ordered = ruled(record, first.rule), sorted(first.kept, key=lambda one: -one.share)
    told = [f"{one.state} {chance(one.share)}" for one in ordered if one.share > 0.0]
    held = [f"{chance(holding(one.kept))} {conditioned(record, one.rule)}" for one in rest]
    others = f" With other thresholds it would hold in {joined(held)}." if held else ""
    return (
        f"Odds if the course is kept, where every tie must keep {limit(rule.access)} and no rival "
        f"may be able to take more than {limit(rule.loss)} of GDP: {joined(told)}. Balance holds "
        f"in {chance(holding(first.kept))} of draws; with the course worth most in each draw, in "
        f"{chance(holding(first.best))}.{others}"
    )


def price(record: BalanceRecord, name: Name) -> str:
    """The price of autonomy with its range, and what a government must be willing to pay."""
    return (
        f"The price of autonomy is {amounts(record.price)} a year, {shares(record.price_of_gdp)}"
        f" of GDP, with its 10th and 90th percentile{_middle(record)}; below zero balance pays for "
        f"itself. No weight on autonomy was put in: {_required(record, name(record.pivot))}."
    )


def _middle(record: BalanceRecord) -> str:
    """The median of the price: ranges are lopsided, so it may lie far from the centre."""
    median = record.price.median
    return "" if median is None else f" and {figure(1000 * median)} bn USD in the middle"


def _required(record: BalanceRecord, home: str) -> str:
    """What whoever keeps the balance must hold it to be worth, at the 90th percentile."""
    if record.required.high < LEAST:
        return (
            f"in nine draws of ten a government of {home} that keeps the balance need "
            f"not be willing to pay as much as 0.01% of GDP for it"
        )
    most = percent(100 * record.required.high)
    return (
        f"a government of {home} that keeps the balance must be willing to pay up to {most} of GDP "
        f"a year for it (90th percentile)"
    )


def breaks(record: BalanceRecord, name: Name) -> str:
    """Where the price or a state turns, and how long balance lasts."""
    every = turns(record, name)
    found = [line for one in every[1:] for line in one.found][:NAMED]
    first = [line for one in every[:1] for line in one.found or _unturned(record)]
    return " ".join(filter(None, (*first, *found, survival(record))))


def _unturned(record: BalanceRecord) -> Iterator[str]:
    """That nothing searched turns the price."""
    searched = sum(1 for one in record.break_evens if not about(one))
    yield f"{capital(paying(record))} by none of the {searched} inputs searched one at a time."


def survival(record: BalanceRecord) -> str:
    """How long balance lasts by the rules by which it does, and by which it never stood."""
    lost = [one for one in record.survival if one.share[0] < HALF]
    told = [_lasts(record, one) for one in record.survival if one not in lost]
    if lost:
        broken = joined(
            [f"{conditioned(record, one.rule)} ({chance(1.0 - one.share[0])})" for one in lost]
        )
        told.append(f"Probability that it is broken from the start: {broken}.")
    return " ".join(told)


def _lasts(record: BalanceRecord, one: SurvivalRecord) -> str:
    """Probability that balance lasts to the last month, and when the odds fall below even."""
    half = next((m for m, s in zip(one.months, one.share, strict=True) if s < HALF), None)
    until = f"; the odds fall below even in month {half}" if half is not None else ""
    return (
        f"{capital(conditioned(record, one.rule))}, balance lasts {one.months[-1]} months with a "
        f"probability of {chance(one.share[-1])}{until}."
    )


def holds(record: BalanceRecord, name: Name) -> str:
    """What lowering exposures costs, and what hedges are worth."""
    lines = [frontier(one, name) for one in record.frontiers]
    hedged = sorted(record.hedges, key=lambda one: -one.worth.central)[:NAMED]
    return " ".join((*lines, *(hedge(one) for one in hedged)))


def frontier(one: Frontier, name: Name) -> str:
    """How far an exposure can be lowered at no cost, and at the highest, and what that costs."""
    first, last = one.points[0], one.points[-1]
    exposure = f"exposure to {name(one.rival)} ({percent(100 * first.loss)} of GDP)"
    if len(one.points) == 1:
        return f"No charge tried lowers the {exposure}."
    steps = []
    unpaid = min(point.loss for point in one.points if point.cost <= 0.0 or point is first)
    if unpaid < first.loss:
        steps.append(f"to {percent(100 * unpaid)} without loss of income")
    if last.cost > 0.0:
        steps.append(f"to {percent(100 * last.loss)} for {money(last.cost)} a year")
    return f"The {exposure} can be lowered {joined(steps)}."


def hedge(one: HedgeRecord) -> str:
    """What a hedge is worth."""
    return f"{capital(one.title)}: worth {amounts(one.worth)} a year."


def sureness(record: BalanceRecord) -> str:
    """Draws, failures and proof, what moves the price most, and how much is assumed."""
    failed = len(record.failures)
    lost = "all with an answer" if not failed else f"{failed} without an answer"
    guessed = sum(1 for one in record.inputs if not one.evidence)
    rest = (
        f" {guessed} of {len(record.inputs)} uncertain inputs are assumptions."
        if record.inputs
        else ""
    )
    return (
        f"{record.draws} draws in {record.rows} evaluations, {lost}. Every solve of the world "
        f"meets its equations to {record.tolerance:.0e} in relative terms, the {record.solves} at "
        f"central inputs to {record.residual:.0e}.{_moved(record)}{rest}"
    )


def _moved(record: BalanceRecord) -> str:
    """What moves the price most, of the inputs whose share the draws tell from nothing."""
    if not record.influence:
        return ""
    sure = [one for one in record.influence if one.total > one.total_error]
    ordered = sorted(sure, key=lambda one: -one.total)[:NAMED]
    told = [f"{one.title} ({chance(one.total)} ± {100 * one.total_error:.0f})" for one in ordered]
    if not told:
        return " What moves the price most cannot be told from so few draws."
    return f" The price moves most with {joined(told)}, as shares of its variance."
