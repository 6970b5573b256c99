"""What actors do to an economy: instruments, their stacking rule, and the compiled shock."""

from tula.policy.answering import BaseTradeError
from tula.policy.base import FieldProblem, InstrumentError, PolicyInstrument
from tula.policy.caps import ExportCap, ImportCap, ImportCut, PriceCap, TariffQuota
from tula.policy.cells import PolicyError, PolicyProblem, SelectionError
from tula.policy.compile import (
    BaseRateError,
    NotAnInstrumentError,
    UndatedError,
    compile_shock,
)
from tula.policy.contradictions import (
    ContradictionError,
    EssentialSupplierError,
    NoSupplierError,
    RateRangeError,
    refuse_impossible_embargo,
)
from tula.policy.describe import describe, title
from tula.policy.forms import WHATIF_FORMS, WHATIF_VALUES
from tula.policy.instruments import (
    Embargo,
    Productivity,
    Remittance,
    TradeAgreement,
    TradeCost,
    Transfer,
)
from tula.policy.labour import Labour, Migration
from tula.policy.notices import InertPolicyWarning, OddSizeWarning, PolicyWarning
from tula.policy.rates import ExportTax, Tariff
from tula.policy.retaliation import Retaliation
from tula.policy.shock import Corridor, LedgerEntry, Limit, Shock, no_shock
from tula.policy.stacking import LabourShareError
from tula.policy.terms import WhatIfError
from tula.policy.union import KINDS, Instrument, parse_instrument
from tula.policy.whatif import parse_whatif

__all__ = [
    "KINDS",
    "WHATIF_FORMS",
    "WHATIF_VALUES",
    "BaseRateError",
    "BaseTradeError",
    "ContradictionError",
    "Corridor",
    "Embargo",
    "EssentialSupplierError",
    "ExportCap",
    "ExportTax",
    "FieldProblem",
    "ImportCap",
    "ImportCut",
    "InertPolicyWarning",
    "Instrument",
    "InstrumentError",
    "Labour",
    "LabourShareError",
    "LedgerEntry",
    "Limit",
    "Migration",
    "NoSupplierError",
    "NotAnInstrumentError",
    "OddSizeWarning",
    "PolicyError",
    "PolicyInstrument",
    "PolicyProblem",
    "PolicyWarning",
    "PriceCap",
    "Productivity",
    "RateRangeError",
    "Remittance",
    "Retaliation",
    "SelectionError",
    "Shock",
    "Tariff",
    "TariffQuota",
    "TradeAgreement",
    "TradeCost",
    "Transfer",
    "UndatedError",
    "WhatIfError",
    "compile_shock",
    "describe",
    "no_shock",
    "parse_instrument",
    "parse_whatif",
    "refuse_impossible_embargo",
    "title",
]
