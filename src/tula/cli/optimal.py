"""``tula optimal``: the duties that are best for one state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from tula.cli import choices, completion
from tula.cli.guard import guarded, out, say, say_json, solving, working
from tula.cli.technology import Options, told, with_technology

if TYPE_CHECKING:
    from tula.equilibrium import Calibration
    from tula.strategy.optimal import Optimum


@with_technology
@guarded
def optimal(
    player: Annotated[
        str,
        typer.Argument(
            metavar="REGION", help="Whose duties: a region.", autocompletion=completion.regions
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
    """Find the duties that are best for one state while the others stand still.

    Best means highest real income, or real income plus politically weighted value added. The
    duties of other states, and its own outside the levers, stay as the base and --given have
    them. docs/policy-choice.md explains the levers, the proof and the limits.

    Exit code 0: found and, but by formula, proven; 1: no proof or no equilibrium; 2: the question
    cannot be read.
    """
    asked = choices.Asked(
        by, instrument, sectors, partners, bounds, weight or (), given or (), closure, method
    )
    with working(f"reading world {world}"):
        base = choices.calibrated(world, elasticity, technology)
    with choices.telling("searching") as progress, solving(), choices.proving():
        found = _find(base, player, asked, progress)
    if as_json:
        say_json(_content(found) | {"technology": told(technology, base.technology)})
    else:
        _tell(base, technology, asked, found)


def _find(base: Calibration, player: str, asked: choices.Asked, progress: Any) -> Optimum:
    from tula.strategy.optimal import optimal_tariffs

    player = base.labels.region_vocabulary.match(player) or player
    fields, policy = choices.question(asked, base.labels, player)
    return optimal_tariffs(
        base,
        player,
        policy=policy,
        closure=choices.closure_named(asked.closure),
        method=asked.method,
        progress=progress,
        **fields,
    )


def _tell(base: Calibration, technology: Options, asked: choices.Asked, found: Optimum) -> None:
    """The answer first, then the levers, who gains, what it rests on, and the proof."""
    from tula.numbers import write

    say(_sentence(asked, found), "bold")
    held = {one.lever: one.side for one in found.proof.binding}
    held |= dict.fromkeys(found.proof.held, choices.IDLE)
    if len(found.names) > 1:
        rows = zip(found.names, found.rates.tolist(), strict=True)
        out().print(choices.lever_table(list(rows), held))
    out().print(choices.region_table(found.base, found.solution, [found.space.player]))
    for one in found.proof.binding:
        say(f"Held at its {one.side} bound of {write.limit(one.rate)}: {one.lever}.")
    choices.tell_origin(base, technology, asked.closure, found.proof, found.effort)


def _sentence(asked: choices.Asked, found: Optimum) -> str:
    from tula.numbers.write import money, percent
    from tula.say.words import capital, named

    labels, space = found.solution.labels, found.space
    name = named(labels.region_names.get(space.player, space.player))
    amount = choices.money(found.base, found.solution)
    others = float(amount.sum() - amount.sel(region=space.player))
    valued = " with the political weights given" if space.weights else ""
    verb = "raise" if found.gain >= 0 else "lower"
    effect = "cost" if others < 0 else "gain"
    return capital(
        f"{_rates(asked, found, name)}{valued}; it would {verb} its real income by "
        f"{percent(abs(found.gain))} and {effect} the others {money(abs(others))} a year."
    )


def _rates(asked: choices.Asked, found: Optimum, name: str) -> str:
    from tula.numbers import write

    kind, reach = choices.noun(found.space), choices.levers_text(found.space, asked)
    ends = found.rates.min(), found.rates.max()
    low, high = (f"{write.fixed(100.0 * float(rate), 1)}%" for rate in ends)
    formula = " by the formula" if asked.method == "formula" else ""
    if len(found.rates) == 1 or formula:
        return f"the {kind} that is best for {name} on {reach}{formula} is {low}"
    grain = {"sector": " by sector", "partner": " by partner", "cell": " by sector and partner"}
    return (
        f"the {kind} that is best for {name} on {reach}{grain.get(asked.by, '')} runs from {low} "
        f"to {high}"
    )


def _content(found: Optimum) -> dict[str, Any]:
    return {
        "player": found.space.player,
        "levers": dict(zip(found.names, found.rates.tolist(), strict=True)),
        "objective": {"base": found.base_value, "optimum": found.value},
        "real_income_percent": choices.by_region(found.real_income),
        "binding": [{"lever": one.lever, "side": one.side} for one in found.proof.binding],
        "proven": found.proof.proven,
        "held_for_want_of_trade": list(found.proof.held),
        "proof": str(found.proof),
    }
