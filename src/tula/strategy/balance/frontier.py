"""What it costs to lower the exposure to a rival beforehand, and how far that lowers it.

The pivot puts a charge on the trade by which a rival could hurt it: an import duty on what the
rival could stop selling, a tax on exports of what it could lay duties on. Trade moves away, at the
elasticities at which buyers choose, and that costs income. Then the rival uses its power, at the
elasticities at which a seller withdraws.

What the charge is worth turns on one assumption, putty-clay: suppliers, contracts and skills have
been made for the purchases then made, so that the short-run technology is calibrated there
(``tula.equilibrium.rebase``). Without it, the state in which a seller has withdrawn is the same
whatever was bought before: exposure changes only by what the charge itself costs or earns, and
hedging an import has no value at all. A static model with one elasticity always says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tula.equilibrium import Calibration, Solution, compile_policy, rebase, solve
from tula.errors import UnknownNameError
from tula.policy import Embargo, ExportTax, Instrument, Tariff
from tula.strategy.balance.engine_side import MILLION, Moves, OilLink, Reading
from tula.strategy.balance.found import Frontier, FrontierPoint
from tula.strategy.balance.inputs import Power
from tula.strategy.balance.model import Game, Node
from tula.ties.oil.engine_prices import partner_oil_price, quantity_hat, world_oil_price

#: Charges tried: shares of the value traded.
WEDGES = (0.0, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6)


def frontiers(game: Game, wedges: Sequence[float] = WEDGES) -> tuple[Frontier, ...]:
    """Return the frontier of every rival with a power, in the order of the powers.

    From the first course with what stands whatever the pivot does, before threats and events; the
    rival's own scenarios left out, since a power used already can still be hedged against. Two
    solves a charge. Errors as ``tula.solve``.
    """
    return tuple(frontier(game, power.rival, wedges) for power in game.inputs.powers)


def frontier(game: Game, rival: str, wedges: Sequence[float] = WEDGES) -> Frontier:
    """Return the frontier of one rival; ``UnknownNameError`` if it has no power.

    No charge at all is tried first, whether named or not.
    """
    power = _power(game, rival)
    policy = game.engine.policy(_before(game, power))
    calm = _solved(game, game.engine.calibration(game.elasticity), policy)
    tried = [_tried(game, power, calm, wedge) for wedge in sorted({0.0, *wedges})]
    return Frontier(rival=rival, points=undominated(tried))


def undominated(points: Sequence[FrontierPoint]) -> tuple[FrontierPoint, ...]:
    """Return the first point, where one stands, and those of smaller loss that no other beats.

    A point is beaten by one that costs no more and leaves no more; of equal points the one with
    the smaller charge is kept. Cheapest first after the first.
    """
    kept = [points[0]]
    for point in sorted(points[1:], key=lambda one: (one.cost, one.loss, one.wedge)):
        if point.loss < kept[-1].loss:
            kept.append(point)
    return tuple(kept)


def _power(game: Game, rival: str) -> Power:
    for one in game.inputs.powers:
        if one.rival == rival:
            return one
    raise UnknownNameError("rival with a power", rival, [one.rival for one in game.inputs.powers])


def charges(game: Game, power: Power, wedge: float) -> tuple[Instrument, ...]:
    """Return the charge on the trade that a power can hit, as instruments; none at zero.

    A duty on what the rival sells and could stop or burden, a tax on exports to it that it could.
    """
    if wedge == 0.0:
        return ()
    bought, sold = _reach(game, power)
    pivot, rival = game.inputs.pivot, power.rival
    duty = {"name": "charge on purchases", "importer": pivot, "exporter": rival, "add": wedge}
    tax = {"name": "charge on sales", "importer": rival, "exporter": pivot, "add": wedge}
    return (
        *([Tariff(sectors=bought, **duty)] if bought else ()),
        *([ExportTax(sectors=sold, **tax)] if sold else ()),
    )


def _reach(game: Game, power: Power) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Sectors bought from the rival, and sold to it, that its power changes."""
    labels, base = game.engine.world.labels, game.engine.calibration(game.lost)
    shock = compile_policy(base, _used(game, power), game.engine.on)
    moved = (shock.tariff != base.tariff) | (shock.export_tax != base.export_tax)
    moved |= shock.embargo | (shock.trade_cost_hat != 1.0)
    for limit in shock.limits:
        moved[tuple(limit.cells.T)] = True
    home, rival = (labels.region_index(code) for code in (game.inputs.pivot, power.rival))
    bought, sold = moved[:, home, rival], moved[:, rival, home]
    return (
        tuple(code for code, hit in zip(labels.sectors, bought, strict=True) if hit),
        tuple(code for code, hit in zip(labels.sectors, sold, strict=True) if hit),
    )


def _used(game: Game, power: Power) -> list[Instrument]:
    """The instruments of a power that is used."""
    found = game.engine.policy(Moves(power.scenarios))
    if power.stops_sales_of:
        places = {"importer": game.inputs.pivot, "exporter": power.rival}
        found.append(Embargo(name="sales stop", sectors=power.stops_sales_of, **places))
    return found


def _before(game: Game, power: Power) -> Moves:
    """What stands whatever the pivot does, the power itself left out."""
    moves = game.moves(Node(game.inputs.courses[0]))
    left = tuple(name for name in moves.scenarios if name not in power.scenarios)
    return moves._replace(scenarios=left)


def _tried(game: Game, power: Power, calm: Solution, wedge: float) -> FrontierPoint:
    """The point of a charge; ``calm`` is the world without it."""
    engine, short = game.engine, game.engine.calibration(game.lost)
    policy = [*engine.policy(_before(game, power)), *charges(game, power, wedge)]
    moved, base = rebase(calm.calibration, policy, closure=engine.closure, on=engine.on)
    _count(game, moved)
    cost = _income(game, calm) - _income(game, moved) - _oil(game, power, calm, moved)
    cost = cost if wedge else 0.0
    clay = replace(
        base, trade_elasticity=short.trade_elasticity, elasticity_source=short.elasticity_source
    )
    lost = -_income(game, _solved(game, clay, _used(game, power)))
    return FrontierPoint(wedge=wedge, cost=cost, loss=lost / game.gdp)


def _oil(game: Game, power: Power, calm: Solution, moved: Solution) -> float:
    """What the oil tie adds to the pivot's income where crude bears the charge, bn USD a year.

    As for a course that lets in what the charge leaves.
    """
    link, oil = game.engine.oil, game.draw.oil
    if link is None or oil is None or link.partner != power.rival:
        return 0.0
    if link.sector not in _reach(game, power)[0]:
        return 0.0
    cell = (link.sector, link.pivot, link.partner)
    bought = quantity_hat(moved, *cell) / quantity_hat(calm, *cell)
    return oil.worth(bought, False, _prices(moved, link), _prices(calm, link))


def _prices(solution: Solution, link: OilLink) -> Reading:
    """A reading of the prices of crude alone."""
    places = (link.sector, link.partner)
    return Reading({}, {}, world_oil_price(solution, *places), partner_oil_price(solution, *places))


def _income(game: Game, solution: Solution) -> float:
    """Equivalent variation of the pivot, bn USD a year."""
    place = solution.labels.region_index(game.inputs.pivot)
    base = float(solution.calibration.final_spending[place])
    return base * (float(solution.real_income_hat[place]) - 1.0) / MILLION


def _solved(game: Game, calibration: Calibration, policy: Sequence[Instrument]) -> Solution:
    engine = game.engine
    found = solve(calibration, policy, closure=engine.closure, on=engine.on)
    _count(game, found)
    return found


def _count(game: Game, solution: Solution) -> None:
    game.engine.solves += 1
    game.engine.worst = max(game.engine.worst, solution.certificate.worst.value)
