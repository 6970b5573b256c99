"""The game of a study set up once, and what one row of its design gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import expm1

import numpy as np

from tula.equilibrium import CLOSURES
from tula.errors import TulaError
from tula.numbers.quantity import Quantity
from tula.shapes import Float
from tula.strategy.balance.engine_side import EngineSide, OilLink
from tula.strategy.balance.inputs import BalanceInputs, Course, Rule
from tula.strategy.balance.model import Game, Node, Play, keeps
from tula.strategy.balance.oil_side import OilMarkets
from tula.strategy.balance.parameters import (
    Parameter,
    central,
    draw_of,
    parameters,
    used_lines,
)
from tula.strategy.balance.slack import netback
from tula.strategy.balance.states import ROUNDING, Standing, judge
from tula.study.balance.block import BalanceBlock
from tula.study.balance.drawn import MONTHS, STATES
from tula.study.balance.lines import oil_tie
from tula.study.balance.number_words import account_line, oil_number
from tula.study.elasticities import apply_elasticities
from tula.study.load import Study
from tula.study.ties import TieNumber
from tula.ties.account import TieAccount
from tula.ties.oil.tie import OilTie
from tula.uncertainty.draws import Factor
from tula.uncertainty.priors import Prior
from tula.uncertainty.survival import Switch, chance_of_ending, survival

Array = np.ndarray

#: Decimals of numbers in bn USD and of shares that a row keeps: beyond them a certificate of
#: 1e-10 vouches for nothing, since gains are differences of much larger numbers.
DECIMALS = 7
#: Steps of a path in the study file that lead to a tie's own block: ties, its place, its kind.
TIE_DEPTH = 3


@dataclass(eq=False)
class Table:
    """A study's balance, ready to be played at any values of what is uncertain.

    ``accounts`` are those of the study's ties, by id. ``factors`` are the uncertain numbers that
    have a range, in their groups; the others stand at their central values.
    """

    inputs: BalanceInputs
    engine: EngineSide
    oil: OilTie | None
    known: tuple[Parameter, ...]

    @cached_property
    def priors(self) -> dict[str, Prior]:
        """Distributions of what has a range, by name."""
        found = {one.name: prior_of(one) for one in self.known}
        return {name: prior for name, prior in found.items() if prior.low < prior.high}

    @cached_property
    def factors(self) -> tuple[Factor, ...]:
        """What is drawn, by group; what mirrors another is drawn with it."""
        groups: dict[str, list[Prior]] = {}
        for one in self.known:
            if one.name in self.priors and one.mirrors not in self.priors:
                groups.setdefault(one.group, []).append(self.priors[one.name])
        return tuple(Factor(group, tuple(priors)) for group, priors in groups.items())

    @cached_property
    def _markets(self) -> OilMarkets | None:
        return None if self.oil is None else OilMarkets(self.oil)

    def game(self, values: Mapping[str, float] | None = None) -> Game:
        """The game at central values, but for those given."""
        every = {**central(self.known), **(values or {})}
        return Game(self.inputs, self.engine, draw_of(self.inputs, self._markets, every))

    def row(self, uniforms: Float[Array, " K1"]) -> dict[str, float]:
        """Play one row of the design: numbers between 0 and 1, and 1 last if all is asked for.

        Rows of the indices (0 last) tell the price alone.
        """
        at = np.asarray(uniforms, dtype=np.float64)
        game = self.game(self.values(at[:-1]))
        found = self._played(game) if at[-1] > 0.0 else {"price": self._price(game)}
        return {name: round(value, DECIMALS) for name, value in found.items()}

    def values(self, uniforms: Float[Array, " K"]) -> dict[str, float]:
        """Values by name of everything that has a range, at numbers between 0 and 1."""
        drawn = [prior.name for factor in self.factors for prior in factor.priors]
        at = dict(zip(drawn, uniforms, strict=True))
        at |= {one.name: 1.0 - at[one.mirrors] for one in self.known if one.mirrors in at}
        return {name: float(self.priors[name].at(np.array([u]))[0]) for name, u in at.items()}

    def _price(self, game: Game) -> float:
        keep = self.inputs.courses[0]
        courses = [keep, *(one for one in self.inputs.courses if one.aligned_with)]
        return game.price({one.id: game.worth(one) for one in courses}, keep.id)

    def _played(self, game: Game) -> dict[str, float]:
        play = game.play()
        courses = {one.id: one for one in self.inputs.courses}
        order = [one.id for one in self.inputs.courses]
        found = {"price": play.price, "best": float(order.index(play.best))}
        found |= {f"worth.{name}": value for name, value in play.worth.items()}
        found |= _flat("access", play.access) | _flat("loss", play.losses)
        found |= {f"threat_cost.{name}": value for name, value in play.threat_cost.items()}
        found |= self._netbacks(game)
        found |= {f"kept.{k}": v for k, v in self._states(game, play, order[0]).items()}
        found |= {f"chosen.{k}": v for k, v in self._states(game, play, play.best).items()}
        return found | self._survival(game, play, courses[order[0]])

    def _states(self, game: Game, play: Play, course: str) -> dict[str, float]:
        """Place of the state among ``STATES`` by rule, of one course."""
        chosen = next(one for one in self.inputs.courses if one.id == course)
        first = course == self.inputs.courses[0].id
        node = Node(chosen, game.threats)
        node = node._replace(threats=game.standing_threats(node))
        access = play.access if first else game.access(chosen)
        losses = play.losses if first else game.losses(node)
        price = game.price(play.worth, course)
        return {
            rule.name: float(STATES.index(judge(
                Standing(losses[rule.measure], game.met(node), access[rule.name], price),
                rule.loss, self.inputs.confidence,
            ).state))
            for rule in self.inputs.rules
        }  # fmt: skip

    def _netbacks(self, game: Game) -> dict[str, float]:
        """What the oil partner could still give, USD a barrel; NaN where the pivot buys nothing."""
        if game.draw.oil is None:
            return {}
        found = {"calm": netback(game.draw.oil), "pressed": netback(game.draw.oil, True)}
        return {f"netback.{k}": one.slack if one else np.nan for k, one in found.items()}

    def switches(self, game: Game) -> list[Switch]:
        """Threats, which stand if they do in the first situation, and events, which may come.

        Whether a threat stands is decided anew once a year on average, at any time, and is
        then so with the probability that is the share of the year it stands: in the long run it
        stands for that share.
        """
        draw = game.draw
        stand = [
            Switch(
                name=one.id,
                arrives=-expm1(-draw.persistence[one.id]),
                ends=-expm1(draw.persistence[one.id] - 1.0),
                on=one.id in self.inputs.situations[0].threats,
            )
            for one in self.inputs.threats
        ]
        return stand + [
            Switch(
                name=one.id,
                arrives=draw.chance[one.id],
                ends=chance_of_ending(draw.lasts[one.id]),
                on=False,
            )
            for one in self.inputs.events
        ]

    def _survival(self, game: Game, play: Play, keep: Course) -> dict[str, float]:
        """Probability that keeping has not broken by each month, by rule."""
        switches = self.switches(game)
        found: dict[str, float] = {}
        for rule in self.inputs.rules:
            captured = any(
                lost > rule.loss + ROUNDING for lost in play.losses[rule.measure].values()
            )

            def broken(on: frozenset[str], asked: Rule = rule, lost: bool = captured) -> bool:
                node = Node(keep, on & game.threats, on - game.threats)
                kept = all(keeps(game.kept(tie, node), asked) for tie in self.inputs.critical)
                return lost or any(game.met(node).values()) or not kept

            alive = survival(switches, broken, MONTHS)
            found |= {f"survival.{rule.name}.{m}": float(v) for m, v in enumerate(alive)}
        return found


def _flat(name: str, nested: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    return {
        f"{name}.{outer}.{inner}": value
        for outer, values in nested.items()
        for inner, value in values.items()
    }


def prior_of(one: Parameter) -> Prior:
    """The distribution that a parameter is drawn from."""
    known = one.known
    if isinstance(known, Quantity):
        return Prior.of(one.name, known)
    low, high = min(known.low, known.central), max(known.high, known.central)
    return Prior(name=one.name, value=known.central, low=low, high=high, shape="spread")


class NoBalanceError(TulaError):
    """A study says nothing of a balance. Give it a ``balance`` block."""


class NoAccountError(TulaError):
    """A tie that the balance draws on could not be valued. The run tells why of each tie."""


def block_of(study: Study) -> BalanceBlock:
    """The balance block of a study; ``NoBalanceError`` if it has none."""
    if study.balance is None:
        raise NoBalanceError(f"study {study.file.id!r} has no balance block")
    return study.balance


def _require_accounts(inputs: BalanceInputs, accounts: Mapping[str, TieAccount]) -> None:
    wanted = {line.tie for line in used_lines(inputs).values()}
    wanted |= {hedge.tie for hedge in inputs.hedges}
    missing = sorted(wanted - set(accounts))
    if missing:
        raise NoAccountError(f"the balance draws on ties without an account: {', '.join(missing)}")


def table_of(study: Study, accounts: Mapping[str, TieAccount]) -> Table:
    """Set up the balance of a study that has one."""
    block = block_of(study)
    inputs = block.inputs
    _require_accounts(inputs, accounts)
    oil = oil_tie(inputs, study.ties)
    model: OilTie | None = oil.model if oil is not None else None
    sector = inputs.elasticities.sector
    link = None if oil is None else OilLink(inputs.pivot, oil.model.partner, sector)
    engine = EngineSide(
        apply_elasticities(study.economy, block.elasticities),
        block.stated,
        inputs.sized,
        regions_of(inputs, study.file.rivals),
        inputs.critical,
        link,
        sector,
        study.file.on,
        CLOSURES[block.closure],
    )
    return Table(inputs, engine, model, parameters(inputs, model, accounts))


def grounds_of(study: Study) -> dict[str, tuple[tuple[str, ...], str]]:
    """Fact ids and reason behind each uncertain number of a balance, by its name."""
    block = block_of(study)
    found: dict[str, tuple[tuple[str, ...], str]] = {}
    for one in block.grounds:
        kind, *rest = one.key.split(".")
        found[_called(kind, rest)] = (one.ground.evidence, one.ground.reason)
    for tie in study.ties:
        for one in tie.numbers if tie.model.id == block.inputs.oil else ():
            found[f"oil.{_place(one)}"] = (one.ground.evidence, one.ground.reason)
    titles = {tie.model.id: tie.model.title for tie in study.ties}
    for name, line in used_lines(block.inputs).items():
        reason = f"From the account of the tie '{titles[line.tie]}'; 10th to 90th percentile."
        found[name] = ((), reason)
    return found


def _called(kind: str, rest: Sequence[str]) -> str:
    """Name of the parameter that a number of the block is, by the key it stands under."""
    if kind == "powers":
        return f"power.{rest[0]}"
    return ".".join((rest[-1], *rest[:-1])) if kind in ("threats", "events") else rest[-1]


def titles_of(study: Study) -> dict[str, str]:
    """Words for each uncertain number: the study's, or what it is in its tie."""
    block = block_of(study)
    titles = {tie.model.id: tie.model.title for tie in study.ties}
    regions = study.economy.labels.region_names
    found = {
        f"oil.{_place(one)}": f"{tie.model.title}: {oil_number(one.key, regions)}"
        for tie in study.ties
        if tie.model.id == block.inputs.oil
        for one in tie.numbers
    }
    found |= {
        name: f"{titles[line.tie]}: {account_line(line.line)}"
        for name, line in used_lines(block.inputs).items()
    }
    return found | dict(block.titles)


def _place(one: TieNumber) -> str:
    """Where a number stands in its tie's own block, as parameters are named."""
    return ".".join(str(step) for step in one.number.path[TIE_DEPTH:])


def regions_of(inputs: BalanceInputs, rivals: Sequence[str]) -> tuple[str, ...]:
    """Whose income the game asks for: the pivot first, then rivals and whoever else moves."""
    players = (one.player for one in inputs.next_moves)
    return tuple(dict.fromkeys((inputs.pivot, *rivals, *players)))
