"""``tula stand``: one situation of a study's question, put to its world for certain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tula.cli import choices
from tula.cli.guard import guarded, out, say, say_json, solving, working
from tula.cli.study import Overrides, Sets, StudyName, settings
from tula.errors import TulaError

if TYPE_CHECKING:
    from tula.strategy.answer.inputs import AnswerInputs
    from tula.strategy.answer.proofs import StandTold


class UnreadableValueError(TulaError):
    """A value on the command line cannot be read. Write the belief and a number: duty=18pp."""


@guarded
def stand(
    study: StudyName,
    on: Annotated[
        str | None,
        typer.Option(
            metavar="ID,...",
            help="Threats and events that stand; '' for none.",
            show_default="those likely in the first month",
        ),
    ] = None,
    happened: Annotated[
        str, typer.Option(metavar="ID,...", help="Causes that have happened.")
    ] = "",
    course: Annotated[
        str,
        typer.Option(
            metavar="ID", help="What the pivot does.", show_default="what keeps the balance"
        ),
    ] = "",
    offer: Annotated[
        bool, typer.Option("--offer", help="What the course is done for is honoured.")
    ] = False,
    month: Annotated[int, typer.Option(metavar="N", help="Month from the announced day.")] = 1,
    belief: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ID=VALUE", help="A belief's value in the place of its median; repeat."
        ),
    ] = None,
    sets: Sets = None,
    overrides: Overrides = None,
    as_json: choices.Json = False,
) -> None:
    """Tell what one situation of a study's question leaves: ties and incomes, no chances.

    The live part of a study's page shows the same figures, and gives this command for them.

    Exit code 0: told; 1: there is no equilibrium; 2: the question cannot be read.
    """
    with working("checking the study"):
        from tula.strategy.answer.stand import Asked
        from tula.study.asked import stand_of
        from tula.study.load import load_study

        loaded = load_study(study, settings(sets, overrides))
    with working("solving"), solving():
        stands = None if on is None else _ids(on)
        given = Asked(stands, _ids(happened), course, offer, month, _values(belief or ()))
        found = stand_of(loaded, given)
    if as_json:
        say_json(found.model_dump())
        return
    asked = loaded.file.answer
    assert asked is not None, "answered without a question"
    _tell(found, asked)


def _ids(text: str) -> list[str]:
    return [one.strip() for one in text.split(",") if one.strip()]


def _values(texts: list[str] | tuple[str, ...]) -> dict[str, float]:
    """Read every ID=VALUE, in % or pp where it says so; all that cannot be read is told at once."""
    from tula.policy.units import QUANTITY

    found, wrong = {}, []
    for text in texts:
        name, _, number = text.partition("=")
        if read := QUANTITY.fullmatch(number):
            found[name.strip()] = float(read[1]) / (100.0 if read[2] else 1.0)
        else:
            wrong.append(f"--belief {text}: write an id and a number, such as duty=18pp")
    if wrong:
        raise UnreadableValueError("\n".join(wrong))
    return found


def _tell(found: StandTold, asked: AnswerInputs) -> None:
    from rich.table import Table

    from tula.numbers import write
    from tula.say.words import BOUND

    titles = {one.id: one.title for one in (*asked.happenings, *asked.options, *asked.critical)}
    stands = [titles[name] for name in (*found.on, *found.happened)]
    honoured = ", what it is done for honoured" if found.offer else ""
    say(f"{titles[found.course]}{honoured}; {'; '.join(stands) or 'nothing else stands'}.", "bold")
    table = Table(title=f"Month {found.month}", title_justify="left")
    table.add_column("What arrives, % of its reference")
    table.add_column("", justify="right")
    for name, kept in found.kept.items():
        table.add_row(titles[name], write.limit(round(kept, 4)))
    table.add_section()
    for region, income in found.income.items():
        worth = write.fixed(income, 1, signed=True)
        table.add_row(f"Real income of {region}, bn USD a year over the base year", worth)
    out().print(table)
    say(f"With all duties that came since the base year. {BOUND}")
