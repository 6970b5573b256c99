"""``tula evidence``: from articles to a ledger, and a ledger held against its texts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tula.cli import completion
from tula.cli.examples import examples
from tula.cli.guard import FAILED, complain, guarded, say, working

evidence = typer.Typer(
    help="Draft facts from articles; hold facts against texts.", no_args_is_help=True
)


@evidence.command(
    epilog=examples(
        "tula evidence draft visit.txt summit.txt --out evidence-draft.yaml",
        "tula evidence draft visit.txt",
    ),
    short_help="Draft a ledger of every figure in some articles.",
)
@guarded
def draft(
    articles: Annotated[list[Path], typer.Argument(metavar="ARTICLE...", help="Plain texts.")],
    out_file: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write a file; not over another.")
    ] = None,
) -> None:
    """Draft a ledger of every amount, percentage, count, date and target in plain-text articles.

    Figures are normalised, merged where they agree, and named beside each other where they differ;
    each has its file and line, and the key of a study that it could feed. Rules find them, and
    rules miss and misread: nothing passes tula check before you have worded and graded it.

    Exit code 0: drafted; 2: a text cannot be read.
    """
    from tula.evidence.articles import draft as drafted
    from tula.evidence.articles import read_articles
    from tula.world.files import UnwritableFileError, write_whole

    with working("reading"):
        text = drafted(read_articles(articles))
    if out_file is None:
        typer.echo(text, nl=False)
        return
    if out_file.exists():
        raise UnwritableFileError(f"{out_file} is there already: nothing is written over it")
    write_whole(out_file, text.encode())
    count = text.count("\n  - id: ")
    say(f"{count} facts drafted: {out_file}. Word, date and grade each before you cite it.")


@evidence.command(
    epilog=examples("tula evidence check my-study --documents texts"),
    short_help="Hold a ledger's figures against texts.",
)
@guarded
def check(
    study: Annotated[
        str,
        typer.Argument(
            metavar="STUDY",
            help="A study, its folder, or an evidence file.",
            autocompletion=completion.studies,
        ),
    ],
    documents: Annotated[
        Path, typer.Option("--documents", metavar="DIR", help="Folder of plain texts (*.txt).")
    ],
) -> None:
    """Hold the figures of a ledger against the texts of a folder.

    Told are, for every fact with a value, where a text states it, or what texts state in its unit.
    A figure that stands in a text may still be another's: read the line.

    Exit code 0: all were found; 1: some were not; 2: ledger or texts cannot be read.
    """
    from tula.evidence import load_evidence
    from tula.evidence.articles import hold, read_articles

    with working("reading"):
        facts = load_evidence(_ledger(study)).facts
        held = hold(facts, read_articles(_texts(documents)))
    for one in held:
        told = f"{one.fact.id}: {one.fact.value:g} {one.fact.unit}"
        if one.found:
            say(f"{told}: {', '.join(dict.fromkeys(found.place for found in one.found))}")
        else:
            near = "; ".join(f"{near.text} ({near.place})" for near in one.near)
            complain(f"{told}: in no text{f'; there are {near}' if near else ''}")
    missing, bare = sum(not one.found for one in held), len(facts) - len(held)
    say(f"{len(held) - missing} of {len(held)} figures found; {bare} facts have none.")
    raise typer.Exit(FAILED if missing else 0)


def _texts(folder: Path) -> list[Path]:
    from tula.world.files import MissingFileError

    found = sorted(folder.glob("*.txt"))
    if not found:
        raise MissingFileError(f"{folder}: there are no texts (*.txt)")
    return found


def _ledger(study: str) -> Path:
    """The evidence file that is meant: itself, or the one a study names."""
    from tula.file.document import read_document
    from tula.study.load import NoStudyError, find_study

    path = find_study(study)
    document = read_document(path)
    if document.at(("facts",)) is not None:
        return path
    name = document.at(("evidence",))
    if not isinstance(name, str):
        raise NoStudyError(f"{path} names no evidence file, and is none")
    return path.parent / name
