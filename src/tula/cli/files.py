"""``tula upgrade``, ``tula schema``, ``tula explain``: study files and what stands in them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from tula.cli.guard import complain, guarded, say, working
from tula.world.files import write_whole


@guarded
def upgrade(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A study file, or its folder.")],
) -> None:
    """Bring a study file of an earlier version to today's layout.

    Comments and order are kept. The file as it was is left beside it, with the ending .old.
    """
    with working("reading the study"):
        from tula.file.document import read_document
        from tula.file.upgrade import upgraded
        from tula.study.load import find_study

        path = find_study(file)
        read_document(path)
        old = path.read_text(encoding="utf-8-sig")
        new, notes = upgraded(old)
    if new == old:
        say(f"{path} is in today's layout.")
        return
    kept = path.with_name(f"{path.name}.old")
    write_whole(kept, old.encode())
    write_whole(path, new.encode())
    for note in notes:
        complain(note, "yellow")
    say(f"{path} is in today's layout; as it was: {kept}. Now run: tula check {path}")


@guarded
def schema(
    tables: Annotated[
        bool, typer.Option("--tables", help="Every key in tables, as Markdown.")
    ] = False,
    out_file: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write a file.")
    ] = None,
) -> None:
    """Tell what a study file may hold: a JSON Schema for editors, or tables for readers.

    Editors complete and check study files with it: put
    "# yaml-language-server: $schema=FILE" into the first line.
    """
    with working("reading the layout"):
        from tula.study.reference import key_tables, study_schema

        text = key_tables() if tables else json.dumps(study_schema(), indent=1)
    if out_file is None:
        typer.echo(text)
        return
    write_whole(out_file, f"{text}\n".encode())
    say(f"Layout of study files: {out_file}")


#: Places told in full where a name stands in more than one.
TOLD = 6


@guarded
def explain(
    key: Annotated[
        str,
        typer.Argument(
            metavar="KEY", help="A key, the end of its place, a metric, or a part of the answer."
        ),
    ],
) -> None:
    """Explain a key of a study file, a metric or a part of the answer.

    A key that stands in several places is told for each; say more of its place for one:
    answer.threats.months.
    """
    from tula.study.explain import explain as find

    found = find(key)
    within = found[0].inside if len(found) == 1 else ()
    for one in found[:TOLD]:
        say(one.place, "bold")
        say(f"  {one.meaning}{' Needed.' if one.needed else ''}")
        told = {"unit": one.unit, "default": one.default, "example": one.example, "base": one.base,
                "sign": one.sign, "keys": "" if within else ", ".join(one.inside)}  # fmt: skip
        told |= {name: find(f"{one.place}.{name}")[0].meaning for name in within}
        for name, text in told.items():
            if text:
                say(f"  {name}: {text.replace('`', '')}")
    if more := [one.place for one in found[TOLD:]]:
        say(f"And in: {', '.join(more)}")
