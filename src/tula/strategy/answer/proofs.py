"""What lies behind the answer, as it is told: single situations, markets, second equilibria."""

from __future__ import annotations

from tula.strategy.answer.found import Found


class DrawTold(Found):
    """One draw, from which odds, their error and the price can be counted again."""

    odds: float
    """Share of its paths in which every condition is met."""
    price: float | None
    """Its price, bn USD; None where no course gives in."""
    beliefs: dict[str, float]
    """What is believed in it."""


class MarketTold(Found):
    """What a scenario does to one commodity: its market by itself, and the world with it in."""

    sector: str
    """The commodity."""
    scenario: str
    """What happens to it."""
    years: float
    """Age of the shock."""
    account: float
    """What the pivot gains by the market's account, wages and other prices standing still, bn USD
    a year."""
    world: float
    """The same as the difference of two solves of the world."""
    apart: float
    """How far the two lie apart, as a part of all sums that go into the account."""
    paid: float
    """Change of what the pivot pays for it, by the market alone, a fraction."""
    paid_in_world: float
    """The same in the world."""


class SecondTold(Found):
    """A situation with another equilibrium."""

    situation: str
    """What stands."""
    first_year: float
    """Sigma at which it was tried."""
    first: dict[str, float]
    """Ties and the pivot's income in the equilibrium that is counted."""
    other: dict[str, float]
    """The same in the other."""


class StandTold(Found):
    """What one situation leaves, in a month and at one value of every belief."""

    course: str
    """What the pivot does."""
    on: tuple[str, ...]
    """Threats and events that stand."""
    happened: tuple[str, ...]
    """Causes that have happened."""
    offer: bool
    """Whether what the course is done for is honoured."""
    month: int
    """The month."""
    kept: dict[str, float]
    """By tie: what arrives, ratio to its reference, not capped."""
    income: dict[str, float]
    """Pivot and rivals: real income, bn USD a year over the base year."""


class ProofTold(Found):
    """How the numbers came about."""

    draws: int
    """Draws of the beliefs that are counted."""
    failed: int
    """Draws without a solution, left out."""
    why: tuple[str, ...]
    """Why; and why situations have none at the low end of the first year's sigma."""
    paths: int
    """Paths of policy in each draw."""
    solves: int
    """Equilibria found, each with its certificate."""
    interpolation: float
    """Largest error of a flow between the ages solved, at the medians, ratio to the reference."""
    composed: int
    """States, an age with a situation, that a draw composes of those it solves."""
    composed_flow: float
    """Largest error of a flow so composed, where it was solved as well, ratio to the reference."""
    composed_income: float
    """The same of an income, bn USD a year."""
    second_starts: int
    """Situations below a sigma of one tried from other starts."""
    seconds: tuple[SecondTold, ...]
    """Those in which another equilibrium was found."""
    apart: int
    """Draws in which the way from the base year leads elsewhere than that from the medians."""
    fit: float
    """Least share of variance of a solved number that the response to beliefs explains, each draw
    foretold by the others; below zero their mean would do better."""
