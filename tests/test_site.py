"""The site: it builds without a warning, and its reference leaves nothing out."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
import typer.main

import tula
from tula.cli import app
from tula.metrics import METRICS
from tula.world import codes

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"


@pytest.fixture(scope="module")
def reference() -> ModuleType:
    """The module that reads the reference off the program."""
    found = importlib.util.spec_from_file_location("generated", DOCS / "generated.py")
    assert found is not None and found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


@pytest.mark.slow
def test_the_site_builds_without_a_warning_and_without_a_network(tmp_path: Path) -> None:
    pytest.importorskip("sphinx")
    strict = ("-q", "-W", "--keep-going", "-c", "docs")
    # the notebooks run in a test of their own; what is told of them not running is left out
    still = ("-D", "nb_execution_mode=off", "-D", "suppress_warnings=mystnb.eval,myst-nb.lexer")
    build = [sys.executable, "-m", "sphinx", *strict, *still, ".", str(tmp_path)]
    done = subprocess.run(build, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    fetched = {
        match
        for page in tmp_path.rglob("*.html")
        for match in re.findall(
            r'<(?:script|link|img)[^>]*"(https?:[^"]*)"', page.read_text("utf-8")
        )
    }
    assert fetched == set()


def test_every_page_stands_in_the_contents() -> None:
    """A page that no contents list ends the build too; this says which, at once."""
    index = (DOCS / "index.md").read_text("utf-8")
    listed = {line for block in re.findall(r"\{toctree\}\n(.*?)```", index, re.S)
              for line in block.splitlines()}  # fmt: skip
    pages = {str(page.relative_to(DOCS).with_suffix("")) for page in DOCS.rglob("*.md")}
    assert pages - listed == {"index"}


def test_every_command_is_in_the_reference(reference: ModuleType) -> None:
    told = set(re.findall(r"^#+ `(tula .*)`$", reference.commands(), re.M))
    root = typer.main.get_command(app)
    commands = {f"tula {name}" for name in root.commands}  # type: ignore[attr-defined]
    assert commands <= told and "tula world show" in told


def test_every_public_function_and_class_is_in_the_reference(reference: ModuleType) -> None:
    told = set(re.findall(r"^### `(.*)`$", reference.names(), re.M))
    called = {f"tula.{name}" for name in tula.__all__ if callable(getattr(tula, name))}
    assert called - told == {"tula.TulaError"}  # stands among the errors


def test_every_metric_and_error_is_in_the_reference(reference: ModuleType) -> None:
    assert set(re.findall(r"^## `(.*)`$", reference.metrics(), re.M)) == set(METRICS)
    errors = re.findall(r"^### `(.*)`$", reference.errors(), re.M)
    assert {"ConvergenceError", "InstrumentError", "TulaError", "InertPolicyWarning"} <= set(errors)


def test_every_region_and_sector_is_in_the_reference(reference: ModuleType) -> None:
    page = reference.classification()
    for code, (name, members) in (*codes.REGIONS.items(), *codes.SECTORS.items()):
        assert f"| `{code}` | {name} | {' '.join(members)} |" in page
