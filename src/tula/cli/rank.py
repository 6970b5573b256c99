"""``tula rank``: how every region of a world stands between two rivals."""

from __future__ import annotations

import csv
import math
from contextlib import AbstractContextManager, nullcontext
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tula.cli import choices, completion
from tula.cli.guard import FAILED, complain, guarded, out, say, say_json, solving, working
from tula.errors import TulaError

if TYPE_CHECKING:
    from concurrent.futures import Executor

    import xarray as xr
    from rich.table import Table

    from tula.policy.duties import DutiesOfDay
    from tula.strategy.replace import Range, Replace
    from tula.world.economy import Economy
    from tula.world.labels import Labels

#: The explorer beside the page of a ranking.
EXPLORER = "explore.html"
#: Size of a flow, % of final spending, from which the table counts it.
LARGE = 1.0


class UnreadableBeliefError(TulaError):
    """Beliefs on the command line cannot be read. Each is shown with what to write there."""


@guarded
def rank(
    first: Annotated[
        str,
        typer.Argument(
            metavar="A", help="A rival: a region or a group.", autocompletion=completion.regions
        ),
    ],
    second: Annotated[
        str, typer.Argument(metavar="B", help="The other rival.", autocompletion=completion.regions)
    ],
    world: Annotated[
        str,
        typer.Argument(
            metavar="WORLD",
            help="A world by name, or a world file.",
            autocompletion=completion.worlds,
        ),
    ] = "icio-2024",
    as_of: Annotated[
        str,
        typer.Option(
            metavar="DAY",
            help="The world under the import duties of a day, 2025-12-12, and what they leave of "
            "each region's trade with the rivals.",
        ),
    ] = "",
    layers: Annotated[
        str, typer.Option("--duties", metavar="FILE", help="Layers of duty of your own.")
    ] = "",
    replace: Annotated[
        list[str] | None,
        typer.Option(
            metavar="[SECTORS=]VALUE[:LOW:HIGH]",
            help="Sigma with which a lost partner is replaced, above 1: 2:1.5:4 unsaid; a "
            "commodity's own, OIL=6:3:12.",
        ),
    ] = None,
    keeps_word: Annotated[
        list[str] | None,
        typer.Option(
            metavar="RIVAL=CHANCE",
            help="Chance that a rival keeps its word once obeyed: USA=0.8; 1 unsaid.",
        ),
    ] = None,
    closure: choices.ClosureName = "fixed",
    jobs: Annotated[
        int,
        typer.Option(
            metavar="N", min=1, help="Processes that share the solves, worth it in large worlds."
        ),
    ] = 1,
    to_csv: Annotated[
        str, typer.Option("--csv", metavar="FILE", help="Write every figure to a CSV file.")
    ] = "",
    html: Annotated[
        str,
        typer.Option(
            metavar="FILE",
            help="Write a page with a map and a table that sorts, and beside it explore.html, on "
            "which its rows open a region.",
        ),
    ] = "",
    as_json: choices.Json = False,
) -> None:
    """Rank every region by how evenly two rivals hold it.

    A region told by one rival to drop the other yields if it believes in a break-off with more
    than the chance shown: what giving up the other costs over what the break-off would. 1 means
    that it never does. docs/leverage.md explains the figures and what they leave out.

    Exit code 0: answered; 1: no equilibrium was found; 2: the question cannot be read.
    """
    if layers and not as_of:
        raise typer.BadParameter("--duties needs the day: --as-of 2025-12-12")
    with working(f"reading world {world}"):
        from tula.cli.duties import of_day
        from tula.world.store import load_world

        economy = load_world(world)
        belief, words = _beliefs(replace or (), keeps_word or (), economy.labels)
        duties = of_day(as_of, layers, ()) if as_of else None
    with working("solving"), solving(), _processes(jobs) as executor:
        from tula.strategy.rank import rank as ranked

        found = ranked(
            economy,
            first,
            second,
            replace=belief,
            duties=duties,
            keeps_word=words,
            closure=choices.closure_named(closure),
            executor=executor,
        )
    if to_csv:
        _write(to_csv, found)
    if html:
        _write_pages(Path(html), found, economy, world, duties)
    if as_json:
        say_json(_content(found, as_of))
    else:
        _tell(found, as_of, economy.labels)
    _complain(found)


def _write_pages(
    path: Path, found: xr.Dataset, economy: Economy, world: str, duties: DutiesOfDay | None
) -> None:
    """Write the page of the ranking, and the explorer that its rows lead to."""
    from tula.explore import write_explorer, write_rank

    with working("writing the pages"):
        explorer = write_explorer(economy, path.parent / EXPLORER, world=world, duties=duties)
        day = f", import duties of {duties.day}" if duties else ""
        origin = economy.provenance
        known = found.dropna("region", subset=["needed"])
        write_rank(
            found,
            economy.labels,
            path,
            explorer=explorer.name,
            title=f"{origin.name} ({origin.vintage}){day}",
            sentence=_sentence(known, economy.labels) if known.region.size else "",
        )


def _complain(found: xr.Dataset) -> None:
    """Say what trades on for want of a seller and what has no answer; the latter ends with 1."""
    for attribute, style in (("kept_suppliers", "yellow"), ("failures", "red")):
        for told in filter(None, found.attrs[attribute].split("; ")):
            complain(told, style)
    if found.attrs["failures"]:
        raise typer.Exit(FAILED)


def _processes(jobs: int) -> AbstractContextManager[Executor | None]:
    """Return a pool of processes, none for one alone."""
    if jobs == 1:
        return nullcontext()
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    return ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"))


def _beliefs(
    texts: list[str] | tuple[str, ...], chances: list[str] | tuple[str, ...], labels: Labels
) -> tuple[Replace, dict[str, float]]:
    """Read beliefs and chances; all that cannot be read is told at once."""
    from tula.strategy.replace import Replace

    wrong: list[str] = []
    ranges: dict[str, Range] = {}
    for text in texts:
        name, _, numbers = text.rpartition("=")
        read = [_number(part) for part in numbers.split(":")]
        if len(read) not in (1, 3) or None in read:
            wrong.append(f"--replace {text}: write 2, 2:1.5:4 or OIL=6:3:12")
        else:
            value, low, high = (
                float(part or 0.0) for part in (read if len(read) == 3 else read * 3)
            )
            ranges[name.strip()] = (value, low, high)
    words: dict[str, float] = {}
    for text in chances:
        name, _, number = text.rpartition("=")
        chance = _number(number)
        if not name or chance is None:
            wrong.append(f"--keeps-word {text}: write a rival and a chance, USA=0.8")
        else:
            words[labels.region_vocabulary.find(name.strip())] = chance
    if wrong:
        raise UnreadableBeliefError("\n".join(wrong))
    value, low, high = ranges.pop("", (Replace.value, Replace.low, Replace.high))
    return Replace(value, low, high, ranges), words


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _tell(found: xr.Dataset, day: str, labels: Labels) -> None:
    """The answer first, then the table and what it rests on."""
    known = found.dropna("region", subset=["needed"])
    if known.region.size:
        say(_sentence(known, labels), "bold")
    out().print(_table(found))
    say(
        "Yields above: the chance of a break-off by this rival beyond which the region drops the "
        "other, at the median of replace (over its range); the other rival's is in --csv. Losses "
        "and costs of a break-off at the median: % of final spending, bn USD a year."
    )
    if "kept" in found:
        say(f"Kept: the least kept of flows above {LARGE:g}% of final spending, first year.")
    told = found.attrs
    under = f" with the duties as of {day}" if day else ""
    say(f"World {told['world']}{under}; {told['elasticities']}; closure {told['closure']}.")


def _sentence(known: xr.Dataset, labels: Labels) -> str:
    """Who is held most evenly, and who least."""
    from tula.say.words import capital, named

    rivals = {r: named(labels.region_names.get(r, r)) for r in known.rival.values.tolist()}
    first, last = known.isel(region=0), known.isel(region=-1)
    code, chance, _ = _least(first)
    other = next(name for rival, name in rivals.items() if rival != code)
    told = (
        f"of all regions {named(str(first.name.item()))} is held most evenly by {rivals[code]} and "
        f"{other}: it drops {other} only if it believes in a break-off by {rivals[code]} with more "
        f"than {chance:.2f}"
    )
    if known.region.size == 1:
        return f"{capital(told)}."
    code, chance, _ = _least(last)
    return f"{capital(told)}; least evenly {named(str(last.name.item()))} ({chance:.2f}, {code})."


def _least(one: xr.Dataset) -> tuple[str, float, tuple[float, float]]:
    """Return the rival to which a region yields more easily, the chance and its range."""
    needed = one["needed"].values
    place = int(needed[:, 0].argmin())
    low, high = float(needed[place].min()), float(needed[place].max())
    return str(one.rival.values[place]), float(needed[place, 0]), (low, high)


def _table(found: xr.Dataset) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for head in ("", "Region", "Yields above"):
        table.add_column(head, no_wrap=head != "Region")
    heads = [f"{what} {r}" for what in ("Loss %", "Cost bn") for r in found.rival.values.tolist()]
    for head in [*heads, *(["Kept"] if "kept" in found else [])]:
        table.add_column(head, justify="right")
    for code in found.region.values.tolist():
        one = found.sel(region=code)
        table.add_row(code, str(one.name.item()), *_cells(one))
    return table


def _cells(one: xr.Dataset) -> list[str]:
    rival, chance, (low, high) = _least(one)
    cells = [f"{rival} {chance:.2f} ({low:.2f}–{high:.2f})"]
    median = one.sel(end="value")
    cells += [f"{value:.1f}" for value in median["loss"].values]
    cells += [f"{value / 1000.0:,.0f}" for value in median["cost_money"].values]
    if "kept" in one:
        large = one["kept"].where(one["weight"] > LARGE)
        cells.append(f"{float(large.min()):.2f}" if bool(large.notnull().any()) else "")
    return cells


def _rows(found: xr.Dataset) -> list[dict[str, Any]]:
    """One flat record a region: variable, rival and end or flow joined by underscores."""
    records = []
    for code in found.region.values.tolist():
        one = found.sel(region=code)
        record: dict[str, Any] = {"region": code, "name": str(one.name.item())}
        for variable, values in one.data_vars.items():
            flat = values.stack(key=values.dims)
            for key, value in zip(flat.key.values, flat.values.tolist(), strict=True):
                word = "_".join(str(part).replace(" ", "_") for part in (variable, *key))
                record[word] = value if math.isfinite(value) else None
        records.append(record)
    return records


def _content(found: xr.Dataset, day: str) -> dict[str, Any]:
    """Every figure by region, in the order of the ranking, with units and what it rests on."""
    units = {
        str(name): {key: values.attrs[key] for key in ("long_name", "units", "base", "sign")}
        for name, values in found.data_vars.items()
    }
    rivals = found.rival.values.tolist()
    told = {key: value for key, value in found.attrs.items() if value}
    return {"rivals": rivals, "as_of": day, "regions": _rows(found), "units": units, **told}


def _write(path: str, found: xr.Dataset) -> None:
    from tula.world.files import write_whole

    rows, text = _rows(found), StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    write_whole(path, text.getvalue())
