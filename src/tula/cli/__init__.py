"""The command line: every command says what it did in one clear sentence, or why it could not."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from tula.__main__ import main
from tula._version import __version__
from tula.cli.backtest import backtest
from tula.cli.evidence import evidence
from tula.cli.examples import examples
from tula.cli.explore import explore
from tula.cli.export import compare, export
from tula.cli.exposure import exposure
from tula.cli.files import explain, schema, upgrade
from tula.cli.guard import messages
from tula.cli.nash import nash
from tula.cli.new import new, studies
from tula.cli.optimal import optimal
from tula.cli.rank import rank
from tula.cli.replicate import replicate
from tula.cli.solve import solve
from tula.cli.stand import stand
from tula.cli.streams import settle, take_any_text
from tula.cli.study import check, run, verify
from tula.cli.trace import trace
from tula.cli.words import Words
from tula.cli.world import world

__all__ = ["app", "command", "main"]

app = typer.Typer(
    name="tula",
    cls=Words,
    help="Weighs a nation's options between rival powers on a general-equilibrium world economy.",
    epilog=examples(
        "tula run india-2025",
        "tula solve --tariff USA:IND:goods:+25pp --embargo IND:RUS:OIL",
        "tula world show",
        "tula COMMAND --help",
    )
    + "\n\nExit codes: 0 done, 1 something asked for failed, 2 the input cannot be used.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command(
    short_help="Begin a study that runs at once.",
    epilog=examples(
        "tula new brazil --pivot BRA --rivals USA,CHN",
        "tula new poland --pivot POL --rivals USA,CHN --world icio-2022-countries",
        "tula new my-india --from india-2025",
    ),
)(new)
app.command(short_help="List the studies that come with Tula.", epilog=examples("tula studies"))(
    studies
)
app.command(
    short_help="Run a study and write its report.",
    epilog=examples(
        "tula run india-2025",
        "tula run my-study.yaml --out results --quick",
        "tula run my-study.yaml --set duty=18pp",
    ),
)(run)
app.command(
    short_help="List everything wrong with a study.",
    epilog=examples("tula check my-study.yaml"),
)(check)
app.command(
    short_help="Bring an older study file to today's layout.",
    epilog=examples("tula upgrade my-study.yaml"),
)(upgrade)
app.command(
    short_help="Tell what a study file may hold.",
    epilog=examples("tula schema --out study.schema.json", "tula schema --tables"),
)(schema)
app.command(
    short_help="Explain a key, a metric or a word of the answer.",
    epilog=examples("tula explain honoured", "tula explain tariff.add", "tula explain real_income"),
)(explain)
app.command(
    short_help="Tell whether what a run left is whole and unaltered.",
    epilog=examples("tula verify report"),
)(verify)
app.command(
    short_help="Export the numbers of a run.",
    epilog=examples("tula export report tables", "tula export report out --format stata"),
)(export)
app.command(
    short_help="Compare two runs: what moved, and why.",
    epilog=examples(
        "tula run india-2025 --out before",
        "tula run india-2025 --set duty=18pp --out after",
        "tula compare before after",
    ),
)(compare)
app.command(
    short_help="Tell what one situation of a study leaves.",
    epilog=examples(
        "tula stand india-2025",
        "tula stand india-2025 --on penalty --month 6 --belief penalty-size=0.5",
        "tula stand india-2025 --course deal --offer --json",
    ),
)(stand)
app.command(
    short_help="Tell how a figure came about.",
    epilog=examples(
        "tula trace report scenarios.S1-50.real_income.IND",
        "tula trace india-2025 ties.russian-oil.value_to_pivot",
    ),
)(trace)
app.command(
    short_help="Score what was foretold against what came.",
    epilog=examples(
        "tula backtest india-2025",
        "tula backtest my-study.yaml --out results --draws 64",
    ),
)(backtest)
app.command(
    short_help="Answer a what-if without a file.",
    epilog=examples(
        "tula solve --tariff USA:IND:goods:+25pp --embargo IND:RUS:OIL",
        "tula solve --cut IND:RUS:OIL:35% --closure balanced --focus IND,RUS,USA",
        "tula solve --agreement IND:EU:goods --labour IND:+2% --world mine.nc",
    ),
)(solve)
app.command(
    short_help="Write a page that answers what-ifs by itself.",
    epilog=examples(
        "tula explore",
        "tula explore mine.nc --out mine.html",
        "tula explore --as-of 2026-03-01",
    ),
)(explore)
app.command(
    short_help="Show who holds power over whom.",
    epilog=examples(
        "tula exposure IND --partners USA,RUS,CHN",
        "tula exposure IND --partners EU,USA+EU --sectors goods --flows sales",
        "tula exposure TUR --horizon 2",
    ),
)(exposure)
app.command(
    short_help="Show how every region stands between two rivals.",
    epilog=examples(
        "tula rank USA CHN --as-of 2025-12-12",
        "tula rank USA RUS --replace OIL=6:3:12 --csv rank.csv",
        "tula rank EU CHN my-world.nc --json",
    ),
)(rank)
app.command(
    short_help="Find the duties that are best for one state.",
    epilog=examples(
        "tula optimal USA",
        "tula optimal IND --by sector --sectors goods-OIL --weight AGR=1.3",
        "tula optimal CHN --partners USA --given 'tariff USA:CHN:goods:+30pp'",
    ),
)(optimal)
app.command(
    short_help="Find duties from which no player moves.",
    epilog=examples(
        "tula nash USA,CHN,IND",
        "tula nash all --bounds 0%:100% --closure balanced",
        "tula nash all --method formula --sectors all --closure balanced",
    ),
)(nash)
app.add_typer(world, name="world")
app.add_typer(evidence, name="evidence")
app.command(
    short_help="Run a published result again.",
    epilog=examples("tula replicate cp2015 --data reference-data"),
)(replicate)


def _version(wanted: bool) -> bool:
    if wanted:
        typer.echo(f"tula {__version__}")
        raise typer.Exit
    return wanted


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    pass


def command() -> None:
    """Run the command line; troubles outside any command are told in one sentence too."""
    take_any_text()
    try:
        with messages():
            app(prog_name="tula")
    except typer.Exit as ended:
        sys.exit(ended.exit_code)
    finally:
        settle()
