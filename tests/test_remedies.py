"""What a message tells the reader to do exists, and works when it is done."""

import ast
import inspect
import re
import tomllib
import warnings
from collections.abc import Callable, Iterator
from datetime import date
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

import factories
import tula as tl
from tula.cli import app
from tula.equilibrium import Anderson
from tula.metrics import exposure
from tula.world.store import save_world

ROOT = Path(tl.__file__).parent
#: Strings that are no messages: SQL and HTML.
NO_MESSAGES = ("world/build/", "report/")


def messages() -> Iterator[str]:
    """Every text in the source that may reach a reader, docstrings apart."""
    for path in sorted(ROOT.rglob("*.py")):
        if path.relative_to(ROOT).as_posix().startswith(NO_MESSAGES):
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            text = node.value if isinstance(node, ast.Constant) else None
            if isinstance(text, str) and id(node) not in said:
                yield text


MESSAGES = tuple(messages())


def named(pattern: str) -> set[str]:
    """All that messages of several words name in this way."""
    return {name for text in MESSAGES if " " in text for name in re.findall(pattern, text)}


def commands(command: Any = None, path: str = "") -> dict[str, Any]:
    """Every command by its words."""
    command = command or typer.main.get_command(app)
    found = {path: command}
    for name, below in getattr(command, "commands", {}).items():
        found |= commands(below, f"{path} {name}".strip())
    return found


def functions() -> dict[str, set[str]]:
    """Names of the arguments and fields of everything public in Tula, by its name."""
    found: dict[str, set[str]] = {}
    for module in walk_packages([str(ROOT)], "tula."):
        if module.name.startswith(("tula.world.build", "tula.__main__")):
            continue
        for name, one in vars(import_module(module.name)).items():
            if callable(one) and getattr(one, "__module__", "").startswith("tula."):
                fields = set(getattr(one, "model_fields", {}))
                try:
                    fields |= set(inspect.signature(one).parameters)
                except ValueError:
                    continue
                found.setdefault(name, set()).update(fields)
    return found


def test_every_option_that_a_message_names_exists() -> None:
    known = {word for one in commands().values() for p in one.params for word in p.opts}
    told = named(r"(?<![\w-])--[a-z][a-z-]*")
    assert len(told) > 10
    assert told - known - {"--help", "--no-deps"} == set()  # the latter is one of pip


def test_every_command_that_a_message_names_exists() -> None:
    first = {name.split()[0] for name in commands() if name}
    assert named(r"\btula ([a-z]+)\b") - first == set()


def test_every_extra_that_a_message_names_exists() -> None:
    content = tomllib.loads((ROOT.parents[1] / "pyproject.toml").read_text(encoding="utf-8"))
    told = named(r"tula\[([a-z]+)\]")
    assert told
    assert told <= set(content["project"]["optional-dependencies"])


def test_everything_in_python_that_a_message_names_exists() -> None:
    known = functions()
    calls = named(r"\b([A-Z][A-Za-z]+|[a-z_]{4,})\((?:\)|\.\.\.|[a-z_]+=|name\)|economy\))")
    assert "ProportionalBalance" in calls
    assert {name for name in calls if name not in {*known, "calc_all", "date"}} == set()
    arguments = {argument for one in known.values() for argument in one}
    assert named(r"(?<![\w-])([a-z_]{2,})=(?:\.\.\.|date|'|\d|True|False)") <= arguments | {"date"}


WORLD = factories.toy_economy()
DUTY = tl.Tariff(importer="USA", exporter="IND", sectors="all", add=0.25)
DATED = tl.Tariff(importer="USA", exporter="IND", sectors="all", add=0.25, start="2025-08-27")
ALONE = tl.Embargo(importer="IND", exporter="all", sectors="all")

Act = Callable[[], Any]


@pytest.mark.parametrize(
    ("wrong", "remedy", "followed"),
    [
        (
            lambda: tl.solve(WORLD, [ALONE]),
            "try ProportionalBalance() or BalancedTrade() (--closure proportional or balanced)",
            lambda: tl.solve(WORLD, [ALONE], closure=tl.BalancedTrade()),
        ),
        (
            lambda: tl.solve(WORLD, [DUTY], closure=tl.BalancedTrade(), solver=steps(2)),
            "more steps (solver=tula.equilibrium.Anderson(max_steps=...))",
            lambda: tl.solve(WORLD, [DUTY], closure=tl.BalancedTrade(), solver=steps(4000)),
        ),
        (
            lambda: tl.solve(WORLD, [DATED]),
            "say for which day (on=date(...))",
            lambda: tl.solve(WORLD, [DATED], on=date(2025, 12, 12)),
        ),
        (
            lambda: tl.solve(WORLD, [DUTY], closure=tl.BalancedTrade),  # type: ignore[arg-type]
            "pass FixedBalance(), ProportionalBalance(), BalancedTrade() or a name",
            lambda: [
                tl.solve(WORLD, [DUTY], closure=one)
                for one in (tl.FixedBalance(), tl.ProportionalBalance(), tl.BalancedTrade())
            ],
        ),
        (
            lambda: tl.Tariff("USA"),
            "takes its fields by name, such as importer='USA'",
            lambda: tl.Tariff(importer="USA", exporter="IND", sectors="all", add=0.1),
        ),
        (
            lambda: tl.Tariff(importer="USA", exporter="IND", sectors="all", add=25),
            "write '25pp' or 0.25",
            lambda: [
                tl.Tariff(importer="USA", exporter="IND", sectors="all", add=add)
                for add in ("25pp", 0.25)
            ],
        ),
        (
            lambda: exposure.closed_form_exposure(WORLD),
            "use tula.metrics.exposure.exposure() for it",
            lambda: exposure.exposure(WORLD),
        ),
    ],
)
def test_a_remedy_works_when_it_is_followed(wrong: Act, remedy: str, followed: Act) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        with pytest.raises((tl.TulaError, TypeError)) as caught:
            wrong()
        assert remedy in str(caught.value)
        assert followed() is not None


def steps(most: int) -> Anderson:
    """A solver that gives up after so many steps."""
    return Anderson(max_steps=most)


@pytest.mark.parametrize(
    ("wrong", "remedy", "followed"),
    [
        ("solve", "--tariff USA:IND:goods:+25pp", "solve --tariff USA:IND:goods:+25pp"),
        (
            "solve --embargo IND:all:all",
            "--closure proportional or balanced",
            "solve --embargo IND:all:all --closure balanced",
        ),
        ("solve --tarif USA:IND:MAN:+5pp", "--tariff", "solve --tariff USA:IND:MAN:+5pp"),
        ("solve --tariff USA:IND:MAN:+5%", "+25pp (points)", "solve --tariff USA:IND:MAN:+25pp"),
        ("solve --tariff USA:INDIA:MAN:+5pp", "'IND'", "solve --tariff USA:IND:MAN:+5pp"),
        (
            "solve --tariff USA:IND:MAN:+5pp --closure balance",
            "did you mean 'balanced'?",
            "solve --tariff USA:IND:MAN:+5pp --closure balanced",
        ),
        (
            "optimal IND --by uniform --bounds 1",
            "such as 0%:200%",
            "optimal IND --by uniform --bounds 0%:200%",
        ),
        (
            "optimal IND --by uniform --weight OIL",
            "such as AGR=1.3",
            "optimal IND --by uniform --weight OIL=1.3",
        ),
    ],
)
def test_a_remedy_of_the_command_line_works_when_it_is_followed(
    tmp_path: Path, wrong: str, remedy: str, followed: str
) -> None:
    save_world(WORLD, tmp_path / "toy.nc")
    goods = followed.replace("goods", "MAN")
    before, after = (
        CliRunner().invoke(app, [*words.split(), "--world", str(tmp_path / "toy.nc")])
        for words in (wrong, goods)
    )
    assert before.exit_code in (1, 2)
    assert remedy in " ".join(before.stderr.split())
    assert after.exit_code == 0, after.output
