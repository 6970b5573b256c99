"""``tula backtest``: forecasts frozen on a day, scored against what came later."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tula.cli import completion
from tula.cli.guard import FAILED, err, guarded, out, say, solving, working
from tula.cli.kept import kept, require_place

if TYPE_CHECKING:
    from rich.table import Table

    from tula.study.backtest.load import Backtest
    from tula.study.backtest.record import BacktestRecord
    from tula.study.backtest.run import Result


@guarded
def backtest(
    study: Annotated[
        str,
        typer.Argument(
            metavar="STUDY",
            help="A built-in study by name, a study's folder, or a backtest file.",
            autocompletion=completion.studies,
        ),
    ],
    out_dir: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Where the account goes.")
    ] = None,
    draws: Annotated[
        int | None,
        typer.Option("--draws", min=8, max=100_000, help="Draws in place of the file's."),
    ] = None,
    seed: Annotated[
        int | None, typer.Option("--seed", min=0, help="Seed in place of the file's.")
    ] = None,
) -> None:
    """Score forecasts frozen on a day against what came later.

    Forecasts are made from the inputs of the study's backtest.yaml, none later than its cut-off,
    and only then set beside the outcomes, what was known last, and published forecasts. DIR gets
    backtest.json and backtest.md.

    Exit code 0: scored, well or badly; 1: a solve failed, or DIR or the output took not
    everything; 2: the file cannot be used.
    """
    if out_dir is not None:
        require_place(out_dir)
    with working("checking the inputs"):
        from tula.study.backtest.load import find_backtest, load_backtest

        loaded = load_backtest(find_backtest(study))
    with solving():
        result = _scored(loaded, draws, seed)
    written = None if out_dir is None else kept(lambda folder: result.save(folder)[0], out_dir)
    _tell(result.record)
    if written:
        say(f"Written: {written}, {written.with_suffix('.md')}")
    raise typer.Exit(0 if out_dir is None or (written and written.parent == out_dir) else FAILED)


def _scored(loaded: Backtest, draws: int | None, seed: int | None) -> Result:
    from rich.progress import Progress, SpinnerColumn, TextColumn

    from tula.study.backtest.run import run_backtest

    columns = (SpinnerColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=err(), transient=True) as bar:
        task = bar.add_task("forecasting", total=None)
        return run_backtest(
            loaded,
            draws=draws,
            seed=seed,
            progress=lambda text: bar.update(task, description=text),
        )


def _tell(record: BacktestRecord) -> None:
    from tula.study.backtest.tell import FOOT, verdict_line

    say(record.answer, "bold")
    out().print(_table(record))
    say(FOOT)
    for condition in record.conditions:
        say(verdict_line(condition), None if condition.verdict == "PASS" else "yellow")
    for note in record.notes:
        say(note, "italic")
    say(f"Inputs frozen on {record.cutoff}, SHA-256 {record.inputs_hash}")


def _table(record: BacktestRecord) -> Table:
    from rich.table import Table

    from tula.study.backtest.tell import HEADINGS, row

    table = Table(title=record.title, title_justify="left")
    numbers = HEADINGS[2:7]
    for heading in HEADINGS:
        table.add_column(heading, justify="right" if heading in numbers else "left")
    for forecast in record.forecasts:
        table.add_row(*row(forecast))
    return table
