"""Which exports to withhold from a target: most harm for what the ban costs the senders.

After Hausmann, Schetter and Yildirim (2024), "On the design of effective sanctions: the case of
bans on exports to Russia", Economic Policy 39(117). A closed form for one product, and the exact
choice among many under a budget.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import fsum

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from tula.equilibrium.calibration import World, calibrated
from tula.errors import TulaError
from tula.shapes import Float
from tula.strategy.membership import take_sides

Array = np.ndarray


class ExportBanError(TulaError):
    """Products or a budget that the formula does not cover. ``problems`` lists all of them."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(self.problems))


@dataclass(frozen=True)
class ExportProduct:
    """One product that senders may stop selling to the target.

    * ``spending_weight``: the target's spending on it over the target's final spending;
    * ``senders_share``: the senders' share of that spending, below 1;
    * ``substitution_elasticity``: between origins, above 1;
    * ``exported_musd``: the senders' sales to the target, million USD a year;
    * ``rent``: share of these sales that the senders lose with them (what the freed resources
      do not earn elsewhere), above 0 and at most 1.
    """

    name: str
    spending_weight: float
    senders_share: float
    substitution_elasticity: float
    exported_musd: float
    rent: float

    @property
    def target_loss(self) -> float:
        """The target's loss if all of it is withheld, % of final spending."""
        loss = export_ban_loss(
            self.spending_weight, self.senders_share, self.substitution_elasticity
        )
        return 100.0 * float(loss)

    @property
    def cost_musd(self) -> float:
        """What the ban costs the senders, million USD a year."""
        return self.exported_musd * self.rent

    @property
    def harm_per_cost(self) -> float:
        """The target's loss (% of final spending) per million USD the ban costs."""
        return self.target_loss / self.cost_musd


def export_ban_loss(
    spending_weight: Float[Array, "*J"] | float,
    senders_share: Float[Array, "*J"] | float,
    substitution_elasticity: Float[Array, "*J"] | float,
) -> Float[Array, "*J"]:
    """Return the fall of the target's log real income when senders withhold a product.

    Exact for CES demand at given prices of what remains; convex in the senders' share, so bans
    do most where senders hold nearly all of the supply. Raises ``ExportBanError`` for a share of
    1 or more (no supplier is left) and an elasticity of 1 or less (the loss has no bound).
    """
    share, sigma = np.asarray(senders_share), np.asarray(substitution_elasticity)
    problems = []
    if not ((share >= 0.0) & (share < 1.0)).all():
        problems.append("the senders' share must be at least 0 and below 1: somebody must remain")
    if not (sigma > 1.0).all():
        problems.append("the substitution elasticity must be above 1, or the loss has no bound")
    if not (np.asarray(spending_weight) >= 0.0).all():
        problems.append("the spending weight must not be negative")
    if problems:
        raise ExportBanError(problems)
    return np.asarray(spending_weight * -np.log1p(-share) / (sigma - 1.0))


@dataclass(frozen=True)
class ExportBan:
    """A choice of products: their names by falling harm per cost, harm (%) and cost (musd)."""

    products: tuple[str, ...]
    target_loss: float
    cost_musd: float


@dataclass(frozen=True)
class ExportBanPlan:
    """The best choice under a budget, and the simple rule beside it.

    * ``best``: exact (a knapsack problem); ``greedy``: products taken by harm per cost as long as
      they fit; ``guarantee``: no choice within the budget does more harm than this (%);
    * ``ranked``: every product by harm per cost, the first is rank 1.
    """

    best: ExportBan
    greedy: ExportBan
    guarantee: float
    ranked: tuple[ExportProduct, ...]

    @property
    def ranks(self) -> dict[str, int]:
        """Rank by harm per cost of every product, chosen or not."""
        return {product.name: rank for rank, product in enumerate(self.ranked, 1)}


def choose_export_bans(products: Iterable[ExportProduct], budget_musd: float) -> ExportBanPlan:
    """Return the products to withhold for the most harm at a cost of at most ``budget_musd``.

    The harm of several bans is the sum of theirs. Raises ``ExportBanError`` with all that is
    wrong: names given twice, costs that are not positive, a budget that is not positive, shares
    and elasticities out of range.
    """
    given = list(products)
    _require_usable(given, budget_musd)
    ranked = sorted(given, key=lambda product: (-product.harm_per_cost, product.name))
    harm = np.array([product.target_loss for product in ranked])
    cost = np.array([product.cost_musd for product in ranked])
    chosen, guarantee = _knapsack(harm, cost, budget_musd)
    return ExportBanPlan(
        best=_ban(ranked, chosen),
        greedy=_ban(ranked, _greedy(cost, budget_musd)),
        guarantee=guarantee,
        ranked=tuple(ranked),
    )


def _knapsack(
    harm: Float[Array, " J"], cost: Float[Array, " J"], budget: float
) -> tuple[np.ndarray, float]:
    """Return which to take (booleans) and a proven upper bound of the harm."""
    scale = float(harm.max()) or 1.0
    found = milp(
        -harm / scale,
        integrality=np.ones_like(harm),
        bounds=Bounds(0.0, 1.0),
        constraints=LinearConstraint(cost[None, :] / budget, ub=1.0),
        options={"mip_rel_gap": 0.0},
    )
    if not found.success:
        raise ExportBanError([f"no best choice found: {found.message}"])
    return found.x > 0.5, -float(found.mip_dual_bound) * scale


def _greedy(cost: Float[Array, " J"], budget: float) -> np.ndarray:
    """Take products in the order given as long as they fit."""
    taken, spent = np.zeros(len(cost), dtype=bool), 0.0
    for place, price in enumerate(cost):
        if spent + price <= budget:
            taken[place] = True
            spent += price
    return taken


def _ban(ranked: Sequence[ExportProduct], taken: np.ndarray) -> ExportBan:
    chosen = [product for product, hit in zip(ranked, taken, strict=True) if hit]
    return ExportBan(
        products=tuple(product.name for product in chosen),
        target_loss=fsum(product.target_loss for product in chosen),
        cost_musd=fsum(product.cost_musd for product in chosen),
    )


def _require_usable(products: Sequence[ExportProduct], budget: float) -> None:
    names = [product.name for product in products]
    problems = [
        f"product {name!r} is given twice" for name in sorted(set(names)) if names.count(name) > 1
    ]
    if not products:
        problems.append("no products to choose from")
    if not (np.isfinite(budget) and budget > 0.0):
        problems.append(f"budget of {budget} million USD: give a positive amount")
    for product in products:
        problems += _problems(product)
    if problems:
        raise ExportBanError(problems)


def _problems(product: ExportProduct) -> list[str]:
    found = []
    try:
        _ = product.target_loss
    except ExportBanError as error:
        found += [f"{product.name}: {problem}" for problem in error.problems]
    if not 0.0 < product.rent <= 1.0:
        found.append(f"{product.name}: rent {product.rent} must be above 0 and at most 1")
    if not product.exported_musd > 0.0:
        found.append(
            f"{product.name}: exports of {product.exported_musd} million USD: leave it out"
        )
    return found


def export_products(
    world: World, senders: str | Sequence[str], target: str, rent: float
) -> tuple[ExportProduct, ...]:
    """Return a world's sectors as products that the senders could withhold from one region.

    The weight is the target's spending on the sector, inputs included, over its final spending
    (a Domar weight: the loss is first-order in input links); the elasticity is the target's trade
    elasticity plus one. ``rent`` is the share of sales lost with them. Sectors without sales are
    left out. Raises ``CoalitionError`` for names that do not make two sides.
    """
    calibration = calibrated(world)
    labels = calibration.labels
    sides = take_sides(labels, senders, target)
    if len(sides.target) != 1:
        raise ExportBanError([f"target {target!r} is {len(sides.target)} regions: name one"])
    place = labels.region_index(sides.target[0])
    sellers = [labels.region_index(code) for code in sides.codes(sides.members)]
    weight = calibration.expenditure[place] / calibration.final_spending[place]
    theta = calibration.placed.trade_elasticity[:, place]
    share = calibration.trade_share[:, place, sellers].sum(axis=1)
    sales = calibration.border_trade[:, place, sellers].sum(axis=1)
    return tuple(
        ExportProduct(
            name=sector,
            spending_weight=float(weight[s]),
            senders_share=float(share[s]),
            substitution_elasticity=float(theta[s] + 1.0),
            exported_musd=float(sales[s]),
            rent=rent,
        )
        for s, sector in enumerate(labels.sectors)
        if sales[s] > 0.0
    )
