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
    from tula.strategy.ranking import Ranking, Standing
    from tula.strategy.replace import Range, Replace
    from tula.world.economy import Economy
    from tula.world.labels import Labels

#: The explorer beside the page of a ranking.
EXPLORER = "explore.html"


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
        from tula.strategy.ranking import page_data
        from tula.world.store import load_world

        economy = load_world(world)
        belief, words = _beliefs(replace or (), keeps_word or (), economy.labels)
        duties = of_day(as_of, layers, ()) if as_of else None
    with working("solving"), solving(), _processes(jobs) as executor:
        from tula.strategy.rank import rank as solved

        found = solved(
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
    told = page_data(found, as_of)
    if html:
        _write_pages(Path(html), told, economy, world, duties)
    if as_json:
        say_json(told.model_dump(mode="json"))
    else:
        _tell(told)
    _complain(told)


def _write_pages(
    path: Path, told: Ranking, economy: Economy, world: str, duties: DutiesOfDay | None
) -> None:
    """Write the page of the ranking, and the explorer that its rows lead to."""
    from tula.explore import write_explorer, write_rank

    with working("writing the pages"):
        explorer = write_explorer(economy, path.parent / EXPLORER, world=world, duties=duties)
        write_rank(told, economy.labels, path, explorer=explorer.name)


def _complain(found: Ranking) -> None:
    """Say what trades on for want of a seller and what has no answer; the latter ends with 1."""
    for told in found.kept_suppliers:
        complain(told, "yellow")
    for told in found.failures:
        complain(told, "red")
    if found.failures:
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


def _tell(found: Ranking) -> None:
    """The answer first, then the table and what it rests on."""
    from tula.say.templates import paragraphs
    from tula.say.words import capital, word_kept
    from tula.strategy.ranking import LARGE

    if found.known:
        say(" ".join(paragraphs("ranking", r=found)), "bold")
    out().print(_table(found))
    say(
        "Yields above: the chance of a break-off by this rival beyond which the region drops the "
        "other, at the median of replace (over its range); the other rival's is in --csv. Losses "
        "and costs of a break-off at the median: % of final spending, bn USD a year."
    )
    if found.as_of:
        say(f"Kept: the least kept of flows above {LARGE:g}% of final spending, first year.")
    under = f" with the duties as of {found.as_of}" if found.as_of else ""
    say(f"{capital(word_kept(found))}: w of docs/leverage.md.")
    say(f"World {found.world}{under}; {found.elasticities}; closure {found.closure}.")


def _table(found: Ranking) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for head in ("", "Region", "Yields above"):
        table.add_column(head, no_wrap=head != "Region")
    heads = [f"{what} {rival}" for what in ("Loss %", "Cost bn") for rival in found.rivals]
    for head in [*heads, *(["Kept"] if found.as_of else [])]:
        table.add_column(head, justify="right")
    for one in found.regions:
        kept = ["" if one.kept is None else _fixed(one.kept, 2)] if found.as_of else []
        table.add_row(one.id, one.title, *_cells(one), *kept)
    return table


def _cells(one: Standing) -> list[str]:
    from tula.numbers.write import MISSING

    loss = [_fixed(hold.loss.value, 1) for hold in one.holds]
    cost = [_fixed(hold.cost_money.value, 0, 1e-3) for hold in one.holds]
    if one.least is None:
        return [MISSING, *loss, *cost]
    told, low, high = (_fixed(n, 2) for n in (one.least.needed.value, *one.least.needed.range))
    return [f"{one.yields_to} {told} ({low}–{high})", *loss, *cost]


def _fixed(value: float | None, places: int, factor: float = 1.0) -> str:
    from tula.numbers.write import MISSING, fixed

    return MISSING if value is None else fixed(factor * value, places)


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


def _write(path: str, found: xr.Dataset) -> None:
    from tula.world.files import write_whole

    rows, text = _rows(found), StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    write_whole(path, text.getvalue())
