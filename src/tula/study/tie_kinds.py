"""The kinds of ties a study may hold: which models read a block, and what makes its account."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

from tula.equilibrium import Calibration
from tula.errors import TulaError
from tula.numbers.estimate import Estimate
from tula.ties import arms, labour, logistics, nuclear, settlement, target, votes
from tula.ties.account import TieAccount
from tula.ties.inputs import TieInputs
from tula.ties.oil import tie as oil
from tula.ties.target.deal import require_deal

#: Draws behind the ranges of an account, fewer where each solves the world several times.
DRAWS = {"oil": 256, "settlement": 32, "labour": 32, "logistics": 64, "trade_agreement": 64}
#: Half the width of a 95% interval, in standard errors.
WIDTH = 1.959963984540054

Block = Mapping[str, Any]
Models = Mapping[str, Any]


class Part(NamedTuple):
    """A model, the key of the block it reads ("" = the block itself), and what it is given."""

    key: str
    model: type[TieInputs]
    fields: dict[str, Any]


@dataclass(frozen=True)
class Setting:
    """What an account needs besides the tie itself. ``on`` is the study's day."""

    partner: str
    world: Calibration
    on: date | None
    seed: int


@dataclass(frozen=True)
class Kind:
    """One kind of tie.

    ``parts`` splits a block among its models; ``account`` values the models, by key, or returns
    sentences where there is nothing to value; ``check`` raises a ``TulaError`` for what shows only
    beside the world.
    """

    parts: Callable[[Block, str, str], list[Part]]
    account: Callable[[Models, Setting], TieAccount | tuple[str, ...]]
    check: Callable[[Models, str, Calibration], None] = lambda models, partner, world: None


class NoSuchPartnerError(TulaError):
    """The partner of a tie is not among those it describes. Name one of them."""


def _whole(model: type[TieInputs]) -> Callable[[Block, str, str], list[Part]]:
    """A block that one model reads, told of pivot and partner where it has such fields."""

    def parts(block: Block, pivot: str, partner: str) -> list[Part]:
        known = {"pivot": pivot, "partner": partner}
        told = {name: code for name, code in known.items() if name in model.model_fields}
        return [Part("", model, {**block, **told})]

    return parts


def _oil_parts(block: Block, pivot: str, partner: str) -> list[Part]:
    market = block.get("market")
    if isinstance(market, dict):
        market = {**market, "pivot": pivot, "partner": partner}
    return [Part("", oil.OilTie, {**block, "market": market} if market is not None else {**block})]


def _oil(models: Models, setting: Setting) -> TieAccount:
    return oil.account(models[""], draws=DRAWS["oil"], seed=setting.seed)


def _settlement(models: Models, setting: Setting) -> TieAccount:
    draws = DRAWS["settlement"]
    return settlement.account(models[""], setting.world, draws=draws, seed=setting.seed)


def _labour(models: Models, setting: Setting) -> TieAccount:
    draws = DRAWS["labour"]
    return labour.account(models[""], setting.world, draws=draws, seed=setting.seed)


def _logistics(models: Models, setting: Setting) -> TieAccount:
    draws = DRAWS["logistics"]
    return logistics.account(models[""], setting.world, draws=draws, seed=setting.seed)


def _arms(models: Models, setting: Setting) -> TieAccount:
    return arms.account(models[""], setting.partner, on=setting.on, seed=setting.seed)


def _among(models: Models, partner: str, world: Calibration) -> None:
    """The partner of an arms or nuclear tie is one of its suppliers or vendors."""
    regions = models[""].regions
    if partner not in regions:
        raise NoSuchPartnerError(f"partner {partner!r} is not among {', '.join(regions)}")


def _nuclear_parts(block: Block, pivot: str, partner: str) -> list[Part]:
    own = {key: value for key, value in block.items() if key != "tender"}
    found = _whole(nuclear.NuclearTie)(own, pivot, partner)
    if isinstance(block.get("tender"), dict):
        found.append(Part("tender", nuclear.Tender, _told(block["tender"])))
    return found


def _told(tender: dict[str, Any]) -> dict[str, Any]:
    """The tender with every score said to have its ground, which the study holds, not the score."""

    def score(given: Any) -> Any:
        if isinstance(given, int | float) and not isinstance(given, bool):
            given = dict.fromkeys(("value", "low", "high"), given)
        return {**given, "fact": "as the study says"} if isinstance(given, dict) else given

    def bid(given: Any) -> Any:
        scores = given.get("scores") if isinstance(given, dict) else None
        if not isinstance(scores, dict):
            return given
        return {**given, "scores": {name: score(one) for name, one in scores.items()}}

    bids = tender.get("bids")
    return {**tender, "bids": [bid(one) for one in bids]} if isinstance(bids, list) else tender


def _nuclear(models: Models, setting: Setting) -> TieAccount:
    found = nuclear.account(models[""], setting.partner, seed=setting.seed)
    if "tender" not in models:
        return found
    ranked = nuclear.rank_bids(models["tender"], seed=setting.seed)
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


def _agreement_parts(block: Block, pivot: str, partner: str) -> list[Part]:
    own = {key: value for key, value in block.items() if key != "target"}
    deal = {**own, "pivot": pivot, "partner": partner}
    found = [Part("", target.TradeDeal, deal)]
    if isinstance(block.get("target"), dict):
        found.append(Part("target", target.TradeTarget, {**block["target"], "deal": deal}))
    return found


def _agreement(models: Models, setting: Setting) -> TieAccount:
    draws, seed = DRAWS["trade_agreement"], setting.seed
    found = target.account(models[""], setting.world, draws=draws, seed=seed)
    if "target" not in models:
        return found
    odds = target.target_odds(models["target"], setting.world, seed=seed)
    meaning = "chance of meeting the target for two-way trade, "
    chances = {
        f"target met, {layer}": _share(
            chance.value, chance.low, chance.high, meaning + _LAYERS[layer]
        )
        for layer, chance in odds.chance.items()
    }
    return replace(found, details={**found.details, **chances})


_LAYERS = {
    "growth": "by growth alone",
    "agreement": "with the agreement",
    "reform": "with agreement and reform",
}


def _deal_fits(models: Models, partner: str, world: Calibration) -> None:
    require_deal(models[""], world)


def _votes(models: Models, setting: Setting) -> tuple[str, ...]:
    return votes.sentences(models[""])


#: Every kind by the key it stands under in a study file.
KINDS: dict[str, Kind] = {
    "oil": Kind(_oil_parts, _oil),
    "settlement": Kind(_whole(settlement.SettlementTie), _settlement),
    "labour": Kind(_whole(labour.LabourAccord), _labour),
    "arms": Kind(_whole(arms.ArmsTie), _arms, _among),
    "nuclear": Kind(_nuclear_parts, _nuclear, _among),
    "logistics": Kind(_whole(logistics.LogisticsPact), _logistics),
    "trade_agreement": Kind(_agreement_parts, _agreement, _deal_fits),
    "alignment": Kind(_whole(votes.VoteRecord), _votes),
}
