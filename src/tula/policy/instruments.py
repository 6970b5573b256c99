"""What actors can do to an economy. Every instrument states its operator and its unit.

Places and sectors are given as a code, a group name, or a collection of them. Trade instruments
never touch a region's own sales, also where a group stands on both sides.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import AliasChoices, Field, model_validator

from tula.policy.base import PolicyInstrument
from tula.policy.caps import ExportCap, ImportCap, ImportCut, PriceCap, TariffQuota
from tula.policy.flows import TradeInstrument, one_of
from tula.policy.labour import Labour, Migration
from tula.policy.rates import ExportTax, Tariff
from tula.policy.retaliation import Retaliation
from tula.policy.units import (
    Amount,
    Change,
    ExceptSectors,
    NotNegative,
    Ratio,
    Region,
    Regions,
    Sectors,
    Share,
    Sides,
    refusal,
)

DAYS_PER_YEAR = 365.25


class TradeCost(TradeInstrument):
    """A cost of delivery that nobody collects: freight, insurance, compliance, sanctions risk.

    ``factor`` is the ratio of new to old iceberg cost; ``add`` the same as a relative change
    (0.1 or ``"10%"`` = factor 1.1).
    """

    kind: Literal["trade_cost"] = "trade_cost"
    factor: Ratio | None = None
    """Ratio of new to old."""
    add: Change | None = None
    """The same as a relative change, such as 10%."""

    @model_validator(mode="after")
    def _one_operator(self) -> TradeCost:
        one_of(factor=self.factor, add=self.add)
        return self

    @property
    def ratio(self) -> float:
        """Ratio of new to old iceberg cost."""
        return self.factor if self.factor is not None else 1.0 + (self.add or 0.0)


class Embargo(TradeInstrument):
    """No purchases at all: the cells are exactly zero. ``both_ways`` also stops the reverse.

    With ``coverage`` c below one it bans part of the goods, those kinds alone, and spares the rest.
    Let a sector be many kinds of goods, each made by every seller i at its price p_i and bought in
    the base at the sector's shares pi_i. Where buyers turn from kind to kind as easily as from
    seller to seller, P^-theta = sum_i pi_i p_i^-theta over all varieties, and those banned drop
    out of it: P^-theta = sum_i (1 - c_i) pi_i p_i^-theta. That is the share of the seller times
    1 - c, exactly: buyers turn to other sellers and other kinds, and lose a variety, not a rent.
    Where they do not turn from kind to kind (sectors in fixed shares), the loss is the same but
    for terms in c pi_i^2.
    """

    kind: Literal["embargo"] = "embargo"
    coverage: Share = 1.0
    """Share of the goods of a cell that may not be bought; the rest moves freely."""
    both_ways: bool = Field(default=False, strict=True)
    """The reverse trade stops too."""


class TradeAgreement(PolicyInstrument):
    """Preferential duties between every two sides; duties inside a side stay as they are.

    Each of ``members`` is a side: ``["IND", "EAEU"]`` or ``[["IND"], ["RUS", "KAZ"]]``.
    ``coverage`` is the share of the duty removed once phased in. With ``phase_in`` years the cut
    grows linearly from entry into force; how far it has come is ``year`` (years since entry), or
    follows from ``start`` and the day asked about. With ``override`` no other measure on the same
    duties counts, as for a ``Tariff``.
    """

    kind: Literal["trade_agreement"] = "trade_agreement"
    members: Sides
    """The sides, each a region, a group or a list of them."""
    sectors: Sectors = ("all",)
    """Sectors concerned."""
    except_sectors: ExceptSectors = ()
    """Sectors taken out."""
    coverage: Share = 1.0
    """Share of the duty that goes in the end."""
    phase_in: NotNegative = 0.0
    """Years over which it goes."""
    year: NotNegative | None = None
    """Years since entry into force; left out, by the day asked about."""
    override: bool = Field(default=False, strict=True)
    """No other measure on the same duties counts."""

    @model_validator(mode="after")
    def _phase_is_known(self) -> TradeAgreement:
        if self.phase_in == 0.0 and self.year is not None:
            raise refusal("year needs phase_in: the number of years over which duties fall")
        if self.phase_in > 0.0 and (self.year is None) == (self.start is None):
            raise refusal("phase_in needs exactly one of year (since entry) or start (a day)")
        return self

    def phase(self, on: date | None) -> float:
        """Share of the phase-in completed, 0 to 1, on this day."""
        if self.phase_in == 0.0:
            return 1.0
        elapsed = self.year
        if elapsed is None:
            if on is None or self.start is None:
                return 1.0
            elapsed = (on - self.start).days / DAYS_PER_YEAR
        return min(1.0, max(0.0, elapsed / self.phase_in))

    def cut(self, on: date | None) -> float:
        """Share of the duty removed on this day: coverage times phase."""
        return self.coverage * self.phase(on)


class Productivity(PolicyInstrument):
    """Ratio of new to old productivity of the region's producers in some sectors."""

    kind: Literal["productivity"] = "productivity"
    region: Regions
    """Where."""
    sectors: Sectors
    """Sectors concerned."""
    except_sectors: ExceptSectors = ()
    """Sectors taken out."""
    factor: Ratio
    """Ratio of new to old."""


class Payment(PolicyInstrument):
    """Money from one region to another, million USD a year in the numeraire."""

    amount_musd: Amount
    """Million USD a year, in the numeraire."""

    @property
    def parties(self) -> tuple[str, str]:
        """Codes of who pays and who receives."""
        raise NotImplementedError

    @model_validator(mode="after")
    def _two_parties(self) -> Payment:
        payer, receiver = self.parties
        if payer == receiver:
            raise refusal(f"{payer} cannot pay itself: name two different regions")
        return self


class Transfer(Payment):
    """Aid, reparation or another gift: the payer's spending falls, the receiver's rises."""

    kind: Literal["transfer"] = "transfer"
    payer: Region
    """Who pays."""
    receiver: Region
    """Who receives."""

    @property
    def parties(self) -> tuple[str, str]:
        """Codes of payer and receiver."""
        return self.payer, self.receiver


class Remittance(Payment):
    """Wages that workers abroad send home: ``from_`` (in files ``from``) where they work."""

    kind: Literal["remittance"] = "remittance"
    from_: Region = Field(
        validation_alias=AliasChoices("from", "from_"), serialization_alias="from"
    )
    """Where the money comes from."""
    to: Region
    """Where it goes."""

    @property
    def parties(self) -> tuple[str, str]:
        """Codes of where the money is earned and where it goes."""
        return self.from_, self.to


#: Any instrument, told apart by its ``kind``.
Instrument = Annotated[
    Tariff
    | ExportTax
    | Retaliation
    | TradeCost
    | Embargo
    | ImportCut
    | ImportCap
    | ExportCap
    | PriceCap
    | TariffQuota
    | TradeAgreement
    | Productivity
    | Labour
    | Transfer
    | Remittance
    | Migration,
    Field(discriminator="kind"),
]
