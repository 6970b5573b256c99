"""Settlement between two countries: balances, payment rails, ships and insurers."""

from tula.ties.settlement.balances import (
    BalanceError,
    Balances,
    balanced_share,
    sustainable_share,
    unmatched,
)
from tula.ties.settlement.flows import Flow, largest_flow
from tula.ties.settlement.network import Messaging, Network, NetworkNameError, Node, Rail
from tula.ties.settlement.resilience import (
    Closure,
    EnumerationError,
    LeastCostError,
    Resilience,
    Settled,
    resilience,
    settle,
    worst_closure,
)
from tula.ties.settlement.shipping import Insurer, Shipping, Throughput, throughput
from tula.ties.settlement.tie import (
    Carriage,
    IdleNetworkError,
    SettlementTie,
    carriage,
)
from tula.ties.settlement.valuation import account
from tula.ties.settlement.wedge import NoPurchasesError, WedgeError, Wedges, instruments, paid

__all__ = [
    "BalanceError",
    "Balances",
    "Carriage",
    "Closure",
    "EnumerationError",
    "Flow",
    "IdleNetworkError",
    "Insurer",
    "LeastCostError",
    "Messaging",
    "Network",
    "NetworkNameError",
    "NoPurchasesError",
    "Node",
    "Rail",
    "Resilience",
    "Settled",
    "SettlementTie",
    "Shipping",
    "Throughput",
    "WedgeError",
    "Wedges",
    "account",
    "balanced_share",
    "carriage",
    "instruments",
    "largest_flow",
    "paid",
    "resilience",
    "settle",
    "sustainable_share",
    "throughput",
    "unmatched",
    "worst_closure",
]
