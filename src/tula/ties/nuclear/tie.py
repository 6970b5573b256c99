"""The nuclear tie between a pivot and one vendor's country: inputs with ranges, and the account."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field

from tula.errors import TulaError, did_you_mean
from tula.numbers.quantity import Quantity
from tula.numbers.record import Record
from tula.ties.account import TieAccount, account_of
from tula.ties.arms.orders import annuity
from tula.ties.nuclear.awards import vendor_concentration
from tula.ties.nuclear.cost import Credit, Plant
from tula.ties.quantity import Estimate, spread
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
POSITIVE = ("overnight", "construction", "life", "capacity_factor", "loan_years")
UNIT = ("capacity_factor", "foreign_content", "margin", "loan_share", "hazard")


class NuclearTieError(TulaError):
    """The inputs of a nuclear tie leave their domain or contradict one another.

    The message lists every fault at once, each with the vendor and field to correct.
    """


class Vendor(Record):
    """One vendor's country and the units it would build; money in billion USD.

    * ``region``: its code; ``installed_gw``: what stands from it; ``awarded_gw``: the award;
    * plant as in ``Plant``: ``overnight`` per GW, ``construction``, ``slip``, ``life`` years,
      ``capacity_factor``, ``fixed`` per GW a year, ``fuel`` per TWh, ``decommissioning`` per GW;
    * ``foreign_content``: share of the overnight cost spent with the vendor's country, and
      ``margin``: its profit share of that;
    * ``loan_share`` of the foreign content on credit at ``loan_rate``, ``loan_grace`` and
      ``loan_years``;
    * ``hazard``: chance a year that sanctions or war stop the work; ``stop_years``: for how long.
    """

    region: Region
    installed_gw: Quantity
    awarded_gw: Quantity
    overnight: Quantity
    construction: Quantity
    slip: Quantity
    life: Quantity
    capacity_factor: Quantity
    fixed: Quantity
    fuel: Quantity
    decommissioning: Quantity
    foreign_content: Quantity
    margin: Quantity
    loan_share: Quantity
    loan_rate: Quantity
    loan_grace: Quantity
    loan_years: Quantity
    hazard: Quantity
    stop_years: Quantity


class NuclearTie(Record):
    """What a nuclear account needs.

    * ``replacement_cost``: the next best firm electricity, billion USD per TWh (0.06 = 60 a MWh);
    * ``discount``: a year, real.
    """

    pivot: Region
    vendors: tuple[Vendor, ...] = Field(min_length=1)
    replacement_cost: Quantity
    discount: Quantity

    def model_post_init(self, context: object) -> None:
        """Raise ``NuclearTieError`` with every fault."""
        faults = [fault for vendor in self.vendors for fault in _faults(vendor)]
        regions = self.regions
        if len(set(regions)) < len(regions):
            faults.append(f"vendors: a region is named twice in {', '.join(regions)}")
        if self.discount.low < 0.0 or self.replacement_cost.low < 0.0:
            faults.append("discount and replacement_cost: expected 0 or more")
        if faults:
            raise NuclearTieError("\n".join(faults))

    @property
    def regions(self) -> tuple[str, ...]:
        """Codes of the vendors' countries, in order."""
        return tuple(vendor.region for vendor in self.vendors)


def _faults(vendor: Vendor) -> list[str]:
    faults = []
    for name, given in vendor:
        if not isinstance(given, Quantity):
            continue
        low_ok = given.low > 0.0 if name in POSITIVE else given.low >= 0.0
        if not low_ok or (name in UNIT and given.high > 1.0):
            faults.append(f"{vendor.region}.{name}: {given.low} to {given.high} is outside")
    if vendor.installed_gw.low + vendor.awarded_gw.low <= 0.0:
        faults.append(f"{vendor.region}: neither installed_gw nor awarded_gw is above 0")
    return faults


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
    "value_to_pivot": ("billion USD a year", "cheaper electricity than the next best, plus credit"),
    "value_to_partner": ("billion USD a year", "profit on foreign content, less the credit's gift"),
    "dependence": ("share", "partner's share of the vendors' gigawatts, award included"),
    "replacement_time": ("years", "to build the same capacity again"),
    "exposure": ("billion USD a year", "expected loss from a stop of work, while building"),
    "levelised_cost": ("USD per MWh", "levelised cost, interest in construction included"),
    "interest_factor": ("ratio", "capital at the start of operation over overnight cost"),
    "credit_gift": ("billion USD a year", "grant within the vendor's loan, spread over plant life"),
    "hhi_before": ("index", "concentration of installed capacity by vendor, 0 to 1"),
    "hhi_after": ("index", "the same with the awards"),
    "electricity": ("TWh a year", "from the award"),
}


def account(tie: NuclearTie, partner: str, *, seed: int = 0) -> TieAccount:
    """Return the account of one vendor's country, every line with its range.

    Value to the pivot is the saving against its next best electricity; where that is dearer to
    build than to buy the value is negative. Safety, waste and grid costs are outside. Raises
    ``NuclearTieError`` for a partner that is not a vendor.
    """
    if partner not in tie.regions:
        near = did_you_mean(partner, tie.regions)
        raise NuclearTieError(f"unknown vendor {partner!r}{near}")

    def model(given: Mapping[str, float]) -> dict[str, float]:
        return readings(tie, partner, {name: float(value) for name, value in given.items()})

    found = spread(model, inputs(tie), seed=seed)
    lines = {name: Estimate(*found[name], *LINES[name]) for name in found}
    notes = ("accidents, waste beyond decommissioning and grid costs are outside the account",)
    return account_of("nuclear", tie.pivot, partner, lines, notes)
