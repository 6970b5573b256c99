"""``tula run`` and ``tula check``: studies from files."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tula.cli.guard import BAD_INPUT, FAILED, err, guarded, out

if TYPE_CHECKING:
    from rich.table import Table

    from tula.study.load import Study
    from tula.study.results import StudyResults

StudyName = Annotated[
    str, typer.Argument(metavar="STUDY", help="A built-in study by name, or a study file.")
]


@guarded
def run(
    study: StudyName,
    out_dir: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="Where results and report go.")
    ] = Path("report"),
    quick: Annotated[
        bool, typer.Option("--quick", help="Only the headline closure and elasticities.")
    ] = False,
) -> None:
    """Run a study and write its report.

    Exit code 0: every solve met its tolerance; 1: some did not, the report says which; 2: the
    study cannot be run.
    """
    from tula.report import write_report
    from tula.study.load import load_study

    _require_place(out_dir)
    loaded = load_study(study)
    results = _solved(loaded, quick)
    page = write_report(results, results.save(out_dir))
    _tell(results)
    failed = sum(len(scenario.failures) for scenario in results.manifest.scenarios)
    if failed:
        err().print(f"{failed} solves failed; the report names them.", style="red")
    out().print(f"Report: {page}", soft_wrap=True)
    raise typer.Exit(FAILED if failed else 0)


def _require_place(directory: Path) -> None:
    """Refuse, before any solve, a directory that cannot be made or written into."""
    nearest = next(place for place in (directory, *directory.absolute().parents) if place.exists())
    if not nearest.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, "not a directory", str(nearest))
    if not os.access(nearest, os.W_OK):
        raise PermissionError(errno.EACCES, "cannot write into this directory", str(nearest))


def _solved(study: Study, quick: bool) -> StudyResults:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    from tula.study.run import Step, run_study

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=err(), transient=True) as bar:
        task = bar.add_task("preparing", total=None)

        def show(step: Step) -> None:
            case = step.case
            text = f"{case.scenario}, {case.closure} closure, {case.elasticity}"
            bar.update(task, description=text, completed=step.done, total=step.total)

        return run_study(study, quick=quick, progress=show)


def _tell(results: StudyResults) -> None:
    console, manifest = out(), results.manifest
    console.print(manifest.title, style="bold")
    console.print(manifest.question, style="italic")
    console.print(manifest.answer, markup=False)
    for scenario in manifest.scenarios:
        console.print(f"\n{scenario.id}  {scenario.title}", style="bold", markup=False)
        console.print(scenario.answer, markup=False)
    console.print()
    console.print(_table(results))


def _table(results: StudyResults) -> Table:
    from rich.table import Table

    from tula.study.wording import signed

    manifest = results.manifest
    players = (manifest.pivot, *manifest.rivals)
    headline = {
        "closure": manifest.headline_closure,
        "elasticity": manifest.headline_elasticity,
    }
    table = Table(title=f"Real income, {', '.join(headline.values())}", title_justify="left")
    table.add_column("Scenario")
    for player in players:
        table.add_column(f"{player} %", justify="right")
        table.add_column("bn USD", justify="right")
    table.add_column("Worst residual", justify="right")
    change, money = (results.data[name].sel(headline) for name in ("real_income", "ev"))
    for scenario in manifest.scenarios:
        cells = []
        for player in players:
            at = {"scenario": scenario.id, "region": player}
            cells += [signed(float(change.sel(at))), signed(float(money.sel(at)) / 1000.0, 1)]
        worst = max((proof.worst_residual for proof in scenario.certificates), default=float("nan"))
        table.add_row(scenario.id, *cells, f"{worst:.0e}")
    return table


@guarded
def check(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A study file, or a study by name.")],
) -> None:
    """Check a study and its evidence; list every problem with its line."""
    from tula.evidence import errors_in
    from tula.study.load import check_study, find_study

    path = find_study(file)
    problems = check_study(path)
    for problem in problems:
        style = "yellow" if problem.warning else "red"
        err().print(str(problem), style=style, markup=False, soft_wrap=True)
    wrong = len(errors_in(problems))
    if wrong:
        err().print(f"{wrong} problem{'' if wrong == 1 else 's'} in {path}", style="bold red")
        raise typer.Exit(BAD_INPUT)
    out().print(f"{path} is sound.", soft_wrap=True)
