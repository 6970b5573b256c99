"""``tula new`` and ``tula studies``: the way to a first study."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tula.cli import choices, completion
from tula.cli.guard import guarded, out, say, solving, working
from tula.errors import TulaError
from tula.world.files import Scratch, write_together

if TYPE_CHECKING:
    from tula.strategy.withdrawal import Withdrawal
    from tula.study.start import Reach, Side
    from tula.world.economy import Economy


#: A name that is a folder and an id at once.
CODE = r"[A-Za-z0-9][A-Za-z0-9_-]*"


class NewStudyError(TulaError):
    """What a new study is to be about is not said, or said twice."""


@guarded
def new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name of the study and its folder.")],
    pivot: Annotated[
        str,
        typer.Option(
            "--pivot",
            metavar="REGION",
            help="The country between the rivals.",
            autocompletion=completion.regions,
        ),
    ] = "",
    rivals: Annotated[
        str,
        typer.Option(
            "--rivals",
            metavar="A,B",
            help="The two powers it stands between.",
            autocompletion=completion.regions,
        ),
    ] = "",
    world: choices.World = "icio-2024",
    on: Annotated[
        str,
        typer.Option(
            "--on",
            metavar="DAY",
            help="The day that is asked about, such as 2025-12-12.",
            show_default="today, or the last day of the table of duties",
        ),
    ] = "",
    beliefs: Annotated[
        list[str] | None,
        typer.Option(
            "--belief",
            metavar="ID=VALUE:LOW:HIGH[:REASON]",
            help="Decide a number of the template, by its id: usa-chance=0.3:0.1:0.6:why; repeat.",
        ),
    ] = None,
    source: Annotated[
        str,
        typer.Option(
            "--from",
            metavar="STUDY",
            help="Copy this study and its evidence.",
            autocompletion=completion.studies,
        ),
    ] = "",
    out_dir: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="Where the folder of the study goes.")
    ] = Path(),
) -> None:
    """Write a commented study that is sound and runs, for you to fill in.

    Ties are read off the table, duties off the law of the day; both rivals get the same reach.
    What only you can know is marked TEMPLATE, and no label is told before you decide it.
    --from copies a study that comes with Tula, or one of yours, with its evidence.

    Exit code 0: written; 2: not, and nothing is left behind.
    """
    from tula.study.start import copies, taken

    if bool(source) == bool(pivot or rivals or beliefs):
        raise NewStudyError("state --pivot and --rivals, or --from STUDY to copy one")
    folder = out_dir / _name(name)
    taken(folder)
    if source:
        from tula.study.load import find_study

        write_together(folder, copies(find_study(source), name))
        say(f"{folder}: {source} under a name of its own. Next:")
    else:
        _begin(folder, name, (pivot, rivals), world, on, _decided(beliefs or ()))
    say(f"  tula check {folder}\n  tula run {folder} --quick --out {folder / 'report'}")


def _name(text: str) -> str:
    if not re.fullmatch(CODE, text):
        raise NewStudyError(f"{text!r} is no name: letters, digits, - and _, as in brazil-2026")
    return text


def _decided(texts: Sequence[str]) -> dict[str, Reach]:
    from tula.study.start import Reach

    found = {}
    for text in texts:
        name, equals, rest = text.partition("=")
        parts = rest.split(":", 3)
        if not equals or len(parts) < 3:
            raise NewStudyError(f"cannot read {text!r}: write ID=VALUE:LOW:HIGH:REASON")
        found[name.strip()] = Reach(*(part.strip() for part in parts))
    return found


def _begin(
    folder: Path,
    name: str,
    asked: tuple[str, str],
    world: str,
    on: str,
    decided: Mapping[str, Reach],
) -> None:
    from tula.study.start import begin, sides

    with working(f"reading world {world}"):
        from tula.world.store import load_world

        economy = load_world(world)
        pivot, rivals = _players(economy, *asked, world)
        day = _day(on)
        found = sides(economy, pivot, rivals, day)
        called = str(Path(world).resolve()) if world.endswith(".nc") else world
        files = begin(name, economy, called, pivot, found, day, decided)
        if decided:
            _require_sound(files)
    with working("solving"), solving():
        lost = _withdrawals(economy, pivot, rivals)
    write_together(folder, files)
    _tell(economy, pivot, found, lost, day)
    say(f"\n{folder}/study.yaml asks what you must decide. Next:")


def _require_sound(files: Mapping[str, bytes]) -> None:
    """Raise what is wrong with numbers that the author decided."""
    from tula.evidence import errors_in
    from tula.study.load import STUDY_FILE, check_study

    with Scratch() as place:
        problems = errors_in(check_study(write_together(Path(place), files) / STUDY_FILE))
    if problems:
        raise NewStudyError("; ".join(problem.message for problem in problems))


def _players(economy: Economy, pivot: str, rivals: str, world: str) -> tuple[str, tuple[str, ...]]:
    from tula.study.start import region_of

    names = [word.strip() for word in rivals.split(",") if word.strip()]
    if not pivot or len(names) != 2:
        raise NewStudyError("state one --pivot and two --rivals: --pivot BRA --rivals USA,CHN")
    home, *others = (region_of(economy.labels, one, world) for one in (pivot, *names))
    if len({home, *others}) < 3:
        raise NewStudyError(f"{home}, {', '.join(others)}: a pivot and two rivals are three")
    return home, tuple(others)


def _day(text: str) -> date:
    from tula.policy.duties.table import embedded_duties, read_day

    known = embedded_duties().known_to
    today = date.today()
    return read_day(text) if text else min(today, known or today)


def _withdrawals(economy: Economy, pivot: str, rivals: Sequence[str]) -> dict[str, Withdrawal]:
    from tula.strategy.withdrawal import withdrawals

    partners = {rival: (rival,) for rival in rivals}
    lost = withdrawals(economy, pivot, partners, closure="fixed", keep_last_supplier=True)
    return {one.partner: one for one in lost}


def _tell(
    economy: Economy, pivot: str, found: Sequence[Side], lost: dict[str, Withdrawal], day: date
) -> None:
    from rich.table import Table

    from tula.numbers import write
    from tula.say.words import capital, named
    from tula.study.start import spoken

    home = named(spoken(economy.labels, pivot))
    table = Table(title=f"{capital(home)} and its rivals, bn USD a year", title_justify="left")
    table.add_column("Rival")
    heads = ("Goods sold", "Services sold", "Goods bought", f"Its duty {day} %", "Loss without it",
             "Its own %")  # fmt: skip
    for head in heads:
        table.add_column(head, justify="right")
    for one in found:
        gone = lost[one.rival]
        flows = (write.figure(flow) for flow in (one.sold, one.services, one.bought))
        duty = "n/a" if one.duties is None else write.fixed(one.duties[1], 1)
        losses = (write.fixed(value, 2) for value in (gone.loss, gone.partner_loss))
        table.add_row(one.rival, *flows, duty, *losses)
    out().print(table)
    origin = economy.provenance
    say(
        f"World {origin.name} ({origin.vintage}). Loss: real income, % of own final spending, when "
        "all trade between the two stops, in the long run (tula exposure tells more)."
    )
    if "goods" not in economy.labels.sector_groups:
        say("The world has no group of sectors 'goods': every sector counts as goods.", "yellow")


@guarded
def studies() -> None:
    """List the studies that come with Tula, one line each."""
    from tula.file.document import read_document
    from tula.study.load import built_in_studies

    for name, path in built_in_studies().items():
        title = read_document(path).at(("title",))
        say(f"{name}: {title}")
