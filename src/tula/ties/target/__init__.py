"""Trade targets: what they require, what an agreement adds, and the odds of meeting them."""

from tula.ties.target.arithmetic import (
    SectorNeed,
    TargetError,
    duty_response,
    required_exports,
    required_growth,
    sector_needs,
)
from tula.ties.target.deal import DealEffect, NoTradeError, TradeDeal, effect, instruments
from tula.ties.target.odds import (
    Chance,
    Reach,
    TargetOdds,
    TradeGoal,
    TradeTarget,
    central_requirement,
    target_odds,
)
from tula.ties.target.requirement import exports_needed, reach_told
from tula.ties.target.surface import Surface, SurfaceError, fit_surface
from tula.ties.target.valuation import account

__all__ = [
    "Chance",
    "DealEffect",
    "NoTradeError",
    "Reach",
    "SectorNeed",
    "Surface",
    "SurfaceError",
    "TargetError",
    "TargetOdds",
    "TradeDeal",
    "TradeGoal",
    "TradeTarget",
    "account",
    "central_requirement",
    "duty_response",
    "effect",
    "exports_needed",
    "fit_surface",
    "instruments",
    "reach_told",
    "required_exports",
    "required_growth",
    "sector_needs",
    "target_odds",
]
