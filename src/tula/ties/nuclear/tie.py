"""The nuclear tie between a pivot and one vendor's country: inputs with ranges, and the account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field, model_validator

from tula.errors import UnknownNameError
from tula.numbers.quantity import NotNegative, Positive, Quantity, Share
from tula.numbers.record import Record, Unit, refuse
from tula.ties.account import TieAccount, account_of, lines_of
from tula.ties.arms.orders import annuity
from tula.ties.inputs import SomeShare, repeated
from tula.ties.nuclear.awards import vendor_concentration
from tula.ties.nuclear.cost import Credit, Plant
from tula.ties.quantity import spread
from tula.world.named import Region

PLANT = (
    "overnight",
    "construction",
    "slip",
    "life",
    "capacity_factor",
    "fixed",
    "fuel",
    "decommissioning",
)
#: USD per MWh in one billion USD per TWh.
PER_MWH = 1000.0


class Vendor(Record):
    """One vendor's country and the units it would build; plant as in ``Plant``."""

    region: Region
    """Its code; each vendor stands once."""
    installed_gw: Annotated[NotNegative, Unit("GW", 2.0)]
    """Capacity of its plants today."""
    awarded_gw: Annotated[NotNegative, Unit("GW", 4.8)]
    """Capacity that it would build."""
    overnight: Annotated[Positive, Unit("bn USD per GW", 4.0)]
    """Cost of the plant as if built overnight, without interest."""
    construction: Annotated[Positive, Unit("years", 6.0)]
    """How long building takes, at even spending."""
    slip: Annotated[NotNegative, Unit("years", 1.5)]
    """Delay before the plant runs, all of it paid for."""
    life: Annotated[Positive, Unit("years", 60.0)]
    """How long the plant runs."""
    capacity_factor: Annotated[SomeShare, Unit("share", 0.85)]
    """Electricity made over what running all year would make."""
    fixed: Annotated[NotNegative, Unit("bn USD per GW a year", 0.12)]
    """Cost of operation."""
    fuel: Annotated[NotNegative, Unit("bn USD per TWh", 0.008)]
    """Cost of fuel."""
    decommissioning: Annotated[NotNegative, Unit("bn USD per GW", 0.6)]
    """Cost at the end of its life."""
    foreign_content: Annotated[Share, Unit("share", 0.4)]
    """Share of the overnight cost spent with the vendor's country."""
    margin: Annotated[Share, Unit("share", 0.1)]
    """Its profit share of what is spent there."""
    loan_share: Annotated[Share, Unit("share", 0.85)]
    """Share of the foreign content that it lends."""
    loan_rate: Annotated[NotNegative, Unit("rate a year", 0.04)]
    """Interest on the loan, real."""
    loan_grace: Annotated[NotNegative, Unit("years", 5.0)]
    """For how long interest alone is paid."""
    loan_years: Annotated[Positive, Unit("years", 14.0)]
    """How long repayment then takes."""
    hazard: Annotated[Share, Unit("probability a year", 0.05)]
    """Chance that sanctions or war stop the work."""
    stop_years: Annotated[NotNegative, Unit("years", 2.0)]
    """How long the work then stops."""

    @model_validator(mode="after")
    def _builds(self) -> Vendor:
        if self.installed_gw.low + self.awarded_gw.low <= 0.0:
            refuse([((), "installed_gw or awarded_gw must be above 0 over its whole range")])
        return self


class NuclearTie(Record):
    """A pivot and the vendors' countries that build reactors for it."""

    pivot: Region
    """The middle power, who buys; filled in by the study."""
    vendors: tuple[Vendor, ...] = Field(min_length=1)
    """Countries that have built or would build."""
    replacement_cost: Annotated[NotNegative, Unit("bn USD per TWh", 0.06)]
    """Cost of the next best firm electricity: 0.06 is 60 USD a MWh."""
    discount: Annotated[NotNegative, Unit("rate a year", 0.06)]
    """Real discount rate."""

    @model_validator(mode="after")
    def _vendors_once(self) -> NuclearTie:
        refuse(repeated(self, "vendors", key="region"))
        return self

    @property
    def regions(self) -> tuple[str, ...]:
        """Codes of the vendors' countries, in order."""
        return tuple(vendor.region for vendor in self.vendors)


def inputs(tie: NuclearTie) -> dict[str, Quantity]:
    """Return every quantity by name; vendors' as ``REGION.field``."""
    own = {name: part for name, part in tie if isinstance(part, Quantity)}
    for vendor in tie.vendors:
        own |= {f"{vendor.region}.{name}": q for name, q in vendor if isinstance(q, Quantity)}
    return own


def readings(tie: NuclearTie, partner: str, given: Mapping[str, float]) -> dict[str, float]:
    """Return the numbers of the account at given input values (see ``account``)."""
    own = {name: given[f"{partner}.{name}"] for name in Vendor.model_fields if name != "region"}
    plant = Plant(**{name: own[name] for name in PLANT}, discount=given["discount"])
    award, life = own["awarded_gw"], annuity(own["life"], given["discount"])
    energy = award * plant.energy
    foreign = own["foreign_content"] * plant.overnight * award
    gift = _credit(own, foreign).worth(given["discount"]) / life
    before = {region: given[f"{region}.installed_gw"] for region in tie.regions}
    after = {region: gw + given[f"{region}.awarded_gw"] for region, gw in before.items()}
    saving = (given["replacement_cost"] - plant.levelised_cost) * energy
    start = {"hhi_before": vendor_concentration(before)} if sum(before.values()) > 0.0 else {}
    return {
        "value_to_pivot": saving + gift,
        "value_to_partner": own["margin"] * foreign / life - gift,
        "dependence": after[partner] / sum(after.values()),
        "replacement_time": plant.construction + plant.slip,
        "exposure": own["hazard"] * _stop_loss(own, plant, given) * award,
        "levelised_cost": PER_MWH * plant.levelised_cost,
        "interest_factor": plant.interest_factor,
        "credit_gift": gift,
        **start,
        "hhi_after": vendor_concentration(after),
        "electricity": energy,
    }


def _credit(own: Mapping[str, float], foreign: float) -> Credit:
    amount = own["loan_share"] * foreign
    return Credit(amount, own["loan_rate"], own["loan_grace"], own["loan_years"])


def _stop_loss(own: Mapping[str, float], plant: Plant, given: Mapping[str, float]) -> float:
    """Present value lost per GW when the operating surplus of sunk capital comes late."""
    surplus = (given["replacement_cost"] - plant.fuel) * plant.energy - plant.fixed
    worth = max(0.0, surplus) * annuity(plant.life, given["discount"])
    return float(worth * (1.0 - (1.0 + given["discount"]) ** -own["stop_years"]))


LINES = {
    "value_to_pivot": ("bn USD a year", "cheaper electricity than the next best, plus credit"),
    "value_to_partner": ("bn USD a year", "profit on foreign content, less the credit's gift"),
    "dependence": ("share", "partner's share of the vendors' gigawatts, award included"),
    "replacement_time": ("years", "to build the same capacity again"),
    "exposure": ("bn USD a year", "expected loss from a stop of work, while building"),
    "levelised_cost": ("USD per MWh", "levelised cost, interest in construction included"),
    "interest_factor": ("ratio", "capital at the start of operation over overnight cost"),
    "credit_gift": ("bn USD a year", "grant within the vendor's loan, spread over plant life"),
    "hhi_before": ("index", "concentration of installed capacity by vendor, 0 to 1"),
    "hhi_after": ("index", "the same with the awards"),
    "electricity": ("TWh a year", "from the award"),
}


def account(tie: NuclearTie, partner: str, *, seed: int = 0) -> TieAccount:
    """Return the account of one vendor's country, every line with its range.

    Value to the pivot is the saving against its next best electricity; where that is dearer to
    build than to buy the value is negative. Safety, waste and grid costs are outside. Raises
    ``UnknownNameError`` for a partner that is not a vendor.
    """
    if partner not in tie.regions:
        raise UnknownNameError("vendor", partner, tie.regions)

    def model(given: Mapping[str, float]) -> dict[str, float]:
        return readings(tie, partner, {name: float(value) for name, value in given.items()})

    found = spread(model, inputs(tie), seed=seed)
    lines = lines_of(found, LINES)
    notes = ("accidents, waste beyond decommissioning and grid costs are outside the account",)
    return account_of("nuclear", tie.pivot, partner, lines, notes)
