"""The kinds of ties a study may hold: what it says of each, and what makes its account."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Any

from pydantic import Field, create_model, model_validator

from tula.equilibrium import Calibration
from tula.errors import did_you_mean
from tula.numbers.record import Record, refuse
from tula.ties import arms, labour, logistics, nuclear, settlement, target
from tula.ties.account import TieAccount
from tula.ties.oil import tie as oil
from tula.ties.quantity import Estimate
from tula.ties.target.deal import require_deal
from tula.ties.target.odds import TradeGoal
from tula.world.named import Region

#: Draws behind the ranges of an account, fewer where each solves the world several times.
DRAWS = {"oil": 32, "settlement": 32, "labour": 32, "logistics": 64, "trade_agreement": 64}
#: Half the width of a 95% interval, in standard errors.
WIDTH = 1.959963984540054

Text = Annotated[str, Field(min_length=1)]
Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$")]


class TieHead(Record):
    """What a study says of a tie beside the numbers of its model."""

    id: Code
    """Name by which the study refers to the tie."""
    title: Text
    """What readers see it called."""
    partner: Region
    """The other country."""
    notes: tuple[Text, ...] = ()
    """Remarks for readers."""

    @model_validator(mode="before")
    @classmethod
    def _partner_within(cls, given: Any, info: Any) -> Any:
        """Let the parts of the tie know the partner."""
        if isinstance(given, dict) and hasattr(info.context, "partner"):
            info.context.partner = given.get("partner", "")
        return given

    @model_validator(mode="after")
    def _two_countries(self, info: Any) -> TieHead:
        if self.partner == getattr(info.context, "pivot", None):
            refuse([(("partner",), f"{self.partner!r} is the pivot, not a partner of its own")])
        return self


class Oil(TieHead, oil.OilTie):
    """Crude bought from a partner under pressure of third powers."""


class Settlement(TieHead, settlement.SettlementTie):
    """Payments between two countries, and how they hold once channels close."""


class Labour(TieHead, labour.LabourAccord):
    """Workers of the pivot admitted by the partner."""


class Logistics(TieHead, logistics.LogisticsPact):
    """Use of ports and airfields, and what the signal may delay."""


class Arms(TieHead, arms.ArmsTie):
    """Arms from several suppliers, of whom the partner is one."""

    @model_validator(mode="after")
    def _among(self) -> Arms:
        refuse(_stranger(self.partner, "suppliers", self.regions))
        return self


class Nuclear(TieHead, nuclear.NuclearTie):
    """Reactors of several vendors' countries, of which the partner is one."""

    tender: nuclear.Tender | None = None
    """Bids for the next units, and how they are scored."""

    @model_validator(mode="after")
    def _among(self) -> Nuclear:
        refuse(_stranger(self.partner, "vendors", self.regions))
        return self


class Agreement(TieHead, target.TradeDeal):
    """A trade agreement with a bloc, and a target for trade."""

    target: TradeGoal | None = None
    """The level of two-way trade aimed at."""


def _stranger(
    partner: str, key: str, regions: tuple[str, ...]
) -> list[tuple[tuple[str, ...], str]]:
    if partner in regions:
        return []
    near = did_you_mean(partner, regions)
    return [(("partner",), f"partner {partner!r} is not among the {key}{near}")]


@dataclass(frozen=True)
class Setting:
    """What an account needs besides the tie itself. ``on`` is the study's day."""

    world: Calibration
    on: date | None
    seed: int


@dataclass(frozen=True)
class Kind:
    """One kind of tie: what a study says of it, and what values it.

    ``check`` raises a ``TulaError`` for what shows only beside the world.
    """

    model: type[TieHead]
    account: Callable[[Any, Setting], TieAccount]
    check: Callable[[Any, Calibration], None] = lambda tie, world: None


def _oil(tie: Oil, setting: Setting) -> TieAccount:
    return oil.account(tie, setting.world, draws=DRAWS["oil"], seed=setting.seed)


def _settlement(tie: Settlement, setting: Setting) -> TieAccount:
    draws = DRAWS["settlement"]
    return settlement.account(tie, setting.world, draws=draws, seed=setting.seed)


def _labour(tie: Labour, setting: Setting) -> TieAccount:
    return labour.account(tie, setting.world, draws=DRAWS["labour"], seed=setting.seed)


def _logistics(tie: Logistics, setting: Setting) -> TieAccount:
    return logistics.account(tie, setting.world, draws=DRAWS["logistics"], seed=setting.seed)


def _arms(tie: Arms, setting: Setting) -> TieAccount:
    return arms.account(tie, tie.partner, on=setting.on, seed=setting.seed)


def _nuclear(tie: Nuclear, setting: Setting) -> TieAccount:
    found = nuclear.account(tie, tie.partner, seed=setting.seed)
    if tie.tender is None:
        return found
    ranked = nuclear.rank_bids(tie.tender, seed=setting.seed)
    firsts = {
        f"{bid} first": _share(
            share,
            share - WIDTH * error,
            share + WIDTH * error,
            "of weightings under which this bid is best",
        )
        for bid, share, error in zip(
            ranked.alternatives, ranked.ranks[:, 0], ranked.error[:, 0], strict=True
        )
    }
    return replace(found, details={**found.details, **firsts})


def _share(value: float, low: float, high: float, meaning: str) -> Estimate:
    """A share found by simulation, with its 95% interval."""
    ends = max(0.0, float(low)), min(1.0, float(high))
    return Estimate(float(value), *ends, "share", f"{meaning}; range: 95%, of the simulation")


def _agreement(tie: Agreement, setting: Setting) -> TieAccount:
    draws, seed = DRAWS["trade_agreement"], setting.seed
    deal = target.TradeDeal(**{name: getattr(tie, name) for name in target.TradeDeal.model_fields})
    found = target.account(deal, setting.world, draws=draws, seed=seed)
    if tie.target is None:
        return found
    goal = target.TradeTarget(deal=deal, **dict(tie.target))
    odds = target.target_odds(goal, setting.world, seed=seed)
    meaning = "chance of meeting the target for two-way trade, "
    chances = {
        f"target met, {layer}": _share(
            chance.value, chance.low, chance.high, meaning + _LAYERS[layer]
        )
        for layer, chance in odds.chance.items()
    }
    asked = target.exports_needed(goal, odds, setting.world)
    notes = (*found.notes, target.reach_told(goal, odds))
    return replace(found, details={**found.details, **chances, **asked}, notes=notes)


_LAYERS = {
    "growth": "by growth alone",
    "agreement": "with the agreement",
    "reform": "with agreement and reform",
}

#: Every kind by the key it stands under in a study file.
KINDS: dict[str, Kind] = {
    "oil": Kind(Oil, _oil),
    "settlement": Kind(Settlement, _settlement),
    "labour": Kind(Labour, _labour),
    "arms": Kind(Arms, _arms),
    "nuclear": Kind(Nuclear, _nuclear),
    "logistics": Kind(Logistics, _logistics),
    "trade_agreement": Kind(Agreement, _agreement, require_deal),
}


class _OneTie(Record):
    """One tie, under the key of its kind."""

    @model_validator(mode="after")
    def _one(self) -> _OneTie:
        if len(self.model_fields_set) != 1:
            refuse([((), "write the tie as 'kind: {fields}'")])
        return self

    @property
    def kind(self) -> str:
        """The kind, as files write it."""
        return next(iter(self.model_fields_set))

    @property
    def tie(self) -> Any:
        """What the study says of it."""
        return getattr(self, self.kind)


_FIELDS: dict[str, Any] = {
    name: (kind.model | None, Field(default=None, description=kind.model.__doc__))
    for name, kind in KINDS.items()
}
#: A tie as files write it: one key that names the kind, its fields beneath.
WrittenTie: Any = create_model(
    "WrittenTie", __base__=_OneTie, __doc__=str(_OneTie.__doc__), **_FIELDS
)
