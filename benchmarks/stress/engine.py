"""Random economies and policies: every solution recounted, every refusal searched."""

from __future__ import annotations

import warnings
from collections import Counter

import numpy as np

from benchmarks.stress.economies import CLOSURES, Case, case, policy
from benchmarks.stress.recount import Outcome, World
from tula.equilibrium import CLOSURES as RULES
from tula.equilibrium import Calibration, Solution, calibrate, solve
from tula.errors import TulaError
from tula.world.economy import Economy
from tula.world.store import load_world

Array = np.ndarray

#: Relative gap between a solution and its recount above which it is wrong; and the part of output
#: to which markets are held, which in nearly closed economies leaves wages that much less certain.
WRONG, HELD = 1e-8, 1e-10
#: Starts from which an equilibrium is looked for where the engine has refused.
STARTS = 40
#: Policies on the embedded world of which one is recounted, a second of work.
RECOUNTED = 5


def economies(seed: int, count: int) -> Counter[str]:
    """Solve, recount and independently search so many cases; return what came of them."""
    told: Counter[str] = Counter()
    for number in range(count):
        drawn = case(seed, number)
        if drawn is None:
            told["drawn without value added"] += 1
            continue
        world = World(drawn.economy, drawn.closure)
        for word in _judged(drawn, calibrate(drawn.economy), world, search=True):
            told[word] += 1
            if word.startswith(("wrong", "missed", "crashed")):
                print(f"{word}: seed {seed}, number {number}, {drawn.kind}, {drawn.closure}")
    return told


def policies(seed: int, count: int, economy: Economy | None = None) -> Counter[str]:
    """Solve and recount so many random policies on the embedded world."""
    economy = economy or load_world()
    calibration, told = calibrate(economy), Counter[str]()
    worlds = {closure: World(economy, closure) for closure in CLOSURES[:2]}
    for number in range(count):
        draw = np.random.default_rng([seed, number])
        share = 10.0 ** draw.uniform(-3, 0)
        wild = draw.random() < 0.3
        shock = policy(draw, economy, wild=wild, dear=False, share=share, subsidy=0.0)
        drawn = Case("policy", economy, shock, str(draw.choice(CLOSURES[:2])))
        world = worlds[drawn.closure] if number % RECOUNTED == 0 else None
        for word in _judged(drawn, calibration, world, search=False):
            told[word] += 1
            if word.startswith(("wrong", "missed", "crashed", "refused")):
                print(f"{word}: policy, seed {seed}, number {number}, {drawn.closure}")
    return told


def _judged(
    drawn: Case, calibration: Calibration, world: World | None, *, search: bool
) -> list[str]:
    """Return words for what the engine made of a case; without a world it is not recounted."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            solution = solve(calibration, drawn.shock, closure=RULES[drawn.closure])
    except TulaError as refusal:
        why = type(refusal).__name__
        return [_refused(world, drawn, why) if search and world else f"refused ({why})"]
    except Exception as crash:
        return [f"crashed with {type(crash).__name__}"]
    if world is None:
        return ["solved, by its certificate"]
    base = np.ones(len(drawn.economy.regions))
    if drawn.closure == "balanced":
        purged = world.equilibrium(world.still(), 0.0 * base)
        if purged is None:
            return ["solved, not recounted: the search finds no balanced base"]
        base = purged
    before = world.at(base, world.still())
    after = world.at(base * solution.wage_hat, drawn.shock)
    gap, where = max(_gaps(solution, before, after))
    limit = max(WRONG, HELD / world.open.min())
    words = ["solved" if gap <= limit else f"wrong in {where}"]
    if search:
        words.append(_found_too(world, drawn, base * solution.wage_hat, limit))
    return words


def _found_too(world: World, drawn: Case, wage: Array, limit: float) -> str:
    """Say whether a search from the base year finds the same wages."""
    found = world.equilibrium(drawn.shock, np.zeros_like(wage))
    if found is None:
        return "search from the base year finds nothing"
    same = np.abs(found / wage - 1).max() <= limit
    return "search finds the same" if same else "search finds another equilibrium"


def _refused(world: World, drawn: Case, why: str) -> str:
    """Say whether a refused case has an equilibrium after all."""
    draw = np.random.default_rng(0)
    n = len(drawn.economy.regions)
    if why == "NoSupplierError":
        return "refused: an embargo leaves a buyer no supplier"
    for spread in np.linspace(0.0, 6.0, STARTS):
        if world.equilibrium(drawn.shock, spread * draw.normal(size=n)) is not None:
            return f"missed: {why}, but the search finds an equilibrium"
    return f"refused ({why}); a search from {STARTS} starts finds no equilibrium either"


def _gaps(solution: Solution, before: Outcome, after: Outcome) -> list[tuple[float, str]]:
    """Return the largest relative gap by quantity, a recount beside the engine's."""
    sold, spent = after.output > 0, after.spending > 0
    size, rich = after.output.sum(), np.abs(after.income)
    pairs = {
        "costs": np.log(after.cost / before.cost / solution.cost_hat)[sold],
        "prices": np.log(after.price / before.price / solution.price_hat)[spent],
        "shares": (after.share - solution.trade_share)[spent.T],
        "spending": (after.spending - solution.expenditure)
        / np.maximum(after.spending, 1e-12 * size),
        "output": (after.output - solution.output) / np.maximum(after.output, 1e-12 * size),
        "incomes": (after.income - solution.income) / rich,
        "duties": (after.duties - solution.tariff_revenue) / rich,
        "export taxes": (after.export_taxes - solution.export_tax_revenue) / rich,
        "final prices": np.log(after.final_price / before.final_price / solution.final_price_hat),
        "real incomes": after.income
        / after.final_price
        / (before.income / before.final_price)
        / solution.real_income_hat
        - 1,
        "labour markets": after.short,
        "signs": np.minimum(solution.income, 0.0),
    }
    return [(float(np.abs(gap).max(initial=0.0)), name) for name, gap in pairs.items()]
