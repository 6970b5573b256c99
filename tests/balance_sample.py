"""A made-up record of a balance with the shape and the sizes of a real one."""

from __future__ import annotations

import math
from typing import Any

from tula.numbers.estimate import Estimate
from tula.strategy.balance.found import (
    BreakEven,
    Contribution,
    Frontier,
    FrontierPoint,
    NextMoveFound,
    Surface,
)
from tula.strategy.balance.inputs import Rule
from tula.study.balance.records import (
    BalanceRecord,
    CourseRecord,
    DemandRecord,
    FailureRecord,
    HedgeRecord,
    Influence,
    InputRecord,
    Loss,
    LossRange,
    Odds,
    RuleOdds,
    SituationRecord,
    SlackRecord,
    SurvivalRecord,
    TieState,
    VariantRecord,
    VerdictRecord,
)

DRAWS, GDP, Z = 512, 3700.0, 1.96
STATES = ("captured", "aligned", "hollow", "costly", "free")
RULES = (
    Rule(name="main", access=0.75, loss=0.02, measure="law"),
    Rule(name="loose", access=0.5, loss=0.02, measure="law"),
    Rule(name="tight", access=0.9, loss=0.02, measure="law"),
    Rule(name="strict", access=0.75, loss=0.01, measure="law"),
    Rule(name="break-off", access=0.75, loss=0.02, measure="full"),
)
TIES = {
    "crude": ("Russian crude", "RUS"),
    "payments": ("payments to Russia", "RUS"),
    "us-market": ("goods sold to the US", "USA"),
    "us-services": ("services sold to the US", "USA"),
}
KEPT = {
    "main": (0.05, 0.0, 0.71, 0.06, 0.18),
    "loose": (0.05, 0.0, 0.04, 0.19, 0.72),
    "tight": (0.05, 0.0, 0.93, 0.0, 0.02),
    "strict": (0.86, 0.0, 0.11, 0.0, 0.03),
    "break-off": (0.99, 0.0, 0.01, 0.0, 0.0),
}
BEST = {
    "main": (0.02, 0.27, 0.6, 0.0, 0.11),
    "loose": (0.02, 0.27, 0.03, 0.0, 0.68),
    "tight": (0.02, 0.27, 0.7, 0.0, 0.01),
    "strict": (0.61, 0.27, 0.1, 0.0, 0.02),
    "break-off": (0.99, 0.01, 0.0, 0.0, 0.0),
}


def odds(shares: tuple[float, ...]) -> tuple[Odds, ...]:
    """Shares of the five states with standard error and Wilson interval."""
    return tuple(_odds(state, share) for state, share in zip(STATES, shares, strict=True))


def _odds(state: str, share: float) -> Odds:
    middle = (share + Z**2 / (2 * DRAWS)) / (1 + Z**2 / DRAWS)
    error = math.sqrt(share * (1 - share) / DRAWS)
    half = Z * math.sqrt(error**2 + Z**2 / (4 * DRAWS**2)) / (1 + Z**2 / DRAWS)
    low, high = max(middle - half, 0.0), min(middle + half, 1.0)
    return Odds(state=state, share=share, error=error, low=low, high=high, least=share, most=share)


def span(central: float, low: float, high: float) -> Estimate:
    """A range in few words."""
    return Estimate(central=central, low=low, high=high)


def losses(law_a: float, law_b: float) -> tuple[LossRange, ...]:
    """What either rival can take away, from half to twice as much over the draws."""
    return tuple(
        LossRange(rival=rival, law=span(law, law / 2, 2 * law), full=span(full, full / 2, 2 * full))
        for rival, law, full in (("USA", law_a, 0.0325), ("RUS", law_b, 0.0185))
    )


FIRST, SECOND = "the first 25 points", "25 more points"
PENALISED = ("S1-50", "S2-35", "J")


def situation(
    name: str,
    title: str,
    numbers: tuple[float, float],
    kept: tuple[float, ...],
    states: tuple[str, ...],
    by: tuple[str, ...] = (),
) -> SituationRecord:
    """A scenario judged: income and price, the four ties, the five states."""
    income, price = numbers
    return SituationRecord(
        id=name,
        title=title,
        hook="As announced in 2025.",
        course="keep",
        in_force=() if name == "S0" else (FIRST, SECOND) if name in PENALISED else (FIRST,),
        income=income,
        price=price,
        price_of_gdp=price / GDP,
        ties=tuple(
            TieState(id=tie, title=words, rival=rival, kept=share)
            for (tie, (words, rival)), share in zip(TIES.items(), kept, strict=True)
        ),
        losses=tuple(
            Loss(rival=one.rival, law=one.law.central, full=one.full.central)
            for one in losses(0.0006, 0.0165)
        ),
        verdicts=tuple(
            VerdictRecord(rule=rule.name, state=state, by=by if state == "hollow" else ())
            for rule, state in zip(RULES, states, strict=True)
        ),
    )


FREE = ("free", "free", "free", "captured", "captured")
PRESSED = ("hollow", "free", "hollow", "captured", "captured")
GIVEN_WAY = ("aligned", "aligned", "aligned", "aligned", "captured")
MARKET = ("us-market",)
SITUATIONS = (
    situation("S0", "Before any move", (0.0, -4.07), (1, 1, 1, 1), FREE),
    situation(
        "S1-25",
        "US duty on India: the first 25 points",
        (-5.73, -3.88),
        (1, 1, 0.8, 1.01),
        ("free", "free", "hollow", "captured", "captured"),
        MARKET,
    ),
    situation(
        "S1-50",
        "US duty on India: all 50 points",
        (-9.0, -0.61),
        (1, 1, 0.69, 1.01),
        PRESSED,
        MARKET,
    ),
    situation(
        "S2-35",
        "India gives up a third of its Russian crude",
        (1.83, -5.9),
        (0.65, 1, 1, 1),
        PRESSED,
        ("crude",),
    ),
    situation("S2-100", "India gives up all Russian crude", (-4.07, 0.0), (0, 1, 1, 1), GIVEN_WAY),
    situation(
        "YIELD",
        "India gives up Russian crude and is spared the penalty",
        (-9.61, 0.0),
        (0, 1, 0.8, 1.01),
        GIVEN_WAY,
    ),
    situation("S3-IND", "Wider sanctions with India", (-18.75, 15.26), (0, 1, 1, 1), GIVEN_WAY),
    situation(
        "DES",
        "Two Russian producers blacklisted under the whole duty",
        (-6.63, -3.71),
        (0.62, 1, 0.69, 1.01),
        PRESSED,
        ("crude", "us-market"),
    ),
    situation(
        "S4", "Third countries close payments", (-5.73, -3.88), (1, 0.63, 0.8, 1), PRESSED, MARKET
    ),
    situation("J", "Everything at once", (-12.92, 3.16), (0, 0.63, 0.69, 1.01), GIVEN_WAY),
)
COURSES = (
    ("keep", "goes on as its firms wish", "", False, span(-6.51, -10.8, -3.1), 0.16),
    ("trim", "buys a third less Russian crude", "", False, span(-5.59, -9.6, -2.2), 0.57),
    ("stop", "buys no Russian crude", "USA", False, span(-10.92, -17.4, -5.6), 0.27),
    ("join", "joins sanctions on Russia", "USA", False, span(-25.71, -36.0, -15.1), 0.0),
    ("lean", "sells nothing to the United States", "RUS", True, span(-71.2, -110.0, -44.0), 0.0),
)
INFLUENCE = (
    ("elasticities", "how readily trade answers prices", 0.41, 0.05, 0.49, 0.06),
    ("grades", "how alike grades of crude are", 0.22, 0.04, 0.31, 0.05),
    ("persistence", "share of the year that the penalty stays", 0.14, 0.04, 0.19, 0.04),
    ("honoured", "whether relief is granted", 0.07, 0.03, 0.12, 0.03),
    ("designation", "whether producers are blacklisted", 0.03, 0.03, 0.06, 0.02),
    ("discount", "discount on Russian crude", 0.01, 0.02, 0.02, 0.02),
)
BREAK_EVENS = (
    ("size.penalty", "the extra duty", "points", 25.0, 41.0, 0.0, 100.0, ""),
    ("persistence.penalty", "the share of the year with it", "share", 0.6, None, 0.0, 1.0, ""),
    ("discount", "the discount on crude from RUS", "USD a barrel", 4.0, -2.6, -10.0, 15.0, ""),
    ("size.penalty:us-market", "the extra duty", "points", 25.0, 18.5, 0.0, 100.0,
     "less than 75% is left of goods sold to the US"),
    ("size.penalty:us-services", "the extra duty", "points", 25.0, None, 0.0, 100.0,
     "at least 75% is left of services sold to the US"),
    ("outlets:main", "the room to place local currency", "bn USD a year", 7.0, 19.0, 0.0, 27.0,
     "with dollars closed, at least 75% of payments passes"),
)  # fmt: skip
SHAPLEY = (
    ("S1-25", "US duty: the first 25 points", -5.61),
    ("S1-50", "US duty: the second 25 points", -3.2),
    ("designation", "producers blacklisted", 1.9),
    ("channels", "payment channels closed", -0.62),
    ("S6", "free trade with the Eurasian Union", -0.31),
    ("S7", "Indian workers for Russia", 0.24),
)
SLACK = (
    ("USA", "what a year of the penalty costs it", span(1.65, 0.9, 2.8), "bn USD a year",
     "carrying it out costs USA money, so it is not credible by money alone"),
    ("RUS", "What the oil tie earns Russia over the next buyer", span(11.4, 5.2, 19.0),
     "bn USD a year", "Russia gains from keeping India as a buyer"),
)  # fmt: skip
NEXT_MOVES = (
    ("M1", "doubles the penalty", "USA", 2.9, 1.4, "hollow"),
    ("M2", "taxes services", "USA", 7.8, 3.1, "hollow"),
    ("M3", "withholds its crude", "RUS", 9.4, 24.5, "hollow"),
    ("M4", "answers with a duty of its own", "IND", 0.4, 0.4, "hollow"),
    ("M5", "lifts the penalty", "USA", -3.3, -1.7, "free"),
)
HEDGES = (
    ("H1", "Rupee outlets for Russian balances", span(1.6, 1.3, 2.7), 0.4),
    ("H2", "Shipping through Chabahar", span(-0.01, -0.06, -0.01), 0.0),
)
INPUTS = (
    ("penalty.persistence", "persistence", "Share of the year that the penalty stays",
     0.6, 0.25, 1.0, ("F02",), ""),
    ("penalty.honoured", "honoured", "Probability that relief is granted",
     0.5, 0.1, 0.9, (), "No record of its like."),
    ("scale", "elasticities", "Trade elasticities, times those of the world",
     1.0, 0.5, 1.5, (), "Spread between published sets."),
)  # fmt: skip


def _surface() -> Surface:
    duties, shares = tuple(float(d) for d in range(0, 101, 10)), (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
    price = tuple(
        tuple(round(-6.2 + 0.22 * duty * share - 0.0006 * duty**2 * share, 3) for duty in duties)
        for share in shares
    )
    return Surface(
        x_title="the extra duty",
        x_unit="points",
        x=duties,
        y_title="the share of the year that it stands",
        y_unit="share",
        y=shares,
        price=price,
    )


def _frontier(rival: str, loss: float, cost: float) -> Frontier:
    points = tuple(
        FrontierPoint(
            wedge=0.05 * step, cost=cost * (step / 8) ** 2, loss=loss * (1 - 0.75 * step / 8)
        )
        for step in range(9)
    )
    return Frontier(rival=rival, points=points)


def _survival(rule: str, hazard: float, least: float) -> SurvivalRecord:
    months = tuple(range(25))
    share = tuple(least + (1 - least) * math.exp(-hazard * month) for month in months)
    return SurvivalRecord(
        rule=rule,
        months=months,
        share=share,
        low=tuple(max(one - 0.14 * (1 - math.exp(-m / 4)), 0.0) for m, one in enumerate(share)),
        high=tuple(min(one + 0.11 * (1 - math.exp(-m / 4)), 1.0) for m, one in enumerate(share)),
    )


def balance_record(**changes: Any) -> BalanceRecord:
    """Return the record, with what is changed put in its place."""
    return BalanceRecord(
        pivot="IND",
        gdp=GDP,
        announced="2025-12-12",
        confidence=0.9,
        reference="trade of the base year, and the oil tie's volumes of 2025",
        world="trade has had a year to adjust",
        closure="fixed",
        rules=RULES,
        demands=(
            DemandRecord(
                id="oil",
                rival="USA",
                title="no Russian crude, direct or indirect",
                date="2025-08-06",
                enforced=True,
                evidence=("F01",),
            ),
            DemandRecord(
                id="arms", rival="USA", title="no new arms", date="2017-08-02", enforced=False
            ),
        ),
        price=span(-4.41, -11.2, 1.9),
        price_of_gdp=span(-0.00119, -0.003, 0.0005),
        required=span(0.0, 0.0, 0.0005),
        courses=tuple(
            CourseRecord(id=i, title=t, aligned_with=a, hypothetical=h, worth=w, best=b)
            for i, t, a, h, w, b in COURSES
        ),
        odds=tuple(
            RuleOdds(rule=rule.name, kept=odds(KEPT[rule.name]), best=odds(BEST[rule.name]))
            for rule in RULES
        ),
        access={
            "crude": span(0.5, 0.1, 0.75),
            "payments": span(0.9, 0.75, 0.97),
            "us-market": span(0.4, 0.0, 1.0),
            "us-services": span(1.0, 1.0, 1.0),
        },
        losses=losses(0.0006, 0.0165),
        situations=SITUATIONS,
        influence=tuple(
            Influence(group=g, title=t, first=f, first_error=fe, total=s, total_error=se)
            for g, t, f, fe, s, se in INFLUENCE
        ),
        shapley=tuple(Contribution(id=i, title=t, value=v) for i, t, v in SHAPLEY),
        break_evens=tuple(
            BreakEven(
                name=n,
                title=t,
                unit=u,
                central=c,
                found=f,
                low=low,
                high=high,
                meaning=m,
            )
            for n, t, u, c, f, low, high, m in BREAK_EVENS
        ),
        surface=_surface(),
        frontiers=(_frontier("RUS", 0.0165, 2.4), _frontier("USA", 0.0325, 6.8)),
        survival=(
            _survival("main", 0.14, 0.12),
            _survival("loose", 0.02, 0.5),
            _survival("tight", 0.6, 0.0),
        ),
        slack=tuple(
            SlackRecord(rival=r, title=t, value=v, unit=u, meaning=m) for r, t, v, u, m in SLACK
        ),
        next_moves=tuple(
            NextMoveFound(id=i, title=t, player=p, pivot_loss=lost, own_cost=own, state=s)
            for i, t, p, lost, own, s in NEXT_MOVES
        ),
        hedges=tuple(HedgeRecord(id=i, title=t, worth=w, exposure=e) for i, t, w, e in HEDGES),
        variants=(
            VariantRecord(
                title="trade balanced",
                price=-3.2,
                price_of_gdp=-0.0009,
                best="trim",
                state="hollow",
            ),
        ),
        inputs=tuple(
            InputRecord(name=n, group=g, title=t, value=v, low=low, high=high, evidence=e, reason=r)
            for n, g, t, v, low, high, e, r in INPUTS
        ),
        draws=DRAWS,
        rows=6144,
        seed=7,
        solves=412,
        residual=8.3e-12,
        tolerance=1e-10,
        failures=(FailureRecord(draw=700, message="no equilibrium found"),),
    ).model_copy(update=changes)


def bare_record() -> BalanceRecord:
    """The same with every part that may be empty left empty."""
    empty: tuple[Any, ...] = ()
    names = ("demands", "situations", "influence", "shapley", "break_evens", "frontiers")
    names += (
        "losses",
        "survival",
        "slack",
        "next_moves",
        "hedges",
        "inputs",
        "failures",
        "variants",
    )
    return balance_record(surface=None, access={}, **dict.fromkeys(names, empty))
