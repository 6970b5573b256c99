"""``tula backtest``: what a study foretold on its day, scored against what came."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tula.cli.guard import FAILED, complain, guarded, out, say, working
from tula.cli.kept import kept, require_place
from tula.cli.study import Draws, Jobs, Overrides, Sets, StudyName, effort_from, settings

if TYPE_CHECKING:
    from tula.study.backtest.run import Backtest


@guarded
def backtest(
    study: StudyName,
    out_dir: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Where the account goes.")
    ] = None,
    draws: Draws = None,
    jobs: Jobs = None,
    sets: Sets = None,
    overrides: Overrides = None,
) -> None:
    """Score what a study foretold on its day against what has happened since.

    The answer is found as `tula run` finds it, from what was known on the day; its forecasts
    (answer.forecasts) are then set beside what came (backtest), what was known last, and what
    others had forecast. DIR gets backtest.json and backtest.md.

    Exit code 0: scored, well or badly; 1: a solve failed, or DIR or the output took not
    everything; 2: the study cannot be used.
    """
    if out_dir is not None:
        require_place(out_dir)
    with working("checking the study"):
        from tula.equilibrium.errors import ConvergenceError
        from tula.strategy.answer.errors import AnswerError
        from tula.study.backtest.run import backtested, require_outcomes
        from tula.study.load import load_study

        loaded = load_study(study, settings(sets, overrides))
        require_outcomes(loaded)
        effort = effort_from(False, draws, jobs, None)
    try:
        with working("finding the answer"), effort.workers() as workers:
            found = backtested(loaded, effort.draws, workers)
    except (AnswerError, ConvergenceError) as error:
        complain(str(error))
        raise typer.Exit(FAILED) from None
    written = None if out_dir is None else kept(found.save, out_dir)
    _tell(found)
    if written:
        say(f"Written: {written}, {written.with_suffix('.md')}")
    raise typer.Exit(0 if out_dir is None or (written and written.parent == out_dir) else FAILED)


def _tell(found: Backtest) -> None:
    from rich.table import Table

    from tula.study.backtest.tell import FOOT, HEADINGS, ground, row, summary

    say(summary(found.scored), "bold")
    table = Table(title=found.title, title_justify="left")
    for heading in HEADINGS:
        table.add_column(heading, justify="left" if heading in HEADINGS[::6] else "right")
    for one in found.scored:
        table.add_row(*row(one))
    out().print(table)
    say(FOOT)
    say(ground(found))
