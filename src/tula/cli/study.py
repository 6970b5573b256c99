"""``tula run`` and ``tula check``: studies from files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tula.cli import completion
from tula.cli.guard import BAD_INPUT, FAILED, complain, err, guarded, out, say, working
from tula.cli.kept import kept, require_place
from tula.errors import TulaError
from tula.uncertainty import worker
from tula.world.files import UnwritableFileError, made, staged, write_together, write_whole

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from rich.table import Table

    from tula.file.overrides import Settings
    from tula.study.effort import Effort
    from tula.study.load import Study
    from tula.study.manifest import Manifest
    from tula.study.results import StudyResults
    from tula.study.run import Step

StudyName = Annotated[
    str,
    typer.Argument(
        metavar="STUDY",
        help="A built-in study by name, a study file, or its folder.",
        autocompletion=completion.studies,
    ),
]


Sets = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="ADDRESS=VALUE", help="Replace a number for this once; repeat."),
]
Overrides = Annotated[
    list[str] | None,
    typer.Option("--override", metavar="NAME", help="Apply overrides of the study; repeat."),
]


Draws = Annotated[
    int | None,
    typer.Option(
        "--draws",
        metavar="N",
        help="Draws behind odds and ranges; a power of two from 8.",
        show_default="64; 8 if --quick",
    ),
]
Jobs = Annotated[
    int | None,
    typer.Option(
        "--jobs",
        metavar="N",
        min=1,
        help="Processes that share the draws.",
        show_default="one a core",
    ),
]


def settings(sets: list[str] | None, overrides: list[str] | None) -> Settings:
    """Return what ``--set`` and ``--override`` ask for; raises ``OverrideError``."""
    from tula.file.overrides import Settings, read_overrides

    return Settings(read_overrides(sets or ()), tuple(overrides or ()))


@guarded
def run(
    study: StudyName,
    out_dir: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="Where results and report go.")
    ] = Path("report"),
    quick: Annotated[
        bool, typer.Option("--quick", help="Only the headline closure and elasticities.")
    ] = False,
    draws: Draws = None,
    jobs: Jobs = None,
    cluster: Annotated[
        str | None,
        typer.Option(
            "--cluster", metavar="ADDRESS", help="A dask scheduler whose workers take the draws."
        ),
    ] = None,
    sets: Sets = None,
    overrides: Overrides = None,
    csv_dir: Annotated[
        Path | None,
        typer.Option("--csv", metavar="DIR", help="Tables of all numbers too (tula export)."),
    ] = None,
    xlsx: Annotated[
        Path | None,
        typer.Option("--xlsx", metavar="FILE", help="The same tables as an Excel workbook."),
    ] = None,
    brief: Annotated[
        bool, typer.Option("--brief", help="Tell the answer and the table alone.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Tell only what went wrong.")] = False,
) -> None:
    """Run a study and write its report.

    DIR gets the report (index.html), the numbers (results.nc, ties.json, answer.json) and the
    account (manifest.json); files of an earlier run there are replaced once all are complete, and
    before anything is told. Where DIR takes nothing, another folder is found and named.
    However the draws are shared out, the numbers are the same.
    --set replaces a number or a word of the study for this run, by its address or the id of a
    belief; --override does what the study lists under that name.

    Exit code 0: every solve met its tolerance; 1: some did not, or a tie or the question has no
    answer, the report says which, or DIR or the output took not everything; 2: the study cannot be
    run as asked; 130, 143: ended by Ctrl-C, SIGTERM.
    """
    require_place(out_dir, *filter(None, (csv_dir, xlsx and xlsx.parent)))
    if jobs != 1 and not cluster:
        worker.ready()
    if xlsx is not None:
        from tula.metrics.workbook import require_excel

        require_excel()
    with working("checking the study"):
        from tula.study.load import load_study

        loaded = load_study(study, settings(sets, overrides))
        effort = effort_from(quick, draws, jobs, cluster)
    unwritten: list[Exception] = []
    with effort.drawer() as drawer:
        results = _solved(loaded, quick, effort, drawer)
        with working("writing the report"):
            page = kept(lambda folder: _write(results, folder, unwritten, effort, drawer), out_dir)
            lost = list(_lost_tables(results, csv_dir, xlsx))
    if not quiet:
        _tell(results, brief)
    unanswered = [*_unanswered(results), *map(_told_or_raised, unwritten), *lost]
    for one in unanswered:
        complain(one)
    if page and not quiet:
        say(f"Numbers: {page.parent}" if unwritten else f"Report: {page}")
    asked = page is not None and page.parent == out_dir
    raise typer.Exit(0 if asked and not unanswered else FAILED)


def _write(
    results: StudyResults,
    directory: Path,
    unwritten: list[Exception],
    effort: Effort,
    drawer: Executor | None,
) -> Path:
    """Write numbers and report together; the numbers alone where no report can be made of them."""
    from tula.report import APPENDIX_FILE, PAGE_FILE, pages
    from tula.study.results import FILES

    with staged(made(directory), (PAGE_FILE, APPENDIX_FILE, *FILES)) as folder:
        results.save(folder)
        try:
            with effort.watched():
                write_together(folder, pages(results, drawer))
        except (OSError, UnwritableFileError):
            raise
        except Exception as error:
            unwritten.append(error)
    return directory / PAGE_FILE


def _lost_tables(results: StudyResults, directory: Path | None, xlsx: Path | None) -> Iterator[str]:
    """Write the tables that are asked for; why some could not be."""
    from tula.study.export import csv_files, excel_file

    try:
        if directory is not None:
            write_together(directory, csv_files(results))
        if xlsx is not None:
            write_whole(xlsx, excel_file(results))
    except TulaError as error:
        yield f"The tables could not be written: {error}"


def _told_or_raised(error: Exception) -> str:
    """Why there is no report, if it was foreseen; a defect is raised, now that all is kept."""
    if not isinstance(error, TulaError):
        raise error
    return f"The report could not be made: {error}"


def _unanswered(results: StudyResults) -> Iterator[str]:
    """What has no answer: solves, the question, ties."""
    manifest = results.manifest
    failed = sum(len(scenario.failures) for scenario in manifest.scenarios)
    if failed:
        yield f"{failed} solve{'' if failed == 1 else 's'} failed; the report says which."
    if manifest.answer_failure:
        yield f"The question has no answer: {manifest.answer_failure}"
    for tie in manifest.ties:
        if tie.failure:
            yield f"The tie {tie.id} could not be valued: {tie.failure}"


def effort_from(quick: bool, draws: int | None, jobs: int | None, cluster: str | None) -> Effort:
    """Return the effort that options ask for; errors as ``require_draws`` and ``require_means``."""
    from tula.equilibrium.traced import cores
    from tula.study.effort import DRAWS, QUICK, Effort
    from tula.uncertainty.draws import DrawsError, require_draws
    from tula.uncertainty.work import require_means

    draws = draws if draws is not None else (QUICK if quick else DRAWS)
    jobs = jobs or (1 if cluster else cores())
    try:
        require_draws(draws)
    except DrawsError as error:
        raise DrawsError(f"--draws: {error}") from None
    require_means(jobs, cluster)
    return Effort(draws, jobs, cluster)


def _solved(study: Study, quick: bool, effort: Effort, drawer: Executor | None) -> StudyResults:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    from tula.study.run import run_study

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    console = err()
    shown = console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=not shown) as bar:
        task = bar.add_task("preparing", total=None)

        def show(step: Step) -> None:
            bar.update(task, description=_doing(step), completed=step.done, total=step.total)
            if step.answer:
                from tula.report import ready

                ready(drawer)

        return run_study(study, quick=quick, effort=effort, progress=show)


def _doing(step: Step) -> str:
    """What a step is about."""
    if step.answer:
        return "the answer"
    case = step.case
    if case is None:
        return f"tie {step.tie}"
    return f"{case.scenario}, {case.closure} closure, {case.elasticity}"


def _tell(results: StudyResults, brief: bool) -> None:
    manifest = results.manifest
    say(manifest.title, "bold")
    say(manifest.question, "italic")
    if results.answer is not None:
        from tula.study.verdict import called, grounded, verdict

        told = verdict(results.answer, _names(results), called(manifest), grounded(manifest))
        say("\n\n".join(told[:1] if brief else told) + "\n")
    for line in _still_open(manifest, brief):
        say(line, "yellow")
    if not brief:
        if results.answer is not None:
            from tula.study.weighing import CERTAIN

            say(CERTAIN, "italic")
        _tell_scenarios(manifest)
    out().print(_table(results))


def _tell_scenarios(manifest: Manifest) -> None:
    say(manifest.answer)
    for scenario in manifest.scenarios:
        say(f"\n{scenario.id}  {scenario.title}", "bold")
        say(scenario.answer)
    say("")


def _still_open(manifest: Manifest, brief: bool) -> Iterator[str]:
    """What is to be decided before the answer is told; nothing where all is."""
    from tula.file.undecided import sentence

    if manifest.undecided and brief:
        yield f"{sentence(manifest.undecided)}: tula check lists them.\n"
    elif manifest.undecided:
        yield f"{sentence(manifest.undecided)}:"
        yield "\n".join(f"  {name}: {title}" for name, title in manifest.undecided.items()) + "\n"


def _names(results: StudyResults) -> Callable[[str], str]:
    """Names of regions inside a sentence."""
    from tula.say.words import named

    return lambda code: named(str(results.data["region_name"].sel(region=code).item()))


def _table(results: StudyResults) -> Table:
    from rich.table import Table

    from tula.numbers import write

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
            percent, million = (float(one.sel(at)) for one in (change, money))
            cells.append(write.fixed(percent, 2, signed=True))
            cells.append(write.fixed(million / 1000.0, 1, signed=True))
        worst = max((proof.worst_residual for proof in scenario.certificates), default=float("nan"))
        table.add_row(scenario.id, *cells, f"{worst:.0e}")
    return table


@guarded
def check(
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE",
            help="A study file, its folder, or a built-in study by name.",
            autocompletion=completion.studies,
        ),
    ],
    sets: Sets = None,
    overrides: Overrides = None,
) -> None:
    """Check a study and its evidence; list every problem with its file, line and column.

    Nothing is solved. Exit code 0: sound, warnings apart; 2: not.
    """
    with working("checking the study"):
        from tula.evidence import errors_in, listed
        from tula.study.load import check_study, find_study

        path = find_study(file)
        problems = check_study(path, settings(sets, overrides))
    told, more = listed(problems)
    for problem in told:
        complain(str(problem), "yellow" if problem.warning else "red")
    for rest in more:
        complain(rest)
    if wrong := errors_in(problems):
        files = " and ".join(dict.fromkeys(problem.place.file for problem in wrong))
        complain(f"{len(wrong)} problem{'' if len(wrong) == 1 else 's'} in {files}", "bold red")
        raise typer.Exit(BAD_INPUT)
    say(f"{path} is sound.")


@guarded
def verify(
    directory: Annotated[
        Path, typer.Argument(metavar="DIR", help="The folder of a run.", show_default=False)
    ],
) -> None:
    """Verify that a folder holds one run, and nothing altered since.

    Every array and file is compared with the hashes the run left in manifest.json. They tell what
    was changed, by whatever mishap or hand; whoever can write all files can also forge them.

    Exit code 0: whole; 2: not, with the files named.
    """
    with working("verifying"):
        from tula.report import APPENDIX_FILE, PAGE_FILE, require_own_page
        from tula.study.results import FILES, StudyResults

        results = StudyResults.load(directory)
        written = (PAGE_FILE, APPENDIX_FILE)
        page = written if require_own_page(results, directory) else ()
    manifest = results.manifest
    say(f"{directory} holds one run of {manifest.id}, unaltered: {', '.join((*page, *FILES))}.")
    say(
        f"Seed {manifest.seed}, {manifest.draws} draws, Tula {manifest.versions['tula']}; world "
        f"{manifest.world.name}; hash of the run {results.run_hash}"
    )
