"""``tula nash``: duties from which no player wants to move."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from tula.cli import choices, completion
from tula.cli.guard import guarded, out, say, say_json, solving, working
from tula.cli.technology import Options, told, with_technology

if TYPE_CHECKING:
    from tula.equilibrium import Calibration
    from tula.strategy.duty_game import Nash


@with_technology
@guarded
def nash(
    players: Annotated[
        str,
        typer.Argument(
            metavar="CODES",
            help="Who plays: USA,CHN,IND or all.",
            autocompletion=completion.regions,
        ),
    ],
    by: choices.By = "uniform",
    instrument: choices.InstrumentName = "tariff",
    sectors: choices.Sectors = "goods",
    partners: choices.Partners = "all",
    bounds: choices.Bounds = "0%:200%",
    weight: choices.Weights = None,
    given: choices.Given = None,
    world: choices.World = "icio-2024",
    closure: choices.ClosureName = "fixed",
    elasticity: choices.ElasticityName = "world",
    method: choices.Method = "slopes",
    as_json: choices.Json = False,
    *,
    technology: Options,
) -> None:
    """Find duties from which no player gains by moving: a tariff war come to rest.

    Every player has the same levers; duties outside them stay as the base and --given have them.
    An equilibrium bounds what retaliation may do; it forecasts nothing. docs/policy-choice.md
    explains the game, the proof and the limits.

    Exit code 0: found and, but by formula, proven; 1: no proof or no equilibrium; 2: the question
    cannot be read.
    """
    asked = choices.Asked(
        by, instrument, sectors, partners, bounds, weight or (), given or (), closure, method
    )
    with working(f"reading world {world}"):
        base = choices.calibrated(world, elasticity, technology)
    with choices.telling("playing") as progress, solving(), choices.proving():
        found = _find(base, players, asked, progress)
    if as_json:
        say_json(_content(found) | {"technology": told(technology, base.technology)})
    else:
        _tell(base, technology, asked, found)


def _find(base: Calibration, players: str, asked: choices.Asked, progress: Any) -> Nash:
    from tula.strategy.duty_game import nash as play

    fields, policy = choices.question(asked, base.labels)
    return play(
        base,
        [code.strip() for code in players.split(",") if code.strip()],
        policy=policy,
        closure=choices.closure_named(asked.closure),
        method=asked.method,
        progress=progress,
        **fields,
    )


def _tell(base: Calibration, technology: Options, asked: choices.Asked, found: Nash) -> None:
    """The answer first, then the levers, who gains, what it rests on, and the proof."""
    say(_sentence(asked, found), "bold")
    rows = [
        (f"{code} {name}", float(rate))
        for code, names, rates in zip(found.players, found.names, found.rates, strict=True)
        for name, rate in zip(names, rates, strict=True)
    ]
    held = {f"{code} {one.lever}": one.side for code, one in found.proof.binding}
    held |= {f"{code} {lever}": choices.IDLE for code, lever in found.proof.held}
    out().print(choices.lever_table(rows, held))
    out().print(choices.region_table(found.base, found.solution, found.players))
    choices.tell_origin(base, technology, asked.closure, found.proof, found.effort)


def _sentence(asked: choices.Asked, found: Nash) -> str:
    from tula.numbers import write
    from tula.say.words import capital

    space, count = found.spaces[0], len(found.players)
    amount = choices.money(found.base, found.solution)
    world = float(amount.sum())
    own = amount.sel(region=list(found.players))
    winners = int((own > 0).sum())
    ends = (min(map(min, found.rates)), max(map(max, found.rates)))
    low, high = (f"{write.fixed(100.0 * float(rate), 1)}%" for rate in ends)
    verb = "loses" if world < 0 else "gains"
    rests = "by the formula" if asked.method == "formula" else "no player gains by moving once"
    stands = "would stand" if asked.method == "formula" else "stands"
    return capital(
        f"{rests} the {choices.noun(space)} of {count} players on "
        f"{choices.levers_text(space, asked)} {stands} at {low} to {high}; "
        f"the world {verb} {write.money(abs(world))} a year, and {winners} of {count} "
        f"{'player is' if count == 1 else 'players are'} better off than before."
    )


def _content(found: Nash) -> dict[str, Any]:
    return {
        "levers": {
            code: dict(zip(names, rates.tolist(), strict=True))
            for code, names, rates in zip(found.players, found.names, found.rates, strict=True)
        },
        "real_income_percent": choices.by_region(found.real_income),
        "binding": [
            {"player": code, "lever": one.lever, "side": one.side}
            for code, one in found.proof.binding
        ],
        "largest_gain_from_deviation": found.proof.largest_gain if found.proof.responses else None,
        "proven": found.proof.proven,
        "held_for_want_of_trade": [
            {"player": code, "lever": lever} for code, lever in found.proof.held
        ],
        "proof": str(found.proof),
    }
