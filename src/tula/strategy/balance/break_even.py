"""Where balance turns: the price of autonomy, or access to a critical tie, in one input at a time.

Everything else is central; every trial plays the whole game. ``found`` is None where nothing turns
within the range searched, which is told with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import product

from tula.errors import UnknownNameError
from tula.strategy.balance.found import BreakEven, Surface
from tula.strategy.balance.inputs import CriticalTie, Event, Rule, Threat
from tula.strategy.balance.levers import Lever, duty_points, levers, size_lever
from tula.strategy.balance.model import NONE, Draw, Game, Node
from tula.strategy.balance.turning import turning_point
from tula.ties.settlement.flows import largest_flow
from tula.ties.settlement.resilience import settle, worst_closure
from tula.ties.settlement.tie import SettlementTie

#: Factors on the duty and shares of the year over which the price is drawn.
FACTORS = (0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0)
SHARES = (0.0, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 1.0)
#: How far beside a turn the side is read, as a part of the range searched.
BESIDE = 1e-4
#: Levers on the oil tie that move what firms buy.
DISCOUNT = "discount"
ON_FIRMS = (DISCOUNT, "premiums")


def break_evens(game: Game, rule: Rule | None = None) -> tuple[BreakEven, ...]:
    """Return where the price of autonomy turns in each lever, then where access turns.

    Access by ``rule``, the leading one unless given: in the chances of threats and events, its
    probability against the study's confidence; in duties, discount and premia, the share kept while
    the threat stands, or the event is on. Only inputs that move a tie's access are told. Errors as
    ``Game.play``.
    """
    rule = rule or game.inputs.rules[0]
    return (*_by_price(game), *_by_chance(game, rule), *_by_flow(game, rule))


def price_of(game: Game, draw: Draw) -> float:
    """Price of autonomy at another draw of the same game, bn USD a year."""
    moved = replace(game, draw=draw)
    keep = game.inputs.courses[0]
    courses = [keep, *(one for one in game.inputs.courses if one.aligned_with)]
    return moved.price({one.id: moved.worth(one) for one in courses}, keep.id)


def _by_price(game: Game) -> Iterator[BreakEven]:
    for lever in levers(game):
        yield _turn(lever, "", lambda draw: price_of(game, draw))


def _turn(
    lever: Lever,
    suffix: str,
    function: Callable[[Draw], float],
    means: Callable[[bool], str] | None = None,
    because: Callable[[Draw], str] | None = None,
) -> BreakEven:
    """Search a lever; ``means`` gives the meaning of a function above zero, and of one below.

    ``because`` says why the function falls below zero, at the draw where it does.
    """
    ends = lever.told(lever.low), lever.told(lever.high)
    rises = ends[1] >= ends[0]
    turn = turning_point(
        lambda value: function(lever.draw(value)),
        lever.low, lever.high, near=lever.central, by_log=lever.by_log,
        upward=None if means is None else rises,
    )  # fmt: skip
    at, until = turn or (None, None)
    over = means is not None and function(lever.draw(_above(lever, at, rises))) >= 0.0
    falls = until if over else at
    return BreakEven(
        name=lever.name + suffix, title=lever.title, unit=lever.unit,
        central=lever.told(lever.central), found=None if at is None else lever.told(at),
        until=None if until is None else lever.told(until), low=min(ends), high=max(ends),
        meaning="" if means is None else means(over),
        why="" if because is None or falls is None else because(lever.draw(falls)),
    )  # fmt: skip


def _above(lever: Lever, at: float | None, rises: bool) -> float:
    """A value of a lever that is told as more than its turn; an end where there is none."""
    if at is None:
        return lever.high if rises else lever.low
    step = BESIDE * (lever.high - lever.low)
    return min(at + step, lever.high) if rises else max(at - step, lever.low)


def _by_chance(game: Game, rule: Rule) -> Iterator[BreakEven]:
    """Chances at which a tie's access is no longer sure enough."""
    chances = [one for one in levers(game) if one.name.startswith(("persistence.", "chance."))]
    for lever, tie in product(chances, game.inputs.critical):
        above = _sureness(game, rule, tie)
        if above(lever.draw(lever.low)) != above(lever.draw(lever.high)):
            yield _turn(lever, f":{tie.id}", above, partial(_surely, tie))


def _surely(tie: CriticalTie, enough: bool) -> str:
    return f"access {'is' if enough else 'is not'} sure enough for {tie.title}"


def _sureness(game: Game, rule: Rule, tie: CriticalTie) -> Callable[[Draw], float]:
    keep = game.inputs.courses[0]

    def above(draw: Draw) -> float:
        found = replace(game, draw=draw).access(keep)[rule.name][tie.id]
        return found - game.inputs.confidence

    return above


def _by_flow(game: Game, rule: Rule) -> Iterator[BreakEven]:
    """Duties, discounts and premia at which a tie keeps just what the rule asks for."""
    inputs = game.inputs
    sizes = [(_size(game, one), Node(inputs.courses[0], frozenset((one.id,))), "")
             for one in inputs.threats]  # fmt: skip
    trading = [tie for tie in inputs.critical if tie.flow in ("imports", "exports")]
    firms = [(lever, Node(inputs.courses[0], NONE, frozenset((event.id,))), _while(event))
             for lever in levers(game) if lever.name in ON_FIRMS
             for event in inputs.events if event.oil]  # fmt: skip
    oil = [tie for tie in inputs.critical if tie.flow == "oil"]
    for (lever, node, when), tie in [*product(sizes, trading), *product(firms, oil)]:
        if lever is not None:
            found = _kept(game, rule, lever, node, tie, when)
            if found is not None:
                yield found


def _while(event: Event) -> str:
    return f"while {event.title}, "


def _size(game: Game, threat: Threat) -> Lever | None:
    points = duty_points(game, threat)
    return None if points is None else size_lever(game, threat, points)


def _kept(
    game: Game, rule: Rule, lever: Lever, node: Node, tie: CriticalTie, when: str
) -> BreakEven | None:
    def above(draw: Draw) -> float:
        return replace(game, draw=draw).kept(tie, node) - rule.access

    if above(lever.draw(lever.low)) == above(lever.draw(lever.high)):
        return None
    means = partial(_leaves, when, rule.access, tie)
    return _turn(lever, f":{tie.id}", above, means, _held_back if lever.name == DISCOUNT else None)


def _held_back(draw: Draw) -> str:
    """That the partner sells less, if the pressed price at its port is under its supply's floor."""
    assert draw.oil is not None
    market = draw.oil.tie.market
    held = draw.oil.cleared(None, True).fob_price < market.supply.flat_above.value
    return f"beyond that {market.partner} sells less, as its port price is low" if held else ""


def _leaves(when: str, share: float, tie: CriticalTie, enough: bool) -> str:
    """What is left of a tie while something holds, beside what a rule asks for."""
    left = "at least" if enough else "less than"
    return f"{when}{left} {_percent(share)} is left of {tie.title}"


def _percent(share: float) -> str:
    return f"{100.0 * share:.6g}%"


def outlets(tie: SettlementTie, rule: Rule) -> BreakEven:
    """Return the outlets of local currency at which payments keep a rule's share as channels close.

    Billion USD in the first year of the worst closure. With S settled today, L carried then without
    the account in local currency, and R that account's room but for outlets (the pivot's sales, and
    what the pile still holds), outlets = r S - L - R. None where the account's rails are too narrow
    for r S - L whatever the outlets; the range ends where they are full. Errors as
    ``worst_closure`` and ``settle``.
    """
    routes = tie.routes()
    closed = worst_closure(routes, tie.closures).closed
    left = largest_flow(tie.network.with_local_room(0.0), closed).value
    rails = largest_flow(tie.network, closed).value - left
    needed = rule.access * settle(routes, tie.imports.value).settled - left
    room = tie.local_room() - tie.outlet.value
    found = max(0.0, needed - room) if needed <= rails else None
    kept = f"{'at least' if found is not None else 'less than'} {_percent(rule.access)}"
    return BreakEven(
        name=f"outlets:{rule.name}", title="the room to spend or place local currency",
        unit="bn USD a year", central=tie.outlet.value, found=found, low=0.0,
        high=max(0.0, rails - room),
        meaning=f"with {' and '.join(closed)} closed for a year, {kept} of payments passes",
    )  # fmt: skip


def surface(
    game: Game,
    threat: str = "",
    factors: Sequence[float] = FACTORS,
    shares: Sequence[float] = SHARES,
) -> Surface | None:
    """Return the price of autonomy over a threat's duty and the share of the year it stays.

    The leading threat unless named; ``factors`` multiply its duties as stated, told in points of
    the highest. Given the duty, the nodes are the same whatever their weights, so that only each
    factor asks for solves. None for a threat that does more than add duties, which has no size.
    Raises ``UnknownNameError``.
    """
    one = _threat(game, threat or game.inputs.threats[0].id)
    points = duty_points(game, one)
    if points is None:
        return None
    lever = size_lever(game, one, points)
    draws = [lever.draw(factor) for factor in factors]
    rows = [[price_of(game, _staying(draw, one, share)) for draw in draws] for share in shares]
    return Surface(
        x_title=lever.title, x_unit=lever.unit, x=tuple(points * factor for factor in factors),
        y_title="the share of the year that it stands", y_unit="share", y=tuple(shares),
        price=tuple(map(tuple, rows)),
    )  # fmt: skip


def _threat(game: Game, name: str) -> Threat:
    for one in game.inputs.threats:
        if one.id == name:
            return one
    raise UnknownNameError("threat", name, [one.id for one in game.inputs.threats])


def _staying(draw: Draw, threat: Threat, share: float) -> Draw:
    return replace(draw, persistence={**draw.persistence, threat.id: share})
