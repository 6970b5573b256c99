"""How an iterate moves per unit of violation: by region blocks, or each unknown by itself.

A region's own prices, spending and earnings answer one another at once, through its inputs and its
sales at home; other regions answer through trade, which is small beside that. Multiplying the
violation by the inverse of each region's own block of the Jacobian, and correcting for what a
change in one region's earnings does to all others, leaves an iteration that converges some three
times faster. Only the way changes, never the equilibrium: a solution's proof does not know of it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol, runtime_checkable

import numpy as np

from tula.equilibrium.arrays import Array, namespace, record
from tula.equilibrium.factors import SectorFactors, labour_share
from tula.equilibrium.limits import over_quota
from tula.equilibrium.markets import Access, OwnAccess
from tula.equilibrium.system import Point, System, evaluate, join, start
from tula.shapes import Float, Int

#: Bounds the step of a region that hardly trades.
LEAST_RESPONSE = 1e-2
#: Below this a region does not trade at all.
NO_RESPONSE = 1e-6
#: The same for exact blocks.
HARDLY = 1e-9
#: Move of an unknown by which the blocks are measured.
NUDGE = 1e-6
#: Least singular value of what couples regions that counts, relative to the largest: where slopes
#: are exact, and where they are measured.
EXACT, MEASURED = 1e-8, 1e-5
#: Number of regions up to which the answers of all regions to each other's earnings are held.
MOST_COUPLED = 128


def violation_at(system: System, vector: Float[Array, " U"]) -> Float[Array, " U"]:
    """Return the violation of every equation; for limits, the larger of excess and no wedge."""
    violation, point = evaluate(system, vector)
    if system.trade.limits is None:
        return join(violation)
    pressed = namespace(vector).maximum(-point.unknowns.wedge, violation.wedge)
    return join(violation._replace(wedge=pressed))


@record
class Paces:
    """Steps unknown by unknown: how far each moves per unit of violation; B unknowns a region."""

    pace: Float[Array, "N B"]

    def step(self, violation: Float[Array, "... U"]) -> Float[Array, "... U"]:
        """Return the move that takes the violation away where each answers itself alone."""
        return self.pace.ravel() * violation


@record
class Blocks:
    """Steps by region: ``own`` minus the inverse of each region's own block, ``coupled`` what a
    step in the unknowns at ``places``, regions' earnings, adds to those of all (empty where there
    are too many regions).

    In single precision by default: they set the way, not the goal. U unknowns, B in a region.
    """

    own: Float[Array, "N B B"]
    coupled: Float[Array, "M U"]
    places: Int[Array, " M"]

    def step(self, violation: Float[Array, "... U"]) -> Float[Array, "... U"]:
        """Return the move that takes the violation away, to first order at base."""
        regions, each, _ = self.own.shape
        single = violation.reshape(-1, regions, each).astype(self.own.dtype)
        moved = self.own @ single.transpose(1, 2, 0)
        flat = moved.transpose(2, 0, 1).reshape(violation.shape)
        if len(self.coupled):
            flat = flat + flat[..., self.places] @ self.coupled
        return flat.astype(violation.dtype)


@runtime_checkable
class Steps(Protocol):
    """Turns the violation of all equations but the limits' into a move of the unknowns."""

    def step(self, violation: Float[Array, "... U"]) -> Float[Array, "... U"]:
        """Return the move."""
        ...


def advance(
    system: System, steps: Steps, vector: Float[Array, "... U"]
) -> tuple[Float[Array, "... U"], Float[Array, "..."], Point]:
    """Return the move from the present iterate, its largest violation, and the point there.

    The wedge of a limit moves by its excess over the response of what it limits, and never below
    zero: wedge and slack are complements. Beyond a tariff quota it counts the excess itself.
    """
    xp, (violation, point) = namespace(vector), evaluate(system, vector)
    limits = system.trade.limits
    if limits is None:
        gap = join(violation)
        return steps.step(gap), xp.abs(gap).max(axis=-1), point
    wedge, over = point.unknowns.wedge, violation.wedge
    gap = join(violation._replace(wedge=xp.maximum(-wedge, over)))
    move = steps.step(gap[..., : -wedge.shape[-1]])
    response = xp.where(over_quota(limits.log_beyond, wedge) > 0.0, 1.0, limits.response)
    pressed = xp.maximum(-wedge, over / response)
    return xp.concatenate([move, pressed], axis=-1), xp.abs(gap).max(axis=-1), point


def paces(system: System) -> Paces:
    """Return the inverse of the slow unknowns' own responses, computed once per solve.

    When all of a region's costs and spending rise together, its sales to a market where it holds
    the share pi fall by theta (1 - pi), and those abroad fall by one more beside its wage bill.
    Shares are those of the new wedges at old costs. A region that hardly trades has no determined
    relative wage and takes plain steps. A sector whose factors are tied also cuts its own sales.
    """
    xp, response = namespace(system.base_value_added), abs(demand_response(system))
    (regions, each), sectors = system.size, len(system.base_expenditure)
    slow = 1.0 / xp.maximum(response, LEAST_RESPONSE)
    earning = xp.where(response > NO_RESPONSE, slow, 1.0)[:, None]
    parts = [earning, xp.ones((regions, 2 * sectors))]
    if system.endowments.sectors is not None:
        parts.append(_income_pace(system, system.endowments.sectors).T)
    rest = each - sum(part.shape[1] for part in parts)
    return Paces(xp.concatenate([*parts, xp.ones((regions, rest))], axis=1))


def _income_pace(system: System, sectors: SectorFactors) -> Float[Array, "S N"]:
    xp, (sold, falls) = namespace(system.base_output), _sales_response(system)
    slope = xp.maximum(falls, 0.0) / xp.where(sold > 0.0, sold, 1.0)
    return 1.0 / (1.0 + sectors.rise * system.value_added_share * slope)


def demand_response(system: System) -> Float[Array, " N"]:
    """Return the own-wage elasticity of excess supply of labour, incomes elsewhere unchanged."""
    sold, falls = _sales_response(system)
    weight = system.value_added_share * labour_share(system.endowments.sectors)
    return (weight * falls).sum(axis=0) / (weight * sold).sum(axis=0)


def _sales_response(system: System) -> tuple[Float[Array, "S N"], Float[Array, "S N"]]:
    """Return base sales at new wedges, and by how much they fall as home costs and wages rise."""
    trade, xp = system.trade, namespace(system.base_expenditure)
    assert isinstance(trade.access, Access) and isinstance(trade.border, Access)
    access, border = trade.access.cells, trade.border.cells
    if trade.home is not None:
        own = xp.eye(access.shape[1]) * trade.home.share[:, :, None]
        access, border = access + own, border + own * trade.home.border[:, :, None]
    total = access.sum(axis=2)
    per_access = system.base_expenditure / total
    reach = xp.broadcast_to(trade.reach, total.shape)
    sold = (per_access[:, None, :] @ border)[:, 0]
    answered = ((per_access * reach)[:, None, :] @ border)[:, 0]
    held = (border * access * (per_access * reach / total)[:, :, None]).sum(axis=1)
    home = xp.einsum("snn->sn", border) * per_access
    return sold, answered - held + sold - home


def region_blocks(
    system: System, vector: Float[Array, " U"] | None = None, *, exact: bool = False
) -> Blocks:
    """Return the blocks at some unknowns (the base year if None); numpy only.

    Each region is looked at alone, all others held, so that one evaluation moves one unknown of
    every region at once. ``exact`` blocks are measured from both sides, kept in double precision
    and hold however little a region trades: for ways that a few plain steps cannot find.
    """
    vector = start(system) if vector is None else vector
    point = evaluate(system, vector)[1]
    regions, each = system.size
    alone, place = _alone(system, point), vector[: regions * each]
    still = None if exact else _by_region(alone, place)
    slopes = np.empty((regions, each, each))
    for unknown in range(each):
        rise = np.zeros(regions * each)
        rise[unknown::each] = NUDGE
        ahead = _by_region(alone, place + rise)
        if still is None:
            slopes[:, :, unknown] = (ahead - _by_region(alone, place - rise)) / (2.0 * NUDGE)
        else:
            slopes[:, :, unknown] = (ahead - still) / NUDGE
    slopes[:, :, 0] *= 1.0 - _weight(point)[:, None]
    nowhere, idle = np.nonzero(~slopes.any(axis=2))
    slopes[nowhere, idle, idle] = -1.0
    own = -_inverse(slopes, HARDLY if exact else LEAST_RESPONSE)
    coupled = _coupled(system, point, own)
    kind, places = np.float64 if exact else np.float32, each * np.arange(len(coupled))
    return Blocks(own.astype(kind), coupled.astype(kind), places)


def coupled_blocks(blocks: Blocks, system: System, vector: Float[Array, " U"]) -> Blocks:
    """Return blocks with what couples regions measured anew at some unknowns; numpy only.

    Beside earnings it is what factors tied to a sector earn, the largest of them: the world market
    of what tied wells bring moves as one. It takes an evaluation for each, and pays where many
    equilibria near by are looked for.
    """
    free = replace(system, trade=replace(system.trade, limits=None))
    (regions, each), sectors = system.size, len(system.base_expenditure)
    core, places = vector[: regions * each], each * np.arange(regions)
    if (tied := system.endowments.sectors) is not None:
        income = tied.specific * tied.base_income
        most = np.argsort(-income.ravel(), kind="stable")[: max(0, MOST_COUPLED - regions)]
        sector, region = np.divmod(most[income.ravel()[most] > 0.0], regions)
        places = np.concatenate([places, each * region + 1 + 2 * sectors + sector])
    own = blocks.own.astype(np.float64)
    still, slopes = violation_at(free, core), np.empty((len(core), len(places)))
    for n, place in enumerate(places):
        ahead = core.copy()
        ahead[place] += NUDGE
        slopes[:, n] = (violation_at(free, ahead) - still) / NUDGE
    coupled = _galerkin(own, slopes.reshape(regions, each, -1), places, MEASURED)
    return Blocks(blocks.own, coupled.astype(blocks.own.dtype), places)


def _inverse(slopes: Float[Array, "N B B"], least: float) -> Float[Array, "N B B"]:
    """Return the inverse of every block, by elimination of all but the earnings.

    What is left is how excess supply of labour answers them, which is nothing where a region does
    not trade: it is bounded as a plain step is.
    """
    rest = np.linalg.inv(slopes[:, 1:, 1:])
    across, down = slopes[:, :1, 1:] @ rest, rest @ slopes[:, 1:, :1]
    left = slopes[:, 0, 0] - (across @ slopes[:, 1:, :1])[:, 0, 0]
    strong = np.abs(left) > min(NO_RESPONSE, least)
    left = np.where(strong, np.copysign(np.maximum(np.abs(left), least), left), -1.0)
    inverse = np.empty_like(slopes)
    inverse[:, 0, 0] = 1.0 / left
    inverse[:, :1, 1:] = -across / left[:, None, None]
    inverse[:, 1:, :1] = -down / left[:, None, None]
    inverse[:, 1:, 1:] = rest + down @ across / left[:, None, None]
    return inverse


def _by_region(system: System, vector: Float[Array, " U"]) -> Float[Array, "N B"]:
    return join(evaluate(system, vector)[0]).reshape(system.size)


def _alone(system: System, point: Point) -> System:
    """Return every region in a world that does not answer it."""
    trade, found = system.trade, point.prices
    per_access = point.expenditure / found.supply
    if found.bundle_share is not None:
        per_access = per_access * found.bundle_share
    strength = found.strength
    if strength.ndim == 3:
        strength = np.einsum("snn->sn", strength)

    assert isinstance(trade.access, Access)
    reached = trade.access.brought(found.strength) / found.supply[:, :, None]

    def seen(access: Access | OwnAccess | None) -> OwnAccess | None:
        if not isinstance(access, Access):
            return None
        own = np.einsum("snn->sn", access.cells)
        others = access.bought(found.strength) - own * strength
        sold = access.sold(found.strength, per_access) / strength
        shares = access.cells * per_access[:, :, None] * reached
        held = shares.sum(axis=1) - own * per_access * np.einsum("snn->sn", reached)
        abroad = sold - own * per_access
        part = np.divide(held, abroad, out=np.zeros_like(held), where=abroad > 0.0)
        return OwnAccess(own, others, abroad, part, strength)

    border, producer = seen(trade.border), seen(trade.producer)
    access = seen(trade.access)
    assert access is not None and border is not None
    level = np.exp(point.factors.log_earning[0] - point.unknowns.earning[0])
    return replace(
        system,
        trade=replace(
            trade, access=access, border=border, producer=producer, base=None, limits=None
        ),
        endowments=replace(
            system.endowments, labour=point.factors.labour, corridors=None, level=level
        ),
    )


def _coupled(system: System, point: Point, own: Float[Array, "N B B"]) -> Float[Array, "M U"]:
    """Return what a step in each region's earnings does to all unknowns, through trade.

    By Galerkin's rule on the earnings: blocks, and what they leave, once more. Only for plain
    Armington trade, and up to ``MOST_COUPLED`` regions.
    """
    regions, each = system.size
    plain = system.trade.home is None and system.trade.rigidity is None
    if not plain or point.prices.strength.ndim == 3 or regions > MOST_COUPLED:
        return np.zeros((0, regions * each))
    return _galerkin(own, _earning_slopes(system, point), each * np.arange(regions), EXACT)


def _galerkin(
    own: Float[Array, "N B B"],
    slopes: Float[Array, "N B M"],
    places: Int[Array, " M"],
    least: float,
) -> Float[Array, "M U"]:
    """Return what a step in the unknowns at some places does to all, beyond their own regions.

    ``slopes`` are those of all equations in them; singular values below ``least`` count as none.
    """
    answer = -(own @ slopes).reshape(-1, len(places))
    kept = np.linalg.pinv(answer[places], rcond=least)
    answer[places, np.arange(len(places))] -= 1.0
    return np.asarray((-answer @ kept).T)


def _earning_slopes(system: System, point: Point) -> Float[Array, "N B N"]:
    """Return how every region's equations answer a rise in each region's earnings.

    All that is nominal in the region rises with them: its costs, prices and spending.
    """
    trade, sectors = system.trade, len(system.base_expenditure)
    regions, each = system.size
    one, theta = np.eye(regions), trade.theta
    strength, spending = point.prices.strength, point.expenditure
    share = _shares(trade.access, strength, point.prices.supply)
    at_border = _shares(trade.border, strength, point.prices.supply)
    received = (
        at_border
        if trade.producer is None
        else _shares(trade.producer, strength, point.prices.supply)
    )
    output = point.sold.output
    safe = np.where(output > 0.0, output, 1.0)
    to_market = received * spending[:, :, None] / safe[:, None, :]  # (S, M, I)
    sales = to_market.transpose(0, 2, 1) + theta[:, :, None] * (
        to_market.transpose(0, 2, 1) @ share - one
    )  # (S, I, N)
    kept = at_border.sum(axis=2)
    duties = theta[:, :, None] * (at_border - kept[:, :, None] * share)
    duties += (1.0 - kept)[:, :, None] * one
    income = (spending[:, :, None] * duties).sum(axis=0)
    income += one * point.factors.value_added[:, None]
    weight = point.earned * labour_share(system.endowments.sectors)
    slopes = np.zeros((regions, each, regions))
    slopes[:, 0] = ((weight / weight.sum(axis=0))[:, :, None] * sales).sum(axis=0) - one
    slopes[:, 1 : 1 + sectors] = (share - one).transpose(1, 0, 2)
    inputs = system.input_share @ (output[:, :, None] * sales).transpose(1, 0, 2)  # (N, K, N)
    wanted = inputs + system.final_share.T[:, :, None] * income[:, None, :]
    bought = np.where(spending > 0.0, spending, 1.0).T[:, :, None]
    slopes[:, 1 + sectors : 1 + 2 * sectors] = np.where(
        spending.T[:, :, None] > 0.0, wanted / bought - one[:, None, :], 0.0
    )
    if system.endowments.sectors is not None:
        slopes[:, 1 + 2 * sectors :] = (sales - one).transpose(1, 0, 2)
    # one region's rise lowers all earnings, for world value added is the numeraire
    return slopes - slopes.sum(axis=2, keepdims=True) * _weight(point)


def _weight(point: Point) -> Float[Array, " N"]:
    """Return regions' parts of world value added."""
    return point.factors.value_added / point.factors.value_added.sum()


def _shares(
    access: Access | OwnAccess, strength: Float[Array, "S I"], supply: Float[Array, "S N"]
) -> Float[Array, "S N I"]:
    assert isinstance(access, Access)
    return access.brought(strength) / supply[:, :, None]
