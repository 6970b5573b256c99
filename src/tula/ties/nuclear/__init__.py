"""Nuclear: tenders ranked under unknown weights, split awards, levelised cost, vendor credit."""

from tula.ties.nuclear.awards import (
    AwardError,
    Awards,
    capacity_after,
    list_splits,
    rank_awards,
    vendor_concentration,
)
from tula.ties.nuclear.cost import Credit, Plant, PlantError, capital_recovery
from tula.ties.nuclear.smaa import (
    Acceptability,
    WeightCurve,
    WeightError,
    draw_values,
    fix_weight,
    rank_bids,
    smaa,
    uniform_weights,
    weight_curve,
)
from tula.ties.nuclear.tender import Bid, Criterion, Tender
from tula.ties.nuclear.tie import NuclearTie, Vendor, account

__all__ = [
    "Acceptability",
    "AwardError",
    "Awards",
    "Bid",
    "Credit",
    "Criterion",
    "NuclearTie",
    "Plant",
    "PlantError",
    "Tender",
    "Vendor",
    "WeightCurve",
    "WeightError",
    "account",
    "capacity_after",
    "capital_recovery",
    "draw_values",
    "fix_weight",
    "list_splits",
    "rank_awards",
    "rank_bids",
    "smaa",
    "uniform_weights",
    "vendor_concentration",
    "weight_curve",
]
