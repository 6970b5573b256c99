"""What a player may choose: which duties, on what, of whom, within which bounds, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite

import numpy as np

from tula.equilibrium.readings import Reading
from tula.errors import UnknownNameError, did_you_mean
from tula.shapes import Float
from tula.strategy.errors import PolicyChoiceError
from tula.world.labels import Labels

Array = np.ndarray
Names = str | Iterable[str]

#: How finely a player may choose: one rate, or one per sector, per partner, or per both.
GRAINS = ("uniform", "sector", "partner", "cell")
INSTRUMENTS = ("tariff", "export_tax")


@dataclass(frozen=True)
class PolicySpace:
    """The policies among which one player chooses, and what it values.

    * ``instrument``: ``"tariff"``, ``"export_tax"`` or both in a tuple;
    * ``by``: ``"uniform"`` (one rate), ``"sector"``, ``"partner"`` or ``"cell"`` (sector and
      partner);
    * ``sectors``, ``partners`` less ``except_sectors``, ``except_partners``: codes or groups the
      levers reach; all other duties stay as the base policy has them. A lever sets the level of
      the rate: it takes the place of what stood there;
    * ``bounds``: lowest and highest rate, fractions (0.25 = 25%); a negative rate is a subsidy;
    * ``weights``: political weight by sector or group, 1 where not named. The player maximises
      real income plus the sum over sectors of (weight - 1) times real value added of the sector,
      over base final spending, both deflated by the price of final demand (Grossman and Helpman
      1994; Ossa 2014, with value added for the sector's stake);
    * ``objective``: any reading to maximise in place of that.
    """

    player: str
    instrument: str | tuple[str, ...] = "tariff"
    by: str = "uniform"
    sectors: Names = "goods"
    except_sectors: Names = ()
    partners: Names = "all"
    except_partners: Names = ()
    bounds: tuple[float, float] = (0.0, 2.0)
    weights: Mapping[str, float] | None = None
    objective: Reading | None = None

    @property
    def instruments(self) -> tuple[str, ...]:
        """The instruments as a tuple."""
        return (self.instrument,) if isinstance(self.instrument, str) else tuple(self.instrument)


def political_weights(space: PolicySpace, labels: Labels) -> Float[Array, " S"]:
    """Return the political weight of every sector."""
    weight = np.ones(len(labels.sectors))
    for name, value in (space.weights or {}).items():
        weight[[labels.sector_index(code) for code in labels.resolve_sectors(name)]] = value
    return weight


def as_spaces(
    players: str | PolicySpace | Iterable[str | PolicySpace], default: PolicySpace, labels: Labels
) -> list[PolicySpace]:
    """Return one policy space per player; codes and groups take every other field of ``default``.

    Raises ``PolicyChoiceError`` with everything that is wrong.
    """
    given = [players] if isinstance(players, str | PolicySpace) else list(players)
    spaces: list[PolicySpace] = []
    unknown = []
    for item in given:
        if isinstance(item, PolicySpace):
            spaces.append(item)
            continue
        try:
            spaces += [replace(default, player=code) for code in _codes(item, labels)]
        except UnknownNameError as problem:
            unknown.append(f"players: {problem}")
    if not given:
        unknown.append("players: none given; name at least one region")
    refuse(unknown + _crowding(spaces) + _all_problems(spaces, labels))
    return spaces


def _codes(name: str, labels: Labels) -> tuple[str, ...]:
    return (name,) if name in labels.regions else labels.resolve_regions(name)


def refuse(problems: Sequence[str]) -> None:
    """Raise ``PolicyChoiceError`` if there is any problem; each is told once."""
    if problems:
        raise PolicyChoiceError(dict.fromkeys(problems))


def _crowding(spaces: Sequence[PolicySpace]) -> list[str]:
    """Who plays more than once."""
    names = [space.player for space in spaces]
    twice = [name for name in dict.fromkeys(names) if names.count(name) > 1]
    return [f"players: {name} is listed {names.count(name)} times" for name in twice]


def _all_problems(spaces: Sequence[PolicySpace], labels: Labels) -> list[str]:
    return [problem for space in spaces for problem in problems(space, labels)]


def problems(space: PolicySpace, labels: Labels) -> list[str]:
    """Return everything wrong with a policy space on a world with these labels."""
    found = [*_choice_problems(space), *_bound_problems(space), *_weight_problems(space, labels)]
    for kind, names in (
        ("region", [space.player]),
        ("region", _listed(space.partners)),
        ("region", _listed(space.except_partners)),
        ("sector", _listed(space.sectors)),
        ("sector", _listed(space.except_sectors)),
    ):
        found += _unknown(kind, names, labels, groups=names != [space.player])
    return found


def _listed(names: Names) -> list[str]:
    return [names] if isinstance(names, str) else list(names)


def _unknown(kind: str, names: Sequence[str], labels: Labels, groups: bool) -> list[str]:
    """Names that stand for nothing; a player is named by its code."""
    vocabulary = labels.region_vocabulary if kind == "region" else labels.sector_vocabulary
    known = vocabulary.match if groups else vocabulary.codes.__contains__
    return [f"unknown {kind} {n!r}{vocabulary.hint(n)}" for n in names if not known(n)]


def _choice_problems(space: PolicySpace) -> list[str]:
    found = []
    if space.by not in GRAINS:
        found.append(f"by: unknown choice {space.by!r}{did_you_mean(space.by, GRAINS)}")
    for name in space.instruments:
        if name not in INSTRUMENTS:
            near = did_you_mean(str(name), INSTRUMENTS)
            found.append(f"instrument: unknown choice {name!r}{near}")
    if not space.instruments:
        found.append("instrument: none given; write 'tariff', 'export_tax' or both")
    if space.weights and space.objective is not None:
        found.append("weights and objective: give one of them, the objective says what is valued")
    return found


def _bound_problems(space: PolicySpace) -> list[str]:
    if len(space.bounds) != 2:
        return [f"bounds: give two rates, the lowest and the highest; got {space.bounds!r}"]
    low, high = space.bounds
    if not (isfinite(low) and isfinite(high)):
        return [f"bounds: ({low}, {high}) are not both finite"]
    if low >= high:
        return [f"bounds: the lowest rate {low:.1%} is not below the highest {high:.1%}"]
    return [f"bounds: the lowest rate {low:.1%} is not above -100%"] if low <= -1.0 else []


def _weight_problems(space: PolicySpace, labels: Labels) -> list[str]:
    weights = dict(space.weights or {})
    found = [f"weights: {line}" for line in _unknown("sector", [*weights], labels, groups=True)]
    found += [
        f"weights: {name} has weight {value}; a weight is finite and not negative"
        for name, value in weights.items()
        if not (isfinite(value) and value >= 0)
    ]
    return found or _clashing_weights(weights, labels)


def _clashing_weights(weights: Mapping[str, float], labels: Labels) -> list[str]:
    met: dict[str, float] = {}
    clash = []
    for name, value in weights.items():
        for code in labels.resolve_sectors(name):
            if met.setdefault(code, value) != value:
                clash.append(f"weights: {code} has weight {met[code]} and, by {name}, {value}")
    return clash
