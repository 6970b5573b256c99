"""What a record of a balance says before it is put in sentences: states, rules, courses, units."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tula.numbers import write
from tula.numbers.estimate import Estimate
from tula.say.words import joined
from tula.strategy.balance.inputs import Rule
from tula.strategy.balance.states import State
from tula.study.balance.records import (
    BalanceRecord,
    CourseRecord,
    InputRecord,
    LossRange,
    Odds,
)

#: What a state says, in one line.
MEANINGS: Mapping[State, str] = {
    State.CAPTURED: "a rival could take away more than the limit",
    State.ALIGNED: "a rival's demand is met",
    State.HOLLOW: "balance in name only: a tie it needs has lost its flow",
    State.COSTLY: "balance holds, but it costs",
    State.FREE: "balance holds and pays for itself",
}


def leading(found: Iterable[Odds]) -> Odds:
    """The state to tell: whether balance breaks or holds in more draws, then the likeliest."""
    every = list(found)
    broken = [one for one in every if State(one.state).broken]
    side = broken
    if sum(one.share for one in broken) < 0.5:
        side = [one for one in every if one not in broken]
    return max(side, key=lambda one: one.share)


def holding(found: Iterable[Odds]) -> float:
    """Share of draws in which balance is not broken."""
    return sum(one.share for one in found if not State(one.state).broken)


def counted(record: BalanceRecord, share: float) -> str:
    """A share of the draws that have an answer as a count: in 60 of 64 draws, in all 64 draws."""
    failed = max((one.most - one.least for found in record.odds for one in found.kept), default=0.0)
    total = round(record.draws * (1.0 - failed))
    count = round(share * total)
    if count in (0, total):
        return f"in {'all' if count else 'none of'} {total} draws"
    return f"in {count} of {total} draws"


def ruled(record: BalanceRecord, rule: str) -> Rule:
    """The rule of a name; ``StopIteration`` cannot come of a record that a run wrote."""
    return next(one for one in record.rules if one.name == rule)


def described(rule: Rule) -> str:
    """A rule in few words: what it asks of every critical tie, and of every rival at most."""
    means = " by ending all trade" if rule.measure == "full" else ""
    return f"ties keep {write.limit(rule.access)}, limit {write.limit(rule.loss)} of GDP{means}"


def differing(rule: Rule, first: Rule) -> str:
    """What a rule asks otherwise than the first, to stand after "if"; empty if nothing."""
    parts = []
    if rule.access != first.access:
        verb = "need keep only" if rule.access < first.access else "must keep"
        parts.append(f"ties {verb} {write.limit(rule.access)}")
    if rule.loss != first.loss:
        parts.append(f"the limit on losses is {write.limit(rule.loss)} of GDP")
    if rule.measure != first.measure:
        means = "rivals may end all trade" if rule.measure == "full" else "rivals keep to the law"
        parts.append(means)
    return joined(parts)


def conditioned(record: BalanceRecord, rule: str) -> str:
    """A rule as a condition beside the first one: if ties need keep only 50%; as defined."""
    told = differing(ruled(record, rule), record.rules[0])
    return f"if {told}" if told else "as defined"


def ties(record: BalanceRecord) -> dict[str, str]:
    """Critical tie -> its title, as the situations tell it."""
    return {tie.id: tie.title for one in record.situations for tie in one.ties}


def yielding(record: BalanceRecord) -> CourseRecord | None:
    """The best way of giving in to a rival; None if no course does."""
    aligned = [course for course in record.courses if course.aligned_with]
    return max(aligned, key=lambda course: course.worth.central, default=None)


def taken(loss: LossRange, rule: Rule) -> float:
    """What a rival can take away by the measure of a rule at central inputs, share of GDP."""
    return (loss.full if rule.measure == "full" else loss.law).central


def money(value: float) -> str:
    """Billion USD as in a sentence: 4.4 bn USD."""
    return write.money(1000.0 * value)


def shares(told: Estimate) -> str:
    """A range of shares in percent: 0.12% (0.05% to 0.30%)."""
    return write.ranged(told, lambda share: write.percent(100.0 * share))


def amounts(told: Estimate) -> str:
    """A range of billion USD: −4.4 (−11.2 to 1.9) bn USD."""
    return write.ranged(told, lambda value: write.figure(1000.0 * value), f" {write.BILLION}")


def replaced(record: BalanceRecord) -> str:
    """Why a withdrawal costs more than giving up by choice; empty if nothing says so."""
    known = {one.name: one for one in record.inputs}
    lost, grades = known.get("lost"), known.get("grades")
    if lost is None or grades is None or lost.value >= grades.value:
        return ""
    return (
        "The same goods cost more withdrawn by their seller than given up by choice: the trade "
        f"elasticity is {_assumed(lost)} in the one case and {_assumed(grades)} in the other."
    )


def _assumed(one: InputRecord) -> str:
    """An input's value with its range, and whether it is an assumption."""
    guess = "" if one.evidence else ", assumed"
    return f"{write.level(one.value)} ({write.level(one.low)} to {write.level(one.high)}{guess})"


def bounded(record: BalanceRecord) -> str:
    """What gains from buying less are; empty if no course limits purchases."""
    if not any(one.limited for one in record.courses):
        return ""
    return "Where buying less earns more, the gain is an upper bound: no seller answers in kind."


def outside(ranges: Iterable[Estimate]) -> str:
    """Why a central figure may lie outside its range, as a sentence; empty where none does."""
    if not any(one.outside for one in ranges):
        return ""
    return (
        " A central figure outside takes the likeliest value of every input, which may be an end "
        "of its range."
    )
