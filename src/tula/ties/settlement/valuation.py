"""What a settlement arrangement is worth, to whom, and how exposed it leaves its users."""

from __future__ import annotations

from math import inf

from tula.equilibrium import Calibration, calibrate
from tula.ties.account import TieAccount, account_of
from tula.ties.inputs import estimates, require_names
from tula.ties.settlement.balances import balanced_share, sustainable_share, unmatched
from tula.ties.settlement.flows import largest_flow
from tula.ties.settlement.resilience import settle, worst_closure
from tula.ties.settlement.tie import SettlementTie, carriage
from tula.ties.settlement.wedge import Wedges
from tula.world.economy import Economy

#: A ceiling that binds later than this is reported as this many years.
LONGEST_WAIT = 30.0

#: What an account of settlement tells besides the common lines: unit and meaning by name.
DETAILS: dict[str, tuple[str, str]] = {
    "balanced_share": ("share", "largest share of two-way trade whose legs pay for each other"),
    "unmatched": ("bn USD a year", "local-currency settlement that no trade pays for"),
    "sustainable_share": ("share", "local-currency share at which balances stand still"),
    "time_to_ceiling": (
        "years",
        f"until balances reach their ceiling; {LONGEST_WAIT:g} = not within {LONGEST_WAIT:g}",
    ),
    "refused": ("bn USD a year", "inflow that finds no place once the ceiling binds"),
    "local_room": (
        "bn USD a year",
        "most that the account in local currency passes in a year, at most all purchases",
    ),
    "open_flow": ("bn USD a year", "largest flow with every node open"),
    "worst_flow": ("bn USD a year", "largest flow after the worst closure of the stated size"),
    "worst_coverage": ("share", "share of the pivot's purchases still carried after it"),
    "lasting_coverage": (
        "share",
        "share still carried after it once balances of local currency are full",
    ),
    "worst_cost": ("share", "rise of the cost of delivery after it, share of value"),
    "worst_loss": ("bn USD a year", "what it costs the pivot while it lasts; plus = a loss"),
}
_LINES: dict[str, tuple[str, str]] = {
    "value_to_pivot": ("bn USD a year", "expected equivalent variation; plus = pivot gains"),
    "value_to_partner": ("bn USD a year", "expected equivalent variation; plus = partner gains"),
    "dependence": ("share", "share of purchases that only the arrangement's rails can carry"),
    "replacement_time": ("years", "until other routes carry half of it"),
    "exposure": ("bn USD a year", "expected loss of the pivot through closures"),
}


def account(
    tie: SettlementTie, world: Economy | Calibration, *, draws: int = 32, seed: int = 0
) -> TieAccount:
    """Return the account of the arrangement, by solving the world in each state of the network.

    The value is (1 - h) times what losing the arrangement costs with every node open, plus h times
    what losing it costs under the worst closure; the exposure h times what that closure costs with
    the arrangement in place. Raises ``TieNameError``, ``IdleNetworkError`` and the engine's errors.
    """
    calibration = world if isinstance(world, Calibration) else calibrate(world)
    require_names(
        calibration.labels,
        {"pivot": tie.pivot, "partner": tie.partner},
        {"sectors": tie.sectors},
    )
    wedges = Wedges(tie, calibration)
    found = estimates(
        tie, lambda drawn: _numbers(drawn, wedges), _LINES | DETAILS, draws=draws, seed=seed
    )
    return account_of("settlement", tie.pivot, tie.partner, found, _notes(tie))


def _numbers(tie: SettlementTie, wedges: Wedges) -> dict[str, float]:
    routes = tie.routes()
    worst = worst_closure(routes, tie.closures)
    hazard = tie.hazard.value
    hit = carriage(tie, worst.closed)
    calm_with = wedges.answer(carriage(tie))
    calm_without = wedges.answer(carriage(tie, architecture=False))
    hit_with = wedges.answer(hit)
    hit_without = wedges.answer(carriage(tie, worst.closed, architecture=False))
    pivot, partner = (
        (1.0 - hazard) * (getattr(calm_with, gain) - getattr(calm_without, gain))
        + hazard * (getattr(hit_with, gain) - getattr(hit_without, gain))
        for gain in ("gain_pivot", "gain_partner")
    )
    lasting = settle(tie.routes(inf), tie.imports.value, worst.closed)
    legacy = largest_flow(tie.network.without_architecture).value
    return {
        "value_to_pivot": pivot,
        "value_to_partner": partner,
        "dependence": 1.0 - min(1.0, legacy / tie.imports.value),
        "replacement_time": tie.replacement_time.value,
        "exposure": max(0.0, hazard * (calm_with.gain_pivot - hit_with.gain_pivot)),
        **_balance_numbers(tie),
        "open_flow": tie.whole.flow.value,
        "worst_flow": worst.flow,
        "worst_coverage": hit.remaining,
        "lasting_coverage": tie.carried(lasting.settled),
        "worst_cost": hit.cost - 1.0,
        "worst_loss": calm_with.gain_pivot - hit_with.gain_pivot,
    }


def _balance_numbers(tie: SettlementTie) -> dict[str, float]:
    exports, imports = tie.exports.value, tie.imports.value
    return {
        "balanced_share": balanced_share(exports, imports),
        "unmatched": unmatched(exports, imports, tie.local_share.value),
        "sustainable_share": sustainable_share(tie.outlet.value, exports, imports),
        "time_to_ceiling": min(LONGEST_WAIT, tie.balances.time_to_ceiling),
        "refused": tie.balances.refused,
        "local_room": min(tie.local_room(), tie.imports.value),
    }


def _notes(tie: SettlementTie) -> tuple[str, ...]:
    worst = worst_closure(tie.routes(), tie.closures)
    named = ", ".join(worst.closed) or "none"
    close = "1 channel closes" if tie.closures == 1 else f"{tie.closures} channels close"
    return (
        f"Worst to lose, if {close}: {named}. What then limits the flow, and must be protected: "
        f"{', '.join(worst.cut)}.",
        "Capacities are scenario inputs. Messaging systems add none.",
        "Only the pivot's purchases are routed; its sales are paid for out of them.",
    )
