"""``tula world import-duties``, ``answer-duties``: layers of a schedule, and of an answer."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from tula.cli.duties import day, table
from tula.cli.guard import guarded, say, working
from tula.interrupts import leaves


@guarded
def import_duties(
    kind: Annotated[
        str,
        typer.Argument(
            metavar="KIND",
            help="lines (HS 6, 8 or 10 digits), teti, wits, country-tracker or authority-tracker.",
        ),
    ],
    source: Annotated[Path, typer.Argument(metavar="SOURCE", help="The CSV file to read.")],
    target: Annotated[
        Path, typer.Argument(metavar="TARGET", help="The CSV file of layers to write.")
    ],
    importer: Annotated[
        str, typer.Option(metavar="PLACE", help="Whose duties, where no column says it.")
    ] = "",
    partner: Annotated[
        str, typer.Option(metavar="PLACE", help="On whom, where no column says it.")
    ] = "all",
    layer: Annotated[
        str, typer.Option(metavar="NAME", help="Name of the layer, where no column says it.")
    ] = "MFN",
    authority: Annotated[
        str, typer.Option(metavar="NAME", help="What it rests on, where no column says it.")
    ] = "",
    start: Annotated[
        str, typer.Option(metavar="DAY", help="First day in force, where no column says it.")
    ] = "",
    end: Annotated[
        str, typer.Option(metavar="DAY", help="Last day in force, where no column says it.")
    ] = "",
    since: Annotated[
        str, typer.Option(metavar="DAY", help="Nothing of it was in force from then to its start.")
    ] = "",
    duty_unit: Annotated[
        str, typer.Option(metavar="UNIT", help="percent or fraction, where no heading says it.")
    ] = "",
    weights: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Trade by code (and partner) that weights averages."),
    ] = None,
    absent: Annotated[
        Literal["free", "unknown"] | None,
        typer.Option(
            metavar="free|unknown",
            help="Goods that are not listed bear nothing, or are not known.  [MFN: unknown; "
            "other layers: free]",
        ),
    ] = None,
    column: Annotated[
        str, typer.Option(metavar="HEADING", help="The column that holds the rate.")
    ] = "",
    duty_type: Annotated[
        str, typer.Option(metavar="TYPE", help="Of WITS: AHS, MFN, PRF or BND.  [AHS, else MFN]")
    ] = "",
    year: Annotated[int | None, typer.Option(metavar="YEAR", help="Only rows of a year.")] = None,
    stacking: Annotated[
        Literal["adds", "replaces"] | None,
        typer.Option(metavar="adds|replaces", help="Rates are added, or are the whole duty."),
    ] = None,
    restore_zeros: Annotated[
        bool,
        typer.Option("--restore-zeros", help="Give HS codes back the leading zero they lost."),
    ] = False,
    law: Annotated[str, typer.Option(metavar="TEXT", help="The law, as layers cite it.")] = "",
    citation: Annotated[str, typer.Option(metavar="TEXT", help="Where the schedule is from.")] = "",
    world: Annotated[
        str, typer.Option(metavar="WORLD", help="The world whose sectors and regions are meant.")
    ] = "icio-2024",
) -> None:
    """Average a schedule of duties over a world's sectors and regions, as layers for --duties.

    docs/duties.md describes the layouts. Nothing is written unless all is well.
    """
    with working(f"importing {source}"):
        from tula.policy.duties.schedules import ScheduleSettings, import_schedule, write_duties
        from tula.world.store import load_world

        settings = ScheduleSettings(
            importer=importer,
            partner=partner,
            layer=layer,
            authority=authority,
            start=day(start) if start else None,
            end=day(end) if end else None,
            since=day(since) if since else None,
            duty_unit=duty_unit,
            weights=weights,
            absent=absent or "",
            column=column,
            duty_type=duty_type,
            year=year,
            stacking=stacking or "",
            restore_zeros=restore_zeros,
            law=law,
            source=citation,
        )
        found = import_schedule(source, kind, load_world(world).labels, settings)
        write_duties(found.layers, target)
        leaves(f"the layers are in {target}")
    for note in found.notes:
        say(note)
    say(f"Layers: {target} ({len(found.layers)} rows)", "bold")


@guarded
def answer_duties(
    answer: Annotated[
        str,
        typer.Argument(
            metavar="ANSWER", help="Who answers whom and how, as --retaliation: CHN:USA:kind."
        ),
    ],
    target: Annotated[
        Path, typer.Argument(metavar="TARGET", help="The CSV file of layers to write.")
    ],
    as_of: Annotated[
        str, typer.Option(metavar="DAY", help="The duties answered, and the answer's first day.")
    ],
    file: Annotated[
        str, typer.Option("--duties", metavar="FILE", help="Layers of your own (docs/duties.md).")
    ] = "",
    world: Annotated[
        str, typer.Option(metavar="WORLD", help="The world whose trade sizes the answer.")
    ] = "icio-2024",
) -> None:
    """Write the table of duties with an answer to those of a day, from that day on.

    The answer stands under the authority retaliation. docs/policy.md explains the ways to answer.
    """
    with working("answering the duties"):
        from tula.policy import Retaliation, parse_whatif
        from tula.policy.duties.answer import answered
        from tula.policy.duties.schedules import write_duties
        from tula.world.store import load_world

        economy = load_world(world)
        item = parse_whatif("retaliation", answer, economy.labels)
        assert isinstance(item, Retaliation)
        old = table(file)
        new = answered(old, economy, item, day(as_of))
        write_duties(new.layers, target)
        leaves(f"the layers are in {target}")
    added = new.layers[len(old.layers) :]
    say(f"{len(added)} layers of {', '.join(dict.fromkeys(one.layer for one in added))} added.")
    say(f"Layers: {target} ({len(new.layers)} rows)", "bold")
