"""Python on the pages runs, and every command there is one that the program takes."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import typer.main

from tula.cli import app

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted(
    path.relative_to(ROOT)
    for path in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    if "notebooks" not in path.parts and "_build" not in path.parts
)
PYTHON = re.compile(r"^```python\n(.*?)^```", re.DOTALL | re.MULTILINE)
#: Examples with a test of their own, which holds them to more than that.
ELSEWHERE = {
    "docs/choices.md",
    "docs/policy.md",
    "docs/sanctions.md",
    "docs/scale.md",
    "docs/ties/arms.md",
    "docs/ties/nuclear.md",
}
#: Written around what the page does not build.
PARTIAL = {"docs/answer.md"}


def examples(page: Path) -> list[str]:
    return PYTHON.findall((ROOT / page).read_text("utf-8"))


@pytest.mark.slow
@pytest.mark.gradients
@pytest.mark.parametrize(
    "page", [one for one in PAGES if examples(one) and str(one) not in ELSEWHERE | PARTIAL], ids=str
)
def test_the_examples_of_a_page_run(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    exec(compile("\n".join(examples(page)), str(page), "exec"), {})


def commands(page: Path) -> list[str]:
    """Lines of code blocks, fenced or indented, that call the program; continued ones joined."""
    text = (ROOT / page).read_text("utf-8").replace("\\\n", " ")
    return [
        line.strip() for line in re.findall(r"^(?:    )?(?:\$ )?(tula .*)$", text, re.MULTILINE)
    ]


@pytest.mark.parametrize("page", [one for one in PAGES if commands(one)], ids=str)
def test_the_commands_of_a_page_are_taken(page: Path) -> None:
    for line in commands(page):
        command, words = typer.main.get_command(app), shlex.split(line, comments=True)[1:]
        while words and words[0] in getattr(command, "commands", ()):
            command, words = command.commands[words[0]], words[1:]  # type: ignore[attr-defined]
        named = words and not words[0].startswith("-")
        assert not (named and hasattr(command, "commands")), f"no such command: {line}"
        known = {"--help", *(name for one in command.params for name in one.opts)}
        asked = {word.split("=")[0] for word in words if word.startswith("--")}
        assert asked <= known, line
