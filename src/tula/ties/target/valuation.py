"""The account of a trade agreement: what it is worth to both sides, and what it diverts."""

from __future__ import annotations

from tula.equilibrium import Calibration, calibrate
from tula.ties.account import TieAccount, account_of
from tula.ties.inputs import estimates
from tula.ties.target.deal import TradeDeal, effect, require_deal
from tula.world.economy import Economy

_MONEY = "bn USD a year"
_LINES: dict[str, tuple[str, str]] = {
    "value_to_pivot": (_MONEY, "equivalent variation of agreement and reform; plus = gain"),
    "value_to_partner": (_MONEY, "equivalent variation of agreement and reform; plus = gain"),
    "dependence": ("share", "share of the pivot's purchases abroad that the bloc supplies"),
    "replacement_time": ("years", "until other markets take half of what the deal adds"),
    "exposure": (_MONEY, "expected loss of the pivot if pressure suspends the deal"),
}
#: What an account of an agreement tells besides the common lines: unit and meaning by name.
DETAILS: dict[str, tuple[str, str]] = {
    "exports": ("share", "rise of the pivot's sales to the partner"),
    "imports": ("share", "rise of the pivot's purchases from the partner"),
    "diverted_partner": (_MONEY, "change in the partner's purchases from others; minus = diverted"),
    "diverted_pivot": (
        _MONEY,
        "change in the pivot's purchases from outside the bloc; minus = diverted",
    ),
    "duties_pivot": (_MONEY, "change in the pivot's duty revenue"),
}


def account(
    deal: TradeDeal,
    world: Economy | Calibration,
    *,
    sectors: tuple[str, ...] = ("all",),
    draws: int = 64,
    seed: int = 0,
) -> TieAccount:
    """Return the account of a deal, solving the world on every draw.

    ``sectors`` are those whose trade the details count. Raises ``TieNameError``, ``NoTradeError``
    and the engine's errors.
    """
    calibration = world if isinstance(world, Calibration) else calibrate(world)
    require_deal(deal, calibration, counted=sectors)
    covered = _covered(deal, calibration)

    def numbers(drawn: TradeDeal) -> dict[str, float]:
        found = effect(drawn, calibration, counted=sectors)
        return {
            "value_to_pivot": found.gain_pivot,
            "value_to_partner": found.gain_partner,
            "dependence": covered,
            "replacement_time": drawn.replacement_time.value,
            "exposure": max(0.0, drawn.hazard.value * found.gain_pivot),
            "exports": found.exports - 1.0,
            "imports": found.imports - 1.0,
            "diverted_partner": found.diverted_partner,
            "diverted_pivot": found.diverted_pivot,
            "duties_pivot": found.duties_pivot,
        }

    told = estimates(deal, numbers, _LINES | DETAILS, draws=draws, seed=seed)
    return account_of(
        "trade agreement",
        deal.pivot,
        deal.partner,
        told,
        (
            f"At central values {100 * deal.cut:.0f}% of the duty goes: "
            f"{100 * deal.coverage.value:.0f}% of products, used by {100 * deal.use.value:.0f}%.",
        ),
    )


def _covered(deal: TradeDeal, calibration: Calibration) -> float:
    labels = calibration.labels
    pivot = labels.region_index(deal.pivot)
    bought = calibration.border_trade[:, pivot].sum(axis=0)
    bloc = [labels.region_index(code) for code in labels.resolve_regions(deal.bloc)]
    return float(bought[bloc].sum() / (bought.sum() - bought[pivot]))
