"""``tula run`` and ``tula check``: studies from files."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from tula.cli.guard import BAD_INPUT, FAILED, complain, err, guarded, out, say, working

if TYPE_CHECKING:
    from rich.table import Table

    from tula.study.load import Study
    from tula.study.results import StudyResults

StudyName = Annotated[
    str,
    typer.Argument(metavar="STUDY", help="A built-in study by name, a study file, or its folder."),
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

    DIR gets the report (index.html), the numbers (results.nc, ties.json) and the account
    (manifest.json); files of an earlier run there are replaced once all are complete.

    Exit code 0: every solve met its tolerance; 1: some did not, the report says which; 2: the
    study cannot be run.
    """
    _require_place(out_dir)
    with working("checking the study"):
        from tula.study.load import load_study

        loaded = load_study(study)
    results = _solved(loaded, quick)
    _tell(results)
    with working("writing the report"), _staged(out_dir) as folder:
        from tula.report import write_report

        page = out_dir / write_report(results, results.save(folder)).name
    failed = sum(len(scenario.failures) for scenario in results.manifest.scenarios)
    if failed:
        complain(f"{failed} solve{'' if failed == 1 else 's'} failed; the report says which.")
    unvalued = [tie for tie in results.manifest.ties if tie.failure]
    for tie in unvalued:
        complain(f"The tie {tie.id} could not be valued: {tie.failure}")
    say(f"Report: {page}")
    raise typer.Exit(FAILED if failed or unvalued else 0)


@contextmanager
def _staged(directory: Path) -> Iterator[Path]:
    """Yield a folder whose files move into the directory once the block ends without error."""
    directory.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".tula-", dir=directory) as name:
        yield Path(name)
        for file in sorted(Path(name).iterdir()):
            file.replace(directory / file.name)


def _require_place(directory: Path) -> None:
    """Refuse, before any solve, a directory that cannot be made or written into."""
    nearest = next(place for place in (directory, *directory.absolute().parents) if place.exists())
    if not nearest.is_dir():
        raise NotADirectoryError(
            errno.ENOTDIR, "not a directory; choose another place with --out", str(nearest)
        )
    if not os.access(nearest, os.W_OK):
        raise PermissionError(
            errno.EACCES,
            "cannot write into this directory; choose another with --out",
            str(nearest),
        )


def _solved(study: Study, quick: bool) -> StudyResults:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    from tula.study.run import Step, run_study

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=err(), transient=True) as bar:
        task = bar.add_task("preparing", total=None)

        def show(step: Step) -> None:
            case = step.case
            text = (
                f"tie {step.tie}"
                if case is None
                else f"{case.scenario}, {case.closure} closure, {case.elasticity}"
            )
            bar.update(task, description=text, completed=step.done, total=step.total)

        return run_study(study, quick=quick, progress=show)


def _tell(results: StudyResults) -> None:
    manifest = results.manifest
    say(manifest.title, "bold")
    say(manifest.question, "italic")
    say(manifest.answer)
    for scenario in manifest.scenarios:
        say(f"\n{scenario.id}  {scenario.title}", "bold")
        say(scenario.answer)
    say("")
    out().print(_table(results))


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
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE", help="A study file, its folder, or a built-in study by name."
        ),
    ],
) -> None:
    """Check a study and its evidence; list every problem with its file, line and column.

    Nothing is solved. Exit code 0: sound, warnings apart; 2: not.
    """
    with working("checking the study"):
        from tula.evidence import errors_in
        from tula.study.load import check_study, find_study

        path = find_study(file)
        problems = check_study(path)
    for problem in problems:
        complain(str(problem), "yellow" if problem.warning else "red")
    wrong = len(errors_in(problems))
    if wrong:
        complain(f"{wrong} problem{'' if wrong == 1 else 's'} in {path}", "bold red")
        raise typer.Exit(BAD_INPUT)
    say(f"{path} is sound.")
