"""Plain sentences of what a run found about the balance, for the page and for the terminal.

``name`` gives a region's name inside a sentence: ``View.named`` or ``Teller.name``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import takewhile

from tula.numbers.estimate import Estimate
from tula.numbers.write import chance, figure, limit, percent
from tula.say.words import capital, joined, possessive
from tula.strategy.balance.found import Frontier
from tula.strategy.balance.inputs import Rule
from tula.strategy.balance.states import State
from tula.study.balance.records import (
    BalanceRecord,
    CourseRecord,
    HedgeRecord,
    LossRange,
    RuleOdds,
    SurvivalRecord,
)
from tula.study.balance.terms import (
    MEANINGS,
    amounts,
    conditioned,
    counted,
    holding,
    leading,
    money,
    ruled,
    taken,
    ties,
    yielding,
)
from tula.study.balance.turns import about, paying, turns

Name = Callable[[str], str]
#: Billion USD a year below which two courses come to the same.
SAME = 0.05
#: Most break-evens and inputs named in a paragraph; the page lists all.
NAMED = 3
#: What the price of autonomy is an expectation over.
WHEN = "over the next year, threats and events weighed by their chances,"
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
    how_often = counted(record, found.share)
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
    over = [one for one in record.losses if taken(one, rule) > rule.loss]
    told = [_capture(one, rule, name) for one in over]
    return f"{joined(told)}, where {limit(rule.loss)} is the limit" if told else ""


def _capture(one: LossRange, rule: Rule, name: Name) -> str:
    """What a rival could take away by the measure of a rule; in law, by which power."""
    law = one.power and rule.measure == "law"
    means = f" by what it can do in law ({one.power})" if law else ""
    return f"{name(one.rival)} could take away {percent(100 * taken(one, rule))} of GDP{means}"


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
    against, deviation = _against(record, giving), _deviation(record, other)
    return f"Keeping its course over the next year, {home} {against}; {deviation}."


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
    middle = f"{money(abs(told.median))} in the median draw"
    if told.median * told.central < 0:
        middle = f"{'better' if told.central > 0 else 'worse'} off by {middle}"
    return (
        f"is {side} off {counted(record, likely)} than {giving}, by {much} at central inputs and "
        f"{middle}"
    )


def _deviation(record: BalanceRecord, other: CourseRecord | None) -> str:
    """What another course than keeping and giving in is worth more than the one kept."""
    first = record.courses[0]
    best = max(record.courses, key=lambda course: course.worth.central)
    more = best.worth.central - first.worth.central
    if more < SAME:
        return "no other course is worth more"
    if other and best.id == other.id:
        return "giving in is the course worth most"
    bound = " (an upper bound: no seller answers in kind)" if best.limited else ""
    return f"at central inputs it is {money(more)} worse off than if it {best.title}{bound}"


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
    kept, best = chance(holding(first.kept)), chance(holding(first.best))
    return (
        f"Odds if the course is kept, where every tie must keep {limit(rule.access)} and no rival "
        f"may be able to take more than {limit(rule.loss)} of GDP: {joined(told)}. Balance holds "
        f"in {kept} of draws; with the course worth most in each draw, in {best}."
        f"{_otherwise(record, rest)}"
    )


def _otherwise(record: BalanceRecord, rest: list[RuleOdds]) -> str:
    """How often balance holds by the other rules, those by which it never does told together."""
    held = [one for one in rest if holding(one.kept) > 0.0]
    told = [f"{chance(holding(one.kept))} {conditioned(record, one.rule)}" for one in held]
    if not rest:
        return ""
    if not held:
        return " It holds in none with other thresholds."
    never = ", and in none with the others" if len(held) < len(rest) else ""
    return f" With other thresholds it would hold in {joined(told)}{never}."


def price(record: BalanceRecord, name: Name) -> str:
    """The price of autonomy with its range, and what a government must be willing to pay."""
    central = f"{figure(1000 * record.price.central)} bn USD a year"
    return (
        f"The price of autonomy {WHEN} is {central} or "
        f"{percent(100 * record.price_of_gdp.central)} of GDP{_spread(record.price)}: above zero "
        f"giving in pays, below zero keeping the course does.{_bought(record)} No weight on "
        f"autonomy was put in: {_required(record, name(record.pivot))}."
    )


def _spread(told: Estimate) -> str:
    """Percentiles in brackets, and why the centre may lie outside them."""
    low, high = figure(1000 * told.low), figure(1000 * told.high)
    median = "" if told.median is None else f"; median {figure(1000 * told.median)}"
    beyond = "" if not told.outside else (
        "; the central figure lies outside, as it takes the likeliest value of every input, which "
        "may be an end of its range")  # fmt: skip
    return f" (10th to 90th percentile {low} to {high}{median}{beyond})"


def _bought(record: BalanceRecord) -> str:
    """What the price buys where balance is broken in most draws."""
    if record.odds and State(leading(record.odds[0].kept).state).broken:
        return " It is the price of the course alone: balance does not hold."
    return ""


def _required(record: BalanceRecord, home: str) -> str:
    """What whoever keeps the balance must hold it to be worth, at the 90th percentile."""
    if record.required.high < LEAST:
        return (
            f"in nine draws of ten a government of {home} that keeps its course need "
            f"not be willing to pay as much as 0.01% of GDP for it"
        )
    most = percent(100 * record.required.high)
    return (
        f"a government of {home} that keeps its course must be willing to pay up to {most} of GDP "
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
    if told:
        told.append(
            f"These probabilities average the chances of all draws; the odds count a draw as "
            f"broken where a tie's chance of access is below {limit(record.confidence)}."
        )
    if lost:
        told.append(f"It is broken from the start {_never(record, lost)}.")
    return " ".join(told)


def _never(record: BalanceRecord, lost: list[SurvivalRecord]) -> str:
    """By which rules balance does not stand at first, with the probability where it is not one."""
    if len(record.survival) > 1 and all(one.share[0] <= 0.0 for one in record.survival):
        return "by every reading"
    return joined(
        [
            conditioned(record, one.rule)
            + (f" ({chance(1.0 - one.share[0])})" if one.share[0] > 0.0 else "")
            for one in lost
        ]
    )


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
    lines = lowering(record, name)
    hedged = sorted(record.hedges, key=lambda one: -one.worth.central)[:NAMED]
    return " ".join((*lines, *(hedge(one) for one in hedged)))


def frontier(one: Frontier, name: Name) -> str:
    """How far an exposure can be lowered at no cost, and at the highest, and what that costs."""
    first, last = one.points[0], one.points[-1]
    trade = f"charge on trade with {name(one.rival)}"
    exposure = f"the exposure to it ({percent(100 * first.loss)} of GDP before threats and events)"
    if len(one.points) == 1:
        return f"No {trade} that was tried lowers {exposure}."
    steps = []
    unpaid = min(point.loss for point in one.points if point.cost <= 0.0 or point is first)
    if unpaid < first.loss:
        steps.append(f"to {percent(100 * unpaid)} without loss of income")
    if last.cost > 0.0:
        steps.append(f"to {percent(100 * last.loss)} for {money(last.cost)} a year")
    return f"A {trade} can lower {exposure} {joined(steps)}."


def lowering(record: BalanceRecord, name: Name) -> list[str]:
    """What charges do to each exposure, and where none brings it under the first rule's limit."""
    return [f"{frontier(one, name)}{_short(one, record.rules[0])}" for one in record.frontiers]


def _short(one: Frontier, rule: Rule) -> str:
    """That no charge tried brings an exposure under a rule's limit; empty where one does."""
    least = min(point.loss for point in one.points)
    if least <= rule.loss:
        return ""
    return f" None that was tried brings it under the limit of {limit(rule.loss)}."


def hedge(one: HedgeRecord) -> str:
    """What a hedge is worth."""
    return f"{capital(one.title)}: worth {amounts(one.worth)} a year."


def sureness(record: BalanceRecord) -> str:
    """Draws, failures and proof, what moves the price most, and how much is assumed."""
    failed = len(record.failures)
    lost = "all with an answer" if not failed else f"{failed} without an answer"
    guessed = sum(1 for one in record.inputs if not (one.evidence or one.computed))
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
    """What moves the price most, down to the first input that may not move it at all."""
    if not record.influence:
        return ""
    ordered = sorted(record.influence, key=lambda one: -one.total)
    sure = list(takewhile(lambda one: one.total > one.total_error, ordered))[:NAMED]
    if not sure:
        return " What moves the price most cannot be told from so few draws."
    told = [f"{one.title}, {chance(one.total)} ± {_half(one.total_error)}" for one in sure]
    return (
        f" What moves the price most, as shares of its variance with 95% half-widths: "
        f"{'; '.join(told)}."
    )


def _half(error: float) -> str:
    """A half-width in percentage points; never none."""
    return "under 1" if error < 0.005 else f"{100 * error:.0f}"
