"""Options that say how easily producers, buyers and workers adjust."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from functools import wraps
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

import typer

from tula.errors import TulaError, did_you_mean
from tula.text import finite

if TYPE_CHECKING:
    from tula.equilibrium import BuyerElasticity, SpecificFactor, Technology, WageFloor
    from tula.policy.terms import Fault, Part
    from tula.world.labels import Labels


class UnreadableTechnologyError(TulaError):
    """Options about technology cannot be read. Each is shown with what to write there."""


@dataclass(frozen=True)
class Assumed:
    """A number of a preset: an assumption, the range held plausible, and why."""

    value: float
    low: float
    high: float
    why: str


#: Fields of ``Technology`` that a preset sets. None of the numbers is an estimate for one country:
#: they are assumptions, told with their range in every answer that uses them.
PRESETS: dict[str, dict[str, Assumed]] = {
    "long-run": {},
    "short-run": {
        "value_added_and_inputs": Assumed(0.5, 0.2, 1.0, "factories are built for their inputs"),
        "among_inputs": Assumed(0.2, 0.05, 1.0, "recipes change slowly"),
        "among_final": Assumed(0.9, 0.5, 1.0, "households keep to their budgets"),
        "labour_mobility": Assumed(1.0, 0.2, 3.0, "few workers change trade within a year"),
        "transformation": Assumed(2.0, 0.5, 5.0, "exporters seek new markets for a year or more"),
    },
}


def _option(name: str, metavar: str, meaning: str) -> Any:
    return typer.Option(name, metavar=metavar, help=meaning, rich_help_panel="Technology")


@dataclass(frozen=True)
class Options:
    """The options as they were written; ``read`` makes a technology of them."""

    preset: Annotated[
        str,
        _option(
            "--technology",
            "PRESET",
            "short-run or long-run; the options below overrule it (docs/choices.md).",
        ),
    ] = "long-run"
    value_added_and_inputs: Annotated[
        float | None,
        _option("--value-added", "SIGMA", "Substitution between value added and inputs: 0.5."),
    ] = None
    among_inputs: Annotated[
        float | None, _option("--inputs", "SIGMA", "Substitution among inputs: 0.2.")
    ] = None
    among_energy: Annotated[
        float | None,
        _option(
            "--energy", "SIGMA", "Substitution among the group energy, a bundle of its own: 0.5."
        ),
    ] = None
    among_final: Annotated[
        float | None, _option("--final", "SIGMA", "Substitution among final goods: 0.9.")
    ] = None
    home_and_imports: Annotated[
        float | None,
        _option("--home-imports", "SIGMA", "Substitution between home goods and imports: 2."),
    ] = None
    transformation: Annotated[
        float | None,
        _option("--transformation", "ETA", "Exporters' elasticity across destinations: 2."),
    ] = None
    labour_mobility: Annotated[
        float | None,
        _option(
            "--labour-mobility", "KAPPA", "Elasticity of labour supply to a sector: 0 is stuck, 1."
        ),
    ] = None
    specific: Annotated[
        list[str] | None,
        _option(
            "--specific",
            "[REGIONS:]SECTORS=SHARE",
            "Share of value added that cannot leave a sector: OIL=0.6 or RUS:OIL+COA=0.6.",
        ),
    ] = None
    wage_floor: Annotated[
        list[str] | None,
        _option(
            "--wage-floor",
            "REGIONS[=RATIO][:real]",
            "Wages do not fall below this ratio of the base (1 unsaid): IND, IND=0.98, IND:real.",
        ),
    ] = None
    buyer: Annotated[
        list[str] | None,
        _option(
            "--buyer",
            "IMPORTERS:SECTORS:THETA",
            "Another trade elasticity theta = sigma - 1 for one buyer: USA:goods:0.07.",
        ),
    ] = None


def with_technology(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options in place of its parameter ``technology``."""
    hints = get_type_hints(command, include_extras=True)
    ours = get_type_hints(Options, include_extras=True)
    own = [
        parameter.replace(annotation=hints[name])
        for name, parameter in inspect.signature(command).parameters.items()
        if name != "technology"
    ]
    names = [field.name for field in fields(Options)]
    added = [
        inspect.Parameter(
            field.name,
            inspect.Parameter.KEYWORD_ONLY,
            default=field.default,
            annotation=ours[field.name],
        )
        for field in fields(Options)
    ]

    @wraps(command)
    def run(**given: Any) -> None:
        chosen = {name: given.pop(name) for name in names if name in given}
        command(**given, technology=Options(**chosen))

    signature = inspect.Signature([*own, *added])
    run.__signature__ = signature  # type: ignore[attr-defined]
    run.__annotations__ = {
        name: parameter.annotation for name, parameter in signature.parameters.items()
    }
    return run


def read(options: Options, labels: Labels) -> Technology:
    """Return the technology; ``UnreadableTechnologyError`` tells every wrong option at once."""
    from tula.equilibrium import Technology, TechnologyError

    wrong: list[str] = []
    content: dict[str, Any] = {
        **{name: assumed.value for name, assumed in _preset(options.preset, wrong).items()},
        **_given(options),
        "specific_factors": tuple(
            _specific(text, labels, wrong) for text in options.specific or ()
        ),
        "wage_floors": tuple(_floor(text, labels, wrong) for text in options.wage_floor or ()),
        "buyers": tuple(_buyer(text, labels, wrong) for text in options.buyer or ()),
    }
    if options.among_energy is not None and "energy" not in labels.sector_groups:
        wrong.append("--energy: this world has no sector group 'energy'")
    members = ("specific_factors", "wage_floors", "buyers")
    content |= {name: tuple(filter(None, content[name])) for name in members}
    try:
        technology = Technology(**content)
    except TechnologyError as error:
        wrong += [line.strip() for line in str(error).splitlines()[1:]]
    if wrong:
        raise UnreadableTechnologyError("\n".join(wrong))
    return technology


def told(options: Options, technology: Technology) -> str:
    """The technology in a sentence, assumptions with their range; empty where nothing is said."""
    from tula.equilibrium.wording import describe

    said = describe(technology)
    if not said:
        return ""
    given = _given(options)
    ranges = [
        f"{name.replace('_', ' ')} {item.low:g} to {item.high:g} ({item.why})"
        for name, item in PRESETS.get(options.preset, {}).items()
        if name not in given
    ]
    assumed = f" Assumed by {options.preset}, plausible ranges: {'; '.join(ranges)}."
    return f"Technology: {said}.{assumed if ranges else ''}"


def _given(options: Options) -> dict[str, float]:
    """The single numbers that options state."""
    names = [name for preset in PRESETS.values() for name in preset]
    names += ["among_energy", "home_and_imports"]
    stated = {name: getattr(options, name) for name in names}
    return {name: value for name, value in stated.items() if value is not None}


def _preset(name: str, wrong: list[str]) -> Mapping[str, Assumed]:
    if name not in PRESETS:
        wrong.append(f"--technology: unknown preset {name!r}{did_you_mean(name, PRESETS)}")
    return PRESETS.get(name, {})


def _specific(text: str, labels: Labels, wrong: list[str]) -> SpecificFactor | None:
    from tula.equilibrium import SpecificFactor

    place, _, number = text.partition("=")
    regions, sectors = place.split(":", 1) if ":" in place else ("all", place)
    start = len(place) - len(sectors)
    share = finite(number)
    if share is None or not 0.0 <= share <= 1.0:
        wrong.append(f"--specific {text}: write sectors and a share from 0 to 1, such as OIL=0.6")
        return None
    where = _codes("specific", text, regions, 0, labels, "region", wrong)
    what = _codes("specific", text, sectors, start, labels, "sector", wrong)
    return SpecificFactor(what, share, where) if where and what else None


def _floor(text: str, labels: Labels, wrong: list[str]) -> WageFloor | None:
    from tula.equilibrium import WageFloor

    place, _, kind = text.partition(":")
    regions, _, number = place.partition("=")
    ratio = finite(number) if number else 1.0
    if kind not in ("", "money", "real") or ratio is None or ratio <= 0.0:
        wrong.append(
            f"--wage-floor {text}: write regions, if need be =RATIO above zero, and :real for a "
            "floor that rises with prices, such as IND, IND=0.98 or IND:real"
        )
        return None
    where = _codes("wage-floor", text, regions, 0, labels, "region", wrong)
    return WageFloor(where, ratio, 1.0 if kind == "real" else 0.0) if where else None


def _buyer(text: str, labels: Labels, wrong: list[str]) -> BuyerElasticity | None:
    from tula.equilibrium import BuyerElasticity

    parts = text.split(":")
    theta = finite(parts[2]) if len(parts) == 3 else None
    if theta is None or theta <= -1.0:
        wrong.append(
            f"--buyer {text}: write importers, sectors and theta = sigma - 1 (above -1), such as "
            "USA:goods:0.07"
        )
        return None
    where = _codes("buyer", text, parts[0], 0, labels, "region", wrong)
    what = _codes("buyer", text, parts[1], len(parts[0]) + 1, labels, "sector", wrong)
    return BuyerElasticity(where, what, theta) if where and what else None


def _codes(
    option: str,
    text: str,
    part: str,
    start: int,
    labels: Labels,
    noun: str,
    wrong: list[str],
) -> tuple[str, ...]:
    """Names in a part such as ``goods`` or, where some are spared, the codes that are left.

    None, and the fault told, where it cannot be read.
    """
    from tula.policy.terms import Fault, Part, WhatIfError, read_terms

    of_regions = noun == "region"
    faults: list[Fault] = []
    here: Part = Part(part, start)
    vocabulary = labels.region_vocabulary if of_regions else labels.sector_vocabulary
    chosen = read_terms(here, vocabulary, faults)
    left: tuple[str, ...] = ()
    if not faults:
        resolve = labels.resolve_regions if of_regions else labels.resolve_sectors
        spared = resolve(chosen.spared)
        left = tuple(code for code in resolve(chosen.names) if code not in spared)
        faults += [] if left else [Fault(here, f"no {noun} is left")]
    if faults:
        wrong.append(str(WhatIfError(option, text, faults)))
        return ()
    return left if chosen.spared else chosen.names
