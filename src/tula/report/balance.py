"""What the page shows of the balance of a study: pictures, sentences and tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from markupsafe import Markup

from tula.numbers import write
from tula.report import (
    balance_charts,
    balance_curves,
    balance_odds,
    balance_planes,
    balance_tables,
    scales,
)
from tula.report.drawing import Drawing, twice
from tula.report.tables import Table
from tula.report.view import View
from tula.study.balance import turns, words
from tula.study.balance.records import BalanceRecord, InputRecord, SituationRecord
from tula.study.balance.terms import (
    MEANINGS,
    amounts,
    conditioned,
    described,
    money,
    ties,
    yielding,
)
from tula.study.records import CLOSURE_WORDS
from tula.study.wording import capital


def balance_of(view: View) -> BalanceRecord | None:
    """The balance of a study; None if it has none."""
    return view.results.balance


@dataclass(frozen=True)
class Sheet:
    """The balance as the page asks for it; what a record leaves empty is None or an empty list."""

    view: View
    record: BalanceRecord

    @property
    def home(self) -> str:
        """Name of the pivot inside a sentence."""
        return self.view.named(self.record.pivot)

    @property
    def opening(self) -> str:
        """The answer in two sentences."""
        return " ".join(words.opening(self.record, self.view.named))

    @property
    def caveat(self) -> str:
        """One line where the end of all trade gives another state; empty if it does not."""
        return words.caveat(self.record, self.view.named)

    @cached_property
    def paragraphs(self) -> tuple[str, ...]:
        """Paragraphs of an answer that the sheet tells in places of their own."""
        return tuple(words.answer(self.record, self.view.named))

    @property
    def cited(self) -> Iterator[tuple[str, str, set[str]]]:
        """Anchor and name of each part of the balance with the facts it rests on."""
        demands = {fact for one in self.record.demands for fact in one.evidence}
        inputs = {fact for one in self.record.inputs for fact in one.evidence}
        yield "definition", "demands", demands
        yield "sureness", "balance", inputs

    @property
    def meanings(self) -> list[tuple[str, str]]:
        """Every state with what it says."""
        return [(state.value, meaning) for state, meaning in MEANINGS.items()]

    @cached_property
    def scales(self) -> Drawing | None:
        """The pair of scales; None if no course gives in to a rival."""
        weighing = scales.weigh(self.view, self.record)
        if weighing is None:
            return None
        label = scales.spoken(weighing)
        wide, narrow = (
            Markup(scales.picture(weighing, layout, label))
            for layout in (scales.WIDE, scales.NARROW)
        )
        return Drawing(wide, narrow)

    @property
    def ways(self) -> tuple[str, str] | None:
        """Titles of the course kept and of the best way of giving in; None without the latter."""
        giving = yielding(self.record)
        return (self.record.courses[0].title, giving.title) if giving else None

    @cached_property
    def odds(self) -> Drawing | None:
        """Odds of the states by rule."""
        if not self.record.odds:
            return None
        return twice(
            lambda width: balance_odds.odds_chart(self.record, width),
            balance_odds.spoken(self.record),
        )

    @property
    def odds_table(self) -> Table | None:
        """The same in numbers."""
        return balance_tables.odds(self.record)

    @property
    def odds_words(self) -> str:
        """The same in a paragraph."""
        return words.odds(self.record)

    @cached_property
    def price(self) -> Drawing:
        """Price of autonomy and worth of each course."""
        label = "Price of autonomy and worth of each course; the figures stand beside the marks."
        return twice(balance_charts.price_chart(self.view, self.record), label)

    @property
    def price_words(self) -> str:
        """The price with its range, in a paragraph."""
        return words.price(self.record, self.view.named)

    @property
    def hypothetical(self) -> list[str]:
        """Courses that nobody has asked for, in words: they are not drawn."""
        return [
            f"{one.title}: {amounts(one.worth)} a year"
            for one in self.record.courses
            if one.hypothetical
        ]

    @property
    def broken(self) -> bool:
        """Whether there is anything on what would break the balance."""
        record = self.record
        return bool(record.break_evens or record.surface or record.losses or record.survival)

    @property
    def held(self) -> bool:
        """Whether there is anything on what would hold it."""
        return bool(self.record.frontiers or self.record.hedges)

    @property
    def ahead(self) -> bool:
        """Whether there is anything on what players could do next."""
        return bool(self.record.next_moves or self.record.slack or self.record.shapley)

    @property
    def turning(self) -> list[turns.Turns]:
        """Where the price or a state turns, in sentences under headings."""
        return turns.turns(self.record, self.view.named)

    @property
    def asked(self) -> str:
        """What the leading rule asks of every tie."""
        return turns.asked(self.record)

    @property
    def searched(self) -> Table:
        """Every input in which a turn was looked for."""
        return balance_tables.searched(self.view, self.record)

    @cached_property
    def surface(self) -> Drawing | None:
        """Price over two inputs."""
        surface = self.record.surface
        if surface is None:
            return None
        label, own = f"Price of autonomy by {surface.x_title} and {surface.y_title}.", self.own
        return twice(lambda width: balance_planes.surface_chart(surface, width, own), label)

    @property
    def own(self) -> balance_planes.Point | None:
        """Where on the surface the study stands."""
        return balance_planes.own(self.record)

    @property
    def saves(self) -> bool:
        """Whether the price is below zero somewhere on the surface."""
        surface = self.record.surface
        return surface is not None and any(one <= 0.0 for row in surface.price for one in row)

    @property
    def costs(self) -> bool:
        """Whether the price is above zero somewhere on the surface."""
        surface = self.record.surface
        return surface is not None and any(one > 0.0 for row in surface.price for one in row)

    @property
    def replaced(self) -> str:
        """Why a withdrawal costs more than giving up by choice; empty if nothing says so."""
        known = {one.name: one for one in self.record.inputs}
        lost, grades = known.get("lost"), known.get("grades")
        if lost is None or grades is None or lost.value >= grades.value:
            return ""
        return (
            "The same barrels cost more withdrawn by their seller than given up by choice: the "
            f"trade elasticity is {_assumed(lost)} in the one case and {_assumed(grades)} in the "
            "other."
        )

    @property
    def bounded(self) -> str:
        """What gains from buying less are; empty if no course limits purchases."""
        limited = any(one.limited for one in self.record.courses)
        bound = (
            "Where buying less earns more, the gain is an upper bound: no seller answers in kind."
        )
        return bound if limited else ""

    @property
    def losses(self) -> Table | None:
        """What each rival could take away."""
        return balance_tables.losses(self.view, self.record)

    @cached_property
    def survival(self) -> Drawing | None:
        """How long balance lasts, by rule; None if by none it ever stood."""
        if not balance_curves.standing(self.record):
            return None
        return twice(
            lambda width: balance_curves.survival_chart(self.record, width), self.survival_words
        )

    @property
    def survival_words(self) -> str:
        """How long balance lasts, by every rule."""
        return words.survival(self.record)

    @property
    def lasting(self) -> str:
        """The rule whose range is drawn, as a condition."""
        drawn = balance_curves.standing(self.record)
        return conditioned(self.record, drawn[0].rule) if drawn else ""

    @cached_property
    def frontiers(self) -> Drawing | None:
        """Cost of lowering exposures."""
        if not balance_curves.sloped(self.record):
            return None
        return twice(
            lambda width: balance_curves.frontier_chart(self.view, self.record, width),
            " ".join(self.frontier_words),
        )

    @property
    def frontier_words(self) -> list[str]:
        """What each frontier comes to."""
        return words.lowering(self.record, self.view.named)

    @property
    def unmoved(self) -> list[str]:
        """Rivals whose exposure no charge lowers: they have no frontier to draw."""
        drawn = balance_curves.sloped(self.record)
        return [self.view.named(one.rival) for one in self.record.frontiers if one not in drawn]

    @cached_property
    def hedges(self) -> Drawing | None:
        """What hedges are worth."""
        if not self.record.hedges:
            return None
        label = " ".join(map(words.hedge, self.record.hedges))
        return twice(balance_charts.hedges_chart(self.record), label)

    @cached_property
    def influence(self) -> Drawing | None:
        """What moves the price."""
        if len(self.idle) == len(self.record.influence):
            return None
        label = "Share of the price's variance by group of inputs; figures stand beside the bars."
        return twice(balance_charts.influence_chart(self.record), label)

    @property
    def idle(self) -> list[str]:
        """Groups of inputs that hardly move the price."""
        return [one.title for one in balance_charts.idle(self.record)]

    @property
    def sureness(self) -> str:
        """Draws, failures, proof and assumptions."""
        return words.sureness(self.record)

    @property
    def variants(self) -> Table | None:
        """The same game in other worlds."""
        return balance_tables.variants(self.record)

    @cached_property
    def shapley(self) -> Drawing | None:
        """What each instrument contributes."""
        if not self.record.shapley:
            return None
        label = "Contribution of each instrument; figures stand beside the bars."
        return twice(balance_charts.shapley_chart(self.view, self.record), label)

    @cached_property
    def moves(self) -> Drawing | None:
        """What players could do next."""
        if not self.record.next_moves:
            return None
        label = "What next moves take and cost; figures stand beside the bars."
        return twice(balance_charts.moves_chart(self.view, self.record), label)

    @property
    def moves_words(self) -> str:
        """The move that takes most from the pivot."""
        most = max(self.record.next_moves, key=lambda one: one.pivot_loss)
        if most.pivot_loss <= 0.0:
            return f"No move the study lists takes anything from {self.home}."
        player, cost = self.view.named(most.player), most.own_cost
        own = f", and {player} {'loses' if cost >= 0.0 else 'gains'} {money(abs(cost))}"
        first = (
            f"Of the moves the study lists, one takes most from {self.home}"
            if len(self.record.next_moves) > 1
            else "The study lists one move"
        )
        return (
            f"{first}: {player} {most.title}. {capital(self.home)} then loses "
            f"{money(most.pivot_loss)} a year{own if most.player != self.record.pivot else ''}."
        )

    @property
    def slack(self) -> Table | None:
        """Whether its part pays each rival."""
        return balance_tables.slack(self.view, self.record)

    @property
    def situations(self) -> Table | None:
        """Every situation in numbers."""
        if not self.record.situations:
            return None
        return balance_tables.situations(self.view, self.record)

    @property
    def kept(self) -> Table | None:
        """What every situation leaves of the ties."""
        return balance_tables.kept(self.record) if self.record.situations else None

    @property
    def judged(self) -> list[tuple[SituationRecord, tuple[balance_tables.Judgement, ...]]]:
        """Every situation with its states."""
        return balance_tables.judged(self.view, self.record)

    @property
    def readings(self) -> list[tuple[str, str]]:
        """What every rule asks, and how it differs from the first."""
        return [
            (capital(described(rule)), capital(conditioned(self.record, rule.name)))
            for rule in self.record.rules
        ]

    @property
    def gdp(self) -> str:
        """GDP of the pivot."""
        return write.money(1000.0 * self.record.gdp)

    @property
    def imbalances(self) -> str:
        """What the world of the game does with trade imbalances."""
        return CLOSURE_WORDS[self.record.closure]

    @property
    def rules(self) -> Table:
        """Thresholds of every rule."""
        return balance_tables.rules(self.record)

    @property
    def critical(self) -> list[str]:
        """Titles of the critical ties."""
        titles = ties(self.record)
        return [titles.get(tie, tie) for tie in self.record.access]


def _assumed(one: InputRecord) -> str:
    """An input's value with its range, and whether it is an assumption."""
    guess = "" if one.evidence else ", assumed"
    return f"{write.level(one.value)} ({write.level(one.low)} to {write.level(one.high)}{guess})"
