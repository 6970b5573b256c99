"""The answer as it is found: every number told, ready to be written as JSON."""

from __future__ import annotations

from datetime import date
from typing import Literal

from tula.numbers import write
from tula.shown import Card, Shown
from tula.strategy.answer.found import Found, Spread
from tula.strategy.answer.payers import WhoTold
from tula.strategy.answer.proofs import AloneTold, DrawTold, MarketTold, ProofTold
from tula.strategy.ranking import Ranking

Word = Literal["holds", "likely holds", "open", "likely broken", "broken"]
Kind = Literal["captured", "aligned", "hollow"]


class ConditionTold(Found):
    """One condition of balance."""

    id: str
    """Tie, rival or demand."""
    kind: Kind
    """What balance is if it fails: hollow (a flow is gone), captured (a break-off rules), aligned
    (the government obeys)."""
    title: str
    """What readers see it called."""
    fails: float
    """Chance over draws and paths that it fails."""
    margin: Spread
    """One without pressure, zero where it fails."""


class TieTold(Found):
    """What arrives of a critical tie over the months, over its reference."""

    id: str
    """The tie."""
    title: str
    """What readers see it called."""
    by: str
    """Value, volume, or the share carried."""
    reference: str
    """What the flow is a ratio to; growth of trade since is not in it."""
    kept: Spread
    """Ratio to the reference, not capped."""
    below: float
    """Chance that it falls below the share that must be kept."""
    holds_at: float
    """Largest share that is kept with a chance of nine tenths."""


class PowerTold(Found):
    """A rival's leverage: the chance of its break-off that must be believed, and is."""

    rival: str
    """Who may break off."""
    loss: Spread
    """What its break-off takes from the pivot, bn USD a year."""
    cost: Spread
    """What its break-off costs itself, bn USD a year."""
    needed: Spread
    """Chance of a break-off from which giving up the other rival pays; one: it never does."""
    needed_for_demand: Spread | None
    """The same for what it demands of the world; None where it demands nothing."""
    believed: Spread
    """Chance of a break-off that is believed."""


class HandTold(Found):
    """What a rival can stop by itself, at the medians: it enters no margin."""

    rival: str
    """Who stops it."""
    hand: str
    """What it stops: goods or services it buys or sells, a commodity, all of it."""
    stop: str
    """In part, the rent kept by who stops or lost; or as a whole."""
    loss: float
    """What that takes from the pivot, bn USD a year."""
    cost: float
    """What it costs the rival, bn USD a year."""


class DemandTold(Found):
    """How far a demand is met: only what the government does itself counts as obeying."""

    id: str
    """The demand."""
    title: str
    """What readers see it called."""
    by: str
    """Which rival makes it."""
    own: Spread
    """Share met by the pivot's government."""
    anybody: Spread | None
    """Share met by anybody, where it is about a tie."""


class CourseTold(Found):
    """A course and what it is worth."""

    id: str
    """The course."""
    title: str
    """What readers see it called."""
    worth: Spread
    """What it is worth over the months, bn USD, beside the world without any of this."""
    gain: Spread
    """The same less that of the course that keeps the balance."""
    common: Spread
    """Part of the gain that runs through wages, common to taxed and untaxed goods; the rest is
    relative."""
    alone: AloneTold | None = None
    """What its scenario is worth without any threat; None where it is not one, or was not solved
    so."""


class PriceTold(Found):
    """What the best course that gives in is worth less the one that keeps: above zero it costs."""

    course: str
    """The best course that gives in, chosen once, on the mean."""
    price: Spread
    """Over the months, bn USD: above zero, balance costs."""
    above: float
    """Share of draws above zero."""
    sign: Literal[-1, 0, 1]
    """Sign that four fifths of the draws agree on at both ends of sigma, with supply tied and
    free, all short-run worlds, and the rents of what a course limits given elsewhere; zero: none
    may be claimed."""
    agreement: dict[str, float]
    """Share of draws above zero by end of sigma and supply; empty where draws or worlds do not
    agree, and it was not asked further."""
    by_world: dict[str, float | None]
    """At the medians by short-run world that the record leaves open, and with the rents of what a
    course limits kept by nobody, or by buyers where the study gives them to no buyer, bn USD: a sum
    of money is their range. None: without an equilibrium."""
    common: Spread
    """Part of the price that runs through wages, common to taxed and untaxed goods; comparisons
    with untaxed goods do not see it. The rest is relative: prices of taxed goods against untaxed
    ones, volumes and revenue."""
    common_by_world: dict[str, float | None]
    """The same part at the medians by short-run world: what closures and rules of wages leave open
    of it is their range."""


class MonthTold(Found):
    """A month on the path."""

    month: int
    """From 1."""
    ties_met: float
    """Chance that every tie is kept as far as it must be, in this month."""
    never_below: float
    """Chance that no tie has been below so far."""
    balanced: float
    """Chance that every condition would hold if all months were like this one."""
    flows: dict[str, Spread]
    """Ratio to the reference by tie."""
    chances: dict[str, float]
    """Chance that each threat, event or cause stands."""


class ForecastTold(Found):
    """A forecast: a number with its distribution, or the chance of an event."""

    id: str
    """The forecast."""
    title: str
    """What readers see it called."""
    unit: str
    """Unit of the number."""
    number: Spread | None = None
    """The number, over draws and paths; None of an event."""
    values: tuple[float, ...] = ()
    """Equally likely values of it."""
    chance: float | None = None
    """Chance of the event; None of a number."""


class DatedTold(Found):
    """Odds of balance were it known when a cause happens."""

    id: str
    """The cause."""
    title: str
    """What readers see it called."""
    odds: tuple[float, ...]
    """Where it happens in the second month and so on."""
    never: float
    """Where it does not happen."""


class TurnTold(Found):
    """What one belief does alone, known for certain at the 5th and 95th percentile of its prior."""

    belief: str
    """The belief."""
    at: tuple[float, float, float]
    """Its 5th percentile, median and 95th percentile."""
    odds: tuple[float, float, float]
    """Odds of balance there."""
    price: tuple[float, float, float] | None
    """Median price there, bn USD."""
    words: tuple[Word, ...]
    """Labels met on the way; where one alone, it cannot turn the answer."""
    turns_at: float | None
    """Where the label first turns, going from the median; None: nowhere."""
    price_turns_at: float | None
    """Where the median price changes its sign."""


class PlaneTold(Found):
    """Odds over the two beliefs that matter most."""

    beliefs: tuple[str, str]
    """Those beliefs."""
    values: tuple[tuple[float, ...], tuple[float, ...]]
    """Where they are held."""
    odds: tuple[tuple[float, ...], ...]
    """Odds, the first belief by row."""
    words: tuple[tuple[Word, ...], ...]
    """Labels: where they change runs the line."""
    alone: tuple[tuple[float, ...], tuple[float, ...]]
    """Odds with one of the two known, the other as believed."""
    error: float
    """Largest error of odds read off between the values, seen in the middle of every cell."""


class JointTold(Found):
    """The smallest joint move of beliefs that turns the answer."""

    what: Literal["label", "price"]
    """What turns."""
    to: str
    """What it turns to."""
    distance: float | None
    """Standard deviations of the priors; None: not within three."""
    steps: dict[str, float]
    """By belief, largest first: standard deviations."""


class MoveTold(Found):
    """A set of moves on the frontier: no other lowers the chance of failing as far for less.

    The empty set always stands there, for comparison: chances with moves are those of the fitted
    response to beliefs.
    """

    moves: tuple[str, ...]
    """The moves; none: the course as it stands."""
    titles: tuple[str, ...]
    """What readers see them called."""
    cost: float
    """Mean over draws, bn USD over the months, what they do to the world counted."""
    fails: float
    """Chance that balance fails."""
    decides: float
    """Chance that the condition that decides fails."""
    next: float | None
    """Chance that the next one fails."""
    bound: bool
    """Whether it may gain through a rent or the terms of trade alone: then a bound."""


class BeliefTold(Found):
    """A belief that the answer rests on."""

    id: str
    """The belief."""
    value: float
    """Median of its prior."""
    low: float
    """Lower end."""
    high: float
    """Upper end."""
    excludes: tuple[Word, ...]
    """Answers among holds and broken that no value of it reaches, the rest as believed, though it
    moves the odds by a tenth or more."""


class Answer(Shown, Found):
    """Can the pivot go on dealing with both rivals without being ruled by either?"""

    pivot: str
    """Whose balance."""
    rivals: tuple[str, str]
    """Between whom."""
    announced: date
    """From when."""
    months: int
    """How far ahead."""
    kept: float
    """Share of a tie that must be kept."""
    met: float
    """Share of a demand that counts as met."""
    label: Word
    """By the odds: holds from 0.9, likely holds from 2/3, likely broken below 1/3, broken below
    0.1."""
    odds: float
    """Chance over draws and paths that every condition is met."""
    error: float
    """Standard error of the odds, of the sampling alone."""
    decides: str
    """The condition most likely to fail."""
    next: str | None
    """The one after."""
    reason: Kind | None
    """Why, where it is broken or likely so."""
    holds_from: float | None
    """Largest share to be kept for which the answer would be holds; None: none."""
    broken_from: float | None
    """Smallest share to be kept for which it would be broken; None: none."""
    likely_from: float | None = None
    """Largest share to be kept for which it would be likely to hold, at least; None: none."""
    unlikely_from: float | None = None
    """Smallest share to be kept for which it would be likely broken, at least; None: none."""
    conditions: tuple[ConditionTold, ...]
    """Conditions, the likeliest to fail first."""
    ties: tuple[TieTold, ...]
    """Critical ties."""
    powers: tuple[PowerTold, ...]
    """Leverage of the rivals."""
    hands: tuple[HandTold, ...]
    """What each rival can stop; empty where the world has no group of goods."""
    demands: tuple[DemandTold, ...]
    """Demands with a threat behind them."""
    courses: tuple[CourseTold, ...]
    """Courses, the one that keeps first."""
    price: PriceTold | None
    """Price of the balance; None where nothing gives in."""
    markets: tuple[MarketTold, ...]
    """Commodities by themselves beside the world."""
    agree: float
    """Most that the two may lie apart."""
    who: tuple[WhoTold, ...]
    """Who pays under every threat, and for giving in."""
    path: tuple[MonthTold, ...]
    """Month by month."""
    forecasts: tuple[ForecastTold, ...] = ()
    """What is read off the months ahead."""
    switches: dict[str, str]
    """What readers see threats, events and causes called, by id."""
    turning: tuple[TurnTold, ...]
    """Beliefs one at a time, those that matter most first."""
    dated: tuple[DatedTold, ...] = ()
    """Causes, with the odds by the month in which they happen."""
    plane: PlaneTold | None
    """The two that matter most."""
    joint: tuple[JointTold, ...]
    """The smallest joint move for label and price."""
    frontier: tuple[MoveTold, ...]
    """What the pivot can do."""
    beliefs: tuple[BeliefTold, ...]
    """All beliefs."""
    clock: str
    """What the age of a month counts from."""
    draws: tuple[DrawTold, ...] = ()
    """What was drawn, and found in it."""
    proof: ProofTold
    """How the numbers came about."""
    others: Ranking | None = None
    """How all other regions stand between the rivals, in an answer of a study."""

    def _card(self) -> Card:
        decides = next(one for one in self.conditions if one.id == self.decides)
        facts = {
            "label": f"{self.label}, {write.chance(self.odds)} ± {100.0 * self.error:.0f}",
            "decides": f"{decides.title}, fails with {write.chance(decides.fails)}",
        }
        if self.price:
            low, high = (write.fine(one) for one in (self.price.price.low, self.price.price.high))
            facts["price"] = (
                f"{write.fine(self.price.price.median)} bn USD ({low} to {high}), against "
                f"{self.price.course}"
            )
        rows = [
            (one.title, *(write.fixed(value, 2) for value in
                          (one.kept.median, one.kept.low, one.kept.high, one.below)))
            for one in self.ties
        ]  # fmt: skip
        head = ("tie", "kept", "10%", "90%", f"chance below {self.kept:g}")
        title = f"Balance of {self.pivot} between {' and '.join(self.rivals)}, {self.announced}"
        return Card(title, facts, head, rows)
