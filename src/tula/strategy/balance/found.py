"""What the analyses of a balance find: records that can be written down as they are.

Money is billion USD a year. In titles and meanings regions stand as codes.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Found(BaseModel):
    """Base of what is found: frozen, of finite numbers, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class BreakEven(Found):
    """Where something turns in one input, in the input's unit.

    ``central`` is its value in the study, ``low`` to ``high`` the range searched. ``meaning`` says
    what holds above ``found``, or all over the range where nothing turns, with ``found`` None;
    empty for the price of autonomy, where the study's own side tells it. ``until`` is where that
    turns back: above ``found``, or for the price farther from ``central``; None where the points
    tried up to the end of the range see no such turn. ``why`` says what is at work where more of an
    input leaves less, against expectation; empty elsewhere. The title is a noun.
    """

    name: str
    title: str
    unit: str
    central: float
    found: float | None
    until: float | None = None
    low: float
    high: float
    meaning: str
    why: str = ""


class Surface(Found):
    """Price of autonomy over two inputs; ``price[i][j]`` at ``y[i]`` and ``x[j]``."""

    x_title: str
    x_unit: str
    x: tuple[float, ...]
    y_title: str
    y_unit: str
    y: tuple[float, ...]
    price: tuple[tuple[float, ...], ...]


class FrontierPoint(Found):
    """A charge (share of the value traded), what it costs a year, and the exposure left.

    ``cost`` is income lost; below zero the charge earns more, by turning prices against the other
    side, than buying or selling elsewhere costs. Such gains are large where one elasticity rules
    all trade, and an answer in kind is not counted: take them as a bound. ``loss``: share of GDP
    that the rival can take away by what it can do in law.
    """

    wedge: float
    cost: float
    loss: float


class Frontier(Found):
    """Cost against exposure to one rival.

    No charge first, then the charges that lower the exposure, cheapest first; points that another
    beats are left out.
    """

    rival: str
    points: tuple[FrontierPoint, ...]


class Contribution(Found):
    """Shapley value of an instrument in all that presses on, or supports, the pivot.

    Plus = the pivot gains.
    """

    id: str
    title: str
    value: float


class NextMoveFound(Found):
    """What a player could do next: what it takes from the pivot, what it costs the player, by the
    engine, and the state by the leading rule once it has happened."""

    id: str
    title: str
    player: str
    pivot_loss: float
    own_cost: float
    state: str
