"""``tula trace``: how a figure came about."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tula.cli import completion
from tula.cli.guard import guarded, say, working

if TYPE_CHECKING:
    from tula.study.results import StudyResults


@guarded
def trace(
    where: Annotated[
        str,
        typer.Argument(
            metavar="STUDY",
            help="A run's folder, or a study to be solved for it.",
            autocompletion=completion.studies,
        ),
    ],
    address: Annotated[
        str,
        typer.Argument(metavar="ADDRESS", help="Steps to a figure, parted by points."),
    ] = "",
) -> None:
    """Tell how a figure of the results came about.

    An address is scenarios.ID.VARIABLE and a label for every axis, ties.ID.LINE, or answer and
    steps into it; one that stops early is answered with what it may go on with. Told are the
    figure, what it is, the solve with its proof, and every number that goes in, with the facts
    behind it or why it is assumed. A study by name is solved first, its headline case only; its
    question is answered only where the address asks for it.

    Exit code 0: told; 2: there is no such figure, or the study cannot be used.
    """
    from tula.say.templates import told
    from tula.study.trace import trace as find

    results = _results(where, address)
    say(told("trace", address=address, t=find(results, address), m=results.manifest))


def _results(where: str, address: str) -> StudyResults:
    """Those of a run's folder, or of a study solved now."""
    from tula.study.results import MANIFEST_FILE, StudyResults

    with working("solving"):
        if (Path(where) / MANIFEST_FILE).is_file():
            return StudyResults.load(Path(where))
        from tula.study.load import load_study
        from tula.study.run import run_study

        study = load_study(where)
        if address.split(".")[0] not in ("answer", ""):
            study = replace(study, file=study.file.model_copy(update={"answer": None}))
        return run_study(study, quick=True)
