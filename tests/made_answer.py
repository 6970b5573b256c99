"""An answer made by hand from its model, for what tells of answers."""

from __future__ import annotations

from datetime import date
from typing import Any

from tula.strategy.answer.found import Spread
from tula.strategy.answer.payers import HouseholdTold, JobsTold, SectorTold, WhoTold
from tula.strategy.answer.proofs import ProofTold
from tula.strategy.answer.result import (
    Answer,
    BeliefTold,
    ConditionTold,
    CourseTold,
    DemandTold,
    HandTold,
    JointTold,
    MarketTold,
    MonthTold,
    MoveTold,
    PlaneTold,
    PowerTold,
    PriceTold,
    TieTold,
    TurnTold,
)
from tula.strategy.ranking import Ends, Flow, Hold, Ranking, Standing
from tula.study.manifest import NumberRecord
from tula.study.results import StudyResults

SURE = Spread(median=1.0, low=1.0, high=1.0)
#: What readers see the beliefs called.
TITLES = {"heeded": "part still bought", "lasting": "months that it lasts", "breaks": "break-off"}


def spread(median: float, low: float, high: float) -> Spread:
    """A spread."""
    return Spread(median=median, low=low, high=high)


def tie(name: str, kept: Spread, below: float, **changes: Any) -> TieTold:
    """A tie that the study calls by its id."""
    told = {"title": f"{name} sold", "by": "value", "reference": "2024, the base year of a world"}
    return TieTold(**{"id": name, "kept": kept, "below": below, "holds_at": 0.5, **told, **changes})


def month(number: int, flows: dict[str, Spread], **chances: float) -> MonthTold:
    """A month in which ties are kept with a chance of four fifths."""
    return MonthTold(
        month=number, ties_met=0.8, never_below=0.8**number, balanced=0.78, flows=flows,
        chances=chances,
    )  # fmt: skip


def power(rival: str, needed: float, demand: Spread | None = None) -> PowerTold:
    """A rival's leverage, believed with a tenth."""
    return PowerTold(
        rival=rival, loss=spread(90.0, 60.0, 120.0), cost=spread(150.0, 80.0, 200.0),
        needed=spread(needed, needed - 0.05, min(needed + 0.1, 1.0)), needed_for_demand=demand,
        believed=spread(0.1, 0.05, 0.2),
    )  # fmt: skip


FUEL, CLOTH = spread(0.79, 0.57, 1.0), spread(0.87, 0.83, 0.91)
TIES = (
    tie("fuel", FUEL, 0.42, by="volume"),
    tie("cloth", CLOTH, 0.0),
    tie("paying", SURE, 0.04, by="share carried", reference="all of it"),
)
PLANE = PlaneTold(
    beliefs=("heeded", "lasting"),
    values=((0.5, 0.6, 0.7), (6.0, 12.0, 36.0)),
    odds=((0.5, 0.4, 0.3), (0.7, 0.5, 0.3), (0.95, 0.95, 0.95)),
    words=(
        ("open", "open", "likely broken"),
        ("likely holds", "open", "likely broken"),
        ("holds", "holds", "holds"),
    ),
    alone=((0.4, 0.5, 0.95), (0.7, 0.6, 0.5)),
    error=0.03,
)
PRICE = PriceTold(
    course="deal", price=spread(-7.7, -11.0, -4.2), above=0.05, sign=0,
    agreement={"sigma 0.65, supply free": 0.1}, by_world={"buyers-hit": -7.5, "first-year": 8.0},
    common=spread(-2.0, -3.0, -1.0), common_by_world={"buyers-hit": -2.0, "first-year": -6.0},
)  # fmt: skip

MARKETS = (
    MarketTold(sector="OIL", scenario="STOP", years=0.5, account=-8.2, world=-9.3, apart=0.1,
               paid=0.105, paid_in_world=0.106),
)  # fmt: skip


def case(name: str, title: str, cloth: float, home: float) -> WhoTold:
    """A case in which the cloth makers and the households at home move so much, bn USD."""
    sectors = (("TEX", "Textiles", 200.0, cloth), ("AGR", "Farms", 300.0, 0.5))
    regions = (("IND", "India", 4000.0, home), ("USA", "United States", 30000.0, -3.0),
               ("RUS", "Russia", 2000.0, 0.2), ("CHN", "China", 20000.0, 0.0004))  # fmt: skip
    return WhoTold(
        id=name, title=title, beside="keeping on", before=500.0, change=cloth + 0.5,
        percent=(cloth + 0.5) / 5.0,
        sectors=tuple(
            SectorTold(id=code, title=said, before=size, change=move, percent=100 * move / size,
                       volume=90 * move / size)
            for code, said, size, move in sectors
        ),
        jobs=(JobsTold(id="looms", title="weavers", jobs=45000.0, change=450 * 0.9 * cloth / 2,
                       percent=0.9 * cloth / 2),),
        households=tuple(
            HouseholdTold(id=code, title=said, change=move, percent=100 * move / size)
            for code, said, size, move in regions
        ),
    )  # fmt: skip


WHO = (
    case("listing", "firms heed the listing", -2.0, -6.0),
    case("deal", "a deal", 1.0, -7.7),
)


def standing(name: str, title: str, usa: float, rus: float) -> Standing:
    """A region that drops the other rival beyond such chances."""

    def hold(code: str, said: str, needed: float) -> Hold:
        size = Ends(value=9.0, low=12.0, high=4.0)
        chance = Ends(value=needed, low=needed - 0.05, high=needed + 0.02)
        flows = (Flow(id="goods sold", kept=0.9, weight=2.0),)
        return Hold(id=code, title=said, needed=chance, loss=size, loss_money=size, cost=size,
                    cost_money=size, flows=flows)  # fmt: skip

    return Standing(
        id=name, title=title, yields_to="USA" if usa < rus else "RUS", kept=0.9,
        holds=(hold("USA", "United States", usa), hold("RUS", "Russia", rus)),
    )  # fmt: skip


OTHERS = Ranking(
    rivals=("USA", "RUS"), as_of="2025-12-12", world="made (2024)", closure="fixed",
    elasticities="replace 2 (1.5 to 4)", failures=(), kept_suppliers=(), units={},
    regions=tuple(
        standing(f"R{n}", f"Region {n}", 0.9 - 0.05 * n, 0.97) if n != 6
        else standing("IND", "India", 0.97, 0.6)
        for n in range(14)
    ),
)  # fmt: skip
FRONTIER = (
    MoveTold(moves=(), titles=(), cost=0.0, fails=0.47, decides=0.41, next=0.06, bound=False),
    MoveTold(moves=("contracts",), titles=("term contracts",), cost=0.02, fails=0.35,
             decides=0.25, next=0.06, bound=False),
    MoveTold(moves=("contracts", "stocks"), titles=("term contracts", "stocks"), cost=0.09,
             fails=0.32, decides=0.22, next=0.06, bound=True),
)  # fmt: skip


def answer(**changes: Any) -> Answer:
    """An answer of India between the United States and Russia, with some fields changed."""
    flows = {"fuel": FUEL, "cloth": CLOTH, "paying": SURE}
    whole = ConditionTold(id="fuel", kind="hollow", title="fuel sold", fails=0.42, margin=FUEL)
    made = Answer(
        pivot="IND", rivals=("USA", "RUS"), announced=date(2025, 12, 12), months=3, kept=0.75,
        met=0.9, label="open", odds=0.52, error=0.06, decides="fuel", next="USA", reason=None,
        holds_from=0.53, broken_from=0.89,
        conditions=(
            whole,
            ConditionTold(id="USA", kind="captured", title="USA", fails=0.06, margin=SURE),
            ConditionTold(id="paying", kind="hollow", title="paying", fails=0.04, margin=SURE),
            ConditionTold(id="cloth", kind="hollow", title="cloth sold", fails=0.0, margin=SURE),
            ConditionTold(id="RUS", kind="captured", title="RUS", fails=0.0, margin=SURE),
            ConditionTold(id="ask", kind="aligned", title="no fuel", fails=0.0, margin=SURE),
        ),
        ties=TIES,
        powers=(power("USA", 0.25, spread(0.1, 0.05, 0.2)), power("RUS", 1.0)),
        hands=tuple(HandTold(rival=rival, hand="buys goods", stop="whole", loss=9.0, cost=4.0)
                    for rival in ("USA", "RUS")),
        demands=(DemandTold(id="ask", title="no fuel", by="USA",
                            own=spread(0.0, 0.0, 0.0), anybody=spread(0.2, 0.0, 0.4)),),
        courses=(
            CourseTold(id="keep", title="keeping on", worth=spread(-3.0, -4.0, -2.0),
                       gain=spread(0.0, 0.0, 0.0), common=spread(0.0, 0.0, 0.0)),
            CourseTold(id="deal", title="a deal", worth=spread(-11.0, -14.0, -8.0),
                       gain=PRICE.price, common=PRICE.common),
        ),
        price=PRICE,
        who=WHO,
        markets=MARKETS,
        agree=0.25,
        others=OTHERS,
        path=tuple(month(n, flows, listing=0.7 / n) for n in (1, 2, 3)),
        switches={"listing": "firms heed the listing"},
        turning=(
            TurnTold(belief="heeded", at=(0.5, 0.62, 0.78), odds=(0.4, 0.47, 0.9),
                     price=None, words=("open", "likely holds"), turns_at=0.69,
                     price_turns_at=None),
            TurnTold(belief="lasting", at=(6.0, 12.0, 36.0), odds=(0.6, 0.5, 0.4), price=None,
                     words=("open",), turns_at=None, price_turns_at=None),
            TurnTold(belief="breaks", at=(0.0, 0.1, 0.2), odds=(0.5, 0.5, 0.5), price=None,
                     words=("open",), turns_at=None, price_turns_at=None),
        ),
        plane=PLANE,
        joint=(
            JointTold(what="label", to="likely holds", distance=1.1,
                      steps={"breaks": 0.01, "heeded": 0.9, "lasting": -0.5}),
            JointTold(what="price", to="", distance=None, steps={}),
        ),
        frontier=FRONTIER,
        beliefs=tuple(
            BeliefTold(id=name, value=0.5, low=0.2, high=0.8,
                       excludes=("broken",) if name == "heeded" else ())
            for name in TITLES
        ),
        clock="The age of a month counts from 1 September 2025.",
        proof=ProofTold(draws=16, failed=0, why=(), paths=400, solves=80, interpolation=0.001,
        composed=0, composed_flow=0.0, composed_income=0.0,
                        second_starts=0, seconds=(), apart=0, fit=0.8),
    )  # fmt: skip
    return made.model_copy(update=changes)


def answered(results: StudyResults, found: Answer) -> StudyResults:
    """The results of a study whose question has this answer."""
    told = tuple(
        NumberRecord(key=f"beliefs.{name}", title=title, value="0.5 (0.2 to 0.8)",
                     evidence=("F01",) if name == "heeded" else (),
                     reason="" if name == "heeded" else "A judgement.")
        for name, title in TITLES.items()
    )  # fmt: skip
    changes = {"hashes": {}, "beliefs": told, "draws": 16}
    return StudyResults(results.manifest.model_copy(update=changes), results.data, answer=found)
