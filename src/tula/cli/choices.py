"""What ``tula optimal`` and ``tula nash`` share: options, their reading, and what is told."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tula.cli import completion
from tula.cli.guard import FAILED, complain, err, say

if TYPE_CHECKING:
    import xarray as xr
    from rich.table import Table

    from tula.cli.technology import Options
    from tula.equilibrium import Calibration, Closure, Solution
    from tula.policy.union import Instrument
    from tula.strategy.arena import Effort
    from tula.strategy.space import PolicySpace
    from tula.world.economy import Economy
    from tula.world.labels import Labels

#: Levers and regions shown before the rest is summed up in a line.
SHOWN_LEVERS, SHOWN_REGIONS = 30, 8
#: Said of a lever that stands where the search began.
IDLE = "held, hardly any trade"
_PERCENT = r"(-?\d+(?:\.\d+)?) ?%"

By = Annotated[
    str,
    typer.Option(
        metavar="GRAIN", help="How fine: uniform, sector, partner or cell (sector and partner)."
    ),
]
InstrumentName = Annotated[
    str, typer.Option("--instrument", metavar="NAME", help="tariff, export-tax or both.")
]
Sectors = Annotated[
    str, typer.Option(metavar="CODES", help="Sectors that bear the duty: goods-PHA or OIL+PET.")
]
Partners = Annotated[
    str,
    typer.Option(
        metavar="CODES",
        help="Partners that face it: all, EU or all-CHN.",
        autocompletion=completion.regions,
    ),
]
Bounds = Annotated[
    str, typer.Option(metavar="LOW:HIGH", help="Lowest and highest rate, such as 0%:200%.")
]
Method = Annotated[
    str,
    typer.Option(
        metavar="NAME",
        help="slopes: search, with proof; formula: Lashkaripour's (2021), quick and unproven.",
    ),
]
Weights = Annotated[
    list[str] | None,
    typer.Option(
        "--weight",
        metavar="SECTORS=W",
        help="Political weight of value added in a sector or group (1 unsaid): AGR=1.3.",
    ),
]
Given = Annotated[
    list[str] | None,
    typer.Option(
        metavar="'KIND MOVE'",
        help="The rest of the policy, each as for tula solve: 'tariff USA:IND:goods:+25pp'.",
    ),
]
World = Annotated[
    str,
    typer.Option(
        metavar="WORLD", help="A world by name, or a world file.", autocompletion=completion.worlds
    ),
]
ClosureName = Annotated[
    str,
    typer.Option(
        metavar="NAME",
        help="Imbalances: fixed, proportional or balanced.",
        autocompletion=completion.closures,
    ),
]
ElasticityName = Annotated[
    str,
    typer.Option(
        metavar="NAME",
        help="A published set (such as FGO; docs/elasticities.md), or 'world' for its own.",
        autocompletion=completion.elasticities,
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON instead.")]


@dataclass(frozen=True)
class Asked:
    """The options of a choice as they were written."""

    by: str
    instrument: str
    sectors: str
    partners: str
    bounds: str
    weights: Sequence[str]
    given: Sequence[str]
    closure: str
    method: str


def economy(world: str, elasticity: str, horizon: float | None = None) -> Economy:
    """Return a world with the elasticities asked for, some years after the change if so asked."""
    from tula.world.elasticities import AS_GIVEN, with_elasticity_set
    from tula.world.horizon import at_horizon
    from tula.world.store import load_world

    loaded = load_world(world)
    chosen = loaded if elasticity == AS_GIVEN else with_elasticity_set(loaded, elasticity)
    return chosen if horizon is None else at_horizon(chosen, horizon)


def calibrated(world: str, elasticity: str, technology: Options) -> Calibration:
    """Return the world a choice is made on, technology included."""
    from tula.cli.technology import read
    from tula.equilibrium import calibrate

    base = economy(world, elasticity)
    return calibrate(base, read(technology, base.labels))


def closure_named(name: str) -> Closure:
    """Return the closure of that name."""
    from tula.equilibrium import CLOSURES
    from tula.errors import UnknownNameError

    if name not in CLOSURES:
        raise UnknownNameError("closure", name, CLOSURES)
    return CLOSURES[name]


def by_region(values: xr.DataArray) -> dict[str, float]:
    """Return labelled values as a plain mapping."""
    codes = [str(code) for code in values.region.values]
    return dict(zip(codes, values.values.tolist(), strict=True))


def question(
    asked: Asked, labels: Labels, player: str | None = None
) -> tuple[dict[str, Any], list[Instrument]]:
    """Return the fields of a ``PolicySpace`` and the rest of the policy.

    Every option that cannot be read is told at once.
    """
    from tula.strategy.errors import PolicyChoiceError
    from tula.strategy.space import PolicySpace, problems

    wrong: list[str] = []
    fields: dict[str, Any] = {
        "by": asked.by,
        "instrument": _instrument(asked.instrument),
        "sectors": _codes(asked.sectors, "sector", labels, wrong),
        "partners": _codes(asked.partners, "region", labels, wrong),
        "bounds": _bounds(asked.bounds, wrong),
        "weights": _weights(asked.weights, wrong) or None,
    }
    policy = _given(asked.given, labels, wrong)
    wrong += problems(PolicySpace(player or labels.regions[0], **fields), labels)
    if wrong:
        raise PolicyChoiceError(wrong)
    return fields, policy


def _instrument(text: str) -> str | tuple[str, ...]:
    name = text.replace("-", "_")
    return ("tariff", "export_tax") if name == "both" else name


def _codes(text: str, noun: str, labels: Labels, wrong: list[str]) -> tuple[str, ...]:
    """Codes that a text such as ``goods-PHA`` names."""
    from tula.policy.terms import Fault, Part, read_terms

    of_regions = noun == "region"
    faults: list[Fault] = []
    vocabulary = labels.region_vocabulary if of_regions else labels.sector_vocabulary
    read = read_terms(Part(text, 0), vocabulary, faults)
    if faults:
        wrong += [f"{text}: {fault.message}" for fault in faults]
        return ()
    resolve = labels.resolve_regions if of_regions else labels.resolve_sectors
    spared = resolve(read.spared)
    return tuple(code for code in resolve(read.names) if code not in spared)


def _bounds(text: str, wrong: list[str]) -> tuple[float, float]:
    match = re.fullmatch(f"{_PERCENT}:{_PERCENT}", text.strip())
    if match is None:
        wrong.append(f"--bounds {text}: write the lowest and highest rate, such as 0%:200%")
        return 0.0, 1.0
    return float(match[1]) / 100.0, float(match[2]) / 100.0


def _weights(texts: Sequence[str], wrong: list[str]) -> dict[str, float]:
    read = {}
    for text in texts:
        name, _, value = text.partition("=")
        try:
            read[name.strip()] = float(value)
        except ValueError:
            wrong.append(f"--weight {text}: write a sector and its weight, such as AGR=1.3")
    return read


def _given(texts: Sequence[str], labels: Labels, wrong: list[str]) -> list[Instrument]:
    """Return the rest of the policy."""
    from tula.errors import did_you_mean
    from tula.policy.forms import WHATIF_FORMS
    from tula.policy.terms import WhatIfError
    from tula.policy.whatif import parse_whatif

    read: list[Instrument] = []
    for text in texts:
        kind, _, move = text.strip().partition(" ")
        if kind not in WHATIF_FORMS:
            near = did_you_mean(kind, WHATIF_FORMS)
            wrong.append(f"--given {text!r}: unknown kind {kind!r}{near}")
            continue
        try:
            read.append(parse_whatif(kind, move.strip(), labels))
        except WhatIfError as error:
            wrong.append(str(error))
    return read


@contextmanager
def telling(text: str) -> Iterator[Callable[[str], None]]:
    """Show on a terminal what is being done, as it is done."""
    console = err()
    if not console.is_terminal:
        yield lambda _: None
        return
    with console.status(text) as status:
        yield status.update


@contextmanager
def proving() -> Iterator[None]:
    """Tell a result that failed its proof as a failure, not as wrong input."""
    from tula.strategy.errors import ProofError

    try:
        yield
    except ProofError as error:
        complain(str(error))
        raise typer.Exit(FAILED) from None


def levers_text(space: PolicySpace, asked: Asked) -> str:
    """What the levers reach, for a sentence."""
    whom = "all partners" if asked.partners == "all" else asked.partners
    return f"{asked.sectors} {'from' if space.instruments == ('tariff',) else 'with'} {whom}"


def noun(space: PolicySpace) -> str:
    """What the levers are."""
    if len(space.instruments) > 1:
        return "duty"
    return "tariff" if "tariff" in space.instruments else "export tax"


def lever_table(rows: Sequence[tuple[str, float]], held: dict[str, str]) -> Table:
    """Levers and rates, the highest first; the middle of a long list is left out."""
    from rich.table import Table

    from tula.numbers import write

    table = Table("Lever")
    table.add_column("Rate %", justify="right")
    table.add_column("Bound")
    ranked = sorted(rows, key=lambda row: -row[1])
    half = SHOWN_LEVERS // 2
    shown = ranked if len(ranked) <= SHOWN_LEVERS else [*ranked[:half], *ranked[-half:]]
    for name, rate in shown:
        table.add_row(name, write.fixed(100.0 * rate, 1), held.get(name, ""))
    if len(shown) < len(ranked):
        table.caption = f"{len(ranked) - len(shown)} levers in between are not shown"
    return table


def money(base: Solution, solution: Solution) -> xr.DataArray:
    """Change of real income against the base policy, million USD at base prices, by region."""
    from tula.metrics import ev

    return ev(solution) - ev(base)


def region_table(base: Solution, solution: Solution, first: Sequence[str]) -> Table:
    """Who gains and loses: those named, then those whose income moves most in money."""
    from rich.table import Table

    from tula.numbers import write
    from tula.strategy.optimal import income_change

    change, amount = income_change(base, solution), money(base, solution)
    order = [str(code) for code in amount.region.values[abs(amount).argsort().values[::-1]]]
    others = [code for code in order if code not in first][:SHOWN_REGIONS]
    table = Table("Region")
    for title in ("Real income %", "bn USD"):
        table.add_column(title, justify="right")
    for code in [*first, *others]:
        values = float(change.sel(region=code)), float(amount.sel(region=code)) / 1000.0
        table.add_row(code, *(write.fixed(value, 2, signed=True) for value in values))
    return table


def tell_origin(
    world: Calibration, technology: Options, closure: str, proof: object, effort: Effort
) -> None:
    """What the answer rests on, its proof and what it cost."""
    from tula.cli.technology import told as told_technology

    told = world.provenance
    say(f"World {told.name} ({told.vintage}); elasticities {world.elasticity_source}.")
    said = told_technology(technology, world.technology)
    if said:
        say(said)
    say(f"Against the policy given, closure {closure}, all other duties as they are.")
    say(f"Proof: {proof}.")
    say(f"Found with {effort}.")
