"""Ceilings on trade: on what is bought, on what is sold, and on the price that sellers are paid."""

from __future__ import annotations

from typing import Any, Literal, TypeVar

from pydantic import Field, field_validator, model_validator

from tula.policy.base import PolicyInstrument
from tula.policy.flows import TradeInstrument, one_of
from tula.policy.measures import Measured, as_part, refuse_idle_measure
from tula.policy.units import LARGEST_RATIO, Level, Portion, Share, refusal

T = TypeVar("T", bound=PolicyInstrument)
#: Who keeps a scarcity rent.
Recipient = Literal["importer", "exporter", "nobody"]


class ImportCut(TradeInstrument):
    """Quantities bought are capped at (1 - cut) of the base; the importer keeps scarcity rents.

    ``cut`` is a share between 0 and 1; a cut of 1 is an embargo.
    """

    kind: Literal["import_cut"] = "import_cut"
    cut: Share
    """Share of the base taken away."""

    @property
    def ceiling(self) -> float:
        """Largest ratio of new to old quantity."""
        return 1.0 - self.cut


class CapInstrument(TradeInstrument):
    """A ceiling on trade, by exactly one operator, and who keeps the scarcity rent.

    * ``at``: largest ratio of new to old; a ratio or ``"65%"``, or an amount such as
      ``"60 USD/bbl"`` where ``base`` says what it is in the base, ``"68.5 USD/bbl"``;
    * ``cut``: the same as a share taken off the base: 0.35 or ``"35%"`` is a ceiling of 65%;
    * ``rent_to``: ``importer`` (licences held by buyers), ``exporter`` (a voluntary restraint) or
      ``nobody`` (queues, detours: the scarcity is used up).
    """

    base: Measured | None = None
    """Quantity or price of the base, where a level is given in units."""
    at: Portion | None = None
    """Level, as a share of the base or in the units of base."""
    cut: Share | None = None
    """Share of the base taken away."""
    rent_to: Recipient = "importer"
    """Who keeps the scarcity rent: importer, exporter or nobody; a study file has to say it."""

    @field_validator("at", mode="before")
    @classmethod
    def _amount(cls, value: object, info: Any) -> object:
        return as_part(value, "base", info.data)

    @model_validator(mode="after")
    def _one_ceiling(self) -> CapInstrument:
        if one_of(at=self.at, cut=self.cut) == "cut":
            refuse_idle_measure("base", self.base, "cut")
        if 0.0 < self.ceiling < 1.0 / LARGEST_RATIO:
            raise refusal(f"a ceiling of {self.ceiling:g} of the base is nothing: use an embargo")
        return self

    @property
    def ceiling(self) -> float:
        """Largest ratio of new to old."""
        return self.at if self.at is not None else 1.0 - (self.cut or 0.0)


class QuantityCap(CapInstrument):
    """A ceiling on quantities: ``together`` is one quota over all cells, else one on each."""

    together: bool = Field(default=False, strict=True)
    """One limit for all cells, not one in each."""


class ImportCap(QuantityCap):
    """Quantities bought are at most ``at`` of the base, in each cell unless ``together``.

    The importer keeps the rent unless told otherwise. A ceiling of zero is an embargo.
    """

    kind: Literal["import_cap"] = "import_cap"


class ExportCap(QuantityCap):
    """Quantities sold are at most ``at`` of the base, all cells together unless told otherwise.

    The exporter keeps the rent unless told otherwise: a voluntary restraint, a production quota
    on exports. A ceiling of zero is an embargo.
    """

    kind: Literal["export_cap"] = "export_cap"
    rent_to: Recipient = "exporter"
    """Who keeps the scarcity rent: importer, exporter or nobody; a study file has to say it."""
    together: bool = Field(default=True, strict=True)
    """One limit for all cells, not one in each."""


class TariffQuota(QuantityCap):
    """A tariff quota: the duty is ``inside`` up to a quantity and ``beyond`` on more.

    The quantity is ``at`` of the base, in each cell unless ``together``. Below it buyers pay the
    rate inside. At it they bid for the licences, whose holders keep the rent, up to what the rate
    beyond is worth; from there on more is bought at that rate, and licences keep the difference of
    the two on the quota. The importer keeps the rent unless told otherwise. Both rates set the
    duty, as ``set`` of a ``Tariff``; agreements and points added count on both.
    """

    kind: Literal["tariff_quota"] = "tariff_quota"
    inside: Level
    """Rate up to the quantity."""
    beyond: Level
    """Rate on more."""

    @model_validator(mode="after")
    def _two_rates(self) -> TariffQuota:
        if self.beyond <= self.inside:
            raise refusal(
                f"beyond ({self.beyond:g}) must be above inside ({self.inside:g}): for one rate "
                "use a tariff"
            )
        if self.ceiling == 0.0:
            raise refusal("nothing comes in at the rate inside: use a tariff at the rate beyond")
        return self


class PriceCap(CapInstrument):
    """The price that sellers are paid is at most ``at`` of the base price, in the numeraire.

    Buyers bid above it for what little is supplied; the importers keep that rent unless told
    otherwise. One producer has one price, so the cap takes each price by itself.
    """

    kind: Literal["price_cap"] = "price_cap"

    @model_validator(mode="after")
    def _above_zero(self) -> PriceCap:
        if self.ceiling == 0.0:
            raise refusal("a price of zero buys nothing: use an embargo")
        return self


def keeper(instrument: object) -> str:
    """Who keeps the rent of a limit that does not say so; empty where it does, or is none."""
    if isinstance(instrument, ImportCut):
        return "importer" if instrument.cut < 1.0 else ""
    if isinstance(instrument, CapInstrument) and "rent_to" not in instrument.model_fields_set:
        return instrument.rent_to
    return ""


def lost(instrument: T) -> T | ImportCap:
    """Return a limit that says nothing of its rent with nobody keeping it; all else as it is."""
    if not keeper(instrument):
        return instrument
    if isinstance(instrument, ImportCut):
        given = {name: getattr(instrument, name) for name in instrument.model_fields_set - {"kind"}}
        return ImportCap(**given, rent_to="nobody")
    return instrument.having(rent_to="nobody")
